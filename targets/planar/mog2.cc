#include "targets/planar/entries.h"

#include <numbers>

#include "targets/planar/gaussian_mixture.h"

namespace samplerbench::targets {
namespace {

EqualMixture two_gaussians(double separation, double sd) {
  return {torch::tensor({-separation / 2, 0.0, separation / 2, 0.0}, torch::kDouble).view({2, 2}), sd};
}

EqualMixture mog2(const Options& options) {
  return two_gaussians(options.real("separation"), 1 / std::numbers::sqrt2);
}

EqualMixture mog2_far() { return two_gaussians(10, 0.5); }

Problem make_mog2(const ProblemInput& input) { return gaussian_mixture(mog2(input.options)); }

Problem make_mog2_far(const ProblemInput&) { return gaussian_mixture(mog2_far()); }

Definition define_mog2(const Options& options) { return definition_of(mog2(options)); }

Definition define_mog2_far(const Options&) { return definition_of(mog2_far()); }

}  // namespace

void add_mog2(TargetRegistry& registry) {
  registry.add({.name = "mog2",
                .summary = "two equal Gaussians of variance 1/2",
                .citation = "a choice of this suite",
                .facts = {ExactDraws::known, define_mog2},
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
                .facts = {ExactDraws::known, define_mog2_far},
                .make = make_mog2_far});
}

}  // namespace samplerbench::targets
