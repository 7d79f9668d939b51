// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a contract suite is run with: an engine of the build in one of its profiles.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

#include "contract/engine_harness.h"

namespace baton::test {

struct Subject {
  std::string engine;
  engine::Profile profile = engine::Profile::kFull;
};

inline std::ostream& operator<<(std::ostream& out, const Subject& subject) {
  return out << subject.engine << "_" << engine::to_string(subject.profile);
}

inline std::string name_of(const testing::TestParamInfo<Subject>& info) { return testing::PrintToString(info.param); }

/// Skipped where the subject's engine is not here.
class SubjectTest : public testing::TestWithParam<Subject> {
 protected:
  void SetUp() override {
    auto found = engines().engine(GetParam().engine);
    if (!found.is_ok()) GTEST_SKIP() << found.status().message();
    engine_ = found.value();
  }

  engine::CompileRequest request_for(model::Model model) const {
    engine::CompileRequest request;
    request.model = std::move(model);
    request.device = "CPU";
    request.profile = GetParam().profile;
    request.precision = engine::Precision::kFull;
    return request;
  }

  engine::Engine* engine_ = nullptr;
};

}  // namespace baton::test
