#include "core/row_cosines.h"
#include "metrics/entries.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class ScoreCosine : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_law_score(evidence)) return reason;
    return needs_reference(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const Tensor& x = evidence.reference;
    require_finite(x, "exact draws");
    const Tensor truth = evidence.problem.target->value_and_score(x).score;
    const Tensor law = evidence.law_score(x);
    require_finite(law, "scores of the sampler's law");
    return row_cosines(law, truth).mean().item<double>();
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return "mean over exact draws of the target q of the cosine between s_p and s_q, 0 where one of them is "
           "0; "
           "s_p is the score of the law p of the sampler's draws; blind to the lengths of s_p";
  }

  bool has_floor() const override { return false; }
};

}  // namespace

void add_score_cosine(MetricRegistry& registry) {
  registry.add(
      {.name = "score_cosine",
       .summary = "cosine between the scores of the sampler's law and of the target at exact draws",
       .citation = "a choice of this suite, for the alignment of Srinivas and Fleuret (arXiv 2006.09128)",
       .facts = {"Score cosine"},
       .make = [](const MetricInput&) { return std::make_unique<ScoreCosine>(); }});
}

}  // namespace samplerbench::metrics
