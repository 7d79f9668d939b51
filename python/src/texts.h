// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Tensors of type string, and the arrays of text that stand for them in Python. They never share memory: numpy keeps
// texts in cells of one length, a tensor as std::string objects.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>

#include "baton/tensor.hpp"

namespace baton::python {
namespace nb = nanobind;

/// Whether a tensor made of `value` is one of text: an array of dtype U or S, of objects whose first is str or bytes,
/// or a list of such.
bool is_text(nb::handle value);

/// A tensor with the texts of an array, list or scalar; str as UTF-8, bytes as they are. A scalar gets `rank`
/// dimensions. TypeError for an element that is no text.
Tensor text_tensor(nb::handle value, std::size_t rank);

/// A new array of the tensor's texts: of dtype U, decoded as UTF-8, or of dtype S.
nb::object text_array(const Tensor& tensor, bool decode);

}  // namespace baton::python
