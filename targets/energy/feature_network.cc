#include "targets/energy/feature_network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <sstream>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/nets/weights.h"
#include "core/remembered.h"
#include "targets/foreign/torchscript_file.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kBlock = 64;  // images of one pass, whose activations stay in cache
constexpr size_t kHashDigits = 12;

// One of the tensors that the weights are made of, in their order within the flat tensor.
struct Part {
  std::string name;
  WeightPlan plan;
};

std::vector<Part> parts_of(const FeatureNetworkShape& shape) {
  const int64_t wide = 2 * shape.channels;
  const int64_t flat = wide * (shape.height / 4) * (shape.width / 4);
  const auto matrix = [](std::vector<int64_t> sizes) {
    const int64_t inputs = c10::multiply_integers(sizes) / sizes[0];
    return WeightPlan{std::move(sizes), WeightPlan::Start::normal, inputs};
  };
  return {{"convolution_1.weight", matrix({shape.channels, 1, 3, 3})},
          {"convolution_1.bias", {{shape.channels}}},
          {"convolution_2.weight", matrix({wide, shape.channels, 3, 3})},
          {"convolution_2.bias", {{wide}}},
          {"dense.weight", matrix({shape.features, flat})},
          {"dense.bias", {{shape.features}}},
          {"output.weight", matrix({shape.classes, shape.features})},
          {"output.bias", {{shape.classes}}}};
}

WeightPlans plans_of(const FeatureNetworkShape& shape) {
  WeightPlans plans;
  for (const Part& part : parts_of(shape)) plans.push_back(part.plan);
  return plans;
}

void check(const FeatureNetworkShape& shape) {
  for (const int64_t side : {shape.height, shape.width})
    if (side < 4 || side % 4 != 0)
      throw InputError(
          fmt::format("images of {} x {}; a feature network takes heights and widths that are "
                      "multiples of 4",
                      shape.height, shape.width));
}

Tensor checked_first_weights(const FeatureNetworkShape& shape, Rng& rng,
                             const torch::TensorOptions& placement) {
  check(shape);
  return first_weights(plans_of(shape), rng, placement);
}

// Sizes as the tensors of an archive tell them.
FeatureNetworkShape shape_in(const Archive& archive) {
  const auto size = [&archive](const std::string& name, int64_t dimension) {
    const Tensor part = archive.get(name);
    if (part.dim() <= dimension) throw InputError(fmt::format("'{}' has {} dimensions", name, part.dim()));
    return part.size(dimension);
  };
  const Tensor image = archive.get("image").to(torch::kLong).reshape(-1);
  if (image.numel() != 2) throw InputError("'image' is not a height and a width");
  FeatureNetworkShape shape{.height = image[0].item<int64_t>(),
                            .width = image[1].item<int64_t>(),
                            .channels = size("convolution_1.weight", 0),
                            .features = size("dense.weight", 0),
                            .classes = size("output.weight", 0)};
  check(shape);
  return shape;
}

Tensor weights_in(const Archive& archive, const FeatureNetworkShape& shape) {
  std::vector<Tensor> flat;
  for (const Part& part : parts_of(shape)) {
    const Tensor value = archive.get(part.name);
    if (value.sizes() != at::IntArrayRef(part.plan.shape))
      throw InputError(fmt::format("'{}' is [{}] and must be [{}]", part.name, fmt::join(value.sizes(), ", "),
                                   fmt::join(part.plan.shape, ", ")));
    if (!value.isfinite().all().item<bool>())
      throw InputError(fmt::format("'{}' holds a number that is not finite", part.name));
    flat.push_back(value.to(torch::kFloat).reshape(-1));
  }
  return torch::cat(flat);
}

// Both of an archive. Throws InputError, which names `source`.
std::pair<FeatureNetworkShape, Tensor> parsed(const Archive& archive, const std::string& source) {
  try {
    const FeatureNetworkShape shape = shape_in(archive);
    return {shape, weights_in(archive, shape)};
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: not a feature network of this program: {}", source, error.what()));
  }
}

