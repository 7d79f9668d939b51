// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "tensorrt_cache.h"

#include <span>

#include "model/hash.h"

namespace baton::engine::onnxruntime {
namespace {

namespace fs = std::filesystem;
using Options = std::map<std::string, std::string>;

/// No two lists of words share it.
std::string name_of(std::initializer_list<std::string> words) {
  std::string text;
  for (const std::string& word : words) text += std::to_string(word.size()) + ":" + word;
  return model::hash_of(std::as_bytes(std::span(text)));
}

std::string text_of(const Options& options) {
  std::string text;
  for (const auto& [key, value] : options) {
    // The number of a GPU changes with CUDA_VISIBLE_DEVICES.
    if (key != "device_id") text += key + "=" + std::to_string(value.size()) + ":" + value;
  }
  return text;
}

std::string shapes_of(const model::Model& model) {
  std::string text;
  for (const PartialShape& shape : model.input_shapes) text += shape.to_string();
  return text;
}

}  // namespace

TensorRtCache::TensorRtCache(const TensorRtBuild& build, const CompileRequest& request, const Options& options) {
  if (request.cache_folder.empty()) return;
  timing_ = request.cache_folder /
            name_of({build.onnxruntime, build.tensorrt, build.gpu, build.driver, build.tf32 ? "tf32" : ""});
  engines_ = timing_ / name_of({request.model.data->content_hash(), shapes_of(request.model),
                                std::string(to_string(request.profile)), text_of(options)});
}

void TensorRtCache::add_to(Options& options) {
  if (engines_.empty()) return;
  std::error_code error;
  fs::create_directories(engines_, error);
  if (error) {
    engines_.clear();
    return;
  }
  before_ = files();
  options.insert({{"trt_engine_cache_enable", "1"},
                  {"trt_engine_cache_path", engines_.string()},
                  {"trt_timing_cache_enable", "1"},
                  {"trt_timing_cache_path", timing_.string()}});
}

bool TensorRtCache::forget_if_refused(const base::Status& error) {
  const std::string& text = error.message();
  const bool engine = text.find("eserialize engine") != std::string::npos;
  const bool timing = text.find("timing cache") != std::string::npos;
  if (engines_.empty() || !(engine || timing)) return false;
  std::error_code ignored;
  const fs::path refused = engine ? engines_ : timing_;
  if (fs::is_empty(refused, ignored)) return false;  // nothing of ours
  fs::remove_all(refused, ignored);
  fs::create_directories(engines_, ignored);
  before_.clear();
  return true;
}

bool TensorRtCache::was_read(const model::Model& model) const {
  return !model.is_dynamic() && !before_.empty() && files() == before_;
}

TensorRtCache::Files TensorRtCache::files() const {
  Files found;
  std::error_code error;
  for (fs::directory_iterator entry(engines_, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (entry->path().extension() == ".engine") found[entry->path()] = fs::last_write_time(entry->path(), gone);
  }
  return found;
}

}  // namespace baton::engine::onnxruntime
