// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The field numbers of ONNX's messages that Baton looks at. They are fixed by the ONNX standard.
#pragma once

#include <cstdint>

namespace baton::model::onnx {

using Number = std::uint32_t;

namespace model_proto {
inline constexpr Number kIrVersion = 1, kModelVersion = 5, kGraph = 7, kMetadata = 14, kFunction = 25;
}
namespace graph_proto {
inline constexpr Number kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12, kValueInfo = 13,
                        kSparseInitializer = 15;
}
namespace function_proto {
inline constexpr Number kName = 1, kInput = 4, kOutput = 5, kNode = 7, kDomain = 10, kValueInfo = 12, kOverload = 13;
}
namespace node_proto {
inline constexpr Number kInput = 1, kOutput = 2, kOpType = 4, kAttribute = 5, kDomain = 7, kOverload = 8;
}
namespace attribute_proto {
inline constexpr Number kName = 1, kInt = 3, kTensor = 5, kGraph = 6, kFloats = 7, kInts = 8, kGraphs = 11;
}
namespace value_info_proto {
inline constexpr Number kName = 1, kType = 2;
}
namespace type_proto {
inline constexpr Number kTensor = 1, kSequence = 4, kMap = 5, kDenotation = 6, kSparseTensor = 8, kOptional = 9;
}
namespace tensor_type_proto {
inline constexpr Number kElementType = 1, kShape = 2;
}
namespace shape_proto {
inline constexpr Number kDimension = 1;
}
namespace dimension_proto {
inline constexpr Number kValue = 1;
}
namespace tensor_proto {
inline constexpr Number kDims = 1, kDataType = 2, kInt32Data = 5, kInt64Data = 7, kName = 8, kRawData = 9,
                        kExternalData = 13, kDataLocation = 14;
}
namespace sparse_tensor_proto {
inline constexpr Number kValues = 1;
}
/// StringStringEntryProto: metadata, external data.
namespace entry_proto {
inline constexpr Number kKey = 1, kValue = 2;
}

}  // namespace baton::model::onnx
