// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "input_plan.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include "baton/any.hpp"
#include "baton/exception.hpp"
#include "common/text.h"

namespace baton::bench {
namespace {

constexpr Dimension::value_type kMostColours = 4;

using Bracketed = std::map<std::string, std::vector<std::string>>;

[[noreturn]] void complain(const std::string& message) { throw Exception(ErrorCode::InvalidArgument, message); }
[[noreturn]] void malformed(const std::string& message) { throw UsageError(message); }

std::string without_blanks(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isspace(c); });
  return text;
}

bool may_be_colours(const Dimension& dimension) {
  return dimension.get_max_length() >= 0 && dimension.get_max_length() <= kMostColours;
}

/// What `map` says of the input: by any of its names, else everywhere.
const std::vector<std::string>* find(const Bracketed& map, const ModelInput& input) {
  for (const std::string& name : input.names) {
    if (const auto found = map.find(name); found != map.end()) return &found->second;
  }
  const auto everywhere = map.find("");
  return everywhere == map.end() ? nullptr : &everywhere->second;
}

void check_names(const std::string& option, const Bracketed& map, const std::vector<ModelInput>& inputs) {
  for (const auto& [name, values] : map) {
    const auto is_called = [&name = name](const ModelInput& input) {
      return std::find(input.names.begin(), input.names.end(), name) != input.names.end();
    };
    if (name.empty() || std::any_of(inputs.begin(), inputs.end(), is_called)) continue;
    std::vector<std::string> known;
    for (const ModelInput& input : inputs) known.push_back(input.name);
    complain(option + ": the model has no input '" + name + "'; its inputs: " + app::joined(known, ", "));
  }
}

Bracketed parse_option(const std::string& option, const std::string& text, const std::vector<ModelInput>& inputs) {
  Bracketed map = parse_bracketed(option, text);
  check_names(option, map, inputs);
  return map;
}

std::vector<double> parse_numbers(const std::string& option, const std::string& text) {
  std::vector<double> numbers;
  for (const char* at = text.data(); at <= text.data() + text.size();) {
    double number = 0;
    const auto [end, error] = std::from_chars(at, text.data() + text.size(), number);
    if (error != std::errc() || (end != text.data() + text.size() && *end != ','))
      malformed(option + ": got [" + text + "], expected numbers such as [123.7,116.8,103.9]");
    numbers.push_back(number);
    at = end + 1;
  }
  return numbers;
}

element::Type parse_type(const std::string& option, const std::string& text) {
  if (text == "bool") return element::boolean;
  try {
    return element::Type(text);
  } catch (const Exception& error) {
    malformed(option + ": " + error.what());
  }
}

/// Sets the dimension N; returns false when there is none.
bool set_batch(InputPlan& input, Dimension::value_type batch, InputPlans& plans) {
  if (input.layout.empty() && input.shape.rank_is_static() && input.shape.size() > 0) {
    const Dimension first = input.shape[0];
    if (first.is_dynamic() || first.get_length() <= 1) {
      plans.warnings.push_back("Batch dimension is not specified for input '" + input.name +
                               "'. The first dimension will be interpreted as batch size.");
      input.layout = Layout("N...");
    }
  }
  const auto place = input.layout.find('N');
  if (!place) return false;
  if (input.shape[*place] != Dimension(batch)) {
    input.shape[*place] = Dimension(batch);
    plans.reshape = true;
  }
  return true;
}

void add_data_shapes(InputPlan& input, const std::vector<std::string>& texts, InputPlans& plans) {
  if (input.is_static()) {
    plans.warnings.push_back("Input '" + input.name +
                             "' has static shape. Provided data shapes for this input will be ignored.");
    return;
  }
  for (const std::string& text : texts) {
    const PartialShape shape(text);
    if (shape.is_dynamic()) complain("-data_shape: got [" + text + "], expected a shape without unknown dimensions");
    if (!input.shape.accepts(shape.to_shape())) {
      complain("-data_shape: [" + text + "] does not fit input '" + input.name + "' of shape " +
               input.shape.to_string());
    }
    input.data_shapes.push_back(shape.to_shape());
  }
}

