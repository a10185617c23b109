#include "harness/reference/whitened_chains.h"

#include <fmt/format.h>

#include "core/error.h"
#include "targets/fisher_fit.h"

namespace samplerbench::harness {
namespace {

constexpr double kTargetAccept = 0.8;
constexpr double kCarefulAccept = 0.9;  // where no mode is known: shorter steps enter the necks of funnels
constexpr int64_t kUnusedHistory = 2;   // the states are kept here, not in the sampler's own bounded history

constexpr int64_t kWarmRounds = 2;     // that tell coordinates
constexpr int64_t kStartTrials = 100;  // as many as Stan takes

double target_accept(const ReferenceSettings& settings) {
  return settings.coordinates == ReferenceCoordinates::laplace ? kTargetAccept : kCarefulAccept;
}

// [chains, D] draws of N(0, I), where `target` has a finite log density.
Tensor finite_start(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng) {
  torch::NoGradGuard no_grad;
  Rng normals = rng.split("start");
  Tensor start = normals.normal({settings.chains, target.dim()}, torch::kDouble);
  for (int64_t trial = 0; trial < kStartTrials; ++trial) {
    const Tensor finite = target.log_density(start).isfinite();
    if (finite.all().item<bool>()) return start;
    start = torch::where(finite.unsqueeze(1), start, normals.normal(start.sizes(), torch::kDouble));
  }
  throw InputError(
      fmt::format("a chain has found no finite log density at {} draws of N(0, {}^2 I); another "
                  "'start_scale' in the spec's [reference] begins elsewhere",
                  kStartTrials, settings.start_scale));
}

// The map that has the mean and the covariance of all `states` [chains, transitions, D]. The covariance moves
// towards its diagonal with the weight of D + 5 states, so that it has an inverse however few they are.
targets::AffineMap map_of_states(const Tensor& states) {
  const Tensor flat = states.reshape({-1, states.size(2)});
  const Tensor mean = flat.mean(0), centred = flat - mean;
  const double count = static_cast<double>(flat.size(0)), weight = static_cast<double>(flat.size(1) + 5);
  const Tensor squares = centred.t().mm(centred);
  const Tensor variances = squares.diagonal() / count;
  if (!squares.isfinite().all().item<bool>() || !(variances > 0).all().item<bool>())
    throw Diverged(
        "the warm-up of the chains tells no coordinates: along some coordinate they do not move, or their "
        "variance is not finite");
  const Tensor covariance = (squares + weight * variances.diag()) / (count + weight);
  return {.mean = mean, .factor = targets::cholesky_factor(covariance)};
}

}  // namespace

WhitenedChains::WhitenedChains(const targets::AffineTarget& whitened, const Tensor& start,
                               const ReferenceSettings& settings, const Rng& rng)
    : whitened_(whitened),
      rng_(rng.split("transitions")),
      nuts_(whitened_, start,
            {.target_accept = target_accept(settings),
             .warmup = settings.warmup,
             .history = kUnusedHistory}) {
  for (int64_t i = 0; i < settings.warmup; ++i) nuts_.step(rng_);
}

Tensor WhitenedChains::visit(int64_t transitions, ReferencePosterior& posterior) {
  Tensor states = torch::empty({nuts_.state().size(0), transitions, whitened_.dim()}, torch::kDouble);
  posterior.transitions = transitions;
  posterior.divergences = 0;
  double accept = 0;
  for (int64_t i = 0; i < transitions; ++i) {
    const Json diagnostics = nuts_.step(rng_);
    posterior.divergences += diagnostics.at("divergences").get<int64_t>();
    accept += diagnostics.at("accept").get<double>();
    states.select(1, i).copy_(whitened_.map(nuts_.state()));
  }
  posterior.accept = accept / static_cast<double>(transitions);
  posterior.usage.steps += transitions;
  return states;
}

WarmStart warm_start(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng,
                     ReferencePosterior& posterior) {
  WarmStart warm{.map = targets::AffineMap::scaled(target.dim(), settings.start_scale), .start = {}};
  for (int64_t round = 0; round < kWarmRounds; ++round) {
    const targets::AffineTarget seen(target, warm.map);
    if (round == 0) warm.start = finite_start(seen, settings, rng);
    WhitenedChains chains(seen, warm.start, settings, rng.split(static_cast<uint64_t>(round)));
    posterior.usage.steps += settings.warmup;
    const Tensor states = chains.visit(settings.warmup, posterior);
    warm.map = map_of_states(states);
    warm.start = warm.map.coordinates_of(states.select(1, states.size(1) - 1));
  }
  return warm;
}

}  // namespace samplerbench::harness
