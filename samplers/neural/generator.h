#pragma once

#include <memory>

#include "core/nets/network.h"

namespace samplerbench::samplers {

// How a generator turns the output of its net into draws.
struct GeneratorForm {
  double skip = 1;         // factor of the latents that are added to the net's output; 0 for none
  bool squashed = false;   // draws are the sigmoid of that sum, in [0, 1]
  int64_t conditions = 0;  // C: how many of the net's inputs, the last ones, are conditions and not latents
};

// What one pass forward leaves behind for the pass backward.
struct GeneratorTape {
  Tape net;
  Tensor draws;  // [N, D], where they are squashed
};

// g(z) = skip * T z' + net(z), z ~ N(0, I), z' = z cut or padded with zeros to D coordinates; or its sigmoid.
// T is I until draws are mapped. Without the sigmoid, and as long as the net is zero, draws are N(0, skip^2
// I). With conditions c it is g(z, c) = skip * T z' + net(z, c), and each row of its input is (z, c).
class Generator {
 public:
  Generator(std::unique_ptr<Network> net, const GeneratorForm& form) : net_(std::move(net)), form_(form) {}

  Generator clone() const;

  // n latents: [n, latent].
  Tensor latents(int64_t n, Rng& rng) const;

  // [N, latent + C] -> [N, D], outside any graph.
  Tensor forward(const Tensor& z, GeneratorTape& tape) const;
  Tensor infer(const Tensor& z) const;

  // Writes into `gradient`, [P], the gradient in the net's weights of the loss whose gradient in the draws of
  // the last forward(z, tape) is `draws_gradient`, [N, D].
  void backward(const Tensor& draws_gradient, GeneratorTape& tape, Tensor& gradient) const;

  // Makes every draw x into matrix (x - shift): the same law in other coordinates; [D, D] and [D] in the
  // dtype of the weights. Throws InputError where draws are squashed, or the net's last layer is not dense.
  void map_draws(const Tensor& matrix, const Tensor& shift);

  // What map_draws() made of the latents' part: [D, D]; undefined where it was not called.
  const Tensor& turn() const { return turn_; }
  void set_turn(const Tensor& turn) { turn_ = turn; }

  Network& net() { return *net_; }
  const Network& net() const { return *net_; }

 private:
  void add_latents(const Tensor& z, Tensor& out) const;

  std::unique_ptr<Network> net_;
  GeneratorForm form_;
  Tensor turn_;  // of the latents that are added, where draws were mapped
};

}  // namespace samplerbench::samplers
