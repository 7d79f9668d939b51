// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The layers of an IR file: what its XML says, not what it means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace baton::model {

struct IrOutput {
  std::vector<std::string> names;   ///< of the tensor
  std::vector<std::int64_t> shape;  ///< -1: free. Empty: a scalar, or nothing is known
  bool used = false;                ///< by a layer, a Result included
};

/// Where an input comes from.
struct IrSource {
  std::size_t layer = 0;
  std::size_t output = 0;
};

struct IrLayer {
  std::string name;
  std::string type;
  std::string version;                      ///< "opset1"
  std::map<std::string, std::string> data;  ///< attributes of the operator
  std::vector<IrSource> inputs;             ///< of layers before this one
  std::vector<IrOutput> outputs;
  bool has_body = false;  ///< a loop or branches
};

struct IrNet {
  int version = 0;
  std::vector<IrLayer> layers;  ///< each after those whose outputs it takes
};

/// kInvalidArgument for what is no such XML, kUnsupported where layers stand in another order. Bodies of loops and
/// branches are passed over.
base::Result<IrNet> read_ir_net(std::string_view xml);

/// "1, 3,300" as numbers; what is none ends the list.
std::vector<std::int64_t> ir_numbers(std::string_view text);

}  // namespace baton::model
