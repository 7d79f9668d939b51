// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Every environment variable that Baton reads, each at the moment of the call. docs/environment.md lists them for
// users.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace baton::base::env {

/// BATON_ENGINES="openvino,sim": only these engines are offered; empty: all.
std::vector<std::string> only_engines();
/// BATON_ENGINE_PATH="a:b": folders with engine modules, searched before the built-in ones.
std::vector<std::string> engine_path();
/// BATON_LIBRARY_PATH="a:b": folders with engine libraries (ONNX Runtime, OpenVINO), searched before the built-in ones.
std::vector<std::string> library_path();
/// BATON_EP_PATH="a.so:b.so": provider libraries for ONNX Runtime, beside those of installed packages.
std::vector<std::string> provider_libraries();
/// BATON_SIM=path or JSON text: simulated devices (docs/simulation.md).
std::string sim_script();
/// BATON_ALLOW_SOFTWARE_GPU=1: software adapters may be candidates (B-125).
bool allow_software_gpu();
/// BATON_LOG_LEVEL, else OPENVINO_LOG_LEVEL, as written (B-1203); nullopt when neither is set.
std::optional<std::string> log_level();
/// BATON_STORE=path or "off": the file of measured records (B-425); nullopt: the default place.
std::optional<std::string> store();
/// CUDA_VISIBLE_DEVICES: the GPUs that CUDA shows to this process; nullopt when it is not set (empty hides all).
std::optional<std::string> cuda_visible_devices();
/// NVIDIA_TF32_OVERRIDE=0: libraries of NVIDIA's compute f32 in f32, whatever they are told.
bool tf32_turned_off();
/// LD_LIBRARY_PATH="a:b": where the dynamic linker looks first.
std::string linker_path();
/// What decides which devices a foreign provider finds, name and value a line: the variables of Vulkan's loader, of the
/// WebGPU provider and of the dynamic linker.
std::string provider_surroundings();
/// VK_DRIVER_FILES and the like: Vulkan drivers that stand in no folder of the system.
bool vulkan_drivers_given();
/// XDG_CACHE_HOME, else HOME/.cache; nullopt when neither is known.
std::optional<std::string> user_cache_folder();

}  // namespace baton::base::env
