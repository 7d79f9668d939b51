// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Two names for a model's content. The hash is exact and reads every byte. The fingerprint costs less than a
// millisecond whatever the model's size, because it touches little more than reading the model's structure did.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "model/model.h"

namespace baton::model {

/// Over any bytes, as 32 hex digits.
std::string hash_of(std::span<const std::byte> bytes);

/// Over all bytes, weights and external data included.
std::string content_hash_of(const Source& source);

/// Over the structure (of ONNX: all but the insides of tensors; of other formats: the model file), the sizes of
/// everything, and a sample of the weights: the beginning of each ONNX tensor, a few blocks of a weights file. Two
/// models of one fingerprint run equally fast, even if a weight outside of the sample differs; so it names what was
/// measured, and must not name what was computed.
std::string fingerprint_of(const Source& source);

}  // namespace baton::model
