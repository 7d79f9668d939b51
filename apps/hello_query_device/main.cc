// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <exception>
#include <iostream>
#include <stdexcept>

#include "query_device.h"

int main(int argc, char**) {
  if (argc != 1) {
    std::cout << "usage: hello_query_device\nPrints the devices that are here with their properties; takes no "
                 "arguments.\nExit status: 0 done, 1 failed or wrong command line.\n";
    return 1;
  }
  try {
    baton::query::print_devices(baton::Core(), std::cout);
    if (!std::cout.flush()) throw std::runtime_error("hello_query_device: standard output cannot be written");
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
