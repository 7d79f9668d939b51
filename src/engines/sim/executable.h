// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "sim/machine.h"

namespace baton::sim {

/// What requests need of their executable; released on the machine when the last of them is gone.
struct ExecutableState {
  ExecutableState(std::shared_ptr<Machine> m, std::unique_ptr<Loaded> l, model::Model md)
      : machine(std::move(m)), loaded(std::move(l)), model(std::move(md)) {}
  ~ExecutableState() { machine->release(*loaded); }

  engine::ShapeCompiles shape_compiles() const {
    if (pair().shape_compile_ms <= 0 || !model.is_dynamic()) return engine::ShapeCompiles::kNever;
    return pair().forgets_shapes ? engine::ShapeCompiles::kEveryChange : engine::ShapeCompiles::kNewShapes;
  }
  const Pair& pair() const { return machine->script().pairs[loaded->pair]; }
  const std::string& engine_name() const { return machine->script().engines[pair().engine].name; }

  const std::shared_ptr<Machine> machine;
  const std::unique_ptr<Loaded> loaded;
  const model::Model model;
};

/// A model on a simulated device.
/// Thread-safety: safe. Ownership: shares its state with its requests.
class SimExecutable final : public engine::Executable {
 public:
  SimExecutable(std::shared_ptr<ExecutableState> state, const engine::CompileRequest& request);

  const engine::ExecutableTraits& traits() const override { return traits_; }
  base::Result<std::unique_ptr<engine::EngineRequest>> create_request() override;
  base::Result<std::string> property(const std::string& key) const override;
  base::Status export_model(std::ostream& out) const override;
  void leave_a_core(bool on) override;

 private:
  const std::shared_ptr<ExecutableState> state_;
  const engine::Properties properties_;
  engine::ExecutableTraits traits_;
};

}  // namespace baton::sim
