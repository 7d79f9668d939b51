// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "store/sqlite_store.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace baton::store {

namespace {

using policy::Figure;
using policy::Record;
using policy::RecordKey;
using Seconds = SqliteStore::Seconds;

/// A reader is on the way to a first answer: another process that writes is waited for a moment only.
constexpr int kReadPatienceMs = 5;
constexpr int kWritePatienceMs = 2000;
constexpr std::int64_t kApplicationId = 0x42744e31;  // "BtN1": the file says that it is a store of records

constexpr std::string RecordKey::*kKeyParts[] = {
    &RecordKey::model,   &RecordKey::shapes,  &RecordKey::device,    &RecordKey::driver, &RecordKey::engine,
    &RecordKey::version, &RecordKey::profile, &RecordKey::precision, &RecordKey::hint,   &RecordKey::config};

constexpr const char* kCreate =
    "CREATE TABLE records ("
    "model TEXT, shapes TEXT, device TEXT, driver TEXT, engine TEXT, version TEXT, profile TEXT, precision TEXT,"
    "hint TEXT, config TEXT,"
    "load_ms REAL, load_low REAL, load_high REAL, load_count INTEGER, load_seen INTEGER,"
    "run_ms REAL, run_low REAL, run_high REAL, run_count INTEGER, run_seen INTEGER,"
    "PRIMARY KEY (model, shapes, device, driver, engine, version, profile, precision, hint, config)) WITHOUT ROWID";

constexpr const char* kSelectModel = "SELECT * FROM records WHERE model = ?";
constexpr const char* kSelectOne =
    "SELECT load_ms, load_low, load_high, load_count, load_seen, run_ms, run_low, run_high, run_count, run_seen "
    "FROM records WHERE model = ? AND shapes = ? AND device = ? AND driver = ? AND engine = ? AND version = ? "
    "AND profile = ? AND precision = ? AND hint = ? AND config = ?";
constexpr const char* kReplace = "INSERT OR REPLACE INTO records VALUES (?,?,?,?,?,?,?,?,?,?, ?,?,?,?,?, ?,?,?,?,?)";
constexpr const char* kDropOld = "DELETE FROM records WHERE max(load_seen, run_seen) < ?";

/// A clock that was set back makes no record old.
Figure read_figure(Statement& row, Seconds now) {
  Figure figure;
  figure.ms = row.number();
  figure.low_ms = row.number();
  figure.high_ms = row.number();
  figure.observations = static_cast<int>(row.integer());
  figure.age = std::max(Seconds(0), now - Seconds(row.integer()));
  return figure;
}

Record read_record(Statement& row, Seconds now) {
  Record record;
  record.load = read_figure(row, now);
  record.run = read_figure(row, now);
  return record;
}

void bind_figure(Statement& statement, const Figure& figure, Seconds now) {
  statement.bind(figure.ms).bind(figure.low_ms).bind(figure.high_ms);
  statement.bind(static_cast<std::int64_t>(figure.observations));
  statement.bind(figure.observations == 0 ? 0 : static_cast<std::int64_t>((now - figure.age).count()));
}

std::int64_t integer_of(Database& database, const char* sql) {
  Statement statement(database, sql);
  return statement.step() ? statement.integer() : -1;
}

/// Within a transaction: makes an empty file a store, and refuses somebody else's.
void prepare(Database& database) {
  const std::int64_t id = integer_of(database, "PRAGMA application_id");
  if (id == kApplicationId || database.outcome() != Outcome::kOk) return;
  const bool empty = id == 0 && integer_of(database, "SELECT count(*) FROM sqlite_master") == 0;
  if (!empty) return database.fail(Outcome::kUnusable);
  database.run(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  database.run(kCreate);
}

Seconds time_of_day() {
  return std::chrono::duration_cast<Seconds>(std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace

SqliteStore::SqliteStore(std::filesystem::path file, std::function<Seconds()> clock)
    : file_(std::move(file)), clock_(clock ? std::move(clock) : time_of_day) {}

bool SqliteStore::may_know() const { return ::access(file_.c_str(), R_OK) == 0; }

std::map<RecordKey, Record> SqliteStore::find(const std::string& model) {
  std::map<RecordKey, Record> records;
  Database database(file_, Database::Mode::kRead, kReadPatienceMs);
  Statement rows(database, kSelectModel);
  rows.bind(model);
  const Seconds now = clock_();
  while (rows.step()) {
    RecordKey key;
    for (const auto part : kKeyParts) key.*part = rows.text();
    const Record record = read_record(rows, now);
    records.emplace(std::move(key), record);
  }
  if (database.outcome() != Outcome::kOk) records.clear();  // half of the truth could decide wrongly
  return records;
}

void SqliteStore::add(const RecordKey& key, const policy::Observation& seen) {
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  if (try_add(key, seen) != Outcome::kBroken) return;
  std::filesystem::remove(file_.string() + "-journal", error);  // it belongs to the broken one
  std::filesystem::rename(file_, file_.string() + ".broken", error);
  if (!error) try_add(key, seen);
}

Outcome SqliteStore::try_add(const RecordKey& key, const policy::Observation& seen) const {
  Database database(file_, Database::Mode::kWrite, kWritePatienceMs);
  // What a crash of the machine damages is written anew; a crash of the process damages nothing.
  database.run("PRAGMA synchronous = OFF");
  database.run("BEGIN IMMEDIATE");
  prepare(database);
  const Seconds now = clock_();
  Record record;
  {
    Statement row(database, kSelectOne);
    for (const auto part : kKeyParts) row.bind(key.*part);
    if (row.step()) record = read_record(row, now);
  }
  record = policy::observe(record, seen);
  {
    Statement replace(database, kReplace);
    for (const auto part : kKeyParts) replace.bind(key.*part);
    bind_figure(replace, record.load, now);
    bind_figure(replace, record.run, now);
    replace.step();
  }
  {
    Statement drop(database, kDropOld);
    drop.bind(static_cast<std::int64_t>((now - policy::kRecordLifetime).count()));
    drop.step();
  }
  database.run("COMMIT");
  return database.outcome();
}

}  // namespace baton::store
