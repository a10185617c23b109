#include "tests/targets/checks.h"

#include <ATen/Context.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

constexpr double kUnwritten = std::numeric_limits<double>::quiet_NaN();

// Whether no point is off by more than the tolerance.
Verdict none_exceeds(const Tensor& excess, const std::string& what) {
  const double worst = excess.numel() == 0 ? 0 : excess.max().item<double>();
  if (worst <= 1) return ::testing::AssertionSuccess() << what << " agrees";
  return ::testing::AssertionFailure() << what << " is off by " << worst << " times the tolerance";
}

Verdict none_exceeds(const targets::Excess& excess, const std::string& what) {
  const Verdict verdict = none_exceeds(excess.value, "value " + what);
  return verdict ? none_exceeds(excess.score, "score " + what) : verdict;
}

Verdict within(const Tensor& actual, const Tensor& expected, const Tensor& tolerance,
               const std::string& what) {
  return none_exceeds(targets::excess_of(actual, expected, tolerance), what);
}

// The line integrals of exp(log_density - shift) over the second coordinate, for each value of the first:
// [lines].
class Lines {
 public:
  Lines(const Target& target, const Tensor& draws) : target_(target) {
    low_ = draws.amin(0);
    high_ = draws.amax(0);
    const Tensor width = high_ - low_;
    low_ = low_ - width / 2;
    high_ = high_ + width / 2;
    shift_ = target.log_density(draws).max().item<double>();
  }

  Tensor first(int64_t lines) const {
    return torch::linspace(low_[0].item<double>(), high_[0].item<double>(), lines, torch::kDouble);
  }

  double shift() const { return shift_; }

  // A coarse look finds where the line's mass lies; the trapezoidal rule, exponentially exact for a smooth
  // integrand that vanishes at both ends, integrates there.
  Tensor integrals(const Tensor& first) const {
    const Tensor box = torch::linspace(low_[1].item<double>(), high_[1].item<double>(), 3001, torch::kDouble);
    const Tensor wide = torch::sinh(torch::linspace(-16, 16, 1001, torch::kDouble)) * 1e-2;
    const Tensor coarse = std::get<0>(torch::cat({box, wide}).sort());
    std::vector<Tensor> results;
    for (int64_t i = 0; i < first.size(0); ++i) results.push_back(integral(first[i], coarse));
    return torch::stack(results);
  }

 private:
  Tensor on_line(const Tensor& first, const Tensor& second) const {
    return target_.log_density(torch::stack({first.expand_as(second), second}, 1)) - shift_;
  }

  Tensor integral(const Tensor& first, const Tensor& coarse) const {
    const Tensor values = on_line(first, coarse);
    const Tensor near = (values > values.max() - 42).nonzero().squeeze(1);
    const int64_t from = std::max<int64_t>(near[0].item<int64_t>() - 1, 0);
    const int64_t to = std::min<int64_t>(near[-1].item<int64_t>() + 1, coarse.size(0) - 1);
    const Tensor fine =
        torch::linspace(coarse[from].item<double>(), coarse[to].item<double>(), 2001, torch::kDouble);
    return torch::trapezoid(on_line(first, fine).exp(), fine, 0);
  }

  const Target& target_;
  Tensor low_, high_;
  double shift_;
};

// Gauss' identity by the trapezoidal rule over the noise: log of the mean of q(x + sigma e), e ~ N(0, I_2):
// [N].
Tensor blurred_by_quadrature(const Target& target, const Tensor& x, const Tensor& sigma) {
  const Tensor line = torch::linspace(-9, 9, 361, torch::kDouble);
  const std::vector<Tensor> grid = torch::meshgrid({line, line}, "ij");
  const Tensor noise = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  const double cell = 18.0 / 360;
  const Tensor log_weight = -noise.square().sum(1) / 2 + std::log(cell * cell / (2 * std::numbers::pi));
  std::vector<Tensor> values;
  for (int64_t i = 0; i < x.size(0); ++i)
    values.push_back((target.log_density(x[i] + sigma[i] * noise) + log_weight).logsumexp(0));
  return torch::stack(values);
}

}  // namespace

