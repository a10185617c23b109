#include "targets/planar/entries.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <numbers>

#include "targets/planar/gaussian_mixture.h"

namespace samplerbench::targets {
namespace {

// (rand({40, 2}) - 0.5) * 80 in float32 as after manual_seed(0), from a generator of its own: [40, 2].
Tensor published_means() {
  const at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(0);
  return ((torch::rand({40, 2}, generator, torch::kFloat) - 0.5) * 80).to(torch::kDouble);
}

EqualMixture gmm40() {
  const double softplus_of_one = std::log1p(std::numbers::e);
  return {published_means(), softplus_of_one};
}

Problem make_gmm40(const ProblemInput&) { return gaussian_mixture(gmm40()); }

Definition define_gmm40(const Options&) { return definition_of(gmm40()); }

}  // namespace

void add_gmm40(TargetRegistry& registry) {
  registry.add(
      {.name = "gmm40",
       .summary = "40 equal Gaussians scattered over a wide square",
       .citation = "Midgley et al. 2023, Flow Annealed Importance Sampling Bootstrap (arXiv 2208.01893)",
       .facts = {ExactDraws::known, define_gmm40},
       .make = make_gmm40});
}

}  // namespace samplerbench::targets
