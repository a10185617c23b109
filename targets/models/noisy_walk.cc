#include "targets/models/noisy_walk.h"

#include <cmath>
#include <numbers>

namespace samplerbench::targets {

NoisyWalk::NoisyWalk(const Tensor& observations, const Tensor& steps, const Tensor& noise)
    : steps_(steps), log_evidence_(torch::zeros_like(steps)) {
  Tensor mean = torch::zeros_like(steps), variance = torch::zeros_like(steps);
  const auto y = observations.accessor<double, 1>();
  for (int64_t t = 0; t < y.size(0); ++t) {
    variance = variance + steps;
    if (!std::isnan(y[t])) {
      const Tensor total = variance + noise, surprise = mean.neg().add_(y[t]);
      log_evidence_ =
          log_evidence_ - ((total * (2 * std::numbers::pi)).log() + surprise.square() / total) / 2;
      mean = mean + surprise * variance / total;
      variance = variance * noise / total;
    }
    means_.push_back(mean);
    variances_.push_back(variance);
  }
}

std::pair<Tensor, Tensor> NoisyWalk::marginals() const {
  std::vector<Tensor> means = means_, variances = variances_;
  for (size_t t = means.size() - 1; t-- > 0;) {
    const Tensor gained = gain(t);
    means[t] = means_[t] + gained * (means[t + 1] - means_[t]);
    variances[t] = gained * steps_ + gained.square() * variances[t + 1];
  }
  return {torch::stack(means, 1), torch::stack(variances, 1)};
}

Tensor NoisyWalk::draw(Rng& rng) const {
  const auto normals = [&] { return rng.normal(steps_.sizes(), torch::kDouble); };
  std::vector<Tensor> path = means_;
  path.back() = means_.back() + variances_.back().sqrt() * normals();
  for (size_t t = path.size() - 1; t-- > 0;) {
    const Tensor gained = gain(t);
    path[t] = means_[t] + gained * (path[t + 1] - means_[t]) + (gained * steps_).sqrt() * normals();
  }
  return torch::stack(path, 1);
}

}  // namespace samplerbench::targets
