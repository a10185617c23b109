#include "harness/reference/reference_posterior.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "harness/reference/tempered_chains.h"
#include "harness/reference/whitened_chains.h"
#include "harness/support/timed.h"
#include "metrics/chain_diagnostics.h"
#include "targets/affine_target.h"
#include "targets/foreign/reference_draws.h"
#include "targets/laplace.h"
#include "targets/metered_target.h"

namespace samplerbench::harness {
namespace {

// Of the chains' starts, in standard deviations of the Laplace approximation.
constexpr double kStartScale = 2;

constexpr double kStuckShare = 0.5;  // of transitions without a move, from which a chain is stuck
constexpr int64_t kRestarts = 8;     // after which a start is within 2^-8 of where it first was

// How far below the mode a start may lie, in units of what the Laplace approximation expects there.
constexpr double kSurprise = 4;

// [chains, D] starts in coordinates of which the Laplace approximation makes N(0, I), the mode at 0. Where
// the density falls far more steeply than that, as beside a funnel's neck, a chain would stay for ever, since
// the step size that suits the others is unstable there: such starts are drawn in.
Tensor overdispersed_start(const targets::Target& whitened, int64_t chains, const Rng& rng) {
  Rng normals = rng.split("start");
  Tensor start = kStartScale * normals.normal({chains, whitened.dim()}, torch::kDouble);
  const Tensor mode = whitened.log_density(torch::zeros({1, whitened.dim()}, torch::kDouble));
  for (;;) {
    const Tensor expected = start.square().sum(1) / 2;
    const Tensor typical = mode - whitened.log_density(start) <= kSurprise * expected;
    if (typical.all().item<bool>() || expected.max().item<double>() < 1e-6) return start;
    start = torch::where(typical.unsqueeze(1), start, start / 2);
  }
}

// Which of the chains stayed where they were in most of the transitions between `states` [chains,
// transitions, D]: [chains].
Tensor stuck_chains(const Tensor& states) {
  const int64_t moves = states.size(1) - 1;
  const Tensor still = states.narrow(1, 1, moves).eq(states.narrow(1, 0, moves)).all(2);
  return still.to(torch::kDouble).mean(1) > kStuckShare;
}

// Takes one quantity of all states, [chains, transitions], into the worst of all figures of convergence;
// `spread` is the effective sample size of its squared distances from the mean.
void take_worst(const Tensor& chains, double spread, ReferencePosterior& posterior) {
  posterior.rhat = std::max(posterior.rhat, metrics::rank_r_hat(chains));
  posterior.ess_bulk = std::min(posterior.ess_bulk, metrics::bulk_effective_sample_size(chains));
  posterior.ess_tail = std::min(posterior.ess_tail, metrics::tail_effective_sample_size(chains));
  posterior.ess_spread = std::min(posterior.ess_spread, spread);
}

// Diagnostics and moments of `states` [chains, transitions, D], coordinate by coordinate.
void examine(const Tensor& states, ReferencePosterior& posterior) {
  const int64_t dim = states.size(2);
  const Tensor flat = states.reshape({-1, dim});
  targets::Moments& moments = posterior.moments;
  moments = {.mean = flat.mean(0),
             .sd = flat.std(0, true),
             .mean_error = torch::empty({dim}, torch::kDouble),
             .sd_error = torch::empty({dim}, torch::kDouble)};
  posterior.rhat = 0;
  posterior.ess_bulk = posterior.ess_tail = posterior.ess_spread = std::numeric_limits<double>::infinity();
  for (int64_t d = 0; d < dim; ++d) {
    const Tensor chains = states.select(2, d).contiguous();
    const Tensor squares = (chains - moments.mean[d]).square();
    const double location = metrics::mean_effective_sample_size(chains);
    const double spread = metrics::mean_effective_sample_size(squares);
    moments.mean_error[d] = moments.sd[d] / std::sqrt(location);
    // The delta method for the root of a mean square.
    moments.sd_error[d] = squares.std(true) / std::sqrt(spread) / (2 * moments.sd[d]);
    take_worst(chains, spread, posterior);
  }
}

// f, of points [n, D] -> [n, ...], at states [chains, transitions, D]: [chains, transitions, ...]. Chain by
// chain, which bounds the memory.
Tensor along_chains(const Tensor& states, const std::function<Tensor(const Tensor&)>& f) {
  torch::NoGradGuard no_grad;
  std::vector<Tensor> values;
  for (int64_t chain = 0; chain < states.size(0); ++chain) values.push_back(f(states[chain]));
  return torch::stack(values);
}

// Diagnostics of one more quantity of all states: [chains, transitions].
void examine_quantity(const Tensor& chains, ReferencePosterior& posterior) {
  const double spread = metrics::mean_effective_sample_size((chains - chains.mean()).square());
  take_worst(chains, spread, posterior);
}

// Of the log density, which mixes more slowly than any coordinate where a symmetry mixes those.
void examine_energy(const targets::Target& target, const Tensor& states, ReferencePosterior& posterior) {
  examine_quantity(along_chains(states, [&](const Tensor& x) { return target.log_density(x); }), posterior);
}

// Of parameters [chains, transitions, P], but for constants and what is not a number everywhere: no metric
// judges these.
void examine_parameters(const Tensor& values, ReferencePosterior& posterior) {
  for (int64_t k = 0; k < values.size(2); ++k) {
    const Tensor chains = values.select(2, k).contiguous();
    const bool varies = chains.ne(chains[0][0]).any().item<bool>();
    if (varies && chains.isfinite().all().item<bool>()) examine_quantity(chains, posterior);
  }
}

bool good_enough(const ReferencePosterior& posterior, const ReferenceSettings& settings) {
  const bool travelled = settings.by == ReferenceBy::nuts || posterior.round_trips >= settings.round_trips;
  return travelled && posterior.rhat < settings.rhat && posterior.ess_bulk >= settings.ess &&
         posterior.ess_spread >= settings.ess;
}

[[noreturn]] void give_up(const ReferencePosterior& posterior, const ReferenceSettings& settings) {
  const std::string journeys =
      settings.by == ReferenceBy::nuts
          ? fmt::format("{} divergences", posterior.divergences)
          : fmt::format("{:.1f} round trips a ladder ({} are asked of each independent run)",
                        posterior.round_trips, settings.round_trips);
  throw std::runtime_error(
      fmt::format("the chains have not come together: R-hat {:.4f} (below {} is asked), bulk ESS {:.0f} and "
                  "ESS of the spread {:.0f} ({:.0f} are asked), {} in the last {} transitions of {} chains",
                  posterior.rhat, settings.rhat, posterior.ess_bulk, posterior.ess_spread, settings.ess,
                  journeys, posterior.transitions, settings.chains));
}

// `count` of the states [chains, transitions, D], evenly along the chains: [count, D].
Tensor evenly(const Tensor& states, int64_t count) {
  const Tensor flat = states.reshape({-1, states.size(2)});
  const Tensor rows = torch::arange(count, torch::kLong) * flat.size(0);
  return flat.index_select(0, torch::div(rows, count, "floor"));
}

// The states of the first round that is good enough. A round forgets the ones before it, which may not have
// found their way from the starts yet. The step size that suits most chains may be unstable where one of them
// began, so that it never leaves: after the first round such starts are halved towards the mode, and all
// chains begin anew.
Tensor run_rounds(const targets::AffineTarget& whitened, const ReferenceSettings& settings, const Rng& rng,
                  ReferencePosterior& posterior) {
  Tensor start = overdispersed_start(whitened, settings.chains, rng);
  int64_t restarts = 0;
  auto chains = std::make_unique<WhitenedChains>(whitened, start, settings, rng);
  posterior.usage.steps += settings.warmup;
  for (int64_t round = 0; round < settings.max_rounds;) {
    Tensor states = chains->visit(settings.transitions << round, posterior);
    const Tensor stuck = stuck_chains(states);
    if (round == 0 && restarts < kRestarts && stuck.any().item<bool>()) {
      ++restarts;
      start = torch::where(stuck.unsqueeze(1), start / 2, start);
      chains = std::make_unique<WhitenedChains>(whitened, start, settings, rng);
      posterior.usage.steps += settings.warmup;
      continue;
    }
    examine(states, posterior);
    if (good_enough(posterior, settings)) return states;
    ++round;
  }
  give_up(posterior, settings);
}

// The Laplace approximation. Where there is none, the message says what does without.
targets::LaplaceFit fit_of(const targets::Target& target) {
  try {
    return targets::laplace_fit(target);
  } catch (const InputError& error) {
    throw InputError(brief(error) +
                     "; 'coordinates = \"warmup\"' in the spec's [reference] needs no mode");
  }
}

// Rounds of NUTS in coordinates that the Laplace approximation whitens.
Tensor whitened_rounds(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng,
                       ReferencePosterior& posterior) {
  const targets::LaplaceFit fit = fit_of(target);
  posterior.newton_steps = fit.steps;
  return run_rounds(targets::AffineTarget(target, {fit.mode, fit.factor}), settings, rng, posterior);
}

// The states of the first round of `chains` that is good enough, in the log density too, and in `parameters`
// where these are asked.
template <class Chains>
Tensor agreed_rounds(Chains& chains, const targets::Target& target, const ReferenceSettings& settings,
                     const std::function<Tensor(const Tensor&)>& parameters, ReferencePosterior& posterior) {
  posterior.usage.steps += settings.warmup;
  for (int64_t round = 0; round < settings.max_rounds; ++round) {
    const Tensor states = chains.visit(settings.transitions << round, posterior);
    examine(states, posterior);
    examine_energy(target, states, posterior);
    if (parameters) examine_parameters(along_chains(states, parameters), posterior);
    if (good_enough(posterior, settings)) return states;
  }
  give_up(posterior, settings);
}

// Rounds of NUTS in coordinates that its own warm-up whitens. A round forgets the ones before it. No chain
// begins anew: one that stays where it is may be in a part of the law that the others never enter.
Tensor warmed_rounds(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng,
                     const std::function<Tensor(const Tensor&)>& parameters, ReferencePosterior& posterior) {
  const WarmStart warm = warm_start(target, settings, rng, posterior);
  const targets::AffineTarget whitened(target, warm.map);
  WhitenedChains chains(whitened, warm.start, settings, rng);
  return agreed_rounds(chains, target, settings, parameters, posterior);
}

// Rounds of parallel tempering.
Tensor tempered_rounds(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng,
                       const std::function<Tensor(const Tensor&)>& parameters,
                       ReferencePosterior& posterior) {
  TemperedChains chains(target, settings, rng);
  return agreed_rounds(chains, target, settings, parameters, posterior);
}

// The states of whichever chains the settings ask for: [chains, transitions, D].
Tensor states_of(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng,
                 const std::function<Tensor(const Tensor&)>& parameters, ReferencePosterior& posterior) {
  if (settings.by == ReferenceBy::parallel_tempering)
    return tempered_rounds(target, settings, rng, parameters, posterior);
  if (settings.coordinates == ReferenceCoordinates::warmup)
    return warmed_rounds(target, settings, rng, parameters, posterior);
  return whitened_rounds(target, settings, rng, posterior);
}

}  // namespace

ReferencePosterior reference_posterior(const targets::Target& target, const ReferenceSettings& settings,
                                       const Rng& rng,
                                       const std::function<Tensor(const Tensor&)>& parameters) {
  ReferencePosterior posterior;
  Meter meter;
  const targets::MeteredTarget metered(target, meter);
  {
    const Timed timed(posterior.usage, torch::kCPU);
    const Tensor states = states_of(metered, settings, rng, parameters, posterior);
    posterior.draws = evenly(states, settings.draws);
    if (parameters) posterior.parameters = targets::moments_of_chains(along_chains(states, parameters));
  }
  posterior.usage.density = meter.density;
  posterior.usage.score = meter.score;
  posterior.usage.hessian_vector = meter.hessian_vector;
  posterior.usage.data_passes = meter.data_passes;
  posterior.usage.score += target.own_work().scores;
  posterior.usage.failed = target.own_work().failed;
  return posterior;
}

}  // namespace samplerbench::harness
