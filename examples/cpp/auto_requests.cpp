// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Requests in flight while one device hands over to another. See tutorial.h.
#include <atomic>

#include "tutorial.h"

namespace {

using namespace tutorial;

/// The requests that started before the hand-over and those after it complete alike.
void asynchronous_requests(ov::Core& core, const ModelPtr& model) {
  std::cout << "Asynchronous requests\n";
  ov::CompiledModel compiled =
      core.compile_model(model, "AUTO", ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  std::atomic<int> completed = 0;
  std::vector<ov::InferRequest> requests;
  for (unsigned i = 0; i < compiled.get_property(ov::optimal_number_of_infer_requests); ++i) {
    requests.push_back(compiled.create_infer_request());
    requests.back().set_callback([&completed](std::exception_ptr error) {
      if (!error) ++completed;
    });
  }
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    for (ov::InferRequest& request : requests) request.start_async();
    for (ov::InferRequest& request : requests) request.wait();
  }
  expect(completed == kRounds * static_cast<int>(requests.size()), "each start was followed by one callback");
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv, [](ov::Core& core, const ModelPtr& model) { asynchronous_requests(core, model); });
}
