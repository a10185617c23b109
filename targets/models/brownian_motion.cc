#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "core/placed.h"
#include "targets/models/entries.h"
#include "targets/models/noisy_walk.h"
#include "targets/models/parts_target.h"
#include "targets/models/plane_density.h"
#include "targets/models/scales.h"

namespace samplerbench::targets {
namespace {

constexpr double kUnseen = std::numeric_limits<double>::quiet_NaN();

// The observations of the Inference Gym of TensorFlow Probability (Apache-2.0), file
// brownian_motion_missing_middle_observations.py, which were simulated with the scales below.
constexpr std::array<double, 30> kSeen{
    0.21592641,  0.118771404, -0.07945447, 0.037677474, -0.27885845, -0.1484156, -0.3250906,  -0.22957903,
    -0.44110894, -0.09830782, kUnseen,     kUnseen,     kUnseen,     kUnseen,    kUnseen,     kUnseen,
    kUnseen,     kUnseen,     kUnseen,     kUnseen,     -0.8786016,  -0.83736074, -0.7384849, -0.8939254,
    -0.7774566,  -0.70238715, -0.87771565, -0.51853573, -0.6948214,  -0.6202789};
constexpr std::array<double, 2> kKnownScales{0.1, 0.15};  // of steps and of observations
constexpr double kLogScaleSd = 2;                         // of the normal prior of the log of each scale

constexpr int64_t kLocations = kSeen.size();
constexpr int64_t kUnseenCount = 10;
// How many normal laws have the scale of steps and that of observations.
constexpr std::array<int64_t, 2> kLaws{kLocations, kLocations - kUnseenCount};
constexpr int64_t kAllLaws = kLaws[0] + kLaws[1];

Tensor observations_of_walk() { return torch::tensor(at::ArrayRef<double>(kSeen), torch::kDouble); }

// What a path [N, T] is off: its steps, and the observations less it, 0 where there are none.
struct PathResiduals {
  Tensor steps, misses;  // [N, T]
  Tensor squares;        // [N, 2], their sums
};

class ObservedPath {
 public:
  ObservedPath()
      : seen_(torch::nan_to_num(observations_of_walk())),
        mask_(observations_of_walk().isnan().logical_not().to(torch::kDouble)) {}

  PathResiduals residuals(const Tensor& path) const {
    const Tensor steps = torch::cat({path.narrow(1, 0, 1), path.slice(1, 1) - path.slice(1, 0, -1)}, 1);
    const Tensor misses = seen_.like(path) - mask_.like(path) * path;
    return {steps, misses, torch::stack({steps.square().sum(1), misses.square().sum(1)}, 1)};
  }

  // For the precisions of steps and of observations, numbers or [N, 1].
  template <class Precision>
  static Tensor score(const PathResiduals& off, const Precision& of_steps, const Precision& of_misses) {
    const Tensor last = off.steps.narrow(1, kLocations - 1, 1).neg();
    const Tensor bend = torch::cat({off.steps.slice(1, 1) - off.steps.slice(1, 0, -1), last}, 1);
    return bend * of_steps + off.misses * of_misses;
  }

  // The same of one path: writes the score and returns the sums of squares.
  template <class T>
  static std::array<T, 2> write(const T* path, const std::array<T, 2>& precision, T* score) {
    std::array<T, 2> squares{};
    T before = 0;
    for (int64_t t = 0; t < kLocations; ++t) {
      const T step = path[t] - before;
      const T miss = std::isnan(kSeen[t]) ? T(0) : static_cast<T>(kSeen[t]) - path[t];
      score[t] = precision[1] * miss - precision[0] * step;
      if (t > 0) score[t - 1] += precision[0] * step;
      squares[0] += step * step;
      squares[1] += miss * miss;
      before = path[t];
    }
    return squares;
  }

 private:
  PlacedTensor seen_, mask_;  // [T]; observations are 0 where there are none
};

double log_normaliser(int64_t normals) {
  return static_cast<double>(normals) * std::log(2 * std::numbers::pi) / 2;
}

// With unknown scales: x = (the two scales by softplus, the path), [N, 2 + T].
class BrownianMotion : public PartsTarget<BrownianMotion> {
 public:
  BrownianMotion()
      : laws_(torch::tensor(at::ArrayRef<int64_t>(kLaws), torch::kLong).to(torch::kDouble)),
        constant_(log_normaliser(kAllLaws + 2) + 2 * std::log(kLogScaleSd)) {}

  int64_t dim() const override { return 2 + kLocations; }

