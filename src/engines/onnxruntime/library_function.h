// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <dlfcn.h>

namespace baton::engine::onnxruntime {

/// Points `function` at the one of this name in an open library; false, and null: there is none.
template <typename Function>
bool find_function(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace baton::engine::onnxruntime
