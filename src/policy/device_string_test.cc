// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/device_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace baton::policy {
namespace {

using base::StatusCode;
using ::testing::HasSubstr;
using Kind = DeviceString::Kind;

DeviceString parse(std::string_view text) {
  base::Result<DeviceString> result = parse_device_string(text);
  EXPECT_TRUE(result.is_ok()) << text << ": " << result.status().message();
  return result.is_ok() ? std::move(result).value() : DeviceString{};
}

std::string in_quotes(std::string_view text) { return std::string("\"").append(text).append("\""); }

void expect_error(std::string_view text, std::string_view part, StatusCode code = StatusCode::kInvalidArgument) {
  const base::Result<DeviceString> result = parse_device_string(text);
  ASSERT_FALSE(result.is_ok()) << text << " was accepted as " << to_string(result.value());
  EXPECT_EQ(result.status().code(), code) << text;
  EXPECT_THAT(result.status().message(), HasSubstr(std::string(part))) << text;
}

TEST(DeviceString, B101_nothing_and_blanks_mean_auto) {
  for (const char* text : {"", " ", "\t ", "AUTO", " AUTO\t", "AUTO:", "AUTO :"}) {
    EXPECT_EQ(parse(text), DeviceString{}) << '"' << text << '"';
  }
  EXPECT_EQ(parse("MULTI").kind, Kind::kMulti);
  EXPECT_FALSE(parse("MULTI").has_list());
}

TEST(DeviceString, B102_every_form_of_the_grammar) {
  const DeviceString list = parse("MULTI:CPU(2),-GPU.1,GPU");
  EXPECT_EQ(list.kind, Kind::kMulti);
  ASSERT_EQ(list.tokens.size(), 3u);
  EXPECT_EQ(list.tokens[0], (Token{"CPU", "", 2, false, "CPU(2)"}));
  EXPECT_EQ(list.tokens[1], (Token{"GPU", "1", 0, true, "-GPU.1"}));
  EXPECT_EQ(list.tokens[2], (Token{"GPU", "", 0, false, "GPU"}));

  const DeviceString batch = parse("BATCH:GPU.1(16)");
  EXPECT_EQ(batch.kind, Kind::kBatch);
  EXPECT_EQ(batch.name, "GPU.1");
  EXPECT_EQ(batch.count, 16u);
  EXPECT_EQ(parse("BATCH: GPU").count, 0u);

  const DeviceString direct = parse(" NPU ");
  EXPECT_EQ(direct.kind, Kind::kDirect);
  EXPECT_EQ(direct.name, "NPU");
}

TEST(DeviceString, B103_blanks_are_trimmed) {
  EXPECT_EQ(parse("AUTO: GPU , CPU"), parse("AUTO:GPU,CPU"));
  EXPECT_EQ(parse(" AUTO :\tGPU.1 ( 2 ) ,- CPU\t"), parse("AUTO:GPU.1(2),-CPU"));
  EXPECT_EQ(parse("BATCH : GPU ( 8 )"), parse("BATCH:GPU(8)"));
}

TEST(DeviceString, B104_empty_tokens_are_dropped) {
  EXPECT_EQ(parse("AUTO:,CPU,,GPU,"), parse("AUTO:CPU,GPU"));
  EXPECT_FALSE(parse("AUTO:,").has_list());
  EXPECT_FALSE(parse("AUTO: , ,").has_list());
}

TEST(DeviceString, B105_names_are_exact) {
  EXPECT_EQ(parse("auto").kind, Kind::kDirect);
  EXPECT_EQ(parse("GPU.10").name, "GPU.10");
  EXPECT_EQ(parse("GPU_X").name, "GPU_X");
  EXPECT_EQ(parse("AUTOX").name, "AUTOX");
}

TEST(DeviceString, B107_B1406_errors_show_the_token) {
  const struct {
    const char* text;
    const char* token;
  } kCases[] = {
      {"AUTO:CPU,\"GPU\"", "\"\"GPU\"\""},
      {"AUTO:{CPU}", "{CPU}"},
      {"AUTO:GPU(2", "GPU(2"},
      {"AUTO:GPU2)", "GPU2)"},
      {"AUTO:GPU(2)x,CPU", "GPU(2)x"},
      {"AUTO:CPU,-", "\"-\""},
      {"AUTO:--GPU", "--GPU"},
      {"AUTO:-GPU(2)", "-GPU(2)"},
      {"AUTO:1GPU", "1GPU"},
      {"AUTO:GPU.", "GPU."},
      {"AUTO:.0", ".0"},
      {"AUTO:GPU CPU", "GPU CPU"},
      {"AUTO:GPU:CPU", "GPU:CPU"},
      {"AUTO:CPU\n", "CPU\n"},
      {"AUTO:CPU(2)(3)", "CPU(2)(3)"},
      {"CPU,GPU", "CPU,GPU"},
      {"CPU:GPU", "CPU:GPU"},
      {"CPU(2)", "CPU(2)"},
      {"-CPU", "-CPU"},
      {"AUTO CPU", "AUTO CPU"},
      {"AUTO.1", "AUTO.1"},
      {"AUTO:GPU .1", "GPU .1"},
  };
  for (const auto& c : kCases) expect_error(c.text, c.token);
}

TEST(DeviceString, B107_errors_say_what_is_expected) {
  expect_error("CPU,GPU", "expected AUTO:CPU,GPU");
  expect_error("-CPU", "expected AUTO:-CPU");
  expect_error("AUTO:1GPU", "expected NAME, NAME(n) or -NAME");
  expect_error("BATCH", "expected BATCH:NAME");
}

TEST(DeviceString, B107_legacy_literal_is_answered_with_the_right_call) {
  for (const char* text :
       {R"("AUTO", {{"AUTO_DEVICE_LIST", "CPU,GPU"}})", R"('AUTO', {'AUTO_DEVICE_LIST': 'CPU,GPU'})"}) {
    expect_error(text, R"(compile_model(model, "AUTO", {{"AUTO_DEVICE_LIST", "CPU,GPU"}}))");
    expect_error(text, R"(compile_model(model, "AUTO:CPU,GPU"))");
    expect_error(text, text);
  }
  expect_error(R"("MULTI", {{"MULTI_DEVICE_PRIORITIES", "NPU"}})", R"("AUTO:NPU")");
  EXPECT_EQ(parse("AUTO:AUTO_DEVICE_LIST").tokens.size(), 1u);  // a name like any other
}

TEST(DeviceString, B115_B1405_virtual_devices_are_no_candidates) {
  for (const char* name : {"AUTO", "MULTI", "BATCH", "HETERO", "-AUTO", "AUTO.0"}) {
    expect_error(std::string("AUTO:CPU,") + name, "virtual device not allowed as candidate");
    expect_error(std::string("AUTO:CPU,") + name, in_quotes(name));
  }
  EXPECT_FALSE(parse_device_list("CPU,MULTI").is_ok());
}

TEST(DeviceString, B116_counts_from_1_to_4096) {
  EXPECT_EQ(parse("AUTO:GPU(1)").tokens[0].count, 1u);
  EXPECT_EQ(parse("AUTO:GPU(4096)").tokens[0].count, 4096u);
  for (const char* count : {"0", "-1", "NA", "", "4097", "99999999999999999999", "1.5", "0x2", "+3", "2 3"}) {
    const std::string token = std::string("GPU(").append(count).append(")");
    expect_error("AUTO:" + token, in_quotes(token));
    expect_error("AUTO:" + token, "from 1 to 4096");
  }
}

TEST(DeviceString, B127_batch_takes_exactly_one_hardware_device) {
  expect_error("BATCH", "exactly one device");
  expect_error("BATCH: ", "exactly one device");
  expect_error("BATCH:CPU,GPU", "exactly one device");
  expect_error("BATCH:-CPU", "exactly one device");
  expect_error("BATCH:CPU(0)", "CPU(0)");
  for (const char* name : {"AUTO", "MULTI", "BATCH", "HETERO"})
    expect_error(std::string("BATCH:") + name, "virtual device");
}

TEST(DeviceString, B129_hetero_is_not_implemented) {
  expect_error("HETERO", "HETERO", StatusCode::kNotImplemented);
  expect_error("HETERO:GPU,CPU", "HETERO", StatusCode::kNotImplemented);
}

TEST(DeviceString, B130_ids_may_hold_dots_and_dashes) {
  const Token token = parse("AUTO:MYRIAD.1.2-ma2480(3)").tokens[0];
  EXPECT_EQ(token.family, "MYRIAD");
  EXPECT_EQ(token.id, "1.2-ma2480");
  EXPECT_EQ(token.name(), "MYRIAD.1.2-ma2480");
  EXPECT_EQ(token.count, 3u);
}

class RandomText {
 public:
  explicit RandomText(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  const char* pick(std::initializer_list<const char*> texts) { return texts.begin()[below(texts.size())]; }
  std::string blanks() { return pick({"", "", " ", "\t", " \t "}); }

 private:
  std::mt19937 random_;
};

std::string random_list(RandomText& random) {
  std::string text;
  for (std::size_t n = random.below(6); n > 0; --n) {
    const bool exclude = random.below(3) == 0;
    text += random.blanks();
    if (exclude) text += '-';
    text += random.blanks();
    text += random.pick({"CPU", "GPU", "GPU.0", "GPU.10", "NPU", "MYRIAD.1.2-ma2480", "x_1", "Gpu"}) + random.blanks();
    if (!exclude && random.below(3) == 0) {
      text += '(';
      text += random.blanks() + std::to_string(1 + random.below(4096));
      text += ')';
    }
    text += random.blanks() + (n > 1 ? random.pick({",", ",,", ", ,"}) : "");
  }
  return text;
}

TEST(DeviceString, property_printing_and_parsing_are_inverse) {
  RandomText random(20260401);
  for (int i = 0; i < 5000; ++i) {
    const std::string head = random.pick({"AUTO", "MULTI", "BATCH", "CPU", "GPU.1"});
    std::string text = head;
    if (head == "AUTO" || head == "MULTI") text.append(":").append(random_list(random));
    if (head == "BATCH") text.append(random.blanks()).append(":GPU.1 ").append(random.pick({"", "(4)", "( 17 )"}));
    const DeviceString value = parse(text);
    EXPECT_EQ(parse(to_string(value)), value) << text;
    EXPECT_EQ(to_string(value).find(' '), std::string::npos) << text;
  }
}

TEST(DeviceString, property_any_text_is_parsed_or_refused_with_a_message) {
  std::mt19937 random(7);
  const std::string alphabet = "AUTOMLIBCHGPU01.,:()- \t\"{}-x_\n";
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? "AUTO:" : "";
    for (std::size_t n = random() % 12; n > 0; --n) text += alphabet[random() % alphabet.size()];
    const base::Result<DeviceString> result = parse_device_string(text);
    if (result.is_ok()) {
      EXPECT_EQ(parse(to_string(result.value())), result.value()) << text;
    } else {
      EXPECT_FALSE(result.status().message().empty()) << text;
    }
  }
}

TEST(DeviceString, B107_B1406_the_whole_message) {
  EXPECT_EQ(parse_device_string("AUTO:GPU(").status().message(),
            "device token \"GPU(\" is not valid: the parenthesis is not closed");
  EXPECT_EQ(parse_device_string("AUTO:GPU(0)").status().message(),
            "device token \"GPU(0)\" is not valid: got count \"0\", expected a count from 1 to 4096");
}

TEST(DeviceString, B107_a_legacy_call_with_an_empty_list_is_answered_with_an_example) {
  for (const char* text :
       {R"("AUTO", {{"AUTO_DEVICE_LIST", ""}})", R"("AUTO", {{"AUTO_DEVICE_LIST", ""}, {"X", "NPU"}})"}) {
    expect_error(text, R"({{"AUTO_DEVICE_LIST", "CPU,GPU"}})");
  }
  expect_error(R"("AUTO", {{"AUTO_DEVICE_LIST", "A"}, {"X", "NPU"}})", R"("AUTO:A")");
}

TEST(DeviceString, B127_B906_a_bad_token_under_batch_is_shown) {
  for (const char* token : {"GPU(", "GPU(0)", "GPU(4097)", "--GPU", "1GPU", "GPU(2)x"}) {
    expect_error(std::string("BATCH:").append(token), in_quotes(token));
  }
  EXPECT_EQ(parse("BATCH:GPU(1)").count, 1u);
}

TEST(DeviceString, B128_a_device_used_directly_takes_no_count) {
  for (const char* text : {"GPU(1)", "GPU(2)", "GPU.1(4096)"}) {
    expect_error(text, "a device used directly takes no count");
    expect_error(text, in_quotes(text));
  }
}

}  // namespace
}  // namespace baton::policy
