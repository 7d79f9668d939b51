// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>

#include "arrays.h"
#include "baton/element_type.hpp"
#include "baton/version.hpp"
#include "bindings.h"

namespace baton::python {
namespace {

using element::Type;

void bind_constants(nb::class_<Type>& type) {
  using namespace element;
  const Type all[] = {dynamic, boolean, bf16, f16, f32, f64, i4,  i8,     i16,    i32,   i64,
                      u1,      u4,      u8,   u16, u32, u64, nf4, f8e4m3, f8e5m2, string};
  for (const Type& value : all) type.attr(value.to_string().c_str()) = nb::cast(value);
  type.attr("undefined") = nb::cast(dynamic);
}

/// As OpenVINO shows a type: scripts compare that text.
std::string text_of(const Type& type) {
  std::string name = type.to_string();
  const std::string bits = std::to_string(type.bitwidth());
  if (type == element::boolean) name = "char";
  else if (type == element::bf16) name = "bfloat16";
  else if (type == element::f64) name = "double64";
  else if (type == element::f16 || type == element::f32) name = "float" + bits;
  else if (type == element::nf4) name = "nfloat4";
  else if (type.is_integral()) name = (type.is_signed() ? "int" : "uint") + bits + "_t";
  return "<Type: '" + name + "'>";
}

void bind_type(nb::module_& module) {
  nb::class_<Type> type(module, "Type", "The type of a tensor's elements: Type.f32, Type.i64, ...");
  type.def(
      "__init__", [](Type* self, nb::handle dtype) { new (self) Type(type_of_dtype(dtype)); }, nb::arg("dtype"),
      "From a numpy dtype, scalar type or name. TypeError for one without counterpart.");
  bind_constants(type);
  type.def(nb::self == nb::self, nb::sig("def __eq__(self, other: object) -> bool"));
  type.def("__hash__", [](const Type& self) { return static_cast<int>(static_cast<element::Type_t>(self)); });
  type.def("__repr__", text_of);
  type.def("to_string", &Type::to_string, "The name, as in 'f32'.");
  type.def("get_type_name", &Type::get_type_name, "The name, as in 'f32'.");
  type.def_prop_ro("type_name", &Type::get_type_name, "The name, as in 'f32'.");
  type.def("get_size", &Type::size, "Bytes of one element, rounded up.");
  type.def_prop_ro("size", &Type::size, "Bytes of one element, rounded up.");
  type.def("get_bitwidth", &Type::bitwidth, "Bits of one element.");
  type.def_prop_ro("bitwidth", &Type::bitwidth, "Bits of one element.");
  type.def("is_static", &Type::is_static, "False for Type.dynamic only.");
  type.def("is_dynamic", &Type::is_dynamic, "True for Type.dynamic only.");
  type.def("is_real", &Type::is_real, "True for floating types.");
  type.def_prop_ro("real", &Type::is_real, "True for floating types.");
  type.def("is_integral", &Type::is_integral, "True for integers and booleans.");
  type.def_prop_ro("integral", &Type::is_integral, "True for integers and booleans.");
  const auto is_number = [](const Type& self) { return self.is_integral() && self != element::boolean; };
  type.def("is_integral_number", is_number, "True for integers.");
  type.def_prop_ro("integral_number", is_number, "True for integers.");
  type.def("is_signed", &Type::is_signed, "True for types with a sign.");
  type.def_prop_ro("signed", &Type::is_signed, "True for types with a sign.");
  type.def("to_dtype", dtype_of, nb::sig("def to_dtype(self) -> numpy.dtype"),
           "The numpy dtype; float16 stands for bf16, as its bits. TypeError where numpy has none.");
}

}  // namespace

void bind_types(nb::module_& module) {
  bind_type(module);
  nb::class_<Version>(module, "Version", "What serves a device, with its version.")
      .def_ro("build_number", &Version::buildNumber, "As in '0.1.0'.")
      .def_ro("description", &Version::description, "What the number belongs to.")
      .def("__repr__",
           [](const Version& self) { return "<Version: " + self.description + " " + self.buildNumber + ">"; });
  module.def(
      "get_version", [] { return get_baton_version().buildNumber; }, "Baton's version, as in '0.1.0'.");
}

}  // namespace baton::python
