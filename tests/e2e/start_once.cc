// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// One process of processes_test.cc:  start_once MODEL CACHE_DIR ENGINE RECORDS
//
// Compiles MODEL for AUTO with ENGINE alone ("-": any) and infers until it is steady, has its cache entry (CACHE_DIR
// "-": none) and, where RECORDS is "records", what it measured on record. Says "ready" before it compiles, and compiles
// when its standard input ends; at the end it says what it found and computed. Exit code 0, or 1 with the reason.
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "baton/baton.hpp"

namespace {

namespace fs = std::filesystem;
using baton::AnyMap;

bool has_entry(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".blob") return true;
  }
  return false;
}

void wait_for(const char* what, const std::function<bool()>& there) {
  for (int i = 0; i < 2000; ++i) {
    if (there()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error(std::string("no ") + what + " after 20 s");
}

float answer(baton::CompiledModel& compiled) {
  baton::InferRequest request = compiled.create_infer_request();
  std::vector<float> x(64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) / 64.F;
  request.set_input_tensor(baton::Tensor(baton::element::f32, {1, 64}, x.data()));
  request.infer();
  return request.get_output_tensor().data<float>()[7];
}

void run(const std::string& file, const std::string& cache, const std::string& engine, bool records) {
  baton::Core core;
  AnyMap properties{baton::hint::execution_mode(baton::hint::ExecutionMode::ACCURACY)};
  if (cache != "-") properties.insert(baton::cache_dir(cache));
  if (engine != "-") properties["ENGINE_PRIORITIES"] = AnyMap{{"CPU", engine}};
  const auto model = core.read_model(file);
  const auto on_record = [&] {
    return core.explain(model, "AUTO", properties).to_json().find("record_run_ms") != std::string::npos;
  };
  std::cout << "ready" << std::endl;
  while (std::cin.get() != std::char_traits<char>::eof()) {
  }
  const bool known = records && on_record();
  baton::CompiledModel compiled = core.compile_model(model, "AUTO", properties);
  const float first = answer(compiled);
  while (!compiled.wait_until_steady(std::chrono::milliseconds(0))) answer(compiled);
  const bool cached = compiled.get_property(baton::loaded_from_cache);
  if (cache != "-") wait_for("cache entry", [&] { return has_entry(cache); });
  if (records) wait_for("record", on_record);
  std::cout << "known " << known << " cached " << cached << " first " << first << " last " << answer(compiled)
            << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: start_once MODEL CACHE_DIR ENGINE RECORDS\n";
    return 2;
  }
  try {
    run(argv[1], argv[2], argv[3], std::string(argv[4]) == "records");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
