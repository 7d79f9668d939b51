// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The part that OpenVINO's and Baton's drivers share: one source text against `namespace ov`, as an application is that
// moves from one to the other. Include the implementation's header (<openvino/openvino.hpp> or <baton/openvino.hpp>)
// first.
#pragma once

#include <condition_variable>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "driver.h"

namespace startup {

inline ov::element::Type element_type(const std::string& type) {
  if (type == "i32") return ov::element::i32;
  if (type == "i64") return ov::element::i64;
  return ov::element::f32;
}

/// Compiles with the hint LATENCY, THROUGHPUT or CUMULATIVE_THROUGHPUT and runs one request, or the optimal number of
/// them, again and again on the caller's memory.
class OpenVinoApi : public Implementation {
 public:
  void load(const Options& options) override {
    const std::string device = options.device.empty() ? "AUTO" : options.device;
    auto model = core_.read_model(options.model);
    if (options.reshape) {
      std::map<std::string, ov::PartialShape> shapes;
      for (const Input& input : options.inputs) shapes[input.name] = ov::PartialShape(ov::Shape(input.shape));
      model->reshape(shapes);
    }
    ov::AnyMap config{ov::hint::performance_mode(hint_for(device, options))};
    if (!options.precision.empty()) config.insert(ov::hint::inference_precision(element_type(options.precision)));
    if (!options.cache.empty()) config.insert(ov::cache_dir(options.cache));
    compile(model, device, config);
    options_ = &options;
    request_ = make_request();
  }

  void infer() override { request_.infer(); }

  std::size_t flood(Clock::time_point until) override {
    while (crowd_.size() < compiled_.get_property(ov::optimal_number_of_infer_requests))
      crowd_.push_back(make_request());
    Flood flood{.running = crowd_.size()};
    for (ov::InferRequest& request : crowd_) {
      request.set_callback([&flood, &request, until](std::exception_ptr error) {
        flood.answered(error);
        if (!error && Clock::now() < until) request.start_async();
        else flood.one_ends();
      });
    }
    for (ov::InferRequest& request : crowd_) request.start_async();
    flood.wait();
    for (ov::InferRequest& request : crowd_) request.wait();  // the last callback may not have returned
    return flood.answers;
  }

  std::vector<Output> outputs() override {
    std::vector<Output> list;
    const auto ports = compiled_.outputs();
    for (std::size_t i = 0; i < ports.size(); ++i) {
      const ov::Tensor tensor = request_.get_output_tensor(i);
      list.push_back({.name = ports[i].get_names().empty() ? std::to_string(i) : ports[i].get_any_name(),
                      .type = tensor.get_element_type().to_string(),
                      .shape = tensor.get_shape(),
                      .data = tensor.data(),
                      .bytes = tensor.get_byte_size()});
    }
    return list;
  }

 private:
  /// Only AUTO knows of several devices.
  static ov::hint::PerformanceMode hint_for(const std::string& device, const Options& options) {
    if (!options.throughput) return ov::hint::PerformanceMode::LATENCY;
    return options.cumulative && device.starts_with("AUTO") ? ov::hint::PerformanceMode::CUMULATIVE_THROUGHPUT
                                                            : ov::hint::PerformanceMode::THROUGHPUT;
  }

  /// Requests that start themselves again until the time is over.
  struct Flood {
    std::size_t running = 0;
    std::size_t answers = 0;
    std::exception_ptr error;
    std::mutex mutex;
    std::condition_variable over;

    void answered(std::exception_ptr failure) {
      const std::lock_guard lock(mutex);
      ++answers;
      if (failure && !error) error = failure;
    }
    void one_ends() {
      const std::lock_guard lock(mutex);
      if (--running == 0) over.notify_one();
    }
    void wait() {
      std::unique_lock lock(mutex);
      over.wait(lock, [this] { return running == 0; });
      if (error) std::rethrow_exception(error);
    }
  };

  ov::InferRequest make_request() {
    ov::InferRequest request = compiled_.create_infer_request();
    for (const Input& input : options_->inputs) {
      request.set_tensor(input.name, ov::Tensor(element_type(input.type), ov::Shape(input.shape), input.data));
    }
    return request;
  }

  const Options* options_ = nullptr;  ///< those of load()

 protected:
  virtual void compile(const std::shared_ptr<ov::Model>& model, const std::string& device, const ov::AnyMap& config) {
    compiled_ = core_.compile_model(model, device, config);
  }

  ov::Core core_;
  ov::CompiledModel compiled_;
  ov::InferRequest request_;
  std::vector<ov::InferRequest> crowd_;  ///< of floods; kept, as programs do
};

}  // namespace startup