/// The types of the data: -iop by name, then -ip; pictures have bytes.
element::Type data_type(const Options& options, const std::map<std::string, element::Type>& by_name,
                        const ModelInput& model_input, const InputPlan& input) {
  for (const std::string& name : model_input.names) {
    if (const auto found = by_name.find(name); found != by_name.end()) return found->second;
  }
  if (!options.input_precision.empty()) return parse_type("-ip", options.input_precision);
  return input.is_image() ? element::u8 : input.type;
}

/// `texts` of one input among several: "[1,2][3,4]" without a name deals its shapes out to the inputs in turn.
std::vector<std::string> share_of(const Bracketed& map, const ModelInput& input, std::size_t index,
                                  std::size_t inputs) {
  const std::vector<std::string>* texts = find(map, input);
  if (texts == nullptr) return {};
  if (!map.contains("") || inputs == 1 || texts->size() == 1) return *texts;
  if (texts->size() % inputs != 0) {
    complain("-data_shape: got " + std::to_string(texts->size()) + " shapes for " + std::to_string(inputs) +
             " inputs, expected a multiple; or name the inputs: x[1,64],y[1,64]");
  }
  std::vector<std::string> share;
  for (std::size_t i = index; i < texts->size(); i += inputs) share.push_back((*texts)[i]);
  return share;
}

InputPlan start_plan(const ModelInput& input, const Bracketed& shapes, const Bracketed& layouts, InputPlans& plans) {
  InputPlan plan{.name = input.name, .type = input.type, .data_type = input.type, .shape = input.shape};
  if (const auto* shape = find(shapes, input)) {
    plan.shape = PartialShape(shape->front());
    plans.reshape = true;
  }
  const auto* layout = find(layouts, input);
  plan.layout = layout != nullptr ? Layout(layout->front()) : Layout::guess(plan.shape);
  return plan;
}

}  // namespace

Layout Layout::guess(const PartialShape& shape) {
  if (!shape.rank_is_static()) return {};
  const auto is_picture = [&](std::size_t colours, std::size_t width) {
    return may_be_colours(shape[colours]) && !may_be_colours(shape[width]);
  };
  if (shape.size() == 4 && is_picture(1, 3)) return Layout("NCHW");
  if (shape.size() == 4 && is_picture(3, 1)) return Layout("NHWC");
  if (shape.size() == 3 && is_picture(0, 2)) return Layout("CHW");
  if (shape.size() == 3 && is_picture(2, 0)) return Layout("HWC");
  return {};
}

std::optional<std::size_t> Layout::find(char letter) const {
  const std::size_t at = letters_.find(letter);
  return at == std::string::npos ? std::nullopt : std::optional(at);
}

std::string Layout::to_string() const {
  if (letters_.empty()) return "[...]";
  std::string text;
  for (std::size_t i = 0; i < letters_.size(); ++i) {
    if (letters_[i] == '.') return "[" + text + ",...]";
    text += (text.empty() ? "" : ",") + letters_.substr(i, 1);
  }
  return "[" + text + "]";
}

bool InputPlan::is_image() const {
  const auto colours = layout.find('C');
  return colours && layout.find('H') && layout.find('W') && *colours < shape.size() && shape[*colours] == Dimension(3);
}

std::size_t InputPlan::channel_of(const Shape& data_shape, std::size_t index) const {
  const auto place = layout.find('C');
  if (!place || *place >= data_shape.size()) return 0;
  std::size_t inner = 1;
  for (std::size_t i = *place + 1; i < data_shape.size(); ++i) inner *= data_shape[i];
  return index / inner % data_shape[*place];
}

std::map<std::string, std::vector<std::string>> parse_bracketed(const std::string& option, const std::string& text) {
  std::map<std::string, std::vector<std::string>> result;
  const std::string list = without_blanks(text);
  std::size_t at = 0;
  while (at < list.size()) {
    const std::size_t open = list.find('[', at), close = list.find(']', at);
    if (open == std::string::npos || close == std::string::npos || close < open)
      malformed(option + ": got '" + text + "', expected [VALUE] or NAME[VALUE],NAME[VALUE]");
    std::vector<std::string>& values = result[list.substr(at, open - at)];
    at = open;
    while (at < list.size() && list[at] == '[') {
      const std::size_t end = list.find(']', at);
      if (end == std::string::npos) malformed(option + ": got '" + text + "', where a bracket is not closed");
      values.push_back(list.substr(at + 1, end - at - 1));
      at = end + 1;
    }
    if (at < list.size() && list[at++] != ',') malformed(option + ": got '" + text + "', expected a comma after ]");
  }
  return result;
}

