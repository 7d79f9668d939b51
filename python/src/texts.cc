// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "texts.h"

#include <nanobind/stl/string.h>

#include <string>

#include "arrays.h"
#include "lookup.h"
#include "shapes.h"
#include "text.h"

namespace baton::python {
namespace {

constinit Lookup texts_of("baton._arrays", "texts");
constinit Lookup array_of_texts("baton._arrays", "array_of_texts");

bool is_str_or_bytes(PyObject* value) { return PyUnicode_Check(value) || PyBytes_Check(value); }

std::string bytes_of_text(nb::handle text) {
  if (PyBytes_Check(text.ptr()))
    return {PyBytes_AS_STRING(text.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(text.ptr()))};
  if (PyUnicode_Check(text.ptr())) return nb::cast<std::string>(text);
  throw nb::type_error(("got " + shown(text) + " in a tensor of text, expected str or bytes").c_str());
}

}  // namespace

bool is_text(nb::handle value) {
  if (is_array(value)) {
    const auto kind = nb::cast<std::string>(value.attr("dtype").attr("kind"));
    if (kind != "O") return kind == "U" || kind == "S";
    return nb::cast<std::size_t>(value.attr("size")) > 0 && is_str_or_bytes(nb::object(value.attr("item")(0)).ptr());
  }
  PyObject* first = value.ptr();
  while (PyList_Check(first) && PyList_GET_SIZE(first) > 0) first = PyList_GET_ITEM(first, 0);
  return first != value.ptr() && is_str_or_bytes(first);
}

Tensor text_tensor(nb::handle value, std::size_t rank) {
  const nb::object found = texts_of.get()(value, rank);  // shape, list of texts
  const Tensor tensor(element::string, to_shape(found[0]));
  auto* to = tensor.data<std::string>();
  for (nb::handle text : nb::iter(found[1])) *to++ = bytes_of_text(text);
  return tensor;
}

nb::object text_array(const Tensor& tensor, bool decode) {
  const auto* const texts = tensor.data<std::string>();
  nb::list items;
  for (std::size_t i = 0; i < tensor.get_size(); ++i) {
    const auto size = static_cast<Py_ssize_t>(texts[i].size());
    PyObject* const item = decode ? PyUnicode_DecodeUTF8(texts[i].data(), size, "strict")
                                  : PyBytes_FromStringAndSize(texts[i].data(), size);
    if (item == nullptr) nb::raise_python_error();
    items.append(nb::steal(item));
  }
  return array_of_texts.get()(items, to_tuple(tensor.get_shape()), decode);
}

}  // namespace baton::python
