// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/batch_check.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "auto/sample.h"
#include "policy/output_check.h"

namespace baton::autodev {
namespace {

using base::Result;
using base::Status;

/// One run after another on one request; the time of the last one.
class Runner {
 public:
  Runner(std::unique_ptr<engine::EngineRequest> request, base::Executor& executor)
      : request_(std::move(request)), executor_(executor) {}

  Status run(std::vector<Buffer>& inputs, std::vector<Buffer>& outputs) {
    const auto in = views(inputs);
    const auto out = sinks(outputs);
    const auto began = executor_.now();
    const Status status = request_->run(in, out);
    last_ms_ = base::to_ms(executor_.now() - began);
    return status;
  }
  double last_ms() const { return last_ms_; }

 private:
  const std::unique_ptr<engine::EngineRequest> request_;
  base::Executor& executor_;
  double last_ms_ = 0;
};

/// The same elements in reversed order: another item that the model can take as well.
Buffer reversed(const Buffer& buffer) {
  Buffer other = buffer;
  const std::size_t width = std::max<std::size_t>(1, buffer.type.size());
  const std::size_t count = buffer.bytes.size() / width;
  for (std::size_t i = 0; i < count; ++i)
    std::memcpy(other.bytes.data() + i * width, buffer.bytes.data() + (count - 1 - i) * width, width);
  return other;
}

/// Item `position` of an output with `size` items.
engine::TensorView item_of(Buffer& whole, std::vector<std::size_t>& shape, std::size_t position, std::size_t size) {
  shape = whole.shape;
  shape[0] /= size;
  const std::size_t bytes = whole.bytes.size() / size;
  return {whole.type, shape, whole.bytes.data() + position * bytes, bytes};
}

/// `first` at every position but the last, which is `last`.
std::vector<Buffer> batch_of(const std::vector<Buffer>& first, const std::vector<Buffer>& last,
                             const policy::BatchPorts& ports, std::size_t size) {
  std::vector<Buffer> inputs = first;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!ports.inputs[i]) continue;
    inputs[i].shape[0] = size;
    inputs[i].bytes.clear();
    for (std::size_t item = 0; item < size; ++item) {
      const Buffer& source = item + 1 == size ? last[i] : first[i];
      inputs[i].bytes.insert(inputs[i].bytes.end(), source.bytes.begin(), source.bytes.end());
    }
  }
  return inputs;
}

Status compare(std::vector<Buffer>& alone, std::vector<Buffer>& together, std::size_t position, std::size_t size,
               const model::Facts& facts, const policy::BatchPorts& ports, const policy::Tolerance& tolerance) {
  for (std::size_t o = 0; o < alone.size(); ++o) {
    const std::string& name = facts.outputs[o].any_name();
    std::vector<std::size_t> shape;
    if (ports.outputs[o] && (together[o].shape.empty() || together[o].shape[0] % size != 0))
      return Status::unsupported("the output '" + name + "' has no place for " + std::to_string(size) + " items");
    const engine::TensorView item = ports.outputs[o] ? item_of(together[o], shape, position, size) : together[o].view();
    const policy::OutputPair pair{name, alone[o].view(), item, facts.output_is_distribution[o]};
    const auto verdict = policy::compare_outputs({&pair, 1}, tolerance);
    if (!verdict.agree) return Status::unsupported("an item of a batch comes out differently: " + verdict.text);
  }
  return {};
}

}  // namespace

Result<BatchCheck> check_batch(const model::Model& model, const policy::BatchPorts& ports, std::uint32_t size,
                               engine::Executable& single, engine::Executable& batch, base::Executor& executor) {
  auto single_request = single.create_request();
  if (!single_request.is_ok()) return single_request.status();
  auto batch_request = batch.create_request();
  if (!batch_request.is_ok()) return batch_request.status();
  Runner alone(std::move(single_request).value(), executor);
  Runner together(std::move(batch_request).value(), executor);

  const model::Facts& facts = model.facts();
  std::vector<Buffer> first = Sample::pseudo_random(model)->inputs;
  std::vector<Buffer> last = first;
  for (std::size_t i = 0; i < last.size(); ++i) {
    if (ports.inputs[i]) last[i] = reversed(first[i]);
  }
  std::vector<Buffer> all = batch_of(first, last, ports, size);
  std::vector<Buffer> of_first(facts.outputs.size()), of_last(facts.outputs.size()), of_all(facts.outputs.size());
  BATON_RETURN_IF_ERROR(alone.run(first, of_first));
  BATON_RETURN_IF_ERROR(alone.run(last, of_last));
  BATON_RETURN_IF_ERROR(together.run(all, of_all));
  BATON_RETURN_IF_ERROR(together.run(all, of_all));
  if (facts.random) return BatchCheck{alone.last_ms(), together.last_ms()};
  const auto tolerance = policy::tolerance_for(single.traits().precision, batch.traits().precision, {});
  BATON_RETURN_IF_ERROR(compare(of_first, of_all, 0, size, facts, ports, tolerance));
  BATON_RETURN_IF_ERROR(compare(of_last, of_all, size - 1, size, facts, ports, tolerance));
  return BatchCheck{alone.last_ms(), together.last_ms()};
}

}  // namespace baton::autodev
