#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "core/placed.h"
#include "core/rng.h"
#include "targets/models/entries.h"
#include "targets/models/parts_target.h"
#include "targets/models/scales.h"

namespace samplerbench::targets {
namespace {

// Of the priors: persistence = 2 Beta(a, b) - 1, mean ~ Cauchy(0, .), shock scale ~ half-Cauchy(0, .).
constexpr double kBetaFirst = 20, kBetaSecond = 1.5, kMeanWidth = 5, kShockWidth = 2;

// What the returns are simulated with.
constexpr double kPersistence = 0.95, kMeanLogVolatility = 5, kShock = 0.3;
constexpr uint64_t kReturnsSeed = 42;
constexpr int64_t kMostReturns = 10000;
constexpr double kReturnsPerUnit = 1e4;  // returns are rounded to 1e-4, so that they are the same everywhere

constexpr int64_t kVolatilityGlobals = 3;  // persistence, mean, shock scale come before the log volatilities
constexpr double kLeastLogVolatility = -40;  // below it a volatility is held, as scales are

// The first `count` of one fixed series: [count] float64.
Tensor simulated_returns(int64_t count) {
  const Rng root = Rng(kReturnsSeed).split("stochastic volatility");
  const Tensor shocks = root.split("shocks").normal({kMostReturns}, torch::kDouble);
  const Tensor noise = root.split("returns").normal({kMostReturns}, torch::kDouble);
  const auto shock = shocks.accessor<double, 1>(), unit = noise.accessor<double, 1>();
  Tensor returns = torch::empty({count}, torch::kDouble);
  auto out = returns.accessor<double, 1>();
  double above = kShock / std::sqrt(1 - kPersistence * kPersistence) * shock[0];  // the mean
  for (int64_t t = 0; t < count; ++t) {
    if (t > 0) above = kPersistence * above + kShock * shock[t];
    const double value = std::exp((kMeanLogVolatility + above) / 2) * unit[t];
    out[t] = std::round(value * kReturnsPerUnit) / kReturnsPerUnit;
  }
  return returns;
}

// The constant of the log density of T returns: of the normal laws of returns and log volatilities, the Beta
// with the slope of its coordinate, the Cauchy and the half-Cauchy.
double volatility_constant(int64_t returns) {
  const double log_beta =
      std::lgamma(kBetaFirst) + std::lgamma(kBetaSecond) - std::lgamma(kBetaFirst + kBetaSecond);
  return -static_cast<double>(returns) * std::log(2 * std::numbers::pi) - log_beta -
         std::log(std::numbers::pi * kMeanWidth) - std::log(std::numbers::pi * kShockWidth / 2);
}

// x = (p, m, w, h_1 .. h_T): persistence f = tanh(p / 2) = 2 sigmoid(p) - 1, mean m, shock scale
// s = softplus(w), log volatilities h. With g = h - m, d_t = g_t - f g_(t-1) and R = (1 - f^2) g_1^2 + the
// sum of d_t^2 from t = 2 on:
//   log q = a log sigmoid(p) + b log sigmoid(-p) - log(1 + m^2 / 25) + log(ds / dw) - log(1 + s^2 / 4)
//           - T log s + log(1 - f^2) / 2 - R / (2 s^2) - sum (h_t + y_t^2 exp(-h_t)) / 2 + constant.
class StochasticVolatility : public PartsTarget<StochasticVolatility> {
 public:
  explicit StochasticVolatility(const Tensor& returns)
      : count_(returns.size(0)),
        squares_(returns.square()),
        placed_squares_(squares_),
        constant_(volatility_constant(count_)) {}

  int64_t dim() const override { return kVolatilityGlobals + count_; }

