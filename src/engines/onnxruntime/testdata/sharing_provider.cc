// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A provider library that computes Add, MatMul and Mul of f32 on the CPU, rightly while it has one session. What it
// does in a run while it has several is BATON_WITH_COMPANY: COMPUTE, CRASH, HANG, REFUSE or MISCOMPUTE; ABSENT has
// no session at all, TALK writes something to the standard output in every run.
#include <onnxruntime_c_api.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

namespace {

enum class WithCompany { COMPUTE, CRASH, HANG, REFUSE, MISCOMPUTE, ABSENT, TALK };
constexpr WithCompany kWithCompany = WithCompany::BATON_WITH_COMPANY;
constexpr const char* kName = "BatonTestExecutionProvider";

const OrtApi* api = nullptr;
std::atomic<int> sessions = 0;

OrtStatus* failure(const char* text) { return api->CreateStatus(ORT_FAIL, text); }

struct Tensor {
  float* data = nullptr;
  std::vector<std::int64_t> shape;
};

Tensor input(OrtKernelContext* context, std::size_t index) {
  Tensor tensor;
  const OrtValue* value = nullptr;
  OrtTensorTypeAndShapeInfo* info = nullptr;
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  std::size_t rank = 0;
  if (api->KernelContext_GetInput(context, index, &value) || api->GetTensorTypeAndShape(value, &info) ||
      api->GetTensorElementType(info, &type) || api->GetDimensionsCount(info, &rank))
    return tensor;
  tensor.shape.resize(rank);
  if (api->GetDimensions(info, tensor.shape.data(), rank)) return tensor;
  api->ReleaseTensorTypeAndShapeInfo(info);
  void* data = nullptr;
  if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && !api->GetTensorMutableData(const_cast<OrtValue*>(value), &data))
    tensor.data = static_cast<float*>(data);
  return tensor;
}

void compute(const std::string& type, const Tensor& a, const Tensor& b, float* y) {
  if (type == "MatMul") {
    const std::int64_t n = a.shape[0];
    for (std::int64_t i = 0; i < n * n; ++i) {
      y[i] = 0;
      for (std::int64_t k = 0; k < n; ++k) y[i] += a.data[i / n * n + k] * b.data[k * n + i % n];
    }
    return;
  }
  std::int64_t count = 1;
  for (const std::int64_t dim : a.shape) count *= dim;
  for (std::int64_t i = 0; i < count; ++i) y[i] = type == "Add" ? a.data[i] + b.data[i] : a.data[i] * b.data[i];
}

struct Operator : OrtNodeComputeInfo {
  explicit Operator(std::string type_) : OrtNodeComputeInfo{}, type(std::move(type_)) {
    ort_version_supported = ORT_API_VERSION;
    CreateState = [](OrtNodeComputeInfo* self, OrtNodeComputeContext*, void** state) -> OrtStatus* {
      *state = self;
      return nullptr;
    };
    Compute = [](OrtNodeComputeInfo*, void* state, OrtKernelContext* context) {
      return static_cast<Operator*>(state)->run(context);
    };
    ReleaseState = [](OrtNodeComputeInfo*, void*) {};
  }

  OrtStatus* run(OrtKernelContext* context) const {
    const bool company = sessions > 1;
    if (kWithCompany == WithCompany::TALK && ::write(STDOUT_FILENO, "{ready", 6) < 0) return failure("no output");
    if (company && kWithCompany == WithCompany::CRASH) std::raise(SIGSEGV);
    if (company && kWithCompany == WithCompany::REFUSE) return failure("the device is in use");
    while (company && kWithCompany == WithCompany::HANG) ::pause();
    const Tensor a = input(context, 0), b = input(context, 1);
    if (a.data == nullptr || b.data == nullptr) return failure("f32 only");
    OrtValue* value = nullptr;
    void* y = nullptr;
    if (OrtStatus* s = api->KernelContext_GetOutput(context, 0, a.shape.data(), a.shape.size(), &value)) return s;
    if (OrtStatus* s = api->GetTensorMutableData(value, &y)) return s;
    compute(type, a, b, static_cast<float*>(y));
    if (company && kWithCompany == WithCompany::MISCOMPUTE) *static_cast<float*>(y) *= 2;
    return nullptr;
  }

  const std::string type;
};

std::string type_of(const OrtNode* node) {
  const char* type = "";
  return api->Node_GetOperatorType(node, &type) ? std::string() : type;
}

OrtStatus* nodes_of(const OrtGraph* graph, std::vector<const OrtNode*>& nodes) {
  std::size_t count = 0;
  if (OrtStatus* status = api->Graph_GetNumNodes(graph, &count)) return status;
  nodes.resize(count);
  return api->Graph_GetNodes(graph, nodes.data(), count);
}

