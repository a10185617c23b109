#pragma once

#include "samplers/sampler.h"
#include "targets/affine_map.h"

namespace samplerbench::samplers {

// A sampler that works in coordinates z with x = mean + L z, seen from outside in the coordinates x: its
// draws, the states of its chains, its log density, its score, its log Z and the weights of its paths are
// mapped back. Its diagnostics are those of its own coordinates, and its score model is not shown, since
// noise that is isotropic in z is not so in x.
class AffineSampler : public Sampler {
 public:
  // `inner` has the target of an AffineTarget of the same map.
  AffineSampler(std::unique_ptr<Sampler> inner, const targets::AffineMap& map);

  Json step(Rng& rng) override { return inner_->step(rng); }
  Tensor draw(int64_t n, Rng& rng) override { return map_.points_at(inner_->draw(n, rng)); }
  std::optional<Tensor> chains() const override;
  LogDensity log_density() const override;
  LawScore law_score() const override;
  std::optional<LogZ> log_z() const override;
  std::optional<PathWeights> path_weights() const override;
  void save(Archive& archive) const override;

  // The map comes from the archive too.
  void load(const Archive& archive) override;

 private:
  std::unique_ptr<Sampler> inner_;
  targets::AffineMap map_;
};

}  // namespace samplerbench::samplers
