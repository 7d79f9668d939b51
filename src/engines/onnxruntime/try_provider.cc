// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// baton_try_provider ENGINE LIBRARY FOLDER...
//
// What a process must not risk is risked here (B-306): a foreign provider library is registered with the ONNX Runtime
// of the first FOLDER that has one, asked for its devices, and made to run a model of one operator on each. Says what
// it does before it does it; the last line is the verdict (engine/foreign_provider.h). A crash or a hang is one too:
// the process that started this sees it.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/foreign_provider.h"
#include "foreign_engine.h"
#include "model/onnx_reader.h"
#include "nvidia_gpus.h"
#include "ort_library.h"
#include "vulkan_adapters.h"

namespace {

using namespace baton;
using namespace baton::engine;
using namespace baton::engine::onnxruntime;
using Verdict = ProviderTrials::Verdict;
using base::Result;
using base::Status;

/// Whoever started this may be gone, so nothing but a timer ends it when it hangs.
constexpr unsigned kLongest = 60;
constexpr std::size_t kCount = 4;

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

/// ONNX: y = a + b, four elements of a type (1: f32, 10: f16).
std::string addition(char type) {
  const auto port = [&](char field, char name) {
    return std::string(
        {field, 0x0f, 0x0a, 0x01, name, 0x12, 0x0a, 0x0a, 0x08, 0x08, type, 0x12, 0x04, 0x0a, 0x02, 0x08, kCount});
  };
  const std::string head({0x08, 0x08, 0x3a, 0x46, 0x0a, 0x0e, 0x0a, 0x01, 'a',  0x0a, 0x01, 'b',
                          0x12, 0x01, 'y',  0x22, 0x03, 'A',  'd',  'd',  0x12, 0x01, 'g'});
  const std::string tail({0x42, 0x02, 0x10, 0x0d});
  return head + port(0x5a, 'a') + port(0x5a, 'b') + port(0x62, 'y') + tail;
}

class Output final : public OutputSink {
 public:
  void* reserve(element::Type type, std::span<const std::size_t> shape) override {
    bytes.resize(shape_size(Shape(std::vector<std::size_t>(shape.begin(), shape.end()))) * type.size());
    return bytes.data();
  }
  std::vector<std::byte> bytes;
};

/// One run of the addition on a device, with 1 + 1 as `one` and `two` are written in its type.
template <typename T>
Status run_addition(ForeignEngine& engine, const std::string& handle, char type, T one, T two) {
  model::Source source;
  source.bytes = model::Bytes::own(addition(type));
  auto data = model::read_onnx(std::move(source));
  if (!data.is_ok()) return data.status();
  CompileRequest request;
  request.model.data = std::move(data).value();
  request.model.input_shapes = {PartialShape{kCount}, PartialShape{kCount}};
  request.device = handle;
  request.profile = Profile::kFast;
  auto executable = engine.compile(request, {});
  if (!executable.is_ok()) return executable.status();
  auto slot = executable.value()->create_request();
  if (!slot.is_ok()) return slot.status();
  std::vector<T> input(kCount, one);
  const std::vector<std::size_t> shape{kCount};
  const element::Type element = request.model.facts().inputs.front().type;
  const TensorView view{element, shape, input.data(), kCount * sizeof(T)};
  const std::vector<TensorView> inputs{view, view};
  Output output;
  OutputSink* const sinks[] = {&output};
  BATON_RETURN_IF_ERROR(slot.value()->run(inputs, sinks));
  const std::vector<T> right(kCount, two);
  if (output.bytes.size() != kCount * sizeof(T) || std::memcmp(output.bytes.data(), right.data(), output.bytes.size()))
    return Status::device_failed("it computes 1 + 1 wrongly");
  return {};
}

/// WebGPU's device is what Vulkan says of the adapter that it chooses.
Status identify(DeviceReport& report) {
  say("asking Vulkan for its adapters");
  const auto adapters = list_vulkan_adapters();
  if (!adapters.is_ok()) return adapters.status();
  const auto adapter = webgpu_choice(adapters.value());
  if (!adapter) return Status::unavailable("Vulkan shows no adapter");
  report.kind = adapter->kind;
  report.full_name = adapter->name;
  report.driver = adapter->driver;
  report.uuid = adapter->uuid;
  if (adapter->kind != DeviceKind::kSoftware) report.pci_address = adapter->pci_address;  // llvmpipe gives zeros
  report.vendor = vendor_name(adapter->vendor_id);
  report.ranks = ranks_of(adapter->kind);
  return {};
}

/// Which GPUs there are, and the last thing that the provider complained of.
std::string why_no_device_of(const OrtLibrary& library) {
  std::string gpus;
  for (const NvidiaGpu& gpu : read_driver_list("/")) gpus += (gpus.empty() ? "" : ", ") + gpu.name;
  const auto warnings = library.warnings();
  return "the library is registered, but its provider supports no device of this machine" +
         (gpus.empty() ? "" : " (" + gpus + ")") + (warnings.empty() ? "" : "; it says: " + warnings.back());
}

std::string why_no_adapter() {
  say("asking Vulkan for its adapters");
  const auto adapters = list_vulkan_adapters();
  if (!adapters.is_ok()) return "the provider reaches no device: " + adapters.status().message();
  const auto adapter = webgpu_choice(adapters.value());
  if (!adapter) return "the provider reaches no device: Vulkan shows no adapter";
  return "ONNX Runtime sees no GPU, Vulkan shows " + adapter->name +
         "; ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER=1 lets the provider use it";
}

Verdict try_all(const ForeignProvider& provider, const std::vector<std::string>& folders) {
  say("opening ONNX Runtime");
  auto opened = OrtLibrary::open(folders);
  if (!opened.is_ok()) return opened.status();
  const std::shared_ptr<OrtLibrary> library = std::move(opened).value();
  library->keep_warnings();
  ForeignEngine engine(library, provider, nullptr);
  say("registering the library");
  auto reports = engine.enumerate({});
  if (!reports.is_ok()) return reports.status();
  const bool webgpu = provider.engine == "onnxruntime.webgpu";
  if (reports->empty()) return Status::unavailable(webgpu ? why_no_adapter() : why_no_device_of(*library));
  Status failure;
  std::vector<DeviceReport> usable;
  for (DeviceReport& report : reports.value()) {
    if (webgpu) BATON_RETURN_IF_ERROR(identify(report));
    say("running a model on " + report.name);
    const Status status = run_addition<float>(engine, report.handle, 1, 1.f, 2.f);
    if (!status.is_ok()) {
      failure = status;
      continue;
    }
    say("running an f16 model on " + report.name);
    if (run_addition<std::uint16_t>(engine, report.handle, 10, 0x3c00, 0x4000).is_ok())
      report.capabilities = {"FP16", "FP32"};
    usable.push_back(std::move(report));
  }
  if (usable.empty()) return failure;
  return usable;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: baton_try_provider ENGINE LIBRARY FOLDER...\n");
    return 1;
  }
  ::alarm(kLongest);
  // Nobody asked for a trial, so nobody is to be told of it.
  ::setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  // Nothing here is worth a wait of others.
  (void)::nice(5);
  const ForeignProvider provider{.engine = argv[1], .library = argv[2]};
  Verdict verdict = Status::internal("no verdict");
  try {
    verdict = try_all(provider, {argv + 3, argv + argc});
  } catch (const std::exception& error) {
    verdict = Status::unavailable(error.what());
  }
  say(verdict_text(verdict));
  // The library's static objects may crash at exit, which says nothing of its use.
  std::_Exit(0);
}
