// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/tensor.hpp"

#include <nanobind/stl/string.h>

#include <utility>

#include "arrays.h"
#include "baton/exception.hpp"
#include "baton/port.hpp"
#include "bindings.h"
#include "shapes.h"
#include "texts.h"

namespace baton::python {
namespace {

ArrayMemory memory_of(nb::handle array) {
  ArrayMemory memory;
  if (!array_memory(array, memory)) {
    throw Exception(ErrorCode::InvalidArgument,
                    "a tensor needs a C-contiguous array of numbers in native byte order; use numpy.ascontiguousarray");
  }
  return memory;
}

/// OpenVINO's rule: what is shared must be contiguous, what is copied may lie anyhow.
Tensor from_array(nb::handle array, bool shared) {
  if (is_text(array)) {
    if (!shared) return text_tensor(array, 0);
    throw Exception(ErrorCode::InvalidArgument,
                    "a tensor of text has memory of its own; leave shared_memory out, the texts are copied");
  }
  if (shared) {
    const ArrayMemory memory = memory_of(array);
    if (memory.read_only) throw nb::value_error("array is not writeable: a tensor shares no such memory; copy it");
    return tensor_on(array, memory);
  }
  const nb::object contiguous = converted_array(array, element::dynamic, 0);
  return tensor_copy(memory_of(contiguous));
}

/// The array's bytes seen as other elements.
Tensor reinterpreted(nb::handle array, const Shape& shape, const element::Type& type) {
  const ArrayMemory memory = memory_of(array);
  const element::Type wanted = type.is_static() ? type : memory.type;
  const std::size_t bytes = (shape_size(shape) * wanted.bitwidth() + 7) / 8;
  if (bytes > memory.bytes) {
    throw Exception(ErrorCode::InvalidArgument, "an array of " + std::to_string(memory.bytes) +
                                                    " bytes is too small for the shape " + shape.to_string() + " of " +
                                                    wanted.to_string() + ", which takes " + std::to_string(bytes));
  }
  return Tensor(wanted, shape, memory.data, keep(array));
}

void assign(Tensor& tensor, nb::handle value) {
  if (tensor.get_element_type() == element::string) {
    text_tensor(value, 0).copy_to(tensor);
    return;
  }
  const nb::object array = converted_array(value, tensor.get_element_type(), 0);
  const ArrayMemory memory = memory_of(array);
  if (memory.shape != tensor.get_shape()) tensor.set_shape(memory.shape);
  copy_bytes(tensor.data(), memory.data, memory.bytes);
}

/// The tensor's elements; those of text as a copy.
nb::object data_of(nb::handle self, bool decode) {
  const Tensor& tensor = nb::cast<const Tensor&>(self);
  return tensor.get_element_type() == element::string ? text_array(tensor, decode) : array_view(self);
}
nb::object data_array(nb::handle self) { return data_of(self, false); }

nb::object str_array(nb::handle self) {
  const Tensor& tensor = nb::cast<const Tensor&>(self);
  if (tensor.get_element_type() == element::string) return text_array(tensor, true);
  throw nb::type_error(("a tensor of " + tensor.get_element_type().to_string() + " holds no text; use data").c_str());
}

/// Bytes from one element to the next, by dimension.
nb::tuple strides_of(const Tensor& tensor) {
  Shape strides = tensor.get_shape();
  std::size_t bytes = tensor.get_element_type().size();
  for (std::size_t i = strides.size(); i-- > 0;) bytes *= std::exchange(strides[i], bytes);
  return to_tuple(strides);
}

void bind_constructors(nb::class_<Tensor>& type) {
  type.def(
      "__init__",
      [](Tensor* self, const element::Type& element, nb::handle shape) { new (self) Tensor(element, to_shape(shape)); },
      nb::arg("type"), nb::arg("shape"), "Memory of its own, not initialised. Shape: lengths, outermost first.");
  type.def(
      "__init__", [](Tensor* self, const Port& port) { new (self) Tensor(port.get_element_type(), port.get_shape()); },
      nb::arg("port"), "Memory for a port of a model. Raises when the port's shape is dynamic.");
  type.def(
      "__init__",
      [](Tensor* self, nb::handle array, nb::handle shape, const element::Type& element) {
        if (!is_array(array)) {
          new (self) Tensor(type_of_dtype(array), to_shape(shape));
          return;
        }
        new (self) Tensor(reinterpreted(array, to_shape(shape), element));
      },
      nb::arg("array"), nb::arg("shape"), nb::arg("type") = element::dynamic,
      "The array's memory, shared, as elements of another type or shape; or, with a dtype as first argument, memory of "
      "its own.");
  type.def(
      "__init__",
      [](Tensor* self, nb::handle array, bool shared_memory) {
        new (self) Tensor(from_array(array, shared_memory && is_array(array)));
      },
      nb::arg("array"), nb::arg("shared_memory") = false,
      "A copy of an array, list or scalar. With `shared_memory` the memory of the array itself, which is then kept "
      "alive; it must be C-contiguous.");
}

void bind_values(nb::class_<Tensor>& type) {
  type.def_prop_ro("element_type", &Tensor::get_element_type, "Type of the elements.");
  type.def("get_element_type", &Tensor::get_element_type, "Type of the elements.");
  type.def_prop_rw(
      "shape", &Tensor::get_shape, [](Tensor& self, nb::handle shape) { self.set_shape(to_shape(shape)); },
      "Lengths, outermost first. Setting it may move the memory; views taken before keep the old one.");
  type.def("get_shape", &Tensor::get_shape, "Lengths, outermost first.");
  type.def(
      "set_shape", [](Tensor& self, nb::handle shape) { self.set_shape(to_shape(shape)); }, nb::arg("shape"),
      "Raises when shared memory is too small for the shape.");
  type.def_prop_ro("size", &Tensor::get_size, "Number of elements.");
  type.def("get_size", &Tensor::get_size, "Number of elements.");
  type.def_prop_ro("byte_size", &Tensor::get_byte_size, "Bytes.");
  type.def("get_byte_size", &Tensor::get_byte_size, "Bytes.");
  type.def(
      "is_continuous", [](const Tensor&) { return true; }, "Always true.");
  type.def_prop_ro("strides", strides_of, nb::for_getter(nb::sig("def strides(self) -> tuple[int, ...]")),
                   "Bytes from one element to the next, by dimension.");
  type.def("get_strides", strides_of, nb::sig("def get_strides(self) -> tuple[int, ...]"),
           "Bytes from one element to the next, by dimension.");
  type.def_prop_rw("data", data_array, assign, nb::for_getter(nb::sig("def data(self) -> numpy.ndarray")),
                   "A numpy array on the tensor's memory. bf16 is shown as float16, packed types as bytes. Texts are "
                   "copied, as bytes.");
  type.def_prop_rw("bytes_data", data_array, assign, nb::for_getter(nb::sig("def bytes_data(self) -> numpy.ndarray")),
                   "The same as data.");
  type.def_prop_rw("str_data", str_array, assign, nb::for_getter(nb::sig("def str_data(self) -> numpy.ndarray")),
                   "A copy of the texts, decoded as UTF-8. TypeError for a tensor of numbers.");
}

}  // namespace

void bind_tensor(nb::module_& module) {
  nb::class_<Tensor> type(
      module, "Tensor", nb::type_slots(tensor_buffer_slots()),
      "A dense, row-major block of elements in host memory; numpy.asarray(tensor) is a view of it.");
  bind_constructors(type);
  bind_values(type);
  type.def(
      "copy_to", [](const Tensor& self, const Tensor& target) { self.copy_to(target); }, nb::arg("target_tensor"),
      "Copies the elements to a tensor of the same type, which takes this one's shape.");
  type.def(
      "copy_from",
      [](Tensor& self, nb::handle source) {
        if (Tensor tensor; nb::try_cast(source, tensor)) tensor.copy_to(self);
        else assign(self, source);
      },
      nb::arg("source"), "Takes shape and elements of a tensor of the same type, or of an array or list.");
  type.def("__copy__", [](const Tensor& self) { return self; });
  type.def(
      "__deepcopy__",
      [](const Tensor& self, nb::handle) {
        Tensor copy(self.get_element_type(), self.get_shape());
        self.copy_to(copy);
        return copy;
      },
      nb::arg("memo"));
  type.def("__repr__", [](const Tensor& self) {
    return "<Tensor: shape" + self.get_shape().to_string() + " type: " + self.get_element_type().to_string() + ">";
  });
}

}  // namespace baton::python