std::map<std::string, element::Type> parse_port_types(const std::string& text) {
  std::map<std::string, element::Type> types;
  const std::string list = without_blanks(text);
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string item = list.substr(begin, end - begin);
    const std::size_t colon = item.rfind(':');
    if (colon == std::string::npos || colon == 0) malformed("-iop: got '" + item + "', expected NAME:TYPE");
    types[item.substr(0, colon)] = parse_type("-iop", item.substr(colon + 1));
    begin = end + 1;
  }
  return types;
}

InputPlans plan_inputs(const Options& options, const std::vector<ModelInput>& inputs) {
  const Bracketed shapes = parse_option("-shape", options.shape, inputs);
  const Bracketed layouts = parse_option("-layout", options.layout, inputs);
  const Bracketed data_shapes = parse_option("-data_shape", options.data_shape, inputs);
  const Bracketed means = parse_option("-mean_values", options.mean_values, inputs);
  const Bracketed scales = parse_option("-scale_values", options.scale_values, inputs);
  const auto port_types = parse_port_types(options.port_precision);

  InputPlans plans;
  bool batch_found = options.batch.empty();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    InputPlan plan = start_plan(inputs[i], shapes, layouts, plans);
    if (!options.batch.empty())
      batch_found = set_batch(plan, Any(options.batch).as<Dimension::value_type>(), plans) || batch_found;
    if (const auto texts = share_of(data_shapes, inputs[i], i, inputs.size()); !texts.empty())
      add_data_shapes(plan, texts, plans);
    if (plan.is_static()) plan.data_shapes = {plan.shape.to_shape()};
    plan.data_type = data_type(options, port_types, inputs[i], plan);
    if (const auto* mean = find(means, inputs[i])) plan.mean = parse_numbers("-mean_values", mean->front());
    if (const auto* scale = find(scales, inputs[i])) plan.scale = parse_numbers("-scale_values", scale->front());
    plans.inputs.push_back(std::move(plan));
  }
  if (!batch_found)
    complain("-b: no input has a batch dimension; say which one it is with -layout, for example -layout [N...]");
  return plans;
}

Dimension batch_of(const std::vector<InputPlan>& inputs) {
  std::optional<Dimension> batch;
  for (const InputPlan& input : inputs) {
    const auto place = input.layout.find('N');
    if (!place || *place >= input.shape.size()) continue;
    const Dimension own = input.shape[*place];
    if (batch && *batch != own) {
      complain("the batch is " + batch->to_string() + " for one input and " + own.to_string() + " for '" + input.name +
               "'; say with -layout what the dimensions mean");
    }
    batch = own;
  }
  return batch.value_or(Dimension(1));
}

std::size_t batch_of_group(const std::vector<InputPlan>& inputs, std::size_t group) {
  for (const InputPlan& input : inputs) {
    const auto place = input.layout.find('N');
    if (place && !input.data_shapes.empty()) return input.data_shapes[group % input.data_shapes.size()].at(*place);
  }
  return 1;
}

std::size_t group_count(const std::vector<InputPlan>& inputs) {
  std::size_t count = 1;
  for (const InputPlan& input : inputs) count = std::max(count, input.data_shapes.size());
  return count;
}

std::string group_name(const std::vector<InputPlan>& inputs, std::size_t group) {
  std::string text;
  for (const InputPlan& input : inputs) {
    text += (text.empty() ? "" : ", ") + input.name + ": ";
    text += input.data_shapes.empty() ? input.shape.to_string()
                                      : input.data_shapes[group % input.data_shapes.size()].to_string();
  }
  return text;
}

}  // namespace baton::bench
