#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/nets/weights.h"
#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// An energy and its gradient at the same points, detached from any graph.
struct EnergyAndGradient {
  Tensor energy;    // [N]
  Tensor gradient;  // [N, D]
};

// What an energy network is made of, except its weights.
struct EnergyShape {
  std::string kind = "denoiser";     // denoiser, residual or conv-denoiser
  int64_t height = 0, width = 0;     // of the images, in pixels: D = height * width
  double sigma0 = 0.1;               // noise level of the energy itself
  std::vector<int64_t> hidden = {};  // denoiser: widths of its hidden layers
  int64_t channels = 0;              // residual: of the first stage; conv-denoiser: of half the size
  int64_t blocks = 0;                // residual: blocks in a stage
  int64_t bottleneck = 0;            // conv-denoiser: units that see the whole image
};

// E(x), an energy on images, as a function of points and weights. The object holds no weights. All arguments
// share one dtype and device. Rows are independent.
class EnergyNetwork {
 public:
  explicit EnergyNetwork(EnergyShape shape) : shape_(std::move(shape)) {}
  virtual ~EnergyNetwork() = default;

  const EnergyShape& shape() const { return shape_; }
  int64_t dim() const { return shape_.height * shape_.width; }

  // Shapes of the weights, in order, and how they start.
  virtual WeightPlans plans() const = 0;

  // Random weights to begin with: [P] float32, on the CPU.
  Tensor initial_weights(Rng& rng) const { return first_weights(plans(), rng, torch::kFloat); }

  // E(x): [N, D] -> [N], differentiable in x and in the weights.
  virtual Tensor energy(const Tensor& x, const Weights& weights) const = 0;

  // grad_x E(x): [N, D] -> [N, D], in the graph of x and of the weights if gradients are enabled.
  virtual Tensor gradient(const Tensor& x, const Weights& weights) const = 0;

  // Both in one pass, outside any graph.
  virtual EnergyAndGradient energy_and_gradient(const Tensor& x, const Weights& weights) const = 0;

  int64_t parameters() const { return weights_size(plans()); }  // P

  // The weights as views of `flat`, [P].
  Weights unflatten(const Tensor& flat) const { return weights_in(flat, plans()); }

 protected:
  // Whether a gradient through x or the weights can be asked for.
  static bool in_graph(const Tensor& x, const Weights& weights);

 private:
  EnergyShape shape_;
};

// Throws InputError for an unknown kind and for impossible sizes.
std::unique_ptr<EnergyNetwork> make_energy_network(const EnergyShape& shape);

// A network with its weights, as a model file holds them.
struct EnergyModel {
  std::unique_ptr<EnergyNetwork> network;
  Tensor weights;  // [P] float32, on the CPU
};

// `weights`: [P].
void put_energy_model(Archive& archive, const EnergyShape& shape, const Tensor& weights);

// Throws InputError if the archive holds no such model or a damaged one; the message names `source`.
EnergyModel get_energy_model(const Archive& archive, const std::string& source);

}  // namespace samplerbench::targets
