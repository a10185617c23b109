#include "metrics/entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/chain_diagnostics.h"
#include "metrics/judged_quantities.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// One coordinate of all chains, and what is known of it.
struct Coordinate {
  Tensor states;  // [chains, states]
  double mean;
  double sd;
  double mean_error;  // Monte Carlo standard errors of the truth; 0 where it is exact
  double sd_error;
};

double entry_or_zero(const Tensor& values, int64_t index) {
  return values.defined() ? values[index].item<double>() : 0;
}

class MomentAgreement : public Metric {
 public:
  explicit MomentAgreement(const Options& options) : quantities_(options) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = quantities_.missing(evidence)) return reason;
    return needs_chains(evidence, 4);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite(*evidence.chains, "chains");
    const targets::Moments& truth = quantities_.truth(evidence);
    const Tensor chains = quantities_.at(evidence, *evidence.chains);
    double worst = 0;
    // Chains that do not move have an infinite error, by which anything would agree: they never do.
    for (int64_t d = 0; d < chains.size(2); ++d)
      worst = std::max(worst, agreement({.states = chains.select(2, d),
                                         .mean = truth.mean[d].item<double>(),
                                         .sd = truth.sd[d].item<double>(),
                                         .mean_error = entry_or_zero(truth.mean_error, d),
                                         .sd_error = entry_or_zero(truth.sd_error, d)}));
    return worst;
  }

  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }

 protected:
  const char* word() const { return quantities_.word(); }

 private:
  double agreement(const Coordinate& coordinate) const {
    const double z = standardised(coordinate);
    const bool moves = mean_effective_sample_size(coordinate.states) > 0;
    return moves && !std::isnan(z) ? z : std::numeric_limits<double>::infinity();
  }

  virtual double standardised(const Coordinate& coordinate) const = 0;

  JudgedQuantities quantities_;
};

class MeanZ : public MomentAgreement {
 public:
  using MomentAgreement::MomentAgreement;
  std::string convention() const override {
    return fmt::format(
        "|mean of the kept states - true mean| in combined standard errors, worst {}: sd / sqrt(effective "
        "sample size of the mean) of the chains, and the truth's own error",
        word());
  }

 private:
  double standardised(const Coordinate& at) const override {
    const double error = at.sd / std::sqrt(mean_effective_sample_size(at.states));
    return std::abs(at.states.mean().item<double>() - at.mean) / std::hypot(error, at.mean_error);
  }
};

class SdZ : public MomentAgreement {
 public:
  using MomentAgreement::MomentAgreement;
  std::string convention() const override {
    return fmt::format(
        "|sd of the kept states - true sd| in combined standard errors, worst {}: by the delta method from "
        "the effective sample size of the squared distances from the mean, and the truth's own error",
        word());
  }

 private:
  double standardised(const Coordinate& at) const override {
    const Tensor apart = at.states - at.states.mean();
    const double scale = apart.abs().max().item<double>();  // squares of its size could overflow
    const Tensor squares = (apart / scale).square();
    const double sd = std::sqrt(squares.mean().item<double>());
    const double error =
        squares.std(true).item<double>() / (2 * sd * std::sqrt(mean_effective_sample_size(squares)));
    return std::abs(scale * sd - at.sd) / std::hypot(scale * error, at.sd_error);
  }
};

}  // namespace

void add_moment_agreement(MetricRegistry& registry) {
  const std::string citation =
      "central limit theorem; effective sample size: Vehtari et al. 2021, arXiv 1903.08008";
  registry.add({.name = "mean_z",
                .summary = "distance of the chains' mean from the truth in combined standard errors",
                .citation = citation,
                .facts = {"Mean z"},
                .options = {JudgedQuantities::option()},
                .make = [](const MetricInput& input) { return std::make_unique<MeanZ>(input.options); }});
  registry.add({.name = "sd_z",
                .summary = "distance of the chains' sd from the truth in combined standard errors",
                .citation = citation,
                .facts = {"SD z"},
                .options = {JudgedQuantities::option()},
                .make = [](const MetricInput& input) { return std::make_unique<SdZ>(input.options); }});
}

}  // namespace samplerbench::metrics
