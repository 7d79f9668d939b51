// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a contract suite is run with: an engine of the build in one of its profiles.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
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
  std::string name = subject.engine;
  std::replace(name.begin(), name.end(), '.', '_');  // part of a test's name
  return out << name << "_" << engine::to_string(subject.profile);
}

inline std::string name_of(const testing::TestParamInfo<Subject>& info) { return testing::PrintToString(info.param); }

/// Skipped where the subject's engine, or hardware for it, is not here.
class SubjectTest : public testing::TestWithParam<Subject> {
 protected:
  void SetUp() override {
    auto found = engines().engine(GetParam().engine);
    if (!found.is_ok()) GTEST_SKIP() << found.status().message();
    engine_ = found.value();
    if (const auto status = engine_->usable(); !status.is_ok()) GTEST_SKIP() << status.message();
    const auto devices = engine_->enumerate({});
    ASSERT_TRUE(devices.is_ok()) << devices.status().message();
    const bool has_cpu = std::any_of(devices->begin(), devices->end(), [](auto& d) { return d.handle == "CPU"; });
    if (!has_cpu && devices->empty()) GTEST_SKIP() << GetParam().engine << " reaches no device here";
    device_ = has_cpu ? "CPU" : devices->front().handle;
  }

  engine::CompileRequest request_for(model::Model model) const {
    engine::CompileRequest request;
    request.model = std::move(model);
    request.device = device_;
    request.profile = GetParam().profile;
    request.precision = engine::Precision::kFull;
    return request;
  }

  engine::Engine* engine_ = nullptr;
  std::string device_;  ///< the engine's own name: the CPU, or the first one where it does not reach that
};

}  // namespace baton::test
