// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/element_type.hpp"

#include <array>
#include <ostream>

#include "baton/exception.hpp"

namespace baton::element {

namespace {

struct Entry {
  Type_t type;
  std::string_view name;
  std::uint16_t bits;
  bool is_real;
  bool is_signed;
};

// In the order of Type_t, so that a type is its own index.
constexpr std::array kTypes = {
    Entry{Type_t::dynamic, "dynamic", 0, false, false},
    Entry{Type_t::boolean, "boolean", 8, false, false},
    Entry{Type_t::bf16, "bf16", 16, true, true},
    Entry{Type_t::f16, "f16", 16, true, true},
    Entry{Type_t::f32, "f32", 32, true, true},
    Entry{Type_t::f64, "f64", 64, true, true},
    Entry{Type_t::i4, "i4", 4, false, true},
    Entry{Type_t::i8, "i8", 8, false, true},
    Entry{Type_t::i16, "i16", 16, false, true},
    Entry{Type_t::i32, "i32", 32, false, true},
    Entry{Type_t::i64, "i64", 64, false, true},
    Entry{Type_t::u1, "u1", 1, false, false},
    Entry{Type_t::u4, "u4", 4, false, false},
    Entry{Type_t::u8, "u8", 8, false, false},
    Entry{Type_t::u16, "u16", 16, false, false},
    Entry{Type_t::u32, "u32", 32, false, false},
    Entry{Type_t::u64, "u64", 64, false, false},
    Entry{Type_t::nf4, "nf4", 4, true, true},
    Entry{Type_t::f8e4m3, "f8e4m3", 8, true, true},
    Entry{Type_t::f8e5m2, "f8e5m2", 8, true, true},
    Entry{Type_t::string, "string", 8 * sizeof(std::string), false, false},
};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (static_cast<std::size_t>(kTypes[i].type) != i) return false;
  }
  return true;
}
static_assert(in_enum_order());

const Entry& entry(Type_t type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

Type::Type(std::string_view name) {
  for (const Entry& candidate : kTypes) {
    if (candidate.name == name) {
      type_ = candidate.type;
      return;
    }
  }
  std::string known;
  for (const Entry& candidate : kTypes) known.append(known.empty() ? "" : ", ").append(candidate.name);
  throw Exception(ErrorCode::InvalidArgument,
                  "unknown element type '" + std::string(name) + "'; expected one of: " + known);
}

std::size_t Type::bitwidth() const { return entry(type_).bits; }
std::size_t Type::size() const { return (bitwidth() + 7) / 8; }
bool Type::is_real() const { return entry(type_).is_real; }
bool Type::is_signed() const { return entry(type_).is_signed; }
std::string Type::to_string() const { return std::string(entry(type_).name); }

std::ostream& operator<<(std::ostream& out, const Type& type) { return out << type.to_string(); }

}  // namespace baton::element
