// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Words and groups of keys that manifests and simulation scripts share.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "engine/device.h"
#include "model/model.h"

namespace baton::engine {

class JsonReader;

inline constexpr std::array<std::pair<std::string_view, DeviceKind>, 5> kKindWords{{
    {"cpu", DeviceKind::kCpu},
    {"igpu", DeviceKind::kIntegratedGpu},
    {"dgpu", DeviceKind::kDiscreteGpu},
    {"accelerator", DeviceKind::kAccelerator},
    {"software", DeviceKind::kSoftware},
}};

inline constexpr std::array<std::pair<std::string_view, model::Format>, 5> kFormatWords{{
    {"onnx", model::Format::kOnnx},
    {"ir", model::Format::kIr},
    {"paddle", model::Format::kPaddle},
    {"tensorflow", model::Format::kTensorFlow},
    {"tflite", model::Format::kTfLite},
}};

/// The keys of "ranks": {"load_fast": 10, "load_full": 20, "run": 20}.
void read_ranks(JsonReader& json, DeclaredRanks& ranks);

}  // namespace baton::engine