  template <class T>
  T point(const T* x, T* score) const {
    const std::array<SoftplusScale<T>, 2> scales{softplus_scale(x[0]), softplus_scale(x[1])};
    std::array<T, 2> precision;
    for (size_t k = 0; k < 2; ++k) precision[k] = std::exp(-2 * held_log_scale(scales[k].log));
    const std::array<T, 2> squares = ObservedPath::write(x + 2, precision, score + 2);
    T value = static_cast<T>(-constant_);
    for (size_t k = 0; k < 2; ++k) {
      const SoftplusScale<T>& scale = scales[k];
      const T laws = static_cast<T>(kLaws[k]), spread = precision[k] * squares[k];
      const T pull = scale.log * static_cast<T>(-1 / (kLogScaleSd * kLogScaleSd));
      value += scale.log_slope - laws * held_log_scale(scale.log) + (scale.log * pull - spread) / 2;
      score[k] = scale.slope * (moves(scale.log) * (spread - laws) + pull) + scale.bend;
    }
    return value;
  }

  struct Parts {
    SoftplusScale<Tensor> scale;  // each [N, 2]
    Tensor precision;             // [N, 2]
    PathResiduals off;
  };

  Parts parts_of(const Tensor& x) const {
    const SoftplusScale<Tensor> scale = softplus_scale(x.narrow(1, 0, 2));
    return {scale, (held_log_scale(scale.log) * -2).exp(), path_.residuals(x.slice(1, 2))};
  }

  Tensor value_from(const Parts& parts) const {
    const Tensor& log = parts.scale.log;
    const Tensor twice =
        parts.precision * parts.off.squares + log.square() * (1 / (kLogScaleSd * kLogScaleSd));
    return (parts.scale.log_slope - held_log_scale(log) * laws_.like(log) - twice / 2).sum(1) - constant_;
  }

  Tensor score_from(const Parts& parts) const {
    const Tensor& log = parts.scale.log;
    const Tensor spread = parts.precision * parts.off.squares - laws_.like(log);
    const Tensor of_log = moves(log) * spread - log * (1 / (kLogScaleSd * kLogScaleSd));
    return torch::cat({parts.scale.slope * of_log + parts.scale.bend,
                       ObservedPath::score(parts.off, parts.precision.narrow(1, 0, 1),
                                           parts.precision.narrow(1, 1, 1))},
                      1);
  }

 private:
  ObservedPath path_;
  PlacedTensor laws_;  // [2]
  double constant_;
};

// With known scales: x is the path, [N, T], whose law is normal.
class KnownBrownianMotion : public PartsTarget<KnownBrownianMotion> {
 public:
  KnownBrownianMotion() : constant_(log_normaliser(kAllLaws)) {
    for (size_t k = 0; k < 2; ++k) {
      precision_[k] = 1 / (kKnownScales[k] * kKnownScales[k]);
      constant_ += static_cast<double>(kLaws[k]) * std::log(kKnownScales[k]);
    }
  }

  int64_t dim() const override { return kLocations; }

  template <class T>
  T point(const T* x, T* score) const {
    const std::array<T, 2> precision{static_cast<T>(precision_[0]), static_cast<T>(precision_[1])};
    const std::array<T, 2> squares = ObservedPath::write(x, precision, score);
    return (precision[0] * squares[0] + precision[1] * squares[1]) / -2 - static_cast<T>(constant_);
  }

  PathResiduals parts_of(const Tensor& x) const { return path_.residuals(x); }

  Tensor value_from(const PathResiduals& off) const {
    const Tensor twice = off.squares.select(1, 0) * precision_[0] + off.squares.select(1, 1) * precision_[1];
    return twice * -0.5 - constant_;
  }

  Tensor score_from(const PathResiduals& off) const {
    return ObservedPath::score(off, precision_[0], precision_[1]);
  }

