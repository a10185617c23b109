#pragma once

#include <string>
#include <vector>

#include "samplers/neural/activation.h"
#include "samplers/neural/network.h"

namespace samplerbench::samplers {

// A multilayer perceptron. No autograd graph ever reaches the weights: backward() is written out.
class Mlp final : public Network {
 public:
  // `widths`: input, hidden..., output. Hidden weights are N(0, 2/fan_in); the last layer starts at zero.
  Mlp(std::vector<int64_t> widths, Activation activation, Rng& rng, const torch::TensorOptions& placement);

  // A network of the same shape with weights of its own, equal to this one's.
  Mlp clone() const;

  // A network of the same shape whose weights are those in `parameters`, [P], and in their graph.
  Mlp over(Tensor parameters) const { return {widths_, activation_, std::move(parameters)}; }

  std::unique_ptr<Network> copy() const override { return std::make_unique<Mlp>(clone()); }
  std::unique_ptr<Network> with(Tensor parameters) const override {
    return std::make_unique<Mlp>(over(std::move(parameters)));
  }

  Tensor forward(const Tensor& x) const override;

  // What a network does at points and along directions there.
  struct Jet {
    Tensor value;       // [N, out]
    Tensor derivative;  // [K, N, out], J(x) v
  };

  // Value and derivatives at x, [N, in], along `directions` v, [K, N, in] or [K, 1, in] for all points the
  // same. Differentiable to any order in all that is in a graph, weights included.
  Jet jet(const Tensor& x, const Tensor& directions) const;

  const Tensor& forward(const Tensor& x, Tape& tape) const override;
  void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const override;

  // After backward(): the gradient in x of the same loss, [N, in].
  Tensor input_gradient(const Tape& tape) const;

  // Blocks of rows that stay in cache, no allocation per block.
  void infer(const Tensor& x, Tensor& out) const override;

  void open(double scale, Rng& rng) override;

  int64_t input_width() const override { return widths_.front(); }
  int64_t output_width() const override { return widths_.back(); }

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
  std::vector<Layer> layers_;
};

// Which draws a generator makes of what its net gives.
struct GeneratorForm {
  double skip = 1;        // factor of the latents that are added to the net's output; 0 for none
  bool squashed = false;  // draws are the sigmoid of all that, in [0, 1]
};

// g(z) = skip * z' + net(z), z ~ N(0, I), z' = z cut or padded with zeros to D coordinates; or its sigmoid.
// Without the sigmoid, and as long as the net is zero, draws are N(0, skip^2 I).
class Generator {
 public:
  Generator(Mlp net, double skip) : Generator(std::make_unique<Mlp>(std::move(net)), {.skip = skip}) {}
  Generator(std::unique_ptr<Network> net, const GeneratorForm& form) : net_(std::move(net)), form_(form) {}

  Generator clone() const { return {net_->copy(), form_}; }

  // n latents: [n, latent].
  Tensor latents(int64_t n, Rng& rng) const;

  // [N, latent] -> [N, D], outside any graph.
  Tensor forward(const Tensor& z, Tape& tape) const;
  Tensor infer(const Tensor& z) const;

  // Writes into `gradient`, [P], the gradient in the net's weights of the loss whose gradient in the draws of
  // the last forward(z, tape) is `draws_gradient`, [N, D].
  void backward(const Tensor& draws_gradient, Tape& tape, Tensor& gradient) const;

  Network& net() { return *net_; }
  const Network& net() const { return *net_; }

 private:
  void add_latents(const Tensor& z, Tensor& out) const;

  std::unique_ptr<Network> net_;
  GeneratorForm form_;
};

// What the net inside a score network predicts; s(x, sigma) = skip * x + out * net(in * x, log sigma) with
//   noise     s = -net / sigma
//   denoiser  s = (D - x) / sigma^2, D as in Karras et al. 2022 (arXiv 2206.00364), table 1
//   score     the denoiser's skip and out = 1 / sqrt(sigma^2 + floor^2), bounded as sigma goes to 0
enum class ScoreForm { noise, denoiser, score };

ScoreForm score_form_named(const std::string& name);
std::vector<std::string> score_form_names();

// What a score network makes of what its net gives.
struct ScoreNetForm {
  ScoreForm form = ScoreForm::denoiser;
  double data_scale = 1;   // standard deviation of x0 that the preconditioning assumes
  double floor = 0.25;     // of the score form
  bool potential = false;  // the gradient of a function
  double centre = 0;       // x - centre takes the place of x, in every coordinate
};

// A noise-conditional model of the score of x = x0 + sigma e. Where the net is zero, the denoiser and score
// forms are exact for x0 ~ N(centre, data_scale^2 I). As a `potential`, the gradient in u = in * x of
// <u, net(u, log sigma)> takes the place of the net, so that the model is the gradient of a function, as
// scores are (Salimans and Ho 2021, "Should EBMs model the energy or the score?").
class ScoreNet {
 public:
  ScoreNet(std::unique_ptr<Network> net, const ScoreNetForm& form) : net_(std::move(net)), form_(form) {}
  ScoreNet(Mlp net, ScoreForm form, double data_scale, double floor, bool potential = false)
      : ScoreNet(std::make_unique<Mlp>(std::move(net)),
                 {.form = form, .data_scale = data_scale, .floor = floor, .potential = potential}) {}

  // s(x, sigma): [N, D], [N, 1] -> [N, D]. Differentiable in x to any order; the weights are constants.
  Tensor forward(const Tensor& x, const Tensor& sigma) const;

  // Denoising score matching at x = x0 + sigma e: writes the gradient of mean_n |sigma s(x) + e|^2 in the
  // weights into `gradient`, [P], and returns the loss, [].
  Tensor matching_gradient(const Tensor& x, const Tensor& sigma, const Tensor& e, Tape& tape,
                           Tensor& gradient) const;

  Network& net() { return *net_; }
  const Network& net() const { return *net_; }

 private:
  struct Scales {
    Tensor skip, out, in;  // [N, 1]
  };
  Scales scales(const Tensor& sigma) const;
  Tensor centred(const Tensor& x) const;
  // Of these two `x` is centred.
  Tensor net_input(const Tensor& x, const Tensor& sigma, const Scales& scales) const;
  Tensor potential_slope(const Network& net, const Tensor& x, const Tensor& sigma,
                         const Scales& scales) const;
  Tensor potential_matching(const Tensor& x, const Tensor& sigma, const Tensor& e, Tensor& gradient) const;

  std::unique_ptr<Network> net_;
  ScoreNetForm form_;
};

}  // namespace samplerbench::samplers
