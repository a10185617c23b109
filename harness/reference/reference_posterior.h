#pragma once

#include <functional>
#include <optional>

#include "core/rng.h"
#include "core/usage.h"
#include "harness/records/reference_settings.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// What long runs say of a target whose truth no formula gives.
struct ReferencePosterior {
  Tensor draws;              // [draws, D] float64, evenly chosen from the last round's states of all chains
  targets::Moments moments;  // from all these states, with Monte Carlo standard errors
  std::optional<targets::Moments> parameters;  // the same of the model's parameters, where these are asked
  double rhat = 0;           // rank-normalised split R-hat, plain and folded; like all of these the worst
  double ess_bulk = 0;       // effective sample sizes: of rank-normalised states,
  double ess_tail = 0;       // of the 5 % and 95 % quantiles,
  double ess_spread = 0;     // and of squared distances from the mean
  int64_t transitions = 0;   // of each chain in the last round
  int64_t divergences = 0;   // trajectories given up in the last round
  double round_trips = 0;    // a ladder in the last round, of the independent run with the fewest
  double accept = 0;         // mean acceptance in the last round
  int64_t newton_steps = 0;  // to the mode, where one is sought
  Usage usage;               // all work, warm-up and mode included
};

// Long runs in float64 on the CPU: rounds, each twice as long as the one before and without its states, until
// the worst coordinate has an R-hat below the one asked and effective sample sizes, of location and of
// spread, of at least the one asked.
//
// By NUTS, on the target in whitened coordinates (its Laplace approximation made standard normal), from
// points drawn from N(0, 2^2 I) there. Meant for posteriors with one mode: no chain begins near others that
// lie far off, and R-hat cannot miss them. A chain that cannot leave its start in the first round begins anew
// nearer the mode, and the others with it.
//
// By NUTS in coordinates of the warm-up, for hierarchical models whose density has no mode, or none near the
// mass: chains from N(0, start_scale^2 I) find their coordinates themselves, see warm_start(). R-hat and
// effective sample sizes are those of the log density and of all parameters that vary too. Meant for one
// region of mass: R-hat shows another only where some chain has gone there, and only divergences show the
// neck of a funnel that no chain enters.
//
// By parallel tempering, for targets with several modes: independent runs, each with its own start and its
// own ladder from N(0, start_scale^2 I). R-hat and effective sample sizes are those of the chains of all
// runs, in every coordinate, in the log density and in all parameters that vary; and every run must have made
// the round trips that are asked, each of which brings a fresh draw of the ladder's first law to the target.
// What no ladder has found is missed.
//
// `parameters`, of points [n, D] -> [n, P] float64, asks for their moments over the same states, with errors
// by batch means. Other Monte Carlo standard errors are those of Vehtari et al. 2021 (arXiv 1903.08008) and
// of the R package posterior. Throws InputError where NUTS needs a Laplace approximation and there is none,
// what warm_start() throws where it needs that, and std::runtime_error with the figures where the rounds do
// not suffice.
ReferencePosterior reference_posterior(const targets::Target& target, const ReferenceSettings& settings,
                                       const Rng& rng,
                                       const std::function<Tensor(const Tensor&)>& parameters = {});

}  // namespace samplerbench::harness
