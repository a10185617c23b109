#pragma once

#include <vector>

#include "samplers/mean_of_z.h"
#include "samplers/particle/tempered_particles.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

struct AnnealedParticlesSettings {
  std::vector<double> powers = {};  // inverse temperatures of a pass, ascending to 1; empty: by target_ess
  double target_ess = 0.5;          // effective share of the particles that a new temperature leaves
  bool resample = true;             // at every temperature
  int64_t moves = 5;                // transitions of every particle at a temperature
  TemperedMove move = {};           // what the first one begins with; its power and scale are not read
  double target_accept = 0.8;       // mean acceptance that step sizes aim at
  int64_t history = 50;             // finished passes whose particles are drawn from, the latest
};

// Particles that pass from the starting law r = N(0, start_scale^2 I) to the target q through
// log q_b = (1 - b) log r + b log q, and estimate Z on their way. A step is one temperature: every weight is
// multiplied by exp((b' - b) (log q - log r)), the particles are resampled, and moved at b' by Hamiltonian
// transitions. The step that reaches b = 1 ends a pass; the next one begins another with fresh draws of r.
//   ais  given temperatures, never resampled (Neal 2001, arXiv physics/9803008)
//   smc  resampled at every temperature (Del Moral, Doucet and Jasra 2006, JRSSB 68), the next one being that
//        which leaves a given effective share of the particles (Jasra et al. 2011, Scand. J. Statist. 38)
//
// The first pass finds the temperatures, the step sizes, by the acceptance of the transitions, and the
// diagonal masses, the inverse variances of the particles. Later passes take its ladder as it is: given the
// ladder, their estimates of Z are independent and unbiased. That of the first has a bias of the order 1 / N.
// log Z is the logarithm of the mean of Z over all finished passes. Draws are particles of the latest
// finished passes, chosen by their weights, where a pass weighs as much as its Z; while the first pass lasts,
// they are its particles, by their weights so far.
//
// Scores of a step: moves x leapfrog a particle, and one more where a pass begins.
class AnnealedParticles : public Sampler {
 public:
  // `start` [N, D], draws of r, is copied; `target` must outlive the sampler. Throws InputError where the
  // target is seen through minibatches.
  AnnealedParticles(const targets::Target& target, const Tensor& start, double start_scale,
                    const AnnealedParticlesSettings& settings);

  // Diagnostics: `inverse_temperature` and `ess`, the effective share of the weights there before they are
  // resampled; `accept`, the mean acceptance probability, and `step_size`; `passes`, those finished, and from
  // the first on `log_z` and `log_z_standard_error`. Throws Diverged where the target is 0 at every particle.
  Json step(Rng& rng) override;

  // n particles by systematic resampling, in random order: [n, D].
  Tensor draw(int64_t n, Rng& rng) override;

  std::optional<LogZ> log_z() const override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // What the pass that finished last says by itself; nothing before.
  const std::optional<LogZ>& last_pass() const { return last_pass_; }

  // Finished passes.
  int64_t passes() const { return mean_.count(); }

 private:
  // The logarithm of the factor of a weight where b grows by `growth`; `log_ratio` is log q - log r.
  virtual double log_weight(double growth, double log_ratio) const { return growth * log_ratio; }

  bool first_pass() const { return passes() == 0; }
  void begin_pass(Rng& rng);
  void end_pass();
  void add_rung();

  // b of the rung before the present one.
  double power_before() const { return rung_ == 0 ? 0 : ladder_[rung_ - 1].power; }

  // Takes the weights to the next b, and resamples. Returns their effective share before that.
  double reweight(double growth, Rng& rng);

  // Moves all particles. Returns the mean acceptance probability.
  double move_all(TemperedMove& rung, Rng& rng);

  // What is drawn from, [M, D] and [M]: finished passes, else the first as it is.
  bool keeps_any() const { return !kept_log_weights_.empty(); }
  Tensor pool() const;
  const std::vector<double>& pool_log_weights() const {
    return keeps_any() ? kept_log_weights_ : log_weights_;
  }

  AnnealedParticlesSettings settings_;
  torch::Device device_;  // of draws
  TemperedParticles particles_;
  std::vector<TemperedMove> ladder_;  // of the first pass
  size_t rung_ = 0;                   // the one that the next step takes
  std::vector<double> log_ratios_;    // [N] log q - log r
  std::vector<double> log_weights_;   // [N] since the particles were resampled
  Tensor parents_;                    // [N] int64
  double log_z_ = 0;                  // of this pass, by the weights that were resampled
  double variance_ = 0;               // of that Z, over its square
  std::optional<LogZ> last_pass_;
  MeanOfZ mean_;
  Tensor kept_;                           // [M, D] room for the particles of finished passes
  std::vector<double> kept_log_weights_;  // of those that are there
};

void add_ais(SamplerRegistry& registry);
void add_smc(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
