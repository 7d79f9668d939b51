// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From the command line and a configuration file to the properties of the compile call (B-1605, B-1606). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baton/any.hpp"
#include "options.h"

namespace baton::bench {

/// Properties by device, as they stand in a configuration file.
using DeviceConfig = std::map<std::string, AnyMap>;

/// `text`: {"DEV": {"PROP": "VALUE"}}; a value may be an object (DEVICE_PROPERTIES), a number or a truth value. Throws
/// baton::Exception that says what is wrong.
DeviceConfig parse_config(const std::string& text);
/// The same form, values as text.
std::string config_text(const DeviceConfig& config);

/// The device that properties belong to: "AUTO" of "AUTO:GPU,CPU".
std::string target_of(std::string_view device_string);
/// True for AUTO, MULTI, BATCH and the empty string, which means AUTO.
bool is_virtual(std::string_view device_string);

struct EffectiveConfig {
  std::string target;
  AnyMap properties;
  std::vector<std::string> warnings;
};

/// The properties of one run: what `loaded` says of the target device (or its family), then the command line, which
/// wins. Throws baton::Exception for a malformed option.
EffectiveConfig effective_config(const Options& options, const DeviceConfig& loaded);

}  // namespace baton::bench
