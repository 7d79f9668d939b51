// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/candidates.h"

#include <algorithm>
#include <utility>

namespace baton::policy {

namespace {

using base::Result;
using base::Status;
using base::StatusCode;
using engine::DeviceKind;
using engine::DeviceRecord;
using Devices = std::span<const DeviceRecord>;

/// From this number of GPUs on, feeding them is work enough for the CPU (B-807).
constexpr int kGpusThatNeedTheCpu = 3;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : std::string(separator)) + part;
  return text;
}

std::string available_text(Devices devices) {
  std::vector<std::string> names;
  for (const DeviceRecord& device : devices) names.push_back(device.name);
  return "available devices: " + (names.empty() ? std::string("none") : join(names, ", "));
}

/// "; did you mean GPU?" when only the case is wrong (B-106).
std::string suggestion(std::string_view name, Devices devices) {
  const std::string wanted = upper(name);
  for (const DeviceRecord& device : devices) {
    for (const std::string& spelling : {device.family, device.name, device.family + "." + device.id}) {
      if (upper(spelling) == wanted) return "; did you mean " + spelling + "?";
    }
  }
  return {};
}

std::string not_found_text(std::string_view name, Devices devices) {
  return "no engine offers device " + std::string(name) + suggestion(name, devices);
}

/// Devices that a token names, instances in ascending order of id. Case matters (B-105).
std::vector<int> matches(const Token& token, Devices devices) {
  std::vector<int> found;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (devices[i].family == token.family && (token.id.empty() || devices[i].id == token.id)) {
      found.push_back(static_cast<int>(i));
    }
  }
  std::stable_sort(found.begin(), found.end(), [&](int a, int b) {
    return id_less(devices[static_cast<std::size_t>(a)].id, devices[static_cast<std::size_t>(b)].id);
  });
  return found;
}

/// Applies the tokens of one list, step by step, to the devices of one machine.
/// Thread-safety: none needed, lives within one call. Ownership: borrows the devices and options.
class Resolver {
 public:
  Resolver(Devices devices, const CandidateOptions& options) : devices_(devices), options_(options) {}

