// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// baton_try_provider [--overlap=HANDLE,...] ENGINE LIBRARY FOLDER...
//
// What a process must not risk is risked here (B-306): a foreign provider library is registered with the ONNX Runtime
// of the first FOLDER that has one, asked for its devices, and made to run a model of one operator on each. With
// handles of devices instead: made to run models from several threads at once there. Says what it does before it does
// it; the last line is the verdict (engine/foreign_provider.h). A crash or a hang is one too: the process that started
// this sees it.
#include <fcntl.h>
#include <onnxruntime_session_options_config_keys.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/foreign_provider.h"
#include "foreign_engine.h"
#include "known_providers.h"
#include "nvidia_gpus.h"
#include "ort_library.h"
#include "overlap_trial.h"
#include "trial_models.h"
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
/// The second trial takes all cores, and nobody waits for it.
constexpr int kNice = 5, kNiceOfOverlap = 19;
/// Of the second trial, for all devices together.
constexpr std::chrono::milliseconds kOverlapTime{1500};

/// Where this program's own lines go.
int own_output = STDOUT_FILENO;

/// A library may print at any moment, from any thread: what it prints is not to be taken for a verdict.
void part_from_the_library() {
  const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (copy >= 0 && ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0) own_output = copy;
}

void say(const std::string& line) { ::dprintf(own_output, "%s\n", line.c_str()); }

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
Status run_addition(ForeignEngine& engine, const std::string& handle, int type, T one, T two) {
  auto model = trial_model(addition(type));
  if (!model.is_ok()) return model.status();
  CompileRequest request;
  request.model = std::move(model).value();
  request.device = handle;
  request.profile = Profile::kFast;
  auto executable = engine.compile(request, {});
  if (!executable.is_ok()) return executable.status();
  auto slot = executable.value()->create_request();
  if (!slot.is_ok()) return slot.status();
  std::vector<T> input(kTrialSide, one);
  const std::vector<std::size_t> shape{kTrialSide};
  const element::Type element = request.model.facts().inputs.front().type;
  const TensorView view{element, shape, input.data(), kTrialSide * sizeof(T)};
  const std::vector<TensorView> inputs{view, view};
  Output output;
  OutputSink* const sinks[] = {&output};
  BATON_RETURN_IF_ERROR(slot.value()->run(inputs, sinks));
  const std::vector<T> right(kTrialSide, two);
  if (output.bytes.size() != kTrialSide * sizeof(T) ||
      std::memcmp(output.bytes.data(), right.data(), output.bytes.size()))
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

/// Some offer the CPU where their hardware is not.
bool nothing_but_cpu(const std::vector<DeviceReport>& reports) {
  return std::all_of(reports.begin(), reports.end(), [](auto& report) { return report.kind == DeviceKind::kCpu; });
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
  ProviderReport result;
  if (std::string reason = overlap_hazard(engine.provider()); !reason.empty())
    result.overlap = {Overlap::State::kHazard, std::move(reason)};
  for (DeviceReport& report : reports.value()) {
    if (webgpu) BATON_RETURN_IF_ERROR(identify(report));
    say("running a model on " + report.name);
    const Status status = run_addition<float>(engine, report.handle, 1, 1.f, 2.f);
    if (!status.is_ok()) {
      failure = status.with_context(nothing_but_cpu(reports.value())
                                        ? "its provider offers nothing but the CPU here, and runs nothing on that"
                                        : "it runs nothing on " + report.name);
      continue;
    }
    say("running an f16 model on " + report.name);
    if (run_addition<std::uint16_t>(engine, report.handle, 10, 0x3c00, 0x4000).is_ok())
      report.capabilities.insert(report.capabilities.begin(), "FP16");
    result.devices.push_back(std::move(report));
  }
  if (result.devices.empty()) return failure;
  return result;
}

Verdict try_overlap_on(const ForeignProvider& provider, const std::vector<std::string>& handles,
                       const std::vector<std::string>& folders) {
  auto library = OrtLibrary::open(folders);
  if (!library.is_ok()) return library.status();
  ForeignEngine engine(std::move(library).value(), provider, nullptr);
  say("registering the library");
  const auto reports = engine.enumerate({});
  if (!reports.is_ok()) return reports.status();
  OverlapTrialOptions options;
  options.time = kOverlapTime / std::max<std::size_t>(handles.size(), 1);
  // On the CPU's own kernels the provider would prove nothing.
  options.properties[kOrtSessionOptionsDisableCPUEPFallback] = "1";
  for (const std::string& handle : handles) {
    const std::string what = std::to_string(options.threads) + " threads loaded, ran and ended models at once";
    say(what);
    const Status status = try_overlap(engine, handle, options);
    if (!status.is_ok()) return status.with_context(provider.library.string() + " failed when " + what);
  }
  return ProviderReport{{}, {Overlap::State::kProven, {}}};
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream text(list);
  for (std::string word; std::getline(text, word, ',');) words.push_back(word);
  return words;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::optional<std::vector<std::string>> handles;
  if (!words.empty() && words.front().starts_with(kOverlapOption)) {
    handles = split(words.front().substr(std::strlen(kOverlapOption)));
    words.erase(words.begin());
  }
  if (words.size() < 2) {
    std::fprintf(stderr, "usage: baton_try_provider [--overlap=HANDLE,...] ENGINE LIBRARY FOLDER...\n");
    return 1;
  }
  part_from_the_library();
  ::alarm(kLongest);
  // Nobody asked for a trial, so nobody is to be told of it.
  ::setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  // Nothing here is worth a wait of others.
  (void)::nice(handles ? kNiceOfOverlap : kNice);
  const ForeignProvider provider{.engine = words[0], .library = words[1]};
  const std::vector<std::string> folders(words.begin() + 2, words.end());
  Verdict verdict = Status::internal("no verdict");
  try {
    verdict = handles ? try_overlap_on(provider, *handles, folders) : try_all(provider, folders);
  } catch (const std::exception& error) {
    verdict = Status::unavailable(error.what());
  }
  say(verdict_text(verdict));
  // The library's static objects may crash at exit, which says nothing of its use.
  std::_Exit(0);
}
