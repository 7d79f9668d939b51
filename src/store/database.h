// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The little of SQLite's interface that the store needs, with owners for its handles.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "store/sqlite_library.h"

namespace baton::store {

/// How work with the file ended.
enum class Outcome {
  kOk,
  kBroken,    ///< the file is damaged, or is no store of this version
  kUnusable,  ///< it cannot be opened, read or written now, or belongs to another program
};

/// One connection. Every method after the first failure does nothing; `outcome` says what failed.
/// Thread-safety: one thread. Ownership: closes the connection.
class Database {
 public:
  enum class Mode { kRead, kWrite };
  /// `patience_ms`: how long to wait for other processes.
  Database(const std::filesystem::path& file, Mode mode, int patience_ms);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql);
  Outcome outcome() const { return outcome_; }
  void fail(Outcome outcome);

 private:
  friend class Statement;
  void note(int code);

  const SqliteLibrary* const sqlite_;
  const Mode mode_;
  sqlite3* handle_ = nullptr;
  Outcome outcome_ = Outcome::kOk;
};

/// One prepared statement: parameters bound in order, then rows read in order.
/// Thread-safety: one thread. Ownership: borrows the database and bound texts.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(const std::string& text);
  Statement& bind(double value);
  Statement& bind(std::int64_t value);
  /// True: there is a row, whose columns `text`, `number` and `integer` give from left to right.
  bool step();
  std::string text();
  double number();
  std::int64_t integer();

 private:
  bool usable() const { return handle_ != nullptr && database_.outcome() == Outcome::kOk; }

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
  int parameter_ = 0;
  int column_ = 0;
};

}  // namespace baton::store
