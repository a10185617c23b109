#include "samplers/diffusion/shortcut_map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "samplers/diffusion/paths.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kWeighedAtOnce = 512;  // rows, which bounds the memory of D tangents each

// A score as controls see it, [N, D], and its derivatives along the D unit vectors, [D, N, D]: one
// Hessian-vector product each.
struct ScoreWithSlopes {
  Tensor score, slopes;
};

ScoreWithSlopes score_with_slopes(const targets::Target& target, const Tensor& x, double cap) {
  torch::AutoGradMode recording(true);
  const Tensor point = x.clone().detach().requires_grad_();
  const Tensor score = target.score(point);
  std::vector<Tensor> slopes;
  for (int64_t d = 0; d < x.size(1); ++d) {
    Tensor direction = torch::zeros_like(x);
    direction.select(1, d).fill_(1);
    const Tensor slope = pulled_through(score, point, direction);
    slopes.push_back(slope.defined() ? slope : torch::zeros_like(x));
  }
  return {cut_scores(score, cap), through_cut(torch::stack(slopes), score, cap)};
}

// log det of each matrix, [N, D, D] -> [N]; NaN where the determinant is not above 0.
Tensor logs_of_positive_determinants(const Tensor& matrices) {
  const auto [sign, log_size] = at::linalg_slogdet(matrices);
  return torch::where(sign > 0, log_size,
                      torch::full_like(log_size, std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace

ShortcutMap::ShortcutMap(const targets::Target& target, std::vector<ShortcutStep> steps, double start_sd,
                         double score_cap)
    : target_(target), steps_(std::move(steps)), start_sd_(start_sd), score_cap_(score_cap) {
  for (const ShortcutStep& step : steps_) nodes_.push_back(step.node);
}

Tensor ShortcutMap::starts(int64_t n, Rng& rng, const torch::TensorOptions& placement) const {
  return rng.normal({n, target_.dim()}, placement).mul_(start_sd_);
}

Tensor ShortcutMap::score_at(const Tensor& x, const ShortcutStep& step) const {
  return step.node.guide.score == 0 ? Tensor() : cut_scores(target_.score(x), score_cap_);
}

Tensor ShortcutMap::images(const Tensor& starts, const ControlNet& net) const {
  torch::NoGradGuard no_grad;
  const ControlNet here = net.at(nodes_);
  ControlTape tape;
  here.begin(tape, /*each=*/false);
  Tensor images = torch::empty_like(starts);
  for_parts(starts.size(0), [&](int64_t first, int64_t rows) {
    Tensor x = starts.narrow(0, first, rows), u = torch::empty_like(x);
    for (size_t k = 0; k < steps_.size(); ++k) {
      here.forward(static_cast<int64_t>(k), x, score_at(x, steps_[k]), tape, u);
      x = steps_[k].after(x, u);
    }
    images.narrow(0, first, rows).copy_(x);
  });
  return images;
}

Tensor ShortcutMap::log_weights(const Tensor& starts, const ControlNet& net) const {
  torch::NoGradGuard no_grad;
  const ControlNet here = net.at(nodes_);
  std::vector<Tensor> parts;
  for (int64_t first = 0; first < starts.size(0); first += kWeighedAtOnce)
    parts.push_back(weigh(starts.narrow(0, first, std::min(kWeighedAtOnce, starts.size(0) - first)), here));
  return torch::cat(parts);
}

// Of a part of the starts, by the net at the map's own nodes.
Tensor ShortcutMap::weigh(const Tensor& starts, const ControlNet& net) const {
  const int64_t dim = starts.size(1);
  const Tensor identity = torch::eye(dim, starts.options()), directions = identity.unsqueeze(1);
  const double log_constant = std::log(start_sd_) + 0.5 * std::log(2 * std::numbers::pi);
  Tensor x = starts, sum = starts.square().sum(1) / (2 * start_sd_ * start_sd_) +
                           static_cast<double>(dim) * log_constant;
  for (size_t k = 0; k < steps_.size(); ++k) {
    const ShortcutStep& step = steps_[k];
    ScoreWithSlopes seen;
    if (step.node.guide.score != 0) seen = score_with_slopes(target_, x, score_cap_);
    const DenseLayers::Jet jet =
        net.jet(static_cast<int64_t>(k), x, seen.score, directions, seen.slopes);  // [D, N, D]: dx, row, du
    sum = sum + logs_of_positive_determinants((1 + step.growth) * identity +
                                              step.control * jet.derivative.transpose(0, 1));
    x = step.after(x, jet.value);
  }
  return sum + target_.log_density(x);
}

}  // namespace samplerbench::samplers
