#include <fmt/format.h>

#include "metrics/entries.h"
#include "metrics/requirements.h"
#include "targets/strata.h"

namespace samplerbench::metrics {
namespace {

// q * N(0, sigma^2 I) at the noise of the sampler's score model; null where it has no closed form.
std::unique_ptr<targets::Target> noised_target(const Evidence& evidence) {
  return evidence.problem.target->noised_exactly(torch::tensor(evidence.score_model->sigma, torch::kDouble));
}

// The distance of a learnt score from the true one, at noised exact draws of each mode.
class ScoreByStrata : public Metric {
 public:
  explicit ScoreByStrata(int64_t points) : points_(points) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    if (!evidence.score_model) return "needs a trained model of the score";
    if (!evidence.problem.reference.exact_draws) return "needs exact draws";
    if (!noised_target(evidence)) return "needs the noised score of the target in closed form";
    return std::nullopt;
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    torch::NoGradGuard no_grad;
    const ScoreModel& model = *evidence.score_model;
    const targets::Strata clean = targets::exact_strata(evidence.problem.reference, points_, rng);
    const Tensor x = clean.points + model.sigma * rng.normal(clean.points.sizes(), clean.points.options());
    const Tensor learnt = model.score(x);
    require_finite(learnt, "scores of the sampler's model");
    const Tensor apart = (learnt - noised_target(evidence)->value_and_score(x).score).norm(2, 1);
    return model.sigma * summary_of(apart, clean);
  }

  std::string convention() const override {
    return fmt::format(
        "{} of sigma |s - s_q|: s is the sampler's model of the score of noised draws, s_q the score of the "
        "target noised alike, sigma the model's narrowest noise, or that of its time in a forward process, "
        "where sigma_t |s_t - s_q,t| is the same number; at {} noised exact draws of each mode, weighted by "
        "the mode's mass, or of the whole target where no modes are known",
        what(), points_);
  }

  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }

 protected:
  virtual double summary_of(const Tensor& apart, const targets::Strata& at) const = 0;
  virtual std::string what() const = 0;

 private:
  int64_t points_;
};

class ScoreL2 : public ScoreByStrata {
 public:
  explicit ScoreL2(const Options& options) : ScoreByStrata(options.integer("points")) {}

 protected:
  double summary_of(const Tensor& apart, const targets::Strata& at) const override {
    return root_of_square(at.mean(apart.square()));
  }
  std::string what() const override { return "root mean square"; }
};

class ScoreQuantile : public ScoreByStrata {
 public:
  explicit ScoreQuantile(const Options& options)
      : ScoreByStrata(options.integer("points")), delta_(options.real("delta")) {}

 protected:
  double summary_of(const Tensor& apart, const targets::Strata& at) const override {
    return at.upper_quantile(apart, delta_);
  }
  std::string what() const override {
    return fmt::format("the quantile that {} of the mass is above", delta_);
  }

 private:
  double delta_;
};

const char* const kSampleComplexity = "Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745, equation 6";

Option strata_points() {
  return Option::integer("points", 2000, "exact draws of each mode").at_least(1).at_most(1e7);
}

}  // namespace

void add_score_by_strata(MetricRegistry& registry) {
  registry.add({.name = "score_l2",
                .summary = "error of a learnt score in root mean square, modes of any mass seen alike",
                .citation = kSampleComplexity,
                .facts = {.display = "Score error (L2)", .needs_density = true},
                .options = {strata_points()},
                .make = [](const MetricInput& input) { return std::make_unique<ScoreL2>(input.options); }});
  registry.add(
      {.name = "score_quantile",
       .summary = "error of a learnt score that is exceeded with a small probability alone",
       .citation = kSampleComplexity,
       .facts = {.display = "Score error (quantile)", .needs_density = true},
       .options = {strata_points(), Option::real("delta", 0.01, "this probability").above(0).below(1)},
       .make = [](const MetricInput& input) { return std::make_unique<ScoreQuantile>(input.options); }});
}

}  // namespace samplerbench::metrics
