// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <iosfwd>
#include <string>

#include "baton/api.hpp"

namespace baton {

struct Version {
  std::string buildNumber;  ///< "0.1.0"; the spelling is OpenVINO's
  std::string description;  ///< what the number belongs to
};

BATON_API Version get_baton_version();
/// The same, for code written for OpenVINO.
BATON_API Version get_openvino_version();
BATON_API std::ostream& operator<<(std::ostream& out, const Version& version);

}  // namespace baton
