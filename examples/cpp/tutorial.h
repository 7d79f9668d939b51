// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the programs auto_devices, auto_settings and auto_requests share. Together they make every call that a tutorial
// on OpenVINO's device AUTO shows, as it stands there: `namespace ov`, OpenVINO's names. Only the header differs.
// usage of each: PROGRAM MODEL. Needs a CPU and a GPU; without one, let Baton play one:
// BATON_SIM=examples/sim/m3.json auto_devices MODEL
#pragma once

#include <baton/openvino.hpp>
#include <chrono>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

namespace tutorial {

using ModelPtr = std::shared_ptr<ov::Model>;

/// A tutorial that is also a test: what the text beside a call claims must be true.
inline void expect(bool claim, const std::string& what) {
  if (!claim) throw std::runtime_error("expected: " + what);
  std::cout << "  " << what << "\n";
}

inline std::string devices_of(const ov::CompiledModel& model) {
  std::string text;
  for (const std::string& device : model.get_property(ov::execution_devices))
    text += (text.empty() ? "" : " ") + device;
  return text;
}

inline void run_once(ov::CompiledModel& model) { model.create_infer_request().infer(); }

/// A helper that answers for a device still in preparation stands in parentheses; working on ends that.
inline void work_until_final(ov::CompiledModel& model) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  ov::InferRequest request = model.create_infer_request();
  do {
    request.infer();
  } while (devices_of(model).find('(') != std::string::npos && std::chrono::steady_clock::now() < deadline);
}

/// The `main` of each program.
inline int run(int argc, char** argv, const std::function<void(ov::Core&, const ModelPtr&)>& program) try {
  if (argc != 2) throw std::runtime_error("usage: " + std::string(argv[0]) + " MODEL");
  ov::Core core;
  program(core, core.read_model(argv[1]));
  std::cout << "done\n";
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}

}  // namespace tutorial