Verdict score_alone_agrees(const Target& target, const Tensor& x) {
  const Tensor points = x.contiguous(), score = torch::full_like(points, kUnwritten);
  target.evaluate(x.size(0), points.data_ptr<double>(), nullptr, score.data_ptr<double>());
  const Tensor expected = OnPlainBuffers(target).value_and_score(x).score;
  return within(score, expected, targets::scale_of_rows(expected, 1e-12), "score alone");
}

Tensor diffused_draws(const Tensor& draws, double time, Rng& rng) {
  const double noise = std::sqrt(-std::expm1(-2 * time));
  return std::exp(-time) * draws + noise * rng.normal(draws.sizes(), torch::kDouble);
}

Tensor examined_points(const Problem& problem, int64_t n) {
  Rng rng = Rng(11).split("points");
  const Tensor noise = rng.normal({n, problem.target->dim()}, torch::kDouble);
  if (!problem.reference.exact_draws) return noise;
  const Tensor draws = problem.reference.exact_draws(n, rng);
  const Tensor moved = (torch::arange(n) % 2).unsqueeze(1) * 0.3;
  return draws + moved * noise;
}

Verdict score_is_gradient(const Target& target, const Tensor& x) {
  if (target.score(x).sizes() != x.sizes())
    return ::testing::AssertionFailure() << "score has another shape than x";
  return none_exceeds(targets::score_excess(target, x), "score");
}

Verdict value_and_score_agrees(const Target& target, const Tensor& x) {
  const Tensor tracked = x.clone().requires_grad_();
  const targets::ValueAndScore both = target.value_and_score(tracked);
  if (both.value.requires_grad() || both.score.requires_grad())
    return ::testing::AssertionFailure() << "value_and_score is not detached";
  const Tensor value = target.log_density(x);
  if (both.value.sizes() != value.sizes() || value.dim() != 1)
    return ::testing::AssertionFailure() << "a log density is not of shape [N]";
  return none_exceeds(targets::joint_excess(target, x), "of both together");
}

Verdict rows_are_independent(const Target& target, const Tensor& x) {
  return none_exceeds(targets::subset_excess(target, x), "of a subset");
}

Verdict hessian_vector_products_agree(const Target& target, const Tensor& x) {
  Rng rng(14);
  const Tensor v = targets::unit_directions(x, rng);
  const double h = 1e-5;
  const Tensor expected = (target.score(x + h * v) - target.score(x - h * v)) / (2 * h);
  const Tensor tracked = x.clone().requires_grad_();
  const Tensor score = target.score(tracked);
  if (!score.requires_grad()) return ::testing::AssertionFailure() << "score is not differentiable";
  const Tensor through_score = torch::autograd::grad({score}, {tracked}, {v})[0];
  const Tensor gradient =
      torch::autograd::grad({target.log_density(tracked).sum()}, {tracked}, {}, true, true)[0];
  const Tensor through_density = torch::autograd::grad({gradient}, {tracked}, {v})[0];
  const Tensor tolerance =
      targets::scale_of_rows(expected, 1e-5) + targets::scale_of_rows(score.detach(), 1e-9);
  const Verdict verdict = within(through_score, expected, tolerance, "Hessian-vector product through score");
  return verdict ? within(through_density, expected, tolerance, "Hessian-vector product through log_density")
                 : verdict;
}

Verdict single_precision_agrees(const Target& target, const Tensor& x) {
  const Tensor single = x.to(torch::kFloat);
  const targets::ValueAndScore both = target.value_and_score(single);
  for (const Tensor& found : {target.log_density(single), target.score(single), both.value, both.score})
    if (found.scalar_type() != torch::kFloat)
      return ::testing::AssertionFailure() << "results are not in the dtype of x";
  return none_exceeds(targets::single_precision_excess(target, x), "in float32");
}