  void include_all() {
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      if (device(static_cast<int>(i)).kind == DeviceKind::kSoftware && !options_.allow_software) {
        reject_software(static_cast<int>(i));
      } else {
        accept(static_cast<int>(i), 0);
      }
    }
  }

  void include(const Token& token, int priority) {
    std::vector<int> found = matches(token, devices_);
    if (found.empty()) return not_found(token, priority);
    const auto is_software = [&](int i) { return device(i).kind == DeviceKind::kSoftware; };
    if (token.id.empty() && !std::all_of(found.begin(), found.end(), is_software)) {
      std::copy_if(found.begin(), found.end(), std::back_inserter(left_out_software_), is_software);
      std::erase_if(found, is_software);
    }
    for (const int index : found) {
      Entry& entry = accept(index, priority);
      if (!token.id.empty()) {
        entry.written_out = true;
        entry.candidate.device = token.name();
      }
      count_workers(entry, token);
    }
  }

  void exclude(const Token& token) {
    const std::vector<int> found = matches(token, devices_);
    for (const int index : found) {
      Entry* entry = find(index);
      // -GPU spares a GPU.0 that the same list writes out (B-112).
      if (entry != nullptr && entry->written_out && token.id.empty()) continue;
      if (entry == nullptr) entry = &add(index, device(index).name, kNoPriority);
      reject(*entry, Reason::kExcluded, "excluded by " + token.text);
    }
    if (!found.empty()) return;
    notes_.push_back("exclusion " + token.text + " has no effect: " + not_found_text(token.name(), devices_));
    if (find(token.name()) != nullptr) return;
    reject(add(-1, token.name(), kNoPriority), Reason::kExcluded, "excluded by " + token.text + ", and not present");
  }

  void finish_software() {
    for (const int index : left_out_software_) {
      if (find(index) == nullptr) reject_software(index);
    }
  }

  void leave_cpu_to_gpus() {
    const auto is_gpu = [&](const Entry& entry) {
      if (!entry.candidate.accepted) return false;
      const DeviceKind kind = device(entry.candidate.record).kind;
      return kind == DeviceKind::kDiscreteGpu || kind == DeviceKind::kIntegratedGpu;
    };
    const auto gpus = std::count_if(entries_.begin(), entries_.end(), is_gpu);
    if (gpus < kGpusThatNeedTheCpu) return;
    for (Entry& entry : entries_) {
      if (!entry.candidate.accepted || device(entry.candidate.record).kind != DeviceKind::kCpu) continue;
      reject(entry, Reason::kCpuLeftToGpus, "the CPU is left to feed " + std::to_string(gpus) + " GPUs");
    }
  }

  const std::vector<std::string>& unknown() const { return unknown_; }

  void move_into(CandidateList& list) {
    for (Entry& entry : entries_) list.candidates.push_back(std::move(entry.candidate));
    std::move(warnings_.begin(), warnings_.end(), std::back_inserter(list.warnings));
    std::move(notes_.begin(), notes_.end(), std::back_inserter(list.notes));
  }

 private:
  static constexpr int kNoPriority = -1;

  struct Entry {
    Candidate candidate;
    bool written_out = false;       ///< named with its id
    bool specific_workers = false;  ///< the worker count came from a token with an id
  };

  const DeviceRecord& device(int index) const { return devices_[static_cast<std::size_t>(index)]; }

  Entry* find(int record) {
    const auto it =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.candidate.record == record; });
    return it == entries_.end() ? nullptr : &*it;
  }
  Entry* find(const std::string& name) {
    const auto it =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.candidate.device == name; });
    return it == entries_.end() ? nullptr : &*it;
  }

  Entry& add(int record, std::string name, int priority) {
    Entry& entry = entries_.emplace_back();
    entry.candidate.device = std::move(name);
    entry.candidate.record = record;
    entry.candidate.priority = priority;
    return entry;
  }
  /// A device keeps the place of its first token (B-108).
  Entry& accept(int record, int priority) {
    Entry* entry = find(record);
    return entry != nullptr ? *entry : add(record, device(record).name, priority);
  }

  static void reject(Entry& entry, Reason reason, std::string text) {
    entry.candidate.accepted = false;
    entry.candidate.reason = reason;
    entry.candidate.text = std::move(text);
  }
  void reject_software(int index) {
    reject(add(index, device(index).name, kNoPriority), Reason::kSoftwareDevice,
           device(index).name + " is a software device; name it or set ALLOW_SOFTWARE_DEVICES=true to use it");
  }

  void not_found(const Token& token, int priority) {
    if (find(token.name()) != nullptr) return;
    std::string text = not_found_text(token.name(), devices_);
    warnings_.push_back(text + "; " + available_text(devices_));
    unknown_.push_back(token.name());
    reject(add(-1, token.name(), priority), Reason::kDeviceNotFound, std::move(text));
  }

  /// B-117: the more specific token gives the count, of equal ones the first.
  void count_workers(Entry& entry, const Token& token) {
    if (token.count == 0) return;
    const bool specific = !token.id.empty();
    std::uint32_t& workers = entry.candidate.workers;
    if (workers == 0 || (specific && !entry.specific_workers)) {
      workers = token.count;
      entry.specific_workers = specific;
    } else if (specific == entry.specific_workers) {
      warnings_.push_back(entry.candidate.device + " is counted twice: " + std::to_string(workers) + " is used, " +
                          token.text + " is ignored");
    }
  }

  Devices devices_;
  const CandidateOptions& options_;
  std::vector<Entry> entries_;
  std::vector<int> left_out_software_;
  std::vector<std::string> unknown_;
  std::vector<std::string> warnings_;
  std::vector<std::string> notes_;
};

std::string list_text(const std::vector<Token>& tokens) {
  std::vector<std::string> texts;
  for (const Token& token : tokens) texts.push_back(token.text);
  return join(texts, ",");
}

/// The strongest list that says anything (B-121); its texts go into `result`.
Result<std::vector<Token>> choose_list(const DeviceString& device, const CandidateOptions& options,
                                       CandidateList& result) {
  Result<std::vector<Token>> property = parse_device_list(options.priorities);
  if (!property.is_ok()) return property.status().with_context("property MULTI_DEVICE_PRIORITIES");
  std::vector<Token> tokens = device.has_list() ? device.tokens : property.value();
  result.list = list_text(tokens);
  if (device.has_list()) {
    result.source = ListSource::kDeviceString;
    const bool in_config = !property->empty() && options.priorities_source == ListSource::kCompileConfig;
    if (in_config && property.value() != tokens) {
      result.warnings.push_back("the device string's list " + result.list + " is used, MULTI_DEVICE_PRIORITIES " +
                                list_text(property.value()) + " is ignored");
    }
  } else if (!tokens.empty()) {
    result.source = options.priorities_source;
  } else if (device.kind == DeviceString::Kind::kMulti) {
    return Status::invalid_argument(
        "MULTI needs a list of devices, got none: write MULTI:CPU,GPU or set MULTI_DEVICE_PRIORITIES");
  }
  return tokens;
}

