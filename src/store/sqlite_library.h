// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <sqlite3.h>

namespace baton::store {

/// The functions of SQLite that the store uses, from a library opened at first need. Linked, it would cost 0.8 ms at
/// every start of every process (0.3 ms when opened, and that only where there is a store), and its absence would keep
/// Baton from starting. Debian's static library is not position-independent and cannot be part of a shared one.
struct SqliteLibrary {
  static constexpr const char* kName = "libsqlite3.so.0";

  decltype(&sqlite3_open_v2) open_v2;
  decltype(&sqlite3_close_v2) close_v2;
  decltype(&sqlite3_busy_timeout) busy_timeout;
  decltype(&sqlite3_exec) exec;
  decltype(&sqlite3_prepare_v2) prepare_v2;
  decltype(&sqlite3_bind_text) bind_text;
  decltype(&sqlite3_bind_double) bind_double;
  decltype(&sqlite3_bind_int64) bind_int64;
  decltype(&sqlite3_step) step;
  decltype(&sqlite3_column_text) column_text;
  decltype(&sqlite3_column_bytes) column_bytes;
  decltype(&sqlite3_column_double) column_double;
  decltype(&sqlite3_column_int64) column_int64;
  decltype(&sqlite3_finalize) finalize;

  /// Null when the library or one of the functions is not there. It is never closed.
  static const SqliteLibrary* get();
};

}  // namespace baton::store
