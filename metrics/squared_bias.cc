#include <fmt/format.h>

#include "metrics/entries.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class SquaredBias : public Metric {
 public:
  explicit SquaredBias(const Options& options)
      : of_squares_(options.text("of") == "squares"), worst_(options.text("over") == "worst") {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_moments(evidence)) return reason;
    if (of_squares_)
      if (const auto reason = needs_reference(evidence, 2)) return reason;
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite_draws(evidence);
    const Tensor errors = of_squares_ ? errors_of_squares(evidence) : errors_of_coordinates(evidence);
    return (worst_ ? errors.max() : errors.mean()).item<double>();
  }

  std::string convention() const override {
    return fmt::format(
        "(mean of f over the draws - true mean)^2 / true variance, f {}, {}; n independent draws give a "
        "coordinate 1 / n in the mean",
        of_squares_ ? "the square of a coordinate, its variance from the exact draws" : "a coordinate",
        worst_ ? "worst coordinate" : "mean over the coordinates");
  }

 private:
  static Tensor errors_of_coordinates(const Evidence& evidence) {  // [D]
    const targets::Moments& truth = *evidence.problem.reference.moments;
    return ((evidence.draws.mean(0) - truth.mean) / truth.sd).square();
  }

  static Tensor errors_of_squares(const Evidence& evidence) {  // [D]
    const targets::Moments& truth = *evidence.problem.reference.moments;
    const Tensor wanted = truth.sd.square() + truth.mean.square();
    const Tensor variance = evidence.reference.square().var(0, false);
    return (evidence.draws.square().mean(0) - wanted).square() / variance;
  }

  bool of_squares_, worst_;
};

}  // namespace

void add_squared_bias(MetricRegistry& registry) {
  registry.add(
      {.name = "squared_bias",
       .summary = "squared error of first or second moments in units of their variance, b^2",
       .citation = "Robnik, De Luca, Silverstein and Seljak (2023), arXiv 2212.08549",
       .facts = {"b²"},
       .options = {Option::choice("of", "squares", {"coordinates", "squares"}, "whose mean is judged"),
                   Option::choice("over", "worst", {"worst", "average"}, "coordinates")},
       .make = [](const MetricInput& input) { return std::make_unique<SquaredBias>(input.options); }});
}

}  // namespace samplerbench::metrics
