// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <memory>
#include <string>
#include <vector>

#include <openvino/core/version.hpp>

#include "engine/engine.h"
#include "errors.h"
#include "openvino_engine.h"

namespace baton::engine::openvino {
namespace {

/// C++ classes cross between this module and the library: only the release it was built for is safe.
base::Status check_release() {
  const std::string built = std::to_string(OPENVINO_VERSION_MAJOR) + "." + std::to_string(OPENVINO_VERSION_MINOR) + ".";
  const std::string found = ov::get_openvino_version().buildNumber;
  if (found.starts_with(built)) return base::Status::ok();
  return base::Status::unavailable("the OpenVINO library found is " + found + ", expected release " + built +
                                   "x; install that release or rebuild Baton");
}

}  // namespace
}  // namespace baton::engine::openvino

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext& context,
                          std::vector<std::unique_ptr<baton::engine::Engine>>& engines, baton::base::Status& status) {
  using namespace baton::engine::openvino;
  status = guarded(baton::base::StatusCode::kUnavailable, "engine openvino", [&] {
    baton::base::Status checked = check_release();
    if (checked.is_ok()) engines.push_back(std::make_unique<OpenVinoEngine>(context));
    return checked;
  });
}
