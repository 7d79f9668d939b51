// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Between Baton's value types and OpenVINO's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <openvino/core/any.hpp>
#include <openvino/core/node_output.hpp>
#include <openvino/core/partial_shape.hpp>
#include <openvino/core/type/element_type.hpp>

#include "baton/element_type.hpp"
#include "baton/shape.hpp"
#include "model/model.h"

namespace baton::engine::openvino {

/// `dynamic` for a type that Baton has no name for.
element::Type from_ov(const ov::element::Type& type);
/// Nothing for a type that OpenVINO has no name for.
std::optional<ov::element::Type> to_ov(element::Type type);

PartialShape from_ov(const ov::PartialShape& shape);
ov::PartialShape to_ov(const PartialShape& shape);

/// "[1,3,224,224]".
/// Why a port of strings is refused. OpenVINO's CPU device (2026.4.1) copies the objects of dynamic outputs bit by bit:
/// each text is then freed twice.
std::string strings_refused(const std::string& port);

std::string shape_text(std::span<const std::size_t> shape);

/// A property as it goes over the wire: lists and tuples joined by blanks, booleans YES and NO.
std::string to_text(const ov::Any& value);

/// Names, type and shape of the ports of a model (`Parameter` or `Result` outputs), in order. A port without names gets
/// its node's friendly name; names are unique among the ports.
std::vector<model::Port> ports_of(const std::vector<ov::Output<const ov::Node>>& outputs);

}  // namespace baton::engine::openvino