// Features and logits of images [n, D] float32.
using Forward = std::function<FeatureOutputs(const Tensor&)>;

// `forward` outside any graph on all images, a block of rows at a time, in float64 on the CPU.
FeatureOutputs in_blocks(const Tensor& images, const Forward& forward) {
  torch::NoGradGuard no_grad;
  std::vector<Tensor> features, logits;
  for (int64_t first = 0; first < images.size(0); first += kBlock) {
    const int64_t rows = std::min(kBlock, images.size(0) - first);
    const FeatureOutputs outputs =
        forward(images.narrow(0, first, rows).clamp(0, 1).to(torch::kFloat).contiguous());
    features.push_back(outputs.features.to(torch::kCPU, torch::kDouble));
    if (outputs.logits.defined()) logits.push_back(outputs.logits.to(torch::kCPU, torch::kDouble));
  }
  return {torch::cat(features), logits.empty() ? Tensor() : torch::cat(logits)};
}

// A network that keeps its outputs for the last tensor that it was given. Its errors name `source`.
ImageFeatures as_image_features(Forward whole, const std::string& name, const std::string& source,
                                bool has_logits) {
  const auto named = [whole = std::move(whole), source](const Tensor& images) {
    try {
      return whole(images);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      throw InputError(fmt::format("{}: {}", source, brief(error)));
    }
  };
  const auto shared = std::make_shared<Remembered<FeatureOutputs>>(named);
  ImageFeatures network{.features = [shared](const Tensor& images) { return (*shared)(images).features; },
                        .name = name};
  if (has_logits)
    network.probabilities = [shared](const Tensor& images) { return (*shared)(images).logits.softmax(1); };
  return network;
}

// A user's TorchScript module.
class ScriptNetwork {
 public:
  ScriptNetwork(const std::string& bytes, const std::string& source) {
    try {
      std::istringstream stream(bytes);
      module_ = torch::jit::load(stream, torch::Device(torch::kCPU));
      module_.eval();
      const auto returns = module_.get_method("forward").function().getSchema().returns();
      has_logits_ = returns.size() == 1 && returns[0].type()->kind() == c10::TypeKind::TupleType;
    } catch (const std::exception& error) {
      throw InputError(
          fmt::format("{}: not a TorchScript module, or damaged: {}", source, torchscript_cause(error)));
    }
  }

  bool has_logits() const { return has_logits_; }

  FeatureOutputs operator()(const Tensor& images) {
    const c10::IValue value = run(images);
    FeatureOutputs outputs;
    if (has_logits_) {
      const auto& elements = value.toTupleRef().elements();
      if (elements.size() != 2) throw InputError("its module must return features, or features and logits");
      outputs = {elements[0].toTensor(), elements[1].toTensor()};
      check(outputs.logits, images, "logits");
    } else {
      outputs.features = value.toTensor();
    }
    check(outputs.features, images, "features");
    return outputs;
  }

 private:
  c10::IValue run(const Tensor& images) {
    try {
      return module_.forward({images});
    } catch (const std::exception& error) {
      throw InputError(fmt::format("its module fails on {} images of {} pixels: {}", images.size(0),
                                   images.size(1), torchscript_cause(error)));
    }
  }

  static void check(const Tensor& output, const Tensor& images, const char* what) {
    if (output.dim() != 2 || output.size(0) != images.size(0) || output.size(1) == 0)
      throw InputError(fmt::format("its {} of {} images have the shape [{}]; one row an image is needed",
                                   what, images.size(0), fmt::join(output.sizes(), ", ")));
  }

  torch::jit::Module module_;
  bool has_logits_ = false;
};

