#include "samplers/neural/networks.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

#include "samplers/neural/fused_silu.h"
#include "samplers/neural/named.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t block_rows =
    1024;  // rows of one block of infer(): two buffers of them stay in the L2 cache

struct Activated {
  Tensor value;
  Tensor slope;
};

// The activation and its derivative.
Activated activated_with_slope(Activation activation, const Tensor& x) {
  switch (activation) {
    case Activation::silu: {
      const Tensor sigmoid = x.sigmoid(), value = x * sigmoid;
      return {value, torch::addcmul(sigmoid, value, 1 - sigmoid)};
    }
    case Activation::tanh: {
      const Tensor value = x.tanh();
      return {value, 1 - value.square()};
    }
    case Activation::relu:
      return {x.relu(), (x > 0).to(x.scalar_type())};
    case Activation::softplus:
      return {at::softplus(x), x.sigmoid()};
  }
  throw std::logic_error("unknown activation");
}

void activate_into(Activation activation, const Tensor& x, Tensor& out) {
  switch (activation) {
    case Activation::silu:
      at::silu_out(out, x);
      return;
    case Activation::tanh:
      at::tanh_out(out, x);
      return;
    case Activation::relu:
      at::clamp_min_out(out, x, 0);
      return;
    case Activation::softplus:
      at::softplus_out(out, x);
      return;
  }
}

bool fused(Activation activation, const Tensor& x) {
  return activation == Activation::silu && fits_fused_silu(x);
}

// x <- input * weight + bias and y <- activation(x), where y may be x.
void hidden_layer(Activation activation, const Tensor& input, const Tensor& weight, const Tensor& bias,
                  Tensor& x, Tensor& y) {
  if (!fused(activation, x)) {
    at::addmm_out(x, bias, input, weight);
    activate_into(activation, x, y);
    return;
  }
  at::mm_out(x, input, weight);
  x.is_same(y) ? add_bias_and_silu(x, bias) : add_bias_and_silu(x, bias, y);
}

// slope <- slope * activation'(x), where `y` = activation(x).
void chain_into(Activation activation, const Tensor& x, const Tensor& y, Tensor& slope) {
  if (fused(activation, x)) return chain_silu(x, slope);
  switch (activation) {
    case Activation::silu:
      at::silu_backward_out(slope, slope, x);
      return;
    case Activation::tanh:
      at::tanh_backward_out(slope, slope, y);
      return;
    case Activation::relu:
      at::threshold_backward_out(slope, slope, x, 0);
      return;
    case Activation::softplus:
      at::softplus_backward_out(slope, slope, x, 1, 20);
      return;
  }
}

int64_t parameter_count(const std::vector<int64_t>& widths) {
  int64_t count = 0;
  for (size_t i = 0; i + 1 < widths.size(); ++i) count += (widths[i] + 1) * widths[i + 1];
  return count;
}

}  // namespace

std::vector<std::string> score_form_names() { return {"noise", "denoiser", "score"}; }

ScoreForm score_form_named(const std::string& name) {
  return named<ScoreForm>("score form", score_form_names(), name);
}

Mlp::Mlp(std::vector<int64_t> widths, Activation activation, Rng& rng, const torch::TensorOptions& placement)
    : Mlp(widths, activation, torch::zeros({parameter_count(widths)}, placement)) {
  initialise(rng);
}

Mlp::Mlp(std::vector<int64_t> widths, Activation activation, Tensor parameters)
    : Network(std::move(parameters)), widths_(std::move(widths)), activation_(activation) {
  layers_ = layers_of(parameters_);
}

Mlp Mlp::clone() const { return {widths_, activation_, parameters_.clone()}; }

std::vector<Mlp::Layer> Mlp::layers_of(const Tensor& flat) const {
  std::vector<Layer> layers;
  int64_t offset = 0;
  for (size_t i = 0; i + 1 < widths_.size(); ++i) {
    const int64_t in = widths_[i], out = widths_[i + 1];
    layers.push_back(
        {flat.narrow(0, offset, in * out).view({in, out}), flat.narrow(0, offset + in * out, out)});
    offset += (in + 1) * out;
  }
  return layers;
}

void Mlp::initialise(Rng& rng) {
  for (size_t i = 0; i + 1 < layers_.size(); ++i) {
    const double fan_in = static_cast<double>(widths_[i]);
    rng.fill_normal(layers_[i].weight);
    layers_[i].weight.mul_(std::sqrt(2 / fan_in));
    rng.fill_uniform(layers_[i].bias);
    layers_[i].bias.mul_(2).sub_(1).div_(std::sqrt(fan_in));
  }
}