Verdict never_nan(const Target& target) {
  Rng rng(16);
  const Tensor directions = rng.normal({64, target.dim()}, torch::kFloat);
  for (double radius : {0.0, 1e-6, 10.0, 100.0, 1e4, 1e8}) {
    const Tensor x = (radius * directions).requires_grad_();
    const Tensor value = target.log_density(x), score = target.score(x);
    const targets::ValueAndScore both = target.value_and_score(x);
    for (const Tensor& result : {value, score, both.value, both.score})
      if (result.isnan().any().item<bool>())
        return ::testing::AssertionFailure() << "NaN at radius " << radius;
    if (radius > 100) continue;
    const Tensor product = torch::autograd::grad({score}, {x}, {torch::ones_like(score)})[0];
    if (product.isnan().any().item<bool>())
      return ::testing::AssertionFailure() << "NaN in a Hessian-vector product at radius " << radius;
  }
  return ::testing::AssertionSuccess() << "no NaN";
}

Verdict stein_identities_hold(const Tensor& draws, const Tensor& scores) {
  const int64_t n = draws.size(0), dim = draws.size(1);
  const Tensor outer = (draws.unsqueeze(2) * scores.unsqueeze(1)).reshape({n, dim * dim});
  Rng rng(17);
  const Tensor w =
      rng.normal({dim}, torch::kDouble) / draws.std(0, true) / std::sqrt(static_cast<double>(dim));
  const Tensor phase = draws.matmul(w).unsqueeze(1) + 0.7;
  const Tensor waves = phase.cos() * scores - phase.sin() * w;
  const Tensor all = torch::cat({scores, outer, waves}, 1);
  const Tensor expected =
      torch::cat({torch::zeros({dim}, torch::kDouble), -torch::eye(dim, torch::kDouble).flatten(),
                  torch::zeros({dim}, torch::kDouble)});
  const Tensor z = standardised_errors(all, expected);
  const double bound = z_bound(kFalseAlarm, z.numel());
  if (z.max().item<double>() <= bound) return ::testing::AssertionSuccess() << "Stein's identities hold";
  const int64_t where = z.argmax().item<int64_t>();
  return ::testing::AssertionFailure()
         << "Stein's identity " << where << " (of " << dim << " scores, " << dim * dim << " products, " << dim
         << " waves) is off by " << z[where].item<double>() << " standard errors, more than " << bound;
}

Verdict draws_are_reproducible(const Reference& reference, int64_t dim) {
  const Tensor state = at::globalContext().defaultGenerator(torch::kCPU).get_state();
  Rng rng(5), same(5), other(6);
  const Tensor draws = reference.exact_draws(1000, rng);
  if (draws.sizes() != at::IntArrayRef({1000, dim}) || draws.scalar_type() != torch::kDouble)
    return ::testing::AssertionFailure() << "draws are not [n, D] in float64";
  if (!torch::equal(draws, reference.exact_draws(1000, same)))
    return ::testing::AssertionFailure() << "equal streams give different draws";
  if (torch::equal(draws, reference.exact_draws(1000, other)))
    return ::testing::AssertionFailure() << "different streams give equal draws";
  if (torch::equal(draws, reference.exact_draws(1000, same)))
    return ::testing::AssertionFailure() << "a stream repeats itself";
  if (!torch::equal(state, at::globalContext().defaultGenerator(torch::kCPU).get_state()))
    return ::testing::AssertionFailure() << "the global generator was used";
  return ::testing::AssertionSuccess() << "draws are reproducible";
}

Verdict moments_agree(const Moments& moments, const Tensor& draws) {
  const int64_t dim = draws.size(1);
  if (!mean_is(draws, moments.mean, kFalseAlarm, 2)) return ::testing::AssertionFailure() << "a mean is off";
  const Tensor squares = (draws - moments.mean).square();
  const Tensor share = squares.square().amax(0) / squares.square().sum(0);
  const Tensor judged = (share < 0.02).nonzero().squeeze(1);
  if (judged.numel() == 0) return ::testing::AssertionFailure() << "no standard deviation can be judged";
  if (mean_is(squares.index_select(1, judged), moments.sd.square().index_select(0, judged), kFalseAlarm, 2))
    return ::testing::AssertionSuccess() << judged.numel() << " of " << dim << " standard deviations agree";
  return ::testing::AssertionFailure() << "a standard deviation is off";
}

