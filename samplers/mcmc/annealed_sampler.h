#pragma once

#include "samplers/mcmc/noise_ladder.h"

namespace samplerbench::samplers {

struct AnnealedSettings {
  LadderSettings ladder;
  double centre = 0.5;  // mean of the first states, in every coordinate
  double start_sd = 1;  // their standard deviation
  bool denoise = true;  // end with x + sigma_min^2 s(x, sigma_min), the mean of the points before the noise
  int64_t batch = 500;  // chains at once
};

// Chains that anneal from N(centre, start_sd^2 I) down a noise ladder, a fresh one for every draw. All work
// is in draw() and none in step(). Memory holds `batch` chains and the draws.
class AnnealedSampler : public Sampler {
 public:
  // Does nothing and returns no diagnostics.
  Json step(Rng&) final { return Json::object(); }

  // Throws Diverged where a chain is no longer finite.
  Tensor draw(int64_t n, Rng& rng) final;

  // Keeps the ladder alone. load() throws InputError where it is not that of these options.
  void save(Archive& archive) const final { archive.put("ladder", levels()); }
  void load(const Archive& archive) final;

 protected:
  // `target` must outlive the sampler. Throws InputError for an impossible ladder.
  AnnealedSampler(const targets::Target& target, const torch::TensorOptions& placement,
                  const AnnealedSettings& settings);

  // Takes the states x, [n, D] with n at most settings.batch, down the whole ladder in place, outside any
  // graph.
  virtual void anneal(Tensor& x, Rng& rng) = 0;

  // The target blurred by the noise level of `rung`.
  std::unique_ptr<targets::Target> noised(const Rung& rung, Rng& rng) const {
    return target_.noised(torch::tensor(rung.sigma, torch::kDouble), rng);
  }

  const std::vector<Rung>& rungs() const { return rungs_; }

  // A buffer for n chains, [n, D], with n as in anneal().
  Tensor buffer(int64_t n) { return buffer_.narrow(0, 0, n); }

 private:
  Tensor levels() const;  // [K] float64
  void denoise(Tensor& x, Rng& rng) const;

  const targets::Target& target_;
  torch::TensorOptions placement_;
  AnnealedSettings settings_;
  std::vector<Rung> rungs_;
  Tensor buffer_;  // [batch, D], from the first draw on
};

// The options of an annealed sampler; `transitions` is the default of the option of that name.
OptionTable annealed_options(int64_t transitions);
AnnealedSettings annealed_settings(const Options& options);

// Throws InputError for options of an impossible ladder.
void check_annealed(const Options& options);

}  // namespace samplerbench::samplers
