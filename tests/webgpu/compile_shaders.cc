// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// compile_shaders MODEL [ROWSxCOLUMNSx...]: one run of a model, with inputs of that shape, by the WebGPU engine at full
// speed. On the software GPU it takes tens of seconds, most of them in the compiler of the driver, which keeps what it
// made in MESA_SHADER_CACHE_DIR; Baton itself gives up on a first run of 10 s (B-538).
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <string>

#include "contract/engine_harness.h"

namespace {

using namespace baton;

PartialShape shape_of(const std::string& text) {
  std::vector<Dimension> dims;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, 'x');) dims.emplace_back(std::stoll(word));
  return PartialShape(dims);
}

base::Status run_once(const std::string& file, const std::string& shape) {
  const auto found = test::engines().engine("onnxruntime.webgpu");
  if (!found.is_ok()) return found.status();
  engine::Engine& webgpu = *found.value();
  const auto devices = webgpu.enumerate({});
  if (!devices.is_ok()) return devices.status();
  engine::CompileRequest request;
  request.model = test::model_at(file);
  if (!shape.empty()) request.model = test::reshaped(std::move(request.model), {shape_of(shape)});
  request.device = devices->front().handle;
  const auto executable = webgpu.compile(request, {});
  if (!executable.is_ok()) return executable.status();
  const auto slot = executable.value()->create_request();
  if (!slot.is_ok()) return slot.status();
  std::vector<test::InputData> inputs;
  const auto& ports = request.model.facts().inputs;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Shape dims = request.model.input_shapes[i].to_shape();
    inputs.push_back({ports[i].type, dims, std::string(shape_size(dims) * ports[i].type.size(), '\0')});
  }
  return test::run(*slot.value(), std::move(inputs), request.model.facts().outputs.size()).status;
}

}  // namespace

int main(int argc, char** argv) {
  base::Status status = base::Status::invalid_argument("usage: compile_shaders MODEL [ROWSxCOLUMNSx...]");
  try {
    if (argc > 1) status = run_once(argv[1], argc > 2 ? argv[2] : "");
  } catch (const std::exception& error) {
    status = base::Status::internal(error.what());
  }
  if (!status.is_ok()) std::fprintf(stderr, "compile_shaders: %s\n", status.message().c_str());
  return status.is_ok() ? 0 : 1;
}
