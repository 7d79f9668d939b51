// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The part that OpenVINO's and Baton's drivers share: one source text against `namespace ov`, as an application is that
// moves from one to the other. Include the implementation's header (<openvino/openvino.hpp> or <baton/openvino.hpp>)
// first.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "driver.h"

namespace startup {

inline ov::element::Type element_type(const std::string& type) {
  if (type == "i32") return ov::element::i32;
  if (type == "i64") return ov::element::i64;
  return ov::element::f32;
}

/// Compiles with hint LATENCY and runs one request again and again on the caller's memory.
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
    ov::AnyMap config{ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY)};
    if (!options.precision.empty()) config.insert(ov::hint::inference_precision(element_type(options.precision)));
    if (!options.cache.empty()) config.insert(ov::cache_dir(options.cache));
    compile(model, device, config);
    request_ = compiled_.create_infer_request();
    for (const Input& input : options.inputs) {
      request_.set_tensor(input.name, ov::Tensor(element_type(input.type), ov::Shape(input.shape), input.data));
    }
  }

  void infer() override { request_.infer(); }

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

 protected:
  virtual void compile(const std::shared_ptr<ov::Model>& model, const std::string& device, const ov::AnyMap& config) {
    compiled_ = core_.compile_model(model, device, config);
  }

  ov::Core core_;
  ov::CompiledModel compiled_;
  ov::InferRequest request_;
};

}  // namespace startup
