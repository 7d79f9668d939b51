// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "baton/exception.hpp"
#include "model/host_memory.h"
#include "model/tensor_impl.h"

namespace baton {

namespace {

[[noreturn]] void fail(const std::string& message) { throw Exception(ErrorCode::InvalidArgument, message); }

std::shared_ptr<void> allocate(element::Type type, std::size_t bytes) {
  if (type == element::string) return std::shared_ptr<std::string[]>(new std::string[bytes / sizeof(std::string)]);
  void* const memory = model::HostMemory::instance().allocate(bytes);
  return {memory, [bytes](void* pointer) { model::HostMemory::instance().release(pointer, bytes); }};
}

const Tensor::Impl& checked(const std::shared_ptr<Tensor::Impl>& impl) {
  if (!impl) fail("the tensor is empty; construct it with a type and a shape");
  return *impl;
}

}  // namespace

std::size_t tensor_byte_size(element::Type type, const Shape& shape) {
  if (type.bitwidth() == 0) fail("a tensor of type " + type.to_string() + " is not possible; use a type of fixed size");
  const std::size_t elements = shape_size(shape);
  std::size_t bits = 0;
  if (__builtin_mul_overflow(elements, type.bitwidth(), &bits)) {
    fail("a tensor of type " + type.to_string() + " and shape " + shape.to_string() + " does not fit into memory");
  }
  return bits / 8 + (bits % 8 != 0 ? 1 : 0);
}

void copy_elements(void* to, const void* from, element::Type type, std::size_t bytes) {
  if (bytes == 0 || to == from) return;
  if (type != element::string) {
    std::memmove(to, from, bytes);
    return;
  }
  const auto* const texts = static_cast<const std::string*>(from);
  std::copy(texts, texts + bytes / sizeof(std::string), static_cast<std::string*>(to));
}

Tensor::Tensor(const element::Type& type, const Shape& shape) : impl_(std::make_shared<Impl>()) {
  impl_->capacity = tensor_byte_size(type, shape);
  impl_->memory = allocate(type, impl_->capacity);
  impl_->own = true;
  impl_->data = impl_->memory.get();
  impl_->type = type;
  impl_->shape = shape;
}

Tensor::Tensor(const element::Type& type, const Shape& shape, void* host_ptr) : Tensor(type, shape, host_ptr, {}) {}

Tensor::Tensor(const element::Type& type, const Shape& shape, void* host_ptr, std::shared_ptr<void> owner)
    : impl_(std::make_shared<Impl>()) {
  if (host_ptr == nullptr)
    fail("a tensor over caller memory got a null pointer; expected memory for " + shape.to_string());
  impl_->capacity = tensor_byte_size(type, shape);
  impl_->data = host_ptr;
  impl_->memory = std::move(owner);
  impl_->type = type;
  impl_->shape = shape;
}

const element::Type& Tensor::get_element_type() const { return checked(impl_).type; }

Shape Tensor::get_shape() const { return checked(impl_).shape; }

std::size_t Tensor::get_size() const { return shape_size(checked(impl_).shape); }

std::size_t Tensor::get_byte_size() const { return tensor_byte_size(checked(impl_).type, impl_->shape); }

void Tensor::set_shape(const Shape& shape) {
  const std::size_t bytes = tensor_byte_size(checked(impl_).type, shape);
  if (bytes > impl_->capacity) {
    if (!impl_->own) {
      fail("shape " + shape.to_string() + " needs " + std::to_string(bytes) +
           " bytes, but the caller's memory was given as " + std::to_string(impl_->capacity) +
           " bytes; construct a tensor over larger memory");
    }
    impl_->memory = allocate(impl_->type, bytes);
    impl_->data = impl_->memory.get();
    impl_->capacity = bytes;
  }
  impl_->shape = shape;
}

void* Tensor::data() const { return checked(impl_).data; }

std::shared_ptr<void> Tensor::memory() const { return checked(impl_).memory; }

void Tensor::copy_to(Tensor destination) const {
  const Impl& from = checked(impl_);
  if (checked(destination.impl_).type != from.type) {
    fail("cannot copy a tensor of type " + from.type.to_string() + " to one of type " +
         destination.impl_->type.to_string());
  }
  const std::size_t bytes = get_byte_size();
  destination.set_shape(from.shape);
  copy_elements(destination.impl_->data, from.data, from.type, bytes);
}

void Tensor::require_type(element::Type type) const {
  if (checked(impl_).type != type) {
    fail("the tensor holds " + impl_->type.to_string() + ", but its data was asked for as " + type.to_string());
  }
}

}  // namespace baton
