#pragma once

#include <string>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

enum class Activation { silu, tanh, relu, softplus };

// Throws InputError for a name that activation_names() does not hold.
Activation activation_named(const std::string& name);
std::vector<std::string> activation_names();

// What one pass forward leaves behind for the pass backward, in buffers that are kept from batch to batch.
struct Tape {
  std::vector<Tensor> inputs;   // [N, width] input of each layer
  std::vector<Tensor> outputs;  // [N, width] of each layer, before its activation
  std::vector<Tensor> slopes;   // [N, width] gradient of the loss in each hidden layer's input
};

// A multilayer perceptron whose weights are views of one flat tensor, so that an optimiser, an average or a
// norm is a few tensor operations. No autograd graph ever reaches the weights: backward() is written out.
class Mlp {
 public:
  // `widths`: input, hidden..., output. Hidden weights are N(0, 2/fan_in); the last layer starts at zero.
  Mlp(std::vector<int64_t> widths, Activation activation, Rng& rng, const torch::TensorOptions& placement);

  // A network of the same shape with weights of its own, equal to this one's.
  Mlp clone() const;

  // A network of the same shape whose weights are those in `parameters`, [P], and in their graph.
  Mlp over(Tensor parameters) const { return {widths_, activation_, std::move(parameters)}; }

  // [N, in] -> [N, out]. Differentiable in x to any order; the weights are constants.
  Tensor forward(const Tensor& x) const;

  // What a network does at points and along directions there.
  struct Jet {
    Tensor value;       // [N, out]
    Tensor derivative;  // [K, N, out], J(x) v
  };

  // Value and derivatives at x, [N, in], along `directions` v, [K, N, in] or [K, 1, in] for all points the
  // same. Differentiable to any order in all that is in a graph, weights included.
  Jet jet(const Tensor& x, const Tensor& directions) const;

  // [N, in] -> [N, out] outside any graph; the result is a buffer of `tape`, valid until its next use.
  const Tensor& forward(const Tensor& x, Tape& tape) const;

  // Writes into `gradient`, [P], the gradient in the weights of the loss whose gradient in the output of the
  // last forward(x, tape) is `output_gradient`, [N, out].
  void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const;

  // After backward(): the gradient in x of the same loss, [N, in].
  Tensor input_gradient(const Tape& tape) const;

  // Writes the outputs for `x`, [N, in], into `out`, [N, out]: blocks of rows that stay in cache, no
  // allocation per block.
  void infer(const Tensor& x, Tensor& out) const;

  int64_t input_width() const { return widths_.front(); }
  int64_t output_width() const { return widths_.back(); }

  // All weights and biases, [P]. Writing to it changes the network.
  Tensor& parameters() { return parameters_; }
  const Tensor& parameters() const { return parameters_; }

 private:
  struct Layer {
    Tensor weight;  // [in, out]
    Tensor bias;    // [out]
  };

  Mlp(std::vector<int64_t> widths, Activation activation, Tensor parameters);
  std::vector<Layer> layers_of(const Tensor& flat) const;
  void initialise(Rng& rng);

  std::vector<int64_t> widths_;
  Activation activation_;
  Tensor parameters_;
  std::vector<Layer> layers_;
};

// g(z) = scale * z' + net(z), z ~ N(0, I), z' = z cut or padded with zeros to D coordinates: starts as N(0,
// scale^2 I).
class Generator {
 public:
  Generator(Mlp net, double scale) : net_(std::move(net)), scale_(scale) {}

  Generator clone() const { return {net_.clone(), scale_}; }

  // n latents: [n, latent].
  Tensor latents(int64_t n, Rng& rng) const;

  // [N, latent] -> [N, D], outside any graph.
  Tensor forward(const Tensor& z, Tape& tape) const;
  Tensor infer(const Tensor& z) const;

  Mlp& net() { return net_; }
  const Mlp& net() const { return net_; }

 private:
  void add_latents(const Tensor& z, Tensor& out) const;

  Mlp net_;
  double scale_;
};

// What the net inside a score network predicts; s(x, sigma) = skip * x + out * net(in * x, log sigma) with
//   noise     s = -net / sigma
//   denoiser  s = (D - x) / sigma^2, D as in Karras et al. 2022 (arXiv 2206.00364), table 1
//   score     the denoiser's skip and out = 1 / sqrt(sigma^2 + floor^2), bounded as sigma goes to 0
enum class ScoreForm { noise, denoiser, score };

ScoreForm score_form_named(const std::string& name);
std::vector<std::string> score_form_names();

// A noise-conditional model of the score of x = x0 + sigma e. As a `potential`, the gradient in u = in * x of
// <u, net(u, log sigma)> takes the place of the net, so that the model is the gradient of a function, as
// scores are (Salimans and Ho 2021, "Should EBMs model the energy or the score?").
class ScoreNet {
 public:
  // `data_scale`: standard deviation of x0 that the preconditioning assumes; where the net is zero, the
  // denoiser and score forms are exact for x0 ~ N(0, data_scale^2 I). `floor`: of the score form.
  ScoreNet(Mlp net, ScoreForm form, double data_scale, double floor, bool potential = false);

  // s(x, sigma): [N, D], [N, 1] -> [N, D]. Differentiable in x to any order; the weights are constants.
  Tensor forward(const Tensor& x, const Tensor& sigma) const;

  // Denoising score matching at x = x0 + sigma e: writes the gradient of mean_n |sigma s(x) + e|^2 in the
  // weights into `gradient`, [P], and returns the loss, [].
  Tensor matching_gradient(const Tensor& x, const Tensor& sigma, const Tensor& e, Tape& tape,
                           Tensor& gradient) const;

  Mlp& net() { return net_; }
  const Mlp& net() const { return net_; }

 private:
  struct Scales {
    Tensor skip, out, in;  // [N, 1]
  };
  Scales scales(const Tensor& sigma) const;
  Tensor net_input(const Tensor& x, const Tensor& sigma, const Scales& scales) const;
  Tensor potential_slope(const Mlp& net, const Tensor& x, const Tensor& sigma, const Scales& scales) const;
  Tensor potential_matching(const Tensor& x, const Tensor& sigma, const Tensor& e, Tensor& gradient) const;

  Mlp net_;
  ScoreForm form_;
  double data_scale_;
  double floor_;
  bool potential_;
};

}  // namespace samplerbench::samplers
