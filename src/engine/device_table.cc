// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/device_table.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace baton::engine {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// "GPU-1F4E..." and "1f4e-..." are spellings of one UUID: hexadecimal digits alone count.
std::string normal_uuid(std::string_view text) {
  std::string result = lower(text);
  if (result.starts_with("gpu-")) result.erase(0, 4);
  std::erase_if(result, [](unsigned char c) { return !std::isxdigit(c); });
  // Drivers that know no UUID report zeros.
  return result.find_first_not_of('0') == std::string::npos ? std::string() : result;
}

/// "3B:00.0", "0000:3b:00.0" and "00000000:3B:00.0" are one address.
std::string normal_pci(std::string_view text) {
  std::string result = lower(text);
  if (result.empty()) return result;
  const auto colons = std::count(result.begin(), result.end(), ':');
  if (colons == 1) return "0000:" + result;
  const auto domain = result.find(':');
  return domain > 4 && domain != std::string::npos ? result.substr(domain - 4) : result;
}

bool is_number(std::string_view id) {
  return !id.empty() && id.size() <= 9 &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// An engine's report with all that merging compares.
struct Member {
  EngineOnDevice on;
  std::string family;
  std::string id;
  std::string uuid;
  std::string pci;
  std::string look;  ///< vendor and full name
  int ordinal = 0;   ///< among the reports of its engine with the same family and look
};

/// Reports that are known to mean one piece of hardware.
struct Group {
  std::vector<Member> members;

  template <typename Predicate>
  bool any(Predicate predicate) const {
    return std::any_of(members.begin(), members.end(), predicate);
  }
  std::string first(std::string Member::*field) const {
    for (const auto& member : members) {
      if (!(member.*field).empty()) return member.*field;
    }
    return {};
  }
  const DeviceReport& report() const { return members.front().on.report; }
  const std::string& family() const { return members.front().family; }
};

std::vector<Group> singletons(std::vector<EngineOnDevice> reports) {
  std::stable_sort(reports.begin(), reports.end(), [](const auto& a, const auto& b) { return a.engine < b.engine; });
  std::map<std::tuple<std::string, std::string, std::string>, int> seen;
  std::vector<Group> groups;
  for (auto& on : reports) {
    Member member;
    const auto [family, id] = split_device_name(on.report.name);
    member.family = family;
    member.id = id;
    member.uuid = normal_uuid(on.report.uuid);
    member.pci = normal_pci(on.report.pci_address);
    member.look = lower(on.report.vendor) + "|" + lower(on.report.full_name);
    member.ordinal = seen[{on.engine, member.family, member.look}]++;
    // A family whose devices are numbered: a lone device without number is the first one.
    if (member.id.empty() && on.report.kind != DeviceKind::kCpu) member.id = "0";
    member.on = std::move(on);
    groups.push_back({{std::move(member)}});
  }
  return groups;
}

bool shares(const Group& a, const Group& b, std::string Member::*field) {
  return a.any([&](const Member& m) {
    return !(m.*field).empty() && b.any([&](const Member& n) { return m.*field == n.*field; });
  });
}

bool contradicts(const Group& a, const Group& b, std::string Member::*field) {
  return !a.first(field).empty() && !b.first(field).empty() && !shares(a, b, field);
}

bool is_named(const Group& group) { return group.report().fixed_name || group.report().kind == DeviceKind::kCpu; }

bool same_name(const Group& a, const Group& b) {
  const bool both_cpu = a.report().kind == DeviceKind::kCpu && b.report().kind == DeviceKind::kCpu;
  const bool both_fixed = a.report().fixed_name && b.report().fixed_name;
  return (both_cpu || both_fixed) && a.members.front().id == b.members.front().id;
}

bool same_ordinal(const Group& a, const Group& b) {
  if (contradicts(a, b, &Member::uuid) || contradicts(a, b, &Member::pci)) return false;
  return a.any([&](const Member& m) {
    return b.any([&](const Member& n) { return m.look == n.look && m.look != "|" && m.ordinal == n.ordinal; });
  });
}

using Same = std::function<bool(const Group&, const Group&)>;

/// Unites groups that `same` says are one, unless an engine would then report one device twice.
void unite(std::vector<Group>& groups, bool named, const Same& same) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::size_t j = i + 1; j < groups.size();) {
      Group& a = groups[i];
      Group& b = groups[j];
      const bool one_engine_twice =
          a.any([&](const Member& m) { return b.any([&](const Member& n) { return m.on.engine == n.on.engine; }); });
      if (is_named(a) != named || is_named(b) != named || a.family() != b.family() || one_engine_twice || !same(a, b)) {
        ++j;
        continue;
      }
      std::move(b.members.begin(), b.members.end(), std::back_inserter(a.members));
      groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(j));
      j = i + 1;  // what was too little for the smaller group may be enough for the larger one
    }
  }
}

/// Integrated, discrete and software devices in this order; an unknown GPU was reported as integrated (B-310), so an
/// engine that knows better wins.
DeviceKind kind_of(const Group& group) {
  for (const DeviceKind kind : {DeviceKind::kSoftware, DeviceKind::kDiscreteGpu}) {
    if (group.any([&](const Member& m) { return m.on.report.kind == kind; })) return kind;
  }
  return group.report().kind;
}

