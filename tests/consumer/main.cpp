// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <baton/openvino.hpp>

#include <exception>
#include <iostream>

int main() {
  try {
    ov::Core core;
    const auto devices = core.get_available_devices();
    for (const auto& device : devices) std::cout << device << '\n';
    if (devices.empty()) std::cerr << "no device found\n";
    return devices.empty() ? 1 : 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
