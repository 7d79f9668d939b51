// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "output_data.h"

#include <algorithm>
#include <chrono>

#include "input_plan.h"
#include "values.h"

namespace baton::bench {

std::vector<element::Type> plan_outputs(const Options& options, const std::vector<ModelOutput>& outputs) {
  const auto by_name = parse_port_types(options.port_precision);
  std::vector<element::Type> types;
  for (const ModelOutput& output : outputs) {
    element::Type type = output.type;
    if (!options.output_precision.empty()) type = element::Type(options.output_precision);
    for (const std::string& name : output.names) {
      if (const auto found = by_name.find(name); found != by_name.end()) type = found->second;
    }
    types.push_back(type);
  }
  return types;
}

double OutputConverter::convert(InferRequest request) {
  const auto begin = std::chrono::steady_clock::now();
  std::unique_ptr<Copies> copies;
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      copies = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!copies) copies = std::make_unique<Copies>(types_.size());
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const Tensor output = request.get_output_tensor(i);
    if (output.get_element_type() == types_[i]) continue;
    Tensor& copy = (*copies)[i];
    if (!copy) copy = Tensor(types_[i], output.get_shape());
    copy.set_shape(output.get_shape());
    convert_values(output, copy);
  }
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(copies));
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace baton::bench