  template <class T>
  T point(const T* x, T* score) const {
    const T p = x[0], mean = x[1], *h = x + kVolatilityGlobals;
    T* of_h = score + kVolatilityGlobals;
    const T log_up = log_sigmoid(p), log_down = log_sigmoid(-p);
    const T up = std::exp(log_up), down = std::exp(log_down);
    const T persistence = up - down, rest = 4 * up * down;  // 1 - persistence^2
    const SoftplusScale<T> shock = softplus_scale(x[2]);
    const T held = held_log_scale(shock.log), precision = std::exp(-2 * held);
    const double* square = squares_.data_ptr<double>();

    T residual = 0, cross = 0, likelihood = 0, before = 0;
    for (int64_t t = 0; t < count_; ++t) {
      const T above = h[t] - mean, off = above - persistence * before;
      const T weight = t == 0 ? rest : T(1);
      residual += weight * off * off;
      cross += off * before;
      of_h[t] = -precision * weight * off;
      if (t > 0) of_h[t - 1] += precision * persistence * off;
      before = above;
    }
    T of_mean = 0;
    for (int64_t t = 0; t < count_; ++t) {
      of_mean -= of_h[t];
      const T log_volatility = std::max(h[t], static_cast<T>(kLeastLogVolatility));
      const T spread = static_cast<T>(square[t]) * std::exp(-log_volatility);
      likelihood -= (log_volatility + spread) / 2;
      if (h[t] >= static_cast<T>(kLeastLogVolatility)) of_h[t] += (spread - 1) / 2;
    }

    const T first = h[0] - mean, count = static_cast<T>(count_);
    const T squared_mean = mean * mean, squared_shock = std::exp(2 * shock.log);
    constexpr T kMeanSquare = kMeanWidth * kMeanWidth, kShockSquare = kShockWidth * kShockWidth;
    score[0] = static_cast<T>(kBetaFirst + 0.5) * down - static_cast<T>(kBetaSecond + 0.5) * up +
               precision * rest / 2 * (persistence * first * first + cross);
    score[1] = of_mean - 2 * mean / (kMeanSquare + squared_mean);
    const T of_prior = 1 - 2 * squared_shock / (kShockSquare + squared_shock);
    score[2] = shock.slope * (moves(shock.log) * (precision * residual - count) + of_prior) + shock.bend;
    return static_cast<T>(kBetaFirst + 0.5) * log_up + static_cast<T>(kBetaSecond + 0.5) * log_down -
           std::log1p(squared_mean / kMeanSquare) + shock.log + shock.log_slope -
           std::log1p(squared_shock / kShockSquare) - count * held - precision * residual / 2 + likelihood +
           static_cast<T>(constant_ + std::numbers::ln2);
  }

  struct Parts {
    Tensor mean, h;                         // [N, 1], [N, T]
    Tensor log_up, log_down, up, down;      // of the persistence's coordinate, [N, 1]
    Tensor persistence, rest;               // [N, 1]; the second is 1 - persistence^2
    SoftplusScale<Tensor> shock;            // [N, 1] each
    Tensor held, precision, squared_shock;  // [N, 1]
    Tensor above, before, off, weighted;    // [N, T]: g_t, g_(t-1), d_t, and d_t with the weight of the first
    Tensor residual;                        // [N, 1], R
    Tensor log_volatility, spread;          // [N, T]
  };

  Parts parts_of(const Tensor& x) const {
    Parts a;
    const Tensor p = x.narrow(1, 0, 1);
    a.mean = x.narrow(1, 1, 1), a.h = x.slice(1, kVolatilityGlobals);
    a.log_up = -torch::softplus(-p), a.log_down = -torch::softplus(p);
    a.up = p.sigmoid(), a.down = (-p).sigmoid();
    a.persistence = a.up - a.down, a.rest = a.up * a.down * 4;
    a.shock = softplus_scale(x.narrow(1, 2, 1));
    a.held = held_log_scale(a.shock.log);
    a.precision = (a.held * -2).exp(), a.squared_shock = (a.shock.log * 2).exp();
    a.above = a.h - a.mean;
    a.before = torch::cat({torch::zeros_like(a.mean), a.above.slice(1, 0, -1)}, 1);
    a.off = a.above - a.persistence * a.before;
    a.weighted = torch::cat({a.off.narrow(1, 0, 1) * a.rest, a.off.slice(1, 1)}, 1);
    a.residual = (a.off * a.weighted).sum(1, true);
    a.log_volatility = a.h.clamp_min(kLeastLogVolatility);
    a.spread = (-a.log_volatility).exp() * placed_squares_.like(x);
    return a;
  }

