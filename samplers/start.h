#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// The law that chains and particles start from, as it is: N(0, start_scale^2 I). Steps do nothing. What ends
// no nearer to a target than these draws has gained nothing from its work.
class Start : public Sampler {
 public:
  explicit Start(const SamplerInput& input);

  // Does no work. Returns no diagnostics.
  Json step(Rng&) override { return Json::object(); }

  // n independent draws of the starting law: [n, D].
  Tensor draw(int64_t n, Rng& rng) override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  int64_t dim_;
  Tensor scale_;  // [1], the standard deviation of every coordinate
};

void add_start(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
