// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The subcommands of the tool `baton`: each takes its options and prints to `out`. A failure is a baton::Exception or a
// std::runtime_error whose text is for the user.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace baton::tool {

/// Version of the JSON that --json prints; a number per command would say no more.
inline constexpr int kSchemaVersion = 1;

/// A model and how to compile it.
struct ModelOptions {
  std::string model;                    ///< path
  std::string device = "AUTO";          ///< device string
  std::vector<std::string> properties;  ///< "KEY=VALUE"
  std::vector<std::string> shapes;      ///< "[1,3,48,320]" for the only input, "x[1,3,48,320],y[1,10]" for several
  bool json = false;
};

struct TraceOptions : ModelOptions {
  double seconds = 2;  ///< shortest time of answering; it goes on until the model is steady
};

struct ExplainOptions : ModelOptions {
  bool compile = false;  ///< compile and wait for the outcome instead of predicting it
};

struct DevicesOptions {
  bool json = false;
};

struct DoctorOptions {
  bool json = false;
};

struct DemoOptions {
  std::string folder;                ///< with a text recognition model; empty: the built-in model
  std::string text = "HELLO BATON";  ///< what is written on the picture
  std::string device = "AUTO";
};

void run_devices(const DevicesOptions& options, std::ostream& out);
void run_explain(const ExplainOptions& options, std::ostream& out);
void run_trace(const TraceOptions& options, std::ostream& out);
/// The exit status: 1 when no model can run here.
int run_doctor(const DoctorOptions& options, std::ostream& out);
void run_demo(const DemoOptions& options, std::ostream& out);

}  // namespace baton::tool
