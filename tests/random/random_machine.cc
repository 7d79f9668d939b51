// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/random_machine.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace baton::test {
namespace {

struct Hardware {
  const char* name;
  const char* kind;
};
constexpr Hardware kHardware[] = {{"CPU", "cpu"},         {"GPU.0", "igpu"},         {"GPU.1", "dgpu"},
                                  {"GPU.2", "dgpu"},      {"NPU", "accelerator"},    {"MYRIAD", "accelerator"},
                                  {"TPU", "accelerator"}, {"FPGA.0", "accelerator"}, {"FPGA.1", "accelerator"}};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

/// Writes one script; what the draws mean for the compile options is noted on the way.
class Writer {
 public:
  explicit Writer(RandomSource& random) : random_(random) {}

  RandomMachine write() {
    machine_.cores = random_.pick({1, 2, 4, 8});
    trouble_ = random_.pick({0u, 20u, 40u, 80u});
    may_hang_ = random_.chance(25);
    const std::vector<Hardware> chosen = choose_hardware();
    std::string devices;
    std::string pairs;
    for (const Hardware& hardware : chosen) {
      const std::string of_device = pairs_of(hardware);
      append(pairs, of_device);
      append(devices, device(hardware));
    }
    machine_.script = R"({"only": true, "devices": [)" + devices + R"(], "engines": [)" + engines() +
                      R"(], "pairs": [)" + pairs + "]}";
    auto parsed = sim::read_script(machine_.script);
    if (!parsed.is_ok()) {
      std::fprintf(stderr, "the generator wrote a bad script: %s\n%s\n", parsed.status().message().c_str(),
                   machine_.script.c_str());
      std::abort();
    }
    machine_.parsed = std::move(parsed).value();
    return std::move(machine_);
  }

 private:
  static void append(std::string& list, const std::string& item) { list += (list.empty() ? "" : ",\n") + item; }

  std::vector<Hardware> choose_hardware() {
    std::vector<Hardware> all(std::begin(kHardware), std::end(kHardware));
    random_.shuffle(all);
    all.resize(random_.between(1, 5));
    // Most machines have a CPU.
    const bool has = std::any_of(all.begin(), all.end(), [](const Hardware& h) { return h.name == kHardware[0].name; });
    if (!has && random_.chance(60)) all[0] = kHardware[0];
    return all;
  }

  std::string device(const Hardware& hardware) {
    std::string text = R"({"name": ")" + std::string(hardware.name) + R"(", "kind": ")" + hardware.kind + "\"";
    const char* const batches = may_hang_ ? R"("FP32")" : R"("FP32", "BATCHED_BLOB")";
    text += R"(, "capabilities": [)" +
            std::string(random_.pick({R"("FP32")", R"("FP32")", R"("FP32", "FP16")", batches, R"("FP16")"})) + "]";
    if (random_.chance(20)) text += R"(, "properties": {"RANGE_FOR_STREAMS": "1 3"})";
    std::string gone;
    if (random_.chance(trouble_ / 4)) {
      const double from = random_.below(3000);
      gone = R"({"from_ms": )" + number(from);
      if (random_.chance(80)) gone += R"(, "to_ms": )" + number(from + random_.between(1, 5000));
      gone += "}";
    }
    append(gone, R"({"from_ms": )" + number(kEndOfTimeMs) + "}");
    return text + R"(, "gone": [)" + gone + "]}";
  }

  std::string pairs_of(const Hardware& hardware) {
    std::string pairs;
    const std::uint32_t engines = random_.chance(30) ? 2 : 1;
    std::uint32_t first = random_.below(4);
    for (std::uint32_t i = 0; i < engines; ++i, ++first) {
      const std::string engine = "E" + std::to_string(first % 4);
      if (random_.chance(hardware.name == kHardware[0].name ? 45 : 15)) append(pairs, pair(hardware, engine, "fast"));
      append(pairs, pair(hardware, engine, "full"));
    }
    return pairs;
  }

