// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cache/entry_folder.h"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "model/hash.h"

namespace baton::cache {

namespace {

using base::Status;
using model::Bytes;
namespace fs = std::filesystem;

constexpr std::string_view kMagic = "baton cache 1 ";
constexpr std::size_t kHashDigits = 32;
constexpr std::size_t kSizeDigits = 16;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kFixed = kMagic.size() + kHashDigits + 1 + 2 * (kSizeDigits + 1);
constexpr auto kAbandoned = std::chrono::hours(1);  ///< a temporary file this old belongs to nobody any more

/// What stands before an entry's content: "baton cache 1 HASH KEYSIZE CONTENTSIZE\n", the key, zeros up to a page.
struct Head {
  std::string hash;  ///< of the content
  std::size_t key_size = 0;
  std::size_t content_size = 0;

  std::size_t content_begin() const { return (kFixed + key_size + kPage - 1) / kPage * kPage; }
  std::size_t file_size() const { return content_begin() + content_size; }
};

std::string hex(std::size_t value) {
  std::string text(kSizeDigits, '0');
  for (auto digit = text.rbegin(); value != 0; ++digit, value >>= 4U) *digit = "0123456789abcdef"[value & 15U];
  return text;
}

std::string to_text(const Head& head, const std::string& key) {
  std::string text(kMagic);
  text.append(head.hash).append(" ").append(hex(head.key_size)).append(" ").append(hex(head.content_size)).append("\n");
  text.append(key);
  text.resize(head.content_begin());
  return text;
}

std::optional<std::size_t> read_hex(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `text` begins a file of `size` bytes; none when that is no entry, or not all of one.
std::optional<Head> read_head(std::string_view text, std::size_t size) {
  if (text.size() < kFixed || !text.starts_with(kMagic)) return std::nullopt;
  Head head;
  head.hash = text.substr(kMagic.size(), kHashDigits);
  const std::size_t sizes = kMagic.size() + kHashDigits + 1;
  const auto key_size = read_hex(text.substr(sizes, kSizeDigits));
  const auto content_size = read_hex(text.substr(sizes + kSizeDigits + 1, kSizeDigits));
  if (!key_size || !content_size || *key_size > size || *content_size > size) return std::nullopt;
  head.key_size = *key_size;
  head.content_size = *content_size;
  if (head.file_size() != size) return std::nullopt;
  return head;
}

bool is_of(const Head& head, std::string_view text, const std::string& key) {
  return head.key_size == key.size() && text.substr(kFixed, key.size()) == key;
}

/// Names that no other thread or process takes.
fs::path temporary_for(const fs::path& file) {
  static std::atomic<unsigned> count{0};
  fs::path temporary = file;
  temporary.replace_extension("." + std::to_string(::getpid()) + "-" + std::to_string(++count) + ".tmp");
  return temporary;
}

/// What writers left behind that were ended in the middle.
void remove_abandoned(const fs::path& folder) {
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path().extension() != ".tmp" || now - it->last_write_time(ignored) < kAbandoned || ignored) continue;
    fs::remove(it->path(), ignored);
  }
}

/// The content goes behind room for the head, which is filled in once hash and size are known.
Status write_file(const fs::path& file, const std::string& key, const std::function<Status(std::ostream&)>& content) {
  const Status failed = Status::unavailable("cannot write " + file.string());
  std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out | std::ios::trunc);
  if (!out) return failed;
  Head head{std::string(kHashDigits, '0'), key.size(), 0};
  out << std::string(head.content_begin(), '\0');
  BATON_RETURN_IF_ERROR(content(out));
  out.seekp(0, std::ios::end);
  head.content_size = static_cast<std::size_t>(out.tellp()) - head.content_begin();
  if (!out.flush() || head.content_size == 0) return failed;
  const auto written = Bytes::map_file(file);
  if (!written.is_ok()) return written.status();
  head.hash = model::hash_of(written.value()->span().subspan(head.content_begin()));
  out.seekp(0);
  out << to_text(head, key);
  out.close();
  return out ? Status::ok() : failed;
}

}  // namespace

fs::path EntryFolder::file_of(const std::string& key) const {
  return path_ / (model::hash_of(std::as_bytes(std::span(key))) + ".blob");
}

Status EntryFolder::check() const {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (!fs::exists(status) || fs::is_directory(status)) return {};
  return Status::invalid_argument("CACHE_DIR: " + path_.string() + " is a file, expected a folder");
}

Status EntryFolder::prepare() const {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) return Status::unavailable("cannot make the folder " + path_.string() + ": " + error.message());
  if (::access(path_.c_str(), W_OK) != 0) return Status::unavailable("cannot write to the folder " + path_.string());
  return {};
}

bool EntryFolder::is_empty() const {
  std::error_code error;
  for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".blob") return false;
  }
  return true;
}

bool EntryFolder::contains(const std::string& key) const {
  const fs::path file = file_of(key);
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return false;
  std::string start(kFixed + key.size(), '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(start.data(), static_cast<std::streamsize>(start.size()))) return false;
  const auto head = read_head(start, size);
  return head && is_of(*head, start, key);
}

std::shared_ptr<const Bytes> EntryFolder::find(const std::string& key,
                                               const std::function<void(const std::string&)>& removed) const {
  const fs::path file = file_of(key);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return nullptr;
  const auto refuse = [&](const std::string& what) {
    fs::remove(file, ignored);
    if (removed) removed(file.string() + ": " + what);
    return nullptr;
  };
  const auto mapped = Bytes::map_file(file);
  if (!mapped.is_ok()) return refuse(mapped.status().message());
  const auto bytes = mapped.value()->span();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto head = read_head(text, text.size());
  if (!head) return refuse("damaged or cut off");
  if (!is_of(*head, text, key)) return refuse("belongs to something else");
  const auto content = bytes.subspan(head->content_begin());
  if (model::hash_of(content) != head->hash) return refuse("damaged");
  return Bytes::borrow(content, mapped.value());
}

Status EntryFolder::write(const std::string& key, const std::function<Status(std::ostream&)>& content) const {
  BATON_RETURN_IF_ERROR(prepare());
  remove_abandoned(path_);
  const fs::path file = file_of(key);
  const fs::path temporary = temporary_for(file);
  Status status = write_file(temporary, key, content);
  std::error_code error;
  if (status.is_ok()) fs::rename(temporary, file, error);
  if (error) status = Status::unavailable("cannot write " + file.string() + ": " + error.message());
  if (!status.is_ok()) fs::remove(temporary, error);
  return status;
}

void EntryFolder::remove(const std::string& key) const {
  std::error_code ignored;
  fs::remove(file_of(key), ignored);
}

}  // namespace baton::cache
