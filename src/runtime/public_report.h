// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "auto/auto_model.h"
#include "baton/report.hpp"
#include "policy/report.h"

namespace baton::runtime {

SelectionReport public_report(const policy::SelectionReport& report);
Statistics public_statistics(autodev::Statistics statistics);

}  // namespace baton::runtime
