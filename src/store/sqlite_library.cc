// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "store/sqlite_library.h"

#include <dlfcn.h>

#include <optional>

namespace baton::store {

namespace {

template <typename Function>
bool look_up(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<SqliteLibrary> open_library() {
  void* const library = dlopen(SqliteLibrary::kName, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  SqliteLibrary f{};
  const bool complete =
      look_up(library, "sqlite3_open_v2", f.open_v2) && look_up(library, "sqlite3_close_v2", f.close_v2) &&
      look_up(library, "sqlite3_busy_timeout", f.busy_timeout) && look_up(library, "sqlite3_exec", f.exec) &&
      look_up(library, "sqlite3_prepare_v2", f.prepare_v2) && look_up(library, "sqlite3_bind_text", f.bind_text) &&
      look_up(library, "sqlite3_bind_double", f.bind_double) && look_up(library, "sqlite3_bind_int64", f.bind_int64) &&
      look_up(library, "sqlite3_step", f.step) && look_up(library, "sqlite3_column_text", f.column_text) &&
      look_up(library, "sqlite3_column_bytes", f.column_bytes) &&
      look_up(library, "sqlite3_column_double", f.column_double) &&
      look_up(library, "sqlite3_column_int64", f.column_int64) && look_up(library, "sqlite3_finalize", f.finalize);
  return complete ? std::optional(f) : std::nullopt;
}

}  // namespace

const SqliteLibrary* SqliteLibrary::get() {
  static const std::optional<SqliteLibrary> library = open_library();
  return library ? &*library : nullptr;
}

}  // namespace baton::store