Verdict modes_agree(const targets::Modes& modes, const Tensor& draws) {
  const Tensor assigned = modes.assign(draws);
  if (assigned.scalar_type() != torch::kLong || assigned.sizes() != at::IntArrayRef({draws.size(0)}))
    return ::testing::AssertionFailure() << "assign does not give [N] of int64";
  if (std::abs(modes.weights.sum().item<double>() - 1) > 1e-12)
    return ::testing::AssertionFailure() << "the mode weights do not sum to 1";
  const Tensor counts = torch::bincount(assigned, {}, modes.weights.numel());
  if (counts.numel() != modes.weights.numel())
    return ::testing::AssertionFailure() << "a mode is out of range";
  const double p = chi_squared_p(counts, modes.weights);
  if (p > kFalseAlarm) return ::testing::AssertionSuccess() << "mode weights agree";
  return ::testing::AssertionFailure() << "mode weights disagree with the draws: p = " << p;
}

Verdict integral_agrees(const Target& target, double log_z, const Tensor& draws) {
  const Lines lines(target, draws);
  const Tensor first = lines.first(601);
  const Tensor density = lines.integrals(first);
  const double found = lines.shift() + torch::trapezoid(density, first, 0).log().item<double>();
  if (!(std::abs(found - log_z) < 1e-6))
    return ::testing::AssertionFailure() << "log Z is " << log_z << " but quadrature gives " << found;
  // The marginal law of the first coordinate, cell by cell between the draws' own deciles of another half.
  const Tensor half = draws.slice(0, 0, draws.size(0) / 2).select(1, 0);
  const Tensor edges = torch::quantile(half.slice(0, 0, 2000), torch::linspace(0.1, 0.9, 9, torch::kDouble));
  std::vector<Tensor> masses;
  const Tensor bounds = torch::cat({first.slice(0, 0, 1), edges, first.slice(0, -1)});
  for (int64_t i = 0; i + 1 < bounds.size(0); ++i) {
    const Tensor cell =
        torch::linspace(bounds[i].item<double>(), bounds[i + 1].item<double>(), 101, torch::kDouble);
    masses.push_back(torch::trapezoid(lines.integrals(cell), cell, 0));
  }
  const Tensor mass = torch::stack(masses);
  const Tensor rest = draws.slice(0, draws.size(0) / 2).select(1, 0).contiguous();
  const Tensor counts = torch::bincount(torch::searchsorted(edges, rest), {}, mass.numel());
  const double p = chi_squared_p(counts, mass / mass.sum());
  if (p > kFalseAlarm) return ::testing::AssertionSuccess() << "integral and marginal agree";
  return ::testing::AssertionFailure() << "the draws' first coordinate disagrees with quadrature: p = " << p;
}

Verdict exact_blur_agrees(const Target& target, const Tensor& x) {
  const Tensor row_sigma = torch::linspace(0.1, 3, x.size(0), torch::kDouble);
  const auto by_row = target.noised_exactly(row_sigma);
  const Tensor expected = blurred_by_quadrature(target, x, row_sigma);
  const Tensor tolerance = 1e-8 * (1 + expected.abs());
  const Verdict verdict = within(by_row->log_density(x), expected, tolerance, "blurred log density");
  if (!verdict) return verdict;
  const auto scalar = target.noised_exactly(torch::tensor(0.7, torch::kDouble));
  const Tensor sevens = torch::full({x.size(0)}, 0.7, torch::kDouble);
  return within(scalar->log_density(x), blurred_by_quadrature(target, x, sevens), tolerance,
                "log density at one sigma");
}

}  // namespace samplerbench::testing
