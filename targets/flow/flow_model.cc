#include "targets/flow/flow_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "targets/model_numbers.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kFlowFormat = 1;  // of the archive
constexpr int64_t kFlowSizes = 7;   // the format, the kind, and the sizes of a shape
constexpr int64_t kMostFlowParameters = 1'000'000'000;
constexpr const char* kNoFlow = "not the weights of a flow, or damaged";

FlowShape flow_shape_in(const Archive& archive) {
  const Tensor sizes = archive.get("flow.shape"), alpha = archive.get("flow.pixel_alpha");
  if (sizes.dim() != 1 || sizes.numel() != kFlowSizes || sizes.scalar_type() != torch::kLong)
    throw InputError(fmt::format("'flow.shape' is not {} whole numbers", kFlowSizes));
  if (alpha.numel() != 1 || alpha.scalar_type() != torch::kDouble)
    throw InputError("'flow.pixel_alpha' is not a number");
  const auto size = [&sizes](int64_t i) { return sizes[i].item<int64_t>(); };
  if (size(0) != kFlowFormat)
    throw InputError(fmt::format("its format is {}, and this program reads {}", size(0), kFlowFormat));
  if (size(1) < 0 || size(1) >= static_cast<int64_t>(flow_kinds().size()))
    throw InputError(fmt::format("there is no flow of kind {}", size(1)));
  return {.kind = flow_kinds()[static_cast<size_t>(size(1))],
          .dim = size(2),
          .layers = size(3),
          .blocks = size(4),
          .width = size(5),
          .depth = size(6),
          .pixel_alpha = alpha.item<double>()};
}

void require_flow_weights(const Tensor& weights, int64_t needed) {
  const bool real = weights.scalar_type() == torch::kFloat || weights.scalar_type() == torch::kDouble;
  if (needed > kMostFlowParameters || weights.dim() != 1 || weights.numel() != needed || !real)
    throw InputError(
        fmt::format("its weights are of shape [{}], and its layers have {} in float32 or float64",
                    fmt::join(weights.sizes(), ", "), needed));
  if (!weights.isfinite().all().item<bool>()) throw InputError("a weight is not finite");
}

}  // namespace

void put_flow_model(Archive& archive, const FlowShape& shape, const Tensor& weights) {
  const int64_t kind = std::find(flow_kinds().begin(), flow_kinds().end(), shape.kind) - flow_kinds().begin();
  const std::vector<int64_t> sizes{kFlowFormat,  kind,        shape.dim,  shape.layers,
                                   shape.blocks, shape.width, shape.depth};
  archive.put("flow.shape", torch::tensor(sizes, torch::kLong));
  archive.put("flow.pixel_alpha", torch::tensor(shape.pixel_alpha, torch::kDouble));
  archive.put("weights", weights);
}

FlowModel get_flow_model(const Archive& archive, const std::string& source) {
  try {
    FlowModel model{.network = std::make_shared<const FlowNetwork>(flow_shape_in(archive)),
                    .weights = archive.get("weights")};
    require_flow_weights(model.weights, model.network->parameters());
    return model;
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}: {}", source, kNoFlow, error.what()));
  }
}

FlowModel load_flow_model(const std::string& name, const DataFiles& files) {
  return get_flow_model(read_archive(name, files, kNoFlow), files.shown(name));
}

}  // namespace samplerbench::targets
