#include "targets/energy/energy_network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "core/suggest.h"
#include "targets/energy/conv_denoiser_energy.h"
#include "targets/energy/denoiser_energy.h"
#include "targets/energy/residual_energy.h"
#include "targets/model_numbers.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kFormat = 1;                      // of the archive
constexpr int64_t kMostParameters = 1'000'000'000;  // sizes beyond are taken for damage

// In the order of their numbers in archives.
const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names{"denoiser", "residual", "conv-denoiser"};
  return names;
}

EnergyShape get_shape(const Archive& archive) {
  if (get_integer(archive, "energy.format") != kFormat)
    throw InputError(fmt::format("its format is {}, and this program reads {}",
                                 get_integer(archive, "energy.format"), kFormat));
  const int64_t kind = get_integer(archive, "energy.kind");
  if (kind < 0 || kind >= static_cast<int64_t>(kinds().size()))
    throw InputError(fmt::format("there is no network of kind {}", kind));
  EnergyShape shape{.kind = kinds()[static_cast<size_t>(kind)],
                    .height = get_integer(archive, "height"),
                    .width = get_integer(archive, "width"),
                    .sigma0 = get_positive(archive, "sigma0")};
  if (shape.kind == "denoiser") {
    shape.hidden = get_integers(archive, "hidden");
    return shape;
  }
  shape.channels = get_integer(archive, "channels");
  if (shape.kind == "residual")
    shape.blocks = get_integer(archive, "blocks");
  else
    shape.bottleneck = get_integer(archive, "bottleneck");
  return shape;
}

// Those beside the sizes of the images.
std::vector<int64_t> inner_sizes(const EnergyShape& shape) {
  if (shape.kind == "denoiser") return shape.hidden;
  return {shape.channels, shape.kind == "residual" ? shape.blocks : shape.bottleneck};
}

void require_sizes(const EnergyShape& shape) {
  const bool folds = shape.kind == "conv-denoiser";
  const int64_t most = folds ? 10'000 : 1'000'000;  // beyond it the number of weights might overflow
  std::vector<int64_t> sizes = inner_sizes(shape);
  if (sizes.empty()) throw InputError("it has no hidden layer");
  sizes.insert(sizes.begin(), {shape.height, shape.width});
  for (const int64_t size : sizes)
    if (size < 1 || size > most) throw InputError(fmt::format("a size of {} makes no network", size));
  if (folds && (shape.height % 4 != 0 || shape.width % 4 != 0))
    throw InputError(fmt::format(
        "images of {} x {}; a convolutional denoiser takes heights and widths that are multiples of 4",
        shape.height, shape.width));
}

}  // namespace

bool EnergyNetwork::in_graph(const Tensor& x, const Weights& weights) {
  return torch::GradMode::is_enabled() &&
         (x.requires_grad() ||
          std::any_of(weights.begin(), weights.end(), [](const Tensor& one) { return one.requires_grad(); }));
}

std::unique_ptr<EnergyNetwork> make_energy_network(const EnergyShape& shape) {
  if (std::find(kinds().begin(), kinds().end(), shape.kind) == kinds().end())
    throw InputError(unknown_name("energy network", shape.kind, kinds()));
  require_sizes(shape);
  if (shape.kind == "denoiser") return std::make_unique<DenoiserEnergy>(shape);
  if (shape.kind == "residual") return std::make_unique<ResidualEnergy>(shape);
  return std::make_unique<ConvDenoiserEnergy>(shape);
}

void put_energy_model(Archive& archive, const EnergyShape& shape, const Tensor& weights) {
  const auto kind = std::find(kinds().begin(), kinds().end(), shape.kind) - kinds().begin();
  put_integer(archive, "energy.format", kFormat);
  put_integer(archive, "energy.kind", kind);
  put_integer(archive, "height", shape.height);
  put_integer(archive, "width", shape.width);
  put_real(archive, "sigma0", shape.sigma0);
  if (shape.kind == "denoiser") put_integers(archive, "hidden", shape.hidden);
  if (shape.kind != "denoiser") put_integer(archive, "channels", shape.channels);
  if (shape.kind == "residual") put_integer(archive, "blocks", shape.blocks);
  if (shape.kind == "conv-denoiser") put_integer(archive, "bottleneck", shape.bottleneck);
  archive.put("weights", weights);
}

EnergyModel get_energy_model(const Archive& archive, const std::string& source) {
  try {
    EnergyModel model{.network = make_energy_network(get_shape(archive)), .weights = archive.get("weights")};
    const int64_t needed = model.network->parameters();
    if (needed > kMostParameters || model.weights.dim() != 1 || model.weights.numel() != needed ||
        model.weights.scalar_type() != torch::kFloat)
      throw InputError(fmt::format("its weights are of shape [{}], and its network has {} in float32",
                                   fmt::join(model.weights.sizes(), ", "), needed));
    if (!model.weights.isfinite().all().item<bool>()) throw InputError("a weight is not finite");
    return model;
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("{}: not the weights of an energy network, or damaged: {}", source, error.what()));
  }
}

}  // namespace samplerbench::targets