struct Provider : OrtEp {
  Provider() : OrtEp{} {
    ++sessions;
    ort_version_supported = ORT_API_VERSION;
    OrtEp::GetName = [](const OrtEp*) noexcept { return kName; };
    OrtEp::GetCapability = [](OrtEp*, const OrtGraph* graph, OrtEpGraphSupportInfo* support) noexcept -> OrtStatus* {
      std::vector<const OrtNode*> nodes;
      if (OrtStatus* status = nodes_of(graph, nodes)) return status;
      for (const OrtNode* node : nodes) {
        const std::string type = type_of(node);
        if (type != "Add" && type != "MatMul" && type != "Mul") continue;
        if (OrtStatus* s = api->GetEpApi()->EpGraphSupportInfo_AddNodesToFuse(support, &node, 1, nullptr)) return s;
      }
      return nullptr;
    };
    OrtEp::Compile = [](OrtEp*, const OrtGraph** graphs, const OrtNode**, std::size_t count, OrtNodeComputeInfo** infos,
                        OrtNode**) noexcept -> OrtStatus* {
      for (std::size_t i = 0; i < count; ++i) {
        std::vector<const OrtNode*> nodes;
        if (OrtStatus* status = nodes_of(graphs[i], nodes)) return status;
        infos[i] = new Operator(type_of(nodes.front()));
      }
      return nullptr;
    };
    OrtEp::ReleaseNodeComputeInfos = [](OrtEp*, OrtNodeComputeInfo** infos, std::size_t count) noexcept {
      for (std::size_t i = 0; i < count; ++i) delete static_cast<Operator*>(infos[i]);
    };
  }
  ~Provider() { --sessions; }
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
};

struct Factory : OrtEpFactory {
  Factory() : OrtEpFactory{} {
    ort_version_supported = ORT_API_VERSION;
    OrtEpFactory::GetName = [](const OrtEpFactory*) noexcept { return kName; };
    OrtEpFactory::GetVendor = [](const OrtEpFactory*) noexcept { return "Baton"; };
    OrtEpFactory::GetVendorId = [](const OrtEpFactory*) noexcept { return std::uint32_t{0}; };
    OrtEpFactory::GetVersion = [](const OrtEpFactory*) noexcept { return "1.0.0"; };
    OrtEpFactory::GetSupportedDevices = [](OrtEpFactory* self, const OrtHardwareDevice* const* devices,
                                           std::size_t count, OrtEpDevice** offered, std::size_t most,
                                           std::size_t* offered_count) noexcept -> OrtStatus* {
      *offered_count = 0;
      for (std::size_t i = 0; i < count && *offered_count < most; ++i) {
        if (api->HardwareDevice_Type(devices[i]) != OrtHardwareDeviceType_CPU) continue;
        return api->GetEpApi()->CreateEpDevice(self, devices[i], nullptr, nullptr, &offered[(*offered_count)++]);
      }
      return nullptr;
    };
    OrtEpFactory::CreateEp = [](OrtEpFactory*, const OrtHardwareDevice* const*, const OrtKeyValuePairs* const*,
                                std::size_t, const OrtSessionOptions*, const OrtLogger*,
                                OrtEp** ep) noexcept -> OrtStatus* {
      if (kWithCompany == WithCompany::ABSENT) return failure("no hardware of ours");
      *ep = new Provider;
      return nullptr;
    };
    OrtEpFactory::ReleaseEp = [](OrtEpFactory*, OrtEp* ep) noexcept { delete static_cast<Provider*>(ep); };
    OrtEpFactory::CreateAllocator = [](OrtEpFactory*, const OrtMemoryInfo*, const OrtKeyValuePairs*,
                                       OrtAllocator** allocator) noexcept -> OrtStatus* {
      *allocator = nullptr;
      return nullptr;
    };
    OrtEpFactory::ReleaseAllocator = [](OrtEpFactory*, OrtAllocator*) noexcept {};
    OrtEpFactory::CreateDataTransfer = [](OrtEpFactory*, OrtDataTransferImpl** transfer) noexcept -> OrtStatus* {
      *transfer = nullptr;
      return nullptr;
    };
    OrtEpFactory::IsStreamAware = [](const OrtEpFactory*) noexcept { return false; };
  }
};

}  // namespace

extern "C" __attribute__((visibility("default"))) OrtStatus* CreateEpFactories(const char*, const OrtApiBase* base,
                                                                               const OrtLogger*,
                                                                               OrtEpFactory** factories, std::size_t,
                                                                               std::size_t* count) {
  api = base->GetApi(ORT_API_VERSION);
  factories[0] = new Factory;
  *count = 1;
  return nullptr;
}

extern "C" __attribute__((visibility("default"))) OrtStatus* ReleaseEpFactory(OrtEpFactory* factory) {
  delete static_cast<Factory*>(factory);
  return nullptr;
}
