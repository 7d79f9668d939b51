// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "policy/test_devices.h"

namespace baton::policy {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): the machines of test_devices.h
using base::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Devices = std::vector<DeviceRecord>;

base::Result<CandidateList> resolve(std::string_view text, const Devices& devices,
                                    const CandidateOptions& options = {}) {
  const base::Result<DeviceString> device = parse_device_string(text);
  EXPECT_TRUE(device.is_ok()) << device.status().message();
  return resolve_candidates(device.value(), devices, options);
}

CandidateList resolved(std::string_view text, const Devices& devices, const CandidateOptions& options = {}) {
  base::Result<CandidateList> list = resolve(text, devices, options);
  EXPECT_TRUE(list.is_ok()) << text << ": " << list.status().message();
  return list.is_ok() ? std::move(list).value() : CandidateList{};
}

std::vector<std::string> accepted(const CandidateList& list) {
  std::vector<std::string> names;
  for (const Candidate& candidate : list.candidates) {
    if (!candidate.accepted) continue;
    names.push_back(candidate.device);
    if (candidate.workers > 0) names.back().append("(").append(std::to_string(candidate.workers)).append(")");
  }
  return names;
}

/// Rejected ones as "GPU.1 EXCLUDED".
std::vector<std::string> rejected(const CandidateList& list) {
  std::vector<std::string> texts;
  for (const Candidate& candidate : list.candidates) {
    if (!candidate.accepted) texts.push_back(candidate.device + " " + std::string(to_string(candidate.reason)));
  }
  return texts;
}

struct Example {
  const char* rule;
  Devices devices;
  const char* text;
  std::vector<std::string> accepted;
  std::vector<std::string> rejected;
};

TEST(Candidates, B131_to_B146_examples) {
  const Example kExamples[] = {
      {"B-131", machine_m4(), "AUTO", {"CPU", "GPU.0", "GPU.1", "NPU"}, {}},
      {"B-132", machine_m4(), "AUTO:CPU,,GPU", {"CPU", "GPU.0", "GPU.1"}, {}},
      {"B-133", machine_m4(), "AUTO: ,CPU", {"CPU"}, {}},
      {"B-134", machine_m4(), "AUTO:CPU,GPU,GPU.1", {"CPU", "GPU.0", "GPU.1"}, {}},
      {"B-135", machine_m4(), "AUTO:NPU,GPU,CPU,-GPU.0", {"NPU", "GPU.1", "CPU"}, {"GPU.0 EXCLUDED"}},
      {"B-136", machine_m4(), "AUTO:-GPU.0", {"CPU", "GPU.1", "NPU"}, {"GPU.0 EXCLUDED"}},
      {"B-137", machine_m4(), "AUTO:-GPU,GPU.0", {"GPU.0"}, {"GPU.1 EXCLUDED"}},
      {"B-137", machine_m4(), "AUTO:GPU.0,-GPU", {"GPU.0"}, {"GPU.1 EXCLUDED"}},
      {"B-138", machine_m4(), "AUTO:-GPU,CPU", {"CPU"}, {"GPU.0 EXCLUDED", "GPU.1 EXCLUDED"}},
      {"B-140", machine_m2(), "AUTO:CPU,INVALID", {"CPU"}, {"INVALID DEVICE_NOT_FOUND"}},
      {"B-142", machine_m3(), "AUTO:CPU,GPU,-GPU.0", {"CPU"}, {"GPU EXCLUDED"}},
      {"B-143", machine_m3(), "AUTO:CPU,GPU,-GPU.1", {"CPU", "GPU"}, {"GPU.1 EXCLUDED"}},
      {"B-144", machine_m3(), "AUTO:CPU,GPU,GPU.0", {"CPU", "GPU.0"}, {}},
      {"B-145", machine_m3(), "AUTO:CPU,GPU,GPU.1", {"CPU", "GPU"}, {"GPU.1 DEVICE_NOT_FOUND"}},
      {"B-146", machine_m2(), "AUTO:CPU(1),GPU(2)", {"CPU(1)", "GPU.0(2)", "GPU.1(2)"}, {}},
  };
  for (const Example& example : kExamples) {
    SCOPED_TRACE(std::string(example.rule) + " " + example.text);
    const CandidateList list = resolved(example.text, example.devices);
    EXPECT_EQ(accepted(list), example.accepted);
    EXPECT_EQ(rejected(list), example.rejected);
  }
}