 private:
  ObservedPath path_;
  std::array<double, 2> precision_{};
  double constant_;
};

// The walk given the logs of its scales, [N, 2].
NoisyWalk walk_of(const Tensor& log_scales) {
  const Tensor variance = (log_scales * 2).exp();
  return NoisyWalk(observations_of_walk(), variance.select(1, 0), variance.select(1, 1));
}

// log p(log scales, y): [N, 2] -> [N].
Tensor density_of_log_scales(const Tensor& log_scales) {
  const Tensor prior = log_scales.square().sum(1) * (-0.5 / (kLogScaleSd * kLogScaleSd));
  return prior + walk_of(log_scales).log_evidence() - (log_normaliser(2) + 2 * std::log(kLogScaleSd));
}

std::vector<std::string> with_locations(std::vector<std::string> names) {
  for (int64_t t = 1; t <= kLocations; ++t) names.push_back(fmt::format("location.{}", t));
  return names;
}

constexpr const char* kWalkSource =
    "the law of the path given the scales, which is normal, by Kalman's filter; observations of the "
    "Inference Gym of TensorFlow Probability";

Problem brownian_motion() {
  const auto logs = std::make_shared<const PlaneDensity>(
      PlaneDensity::Axis{-14, 2, 160}, PlaneDensity::Axis{-16, 2, 180}, density_of_log_scales);
  const auto [mean, variance] = walk_of(logs->nodes()).marginals();
  const auto moments_with = [&, path_mean = mean, path_variance = variance](const Tensor& scales) {
    return logs->moments(torch::cat({scales, path_mean}, 1),
                         torch::cat({torch::zeros_like(scales), path_variance}, 1));
  };
  const Tensor scales = logs->nodes().exp();

  Problem problem{.target = std::make_unique<BrownianMotion>()};
  problem.reference.log_z = logs->log_mass();
  problem.reference.moments = moments_with(inverse_softplus(scales));
  problem.reference.exact_draws = [logs](int64_t n, Rng& rng) {
    const Tensor drawn = logs->draw(n, rng);
    return torch::cat({inverse_softplus(drawn.exp()), walk_of(drawn).draw(rng)}, 1);
  };
  problem.reference.parameters = Parameters{
      .coordinates = with_locations({"innovation_scale.real", "observation_scale.real"}),
      .names = with_locations({"innovation_scale", "observation_scale"}),
      .values =
          [](const Tensor& x) {
            const Tensor rows = x.to(torch::kDouble);
            return torch::cat({torch::softplus(rows.narrow(1, 0, 2)), rows.slice(1, 2)}, 1);
          },
      .moments = moments_with(scales),
      .known = torch::arange(2 + kLocations, torch::kLong)};
  problem.reference.source =
      fmt::format("quadrature over the two scales, exact rejection for draws, and {}", kWalkSource);
  return problem;
}

Problem known_brownian_motion() {
  const Tensor log_scales =
      torch::tensor(at::ArrayRef<double>(kKnownScales), torch::kDouble).log().unsqueeze(0);
  const NoisyWalk walk = walk_of(log_scales);
  const auto [mean, variance] = walk.marginals();
  Problem problem{.target = std::make_unique<KnownBrownianMotion>()};
  problem.reference.log_z = walk.log_evidence().item<double>();
  problem.reference.moments = Moments{mean.squeeze(0), variance.squeeze(0).sqrt()};
  problem.reference.exact_draws = [log_scales](int64_t n, Rng& rng) {
    return walk_of(log_scales.expand({n, 2})).draw(rng);
  };
  problem.reference.source = kWalkSource;
  return problem;
}

bool scales_are_known(const Options& options) { return options.text("scales") == "known"; }

Problem make_brownian_motion(const ProblemInput& input) {
  return scales_are_known(input.options) ? known_brownian_motion() : brownian_motion();
}

Definition define_brownian_motion(const Options& options) {
  static const std::string path =
      "sum over t = 1 .. T of [log a + (x_t - x_(t-1))^2 / (2 a^2)] - sum over i of [log b + "
      "(y_i - x_(O_i))^2 / (2 b^2)] - c with x_0 = 0, places O counted from 1";
  Json places = Json::array(), values = Json::array();
  for (int64_t t = 0; t < kLocations; ++t) {
    if (std::isnan(kSeen[t])) continue;
    places.push_back(t + 1);
    values.push_back(kSeen[t]);
  }
  if (scales_are_known(options))
    return {.density = "log q(x) = -" + path,
            .constants = {{"T", kLocations},
                          {"O", places},
                          {"y", values},
                          {"a", kKnownScales[0]},
                          {"b", kKnownScales[1]},
                          {"c", log_normaliser(kAllLaws)}},
            .modes = "one, where the score, which is linear, is 0"};
  return {.density = "log q(v, w, x) = -[(log a)^2 + (log b)^2] / (2 s^2) - log a - log b - "
                     "log(1 + exp(-v)) - log(1 + exp(-w)) - " +
                     path + ", a = log(1 + exp(v)), b = log(1 + exp(w))",
          .constants = {{"T", kLocations},
                        {"O", places},
                        {"y", values},
                        {"s", kLogScaleSd},
                        {"c", log_normaliser(kAllLaws + 2) + 2 * std::log(kLogScaleSd)}},
          .modes = "not known in closed form; the density is highest where a is tiny, away from the mass"};
}

}  // namespace

void add_brownian_motion(TargetRegistry& registry) {
  registry.add(
      {.name = "brownian-motion",
       .summary = "a random walk of 30 locations, observed with noise but for 11 to 20, and the two scales",
       .citation = "Sountsov, Radul and contributors (2020), Inference Gym of TensorFlow Probability",
       .facts = {ExactDraws::known, define_brownian_motion},
       .options = {Option::choice("scales", "unknown", {"unknown", "known"},
                                  "of steps and observations: coordinates, by softplus, or 0.1 and 0.15")},
       .make = make_brownian_motion});
}

}  // namespace samplerbench::targets