  std::string pair(const Hardware& hardware, const std::string& engine, const std::string& profile) {
    const bool fast = profile == "fast";
    std::string text = R"({"device": ")" + std::string(hardware.name) + R"(", "engine": ")" + engine +
                       R"(", "profile": ")" + profile + "\"";
    text += R"(, "load_ms": )" +
            number(random_.pick({0.0, 5.0, 20.0, 20.0, 100.0, 400.0, 1500.0}) * (fast ? 0.5 : 1) + random_.below(3));
    text += R"(, "run_ms": )" + run_times(fast);
    if (random_.chance(15)) text += R"(, "first_run_ms": )" + number(random_.pick({0.0, 50.0, 700.0}));
    const int slots = random_.pick({1, 1, 2, 4});
    text += R"(, "slots": )" + std::to_string(slots);
    if (slots == 4) text += R"(, "waiting_requests": 1)";
    if (random_.chance(30)) text += R"(, "optimal_batch": )" + std::to_string(random_.pick({2, 4, 8}));
    if (random_.chance(30)) text += R"(, "batch_item_ms": )" + number(random_.pick({0.0, 0.2, 3.0}));
    const bool lazy = random_.chance(15);
    if (lazy) text += R"(, "lazy_first_run": true)";
    if (random_.chance(10)) text += R"(, "exclusive_load": true)";
    if (random_.chance(50)) text += R"(, "cpu_heavy_load": false)";
    if (random_.chance(3)) text += R"(, "refuses": "an operator is unknown")";
    if (lazy && random_.chance(50)) text += R"(, "load_rank": 4000)";  // covers the first run: others may serve before
    else if (random_.chance(5)) text += R"(, "load_rank": )" + std::to_string(random_.between(1, 30));
    if (random_.chance(10)) text += R"(, "run_rank": )" + std::to_string(random_.between(1, 30));
    if (random_.chance(15)) text += slows();
    return text + outputs() + failures() + "}";
  }

  std::string run_times(bool fast) {
    const auto one = [&] { return number(random_.pick({0.1, 1.0, 2.0, 5.0, 8.0, 20.0, 60.0}) * (fast ? 2 : 1)); };
    return random_.chance(15) ? "[" + one() + ", " + one() + ", " + one() + "]" : one();
  }

  std::string slows() {
    return R"(, "slows": [{"device": ")" + std::string(kHardware[random_.below(std::size(kHardware))].name) +
           R"(", "factor": )" + number(random_.pick({1.2, 2.0, 10.0})) + R"(, "while": ")" +
           random_.pick({"running", "loading", "both"}) + "\"}]";
  }

  std::string outputs() {
    std::string text;
    if (random_.chance(20)) text += R"(, "precision": "bf16")";
    const std::uint32_t kind = random_.below(100);
    const std::string wrong = random_.pick({R"({"bias": 0.5})", R"({"scale": 1.5})", R"({"nan": true})"});
    if (kind < 8) text += R"(, "output_error": )" + wrong;
    else if (kind < 14)
      text += R"(, "output_error": )" + wrong + R"(, "full_precision": {"output_error": )" + wrong + "}";
    else if (kind < 20) text += R"(, "output_error": {"scale": 1.00001})";
    return text;
  }

  std::string failures() {
    std::string text;
    const bool deaf_load = random_.chance(15);
    const bool deaf_run = random_.chance(15);
    if (deaf_load) text += R"(, "cancel_load": false)";
    if (deaf_run) text += R"(, "cancel_run": false)";
    if (random_.chance(trouble_ / 2))
      text += R"(, "load_failures": [)" + failure(random_.between(1, 3), false, false) + "]";
    if (random_.chance(trouble_)) {
      std::string list;
      std::uint32_t from = 0;
      for (std::uint32_t i = random_.between(1, 4); i > 0; --i) {
        from += random_.between(1, 12);
        append(list, failure(from, true, deaf_run));
      }
      text += R"(, "run_failures": [)" + list + "]";
    }
    return text;
  }

  std::string failure(std::uint32_t from, bool run, bool deaf) {
    const char* const worst = may_hang_ ? "HANG" : "UNAVAILABLE";
    const std::string name = random_.pick(
        {"ENGINE_ERROR", "ENGINE_ERROR", "DEVICE_LOST", "OUT_OF_MEMORY", "UNSUPPORTED", "INVALID_ARGUMENT", worst});
    if (name == "HANG") {
      (run ? machine_.run_hangs : machine_.load_hangs) = true;
      if (run && deaf) machine_.deaf_runs = true;
    }
    std::string text = R"({"from": )" + std::to_string(from);
    if (random_.chance(80)) text += R"(, "to": )" + std::to_string(from + random_.below(3));
    return text + R"(, "class": ")" + name + R"(", "message": "no luck"})";
  }

  std::string engines() {
    std::string list;
    for (int i = 0; i < 4; ++i) {
      std::string text = R"({"name": "E)" + std::to_string(i) + "\"";
      const std::uint32_t kind = may_hang_ ? 100 : random_.below(100);
      if (kind < 10) text += R"(, "concurrency": "serial_per_engine")";
      else if (kind < 20) text += R"(, "concurrency": "serial_per_executable")";
      if (!may_hang_ && random_.chance(8)) text += R"(, "serial_group": "one")";
      append(list, text + "}");
    }
    return list;
  }

  RandomSource& random_;
  RandomMachine machine_;
  std::uint32_t trouble_ = 0;
  /// Runs that take turns, and those of batches, block a pool thread. On the one thread of virtual time everything else
  /// that blocks would wait for one that hangs.
  bool may_hang_ = false;
};

bool is_right(const sim::OutputError& error) { return error.bias == 0 && error.scale == 1 && !error.nan; }

template <typename Test>
bool any_pair(const sim::Script& script, const std::string& device, const Test& test) {
  return std::any_of(script.pairs.begin(), script.pairs.end(), [&](const sim::Pair& pair) {
    return script.devices[pair.device].report.name == device && test(pair, script.devices[pair.device]);
  });
}

bool fails(const sim::Pair& pair, const sim::DeviceScript& device) {
  return !pair.load_failures.empty() || !pair.run_failures.empty() || !pair.refuses.empty() || device.gone.size() > 1;
}

}  // namespace

std::vector<std::string> RandomMachine::device_names() const {
  std::vector<std::string> names;
  for (const sim::DeviceScript& device : parsed.devices) names.push_back(device.report.name);
  return names;
}

bool RandomMachine::can_fail(const std::string& device) const { return any_pair(parsed, device, fails); }

bool RandomMachine::healthy(const std::string& device) const {
  return !any_pair(parsed, device, [](const sim::Pair& pair, const sim::DeviceScript& of) {
    const auto& words = of.report.capabilities;
    return fails(pair, of) || !is_right(pair.native.output_error) || !is_right(pair.full_precision.output_error) ||
           std::find(words.begin(), words.end(), "FP32") == words.end();
  });
}

bool RandomMachine::all_agree() const {
  return std::all_of(parsed.pairs.begin(), parsed.pairs.end(), [](const sim::Pair& pair) {
    return is_right(pair.native.output_error) && is_right(pair.full_precision.output_error);
  });
}

RandomMachine random_machine(RandomSource& random) { return Writer(random).write(); }

}  // namespace baton::test
