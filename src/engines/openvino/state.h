// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openvino/runtime/infer_request.hpp>

#include "engine/engine.h"

namespace baton::engine::openvino {

/// One ov::VariableState, which shares its request.
class OpenVinoState final : public EngineState {
 public:
  explicit OpenVinoState(ov::VariableState state) : state_(std::move(state)), name_(state_.get_name()) {}

  const std::string& name() const override { return name_; }
  base::Status read(OutputSink& to) override;
  base::Status write(const TensorView& value) override;
  base::Status reset() override;

 private:
  ov::VariableState state_;
  const std::string name_;
};

}  // namespace baton::engine::openvino
