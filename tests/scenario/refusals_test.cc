// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a refusal says of devices and engines: what was got, what was expected, and why what could be there is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kMachine = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
  "engines": [{"name": "broken", "probe": {"error": "its library lacks libx.so.1"}}],
  "pairs": [{"device": "CPU", "engine": "E"}, {"device": "CPU", "engine": "F"}, {"device": "GPU", "engine": "broken"}]})";

std::string refusal(const std::string& device, Options options = {}) {
  Machine machine(kMachine);
  const auto model = autodev::AutoModel::compile(machine.environment, machine.spec(device, std::move(options)));
  return model.is_ok() ? "no refusal" : std::string(model.status().message());
}

TEST(Refusals, B120_B305_a_device_that_is_not_there_for_want_of_an_engine_says_so) {
  for (const char* device : {"AUTO:GPU", "MULTI:GPU", "GPU", "AUTO:-CPU"}) {
    EXPECT_THAT(refusal(device), AllOf(HasSubstr("available devices: CPU"), HasSubstr("engine broken not available: "),
                                       HasSubstr("its library lacks libx.so.1")))
        << device;
  }
  EXPECT_THAT(refusal("NPU"), Not(HasSubstr("broken"))) << "it was not asked for";
  EXPECT_THAT(refusal("MULTI"), Not(HasSubstr("broken"))) << "nothing is missing but the list";
}

TEST(Refusals, B422_engine_priorities_that_leave_nothing_say_what_there_is) {
  Options options;
  options.engine_priorities = {{"CPU", {"unknown"}}};
  for (const char* device : {"AUTO", "CPU"}) {
    EXPECT_THAT(refusal(device, options),
                HasSubstr("NO_ENGINE: ENGINE_PRIORITIES leaves no engine for this device, expected some of: E, F"));
  }
}

TEST(Refusals, B422_an_unknown_engine_is_warned_of_and_the_rest_is_used) {
  Machine machine(kMachine);
  Options options;
  options.engine_priorities = {{"CPU", {"unknown", "F"}}, {"NPU", {"E"}}};
  auto model = machine.model("AUTO", options);
  machine.run_ms(5000);
  EXPECT_EQ(execution_engines(*model), "F");
  const auto report = model->report();
  EXPECT_THAT(report.notes, AllOf(Contains(HasSubstr("name engine unknown, which is not known here")),
                                  Contains("ENGINE_PRIORITIES for NPU are ignored: it is no candidate")));
}

}  // namespace
}  // namespace baton::test
