#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// An energy and its gradient at the same points, detached from any graph: one pass for both.
struct EnergyAndGradient {
  Tensor energy;    // [N]
  Tensor gradient;  // [N, D]
};

// The weights of a network, one tensor a layer's matrix or bias, in the order of EnergyNetwork::shapes().
using Weights = std::vector<Tensor>;

// What an energy network is: everything but its weights.
struct EnergyShape {
  std::string kind = "denoiser";     // denoiser or residual
  int64_t height = 0, width = 0;     // of the images, in pixels: D = height * width
  double sigma0 = 0.1;               // noise level that the energy itself is of
  std::vector<int64_t> hidden = {};  // of the denoiser: widths of its hidden layers
  int64_t channels = 0;              // of the residual network: channels of its first stage
  int64_t blocks = 0;                // of the residual network: residual blocks a stage
};

// E(x), an energy on images, as a function of points and weights; holds no weights itself. Works in the dtype
// and on the device of its arguments, which share them. Rows are independent.
class EnergyNetwork {
 public:
  explicit EnergyNetwork(EnergyShape shape) : shape_(std::move(shape)) {}
  virtual ~EnergyNetwork() = default;

  const EnergyShape& shape() const { return shape_; }
  int64_t dim() const { return shape_.height * shape_.width; }

  // Shapes of the weights, in order.
  virtual std::vector<std::vector<int64_t>> shapes() const = 0;

  // First weights: float32, on the CPU.
  Weights initial_weights(Rng& rng) const;

  // E(x): [N, D] -> [N], differentiable in x and in the weights.
  virtual Tensor energy(const Tensor& x, const Weights& weights) const = 0;

  // grad_x E(x): [N, D] -> [N, D], in the graph of x and of the weights where gradients are enabled.
  virtual Tensor gradient(const Tensor& x, const Weights& weights) const = 0;

  // Both at once, outside any graph.
  virtual EnergyAndGradient energy_and_gradient(const Tensor& x, const Weights& weights) const = 0;

  int64_t parameters() const;

  // All weights one after the other, [P], and the inverse, which views `flat`.
  static Tensor flatten(const Weights& weights);
  Weights unflatten(const Tensor& flat) const;

 protected:
  // Whether a gradient through x or the weights can be asked for.
  static bool in_graph(const Tensor& x, const Weights& weights);

 private:
  EnergyShape shape_;
};

// Throws InputError for a kind that is not known and for sizes that make no network.
std::unique_ptr<EnergyNetwork> make_energy_network(const EnergyShape& shape);

// A network with its weights, as a model file holds them.
struct EnergyModel {
  std::unique_ptr<EnergyNetwork> network;
  Tensor weights;  // [P] float32, on the CPU
};

// `weights`: [P].
void put_energy_model(Archive& archive, const EnergyShape& shape, const Tensor& weights);

// Throws InputError, which names `source`, for an archive that holds no such model or a damaged one.
EnergyModel get_energy_model(const Archive& archive, const std::string& source);

}  // namespace samplerbench::targets
