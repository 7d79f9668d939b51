// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// numpy arrays and Baton's tensors. Arrays are read and made through Python's buffer protocol, so that nothing here
// depends on the version of numpy.
#pragma once

#include <nanobind/nanobind.h>

#include "baton/tensor.hpp"
#include "gil.h"

namespace baton::python {

/// The numpy dtype of a type. float16 stands for bf16 and (u)int8 for packed types, as their bits. TypeError for those
/// without a numpy counterpart.
nb::object dtype_of(const element::Type& type);
/// From a Type or whatever numpy.dtype() takes. TypeError where Baton has no such type.
element::Type type_of_dtype(nb::handle dtype);

bool is_array(nb::handle value);

/// The memory of a C-contiguous array whose elements are in the machine's byte order. Use inside one call only: it does
/// not keep the array alive.
struct ArrayMemory {
  void* data = nullptr;
  element::Type type;
  Shape shape;
  std::size_t bytes = 0;
  bool read_only = false;
};

/// False for an array that is laid out otherwise, or of a type that Baton does not have.
bool array_memory(nb::handle array, ArrayMemory& memory);

/// What `value` (array, scalar, list, ...) is as a contiguous array for elements of `type`; of its own type where that
/// is dynamic. Scalars get `rank` dimensions. ValueError or TypeError where numpy cannot convert it.
nb::object converted_array(nb::handle value, const element::Type& type, std::size_t rank);

/// A tensor on the array's memory, which it keeps alive. REQUIRES: `memory` is that of `array`.
Tensor tensor_on(nb::handle array, const ArrayMemory& memory);
/// A tensor with a copy of the array's elements.
Tensor tensor_copy(const ArrayMemory& memory);

/// A new array with a copy of the tensor's elements.
nb::object array_copy(const Tensor& tensor);
/// An array on the memory of the Python object `tensor`, which keeps that memory alive.
nb::object array_view(nb::handle tensor);

/// Copies without the GIL where it takes long.
void copy_bytes(void* to, const void* from, std::size_t bytes);

/// The slots that give a Python Tensor the buffer protocol.
PyType_Slot* tensor_buffer_slots();

}  // namespace baton::python
