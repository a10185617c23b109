#include "samplers/start.h"

namespace samplerbench::samplers {

Start::Start(const SamplerInput& input)
    : dim_(input.target.dim()), scale_(torch::full({1}, input.start_scale, input.placement)) {}

Tensor Start::draw(int64_t n, Rng& rng) { return scale_ * rng.normal({n, dim_}, scale_.options()); }

void Start::save(Archive& archive) const { archive.put("scale", scale_.clone()); }

void Start::load(const Archive& archive) { archive.restore("scale", scale_); }

void add_start(SamplerRegistry& registry) {
  registry.add({.name = "start",
                .summary = "the law that chains start from, without any work: what every sampler must beat",
                .citation = "a choice of this suite",
                .facts = {"Start", DrawsAre::start},
                .options = {},
                .make = [](const SamplerInput& input) { return std::make_unique<Start>(input); }});
}

}  // namespace samplerbench::samplers
