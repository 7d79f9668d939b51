// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "arrays.h"

#include <nanobind/stl/string.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "lookup.h"
#include "shapes.h"

namespace baton::python {
namespace {

using element::Type_t;

constexpr std::size_t kLongCopy = 1 << 18;  // bytes; a shorter copy takes less than handing over the GIL may cost
constexpr std::size_t kTypes = static_cast<std::size_t>(Type_t::string) + 1;

/// How a type is known to numpy and to the buffer protocol; null where it is not: texts lie otherwise in an array.
struct NumpyName {
  Type_t type;
  const char* dtype;
  const char* format;
};
constexpr std::array<NumpyName, 20> kNames{
    {{Type_t::boolean, "bool", "?"}, {Type_t::bf16, "float16", "e"}, {Type_t::f16, "float16", "e"},
     {Type_t::f32, "float32", "f"},  {Type_t::f64, "float64", "d"},  {Type_t::i4, "int8", "b"},
     {Type_t::i8, "int8", "b"},      {Type_t::i16, "int16", "h"},    {Type_t::i32, "int32", "i"},
     {Type_t::i64, "int64", "q"},    {Type_t::u1, "uint8", "B"},     {Type_t::u4, "uint8", "B"},
     {Type_t::u8, "uint8", "B"},     {Type_t::u16, "uint16", "H"},   {Type_t::u32, "uint32", "I"},
     {Type_t::u64, "uint64", "Q"},   {Type_t::nf4, "uint8", "B"},    {Type_t::f8e4m3, "uint8", "B"},
     {Type_t::f8e5m2, "uint8", "B"}, {Type_t::string, "S", nullptr}}};

const NumpyName* numpy_name(const element::Type& type) {
  for (const NumpyName& name : kNames)
    if (name.type == static_cast<Type_t>(type)) return &name;
  return nullptr;
}

constinit Lookup numpy_array("numpy", "ndarray");
constinit Lookup numpy_empty("numpy", "empty");
constinit Lookup numpy_asarray("numpy", "asarray");
constinit Lookup numpy_dtype("numpy", "dtype");
constinit Lookup to_contiguous("baton._arrays", "contiguous");
constinit std::array<PyObject*, kTypes> dtypes{};  // by type, made at first use

element::Type sized(bool is_signed, std::size_t bytes) {
  switch (bytes) {
    case 1: return is_signed ? element::i8 : element::u8;
    case 2: return is_signed ? element::i16 : element::u16;
    case 4: return is_signed ? element::i32 : element::u32;
    case 8: return is_signed ? element::i64 : element::u64;
    default: return element::dynamic;
  }
}

/// The type behind a format of the buffer protocol; dynamic for one that is none of ours or not in native order.
element::Type type_of_format(const char* format, std::size_t item_size) {
  std::string_view text = format == nullptr ? "B" : format;
  if (text.starts_with('<') || text.starts_with('=') || text.starts_with('@')) text.remove_prefix(1);
  if (text.size() != 1) return element::dynamic;
  switch (text.front()) {
    case '?': return element::boolean;
    case 'e': return element::f16;
    case 'f': return element::f32;
    case 'd': return element::f64;
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q': return sized(true, item_size);
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q': return sized(false, item_size);
    default: return element::dynamic;
  }
}

}  // namespace

nb::object dtype_of(const element::Type& type) {
  PyObject*& dtype = dtypes[static_cast<std::size_t>(static_cast<Type_t>(type))];
  if (dtype != nullptr) return nb::borrow(dtype);
  const NumpyName* name = numpy_name(type);
  if (name == nullptr) throw nb::type_error(("numpy has no dtype for elements of type " + type.to_string()).c_str());
  nb::object made = numpy_dtype.get()(name->dtype);
  if (dtype == nullptr) dtype = nb::object(made).release().ptr();
  return made;
}

element::Type type_of_dtype(nb::handle given) {
  if (element::Type type; nb::try_cast(given, type)) return type;
  const nb::object dtype = numpy_dtype.get()(given);
  const auto kind = nb::cast<std::string>(dtype.attr("kind"));
  const auto bytes = nb::cast<std::size_t>(dtype.attr("itemsize"));
  element::Type type;
  if (kind == "b") type = element::boolean;
  if (kind == "i" || kind == "u") type = sized(kind == "i", bytes);
  if (kind == "f" && bytes <= 8) type = bytes == 2 ? element::f16 : bytes == 4 ? element::f32 : element::f64;
  if (kind == "U" || kind == "S") type = element::string;
  if (nb::cast<std::string>(dtype.attr("name")) == "bfloat16") type = element::bf16;
  if (type.is_dynamic())
    throw nb::type_error(("tensors have no elements of dtype " + nb::cast<std::string>(nb::str(dtype))).c_str());
  return type;
}

bool is_array(nb::handle value) { return PyObject_IsInstance(value.ptr(), numpy_array.get().ptr()) == 1; }

bool array_memory(nb::handle array, ArrayMemory& memory) {
  Py_buffer buffer;
  if (PyObject_GetBuffer(array.ptr(), &buffer, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) != 0) {
    PyErr_Clear();
    return false;
  }
  memory.data = buffer.buf;
  memory.bytes = static_cast<std::size_t>(buffer.len);
  memory.type = type_of_format(buffer.format, static_cast<std::size_t>(buffer.itemsize));
  memory.shape.assign(buffer.shape, buffer.shape + buffer.ndim);
  memory.read_only = buffer.readonly != 0;
  PyBuffer_Release(&buffer);
  return memory.type.is_static();
}

nb::object converted_array(nb::handle value, const element::Type& type, std::size_t rank) {
  const nb::object dtype = type.is_static() ? dtype_of(type) : nb::none();
  return to_contiguous.get()(value, dtype, type == element::bf16, rank);
}

Tensor tensor_on(nb::handle array, const ArrayMemory& memory) {
  return Tensor(memory.type, memory.shape, memory.data, keep(array));
}

Tensor tensor_copy(const ArrayMemory& memory) {
  Tensor tensor(memory.type, memory.shape);
  copy_bytes(tensor.data(), memory.data, memory.bytes);
  return tensor;
}

void copy_bytes(void* to, const void* from, std::size_t bytes) {
  if (bytes < kLongCopy) std::memcpy(to, from, bytes);
  else without_gil([&] { std::memcpy(to, from, bytes); });
}

nb::object array_copy(const Tensor& tensor) {
  const element::Type& type = tensor.get_element_type();
  const bool packed = type.bitwidth() < 8;
  const nb::object shape = packed ? nb::object(nb::make_tuple(tensor.get_byte_size())) : to_tuple(tensor.get_shape());
  PyObject* const arguments[] = {shape.ptr(), dtype_of(type).ptr()};
  nb::object array = nb::steal(PyObject_Vectorcall(numpy_empty.get().ptr(), arguments, 2, nullptr));
  Py_buffer buffer;
  if (!array.is_valid() || PyObject_GetBuffer(array.ptr(), &buffer, PyBUF_SIMPLE | PyBUF_WRITABLE) != 0)
    nb::raise_python_error();
  if (buffer.len > 0) copy_bytes(buffer.buf, tensor.data(), static_cast<std::size_t>(buffer.len));
  PyBuffer_Release(&buffer);
  return array;
}

nb::object array_view(nb::handle tensor) { return numpy_asarray.get()(tensor); }

// --- the buffer protocol of Tensor -----------------------------------------------------------------------------------

namespace {

/// What one exported buffer needs for as long as it lives: the tensor may be reshaped, and move, meanwhile.
struct Export {
  std::shared_ptr<void> memory;
  std::vector<Py_ssize_t> shape;
  std::vector<Py_ssize_t> strides;
};

int export_tensor(PyObject* self, Py_buffer* view, int) noexcept {
  try {
    const Tensor& tensor = *nb::inst_ptr<Tensor>(self);
    const element::Type& type = tensor.get_element_type();
    const NumpyName* name = numpy_name(type);
    if (name == nullptr || name->format == nullptr) {
      PyErr_Format(PyExc_BufferError, "no array can lie on elements of type %s; data is a copy of them",
                   type.to_string().c_str());
      return -1;
    }
    auto holder = std::make_unique<Export>();
    const Shape shape = type.bitwidth() < 8 ? Shape{tensor.get_byte_size()} : tensor.get_shape();
    holder->memory = tensor.memory();
    holder->shape.assign(shape.begin(), shape.end());
    holder->strides.resize(shape.size());
    auto stride = static_cast<Py_ssize_t>(type.size());
    for (std::size_t i = shape.size(); i-- > 0; stride *= holder->shape[i]) holder->strides[i] = stride;
    *view = {};
    view->buf = tensor.data();
    view->len = static_cast<Py_ssize_t>(tensor.get_byte_size());
    view->itemsize = static_cast<Py_ssize_t>(type.size());
    view->ndim = static_cast<int>(shape.size());
    view->format = const_cast<char*>(name->format);  // NOLINT: the protocol never writes it
    view->shape = holder->shape.data();
    view->strides = holder->strides.data();
    view->internal = holder.release();
    view->obj = Py_NewRef(self);
    return 0;
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_BufferError, error.what());
    return -1;
  }
}

void release_export(PyObject*, Py_buffer* view) noexcept { delete static_cast<Export*>(view->internal); }

}  // namespace

PyType_Slot* tensor_buffer_slots() {
  static PyType_Slot slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(export_tensor)},
                                {Py_bf_releasebuffer, reinterpret_cast<void*>(release_export)},
                                {0, nullptr}};
  return slots;
}

}  // namespace baton::python
