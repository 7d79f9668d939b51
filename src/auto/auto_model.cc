// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/auto_model.h"

#include <utility>

#include "auto/auto_model_impl.h"
#include "auto/multi_model.h"
#include "auto/reports.h"

namespace baton::autodev {

using base::LogLevel;
using base::Result;
using base::Status;
using policy::Reason;
using policy::Verdict;

namespace {

/// What the user should know before anything is loaded.
void log_notes(const CompileSpec& spec, const Selection& selection) {
  const std::string tag = tag_of(spec);
  for (const std::string& warning : selection.list.warnings) BATON_LOG(*spec.log, LogLevel::kWarning, tag, warning);
  for (const std::string& note : selection.notes) BATON_LOG(*spec.log, LogLevel::kInfo, tag, note);
  for (const std::string& note : selection.list.notes) BATON_LOG(*spec.log, LogLevel::kDebug, tag, note);
}

Result<std::shared_ptr<AutoModel>> begin(const std::shared_ptr<ModelShell>& model) {
  if (Status status = model->start_and_wait(); !status.is_ok()) return status;
  return std::shared_ptr<AutoModel>(model);
}

/// What compile_model would make of a rung.
std::pair<Verdict, Reason> prospect(const CompileSpec& spec, const policy::Plan& plan, int rung) {
  if (is_multi_device(spec)) {
    const auto& device = plan.devices[static_cast<std::size_t>(plan.rungs[static_cast<std::size_t>(rung)].device)];
    if (device.rungs.front() == rung) return {Verdict::kServing, Reason::kSelected};
  } else if (rung == plan.devices[static_cast<std::size_t>(plan.first_device)].rungs.front()) {
    return {Verdict::kTarget, Reason::kSelected};
  } else if (rung == plan.helper && !plan.target_cached) {
    return {Verdict::kHelper, Reason::kHelper};
  }
  return {Verdict::kStandby, Reason::kLowerRank};
}

}  // namespace

Result<std::shared_ptr<AutoModel>> AutoModel::compile(const Environment& environment, CompileSpec spec) {
  auto selection = select(environment, spec, /*dry_run=*/false);
  if (!selection.is_ok()) return selection.status();
  log_notes(spec, selection.value());
  // One device passes through, whatever the mode (B-808).
  if (is_multi_device(spec) && selection->ranking.size() > 1)
    return begin(std::make_shared<MultiModel>(environment, std::move(spec), std::move(selection).value()));
  return begin(std::make_shared<AutoModelImpl>(environment, std::move(spec), std::move(selection).value()));
}

Result<policy::SelectionReport> AutoModel::explain(const Environment& environment, const CompileSpec& spec) {
  auto selection = select(environment, spec, /*dry_run=*/true);
  if (!selection.is_ok()) return selection.status();
  const policy::Plan& plan = selection->plan;
  policy::SelectionReport report = selection_report(spec, selection.value());
  std::vector<policy::SelectionReport::Entry> pairs;
  for (std::size_t i = 0; i < plan.rungs.size(); ++i) {
    const auto [verdict, reason] = prospect(spec, plan, static_cast<int>(i));
    const auto note = plan.interim_notes.find(static_cast<int>(i));
    pairs.push_back(
        entry_of(plan.rungs[i].pair, verdict, reason, note == plan.interim_notes.end() ? "" : note->second));
    add_record(pairs.back(), plan.rungs[i].record);
  }
  add_entries(report, spec, selection.value(), std::move(pairs));
  return report;
}

}  // namespace baton::autodev
