// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_engine.h"

#include <algorithm>

#include "engine/device_table.h"
#include "executable.h"
#include "known_providers.h"
#include "provider_properties.h"
#include "session.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

/// "1.31.1+0.4.0"; a library that no package brought is told from another by its size.
std::string version_of(const OrtLibrary& library, const ForeignProvider& provider) {
  if (!provider.version.empty()) return library.version() + "+" + provider.version;
  std::error_code error;
  const auto size = std::filesystem::file_size(provider.library, error);
  return library.version() + "+" + (error ? "unknown" : std::to_string(size));
}

/// Nobody has shown that more requests pay: two keep the device busy while one answer is on its way back to its caller,
/// which is also what B-709 gives an engine with one stream. More would hold memory and wait.
constexpr std::uint32_t kThroughputRequests = 2;

std::uint32_t optimal_requests(const CompileRequest& request, bool serial) {
  if (serial || request.hint != Hint::kThroughput) return 1;
  return request.num_requests == 0 ? kThroughputRequests : std::min(request.num_requests, kThroughputRequests);
}

}  // namespace

ForeignEngine::ForeignEngine(std::shared_ptr<OrtLibrary> library, const ForeignProvider& provider,
                             ProviderTrials* trials)
    : library_(std::move(library)),
      name_(provider.engine),
      version_(version_of(*library_, provider)),
      trials_(trials),
      foreign_(*library_, provider.engine, provider.library) {}

Status ForeignEngine::usable() const { return trials_ == nullptr ? Status() : trials_->ask(name_).status(); }

Result<std::vector<DeviceReport>> ForeignEngine::enumerate(std::span<const std::string> families) {
  if (trials_ == nullptr) BATON_RETURN_IF_ERROR(foreign_.open());
  auto verdict = trials_ == nullptr ? ProviderTrials::Verdict({foreign_.reports(), {}}) : trials_->ask(name_);
  if (!verdict.is_ok()) return verdict.status();
  std::vector<DeviceReport> reports = std::move(verdict->devices);
  std::erase_if(reports, [&](const DeviceReport& report) {
    const auto family = split_device_name(report.name).first;
    return !families.empty() && std::find(families.begin(), families.end(), family) == families.end();
  });
  return reports;
}

SupportAnswer ForeignEngine::supports(const DeviceReport&, const model::Model& model) const {
  std::string reason = obstacle(model);
  if (!reason.empty()) return {Support::kNo, std::move(reason)};
  return {};
}

void ForeignEngine::open_parts(const std::string&, model::Format, std::stop_token stop) {
  const auto verdict = trials_ == nullptr ? std::nullopt : trials_->known(name_);
  if (verdict && verdict->is_ok() && !stop.stop_requested()) (void)foreign_.open();
}

Engine::CompileResult ForeignEngine::compile(const CompileRequest& request, std::stop_token stop) {
  if (std::string reason = obstacle(request.model); !reason.empty()) return Status::unsupported(std::move(reason));
  if (request.blob) return Status::unsupported("engine " + name_ + " loads nothing that was exported");
  bool serial = false;  // a trial finds out what comes of that
  if (trials_ != nullptr) {
    // Whoever comes here without a trial has not listed devices; the library is not opened untried for that.
    const auto verdict = trials_->ask(name_);
    if (!verdict.is_ok()) return verdict.status();
    serial = verdict->overlap.state != Overlap::State::kProven;
  }
  BATON_RETURN_IF_ERROR(foreign_.open());
  const auto device = find_device(request.device);
  if (!device.is_ok()) return device.status();

  const std::string family(split_device_name(device->name).first);
  const std::string prefix = property_prefix(name_);
  const auto options = provider_options(foreign_.provider(), family, request, prefix);
  SessionSetup setup;
  if (serial) setup.turns = &foreign_.turns();
  setup.add_provider = [&](const OrtApi&, OrtSessionOptions& session) {
    return foreign_.append(request.device, options, session);
  };
  auto session = load_session(*library_, without_properties(request, std::span(&prefix, 1)), setup, stop);
  if (!session.is_ok()) return session.status();

  ExecutableTraits traits;
  traits.optimal_requests = optimal_requests(request, serial);
  traits.concurrency = serial ? Concurrency::kSerialPerEngine : Concurrency::kParallel;
  traits.precision = provider_precision(foreign_.provider(), device.value(), request);
  return std::unique_ptr<Executable>(
      new OrtExecutable(std::move(session).value(), std::nullopt, std::move(traits), "0"));
}

Result<DeviceReport> ForeignEngine::find_device(const std::string& handle) const {
  for (DeviceReport& report : foreign_.reports()) {
    if (report.handle == handle) return std::move(report);
  }
  return Status::not_found("engine " + name_ + " has no device '" + handle + "' in this process");
}

Result<std::vector<PartialShape>> ForeignEngine::infer_output_shapes(const model::Model& model) {
  return infer_shapes(*library_, model);
}

Result<std::string> ForeignEngine::device_property(const std::string& device, const std::string& key) {
  const auto verdict = trials_ == nullptr ? std::nullopt : trials_->known(name_);
  const bool serial = !verdict || !verdict->is_ok() || verdict->value().overlap.state != Overlap::State::kProven;
  if (key == "RANGE_FOR_STREAMS") return std::string("1 1");
  if (key == "RANGE_FOR_ASYNC_INFER_REQUESTS") return "1 " + std::to_string(serial ? 1 : kThroughputRequests) + " 1";
  if (key == "OPTIMAL_NUMBER_OF_INFER_REQUESTS" && serial) return std::string("1");  // whatever the hint
  if (key == "OPTIMAL_BATCH_SIZE" || key == "MAX_BATCH_SIZE") return std::string("1");
  return Status::not_found("engine " + name_ + " has no property " + key + " of " + device);
}

}  // namespace baton::engine::onnxruntime
