#include "metrics/kid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kBlock = 512;
constexpr double kDwarfingFeatures = 0.99;
constexpr double kNormal95 = 1.959963984540054;  // 97.5 % quantile of the standard normal

// k(x_i, y_j) for some rows of x: [B, M].
Tensor kernel(const Tensor& x, const Tensor& y) {
  const Tensor base = torch::mm(x, y.t()).div_(static_cast<double>(x.size(1))).add_(1);
  return base.square().mul_(base);
}

// sum over j of k(x_i, y_j): [N], and sum over i: [M].
std::pair<Tensor, Tensor> sums_between(const Tensor& x, const Tensor& y) {
  const Tensor of_x = torch::empty({x.size(0)}, x.options());
  const Tensor of_y = torch::zeros({y.size(0)}, x.options());
  for (int64_t first = 0; first < x.size(0); first += kBlock) {
    const int64_t rows = std::min(kBlock, x.size(0) - first);
    const Tensor block = kernel(x.narrow(0, first, rows), y);
    of_x.narrow(0, first, rows).copy_(block.sum(1));
    of_y.add_(block.sum(0));
  }
  return {of_x, of_y};
}

// sum over j != i of k(x_i, x_j): [N]. Of each two blocks of rows one product is made.
Tensor sums_within(const Tensor& x) {
  const Tensor sums = torch::zeros({x.size(0)}, x.options());
  for (int64_t first = 0; first < x.size(0); first += kBlock) {
    const int64_t rows = std::min(kBlock, x.size(0) - first), after = first + rows;
    const Tensor own = x.narrow(0, first, rows);
    const Tensor square = kernel(own, own);
    square.diagonal().zero_();
    sums.narrow(0, first, rows).add_(square.sum(1));
    if (after == x.size(0)) break;
    const Tensor beyond = kernel(own, x.slice(0, after));
    sums.narrow(0, first, rows).add_(beyond.sum(1));
    sums.slice(0, after).add_(beyond.sum(0));
  }
  return sums;
}

class KernelInception : public Metric {
 public:
  explicit KernelInception(const Options& options) : half_width_(options.text("part") == "half_width") {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_features(evidence)) return reason;
    if (evidence.problem.reference.images->test.size(0) < 2) return "needs at least 2 test images";
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng&) const override {
    const KernelDistance distance = squared_kernel_distance(draw_features(evidence), test_.of(evidence));
    if (!(distance.largest_own <= kDwarfingFeatures))
      throw CannotJudge(
          "the features of one draw dwarf all others: nearly all of the sum of k(x, x) is its own, which the "
          "U-statistic leaves out");
    return half_width_ ? kNormal95 * distance.standard_error : distance.value;
  }

  Better better() const override { return half_width_ ? Better::neither : Better::lower; }
  bool has_floor() const override { return !half_width_; }

  std::string convention() const override {
    const std::string kernel =
        "MMD^2 between all draws' and test images' F features by the target's feature network under the "
        "kernel (x.y/F + 1)^3, grey levels cut to [0, 1], float64";
    if (!half_width_)
      return kernel + "; U-statistic (mean 0 for exact draws, may be negative), not multiplied by 1000";
    return "half the width of the 95 % interval of KID (" + kernel +
           "): 1.96 standard errors from the spread of the rows of both sets; too wide by about a factor "
           "1.4 where the laws are equal";
  }

 private:
  bool half_width_;
  TestFeatures test_;
};

}  // namespace

KernelDistance squared_kernel_distance(const Tensor& x, const Tensor& y) {
  torch::NoGradGuard no_grad;
  const auto n = static_cast<double>(x.size(0)), m = static_cast<double>(y.size(0));
  const Tensor within_x = sums_within(x), within_y = sums_within(y);
  const auto [of_x, of_y] = sums_between(x, y);
  const Tensor value =
      within_x.sum() / (n * (n - 1)) + within_y.sum() / (m * (m - 1)) - 2 * of_x.sum() / (n * m);
  const Tensor h = within_x / (n - 1) - of_x / m, g = within_y / (m - 1) - of_y / n;
  const Tensor variance = 4 * (h.var(0, true) / n + g.var(0, true) / m);
  const Tensor base = x.square().sum(1) / x.size(1) + 1;
  const double largest_own = 1 / (base / base.max()).pow(3).sum().item<double>();
  return {value.item<double>(), std::sqrt(variance.item<double>()), largest_own};
}

void add_kid(MetricRegistry& registry) {
  registry.add(
      {.name = "kid",
       .summary = "squared kernel distance between features of the draws and of test images",
       .citation = "Binkowski, Sutherland, Arbel and Gretton 2018, arXiv 1801.01401",
       .facts = {"KID"},
       .options = {Option::choice("part", "value", {"value", "half_width"},
                                  "the estimate, or half the width of its 95 % interval")},
       .make = [](const MetricInput& input) { return std::make_unique<KernelInception>(input.options); }});
}

}  // namespace samplerbench::metrics
