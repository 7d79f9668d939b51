// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <baton/openvino.hpp>

#include <mutex>
#include <string_view>

#include "openvino_api.h"

namespace {

using startup::Clock;
using startup::Json;

/// The compiled model's own account of its start-up. Thread-safety: safe; events come on a thread of Baton.
class Journal {
 public:
  void add(const baton::Event& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    last_ = Clock::now();
    if (event.type == "SECOND_LOOK") looking_ = true;
    if (event.type == "CHECK_DONE" || event.type == "CANDIDATE_FAILED") looking_ = false;
  }

  /// True when nothing happened for `quiet` and no second look is under way.
  bool is_quiet(Clock::duration quiet) const {
    const std::lock_guard lock(mutex_);
    return !looking_ && Clock::now() - last_ >= quiet;
  }

  Json to_json(Clock::time_point zero) const {
    const std::lock_guard lock(mutex_);
    Json list = Json::array();
    for (const baton::Event& event : events_) {
      list.push_back({{"type", event.type},
                      {"ms_after_start", startup::ms_between(zero, event.time)},
                      {"phase", event.phase},
                      {"device", event.device},
                      {"engine", event.engine},
                      {"profile", event.profile},
                      {"generation", event.generation},
                      {"reason", event.reason},
                      {"text", event.text},
                      {"values", event.values}});
    }
    return list;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<baton::Event> events_;
  Clock::time_point last_ = Clock::now();
  bool looking_ = false;
};

class Baton final : public startup::OpenVinoApi {
 public:
  void load(const startup::Options& options) override {
    zero_ = options.started;
    OpenVinoApi::load(options);
  }

  /// A second look begins at the latest 2 s after the model is steady, each further one likewise.
  bool settled() override {
    return compiled_.wait_until_steady(std::chrono::milliseconds(0)) &&
           journal_->is_quiet(std::chrono::milliseconds(2500));
  }

  void describe(Json& record) override {
    const Json report = Json::parse(compiled_.explain().to_json());
    record["version"] = baton::get_baton_version().buildNumber;
    record["execution_devices"] = compiled_.get_property(baton::execution_devices);
    record["execution_engines"] = compiled_.get_property(baton::auto_device::execution_engines);
    record["generation"] = compiled_.get_property(baton::auto_device::execution_generation);
    record["switch_ms"] = compiled_.statistics().switch_ms;
    record["precision"] = serving_precision(report);
    record["events"] = journal_->to_json(zero_);
    record["selection_report"] = report;
  }

 protected:
  void compile(const std::shared_ptr<ov::Model>& model, const std::string& device, const ov::AnyMap& config) override {
    compiled_ = core_.compile_model(model, device, config,
                                    [journal = journal_](const baton::Event& event) { journal->add(event); });
  }

 private:
  static std::string serving_precision(const Json& report) {
    for (const Json& candidate : report.at("candidates")) {
      if (candidate.at("verdict") == "serving" || candidate.at("verdict") == "target") {
        return candidate.value("precision", "f32");
      }
    }
    return "f32";
  }

  Clock::time_point zero_;
  std::shared_ptr<Journal> journal_ = std::make_shared<Journal>();
};

}  // namespace

int main(int argc, char** argv) {
  Baton implementation;
  return startup::measure(argc, argv, implementation);
}
