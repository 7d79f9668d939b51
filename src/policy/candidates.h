// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From a device string to the candidates: which devices AUTO may use, in which order, and why the others may not.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/device.h"
#include "policy/device_string.h"
#include "policy/selection.h"

namespace baton::policy {

/// Where the candidate list came from, weakest first (B-121).
enum class ListSource { kDefault, kAutoProperty, kCompileConfig, kDeviceString };

std::string_view to_string(ListSource source);  ///< "default", "set_property", "compile config", "device string"

struct CandidateOptions {
  std::string_view priorities;  ///< MULTI_DEVICE_PRIORITIES; empty: not set
  ListSource priorities_source = ListSource::kCompileConfig;
  bool allow_software = false;  ///< ALLOW_SOFTWARE_DEVICES (B-125)
  bool strict = false;          ///< STRICT_DEVICES (B-119)
  bool multi_device = false;    ///< CUMULATIVE_THROUGHPUT or MULTI: B-807 applies
};

struct CandidateList {
  /// Every token and, for a default list, every present device exactly once. Accepted ones are in list order (explicit
  /// list) or in order of enumeration (default list).
  std::vector<Candidate> candidates;
  ListSource source = ListSource::kDefault;
  std::string list;                   ///< the text of the list; empty for a default one
  bool default_order = true;          ///< no includes: ranked by B-410, not by list order
  std::vector<std::string> warnings;  ///< one log line each, also notes of the report
  std::vector<std::string> notes;

  std::size_t accepted_count() const;
};

/// Rules B-104, B-108 to B-126. `device` is of kind kAuto or kMulti; `devices` are those of `families_to_enumerate`.
/// Fails with the errors of B-1404 to B-1408; when a name was not found (kNotFound, or STRICT_DEVICES) the caller may
/// call again with all devices of the machine, so that the message lists them and can suggest a spelling (B-106).
base::Result<CandidateList> resolve_candidates(const DeviceString& device,
                                               std::span<const engine::DeviceRecord> devices,
                                               const CandidateOptions& options);

/// The device of a direct name or of BATCH (B-110, B-128, B-129); unknown names are kInvalidArgument.
base::Result<Candidate> resolve_direct(const DeviceString& device, std::span<const engine::DeviceRecord> devices);

/// Families whose engines must be asked for this request (B-123); empty: all.
base::Result<std::vector<std::string>> families_to_enumerate(const DeviceString& device, std::string_view priorities);

/// Index of the device that `name` means outside lists (`GPU` is `GPU.0`, B-110); -1: none.
int find_device(std::string_view name, std::span<const engine::DeviceRecord> devices);

/// Order of ids within a family: numbers by value, before and apart from other texts.
bool id_less(std::string_view a, std::string_view b);

}  // namespace baton::policy
