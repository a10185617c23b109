#include "targets/diffusion/rare_mode.h"

#include <cmath>

namespace samplerbench::targets {
namespace {

NormalPair rare_mode_of(const Options& options) {
  return rare_mode(options.real("eta"), options.real("distance"), options.real("scale"));
}

Problem make_rare_mode(const ProblemInput& input) { return normal_pair(rare_mode_of(input.options)); }

Definition define_rare_mode(const Options& options) {
  return {.density =
              "log q(x) = log((1 - eta) exp(-x^2 / (2 s^2)) + eta exp(-(x + R)^2 / (2 s^2))) "
              "- log(2 pi s^2) / 2",
          .constants = {{"eta", options.real("eta")},
                        {"R", options.real("distance")},
                        {"s", options.real("scale")}},
          .modes = "two, near 0 with weight 1 - eta and near -R with weight eta"};
}

}  // namespace

NormalPair rare_mode(double eta, double distance, double scale) {
  return {
      .first_mean = 0, .second_mean = -distance, .log_odds = std::log(eta) - std::log1p(-eta), .sd = scale};
}

void add_rare_mode(TargetRegistry& registry) {
  registry.add({.name = "rare-mode",
                .summary = "a normal law on the line and a far mode of little mass",
                .citation = "Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745, lemma 4.1",
                .facts = {ExactDraws::known, define_rare_mode},
                .options = {Option::real("eta", 0.001, "mass of the far mode").above(0).below(1),
                            Option::real("distance", 10000, "R, from the near mode at 0 to the far one at -R")
                                .above(0),
                            Option::real("scale", 1, "s, standard deviation of each mode").above(0)},
                .make = make_rare_mode});
}

}  // namespace samplerbench::targets
