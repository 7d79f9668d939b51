// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "any.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <vector>

#include "baton/element_type.hpp"
#include "baton/exception.hpp"
#include "baton/property.hpp"
#include "text.h"

namespace baton::python {
namespace nb = nanobind;

namespace {

Any from_integer(nb::handle number) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow == 0) return static_cast<std::int64_t>(value);
  if (overflow > 0) return nb::cast<std::uint64_t>(number);
  throw Exception(ErrorCode::InvalidArgument, "the number " + shown(number) + " is too small for a property");
}

Any from_collection(nb::handle collection) {
  std::vector<Any> items;
  for (nb::handle item : nb::iter(collection)) items.push_back(to_any(item));
  if (items.size() == 1) return items.front();
  if (PyAnySet_Check(collection.ptr())) {
    throw Exception(ErrorCode::InvalidArgument, "a set of " + std::to_string(items.size()) + " has no order: got " +
                                                    shown(collection) + ", expected one element, or a list");
  }
  return items;
}

nb::object from_names(const std::vector<PropertyName>& names) {
  nb::dict result;
  for (const PropertyName& name : names) {
    const char* text = name.mutability() == PropertyMutability::RW   ? "RW"
                       : name.mutability() == PropertyMutability::RO ? "RO"
                                                                     : "WO";
    result[nb::cast(static_cast<const std::string&>(name))] = text;
  }
  return result;
}

/// The value as it is in C++; texts and enums as text.
nb::object plain(const Any& value) {
  if (value.empty()) return nb::none();
  if (value.is<bool>()) return nb::cast(value.as<bool>());
  if (value.is<std::int64_t>()) return nb::int_(value.as<std::int64_t>());
  if (value.is<double>()) return nb::cast(value.as<double>());
  if (value.is<AnyMap>()) {
    nb::dict result;
    for (const auto& [name, item] : value.as<AnyMap>()) result[nb::cast(name)] = from_any(name, item);
    return result;
  }
  if (value.is<std::vector<std::string>>()) return nb::cast(value.as<std::vector<std::string>>());
  if (value.is<std::vector<std::int64_t>>()) return nb::tuple(nb::cast(value.as<std::vector<std::int64_t>>()));
  return nb::cast(value.to_string());
}

}  // namespace

Any to_any(nb::handle value) {
  PyObject* const object = value.ptr();
  if (PyBool_Check(object)) return object == Py_True;
  if (PyUnicode_Check(object)) return nb::cast<std::string>(value);
  if (PyLong_Check(object)) return from_integer(value);
  if (PyFloat_Check(object)) return PyFloat_AsDouble(object);
  if (PyMapping_Check(object) && nb::hasattr(value, "items")) return to_any_map(value);
  if (PyList_Check(object) || PyTuple_Check(object) || PyAnySet_Check(object)) return from_collection(value);
  if (element::Type type; nb::try_cast(value, type)) return type;
  if (nb::hasattr(value, "item")) return to_any(value.attr("item")());  // a scalar of numpy
  if (nb::hasattr(value, "__fspath__")) return nb::cast<std::string>(nb::str(value.attr("__fspath__")()));
  if (PyIndex_Check(object)) return from_integer(nb::int_(value));
  throw nb::type_error(
      ("got " + shown(value) + " as the value of a property; expected a bool, number, text, enum, Type, list or dict")
          .c_str());
}

AnyMap to_any_map(nb::handle mapping) {
  AnyMap result;
  if (mapping.is_none()) return result;
  if (!PyMapping_Check(mapping.ptr()) || !nb::hasattr(mapping, "items"))
    throw nb::type_error(("got " + shown(mapping) + " as properties; expected a dict of names and values").c_str());
  for (nb::handle item : nb::iter(mapping.attr("items")())) {
    const nb::object name = item[0];
    if (!PyUnicode_Check(name.ptr()))
      throw nb::type_error(("got " + shown(name) + " as the name of a property; expected text").c_str());
    result[nb::cast<std::string>(name)] = to_any(item[1]);
  }
  return result;
}

AnyMap to_properties(nb::handle mapping_or_pair) {
  if (PyTuple_Check(mapping_or_pair.ptr()) && nb::len(mapping_or_pair) == 2) {
    nb::dict one;
    one[mapping_or_pair[0]] = mapping_or_pair[1];
    return to_any_map(one);
  }
  return to_any_map(mapping_or_pair);
}

nb::object from_any(const std::string& property, const Any& value) {
  if (property == "SUPPORTED_PROPERTIES") return from_names(value.as<std::vector<PropertyName>>());
  nb::object result = plain(value);
  if (!nb::isinstance<nb::str>(result)) return result;
  return nb::module_::import_("baton.properties").attr("typed_value")(property, result);
}

}  // namespace baton::python
