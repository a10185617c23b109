#include "targets/models/plane_density.h"

#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "targets/planar/rejection.h"

namespace samplerbench::targets {
namespace {

// Nodes whose density is e^-45 of the highest have no weight in float64.
constexpr double kNegligibleLog = 45;

// How far, at most, the log density in a cell is above that of its highest corner.
constexpr double kCornerMargin = 0.5;

Tensor nodes_of_axis(const PlaneDensity::Axis& axis) {
  return torch::linspace(axis.from, axis.to, axis.cells + 1, torch::kDouble);
}

}  // namespace

PlaneDensity::PlaneDensity(const Axis& first, const Axis& second,
                           std::function<Tensor(const Tensor&)> log_density)
    : first_(first), second_(second), log_density_(std::move(log_density)) {
  torch::NoGradGuard no_grad;
  const std::vector<Tensor> grid = torch::meshgrid({nodes_of_axis(first), nodes_of_axis(second)}, "ij");
  const Tensor all = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  const Tensor values = log_density_(all), log_sum = values.logsumexp(0);
  log_mass_ = log_sum.item<double>() + std::log(first.step() * second.step());

  const Tensor kept = (values > values.max() - kNegligibleLog).nonzero().squeeze(1);
  nodes_ = all.index_select(0, kept);
  weights_ = (values.index_select(0, kept) - log_sum).exp();

  const Tensor corners = values.reshape({first.cells + 1, second.cells + 1});
  const Tensor rows = corners.slice(0, 0, first.cells).maximum(corners.slice(0, 1));
  log_heights_ = rows.slice(1, 0, second.cells).maximum(rows.slice(1, 1)).flatten() + kCornerMargin;
  const Tensor masses = (log_heights_ - log_heights_.max()).exp();
  cumulative_ = masses.cumsum(0) / masses.sum();
}

Moments PlaneDensity::moments(const Tensor& means, const Tensor& variances) const {
  const Tensor mean = weights_.matmul(means);
  return {mean, weights_.matmul(variances + (means - mean).square()).sqrt()};
}

Tensor PlaneDensity::draw(int64_t n, Rng& rng) const {
  return draw_by_rejection(n, [this, &rng](int64_t proposals) {
    const Tensor share = rng.uniform({proposals}, torch::kDouble);
    const Tensor cell =
        torch::searchsorted(cumulative_, share, false, true).clamp_max(cumulative_.size(0) - 1);
    const Tensor number = cell.to(torch::kDouble);
    const Tensor row = (number / second_.cells).floor(), column = number - row * second_.cells;
    const Tensor place = rng.uniform({proposals, 2}, torch::kDouble);
    const Tensor point = torch::stack({(row + place.select(1, 0)) * first_.step() + first_.from,
                                       (column + place.select(1, 1)) * second_.step() + second_.from},
                                      1);
    const Tensor log_share = log_density_(point) - log_heights_.index_select(0, cell);
    if ((log_share > 0).any().item<bool>())
      throw std::logic_error("a cell of a density in the plane is too large for its bound");
    const Tensor accepted = rng.uniform({proposals}, torch::kDouble).log() < log_share;
    return point.index_select(0, accepted.nonzero().squeeze(1));
  });
}

}  // namespace samplerbench::targets
