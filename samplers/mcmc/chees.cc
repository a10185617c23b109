#include "samplers/mcmc/chees.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace samplerbench::samplers {
namespace {

constexpr double kLeastWeight = 1e-4;     // of a chain: a proposal less likely to be accepted tells nothing
constexpr double kLongestWay = 1000;      // T in leapfrog steps
constexpr double kLengthRate = 0.025;     // learning rate of log T
constexpr double kLengthMemory = 0.95;    // of the mean square of slopes
constexpr double kLengthEpsilon = 1e-20;  // beside the root of that: small beside any slope

// The mean of x / scale over the rows of x, [C, D], by their weights [C], which sum to `total`: [D]. Rows
// without weight are not read.
template <class T>
std::vector<double> weighted_centre(const Tensor& x, const T* scale, const std::vector<double>& weights,
                                    double total) {
  std::vector<double> centre(static_cast<size_t>(x.size(1)));
  const T* row = x.data_ptr<T>();
  for (const double weight : weights) {
    if (weight > 0)
      for (size_t k = 0; k < centre.size(); ++k) centre[k] += weight / total * row[k];
    row += centre.size();
  }
  for (size_t k = 0; k < centre.size(); ++k) centre[k] /= scale[k];
  return centre;
}

template <class T>
double weighted_slope(const CheesMoves& moves) {
  std::vector<double> weights = moves.acceptance;
  for (double& weight : weights)
    if (!(weight > kLeastWeight)) weight = 0;
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (total == 0) return 0;
  const T* scale = moves.scale.data_ptr<T>();
  const std::vector<double> equal(weights.size(), 1.0);
  const std::vector<double> before =
      weighted_centre(moves.start, scale, equal, static_cast<double>(equal.size()));
  const std::vector<double> after = weighted_centre(moves.end, scale, weights, total);
  const T *start = moves.start.data_ptr<T>(), *end = moves.end.data_ptr<T>(),
          *velocity = moves.velocity.data_ptr<T>();
  double sum = 0;
  for (const double weight : weights) {
    double growth = 0, along = 0;
    for (size_t k = 0; k < before.size(); ++k) {
      const double from = *start++ / scale[k] - before[k], to = *end++ / scale[k] - after[k];
      growth += (to - from) * (to + from);
      along += to * *velocity++;
    }
    const double term = weight / total * growth * along;
    if (std::isfinite(term)) sum += term;
  }
  return sum;
}

}  // namespace

double chees_slope(const CheesMoves& moves) {
  return with_numbers_of(moves.start, [&](auto zero) { return weighted_slope<decltype(zero)>(moves); });
}

double harmonic_mean(const std::vector<double>& numbers) {
  double inverses = 0;
  for (const double number : numbers) {
    if (number == 0) return 0;
    inverses += 1 / number;
  }
  return static_cast<double>(numbers.size()) / inverses;
}

double van_der_corput(int64_t index) {
  double number = 0, digit = 0.5;
  for (; index > 0; index /= 2, digit /= 2) number += digit * static_cast<double>(index % 2);
  return number;
}

TrajectoryLengthSearch::TrajectoryLengthSearch(double length)
    : length_(length),
      averaged_(length),
      log_length_(torch::full({1}, std::log(length), torch::kDouble)),
      ascent_(log_length_, {.learning_rate = kLengthRate,
                            .beta1 = 0,
                            .beta2 = kLengthMemory,
                            .epsilon = kLengthEpsilon}) {}

void TrajectoryLengthSearch::update(double slope, double longest) {
  ascent_.gradient().fill_(-slope);
  ascent_.update(log_length_, /*rate=*/1, /*norm=*/std::abs(slope));
  log_length_.clamp_max_(std::log(longest));
  length_ = std::exp(log_length_.item<double>());
  averaged_ *= std::pow(length_ / averaged_, 1 / std::sqrt(static_cast<double>(ascent_.updates())));
}

Chees::Chees(const targets::Target& target, const Tensor& start, const CheesSettings& settings)
    : Hmc(target, start, {.metropolis = settings.metropolis, .scaling = settings.scaling}),
      length_search_(settings.metropolis.step_size * static_cast<double>(settings.leapfrog)) {}

double Chees::length() const {
  return transitions() < warmup() ? length_search_.length() : length_search_.averaged();
}

int64_t Chees::plan_steps(Rng&, Tensor& sizes) {
  sizes.fill_(step_size());
  time_ = van_der_corput(transitions() + 1) * length();
  const double steps = std::ceil(time_ / step_size());  // not a number where both have shrunk to 0
  return steps > 1 ? static_cast<int64_t>(std::min(steps, kLongestWay)) : 1;
}

void Chees::propose(Rng& rng, Proposal& proposal) {
  Hmc::propose(rng, proposal);
  if (transitions() >= warmup()) return;
  std::vector<double> acceptance;
  acceptance.reserve(proposal.log_ratio.size());
  for (const double ratio : proposal.log_ratio) acceptance.push_back(acceptance_probability(ratio));
  accepted_ = harmonic_mean(acceptance);
  slope_ = time_ * slope({.scale = scale(),
                          .start = state_,
                          .end = proposal.state,
                          .velocity = end_momentum(),
                          .acceptance = std::move(acceptance)});
}

void Chees::adapt(double) {
  length_search_.update(slope_, kLongestWay * step_size());
  const Tensor before = scale();
  Hmc::adapt(accepted_);
  if (scale().is_same(before)) return;
  const double shortened = (before.norm() / scale().norm()).item<double>();
  length_search_ = TrajectoryLengthSearch(shortened * length_search_.length());
}

void add_chees(SamplerRegistry& registry) {
  registry.add(
      {.name = "chees",
       .summary = "Hamiltonian Monte Carlo chains that share one adapted trajectory length and diagonal mass",
       .citation = "Hoffman, Radul and Sountsov (2021), PMLR 130; the diagonal mass is this suite's own",
       .facts = {"ChEES-HMC", DrawsAre::chains},
       .options = {chains_option().at_least(2), history_option(),
                   Option::real("step_size", 0.1, "leapfrog step size; where adaptation begins").above(0),
                   Option::integer("leapfrog", 10,
                                   "leapfrog steps of the longest trajectory; where adaptation begins")
                       .at_least(1)
                       .at_most(kLongestWay),
                   Option::real("target_accept", 0.651,
                                "harmonic mean of the chains' acceptance that adaptation aims at")
                       .above(0)
                       .at_most(0.999)
                       .unless("warmup", 0),
                   Option::flag("scaling", true, "coordinates are scaled by their standard deviations")
                       .unless("warmup", 0),
                   Option::integer("warmup", 500,
                                   "transitions that adapt step size, length and mass; 0 keeps them fixed")
                       .at_least(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         return std::make_unique<Chees>(
             input.target, input.start(options.integer("chains")),
             CheesSettings{.metropolis = {.step_size = options.real("step_size"),
                                          .target_accept = options.real("target_accept"),
                                          .warmup = options.integer("warmup"),
                                          .history = options.integer("history")},
                           .leapfrog = options.integer("leapfrog"),
                           .scaling = options.flag("scaling")});
       }});
}

}  // namespace samplerbench::samplers
