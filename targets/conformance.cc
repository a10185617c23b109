#include "targets/conformance.h"

#include <limits>

namespace samplerbench::targets {
namespace {

constexpr double kDifferenceStep = 1e-5;  // of central differences
constexpr double kPointRounding = 4e-6;        // relative, of points to float32, and a factor

// Of a value of this size that is computed twice in float64.
Tensor tolerance_of_values(const Tensor& value) { return 1e-11 * (100 + value.abs()); }

Tensor in_doubles(const Tensor& values) { return values.to(torch::kDouble); }

}  // namespace

Tensor excess_of(const Tensor& actual, const Tensor& expected, const Tensor& tolerance) {
  const Tensor excess = torch::nan_to_num((actual - expected).abs() / tolerance,
                                          std::numeric_limits<double>::infinity());
  return excess.dim() == 2 ? excess.amax(1) : excess;
}

Tensor scale_of_rows(const Tensor& values, double share) { return share * (1 + values.abs().amax(1, true)); }

Tensor unit_directions(const Tensor& x, Rng& rng) {
  const Tensor d = rng.normal(x.sizes(), torch::kDouble);
  return d / d.norm(2, 1, true);
}

Tensor score_excess(const Target& target, const Tensor& x, int64_t directions) {
  Rng rng(12);
  const Tensor score = target.score(x), tolerance = scale_of_rows(score, 1e-6);
  Tensor worst = torch::zeros({x.size(0)}, torch::kDouble);
  for (int64_t i = 0; i < directions; ++i) {
    const Tensor step = kDifferenceStep * unit_directions(x, rng);
    const Tensor slope =
        (target.log_density(x + step) - target.log_density(x - step)) / (2 * kDifferenceStep);
    const Tensor along = (score * step).sum(1, true) / kDifferenceStep;
    worst = worst.maximum(excess_of(along, slope.unsqueeze(1), tolerance));
  }
  return worst;
}

Excess joint_excess(const Target& target, const Tensor& x) {
  const ValueAndScore both = target.value_and_score(x);
  const Tensor value = target.log_density(x), score = target.score(x);
  return {excess_of(both.value, value, tolerance_of_values(value)),
          excess_of(both.score, score, scale_of_rows(score, 1e-10))};
}

Excess subset_excess(const Target& target, const Tensor& x) {
  Rng rng(13);
  const Tensor order = rng.permutation(x.size(0)).slice(0, 0, x.size(0) / 2);
  const Tensor some = x.index_select(0, order);
  const Tensor value = target.log_density(x).index_select(0, order),
               score = target.score(x).index_select(0, order);
  return {excess_of(target.log_density(some), value, tolerance_of_values(value)),
          excess_of(target.score(some), score, scale_of_rows(score, 1e-10))};
}

Excess single_precision_excess(const Target& target, const Tensor& x) {
  const Tensor single = x.to(torch::kFloat), same = in_doubles(single);
  const ValueAndScore both = target.value_and_score(single);
  // What rounding x does to exact arithmetic: the best that any formula can do, up to a factor.
  Rng rng(15);
  const Tensor value = target.log_density(same), score = target.score(same);
  Tensor value_slack = 5e-4 + 1e-5 * value.abs(), score_slack = scale_of_rows(score, 1e-5).expand_as(x);
  for (int64_t i = 0; i < 4; ++i) {
    const Tensor rounded = same * (1 + kPointRounding * rng.normal(x.sizes(), torch::kDouble));
    value_slack = value_slack + (target.log_density(rounded) - value).abs();
    score_slack = score_slack + (target.score(rounded) - score).abs();
  }
  return {excess_of(in_doubles(target.log_density(single)), value, value_slack)
              .maximum(excess_of(in_doubles(both.value), value, value_slack)),
          excess_of(in_doubles(target.score(single)), score, score_slack)
              .maximum(excess_of(in_doubles(both.score), score, score_slack))};
}

ValueAndScore OnPlainBuffers::value_and_score(const Tensor& x) const {
  const Tensor points = x.detach().contiguous();
  const Tensor value =
      torch::full({x.size(0)}, std::numeric_limits<double>::quiet_NaN(), points.options());  // unwritten
  const Tensor score = torch::full_like(points, std::numeric_limits<double>::quiet_NaN());
  const auto write = [&](auto zero) {
    using T = decltype(zero);
    inner_.evaluate(x.size(0), points.data_ptr<T>(), value.data_ptr<T>(), score.data_ptr<T>());
  };
  points.scalar_type() == torch::kFloat ? write(float()) : write(double());
  return {value, score};
}

}  // namespace samplerbench::targets
