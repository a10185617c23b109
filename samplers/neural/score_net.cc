#include "samplers/neural/score_net.h"

#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "core/named.h"

namespace samplerbench::samplers {

namespace {

constexpr double kFollowed = 0.05;  // weight of a batch in the running moments: a mean over some 20 updates
constexpr int64_t kBatchesAnAxis = 10;   // between two searches for the axes of a covariance
constexpr double kLeastVariance = 1e-9;  // of the largest, along an axis

}  // namespace

std::vector<std::string> score_form_names() { return {"noise", "denoiser", "score"}; }

ScoreForm score_form_named(const std::string& name) {
  return named<ScoreForm>("score form", score_form_names(), name);
}

ScoreNet::ScoreNet(std::unique_ptr<Network> net, const ScoreNetForm& form)
    : net_(std::move(net)), form_(form) {
  if (!follows()) return;
  const torch::TensorOptions placement = net_->parameters().options();
  const int64_t dim = net_->output_width();
  mean_ = torch::full({1, dim}, form_.centre, placement);
  variance_ = torch::full({1, dim}, form_.data_scale * form_.data_scale, placement);
  if (form_.moments != ScoreMoments::covariance) return;
  axes_ = torch::eye(dim, placement);
  covariance_ = (axes_ * (form_.data_scale * form_.data_scale)).to(torch::kDouble);
}

void ScoreNet::follow(const Tensor& x0) {
  if (!follows()) return;
  torch::NoGradGuard no_grad;
  const Tensor mean = x0.mean(0, /*keepdim=*/true);
  mean_ = mean_.lerp(mean, kFollowed);
  if (form_.moments == ScoreMoments::running) {
    variance_ = variance_.lerp(x0.var(0, /*unbiased=*/false, /*keepdim=*/true), kFollowed);
    return;
  }
  const Tensor centred = (x0 - mean).to(torch::kDouble);
  covariance_ = covariance_.lerp(centred.t().mm(centred) / static_cast<double>(x0.size(0)), kFollowed);
  if (followed_++ % kBatchesAnAxis == 0) find_axes();
}

void ScoreNet::find_axes() {
  if (!covariance_.isfinite().all().item<bool>())
    throw Diverged("the covariance of the draws, which the score network follows, is not finite");
  const auto [variances, axes] = at::linalg_eigh(covariance_.to(torch::kCPU));
  const double least = kLeastVariance * variances.max().item<double>();
  variance_ = variances.clamp_min(least).unsqueeze(0).to(mean_.options());
  axes_ = axes.to(mean_.options()).contiguous();
}

void ScoreNet::save_moments(Archive& archive) const {
  if (!follows()) return;
  archive.put("score_mean", mean_.clone());
  archive.put("score_variance", variance_.clone());
  if (axes_.defined()) archive.put("score_axes", axes_.clone());
}

void ScoreNet::load_moments(const Archive& archive) {
  if (!follows()) return;
  archive.restore("score_mean", mean_);
  archive.restore("score_variance", variance_);
  if (axes_.defined()) archive.restore("score_axes", axes_);
}

ScoreNet::Scales ScoreNet::scales(const Tensor& sigma) const {
  return follows() ? scales_at(sigma, variance_.sqrt()) : scales_at(sigma, form_.data_scale);
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
  if (follows()) return x - mean_;
  return form_.centre == 0 ? x : x - form_.centre;
}

Tensor ScoreNet::scaled(const Tensor& rows, const Tensor& factors) const {
  return axes_.defined() ? (rows.mm(axes_) * factors).mm(axes_.t()) : rows * factors;
}

Tensor ScoreNet::net_input(const Tensor& x, const Tensor& sigma, const Scales& scales,
                           const Tensor& conditions) const {
  std::vector<Tensor> columns{scaled(x, scales.in), (sigma.log() / 4).expand({x.size(0), 1})};
  if (conditions.defined()) columns.push_back(conditions);
  return torch::cat(columns, 1);
}

// grad_u <u, net(u, log sigma)> at u = in * x: [N, D], in the graph of x and of the net's weights.
Tensor ScoreNet::potential_slope(const Network& net, const Tensor& x, const Tensor& sigma,
                                 const Scales& scales, const Tensor& conditions) const {
  torch::AutoGradMode enabled(true);
  Tensor input = net_input(x, sigma, scales, conditions);
  if (!input.requires_grad()) input.requires_grad_();
  const Tensor potential = (input.narrow(1, 0, x.size(1)) * net.forward(input)).sum();
  const Tensor slope = torch::autograd::grad({potential}, {input}, {}, /*retain_graph=*/true,
                                             /*create_graph=*/true)[0];
  return slope.narrow(1, 0, x.size(1));
}

Tensor ScoreNet::potential_matching(const Tensor& x, const Tensor& sigma, const Tensor& e, Tensor& gradient,
                                    const Tensor& conditions) const {
  torch::AutoGradMode enabled(true);
  const Scales scales = this->scales(sigma);
  const Tensor weights = net_->parameters().detach().requires_grad_();
  const Tensor slope = potential_slope(*net_->with(weights), x.detach(), sigma, scales, conditions);
  const Tensor residual = e + sigma * (scaled(x.detach(), scales.skip) + scaled(slope, scales.out));
  const Tensor loss = residual.square().sum() / x.size(0);
  gradient.copy_(torch::autograd::grad({loss}, {weights})[0]);
  return loss.detach();
}

Tensor ScoreNet::forward(const Tensor& x, const Tensor& sigma, const Tensor& conditions) const {
  const Scales scales = this->scales(sigma);
  const Tensor y = centred(x);
  if (form_.potential) {
    const Tensor slope = potential_slope(*net_, y, sigma, scales, conditions);
    return scaled(y, scales.skip) +
           scaled(torch::GradMode::is_enabled() ? slope : slope.detach(), scales.out);
  }
  return scaled(y, scales.skip) + scaled(net_->forward(net_input(y, sigma, scales, conditions)), scales.out);
}

Tensor ScoreNet::matching_gradient(const Tensor& x, const Tensor& sigma, const Tensor& e, Tape& tape,
                                   Tensor& gradient, const Tensor& conditions) const {
  const Tensor y = centred(x);
  if (form_.potential) return potential_matching(y, sigma, e, gradient, conditions);
  torch::NoGradGuard no_grad;
  const Scales scales = this->scales(sigma);
  const Tensor& output = net_->forward(net_input(y, sigma, scales, conditions), tape);
  const Tensor out = sigma * scales.out;
  const Tensor skip = sigma * scales.skip;
  const Tensor residual = axes_.defined() ? e + scaled(output, out) + scaled(y, skip)
                                          : torch::addcmul(e, output, out).addcmul_(y, skip);
  net_->backward(scaled(residual, out) * (2.0 / static_cast<double>(x.size(0))), tape, gradient);
  return residual.square().sum() / x.size(0);
}

}  // namespace samplerbench::samplers
