// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "console.h"

#include <array>
#include <ostream>

namespace baton::bench {
namespace {

constexpr std::array<const char*, 11> kSteps{"Parsing and validating input arguments",
                                             "Loading Baton Runtime",
                                             "Setting device configuration",
                                             "Reading model files",
                                             "Resizing model to match image sizes and given batch",
                                             "Configuring input of the model",
                                             "Loading the model to the device",
                                             "Querying optimal runtime parameters",
                                             "Creating infer requests and preparing input tensors",
                                             "Measuring performance",
                                             "Dumping statistics report"};
constexpr std::chrono::milliseconds kProgressInterval{200};
constexpr int kBarWidth = 40;

}  // namespace

void Console::step(int number, const std::string& addition) {
  clear_progress();
  out_ << "[Step " << number << "/" << kSteps.size() << "] " << kSteps.at(static_cast<std::size_t>(number - 1));
  if (!addition.empty()) out_ << " (" << addition << ")";
  out_ << std::endl;  // seen at once, also through a pipe
}

void Console::info(const std::string& text) { line("[ INFO ] ", text); }
void Console::warning(const std::string& text) { line("[ WARNING ] ", text); }
void Console::plain(const std::string& text) { line("", text); }

void Console::error(const std::string& text) {
  clear_progress();
  out_.flush();
  err_ << "[ ERROR ] " << text << std::endl;
}

void Console::progress(double share) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (progress_shown_ && now - last_progress_ < kProgressInterval) return;
  last_progress_ = now;
  progress_shown_ = true;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  out_ << "\r[" << std::string(filled, '=') << std::string(kBarWidth - filled, ' ') << "] "
       << static_cast<int>(share * 100) << " %" << std::flush;
}

void Console::line(const char* prefix, const std::string& text) {
  clear_progress();
  out_ << prefix << text << "\n";
}

void Console::clear_progress() {
  if (!progress_shown_) return;
  progress_shown_ = false;
  out_ << "\r\033[K";  // start of the line, erase to its end
}

}  // namespace baton::bench
