// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "cuda_engine.h"
#include "engine/engine.h"
#include "onnxruntime_engine.h"
#include "ort_library.h"

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext& context,
                          std::vector<std::unique_ptr<baton::engine::Engine>>& engines, baton::base::Status& status) {
  using namespace baton::engine::onnxruntime;
  try {
    auto library = OrtLibrary::open(context.search_path);
    status = library.status();
    if (!library.is_ok()) return;
    const std::shared_ptr<OrtLibrary> shared = std::move(library).value();
    engines.push_back(std::make_unique<OnnxRuntimeEngine>(shared));
    engines.push_back(std::make_unique<CudaEngine>(shared));
  } catch (const std::exception& error) {
    status = baton::base::Status::internal(error.what());
  }
}
