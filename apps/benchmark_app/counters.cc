// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "counters.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "common/text.h"

namespace baton::bench {
namespace {

using app::format;
using Microseconds = std::chrono::microseconds;

double in_ms(Microseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

struct Total {
  explicit Total(const NodeCounters& nodes) {
    for (const ProfilingInfo& node : nodes) {
      real += node.real_time;
      cpu += node.cpu_time;
    }
  }
  Microseconds real{0}, cpu{0};
};

bool slower(const ProfilingInfo& a, const ProfilingInfo& b) { return a.real_time > b.real_time; }

std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 28;
  return text.size() <= kLongest ? text : text.substr(0, kLongest - 3) + "...";
}

}  // namespace

const char* status_text(ProfilingInfo::Status status) {
  switch (status) {
    case ProfilingInfo::Status::NOT_RUN: return "NOT_RUN";
    case ProfilingInfo::Status::OPTIMIZED_OUT: return "OPTIMIZED_OUT";
    case ProfilingInfo::Status::EXECUTED: return "EXECUTED";
  }
  return "";
}

NodeCounters average_counters(const std::vector<NodeCounters>& by_request) {
  NodeCounters average;
  std::map<std::string, std::size_t> places;
  for (const NodeCounters& nodes : by_request) {
    for (const ProfilingInfo& node : nodes) {
      const auto [place, is_new] = places.emplace(node.node_name, average.size());
      if (is_new) {
        average.push_back(node);
        continue;
      }
      average[place->second].real_time += node.real_time;
      average[place->second].cpu_time += node.cpu_time;
    }
  }
  const auto count = static_cast<Microseconds::rep>(by_request.size());
  for (ProfilingInfo& node : average) {
    node.real_time /= count;
    node.cpu_time /= count;
  }
  return average;
}

std::string counters_csv(const NodeCounters& nodes) {
  std::string text = "layerName;execStatus;layerType;execType;realTime (ms);cpuTime (ms)\n";
  for (const ProfilingInfo& node : nodes) {
    text += node.node_name + ";" + status_text(node.status) + ";" + node.node_type + ";" + node.exec_type + ";" +
            format("%.3f;%.3f\n", in_ms(node.real_time), in_ms(node.cpu_time));
  }
  const Total total(nodes);
  return text + format("Total;;;;%.3f;%.3f\n", in_ms(total.real), in_ms(total.cpu));
}

std::string counters_table(const NodeCounters& nodes, const std::string& sort) {
  NodeCounters shown = nodes;
  if (sort == "sort" || sort == "simple_sort") std::stable_sort(shown.begin(), shown.end(), slower);
  if (sort == "simple_sort")
    std::erase_if(shown, [](const ProfilingInfo& node) { return node.status != ProfilingInfo::Status::EXECUTED; });
  const Total total(nodes);
  const double whole = std::max(in_ms(total.real), 1e-3);
  std::string text;
  for (const ProfilingInfo& node : shown) {
    text +=
        format("%-28s %-13s layerType: %-28s execType: %-28s realTime (ms): %-10.3f cpuTime (ms): %-10.3f %6.2f %%\n",
               shortened(node.node_name).c_str(), status_text(node.status), shortened(node.node_type).c_str(),
               shortened(node.exec_type).c_str(), in_ms(node.real_time), in_ms(node.cpu_time),
               in_ms(node.real_time) / whole * 100);
  }
  return text + format("Total time:     %.3f milliseconds\nTotal CPU time: %.3f milliseconds\n", in_ms(total.real),
                       in_ms(total.cpu));
}

}  // namespace baton::bench
