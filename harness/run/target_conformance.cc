#include "harness/run/target_conformance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/rng.h"
#include "harness/spec/contract.h"
#include "targets/conformance.h"

namespace samplerbench::harness {
namespace {

using targets::Excess;

constexpr int64_t kPointsExamined = 200;

// The share of points at which the score may be off: a density that is smooth almost everywhere, as one of a
// network is, may have a kink between the two points of a difference.
constexpr double kMostKinks = 0.1;

// By how much more than rounding of the points float32 may be off: deep networks round much themselves.
constexpr double kOwnRounding = 20;

// Where the draws come from a pool, half of it at most, so that two calls can differ.
int64_t points_examined(const targets::Reference& reference) {
  if (reference.pool == 0) return kPointsExamined;
  return std::clamp<int64_t>(reference.pool / 2, 1, kPointsExamined);
}

// Exact draws, every second of them moved, or draws of N(0, I) where there are none, at which the log density
// is finite: [N, D]. Throws BrokenContract where it seldom is.
Tensor finite_points(const targets::Problem& problem) {
  const bool has_draws = static_cast<bool>(problem.reference.exact_draws);
  const int64_t n = points_examined(problem.reference);
  Rng rng = Rng(11).split("points");
  Tensor x = rng.normal({n, problem.target->dim()}, torch::kDouble);
  if (has_draws) {
    const Tensor moved = (torch::arange(n) % 2).unsqueeze(1) * 0.3;
    x = problem.reference.exact_draws(n, rng) + moved * x;
  }
  const Tensor rows = problem.target->log_density(x).detach().isfinite().nonzero().squeeze(1);
  require_that(2 * rows.size(0) >= n,
               fmt::format("the log density is finite at {} of {} points near {}", rows.size(0), n,
                           has_draws ? "its exact draws" : "draws of N(0, I)"));
  return x.index_select(0, rows);
}

void require_small(const Tensor& excess, double most, const std::string& what) {
  if (excess.numel() == 0) return;
  const int64_t bad = (excess > 1).sum().item<int64_t>();
  require_that(static_cast<double>(bad) <= most * static_cast<double>(excess.numel()),
               fmt::format("{} at {} of {} points, by up to {:.2g} times the tolerance", what, bad,
                           excess.numel(), excess.max().item<double>()));
}

void require_small(const Excess& excess, double most, const std::string& what) {
  require_small(excess.value, most, "the log density " + what);
  require_small(excess.score, most, "the score " + what);
}

void require_density(const targets::Target& target, const Tensor& x) {
  const targets::ValueAndScore both = target.value_and_score(x.clone().requires_grad_());
  require_that(!both.value.requires_grad() && !both.score.requires_grad(),
               "value_and_score returned tensors of a graph, and detached ones are right");
  for (const int64_t n : {x.size(0), int64_t{2}})  // half of them: many points, and one
    require_small(targets::subset_excess(target, x.slice(0, 0, n)), 0,
                  "of a point depends on the points beside it");
  require_small(targets::joint_excess(target, x), 0, "by value_and_score differs from that by itself");
  const targets::OnPlainBuffers plain(target);
  require_small(targets::joint_excess(plain, x), 0, "by evaluate differs from that by itself");
  require_small(targets::score_excess(target, x, /*directions=*/1), kMostKinks,
                "the score is not the gradient of the log density");
  const Excess single = targets::single_precision_excess(plain, x);
  require_small(Excess{single.value / kOwnRounding, single.score / kOwnRounding}, kMostKinks,
                "in float32 differs from that in float64");
}

void require_exact_draws(const targets::Reference& reference) {
  const int64_t n = points_examined(reference);
  const Tensor before = global_generator_state();
  Rng rng(5), same(5), other(6);
  const Tensor draws = reference.exact_draws(n, rng);
  require_that(torch::equal(draws, reference.exact_draws(n, same)),
               "exact_draws gives other draws for the same random numbers");
  require_that(!torch::equal(draws, reference.exact_draws(n, other)),
               "exact_draws gives the same draws for other random numbers");
  require_that(torch::equal(before, global_generator_state()),
               "exact_draws takes random numbers from LibTorch's global generator");
}

}  // namespace

void require_conformance(const targets::Problem& problem) {
  const targets::Reference& reference = problem.reference;
  require_that(!reference.log_z || std::isfinite(*reference.log_z), "log Z is not finite");
  if (problem.target->has_density()) require_density(*problem.target, finite_points(problem));
  if (reference.exact_draws) require_exact_draws(reference);
}

}  // namespace samplerbench::harness
