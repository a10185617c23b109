#pragma once

#include "samplers/particle/median_distance.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Stein variational gradient descent (Liu and Wang 2016, arXiv 1608.04471): particles move along
// phi(x_i) = 1/n sum_j k(x_j, x_i) s(x_j) + grad_{x_j} k(x_j, x_i) with k = exp(-|x - y|^2 / h),
// h = med^2 / log(n + 1), med the median distance of two particles (the diagonal left out), by the AdaGrad
// with momentum of the authors' code. One particle alone climbs the log density. One score a step.
class Svgd : public Sampler {
 public:
  // `start` [n, D] is copied; `target` must outlive the sampler.
  Svgd(const targets::Target& target, const Tensor& start, double step_size);

  // Diagnostics: `bandwidth`, the h of this step. Throws Diverged where a particle is not finite.
  Json step(Rng& rng) override;

  // n particles, chosen by even_choice(): [n, D].
  Tensor draw(int64_t n, Rng& rng) override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // The present particles: [n, D].
  const Tensor& particles() const { return particles_; }

 private:
  double update_kernel();
  void update_direction(double bandwidth);
  void move();

  const targets::Target& target_;
  double step_size_;
  Tensor particles_;     // [n, D]
  Tensor direction_;     // [n, D] phi
  Tensor mean_square_;   // [n, D] running mean of phi^2; undefined before the first step
  Tensor left_, right_;  // [n, D + 2] whose product left right' is the squared distances
  Tensor kernel_;        // [n, n]
  Tensor columns_;       // [n, 2 D + 1] scores, particles and ones
  Tensor sums_;          // [n, 2 D + 1] kernel times columns
  MedianDistance median_;
};

void add_svgd(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
