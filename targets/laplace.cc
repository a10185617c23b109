#include "targets/laplace.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kRowsAtOnce = 8;         // of the Hessian: bounds the graph that is kept
constexpr double kLeastCurvature = 1e-12;  // of the largest: what counts as none
constexpr double kDamping = 1e-3;          // least curvature, of the largest, that a damped step assumes
constexpr double kSufficientGain = 1e-4;   // Armijo's share of the slope
constexpr int64_t kMostHalvings = 60;

// Where a Newton step begins, and where it leads.
struct Step {
  Tensor direction;      // [D]
  double slope = 0;      // score times direction: twice the gain that the step promises
  bool concave = false;  // the Hessian is negative definite: the step is undamped
  Tensor precision;      // [D, D] minus the Hessian
};

// Newton's step where minus the Hessian is positive definite; else the same with its eigenvalues replaced by
// their absolute values, kept away from 0: uphill in every direction.
Step newton_step(const Target& target, const Tensor& x, const Tensor& score) {
  Step step{.precision = -hessian(target, x)};
  if (!step.precision.isfinite().all().item<bool>())
    throw InputError("Laplace's approximation: the Hessian of the log density is not finite");
  auto [curvatures, axes] = at::linalg_eigh(step.precision);
  const double largest = curvatures.abs().max().item<double>();
  step.concave = largest > 0 && curvatures[0].item<double>() > kLeastCurvature * largest;
  if (!step.concave) curvatures = curvatures.abs().clamp_min(largest > 0 ? kDamping * largest : 1.0);
  step.direction = axes.mv(axes.t().mv(score) / curvatures);
  step.slope = score.dot(step.direction).item<double>();
  return step;
}

double value_at(const Target& target, const Tensor& x) {
  torch::NoGradGuard no_grad;
  return target.log_density(x.unsqueeze(0)).item<double>();
}

// The share of the step, 1 or a power of 1/2, that gains enough (Armijo). Gains below rounding count as
// enough.
double line_search(const Target& target, const Tensor& x, double value, const Step& step) {
  const double rounding = 1e-14 * std::abs(value);
  double share = 1;
  for (int64_t i = 0; i < kMostHalvings; ++i, share /= 2)
    if (value_at(target, x + share * step.direction) >=
        value + kSufficientGain * share * step.slope - rounding)
      return share;
  throw InputError("Laplace's approximation: no uphill step gains anything; is the score the log density's?");
}

Tensor factor_of_inverse(const Tensor& precision) {
  const Tensor covariance = at::linalg_inv(precision);
  return at::linalg_cholesky((covariance + covariance.t()) / 2).contiguous();
}

}  // namespace

Tensor hessian(const Target& target, const Tensor& x) {
  torch::AutoGradMode enabled(true);
  const int64_t dim = target.dim();
  Tensor rows = torch::zeros({dim, dim}, torch::kDouble);
  for (int64_t first = 0; first < dim; first += kRowsAtOnce) {
    const int64_t count = std::min(kRowsAtOnce, dim - first);
    const Tensor points = x.detach().expand({count, dim}).clone().requires_grad_();
    const Tensor chosen = target.score(points).diagonal(first).sum();  // rows are independent
    Tensor slopes;                                                     // none where the score is constant
    if (chosen.requires_grad()) slopes = torch::autograd::grad({chosen}, {points}, {}, {}, false, true)[0];
    if (slopes.defined()) rows.narrow(0, first, count).copy_(slopes);
  }
  return (rows + rows.t()) / 2;
}

LaplaceFit laplace_fit(const Target& target, const Tensor& start, const LaplaceSettings& settings) {
  Tensor x = start.defined() ? start.detach().to(torch::kCPU, torch::kDouble).clone()
                             : torch::zeros({target.dim()}, torch::kDouble);
  if (!x.sizes().equals({target.dim()}))
    throw InputError(fmt::format("Laplace's approximation: the start needs {} coordinates", target.dim()));
  for (int64_t steps = 0; steps <= settings.most_steps; ++steps) {
    const ValueAndScore now = target.value_and_score(x.unsqueeze(0));
    const double value = now.value.item<double>();
    if (!std::isfinite(value) || !now.score.isfinite().all().item<bool>())
      throw InputError(
          "Laplace's approximation: the log density or its score is not finite where the search is");
    const Step step = newton_step(target, x, now.score.squeeze(0));
    const bool stationary = step.slope <= settings.tolerance * settings.tolerance;
    if (stationary && !step.concave)
      throw InputError(
          "Laplace's approximation: the Hessian of the log density is not negative definite where its score "
          "vanishes, so there is no normal law to fit (a saddle, or a density flat in some direction)");
    if (stationary) return {x + step.direction, factor_of_inverse(step.precision), steps};
    x = x + line_search(target, x, value, step) * step.direction;
  }
  throw InputError(
      fmt::format("Laplace's approximation: no mode found in {} Newton steps; the density may have none",
                  settings.most_steps));
}

}  // namespace samplerbench::targets
