#include "targets/diffusion/score_decoy.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "core/named.h"

namespace samplerbench::targets {
namespace {

const std::vector<std::string> kDecoyThresholds{"corrected", "printed"};

NormalPair score_decoy_of(const Options& options) {
  return score_decoy(named<DecoyThreshold>("threshold", kDecoyThresholds, options.text("threshold")),
                     options.integer("samples"), options.real("distance"), options.real("scale"));
}

Problem make_score_decoy(const ProblemInput& input) { return normal_pair(score_decoy_of(input.options)); }

Definition define_score_decoy(const Options& options) {
  return {.density =
              "log q(x) = log(exp(-x^2 / (2 s^2)) + e^L exp(-(x - S)^2 / (2 s^2))) - log(1 + e^L) "
              "- log(2 pi s^2) / 2",
          .constants = {{"L", score_decoy_of(options).log_odds},
                        {"S", options.real("distance")},
                        {"s", options.real("scale")}},
          .modes = "near S, which has all of the mass but 1 / (1 + e^L)"};
}

}  // namespace

double threshold_of(DecoyThreshold threshold, int64_t samples) {
  const double log_samples = std::log(static_cast<double>(samples));
  return threshold == DecoyThreshold::corrected ? std::sqrt(2 * log_samples) : 10 * std::sqrt(log_samples);
}

double decoy_log_odds(double threshold, double distance, double scale) {
  const double tau = threshold * scale;
  if (!(tau < distance))
    throw InputError(
        fmt::format("option 'distance' = {} is not valid: it must be above the threshold {}", distance, tau));
  return std::log(tau / (distance - tau)) + distance * (distance - 2 * tau) / (2 * scale * scale);
}

NormalPair score_decoy(DecoyThreshold threshold, int64_t samples, double distance, double scale) {
  return {.first_mean = 0,
          .second_mean = distance,
          .log_odds = decoy_log_odds(threshold_of(threshold, samples), distance, scale),
          .sd = scale};
}

void add_score_decoy(TargetRegistry& registry) {
  registry.add(
      {.name = "score-decoy",
       .summary = "a law whose score few draws of a normal law tell from their own; threshold corrected",
       .citation = "Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745, lemma 4.2, corrected",
       .facts = {ExactDraws::known, define_score_decoy},
       .options =
           {Option::integer("samples", 1000, "m, draws that do not tell it from N(0, s^2)").at_least(2),
            Option::real("distance", 100, "S, where its mass is").above(0).at_most(1e5),
            Option::real("scale", 1, "s, standard deviation of both laws").above(0),
            Option::choice("threshold", "corrected", kDecoyThresholds,
                           "score 0 at s sqrt(2 log m), ours, or at 10 s sqrt(log m), as printed")},
       .make = make_score_decoy});
}

}  // namespace samplerbench::targets
