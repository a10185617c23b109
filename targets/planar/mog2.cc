#include "targets/planar/mog2.h"

#include <numbers>

#include "targets/planar/gaussian_mixture.h"

namespace samplerbench::targets {
namespace {

Problem two_gaussians(double separation, double sd) {
  const Tensor means =
      torch::tensor({-separation / 2, 0.0, separation / 2, 0.0}, torch::kDouble).view({2, 2});
  return gaussian_mixture(means, torch::full({2}, 0.5, torch::kDouble), sd);
}

Problem make_mog2(const ProblemInput& input) {
  return two_gaussians(input.options.real("separation"), 1 / std::numbers::sqrt2);
}

Problem make_mog2_far(const ProblemInput&) { return two_gaussians(10, 0.5); }

}  // namespace

void add_mog2(TargetRegistry& registry) {
  registry.add({.name = "mog2",
                .summary = "two equal Gaussians of variance 1/2",
                .citation = "a choice of this suite",
                .facts = ExactDraws::known,
                .options = {Option::real("separation", 4,
                                         "distance between the two means, (-separation/2, 0) and "
                                         "(separation/2, 0)")
                                .above(0)},
                .make = make_mog2});
}

void add_mog2_far(TargetRegistry& registry) {
  registry.add({.name = "mog2-far",
                .summary = "two equal Gaussians 20 standard deviations apart",
                .citation = "a public benchmark target called mog2: means (+-5, 0), standard deviation 0.5",
                .facts = ExactDraws::known,
                .make = make_mog2_far});
}

}  // namespace samplerbench::targets
