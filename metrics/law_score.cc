#include "core/row_cosines.h"
#include "metrics/entries.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// Compares the score s_p of the law p of the sampler's draws with the score s_q of the target q, at exact
// draws of q.
class LawScoreComparison : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    if (!evidence.law_score) return "needs a sampler that knows the score of its law";
    return needs_reference(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const Tensor& x = evidence.reference;
    require_finite(x, "exact draws");
    const Tensor truth = evidence.problem.target->value_and_score(x).score;
    const Tensor law = evidence.law_score(x);
    require_finite(law, "scores of the sampler's law");
    return compared(law, truth);
  }

  bool has_floor() const override { return false; }

 private:
  // `law` and `truth`, [N, D]: s_p and s_q.
  virtual double compared(const Tensor& law, const Tensor& truth) const = 0;
};

class FisherDivergence : public LawScoreComparison {
 public:
  std::string convention() const override {
    return "E |s_q - s_p|^2 / 2, the mean over exact draws of the target q; s_p is the score of the law p of "
           "the "
           "sampler's draws; it hardly sees wrong masses of separate modes";
  }

 private:
  double compared(const Tensor& law, const Tensor& truth) const override {
    return (truth - law).square().sum(1).mean().item<double>() / 2;
  }
};

class ScoreCosine : public LawScoreComparison {
 public:
  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return "mean over exact draws of the target q of the cosine between s_p and s_q, 0 where one of them is "
           "0; "
           "s_p is the score of the law p of the sampler's draws; blind to the lengths of s_p";
  }

 private:
  double compared(const Tensor& law, const Tensor& truth) const override {
    return row_cosines(law, truth).mean().item<double>();
  }
};

}  // namespace

void add_law_score(MetricRegistry& registry) {
  registry.add({.name = "fisher_divergence",
                .summary = "Fisher divergence from the target to the sampler's law: compares their scores",
                .citation = "Hyvarinen 2005, Journal of Machine Learning Research 6, page 695",
                .facts = {.display = "Fisher divergence", .needs_density = true},
                .make = [](const MetricInput&) { return std::make_unique<FisherDivergence>(); }});
  registry.add(
      {.name = "score_cosine",
       .summary = "cosine between the scores of the sampler's law and of the target at exact draws",
       .citation = "a choice of this suite, for the alignment of Srinivas and Fleuret (arXiv 2006.09128)",
       .facts = {.display = "Score cosine", .needs_density = true},
       .make = [](const MetricInput&) { return std::make_unique<ScoreCosine>(); }});
}

}  // namespace samplerbench::metrics