Status nothing_left(const DeviceString& device, const CandidateList& list, Devices devices) {
  std::vector<std::string> reasons;
  for (const Candidate& candidate : list.candidates) {
    reasons.push_back(candidate.device + " " + std::string(to_string(candidate.reason)) + " (" + candidate.text + ")");
  }
  const std::string where = " for " + to_string(device.kind) + (list.list.empty() ? "" : ":" + list.list);
  const std::string why = reasons.empty() ? "; " : ": " + join(reasons, ", ") + "; ";
  return Status::not_found("no supported device" + where + why + available_text(devices));
}

bool is_include(const Token& token) { return !token.exclude; }

}  // namespace

std::string_view to_string(ListSource source) {
  switch (source) {
    case ListSource::kDefault: return "default";
    case ListSource::kAutoProperty: return "set_property";
    case ListSource::kCompileConfig: return "compile config";
    case ListSource::kDeviceString: return "device string";
  }
  return "unknown";
}

std::size_t CandidateList::accepted_count() const {
  return static_cast<std::size_t>(
      std::count_if(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.accepted; }));
}

Result<CandidateList> resolve_candidates(const DeviceString& device, Devices devices, const CandidateOptions& options) {
  CandidateList list;
  Result<std::vector<Token>> tokens = choose_list(device, options, list);
  BATON_RETURN_IF_ERROR(tokens.status());
  list.default_order = std::none_of(tokens->begin(), tokens->end(), is_include);

  Resolver resolver(devices, options);
  if (list.default_order) resolver.include_all();
  int priority = 0;
  for (const Token& token : tokens.value()) {
    if (is_include(token)) resolver.include(token, priority++);
  }
  for (const Token& token : tokens.value()) {
    if (!is_include(token)) resolver.exclude(token);
  }
  resolver.finish_software();
  if (options.strict && !resolver.unknown().empty()) {
    std::vector<std::string> names;
    for (const std::string& name : resolver.unknown()) names.push_back(name + suggestion(name, devices));
    return Status::invalid_argument("STRICT_DEVICES is set and these devices were not found: " + join(names, ", ") +
                                    "; " + available_text(devices));
  }
  if (options.multi_device && list.default_order) resolver.leave_cpu_to_gpus();
  resolver.move_into(list);
  if (list.accepted_count() == 0) return nothing_left(device, list, devices);
  return list;
}

Result<Candidate> resolve_direct(const DeviceString& device, Devices devices) {
  const int record = find_device(device.name, devices);
  if (record < 0) {
    return Status::invalid_argument(not_found_text(device.name, devices) + "; " + available_text(devices));
  }
  Candidate candidate;
  candidate.device = device.name;
  candidate.record = record;
  return candidate;
}

Result<std::vector<std::string>> families_to_enumerate(const DeviceString& device, std::string_view priorities) {
  if (!device.name.empty()) return std::vector<std::string>{device.name.substr(0, device.name.find('.'))};
  Result<std::vector<Token>> property = parse_device_list(priorities);
  if (!property.is_ok()) return property.status().with_context("property MULTI_DEVICE_PRIORITIES");
  std::vector<std::string> families;
  for (const Token& token : device.has_list() ? device.tokens : property.value()) {
    const bool known = std::find(families.begin(), families.end(), token.family) != families.end();
    if (is_include(token) && !known) families.push_back(token.family);
  }
  return families;
}

int find_device(std::string_view name, Devices devices) {
  const auto index_of = [&](auto&& is_match) {
    const auto it = std::find_if(devices.begin(), devices.end(), is_match);
    return it == devices.end() ? -1 : static_cast<int>(it - devices.begin());
  };
  const int exact = index_of(
      [&](const DeviceRecord& d) { return d.name == name || (!d.id.empty() && d.family + "." + d.id == name); });
  return exact >= 0 ? exact : index_of([&](const DeviceRecord& d) { return d.family == name && d.id == "0"; });
}

bool id_less(std::string_view a, std::string_view b) {
  const bool a_number = is_number(a);
  const bool b_number = is_number(b);
  if (a_number != b_number) return a_number;
  if (a_number && a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

}  // namespace baton::policy
