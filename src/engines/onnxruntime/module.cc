// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/foreign_provider.h"
#include "foreign_engine.h"
#include "nvidia_engine.h"
#include "onnxruntime_engine.h"
#include "ort_library.h"
#include "tensorrt_engine.h"

namespace {

using namespace baton::engine;
using namespace baton::engine::onnxruntime;
using Engines = std::vector<std::unique_ptr<Engine>>;

baton::base::Status open_engines(const ModuleContext& context, ProviderTrials* trials, Engines& engines) {
  auto library = OrtLibrary::open(context.search_path);
  if (!library.is_ok()) return library.status();
  const std::shared_ptr<OrtLibrary> shared = std::move(library).value();
  engines.push_back(std::make_unique<OnnxRuntimeEngine>(shared));
  engines.push_back(std::make_unique<CudaEngine>(shared, context.memory));
  engines.push_back(std::make_unique<TensorRtEngine>(shared, context.memory));
  if (trials == nullptr) return {};
  for (const ForeignProvider& provider : trials->providers())
    engines.push_back(std::make_unique<ForeignEngine>(shared, provider, trials));
  return {};
}

}  // namespace

BATON_ENGINE_MODULE_ENTRY(const ModuleContext& context, Engines& engines, baton::base::Status& status) {
  try {
    status = open_engines(context, nullptr, engines);
  } catch (const std::exception& error) {
    status = baton::base::Status::internal(error.what());
  }
}

BATON_ENGINE_PROVIDER_ENTRY(const ModuleContext& context, ProviderTrials& trials, Engines& engines,
                            baton::base::Status& status) {
  try {
    status = open_engines(context, &trials, engines);
  } catch (const std::exception& error) {
    status = baton::base::Status::internal(error.what());
  }
}
