#include "metrics/entries.h"

#include <fmt/format.h>

#include "metrics/requirements.h"
#include "metrics/row_order.h"
#include "metrics/stein_pairs.h"

namespace samplerbench::metrics {
namespace {

class KsdPValue : public Metric {
 public:
  explicit KsdPValue(const Options& options)
      : length_(options.real("length")), replicates_(options.integer("replicates")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    require_finite_draws(evidence);
    const Tensor draws = evidence.draws.index_select(0, sorted_order(evidence.draws));
    const Tensor scores = evidence.problem.target->value_and_score(draws).score;
    // The first column, of ones, gives the statistic itself, rounded as its replicates are.
    Tensor weights = rng.integers(2, {draws.size(0), replicates_ + 1}, draws.options()).to(torch::kDouble);
    weights.mul_(2).sub_(1).select(1, 0).fill_(1);
    const InverseMultiquadric kernel(length_);
    const Tensor sums = SteinPairs(draws, scores, kernel).weighted_off_diagonal(weights);
    require_finite(sums, "bootstrap statistics");
    const double reached = (sums.narrow(0, 1, replicates_) >= sums[0]).sum().item<double>();
    return (1 + reached) / (1 + static_cast<double>(replicates_));
  }

  Better better() const override { return Better::neither; }
  bool has_floor() const override { return false; }

  std::string convention() const override {
    return fmt::format(
        "p-value (1 + #(replicates >= statistic)) / (1 + {0}) of the wild bootstrap with {0} replicates; "
        "each "
        "multiplies u(x_i, x_j) by independent signs e_i e_j, under which the U- and the V-statistic give "
        "the same p; "
        "draws taken as independent; kernel (1 + r^2/l^2)^(-1/2), l = {1}; uniform for exact draws",
        replicates_, length_);
  }

 private:
  double length_;
  int64_t replicates_;
};

}  // namespace

void add_ksd_p(MetricRegistry& registry) {
  registry.add(
      {.name = "ksd_p",
       .summary = "p-value of the kernel Stein test, by the wild bootstrap",
       .citation = "Chwialkowski, Strathmann and Gretton 2016, arXiv 1602.02964",
       .facts = {.display = "KSD p-value", .needs_density = true},
       .options = {Option::real("length", 1, "length l of the kernel").above(0),
                   Option::integer("replicates", 200, "bootstrap replicates").at_least(1).at_most(100000)},
       .make = [](const MetricInput& input) { return std::make_unique<KsdPValue>(input.options); }});
}

}  // namespace samplerbench::metrics
