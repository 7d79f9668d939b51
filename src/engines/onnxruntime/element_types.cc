// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "element_types.h"

namespace baton::engine::onnxruntime {

element::Type from_ort(ONNXTensorElementDataType type) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL: return element::boolean;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16: return element::bf16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16: return element::f16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: return element::f32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE: return element::f64;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4: return element::i4;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8: return element::i8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16: return element::i16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: return element::i32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64: return element::i64;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT4: return element::u4;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8: return element::u8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16: return element::u16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32: return element::u32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64: return element::u64;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN: return element::f8e4m3;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2: return element::f8e5m2;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING: return element::string;
    default: return element::dynamic;
  }
}

}  // namespace baton::engine::onnxruntime
