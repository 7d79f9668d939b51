// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/request_tensors.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "baton/exception.hpp"
#include "model/tensor_impl.h"

namespace baton::runtime {
namespace {

std::string port_text(bool output, const model::Port& port) {
  return std::string(output ? "output" : "input") + " '" + port.any_name() + "'";
}

/// A new tensor; lengths that are not known are 0.
base::Result<Tensor> new_tensor(element::Type type, const PartialShape& shape) {
  Shape lengths;
  for (const Dimension& dimension : shape) {
    lengths.push_back(dimension.is_static() ? static_cast<std::size_t>(dimension.get_length()) : 0);
  }
  try {
    Tensor tensor(type, lengths);
    if (type != element::string && tensor.get_byte_size() > 0) std::memset(tensor.data(), 0, tensor.get_byte_size());
    return tensor;
  } catch (const Exception& error) {
    return base::Status::invalid_argument(error.what());
  } catch (const std::bad_alloc&) {
    return base::Status(base::StatusCode::kResourceExhausted, "no memory for a tensor of shape " + lengths.to_string());
  }
}

engine::TensorView view_of(const Tensor& tensor) {
  if (!tensor) return {};
  const Tensor::Impl& impl = *tensor.impl();
  return {impl.type, impl.shape, impl.data, tensor.get_byte_size()};
}

}  // namespace

RequestTensors::RequestTensors(std::shared_ptr<const Port::Table> ports) : ports_(std::move(ports)) {
  for (std::size_t i = 0; i < ports_->count(false); ++i) inputs_.push_back({ports_->shape(false, i), {}});
  for (std::size_t i = 0; i < ports_->count(true); ++i) {
    sinks_.push_back(&outputs_.emplace_back(port(true, i).type, ports_->cheap_output_shape(i)));
  }
  views_.resize(inputs_.size());
}

base::Status RequestTensors::check_fits(bool output, std::size_t index, const Tensor& tensor) const {
  const model::Port& declared = port(output, index);
  const PartialShape& shape = output ? outputs_[index].shape() : inputs_[index].shape;
  const Tensor::Impl& given = *tensor.impl();
  if (declared.type.is_static() && given.type != declared.type) {
    return base::Status::invalid_argument(port_text(output, declared) + " takes elements of type " +
                                          declared.type.to_string() + ", the tensor given has " +
                                          given.type.to_string());
  }
  if (!shape.accepts(given.shape)) {
    return base::Status::invalid_argument(port_text(output, declared) + " takes the shape " + shape.to_string() +
                                          ", the tensor given has " + given.shape.to_string());
  }
  return {};
}

base::Status RequestTensors::set(bool output, std::size_t index, const Tensor& tensor) {
  if (!tensor)
    return base::Status::invalid_argument(port_text(output, port(output, index)) + " was given an empty tensor");
  BATON_RETURN_IF_ERROR(check_fits(output, index, tensor));
  if (output) outputs_[index].set_users(tensor);
  else inputs_[index].tensor = tensor;
  return {};
}

base::Result<Tensor> RequestTensors::get(bool output, std::size_t index) {
  if (output) {
    if (!outputs_[index].tensor()) BATON_RETURN_IF_ERROR(outputs_[index].make());
    return outputs_[index].tensor();
  }
  Input& input = inputs_[index];
  if (!input.tensor) {
    auto made = new_tensor(port(false, index).type, input.shape);
    if (!made.is_ok()) return made.status();
    input.tensor = std::move(made).value();
  }
  return input.tensor;
}

base::Status RequestTensors::prepare() {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[i];
    if (!input.tensor) [[unlikely]] {
      if (input.shape.is_dynamic()) {
        return base::Status::invalid_argument(port_text(false, port(false, i)) + " has no tensor, and its shape " +
                                              input.shape.to_string() + " does not say which to make: set one");
      }
      BATON_RETURN_IF_ERROR(get(false, i).status());
    }
    // Its shape may have changed since it was set: a tensor is a handle.
    BATON_RETURN_IF_ERROR(check_fits(false, i, input.tensor));
    views_[i] = view_of(input.tensor);
  }
  return {};
}

engine::TensorView RequestTensors::output_view(std::size_t index) const { return view_of(outputs_[index].tensor()); }

base::Status RequestTensors::Output::make() {
  auto made = new_tensor(type_, shape_);
  if (made.is_ok()) tensor_ = std::move(made).value();
  return made.status();
}

void* RequestTensors::Output::reserve(element::Type type, std::span<const std::size_t> shape) {
  try {
    if (!tensor_ || tensor_.impl()->type != type) {
      if (users_) return nullptr;
      tensor_ = Tensor(type, Shape(shape.begin(), shape.end()));
    }
    Tensor::Impl& impl = *tensor_.impl();
    if (std::equal(shape.begin(), shape.end(), impl.shape.begin(), impl.shape.end())) return impl.data;
    const Shape wanted(shape.begin(), shape.end());
    if (users_ && tensor_byte_size(type, wanted) > impl.capacity) return nullptr;
    tensor_.set_shape(wanted);
    return impl.data;
  } catch (const std::exception&) {  // too large for memory: the engine reports a run that got no place for its output
    return nullptr;
  }
}

}  // namespace baton::runtime
