// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What Baton adds to an inference: the engine's own call against the public API above the same engine, which computes
// nothing. `allocs` counts calls of operator new per inference, in the whole process (B-1205: none in steady state).
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <thread>

#include "baton/baton.hpp"
#include "null_engine.h"
#include "sample_model.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}

void* counted_aligned(std::size_t size, std::align_val_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const auto step = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(step, (size + step - 1) / step * step)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted_aligned(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return counted_aligned(size, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

using benchmark::State;

/// Counts what the loop allocates, not what google-benchmark does around it.
class AllocationCounter {
 public:
  explicit AllocationCounter(State& state) : state_(state), before_(allocations.load()) {}
  ~AllocationCounter() {
    state_.counters["allocs"] =
        benchmark::Counter(static_cast<double>(allocations.load() - before_), benchmark::Counter::kAvgIterations);
  }

 private:
  State& state_;
  const std::uint64_t before_;
};

/// One output's memory, as the engine finds it in Baton.
class FixedSink final : public baton::engine::OutputSink {
 public:
  void* reserve(baton::element::Type, std::span<const std::size_t>) override { return memory_.data(); }

 private:
  std::vector<float> memory_ = std::vector<float>(1000);
};

void engine_call(State& state) {
  const auto request =
      baton::benchmark::make_null_request(baton::benchmark::Duration::zero(), {{baton::element::f32, {1, 1000}}});
  std::vector<float> picture(3 * 224 * 224);
  const std::vector<std::size_t> shape{1, 3, 224, 224};
  const baton::engine::TensorView input{baton::element::f32, shape, picture.data(), picture.size() * sizeof(float)};
  FixedSink sink;
  baton::engine::OutputSink* const sinks[] = {&sink};
  const AllocationCounter counter(state);
  for (auto _ : state) benchmark::DoNotOptimize(request->run({&input, 1}, sinks));
}
BENCHMARK(engine_call);

/// A compiled model in steady state: handed over, nothing left to prepare, nothing left to look at.
baton::CompiledModel steady_model(const std::string& device) {
  baton::Core core;
  const baton::AnyMap properties{baton::auto_device::second_look(false)};
  const auto model = core.read_model(baton::tool::sample_model(), baton::Tensor());
  baton::CompiledModel compiled = core.compile_model(model, device, device == "AUTO" ? properties : baton::AnyMap{});
  compiled.create_infer_request().infer();
  if (!compiled.wait_until_steady(std::chrono::seconds(30))) throw std::runtime_error("not steady after 30 s");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // B-541: the helper is released by then
  return compiled;
}

void synchronous(State& state, const std::string& device) {
  baton::CompiledModel compiled = steady_model(device);
  baton::InferRequest request = compiled.create_infer_request();
  request.infer();
  {
    const AllocationCounter counter(state);
    for (auto _ : state) request.infer();
  }
  state.SetLabel("generation " + std::to_string(request.generation()) + ", " + request.engine());
}
BENCHMARK_CAPTURE(synchronous, direct, std::string("CPU"));
BENCHMARK_CAPTURE(synchronous, AUTO, std::string("AUTO"));

/// One request per thread on one model: what they contend for.
void synchronous_threads(State& state) {
  static baton::CompiledModel compiled;
  if (state.thread_index() == 0) compiled = steady_model("AUTO");
  baton::InferRequest request;
  for (auto _ : state) {
    if (!request) {  // thread 0 is done with compiling once the loop begins
      state.PauseTiming();
      request = compiled.create_infer_request();
      state.ResumeTiming();
    }
    request.infer();
  }
}
BENCHMARK(synchronous_threads)->Threads(2)->UseRealTime();

void asynchronous(State& state) {
  baton::CompiledModel compiled = steady_model("AUTO");
  baton::InferRequest request = compiled.create_infer_request();
  request.infer();
  const AllocationCounter counter(state);
  for (auto _ : state) {
    request.start_async();
    request.wait();
  }
}
BENCHMARK(asynchronous)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  setenv("BATON_ENGINE_PATH", BATON_BENCH_NULL_ENGINE, 1);
  setenv("BATON_ENGINES", "null,null.helper", 1);
  setenv("BATON_STORE", "off", 1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
