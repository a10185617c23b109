#pragma once

#include <optional>

#include "samplers/sampler.h"
#include "targets/affine_map.h"
#include "targets/fisher_fit.h"

namespace samplerbench::samplers {

// A sampler whose draws are of a normal law N(mean, L L'), x = mean + L z with z ~ N(0, I). Its log density
// is exact. What it fits the law by is its step.
class NormalLaw : public Sampler {
 public:
  // Before the first step: N(0, start_scale^2 I).
  explicit NormalLaw(const SamplerInput& input);

  Tensor draw(int64_t n, Rng& rng) override;
  LogDensity log_density() const override;
  LawScore law_score() const override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  const targets::AffineMap& law() const { return law_; }
  void set_law(targets::AffineMap law) { law_ = std::move(law); }

 private:
  torch::TensorOptions placement_;
  targets::AffineMap law_;
};

// The normal law that minimises the Fisher divergence between the scores of the target and its own, fitted
// round by round from independent points of the law before. A step is one round, and takes `points` scores.
// What affine coordinates `fisher` are fitted by: a yardstick for every sampler that works in them.
class GaussianFisher : public NormalLaw {
 public:
  explicit GaussianFisher(const SamplerInput& input);

  // Diagnostics: `shift`, how far the mean moved in units of the law before. Throws Diverged where the score
  // is finite at less than half of the points.
  Json step(Rng& rng) override;

 private:
  const targets::Target& target_;
  targets::FisherFitSettings settings_;
};

// Laplace's approximation: the normal law that has the density's mode and its curvature there. The first step
// is the whole search for the mode, from the origin; later steps look at the score there, once each.
class Laplace : public NormalLaw {
 public:
  explicit Laplace(const SamplerInput& input) : NormalLaw(input), target_(input.target) {}

  // Diagnostics: `newton_steps`, and `score`, the length of the score at the mode. Throws InputError where
  // there is no mode, or the density is flat there in some direction.
  Json step(Rng& rng) override;

 private:
  const targets::Target& target_;
  std::optional<int64_t> newton_steps_;  // of the search; none before it
};

// gaussian-fisher and laplace
void add_normal_laws(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
