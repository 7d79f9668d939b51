// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Outputs of another type than the model's (-op, -iop): a converted copy is made after every inference.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "baton/infer_request.hpp"
#include "options.h"

namespace baton::bench {

/// An output of the model as it was read.
struct ModelOutput {
  std::vector<std::string> names;
  element::Type type;
};

/// The types that the outputs are to have. Throws baton::Exception for a word that is no type.
std::vector<element::Type> plan_outputs(const Options& options, const std::vector<ModelOutput>& outputs);

/// Thread-safety: safe. Ownership: owns the copies, as many as were made at a time.
class OutputConverter {
 public:
  explicit OutputConverter(std::vector<element::Type> types) : types_(std::move(types)) {}

  /// Converts the outputs of the request's last run; how many ms that took.
  double convert(InferRequest request);

 private:
  using Copies = std::vector<Tensor>;  ///< by output; an empty one where the type is the model's

  const std::vector<element::Type> types_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Copies>> idle_;  // guarded by mutex_
};

}  // namespace baton::bench