  Tensor value_from(const Parts& a) const {
    const double count = static_cast<double>(count_);
    const Tensor priors = a.log_up * (kBetaFirst + 0.5) + a.log_down * (kBetaSecond + 0.5) -
                          (a.mean.square() / (kMeanWidth * kMeanWidth)).log1p() + a.shock.log +
                          a.shock.log_slope - (a.squared_shock / (kShockWidth * kShockWidth)).log1p();
    const Tensor path = a.held * -count - a.precision * a.residual / 2;
    const Tensor likelihood = (a.log_volatility + a.spread).sum(1, true) / -2;
    return (priors + path + likelihood).squeeze(1) + (constant_ + std::numbers::ln2);
  }

  Tensor score_from(const Parts& a) const {
    const double count = static_cast<double>(count_);
    const Tensor back = a.weighted * a.precision;
    const Tensor next = torch::cat({back.slice(1, 1), torch::zeros_like(a.mean)}, 1);
    const Tensor of_path = next * a.persistence - back;
    const Tensor seen = (a.h >= kLeastLogVolatility).to(a.h.scalar_type());
    const Tensor of_h = of_path + seen * (a.spread - 1) / 2;

    const Tensor cross = (a.off * a.before).sum(1, true);
    const Tensor first = a.above.narrow(1, 0, 1).square();
    const Tensor of_p = a.down * (kBetaFirst + 0.5) - a.up * (kBetaSecond + 0.5) +
                        a.precision * a.rest / 2 * (a.persistence * first + cross);
    const Tensor of_mean = -of_path.sum(1, true) - a.mean * 2 / (a.mean.square() + kMeanWidth * kMeanWidth);
    const Tensor of_prior = 1 - a.squared_shock * 2 / (a.squared_shock + kShockWidth * kShockWidth);
    const Tensor of_path_scale = moves(a.shock.log) * (a.precision * a.residual - count);
    const Tensor of_shock = a.shock.slope * (of_path_scale + of_prior) + a.shock.bend;
    return torch::cat({of_p, of_mean, of_shock, of_h}, 1);
  }

  int64_t count_;
  Tensor squares_;  // [T] float64
  PlacedTensor placed_squares_;
  double constant_;
};

Problem make_stochastic_volatility(const ProblemInput& input) {
  const Tensor returns = simulated_returns(input.options.integer("returns"));
  Problem problem{.target = std::make_unique<StochasticVolatility>(returns)};
  problem.reference.source = "returns that this program simulated from the model; measured nowhere";
  return problem;
}

Definition define_stochastic_volatility(const Options& options) {
  const int64_t count = options.integer("returns");
  return {.density =
              "log q(p, m, w, h) = a log S(p) + b log S(-p) - log(1 + m^2 / u^2) + log S(w) - log(1 + s^2 / "
              "v^2) + log(1 - f^2) / 2 - T log s - [(1 - f^2) g_1^2 + sum over t = 2 .. T of (g_t - f "
              "g_(t-1))^2] / (2 s^2) - sum over t of (h_t + y_t^2 exp(-h_t)) / 2 + c with S(z) = 1 / (1 + "
              "exp(-z)), f = tanh(p / 2), s = log(1 + exp(w)), g = h - m, y simulated",
          .constants = {{"T", count},
                        {"y", numbers_of(simulated_returns(count))},
                        {"a", kBetaFirst},
                        {"b", kBetaSecond},
                        {"u", kMeanWidth},
                        {"v", kShockWidth},
                        {"c", volatility_constant(count)}},
          .modes = "none: log q has no bound as s falls to 0 where all h are m, away from the mass"};
}

}  // namespace

void add_stochastic_volatility(TargetRegistry& registry) {
  registry.add(
      {.name = "stochastic-volatility",
       .summary = "log volatilities of simulated returns, with their persistence, mean and shocks",
       .citation = "Kim, Shephard and Chib (1998), Review of Economic Studies 65; priors of the Inference "
                   "Gym of TensorFlow Probability",
       .facts = {ExactDraws::unknown, define_stochastic_volatility},
       .options = {Option::integer("returns", 100, "T, the first of one simulated series")
                       .at_least(2)
                       .at_most(kMostReturns)},
       .make = make_stochastic_volatility});
}

}  // namespace samplerbench::targets
