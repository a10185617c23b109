#include "samplers/neural/sliced_wasserstein_oracle.h"

#include "samplers/exact_samples.h"

namespace samplerbench::samplers {
namespace {

class SlicedWassersteinOracle : public GeneratorSampler {
 public:
  explicit SlicedWassersteinOracle(const SamplerInput& input)
      : GeneratorSampler(input),
        projections_(input.options.integer("projections")),
        exact_draws_(draws_to_learn_from(input, "sliced-wasserstein-oracle")) {}

 protected:
  Tensor loss(const Tensor& x0, Rng& rng) override {
    const Tensor exact = exact_draws_(x0.size(0), rng).to(placement());
    const Tensor normals = rng.normal({projections_, x0.size(1)}, placement());
    return sliced_wasserstein_loss(x0, exact, normals / normals.norm(2, 1, true));
  }

 private:
  int64_t projections_;
  std::function<Tensor(int64_t, Rng&)> exact_draws_;
};

OptionTable options() {
  return generator_options(
      grouped("sliced Wasserstein distance",
              {Option::integer("projections", 64, "random directions a step").at_least(1)}));
}

}  // namespace

Tensor sliced_wasserstein_loss(const Tensor& x, const Tensor& y, const Tensor& directions) {
  const Tensor here = std::get<0>(directions.mm(x.t()).sort(1)),
               there = std::get<0>(directions.mm(y.t()).sort(1));
  return (here - there).square().mean();
}

void add_sliced_wasserstein_oracle(SamplerRegistry& registry) {
  registry.add(
      {.name = "sliced-wasserstein-oracle",
       .summary = "an upper reference: the neural samplers' generator, trained on exact draws",
       .citation = "Bonneel, Rabin, Peyre and Pfister 2015, doi 10.1007/s10851-014-0506-3",
       .facts = {"Sliced Wasserstein", DrawsAre::trained, Information::draws},
       .options = options(),
       .make = [](const SamplerInput& input) { return std::make_unique<SlicedWassersteinOracle>(input); }});
}

}  // namespace samplerbench::samplers
