// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "command_line.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace startup {
namespace {

template <typename T>
T number(std::string_view text, std::string_view what) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::runtime_error(std::string(what) + ": expected a number, got '" + std::string(text) + "'");
  }
  return value;
}

std::vector<std::size_t> parse_shape(std::string_view text) {
  std::vector<std::size_t> shape;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('x'), text.size());
    shape.push_back(number<std::size_t>(text.substr(0, end), "shape"));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return shape;
}

std::size_t element_bytes(std::string_view type) {
  if (type == "f32" || type == "i32") return 4;
  if (type == "i64") return 8;
  throw std::runtime_error("input type '" + std::string(type) + "': expected f32, i32 or i64");
}

/// Maps the file and never unmaps it: inputs live as long as the process.
void map_file(const std::string& path, Input& input) {
  std::size_t expected = element_bytes(input.type);
  for (std::size_t length : input.shape) expected *= length;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (fd < 0 || fstat(fd, &info) != 0) throw std::runtime_error("input " + input.name + ": cannot open " + path);
  input.bytes = static_cast<std::size_t>(info.st_size);
  if (input.bytes != expected) {
    throw std::runtime_error("input " + input.name + ": " + path + " has " + std::to_string(input.bytes) +
                             " bytes, expected " + std::to_string(expected));
  }
  // Private and writable: an implementation may ask for memory it could write to.
  input.data = mmap(nullptr, input.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  close(fd);
  if (input.data == MAP_FAILED) throw std::runtime_error("input " + input.name + ": cannot map " + path);
}

/// "name:f32:1x3x224x224:FILE", an empty shape for a scalar.
Input parse_input(std::string_view text) {
  std::string_view fields[3];
  for (std::string_view& field : fields) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) throw std::runtime_error("--input: expected NAME:TYPE:SHAPE:FILE");
    field = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  Input input{.name = std::string(fields[0]), .type = std::string(fields[1]), .shape = parse_shape(fields[2])};
  map_file(std::string(text), input);
  return input;
}

bool* flag_of(Options& options, std::string_view key) {
  if (key == "--reshape") return &options.reshape;
  if (key == "--turns") return &options.turns;
  if (key == "--throughput") return &options.throughput;
  if (key == "--cumulative") return &options.cumulative;
  return nullptr;
}

void set_option(Options& options, std::string_view key, std::string_view value) {
  if (key == "--model") options.model = value;
  else if (key == "--input") options.inputs.push_back(parse_input(value));
  else if (key == "--device") options.device = value;
  else if (key == "--precision") options.precision = value;
  else if (key == "--cache") options.cache = value;
  else if (key == "--started")
    options.started = Clock::time_point(std::chrono::nanoseconds(number<std::int64_t>(value, key)));
  else if (key == "--trace") options.trace_s = number<double>(value, key);
  else if (key == "--settle") options.settle_s = number<double>(value, key);
  else if (key == "--steady") options.steady_s = number<double>(value, key);
  else if (key == "--idle") options.idle_s = number<double>(value, key);
  else if (key == "--outputs") options.outputs = value;
  else throw std::runtime_error("unknown option " + std::string(key));
}

}  // namespace

Options parse_command_line(int argc, char** argv, Clock::time_point now) {
  Options options;
  options.started = now;
  for (int i = 1; i < argc; ++i) {
    const std::string_view key = argv[i];
    if (bool* flag = flag_of(options, key)) {
      *flag = true;
      continue;
    }
    if (++i == argc) throw std::runtime_error(std::string(key) + ": expected a value");
    set_option(options, key, argv[i]);
  }
  if (options.model.empty() || options.inputs.empty()) throw std::runtime_error("--model and --input are needed");
  return options;
}

const char* usage() {
  return "usage: startup_X --model FILE --input NAME:TYPE:SHAPE:FILE... [--reshape] [--device D] [--precision f32]\n"
         "  --cache DIR    keep compiled models there\n"
         "  --started NS   CLOCK_MONOTONIC just before this process was started; default: now\n"
         "  --trace S      length of the start-up trace from time zero (2)\n"
         "  --settle S     longest wait for the end of a hand-over, from time zero (15)\n"
         "  --steady S     length of the steady measurement (3)\n"
         "  --idle S       idle time of which CPU use is measured (2)\n"
         "  --turns        once settled, print a line of JSON; then read numbers of seconds, a line each, work that "
         "long\n"
         "                 and print the median latency of each turn (run_turns.py)\n"
         "  --throughput   tuned for throughput: turns with as many requests at a time as are best, answers per "
         "second\n"
         "  --cumulative   with --throughput: on all devices at once, where the implementation can\n"
         "  --outputs P    write the outputs to P.first.N and P.steady.N\n"
         "TYPE is f32, i32 or i64; SHAPE is 1x3x224x224, empty for a scalar. Prints one line of JSON.\n";
}

}  // namespace startup
