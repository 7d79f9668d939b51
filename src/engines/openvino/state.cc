// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "state.h"

#include <cstring>
#include <optional>

#include <openvino/runtime/tensor.hpp>

#include "convert.h"
#include "errors.h"

namespace baton::engine::openvino {

using base::Status;
using base::StatusCode;

Status OpenVinoState::read(OutputSink& to) {
  return guarded(StatusCode::kDeviceFailed, "cannot read the state '" + name_ + "'", [&] {
    const ov::Tensor value = state_.get_state();
    const ov::Shape shape = value.get_shape();
    void* const data = to.reserve(from_ov(value.get_element_type()), shape);
    const std::size_t bytes = value.get_byte_size();
    if (bytes == 0) return Status::ok();
    if (data == nullptr) return Status::invalid_argument("no memory for a state of shape " + shape_text(shape));
    std::memcpy(data, value.data(), bytes);
    return Status::ok();
  });
}

Status OpenVinoState::write(const TensorView& value) {
  return guarded(StatusCode::kInvalidArgument, "cannot set the state '" + name_ + "'", [&] {
    const std::optional<ov::element::Type> type = to_ov(value.type);
    const ov::element::Type expected = state_.get_state().get_element_type();
    if (!type || *type != expected) {
      return Status::invalid_argument("state '" + name_ + "': got type " + value.type.to_string() + ", expected " +
                                      from_ov(expected).to_string());
    }
    // OpenVINO keeps the tensor that it is given, so it gets one of its own.
    ov::Tensor copy(*type, ov::Shape(value.shape.begin(), value.shape.end()));
    if (value.bytes > 0) std::memcpy(copy.data(), value.data, copy.get_byte_size());
    state_.set_state(copy);
    return Status::ok();
  });
}

Status OpenVinoState::reset() {
  return guarded(StatusCode::kDeviceFailed, "cannot reset the state '" + name_ + "'", [&] {
    state_.reset();
    return Status::ok();
  });
}

}  // namespace baton::engine::openvino