void Mlp::open(double scale, Rng& rng) {
  rng.fill_normal(layers_.back().weight);
  layers_.back().weight.mul_(scale * std::sqrt(2 / static_cast<double>(widths_[widths_.size() - 2])));
}

Tensor Mlp::forward(const Tensor& x) const {
  Tensor hidden = x;
  for (size_t i = 0; i < layers_.size(); ++i) {
    hidden = torch::addmm(layers_[i].bias, hidden, layers_[i].weight);
    if (i + 1 < layers_.size()) hidden = activated(activation_, hidden);
  }
  return hidden;
}

Mlp::Jet Mlp::jet(const Tensor& x, const Tensor& directions) const {
  Jet jet{x, directions};
  for (size_t i = 0; i < layers_.size(); ++i) {
    jet.value = torch::addmm(layers_[i].bias, jet.value, layers_[i].weight);
    jet.derivative = torch::matmul(jet.derivative, layers_[i].weight);
    if (i + 1 == layers_.size()) break;
    const auto [value, slope] = activated_with_slope(activation_, jet.value);
    jet.value = value;
    jet.derivative = jet.derivative * slope;
  }
  return jet;
}

const Tensor& Mlp::forward(const Tensor& x, Tape& tape) const {
  torch::NoGradGuard no_grad;
  const size_t depth = layers_.size();
  if (tape.outputs.size() != depth || tape.outputs[0].size(0) != x.size(0)) {
    tape = Tape{std::vector<Tensor>(depth), std::vector<Tensor>(depth), std::vector<Tensor>(depth)};
    for (size_t i = 0; i < depth; ++i) {
      tape.outputs[i] = torch::empty({x.size(0), widths_[i + 1]}, parameters_.options());
      if (i > 0) tape.inputs[i] = torch::empty({x.size(0), widths_[i]}, parameters_.options());
      if (i > 0) tape.slopes[i] = torch::empty({x.size(0), widths_[i]}, parameters_.options());
    }
  }
  tape.inputs[0] = x;
  for (size_t i = 0; i + 1 < depth; ++i)
    hidden_layer(activation_, tape.inputs[i], layers_[i].weight, layers_[i].bias, tape.outputs[i],
                 tape.inputs[i + 1]);
  return at::addmm_out(tape.outputs.back(), layers_.back().bias, tape.inputs.back(), layers_.back().weight);
}

void Mlp::backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const {
  torch::NoGradGuard no_grad;
  std::vector<Layer> gradients = layers_of(gradient);
  for (size_t i = layers_.size(); i-- > 0;) {
    const Tensor& above = i + 1 < layers_.size() ? tape.slopes[i + 1] : output_gradient;
    at::mm_out(gradients[i].weight, tape.inputs[i].t(), above);
    at::sum_out(gradients[i].bias, above, {0});
    if (i == 0) break;
    at::mm_out(tape.slopes[i], above, layers_[i].weight.t());
    chain_into(activation_, tape.outputs[i - 1], tape.inputs[i], tape.slopes[i]);
  }
}

Tensor Mlp::input_gradient(const Tape& tape) const {
  torch::NoGradGuard no_grad;
  return torch::mm(tape.slopes.at(1), layers_.front().weight.t());
}

void Mlp::infer(const Tensor& x, Tensor& out) const {
  torch::NoGradGuard no_grad;
  const int64_t widest = *std::max_element(widths_.begin() + 1, widths_.end());
  const int64_t rows = std::min(block_rows, x.size(0));
  const Tensor first = torch::empty({rows * widest}, parameters_.options());
  const Tensor second = torch::empty_like(first);
  for (int64_t begin = 0; begin < x.size(0); begin += rows) {
    const int64_t n = std::min(rows, x.size(0) - begin);
    Tensor input = x.narrow(0, begin, n);
    for (size_t i = 0; i + 1 < layers_.size(); ++i) {
      Tensor hidden = (i % 2 ? second : first).narrow(0, 0, n * widths_[i + 1]).view({n, widths_[i + 1]});
      hidden_layer(activation_, input, layers_[i].weight, layers_[i].bias, hidden, hidden);
      input = hidden;
    }
    Tensor block = out.narrow(0, begin, n);
    at::addmm_out(block, layers_.back().bias, input, layers_.back().weight);
  }
}

Tensor Generator::latents(int64_t n, Rng& rng) const {
  return rng.normal({n, net_->input_width()}, net_->parameters().options());
}

void Generator::add_latents(const Tensor& z, Tensor& out) const {
  if (form_.skip == 0) return;
  const int64_t shared = std::min(z.size(1), out.size(1));
  out.narrow(1, 0, shared).add_(z.narrow(1, 0, shared), form_.skip);
}

