// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <openvino/openvino.hpp>

#include "openvino_api.h"

namespace {

class OpenVino final : public startup::OpenVinoApi {
 public:
  void describe(startup::Json& record) override {
    record["version"] = ov::get_openvino_version().buildNumber;
    const auto devices = compiled_.get_property(ov::execution_devices);
    record["execution_devices"] = devices;
    record["precision"] = precision(devices.empty() ? "CPU" : devices.front());
  }

 private:
  /// AUTO does not tell in which precision it runs; the device's own default does.
  std::string precision(const std::string& device) {
    try {
      return compiled_.get_property(ov::hint::inference_precision).to_string();
    } catch (const ov::Exception&) {
      return core_.get_property(device, ov::hint::inference_precision).to_string();
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  OpenVino implementation;
  return startup::measure(argc, argv, implementation);
}
