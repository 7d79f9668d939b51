// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "store/database.h"

#include "base/code_pages.h"

namespace baton::store {

Database::Database(const std::filesystem::path& file, Mode mode, int patience_ms)
    : sqlite_(SqliteLibrary::get()), mode_(mode) {
  if (sqlite_ == nullptr) {
    fail(Outcome::kUnusable);
    return;
  }
  const int access = mode == Mode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  note(sqlite_->open_v2(file.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX, nullptr));
  if (outcome_ == Outcome::kOk) note(sqlite_->busy_timeout(handle_, patience_ms));
}

Database::~Database() {
  if (handle_ != nullptr) sqlite_->close_v2(handle_);  // an open transaction is rolled back
  // Writing is the last step of a hand-over; a megabyte of SQLite's code is not needed before the next.
  if (mode_ == Mode::kWrite) base::return_code_pages(SqliteLibrary::kName);
}

void Database::run(const char* sql) {
  if (outcome_ == Outcome::kOk) note(sqlite_->exec(handle_, sql, nullptr, nullptr, nullptr));
}

void Database::fail(Outcome outcome) {
  if (outcome_ == Outcome::kOk) outcome_ = outcome;
}

void Database::note(int code) {
  switch (code & 0xff) {  // without the extension
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: break;
    case SQLITE_ERROR:  // a table or column is missing
    case SQLITE_MISMATCH:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: fail(Outcome::kBroken); break;
    default: fail(Outcome::kUnusable);
  }
}

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
  if (database_.outcome() != Outcome::kOk) return;
  database_.note(
      database_.sqlite_->prepare_v2(database_.handle_, sql.c_str(), static_cast<int>(sql.size()), &handle_, nullptr));
}

Statement::~Statement() {
  if (handle_ != nullptr) database_.sqlite_->finalize(handle_);
}

Statement& Statement::bind(const std::string& text) {
  if (usable()) {
    database_.note(
        database_.sqlite_->bind_text(handle_, ++parameter_, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
  }
  return *this;
}

Statement& Statement::bind(double value) {
  if (usable()) database_.note(database_.sqlite_->bind_double(handle_, ++parameter_, value));
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  if (usable()) database_.note(database_.sqlite_->bind_int64(handle_, ++parameter_, value));
  return *this;
}

bool Statement::step() {
  if (!usable()) return false;
  column_ = 0;
  const int code = database_.sqlite_->step(handle_);
  database_.note(code);
  return code == SQLITE_ROW;
}

std::string Statement::text() {
  const int column = column_++;
  const unsigned char* const text = database_.sqlite_->column_text(handle_, column);
  const int size = database_.sqlite_->column_bytes(handle_, column);
  return text == nullptr ? std::string()
                         : std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}

double Statement::number() { return database_.sqlite_->column_double(handle_, column_++); }

std::int64_t Statement::integer() { return database_.sqlite_->column_int64(handle_, column_++); }

}  // namespace baton::store