Tensor Generator::forward(const Tensor& z, Tape& tape) const {
  torch::NoGradGuard no_grad;
  Tensor out = net_->forward(z, tape).clone();
  add_latents(z, out);
  if (form_.squashed) tape.draws = out.sigmoid_().detach();
  return out;
}

void Generator::backward(const Tensor& draws_gradient, Tape& tape, Tensor& gradient) const {
  if (!form_.squashed) return net_->backward(draws_gradient, tape, gradient);
  torch::NoGradGuard no_grad;
  net_->backward(at::sigmoid_backward(draws_gradient, tape.draws), tape, gradient);
}

Tensor Generator::infer(const Tensor& z) const {
  Tensor out = torch::empty({z.size(0), net_->output_width()}, z.options());
  net_->infer(z, out);
  add_latents(z, out);
  if (form_.squashed) out.sigmoid_();
  return out;
}

ScoreNet::Scales ScoreNet::scales(const Tensor& sigma) const {
  const double data_scale = form_.data_scale;
  const Tensor variance = sigma.square() + data_scale * data_scale;
  const Tensor in = variance.rsqrt();
  if (form_.form == ScoreForm::noise) return {torch::zeros_like(sigma), -sigma.reciprocal(), in};
  if (form_.form == ScoreForm::denoiser) return {-variance.reciprocal(), data_scale * in / sigma, in};
  return {-variance.reciprocal(), (sigma.square() + form_.floor * form_.floor).rsqrt(), in};
}

Tensor ScoreNet::centred(const Tensor& x) const { return form_.centre == 0 ? x : x - form_.centre; }

Tensor ScoreNet::net_input(const Tensor& x, const Tensor& sigma, const Scales& scales) const {
  return torch::cat({x * scales.in, (sigma.log() / 4).expand({x.size(0), 1})}, 1);
}

// grad_u <u, net(u, log sigma)> at u = in * x: [N, D], in the graph of x and of the net's weights.
Tensor ScoreNet::potential_slope(const Network& net, const Tensor& x, const Tensor& sigma,
                                 const Scales& scales) const {
  torch::AutoGradMode enabled(true);
  Tensor input = net_input(x, sigma, scales);
  if (!input.requires_grad()) input.requires_grad_();
  const Tensor potential = (input.narrow(1, 0, x.size(1)) * net.forward(input)).sum();
  const Tensor slope = torch::autograd::grad({potential}, {input}, {}, /*retain_graph=*/true,
                                             /*create_graph=*/true)[0];
  return slope.narrow(1, 0, x.size(1));
}

Tensor ScoreNet::potential_matching(const Tensor& x, const Tensor& sigma, const Tensor& e,
                                    Tensor& gradient) const {
  torch::AutoGradMode enabled(true);
  const Scales scales = this->scales(sigma);
  const Tensor weights = net_->parameters().detach().requires_grad_();
  const Tensor slope = potential_slope(*net_->with(weights), x.detach(), sigma, scales);
  const Tensor residual = e + sigma * (scales.skip * x.detach() + scales.out * slope);
  const Tensor loss = residual.square().sum() / x.size(0);
  gradient.copy_(torch::autograd::grad({loss}, {weights})[0]);
  return loss.detach();
}

Tensor ScoreNet::forward(const Tensor& x, const Tensor& sigma) const {
  const Scales scales = this->scales(sigma);
  const Tensor y = centred(x);
  if (form_.potential) {
    const Tensor slope = potential_slope(*net_, y, sigma, scales);
    return scales.skip * y + scales.out * (torch::GradMode::is_enabled() ? slope : slope.detach());
  }
  return scales.skip * y + scales.out * net_->forward(net_input(y, sigma, scales));
}

Tensor ScoreNet::matching_gradient(const Tensor& x, const Tensor& sigma, const Tensor& e, Tape& tape,
                                   Tensor& gradient) const {
  const Tensor y = centred(x);
  if (form_.potential) return potential_matching(y, sigma, e, gradient);
  torch::NoGradGuard no_grad;
  const Scales scales = this->scales(sigma);
  const Tensor& output = net_->forward(net_input(y, sigma, scales), tape);
  const Tensor out = sigma * scales.out;
  const Tensor residual = torch::addcmul(e, output, out).addcmul_(y, sigma * scales.skip);
  net_->backward(residual * out * (2.0 / static_cast<double>(x.size(0))), tape, gradient);
  return residual.square().sum() / x.size(0);
}

}  // namespace samplerbench::samplers
