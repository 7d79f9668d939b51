// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/number.h"

namespace baton::policy {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

Json entry_json(const SelectionReport::Entry& entry) {
  return {{"device", entry.device},
          {"engine", entry.engine},
          {"profile", entry.profile},
          {"precision", entry.precision},
          {"verdict", to_string(entry.verdict)},
          {"reason", to_string(entry.reason)},
          {"text", entry.text},
          {"figures", Json(entry.figures)}};
}

Json phase_json(const SelectionReport::PhaseChange& change) {
  return {{"phase", change.phase},
          {"ms", change.ms},
          {"device", change.device},
          {"engine", change.engine},
          {"generation", change.generation}};
}

/// An array even when it is empty or holds what would pass for an object.
template <typename T, typename F>
Json array_of(const std::vector<T>& items, F&& to_item) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(to_item(item));
  return array;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// "openvino/full/bf16", or "-" when no engine was chosen.
std::string way(const SelectionReport::Entry& entry) {
  if (entry.engine.empty()) return "-";
  std::string text = entry.engine;
  for (const std::string& part : {entry.profile, entry.precision}) {
    if (!part.empty()) text += "/" + part;
  }
  return text;
}

std::string figures_text(const std::map<std::string, double>& figures) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : figures) parts.push_back(name + " " + number(value));
  return parts.empty() ? "" : " [" + joined(parts) + "]";
}

std::string entry_lines(const std::vector<SelectionReport::Entry>& entries) {
  std::size_t device_width = 0;
  std::size_t way_width = 0;
  std::size_t reason_width = 0;
  for (const SelectionReport::Entry& entry : entries) {
    device_width = std::max(device_width, entry.device.size());
    way_width = std::max(way_width, way(entry).size());
    reason_width = std::max(reason_width, to_string(entry.reason).size());
  }
  constexpr std::size_t kVerdictWidth = 9;  // "suspended"
  std::string lines;
  for (const SelectionReport::Entry& entry : entries) {
    std::string line = "  " + padded(entry.device, device_width) + "  " + padded(way(entry), way_width) + "  " +
                       padded(std::string(to_string(entry.verdict)), kVerdictWidth) + "  " +
                       padded(std::string(to_string(entry.reason)), reason_width) + "  " + entry.text +
                       figures_text(entry.figures);
    line.erase(line.find_last_not_of(' ') + 1);
    lines += line + "\n";
  }
  return lines;
}

}  // namespace

std::string to_json(const SelectionReport& report) {
  Json json = {{"schema", kSchema},        {"request", report.request}, {"list_source", report.list_source},
               {"mode", report.mode},      {"label", report.label},     {"label_row", report.label_row},
               {"ranking", report.ranking}};
  json["candidates"] = array_of(report.candidates, entry_json);
  json["pairs"] = array_of(report.pairs, entry_json);
  json["occupancy"] = array_of(report.occupancy, [](const SelectionReport::Occupied& occupied) -> Json {
    return {{"device", occupied.device}, {"priority", occupied.priority}};
  });
  json["notes"] = report.notes;
  json["phases"] = array_of(report.phases, phase_json);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_text(const SelectionReport& report) {
  std::string text = "device \"" + report.request + "\" (list from " + report.list_source + "), mode " + report.mode +
                     ", label " + report.label + " (row " + std::to_string(report.label_row) + ")\n";
  text += "ranking: " + (report.ranking.empty() ? std::string("none") : joined(report.ranking)) + "\n";
  text += entry_lines(report.candidates);
  if (!report.pairs.empty()) text += "ways to run:\n" + entry_lines(report.pairs);
  for (const SelectionReport::Occupied& occupied : report.occupancy) {
    text += "occupied: " + occupied.device + " by a model of priority " + occupied.priority + "\n";
  }
  for (const std::string& note : report.notes) text += "note: " + note + "\n";
  for (const SelectionReport::PhaseChange& change : report.phases) {
    text += "phase: " + change.phase + " at " + number(change.ms) + " ms";
    if (!change.device.empty()) text += ", " + change.device + "/" + change.engine;
    text += ", generation " + std::to_string(change.generation) + "\n";
  }
  return text;
}

}  // namespace baton::policy
