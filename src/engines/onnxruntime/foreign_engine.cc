// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_engine.h"

#include <algorithm>

#include "engine/device_table.h"
#include "executable.h"
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

/// "webgpu." of "onnxruntime.webgpu": how properties for the provider begin.
std::string property_prefix(const std::string& engine) { return engine.substr(engine.find('.') + 1) + "."; }

/// An f16 model is computed in f16 where the device can, and nobody says whether it can. Libraries of NVIDIA's use TF32
/// for f32 models unless told otherwise; WebGPU's shaders have no such thing.
std::string precision_of(const CompileRequest& request, bool may_use_tf32) {
  const model::Facts& facts = request.model.facts();
  if (is_quantised(facts)) return "i8";
  if (facts.label.name == "FP16") return "f16";
  return may_use_tf32 && !wants_full_precision(request) ? "tf32" : "f32";
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
  auto reports = trials_ == nullptr ? ProviderTrials::Verdict(foreign_.reports()) : trials_->ask(name_);
  if (!reports.is_ok()) return reports.status();
  std::erase_if(reports.value(), [&](const DeviceReport& report) {
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
  if (trials_ != nullptr) {
    // Whoever comes here without a trial has not listed devices; the library is not opened untried for that.
    const auto verdict = trials_->ask(name_);
    if (!verdict.is_ok()) return verdict.status();
  }
  BATON_RETURN_IF_ERROR(foreign_.open());

  const std::string prefix = property_prefix(name_);
  const auto options = provider_options(request, prefix, foreign_.is_webgpu());
  SessionSetup setup;
  setup.turns = &foreign_.turns();
  setup.add_provider = [&](const OrtApi&, OrtSessionOptions& session) {
    return foreign_.append(request.device, options, session);
  };
  auto session = load_session(*library_, without_properties(request, std::span(&prefix, 1)), setup, stop);
  if (!session.is_ok()) return session.status();

  ExecutableTraits traits;
  traits.concurrency = Concurrency::kSerialPerEngine;
  traits.precision = precision_of(request, !foreign_.is_webgpu() && foreign_.is_nvidia(request.device));
  traits.lazy_first_run = true;  // shaders are compiled at the first run of each input shape
  return std::unique_ptr<Executable>(
      new OrtExecutable(std::move(session).value(), std::nullopt, std::move(traits), "0"));
}

Result<std::vector<PartialShape>> ForeignEngine::infer_output_shapes(const model::Model& model) {
  return infer_shapes(*library_, model);
}

Result<std::string> ForeignEngine::device_property(const std::string& device, const std::string& key) {
  if (key == "RANGE_FOR_STREAMS") return std::string("1 1");
  if (key == "RANGE_FOR_ASYNC_INFER_REQUESTS") return std::string("1 1 1");
  if (key == "OPTIMAL_BATCH_SIZE" || key == "MAX_BATCH_SIZE") return std::string("1");
  return Status::not_found("engine " + name_ + " has no property " + key + " of " + device);
}

}  // namespace baton::engine::onnxruntime
