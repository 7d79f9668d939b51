// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openvino/runtime/compiled_model.hpp>

#include "engine/engine.h"

namespace baton::engine::openvino {

/// How one port of the model meets OpenVINO's compiled model.
struct Binding {
  std::string name;
  int index = -1;  ///< OpenVINO's; -1 for an input that conversion dropped because nothing uses it
  element::Type type;
  ov::element::Type ov_type;
  ov::PartialShape accepted;
  std::vector<std::size_t> static_shape;  ///< when `accepted` is static
  bool is_static = false;
};

/// What an executable and its requests share. Immutable.
struct Compiled {
  ov::CompiledModel model;
  std::string display_name;  ///< "face.xml on CPU", for messages
  std::vector<Binding> inputs;
  std::vector<Binding> outputs;
  base::Executor* executor = nullptr;
};

/// Compiles. Throws what OpenVINO throws.
ov::CompiledModel compile_model(const CompileRequest& request, const std::shared_ptr<const ov::Model>& graph);

/// A model compiled for one of OpenVINO's devices.
/// Thread-safety: safe. Ownership: shares the compiled model with its requests, which may live longer.
class OpenVinoExecutable final : public Executable {
 public:
  /// Fails with kUnsupported when a port cannot be served.
  static base::Result<std::unique_ptr<Executable>> create(const CompileRequest& request, ov::CompiledModel compiled,
                                                          base::Executor* executor);
  /// From `request.blob`. Throws what OpenVINO throws.
  static base::Result<std::unique_ptr<Executable>> import(const CompileRequest& request, base::Executor* executor);

  const ExecutableTraits& traits() const override { return traits_; }
  base::Result<std::unique_ptr<EngineRequest>> create_request() override;
  base::Result<std::string> property(const std::string& key) const override;
  base::Status export_model(std::ostream& out) const override;

 private:
  OpenVinoExecutable(std::shared_ptr<const Compiled> compiled, ExecutableTraits traits)
      : compiled_(std::move(compiled)), traits_(std::move(traits)) {}

  const std::shared_ptr<const Compiled> compiled_;
  ExecutableTraits traits_;
  std::shared_ptr<const model::Bytes> blob_;  ///< that it was imported from; null: compiled
};

}  // namespace baton::engine::openvino