DeviceRecord make_record(Group group) {
  std::stable_sort(group.members.begin(), group.members.end(),
                   [](const Member& a, const Member& b) { return a.on.engine < b.on.engine; });
  DeviceRecord record;
  record.family = group.family();
  record.id = group.members.front().id;
  record.name = group.report().name;
  record.kind = kind_of(group);
  std::set<std::string> capabilities;
  for (const auto& member : group.members) {
    const DeviceReport& report = member.on.report;
    if (record.full_name.empty()) record.full_name = report.full_name;
    if (record.driver.empty()) record.driver = report.driver;
    record.memory_bytes = std::max(record.memory_bytes, report.memory_bytes);
    capabilities.insert(report.capabilities.begin(), report.capabilities.end());
    record.engines.push_back(member.on);
  }
  record.capabilities.assign(capabilities.begin(), capabilities.end());
  const std::string uuid = group.first(&Member::uuid);
  record.identity = uuid.empty() ? group.first(&Member::pci) : uuid;  // without both: the final name, see `number`
  return record;
}

int kind_order(DeviceKind kind) { return kind == DeviceKind::kDiscreteGpu ? 1 : kind == DeviceKind::kSoftware ? 2 : 0; }

bool keeps_id(const DeviceRecord& record) {
  const DeviceReport& first = record.engines.front().report;
  return first.fixed_name || record.kind == DeviceKind::kCpu || !is_number(record.id);
}

/// Gives the devices of one family their ids and names.
void number(std::vector<DeviceRecord>& family) {
  std::set<std::string> taken;
  using Rank = std::tuple<int, bool, std::string, std::string, std::size_t>;  // ties end with the order of reports
  std::vector<std::pair<Rank, DeviceRecord*>> order;
  for (auto& record : family) {
    if (keeps_id(record)) {
      taken.insert(record.id);
      continue;
    }
    std::string pci;
    for (const auto& on : record.engines) pci = pci.empty() ? normal_pci(on.report.pci_address) : pci;
    order.push_back({{kind_order(record.kind), pci.empty(), pci, record.identity, order.size()}, &record});
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  int next = 0;
  for (auto& [key, record] : order) {
    while (taken.contains(std::to_string(next))) ++next;
    record->id = std::to_string(next++);
  }
  for (auto& record : family) {
    const bool as_reported = keeps_id(record) && family.size() == 1;
    if (!as_reported)
      record.name = family.size() == 1 || record.id.empty() ? record.family : record.family + "." + record.id;
    if (record.identity.empty()) record.identity = record.id.empty() ? record.family : record.family + "." + record.id;
  }
  std::sort(family.begin(), family.end(), [](const DeviceRecord& a, const DeviceRecord& b) {
    const bool a_number = is_number(a.id), b_number = is_number(b.id);
    if (a_number && b_number) return std::stol(a.id) < std::stol(b.id);
    return a_number != b_number ? a_number : a.id < b.id;
  });
}

int family_order(const std::string& family) {
  constexpr std::string_view kFirst[] = {"CPU", "GPU", "NPU"};
  return static_cast<int>(std::find(std::begin(kFirst), std::end(kFirst), family) - std::begin(kFirst));
}

}  // namespace

std::pair<std::string_view, std::string_view> split_device_name(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return {name, {}};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

const DeviceReport* report_of(const DeviceRecord& device, std::string_view engine) {
  const auto way = std::find_if(device.engines.begin(), device.engines.end(),
                                [&](const EngineOnDevice& on) { return on.engine == engine; });
  return way == device.engines.end() ? nullptr : &way->report;
}

std::string flaw_of(const DeviceReport& report) {
  const auto [family, id] = split_device_name(report.name);
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  const auto is_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  const bool family_good = !family.empty() && is_letter(static_cast<unsigned char>(family.front())) &&
                           std::all_of(family.begin(), family.end(), is_word);
  const bool id_good = id.find_first_of(",(): \t") == std::string_view::npos && (!id.empty() || family == report.name);
  if (!family_good || !id_good) return "got \"" + report.name + "\", expected a device name like CPU or GPU.1";
  if (report.handle.empty())
    return "device " + report.name + " has an empty handle, expected the engine's own name of it";
  return {};
}

std::vector<DeviceRecord> merge_devices(std::vector<EngineOnDevice> reports) {
  std::vector<Group> groups = singletons(std::move(reports));
  unite(groups, true, same_name);
  unite(groups, false, [](const Group& a, const Group& b) { return shares(a, b, &Member::uuid); });
  unite(groups, false, [](const Group& a, const Group& b) { return shares(a, b, &Member::pci); });
  unite(groups, false, same_ordinal);

  std::map<std::pair<int, std::string>, std::vector<DeviceRecord>> families;
  for (auto& group : groups) {
    DeviceRecord record = make_record(std::move(group));
    auto key = std::pair(family_order(record.family), record.family);
    families[std::move(key)].push_back(std::move(record));
  }
  std::vector<DeviceRecord> devices;
  for (auto& [key, family] : families) {
    number(family);
    std::move(family.begin(), family.end(), std::back_inserter(devices));
  }
  return devices;
}

}  // namespace baton::engine