ImageFeatures parse(const std::string& bytes, const std::string& name, const std::string& source) {
  if (is_torchscript(bytes)) {
    const auto script = std::make_shared<ScriptNetwork>(bytes, source);
    return as_image_features(
        [script](const Tensor& images) {
          return in_blocks(images, [&script](const Tensor& block) { return (*script)(block); });
        },
        name, source, script->has_logits());
  }
  const auto network = std::make_shared<FeatureNetwork>(Archive::parse(bytes, source), source);
  return as_image_features([network](const Tensor& images) { return network->infer(images); }, name, source,
                           true);
}

}  // namespace

FeatureNetwork::FeatureNetwork(const FeatureNetworkShape& shape, Tensor parameters)
    : shape_(shape), parameters_(std::move(parameters)) {
  const Weights views = weights_in(parameters_, plans_of(shape));
  convolution_1_ = {views[0], views[1]};
  convolution_2_ = {views[2], views[3]};
  dense_ = {views[4], views[5]};
  output_ = {views[6], views[7]};
}

FeatureNetwork::FeatureNetwork(const FeatureNetworkShape& shape, Rng& rng,
                               const torch::TensorOptions& placement)
    : FeatureNetwork(shape, checked_first_weights(shape, rng, placement)) {}

FeatureNetwork::FeatureNetwork(const Archive& archive, const std::string& source)
    : FeatureNetwork(parsed(archive, source)) {}

FeatureNetwork::FeatureNetwork(std::pair<FeatureNetworkShape, Tensor> parts)
    : FeatureNetwork(parts.first, std::move(parts.second)) {}

FeatureOutputs FeatureNetwork::forward(const Tensor& images) const {
  // A rectifier after the pooling is one before it, on a quarter of the numbers.
  Tensor x = images.view({-1, 1, shape_.height, shape_.width});
  x = at::max_pool2d(at::conv2d(x, convolution_1_.weight, convolution_1_.bias, 1, 1), 2).relu_();
  x = at::max_pool2d(at::conv2d(x, convolution_2_.weight, convolution_2_.bias, 1, 1), 2).relu_().flatten(1);
  const Tensor features = at::relu(at::linear(x, dense_.weight, dense_.bias));
  return {features, at::linear(features, output_.weight, output_.bias)};
}

FeatureOutputs FeatureNetwork::infer(const Tensor& images) const {
  if (images.dim() != 2 || images.size(1) != shape_.height * shape_.width)
    throw InputError(fmt::format("it takes images of {} x {}, rows of {} pixels, and was given [{}]",
                                 shape_.height, shape_.width, shape_.height * shape_.width,
                                 fmt::join(images.sizes(), ", ")));
  return in_blocks(images, [this](const Tensor& block) { return forward(block.to(parameters_.options())); });
}

Archive FeatureNetwork::archive() const {
  Archive archive;
  archive.put("image", torch::tensor({shape_.height, shape_.width}, torch::kLong));
  const std::vector<Part> parts = parts_of(shape_);
  const Weights views = weights_in(parameters_, plans_of(shape_));
  for (size_t i = 0; i < parts.size(); ++i) archive.put(parts[i].name, views[i]);
  return archive;
}

ImageFeatures image_features(const FeatureNetwork& network, const std::string& name) {
  const auto kept = std::make_shared<FeatureNetwork>(network.over(network.parameters().detach().clone()));
  return as_image_features([kept](const Tensor& images) { return kept->infer(images); }, name, name, true);
}

ImageFeatures load_features(const std::string& name, const DataFiles& files, int64_t pixels) {
  if (name.empty()) return {};
  const std::string bytes = read_all(name, files);
  const std::string shown = fmt::format("{} {}", std::filesystem::path(name).filename().string(),
                                        sha256(bytes).substr(0, kHashDigits));
  if (is_torchscript(bytes)) require_vouched_for(name, files);
  ImageFeatures network = parse(bytes, shown, files.shown(name));
  if (pixels > 0) network.features(torch::zeros({1, pixels}, torch::kFloat));
  return network;
}

}  // namespace samplerbench::targets
