#include "samplers/neural/score_net.h"

#include <torch/csrc/autograd/autograd.h>

#include "core/named.h"

namespace samplerbench::samplers {

namespace {

constexpr double kFollowed = 0.05;  // weight of a batch in the running moments: a mean over some 20 updates

}  // namespace

std::vector<std::string> score_form_names() { return {"noise", "denoiser", "score"}; }

ScoreForm score_form_named(const std::string& name) {
  return named<ScoreForm>("score form", score_form_names(), name);
}

ScoreNet::ScoreNet(std::unique_ptr<Network> net, const ScoreNetForm& form)
    : net_(std::move(net)), form_(form) {
  if (!form_.running) return;
  const torch::TensorOptions placement = net_->parameters().options();
  mean_ = torch::full({1, net_->output_width()}, form_.centre, placement);
  variance_ = torch::full({1, net_->output_width()}, form_.data_scale * form_.data_scale, placement);
}

void ScoreNet::follow(const Tensor& x0) {
  if (!form_.running) return;
  torch::NoGradGuard no_grad;
  mean_ = mean_.lerp(x0.mean(0, /*keepdim=*/true), kFollowed);
  variance_ = variance_.lerp(x0.var(0, /*unbiased=*/false, /*keepdim=*/true), kFollowed);
}

void ScoreNet::save_moments(Archive& archive) const {
  if (!form_.running) return;
  archive.put("score_mean", mean_.clone());
  archive.put("score_variance", variance_.clone());
}

void ScoreNet::load_moments(const Archive& archive) {
  if (!form_.running) return;
  archive.restore("score_mean", mean_);
  archive.restore("score_variance", variance_);
}

ScoreNet::Scales ScoreNet::scales(const Tensor& sigma) const {
  return form_.running ? scales_at(sigma, variance_.sqrt()) : scales_at(sigma, form_.data_scale);
}

template <class Number>
ScoreNet::Scales ScoreNet::scales_at(const Tensor& sigma, const Number& data_scale) const {
  const Tensor variance = sigma.square() + data_scale * data_scale;
  const Tensor in = variance.rsqrt();
  if (form_.form == ScoreForm::noise) return {torch::zeros_like(sigma), -sigma.reciprocal(), in};
  if (form_.form == ScoreForm::denoiser) return {-variance.reciprocal(), data_scale * in / sigma, in};
  return {-variance.reciprocal(), (sigma.square() + form_.floor * form_.floor).rsqrt(), in};
}

Tensor ScoreNet::centred(const Tensor& x) const {
  if (form_.running) return x - mean_;
  return form_.centre == 0 ? x : x - form_.centre;
}

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
