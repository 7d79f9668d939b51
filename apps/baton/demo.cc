// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "baton/baton.hpp"
#include "commands.h"
#include "model_setup.h"
#include "printing.h"
#include "sample_model.h"
#include "startup_recorder.h"
#include "text_picture.h"
#include "text_reader.h"
#include "timeline.h"

namespace baton::tool {
namespace {

constexpr std::size_t kPictureWidth = 320;
constexpr std::size_t kPictureHeight = 48;
constexpr std::chrono::milliseconds kShortest{1500};
constexpr std::chrono::seconds kLongest{30};
constexpr std::chrono::seconds kSteady{1};

/// A model that turns the picture of a line of text into the text.
struct TextModel {
  std::filesystem::path path;
  TextReader reader;
};

/// The characters that the model carries with it, one per line; empty: none, or no model.
std::string characters_of(const std::filesystem::path& path) {
  try {
    const auto model = Core().read_model(path.string());
    return model->has_rt_info("framework", "character") ? model->get_rt_info<std::string>("framework", "character")
                                                        : "";
  } catch (const Exception&) {
    return {};
  }
}

/// The first model of the folder that carries its characters with it.
std::optional<TextModel> find_text_model(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".onnx") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& path : files) {
    if (const std::string characters = characters_of(path); !characters.empty())
      return TextModel{path, TextReader(characters)};
  }
  return std::nullopt;
}

/// Three equal planes, grey values in -1..1: what networks for text recognition take.
Tensor to_tensor(const GreyPicture& picture) {
  Tensor tensor(element::f32, {1, 3, picture.height, picture.width});
  float* at = tensor.data<float>();
  for (int plane = 0; plane < 3; ++plane) {
    at = std::transform(picture.pixels.begin(), picture.pixels.end(), at,
                        [](float value) { return value / 127.5F - 1; });
  }
  return tensor;
}

std::string read_answer(StartupRecorder& recorder, const TextReader& reader) {
  const Tensor scores = recorder.request().get_output_tensor();
  if (scores.get_shape().empty() || scores.get_shape().back() != reader.classes()) {
    throw std::runtime_error("the text model has outputs of shape " + scores.get_shape().to_string() + ", expected " +
                             std::to_string(reader.classes()) + " classes in the last dimension");
  }
  return reader.read({scores.data<float>(), scores.get_size()});
}

/// The figures of the last hand-over, measured side by side on the same input; the answers before it had to share the
/// cores with the preparation of the target.
std::string side_by_side(const StartupTrace& trace) {
  std::string text;
  for (const TimedEvent& timed : trace.events) {
    const auto& values = timed.event.values;
    const auto serving = values.find("serving_ms"), newcomer = values.find("newcomer_ms");
    if (timed.event.type != "CHECK_DONE" || serving == values.end() || newcomer == values.end()) continue;
    text += "  " + timed.event.engine + " against the one that served: " + ms_text(newcomer->second) + " ms against " +
            ms_text(serving->second) + " ms" +
            (timed.event.reason.empty() ? ", taken" : ", refused: " + timed.event.reason) + "\n";
  }
  return text;
}

std::string verdict(const StartupTrace& trace) {
  const auto served = stages(trace);
  const Stage& first = served.front();
  const Stage& last = served.back();
  std::string text =
      "Verdict: the first answer came after " + ms_text(trace.answers.front().end_ms) + " ms from " + first.engine;
  if (served.size() == 1)
    return text + ", which also serves for good at " + ms_text(last.median_ms) + " ms per answer.";
  const auto before = std::find_if(trace.answers.begin(), trace.answers.end(),
                                   [&](const Answer& answer) { return answer.generation == last.generation; });
  return text + "; since " + ms_text(before->end_ms) + " ms " + last.engine + " serves at " + ms_text(last.median_ms) +
         " ms per answer; all " + std::to_string(trace.answers.size()) + " requests were answered.";
}

/// Runs the recorder from the first answer to steady speed; `show` prints what an answer says.
void perform(StartupRecorder& recorder, const std::function<void(const char* when)>& show, std::ostream& out) {
  recorder.infer();
  show("first answer");
  const bool steady = recorder.run(kShortest, kLongest);
  recorder.run(kSteady, kSteady);
  show("answer now");
  const StartupTrace trace = recorder.trace();
  out << "\nWhat happened, in ms from the construction of the Core:\n"
      << print_milestones(trace) << "\n"
      << draw_timeline(trace, 72) << "\n"
      << print_stages(trace) << side_by_side(trace) << "\nWhy (explain):\n"
      << recorder.model().explain().to_text() << "\n"
      << verdict(trace) << (steady ? "" : " (not steady yet)") << "\n";
}

void demonstrate_text(const TextModel& text_model, const DemoOptions& options, std::ostream& out) {
  const GreyPicture picture = draw_text(options.text, kPictureWidth, kPictureHeight);
  out << "Model: " << text_model.path.filename().string() << ", reads a line of text from a picture:\n\n"
      << to_terminal(picture, 80);
  StartupRecorder recorder(
      [&](const Core& core) {
        auto model = core.read_model(text_model.path.string());
        model->reshape(PartialShape(Shape{1, 3, kPictureHeight, kPictureWidth}));
        return model;
      },
      options.device, {});
  recorder.request().set_input_tensor(to_tensor(picture));
  perform(
      recorder,
      [&](const char* when) { out << "\n"
                                  << when << ": \"" << read_answer(recorder, text_model.reader) << "\"\n"; },
      out);
}

void demonstrate_built_in(const DemoOptions& options, std::ostream& out) {
  out << "Model: built in, a small convolutional network (a folder with a text recognition model shows more)\n";
  const std::string bytes = sample_model();
  StartupRecorder recorder([&](const Core& core) { return core.read_model(bytes, Tensor()); }, options.device, {});
  fill_inputs(recorder.model(), recorder.request());
  const auto show = [&](const char* when) {
    const Tensor scores = recorder.request().get_output_tensor();
    const auto best =
        std::max_element(scores.data<float>(), scores.data<float>() + scores.get_size()) - scores.data<float>();
    out << "\n" << when << ": class " << best << "\n";
  };
  perform(recorder, show, out);
}

}  // namespace

void run_demo(const DemoOptions& options, std::ostream& out) {
  const auto text_model = options.folder.empty() ? std::nullopt : find_text_model(options.folder);
  if (!options.folder.empty() && !text_model)
    out << options.folder << " has no text recognition model (metadata key \"character\")\n";
  if (text_model) {
    demonstrate_text(*text_model, options, out);
  } else {
    demonstrate_built_in(options, out);
  }
}

}  // namespace baton::tool
