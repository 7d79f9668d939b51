// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The whole public API.
#pragma once

#include "baton/any.hpp"
#include "baton/async_infer_queue.hpp"
#include "baton/auto_device.hpp"
#include "baton/compiled_model.hpp"
#include "baton/core.hpp"
#include "baton/element_type.hpp"
#include "baton/exception.hpp"
#include "baton/infer_request.hpp"
#include "baton/layout.hpp"
#include "baton/model.hpp"
#include "baton/port.hpp"
#include "baton/properties.hpp"
#include "baton/property.hpp"
#include "baton/report.hpp"
#include "baton/shape.hpp"
#include "baton/tensor.hpp"
#include "baton/variable_state.hpp"
#include "baton/version.hpp"
