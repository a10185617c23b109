#pragma once

#include <memory>

#include "core/nets/network.h"

namespace samplerbench::samplers {

// How a generator turns the output of its net into draws.
struct GeneratorForm {
  double skip = 1;        // factor of the latents that are added to the net's output; 0 for none
  bool squashed = false;  // draws are the sigmoid of that sum, in [0, 1]
};

// What one pass forward leaves behind for the pass backward.
struct GeneratorTape {
  Tape net;
  Tensor draws;  // [N, D], where they are squashed
};

// g(z) = skip * z' + net(z), z ~ N(0, I), z' = z cut or padded with zeros to D coordinates; or its sigmoid.
// Without the sigmoid, and as long as the net is zero, draws are N(0, skip^2 I).
class Generator {
 public:
  Generator(std::unique_ptr<Network> net, const GeneratorForm& form) : net_(std::move(net)), form_(form) {}

  Generator clone() const { return {net_->copy(), form_}; }

  // n latents: [n, latent].
  Tensor latents(int64_t n, Rng& rng) const;

  // [N, latent] -> [N, D], outside any graph.
  Tensor forward(const Tensor& z, GeneratorTape& tape) const;
  Tensor infer(const Tensor& z) const;

  // Writes into `gradient`, [P], the gradient in the net's weights of the loss whose gradient in the draws of
  // the last forward(z, tape) is `draws_gradient`, [N, D].
  void backward(const Tensor& draws_gradient, GeneratorTape& tape, Tensor& gradient) const;

  Network& net() { return *net_; }
  const Network& net() const { return *net_; }

 private:
  void add_latents(const Tensor& z, Tensor& out) const;

  std::unique_ptr<Network> net_;
  GeneratorForm form_;
};

}  // namespace samplerbench::samplers
