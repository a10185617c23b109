#include "metrics/entries.h"

#include <fmt/format.h>

#include "metrics/requirements.h"
#include "metrics/stein_pairs.h"

namespace samplerbench::metrics {
namespace {

enum class Statistic { v, u };

constexpr double kDwarfingScore = 0.99;

// Throws CannotJudge where one draw's score dwarfs all others: the U-statistic leaves that draw's own term
// out and keeps its products with the others, which have any sign.
void require_no_dwarfing(const SteinStatistics& statistics) {
  if (!(statistics.largest_own <= kDwarfingScore))
    throw CannotJudge(
        "the score of one draw dwarfs all others: nearly all of the sum of u(x, x) is its own, which the "
        "U-statistic leaves out; the V-statistic counts it");
}

// What the two kernels share: the statistic, its wording and the scores of the draws.
class Ksd : public Metric {
 public:
  explicit Ksd(Statistic statistic) : statistic_(statistic) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng&) const override {
    const Tensor scores = evidence.problem.target->value_and_score(evidence.draws).score;
    const SteinStatistics result = stein_statistics(evidence.draws, scores, *kernel(evidence));
    if (statistic_ == Statistic::v) return root_of_square(result.v);
    require_no_dwarfing(result);
    return result.u;
  }

  std::string convention() const override {
    return statistic_ == Statistic::v
               ? "KSD: square root of the V-statistic (all pairs), " + kernel_wording()
               : "KSD^2: U-statistic (i != j; mean 0 for exact draws, may be negative), " + kernel_wording();
  }

 protected:
  virtual std::unique_ptr<RadialKernel> kernel(const Evidence& evidence) const = 0;
  virtual std::string kernel_wording() const = 0;

 private:
  Statistic statistic_;
};

class KsdInverseMultiquadric : public Ksd {
 public:
  KsdInverseMultiquadric(Statistic statistic, const Options& options)
      : Ksd(statistic), length_(options.real("length")) {}

 protected:
  std::unique_ptr<RadialKernel> kernel(const Evidence&) const override {
    return std::make_unique<InverseMultiquadric>(length_);
  }
  std::string kernel_wording() const override {
    return fmt::format("kernel (1 + r^2/l^2)^(-1/2), l = {}, float64", length_);
  }

 private:
  double length_;
};

class KsdGaussian : public Ksd {
 public:
  KsdGaussian(Statistic statistic, const Options& options)
      : Ksd(statistic), bandwidth_(options.real("bandwidth")) {}

 protected:
  std::unique_ptr<RadialKernel> kernel(const Evidence& evidence) const override {
    const bool has_reference = evidence.reference.defined() && evidence.reference.size(0) >= 2;
    const Tensor& scale_from = has_reference ? evidence.reference : evidence.draws;
    return std::make_unique<GaussianKernel>(kernel_length(bandwidth_, scale_from));
  }
  std::string kernel_wording() const override {
    const std::string rule = bandwidth_ > 0
                                 ? fmt::format("h = {}", bandwidth_)
                                 : "h the median distance between two reference draws (between two of the "
                                   "sampler's own where no exact draws exist)";
    return "kernel exp(-r^2/(2 h^2)), " + rule + ", float64";
  }

 private:
  double bandwidth_;
};

template <class Kind>
MetricFactory factory(Statistic statistic) {
  return [statistic](const MetricInput& input) { return std::make_unique<Kind>(statistic, input.options); };
}

}  // namespace

void add_ksd(MetricRegistry& registry) {
  const OptionTable length{Option::real("length", 1, "length l of the kernel").above(0)};
  const OptionTable bandwidth{
      Option::real("bandwidth", 0, "bandwidth h of the kernel; 0 takes the median").at_least(0)};
  const std::string gorham = "Gorham and Mackey 2017, arXiv 1703.01717";
  const std::string liu = "Liu, Lee and Jordan 2016, arXiv 1602.03253";
  registry.add({.name = "ksd_imq_v",
                .summary = "kernel Stein discrepancy, inverse multiquadric kernel, root of the V-statistic",
                .citation = gorham,
                .facts = {.display = "KSD (IMQ)", .needs_density = true},
                .options = length,
                .make = factory<KsdInverseMultiquadric>(Statistic::v)});
  registry.add({.name = "ksd_imq_u",
                .summary = "squared kernel Stein discrepancy, inverse multiquadric kernel, U-statistic",
                .citation = gorham,
                .facts = {.display = "KSD² (IMQ, U)", .needs_density = true},
                .options = length,
                .make = factory<KsdInverseMultiquadric>(Statistic::u)});
  registry.add(
      {.name = "ksd_rbf_v",
       .summary = "kernel Stein discrepancy, Gaussian kernel of median bandwidth, root of the V-statistic",
       .citation = liu,
       .facts = {.display = "KSD (RBF)", .needs_density = true},
       .options = bandwidth,
       .make = factory<KsdGaussian>(Statistic::v)});
  registry.add(
      {.name = "ksd_rbf_u",
       .summary = "squared kernel Stein discrepancy, Gaussian kernel of median bandwidth, U-statistic",
       .citation = liu,
       .facts = {.display = "KSD² (RBF, U)", .needs_density = true},
       .options = bandwidth,
       .make = factory<KsdGaussian>(Statistic::u)});
}

}  // namespace samplerbench::metrics
