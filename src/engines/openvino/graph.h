// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From a model's bytes to OpenVINO's graph, in the shapes that are asked for. Everything here throws what OpenVINO
// throws.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <openvino/core/model.hpp>
#include <openvino/runtime/tensor.hpp>

#include "model/model.h"

namespace baton::engine::openvino {

inline constexpr std::string_view kEngineName = "openvino";

/// OpenVINO keeps pointing into `memory` when it can, so the tensor holds what owns it.
ov::Tensor as_tensor(const std::shared_ptr<const model::Bytes>& memory);

/// Opens the library that reads models of this format.
void open_front_end(model::Format format);

/// Reads a model as it declares itself.
std::shared_ptr<ov::Model> read_graph(const model::Source& source, model::Format format);

/// The graph for the model's input shapes: the kept representation where its shapes are right, else a new one.
std::shared_ptr<const ov::Model> graph_for(const model::Model& model);

/// For each of Baton's ports the index of OpenVINO's port of that name, or -1: conversion drops unused inputs.
std::vector<int> match_ports(std::span<const model::Port> ports,
                             const std::vector<ov::Output<const ov::Node>>& outputs);

}  // namespace baton::engine::openvino
