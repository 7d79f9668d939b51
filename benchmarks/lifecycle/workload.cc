// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "workload.h"

#include <cstring>
#include <filesystem>
#include <iterator>

#include "sample_model.h"

namespace lifecycle {

std::shared_ptr<baton::Model> read_model(const baton::Core& core, const Options& options) {
  if (!options.model.empty()) return core.read_model(options.model);
  return core.read_model(baton::tool::sample_model(), baton::Tensor());
}

baton::CompiledModel compile(baton::Core& core, const std::shared_ptr<baton::Model>& model, const Options& options,
                             Chance& chance) {
  using Mode = baton::hint::PerformanceMode;
  return core.compile_model(model, options.device,
                            baton::hint::performance_mode(chance.below(2) ? Mode::LATENCY : Mode::THROUGHPUT));
}

baton::InferRequest make_request(baton::CompiledModel& model) {
  baton::InferRequest request = model.create_infer_request();
  for (const auto& port : model.inputs()) {
    const baton::Tensor tensor = request.get_tensor(port);
    std::memset(tensor.data(), 0, tensor.get_byte_size());
  }
  return request;
}

int count_own(std::string_view folder) {
  const auto entries = std::filesystem::directory_iterator(std::filesystem::path("/proc/self") / folder);
  return static_cast<int>(std::distance(begin(entries), end(entries)));
}

}  // namespace lifecycle
