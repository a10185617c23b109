#include "samplers/learners/rival.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "samplers/exact_samples.h"
#include "targets/diffusion/score_decoy.h"

namespace samplerbench::samplers {
namespace {

class MirroredRival : public Rival {
 public:
  explicit MirroredRival(const targets::Reference& reference) : reference_(reference) {}

  Tensor score(const LawAtTime& truth, const Tensor& x) const override { return truth.law.score(-x).neg(); }

  Tensor draws(const Tensor& exact, Rng&) const override { return -exact; }

  Tensor telling(const LawAtTime&, const Tensor& clean, const Tensor&) const override {
    return is_rare(reference_, clean);
  }

  std::optional<double> telling_mass() const override {
    if (!reference_.modes) return std::nullopt;
    return reference_.modes->weights.min().item<double>();
  }

  targets::Strata points(const LawAtTime& truth, int64_t n, Rng& rng) const override {
    const targets::Strata clean = targets::exact_strata(reference_, n, rng);
    return {diffused_points(clean.points, truth.time, rng), clean.weights};
  }

 private:
  targets::Reference reference_;
};

class ShiftedRival : public Rival {
 public:
  ShiftedRival(const targets::Reference& reference, const LawAtTime& truth, int64_t samples, double distance);

  // With r the share of the second part at x: (1 - r) s(x) + r s(x - S u).
  Tensor score(const LawAtTime& truth, const Tensor& x) const override {
    const Tensor own = truth.law.score(x), other = truth.law.score(x - shift_at(truth.time, x));
    return own + logit(truth, x).sigmoid_().unsqueeze(1) * (other - own);
  }

  Tensor draws(const Tensor& exact, Rng& rng) const override {
    const double second = 1 / (1 + std::exp(-log_odds_));
    const Tensor moved = (rng.uniform({exact.size(0), 1}, exact.options()) < second).to(exact.options());
    return exact + moved * shift_at(0, exact);
  }

  Tensor telling(const LawAtTime& truth, const Tensor&, const Tensor& x) const override {
    return logit(truth, x) > logit_at_threshold_;
  }

  std::optional<double> telling_mass() const override { return std::nullopt; }

  // q_t and q_t moved to the threshold, half of the points each, weighted by q_t over the mixture.
  targets::Strata points(const LawAtTime& truth, int64_t n, Rng& rng) const override {
    const Tensor x = diffused_points(exact_draws_(2 * n, rng), truth.time, rng);
    const Tensor move = along_first(threshold_, x);
    x.slice(0, n).add_(move);
    const Tensor ratio = (truth.law.log_density(x - move) - truth.law.log_density(x)).exp_();
    return {x, 2 / (1 + ratio) / static_cast<double>(2 * n)};
  }

 private:
  static Tensor along_first(double length, const Tensor& like) {
    Tensor move = torch::zeros({1, like.size(1)}, like.options());
    move.select(1, 0).fill_(length);
    return move;
  }

  // The forward process brings a shift of S e^(t - s) at time s to S at the time t of the choice: [1, D].
  Tensor shift_at(double time, const Tensor& like) const {
    return along_first(distance_ * std::exp(time_ - time), like);
  }

  // log(r / (1 - r)) at x: [N].
  Tensor logit(const LawAtTime& truth, const Tensor& x) const {
    return truth.law.log_density(x - shift_at(truth.time, x)) - truth.law.log_density(x) + log_odds_;
  }

  std::function<Tensor(int64_t, Rng&)> exact_draws_;
  double time_, distance_, threshold_;
  double log_odds_ = 0;            // log(w2 / w1)
  double logit_at_threshold_ = 0;  // of r, which makes the score 0
};

ShiftedRival::ShiftedRival(const targets::Reference& reference, const LawAtTime& truth, int64_t samples,
                           double distance)
    : exact_draws_(reference.exact_draws), time_(truth.time), distance_(distance) {
  if (!reference.moments)
    throw InputError("option 'instance' = second needs a target whose standard deviations are known");
  const double sd = reference.moments->sd[0].item<double>(), shrunk = std::exp(-2 * time_);
  threshold_ = targets::threshold_of(targets::DecoyThreshold::corrected, samples) *
               std::sqrt(shrunk * sd * sd + 1 - shrunk);
  const Tensor here = along_first(threshold_, reference.moments->mean.unsqueeze(0)),
               there = here - shift_at(time_, here);
  const double own = truth.law.score(here)[0][0].item<double>(),
               other = truth.law.score(there)[0][0].item<double>();
  const double share = own / (own - other);  // (1 - r) own + r other = 0
  if (!(share > 0 && share < 1))
    throw InputError(
        fmt::format("option 'distance' = {} is not valid: from the threshold {} on the first axis it "
                    "must lead beyond the middle of the target",
                    distance, threshold_));
  logit_at_threshold_ = std::log(share) - std::log1p(-share);
  log_odds_ = logit_at_threshold_ - logit(truth, here).item<double>();
}

}  // namespace

Tensor diffused_points(const Tensor& clean, double time, Rng& rng) {
  const double noise = std::sqrt(-std::expm1(-2 * time));
  return (clean * std::exp(-time)).add_(rng.normal(clean.sizes(), clean.options()), noise);
}

std::unique_ptr<Rival> mirrored_rival(const targets::Reference& reference) {
  return std::make_unique<MirroredRival>(reference);
}

std::unique_ptr<Rival> shifted_rival(const targets::Reference& reference, const LawAtTime& truth,
                                     int64_t samples, double distance) {
  return std::make_unique<ShiftedRival>(reference, truth, samples, distance);
}

}  // namespace samplerbench::samplers
