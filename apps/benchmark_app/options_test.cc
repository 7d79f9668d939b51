// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <iterator>
#include <sstream>

namespace baton::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

std::vector<std::string> normalised(std::vector<const char*> arguments) { return normalise_arguments(arguments); }

ParsedCommandLine parse(std::vector<const char*> arguments) { return parse_command_line(arguments); }

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

Options parsed(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"-m", "x.onnx"});
  const ParsedCommandLine result = parse(arguments);
  EXPECT_FALSE(result.exit) << result.text;
  return result.options;
}

TEST(NormaliseArguments, B1602_all_forms_are_one) {
  EXPECT_THAT(normalised({"-niter", "5", "-d=CPU", "--t", "3", "\u2013hint", "none", "\u2013\u2013b", "2"}),
              ElementsAre("--niter", "5", "--d=CPU", "--t", "3", "--hint", "none", "--b", "2"));
}

TEST(NormaliseArguments, numbers_and_plain_words_stay) {
  EXPECT_THAT(normalised({"-nthreads", "-1", "-i", "a-b.png", "-"}),
              ElementsAre("--nthreads", "-1", "--i", "a-b.png", "-"));
}

TEST(NormaliseArguments, a_truth_value_belongs_to_the_switch_before_it) {
  EXPECT_THAT(normalised({"-pc", "true", "-phases", "OFF", "-json_stats", "-d", "CPU"}),
              ElementsAre("--pc=true", "--phases=OFF", "--json_stats", "--d", "CPU"));
  EXPECT_EQ(parsed({"--infer_threads_pinning", "YES"}).pin, true) << "also by the long name";
  EXPECT_THAT(normalised({"-nireq", "1"}), ElementsAre("--nireq", "1")) << "1 is a number for other options";
}

TEST(CommandLine, B1601_defaults) {
  const Options options = parsed({});
  EXPECT_EQ(options.device, "CPU");
  EXPECT_TRUE(options.is_async());
  EXPECT_TRUE(options.warm_up);
  EXPECT_TRUE(options.phases);
  EXPECT_FALSE(options.iterations || options.seconds || options.inference_only || options.report);
  EXPECT_EQ(options.percentile, 50U);
}

TEST(CommandLine, B1601_every_option_is_known) {
  const std::vector<std::string> typed = words(
      "-i a.png x:b.npy -d AUTO:GPU,CPU -niter 10 -t 2.5 -max_irate 30 -hint ctput -b 4 -shape [1,3] -data_shape [1,3] "
      "-layout [NC] -api sync -nireq 3 -nstreams CPU:2 -inference_only false -infer_precision f32 -no_warmup "
      "-cache_dir c -load_from_file -ip u8 -op f32 -iop x:u8 -mean_values [1] -scale_values [2] -nthreads 2 -pin NO "
      "-latency_percentile 90 -report_type detailed_counters -report_folder r -json_stats -pc -pcsort simple_sort "
      "-dump_config d.json -load_config l.json -engines CPU:a,b -schedule_policy ROUND_ROBIN -startup_device CPU "
      "-explain -phases off --json out.json");
  std::vector<const char*> arguments;
  for (const std::string& word : typed) arguments.push_back(word.c_str());
  const Options o = parsed(arguments);
  EXPECT_THAT(o.inputs, ElementsAre("a.png", "x:b.npy"));
  EXPECT_EQ(o.shape, "[1,3]") << "brackets are kept";
  EXPECT_EQ(o.iterations, 10U);
  EXPECT_EQ(o.seconds, 2.5);
  EXPECT_EQ(o.inference_only, false);
  EXPECT_EQ(o.pin, false);
  EXPECT_FALSE(o.warm_up);
  EXPECT_FALSE(o.phases);
  EXPECT_FALSE(o.is_async());
  EXPECT_EQ(o.counters, Counters::kDetailed);
  EXPECT_TRUE(o.report && o.json_stats && o.print_counters && o.load_from_file && o.explain);
  EXPECT_EQ(o.json_file, "out.json");
}

TEST(CommandLine, the_api_follows_the_hint) {
  EXPECT_FALSE(parsed({"-hint", "latency"}).is_async());
  EXPECT_TRUE(parsed({"-hint", "latency", "-api", "async"}).is_async());
  EXPECT_TRUE(parsed({"-hint", "none"}).is_async());
}

TEST(CommandLine, what_was_typed_is_kept_for_the_reports) {
  const Options options = parsed({"-d=CPU", "-i", "a.png", "b.png", "-pc", "-niter", "3"});
  EXPECT_THAT(options.given, ElementsAre(Pair("-m", "x.onnx"), Pair("-d", "CPU"), Pair("-i", "a.png b.png"),
                                         Pair("-pc", ""), Pair("-niter", "3")));
}

TEST(CommandLine, B1602_mistakes_end_with_2_and_a_hint) {
  for (const auto& bad : std::initializer_list<std::vector<const char*>>{{"-m", "x", "-foo"},
                                                                         {"-m", "x", "-niter", "many"},
                                                                         {"-m", "x", "-hint", "fast"},
                                                                         {"-d", "CPU"},
                                                                         {"-m", "x", "-latency_percentile", "0"},
                                                                         {"-m", "x", "-nireq", "0"},
                                                                         {"-m", "x", "-pc=perhaps"}}) {
    const ParsedCommandLine result = parse(bad);
    EXPECT_EQ(result.exit, 2) << bad.back();
    EXPECT_THAT(result.text, HasSubstr("-h lists all options")) << bad.back();
  }
}

TEST(CommandLine, B1602_messages_spell_the_option_as_it_is_typed_and_say_what_is_expected) {
  EXPECT_THAT(parse({"-m", "x", "-nireq", "x"}).text, HasSubstr("-nireq: got 'x', expected a whole number, 1 or more"));
  EXPECT_THAT(parse({"-m", "x", "-niter", "-1"}).text,
              HasSubstr("-niter: got '-1', expected a whole number, 0 or more"));
  EXPECT_THAT(parse({"-m", "x", "-t", "0"}).text, HasSubstr("-t: got '0', expected a number of seconds above 0"));
  EXPECT_THAT(parse({"-m", "x", "-b", "2.5"}).text, HasSubstr("-b: got '2.5', expected a whole number, 1 or more"));
  EXPECT_THAT(parse({"-d", "CPU"}).text, Not(HasSubstr("--")));
}

TEST(CommandLine, help_shows_the_options_as_they_are_typed) {
  const ParsedCommandLine help = parse({"-h"});
  EXPECT_EQ(help.exit, 0);
  EXPECT_THAT(help.text, HasSubstr("  -niter,--number_iterations"));
  EXPECT_THAT(help.text, HasSubstr("  -phases"));
}

}  // namespace
}  // namespace baton::bench
