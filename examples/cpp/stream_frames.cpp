// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A stream of frames, several at a time, from the first frame on: usage: stream_frames MODEL [FRAMES]
// The model takes one picture, for example models/face/version-RFB-320.onnx.
#include <algorithm>
#include <baton/baton.hpp>
#include <chrono>
#include <iostream>
#include <map>
#include <mutex>

namespace {

/// Stands for a camera: a bright bar that moves.
baton::Tensor make_frame(const baton::Shape& shape, int number) {
  baton::Tensor frame(baton::element::f32, shape);
  const std::size_t width = shape.back(), bar = static_cast<std::size_t>(number) * 4 % width;
  float* pixel = frame.data<float>();
  for (std::size_t i = 0; i < frame.get_size(); ++i) pixel[i] = i % width >= bar && i % width < bar + 32 ? 255 : 0;
  return frame;
}

/// Answers arrive on threads of Baton and in any order; here they are put into the order of the frames.
class Answers {
 public:
  void add(int frame, const baton::InferRequest& request) {
    const std::scoped_lock lock(mutex_);
    waiting_[frame] = request.device() + "/" + request.engine();
    for (; waiting_.contains(next_); ++next_) {
      if (waiting_[next_] != server_) std::cout << "frame " << next_ << ": answered by " << waiting_[next_] << "\n";
      server_ = waiting_[next_];
      waiting_.erase(next_);
    }
  }
  int in_order() const { return next_; }

 private:
  std::mutex mutex_;
  std::map<int, std::string> waiting_;
  std::string server_;
  int next_ = 0;
};

void stream(const std::string& path, int frames) {
  using Clock = std::chrono::steady_clock;
  baton::Core core;
  baton::CompiledModel compiled =
      core.compile_model(path, "AUTO", baton::hint::performance_mode(baton::hint::PerformanceMode::THROUGHPUT));
  Answers answers;
  baton::AsyncInferQueue queue(compiled);  // as many jobs as are best, more after a hand-over that wants more
  queue.set_callback([&](const baton::InferRequest& request, const std::any& frame) {
    answers.add(std::any_cast<int>(frame), request);
  });
  const auto begin = Clock::now();
  for (int i = 0; i < frames; ++i) queue.start_async(make_frame(compiled.input().get_shape(), i), i);
  queue.wait_all();
  const std::chrono::duration<double> seconds = Clock::now() - begin;
  std::cout << answers.in_order() << " frames in order, " << queue.size() << " at a time, " << frames / seconds.count()
            << " per second\n";
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) throw std::runtime_error("usage: stream_frames MODEL [FRAMES]");
  stream(argv[1], argc > 2 ? std::stoi(argv[2]) : 1000);
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