TEST(Candidates, B120_B139_B141_B1407_nothing_left_is_an_error_with_every_reason) {
  const base::Status both = resolve("AUTO:-CPU,-GPU", machine_m2()).status();
  EXPECT_EQ(both.code(), StatusCode::kNotFound);
  EXPECT_THAT(both.message(), HasSubstr("no supported device"));
  for (const char* part : {"CPU EXCLUDED (excluded by -CPU)", "GPU.0 EXCLUDED (excluded by -GPU)", "GPU.1 EXCLUDED",
                           "available devices: CPU, GPU.0, GPU.1"}) {
    EXPECT_THAT(both.message(), HasSubstr(part));
  }
  const base::Status invalid = resolve("AUTO:INVALID", machine_m2()).status();
  EXPECT_EQ(invalid.code(), StatusCode::kNotFound);
  EXPECT_THAT(invalid.message(), HasSubstr("INVALID DEVICE_NOT_FOUND"));
}

TEST(Candidates, B1407_message_for_a_machine_without_devices) {
  const base::Status status = resolve("AUTO", {}).status();
  EXPECT_THAT(status.message(), HasSubstr("no supported device for AUTO"));
  EXPECT_THAT(status.message(), HasSubstr("available devices: none"));
}

TEST(Candidates, B105_matching_is_exact) {
  const Devices devices = {cpu(), dgpu("1"), dgpu("10"), make_device("GPU_X", "", DeviceKind::kAccelerator)};
  EXPECT_THAT(accepted(resolved("AUTO:GPU.1", devices)), ElementsAre("GPU.1"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU", devices)), ElementsAre("GPU.1", "GPU.10"));
  EXPECT_THAT(accepted(resolved("AUTO:-GPU", devices)), ElementsAre("CPU", "GPU_X"));
}

TEST(Candidates, B106_wrong_case_is_not_found_with_a_suggestion) {
  const CandidateList list = resolved("AUTO:CPU,gpu", machine_m2());
  EXPECT_THAT(accepted(list), ElementsAre("CPU"));
  EXPECT_THAT(rejected(list), ElementsAre("gpu DEVICE_NOT_FOUND"));
  EXPECT_THAT(list.candidates[1].text, HasSubstr("did you mean GPU?"));
  EXPECT_THAT(resolve("AUTO:Gpu.1", machine_m2()).status().message(), HasSubstr("did you mean GPU.1?"));
}

TEST(Candidates, B108_first_occurrence_fixes_the_position) {
  const CandidateList list = resolved("AUTO:GPU.1,CPU,GPU,CPU", machine_m2());
  EXPECT_THAT(accepted(list), ElementsAre("GPU.1", "CPU", "GPU.0"));
  EXPECT_EQ(list.candidates[0].priority, 0);
  EXPECT_EQ(list.candidates[1].priority, 1);
  EXPECT_EQ(list.candidates[2].priority, 2);
}

TEST(Candidates, B109_a_family_shares_one_priority_in_ascending_id_order) {
  const Devices devices = {dgpu("10"), dgpu("9"), cpu()};
  const CandidateList list = resolved("AUTO:CPU,GPU", devices);
  EXPECT_THAT(accepted(list), ElementsAre("CPU", "GPU.9", "GPU.10"));
  EXPECT_EQ(list.candidates[1].priority, 1);
  EXPECT_EQ(list.candidates[2].priority, 1);
}

TEST(Candidates, B110_outside_lists_a_family_means_its_instance_0) {
  EXPECT_EQ(find_device("GPU", machine_m2()), 1);
  EXPECT_EQ(find_device("GPU.1", machine_m2()), 2);
  EXPECT_EQ(find_device("GPU", machine_m3()), 1);
  EXPECT_EQ(find_device("GPU.0", machine_m3()), 1);
  EXPECT_EQ(find_device("GPU.1", machine_m3()), -1);
  EXPECT_EQ(find_device("CPU.0", machine_m3()), -1);
  EXPECT_EQ(find_device("MYRIAD", Devices{make_device("MYRIAD", "1.1-a", DeviceKind::kAccelerator),
                                          make_device("MYRIAD", "1.2-b", DeviceKind::kAccelerator)}),
            -1);
}

TEST(Candidates, B111_spelling_is_that_of_enumeration_unless_written_out) {
  EXPECT_THAT(accepted(resolved("AUTO:GPU", machine_m3())), ElementsAre("GPU"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU.0", machine_m3())), ElementsAre("GPU.0"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU.0,CPU,GPU", machine_m3())), ElementsAre("GPU.0", "CPU"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU,CPU,GPU.0", machine_m3())), ElementsAre("GPU.0", "CPU"));
}

TEST(Candidates, B112_exclusions_of_an_instance_and_of_a_family) {
  EXPECT_EQ(resolve("AUTO:GPU.0,-GPU.0", machine_m3()).status().code(), StatusCode::kNotFound);
  EXPECT_THAT(accepted(resolved("AUTO:GPU.0,-GPU", machine_m3())), ElementsAre("GPU.0"));
  EXPECT_EQ(resolve("AUTO:GPU,-GPU", machine_m3()).status().code(), StatusCode::kNotFound);
  EXPECT_THAT(accepted(resolved("AUTO:-GPU.0,GPU", machine_m2())), ElementsAre("GPU.1"));
}

TEST(Candidates, B113_exclusion_of_something_absent_is_only_a_note) {
  const CandidateList list = resolved("AUTO:-NPU", machine_m2());
  EXPECT_THAT(accepted(list), ElementsAre("CPU", "GPU.0", "GPU.1"));
  ASSERT_EQ(list.notes.size(), 1u);
  EXPECT_THAT(list.notes[0], HasSubstr("-NPU"));
  EXPECT_THAT(list.warnings, IsEmpty());
}

TEST(Candidates, B114_only_exclusions_keep_the_default_order) {
  EXPECT_TRUE(resolved("AUTO:-CPU", machine_m2()).default_order);
  EXPECT_FALSE(resolved("AUTO:GPU,-GPU.0", machine_m2()).default_order);
  EXPECT_THAT(accepted(resolved("AUTO:CPU,-NPU", machine_m4())), ElementsAre("CPU"));
}

TEST(Candidates, B117_the_more_specific_token_gives_the_count) {
  EXPECT_THAT(accepted(resolved("AUTO:GPU(2),GPU.1(4)", machine_m2())), ElementsAre("GPU.0(2)", "GPU.1(4)"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU.1(4),GPU(2)", machine_m2())), ElementsAre("GPU.1(4)", "GPU.0(2)"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU(2),GPU.1", machine_m2())), ElementsAre("GPU.0(2)", "GPU.1(2)"));
  const CandidateList twice = resolved("AUTO:CPU(2),CPU(4)", machine_m2());
  EXPECT_THAT(accepted(twice), ElementsAre("CPU(2)"));
  ASSERT_EQ(twice.warnings.size(), 1u);
  EXPECT_THAT(twice.warnings[0], HasSubstr("CPU(4)"));
}

TEST(Candidates, B118_unknown_names_stay_with_one_warning) {
  const CandidateList list = resolved("AUTO:VPUX,CPU,VPUX", machine_m2());
  EXPECT_THAT(accepted(list), ElementsAre("CPU"));
  EXPECT_THAT(rejected(list), ElementsAre("VPUX DEVICE_NOT_FOUND"));
  ASSERT_EQ(list.warnings.size(), 1u);
  EXPECT_THAT(list.warnings[0], HasSubstr("VPUX"));
}

TEST(Candidates, B119_B1408_strict_devices) {
  CandidateOptions strict;
  strict.strict = true;
  const base::Status status = resolve("AUTO:VPUX,CPU,gpu,-NPU", machine_m2(), strict).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("VPUX"));
  EXPECT_THAT(status.message(), HasSubstr("gpu; did you mean GPU?"));
  EXPECT_THAT(status.message(), HasSubstr("available devices: CPU, GPU.0, GPU.1"));
  EXPECT_THAT(status.message(), ::testing::Not(HasSubstr("NPU")));
  EXPECT_THAT(accepted(resolved("AUTO:CPU,-NPU", machine_m2(), strict)), ElementsAre("CPU"));
}

TEST(Candidates, B121_the_suffix_wins_over_the_config_with_a_warning) {
  CandidateOptions config;
  config.priorities = "CPU";
  const CandidateList different = resolved("AUTO:GPU", machine_m2(), config);
  EXPECT_THAT(accepted(different), ElementsAre("GPU.0", "GPU.1"));
  EXPECT_EQ(different.source, ListSource::kDeviceString);
  ASSERT_EQ(different.warnings.size(), 1u);
  EXPECT_THAT(different.warnings[0], HasSubstr("MULTI_DEVICE_PRIORITIES CPU"));

  EXPECT_THAT(resolved("AUTO: CPU", machine_m2(), config).warnings, IsEmpty());
  config.priorities_source = ListSource::kAutoProperty;
  EXPECT_THAT(resolved("AUTO:GPU", machine_m2(), config).warnings, IsEmpty());
}

TEST(Candidates, B122_suffix_config_and_property_mean_the_same) {
  const CandidateList suffix = resolved("AUTO:GPU,CPU", machine_m2());
  for (const ListSource source : {ListSource::kCompileConfig, ListSource::kAutoProperty}) {
    CandidateOptions options;
    options.priorities = "GPU,CPU";
    options.priorities_source = source;
    for (const char* text : {"AUTO", "AUTO:,", ""}) {
      const CandidateList list = resolved(text, machine_m2(), options);
      EXPECT_EQ(accepted(list), accepted(suffix));
      EXPECT_EQ(list.list, suffix.list);
      EXPECT_EQ(list.source, source);
    }
  }
  EXPECT_EQ(resolved("AUTO", machine_m2()).source, ListSource::kDefault);
}

TEST(Candidates, a_bad_list_property_is_named) {
  CandidateOptions options;
  options.priorities = "CPU,(2)";
  EXPECT_THAT(resolve("AUTO", machine_m2(), options).status().message(), HasSubstr("MULTI_DEVICE_PRIORITIES"));
  EXPECT_FALSE(families_to_enumerate(DeviceString{}, "AUTO").is_ok());
}

TEST(Candidates, B123_an_explicit_list_asks_only_for_its_families) {
  const auto families = [](std::string_view text, std::string_view priorities = {}) {
    return families_to_enumerate(parse_device_string(text).value(), priorities).value();
  };
  EXPECT_THAT(families("AUTO:GPU.1,CPU,GPU,-NPU"), ElementsAre("GPU", "CPU"));
  EXPECT_THAT(families("AUTO", "NPU(2),CPU"), ElementsAre("NPU", "CPU"));
  EXPECT_THAT(families("AUTO:GPU", "NPU"), ElementsAre("GPU"));
  EXPECT_THAT(families("AUTO"), IsEmpty());
  EXPECT_THAT(families("AUTO:-GPU"), IsEmpty());
  EXPECT_THAT(families("GPU.1"), ElementsAre("GPU"));
  EXPECT_THAT(families("BATCH:CPU(4)"), ElementsAre("CPU"));
}

TEST(Candidates, B124_the_default_list_knows_no_blocklist) {
  const Devices devices = {cpu(), only_gpu(DeviceKind::kIntegratedGpu), accelerator("GNA"), accelerator("NPU"),
                           accelerator("SOMETHING_NEW")};
  EXPECT_THAT(accepted(resolved("AUTO", devices)), ElementsAre("CPU", "GPU", "GNA", "NPU", "SOMETHING_NEW"));
}

TEST(Candidates, B125_software_devices) {
  const Devices mixed = {cpu(), dgpu("0"), make_device("GPU", "1", DeviceKind::kSoftware)};
  const Devices alone = {cpu(), make_device("GPU", "0", DeviceKind::kSoftware, "GPU")};
  CandidateOptions allow;
  allow.allow_software = true;

  EXPECT_THAT(accepted(resolved("AUTO", mixed)), ElementsAre("CPU", "GPU.0"));
  EXPECT_THAT(rejected(resolved("AUTO", mixed)), ElementsAre("GPU.1 SOFTWARE_DEVICE"));
  EXPECT_THAT(accepted(resolved("AUTO", mixed, allow)), ElementsAre("CPU", "GPU.0", "GPU.1"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU", mixed, allow)), ElementsAre("GPU.0"));
  EXPECT_THAT(rejected(resolved("AUTO:GPU", mixed)), ElementsAre("GPU.1 SOFTWARE_DEVICE"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU,CPU,GPU.1", mixed)), ElementsAre("GPU.0", "CPU", "GPU.1"));
  EXPECT_THAT(accepted(resolved("AUTO:GPU", alone)), ElementsAre("GPU"));
  EXPECT_THAT(accepted(resolved("AUTO", alone)), ElementsAre("CPU"));
}

TEST(Candidates, B126_B1404_multi_needs_a_list) {
  for (const char* text : {"MULTI", "MULTI:", "MULTI: ,"}) {
    const base::Status status = resolve(text, machine_m2()).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(status.message(), HasSubstr("MULTI_DEVICE_PRIORITIES"));
  }
  CandidateOptions options;
  options.priorities = "CPU";
  EXPECT_THAT(accepted(resolved("MULTI", machine_m2(), options)), ElementsAre("CPU"));
}

TEST(Candidates, B128_B129_direct_names) {
  const auto direct = [](std::string_view text) {
    return resolve_direct(parse_device_string(text).value(), machine_m2());
  };
  EXPECT_EQ(direct("GPU").value().record, 1);
  EXPECT_EQ(direct("GPU").value().device, "GPU");
  EXPECT_EQ(direct("BATCH:GPU.1(4)").value().record, 2);
  const base::Status status = direct("auto").status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("available devices: CPU, GPU.0, GPU.1"));
  EXPECT_THAT(direct("cpu").status().message(), HasSubstr("did you mean CPU?"));
}

TEST(Candidates, B807_three_gpus_free_the_cpu_of_a_default_list) {
  CandidateOptions multi;
  multi.multi_device = true;
  EXPECT_THAT(accepted(resolved("AUTO", machine_m5(), multi)), ElementsAre("GPU.0", "GPU.1", "GPU.2"));
  EXPECT_THAT(rejected(resolved("AUTO", machine_m5(), multi)), ElementsAre("CPU CPU_LEFT_TO_GPUS"));
  EXPECT_THAT(accepted(resolved("AUTO", machine_m2(), multi)), ElementsAre("CPU", "GPU.0", "GPU.1"));
  EXPECT_THAT(accepted(resolved("AUTO:CPU,GPU", machine_m5(), multi)), ElementsAre("CPU", "GPU.0", "GPU.1", "GPU.2"));
  EXPECT_THAT(accepted(resolved("AUTO", machine_m5())), ElementsAre("CPU", "GPU.0", "GPU.1", "GPU.2"));
}

TEST(Candidates, ids_are_ordered_by_value) {
  EXPECT_TRUE(id_less("9", "10"));
  EXPECT_FALSE(id_less("10", "9"));
  EXPECT_TRUE(id_less("10", "a"));
  EXPECT_TRUE(id_less("1.1-a", "1.2-a"));
  EXPECT_FALSE(id_less("2", "2"));
}

std::string random_list(std::mt19937& random) {
  const char* kNames[] = {"CPU", "GPU", "GPU.0", "GPU.1", "GPU.2", "NPU", "GNA", "gpu", "MYRIAD.1.2-x"};
  std::string text = "AUTO:";
  for (std::size_t n = random() % 7; n > 0; --n) {
    const bool exclude = random() % 3 == 0;
    text += exclude ? "-" : "";
    text += kNames[random() % std::size(kNames)];
    if (!exclude && random() % 4 == 0) text.append("(").append(std::to_string(1 + random() % 8)).append(")");
    text += ",";
  }
  return text;
}

/// The candidate that speaks for a token, if any.
bool token_is_present(const Token& token, const CandidateList& list, const Devices& devices) {
  return std::any_of(list.candidates.begin(), list.candidates.end(), [&](const Candidate& c) {
    if (c.record < 0) return c.device == token.name();
    const DeviceRecord& device = devices[static_cast<std::size_t>(c.record)];
    return device.family == token.family && (token.id.empty() || token.id == device.id);
  });
}

TEST(Candidates, B1303_property_every_token_and_device_appears_exactly_once) {
  std::mt19937 random(42);
  const std::vector<Devices> machines = {
      machine_m1(), machine_m2(), machine_m3(),
      machine_m4(), machine_m5(), {cpu(), dgpu("0"), make_device("GPU", "1", DeviceKind::kSoftware)}};
  int resolved_lists = 0;
  for (int i = 0; i < 5000; ++i) {
    const Devices& devices = machines[random() % machines.size()];
    const std::string text = random_list(random);
    SCOPED_TRACE(text);
    CandidateOptions options;
    options.multi_device = random() % 2 == 0;
    options.allow_software = random() % 2 == 0;
    const base::Result<CandidateList> list = resolve(text, devices, options);
    if (!list.is_ok()) {
      EXPECT_EQ(list.status().code(), StatusCode::kNotFound);
      continue;
    }
    ++resolved_lists;
    std::set<std::string> names;
    std::map<int, int> records;
    for (const Candidate& candidate : list->candidates) {
      EXPECT_TRUE(names.insert(candidate.device).second) << candidate.device << " appears twice";
      const int uses = candidate.record >= 0 ? ++records[candidate.record] : 1;
      EXPECT_EQ(uses, 1) << candidate.device;
      EXPECT_TRUE(candidate.accepted ? candidate.record >= 0 : !candidate.text.empty()) << candidate.device;
    }
    const std::vector<Token> tokens = parse_device_string(text)->tokens;
    for (const Token& token : tokens) EXPECT_TRUE(token_is_present(token, list.value(), devices)) << token.text;
    EXPECT_TRUE(!list->default_order || records.size() == devices.size());
  }
  EXPECT_GT(resolved_lists, 1000);
}

TEST(Candidates, B106_suggestions_cover_the_whole_alphabet_and_ids) {
  const Devices devices = {accelerator("AZ"), accelerator("NPU"), dgpu("0"), dgpu("1")};
  EXPECT_THAT(rejected(resolved("AUTO:az,NPU", devices)), ElementsAre("az DEVICE_NOT_FOUND"));
  for (const auto& [wrong, right] :
       {std::pair("az", "AZ"), std::pair("aZ", "AZ"), std::pair("Npu", "NPU"), std::pair("gpu.1", "GPU.1")}) {
    const CandidateList list = resolved(std::string("AUTO:GPU,").append(wrong), devices);
    EXPECT_EQ(list.candidates.back().text,
              "no engine offers device " + std::string(wrong) + "; did you mean " + right + "?");
  }
}

TEST(Candidates, B117_an_exact_count_stands_against_all_that_come_later) {
  const CandidateList twice = resolved("AUTO:GPU.1(4),GPU.1(2)", machine_m2());
  EXPECT_THAT(accepted(twice), ElementsAre("GPU.1(4)"));
  EXPECT_THAT(twice.warnings, ElementsAre("GPU.1 is counted twice: 4 is used, GPU.1(2) is ignored"));
  EXPECT_THAT(resolved("AUTO:GPU.1(4),GPU(2)", machine_m2()).warnings, IsEmpty()) << "two for GPU.0 is no conflict";
  const CandidateList thrice = resolved("AUTO:GPU(2),GPU.1(4),GPU(8)", machine_m2());
  EXPECT_THAT(accepted(thrice), ElementsAre("GPU.0(2)", "GPU.1(4)"));
  EXPECT_THAT(thrice.warnings, ElementsAre("GPU.0 is counted twice: 2 is used, GPU(8) is ignored"));
}

TEST(Candidates, B120_B1302_the_list_is_shown_as_it_was_read) {
  EXPECT_EQ(resolved("AUTO: GPU.1 (2), ,-GPU.0,CPU", machine_m2()).list, "GPU.1(2),-GPU.0,CPU");
  EXPECT_EQ(resolved("AUTO", machine_m2()).list, "");
  CandidateOptions options;
  options.priorities = "GPU, CPU";
  EXPECT_EQ(resolved("AUTO", machine_m2(), options).list, "GPU,CPU");
  EXPECT_THAT(resolve("AUTO:NPU,VPU", machine_m2()).status().message(),
              HasSubstr("no supported device for AUTO:NPU,VPU: NPU DEVICE_NOT_FOUND ("));
}

TEST(Candidates, B109_a_default_list_has_one_priority_and_what_is_absent_no_device) {
  const CandidateList list = resolved("AUTO:-NPU,-GPU.0", machine_m2());
  for (const Candidate& candidate : list.candidates) {
    EXPECT_EQ(candidate.priority, candidate.device == "NPU" ? -1 : 0) << candidate.device;
  }
  EXPECT_EQ(list.candidates.back().device, "NPU");
  EXPECT_EQ(list.candidates.back().record, -1);
  EXPECT_EQ(resolved("AUTO:CPU,NPU", machine_m2()).candidates.back().record, -1);
}

}  // namespace
}  // namespace baton::policy
