#include <fmt/format.h>

#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "core/placed.h"
#include "targets/models/entries.h"
#include "targets/models/parts_target.h"
#include "targets/models/plane_density.h"
#include "targets/models/scales.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kSchools = 8;
constexpr std::array<double, kSchools> kGains{28, 8, -3, 7, -1, 1, 18, 12};
constexpr std::array<double, kSchools> kGainErrors{15, 10, 16, 11, 9, 11, 10, 18};
constexpr double kMeanSd = 10;                  // of the prior N(0, 10^2) of the mean effect
constexpr double kLogSdMean = 5, kLogSdSd = 1;  // of the prior of the log of the effects' deviation
constexpr int64_t kSchoolsDim = 2 + kSchools;   // mean, log deviation, schools

Tensor of_schools(const std::array<double, kSchools>& numbers) {
  return torch::tensor(at::ArrayRef<double>(numbers), torch::kDouble);
}

Tensor error_precisions() { return of_schools(kGainErrors).square().reciprocal(); }

// Minus the logs of the normal laws' heights: of 18 laws, some with a deviation that is no coordinate.
double schools_constant() {
  double sum = static_cast<double>(kSchoolsDim + kSchools) * std::log(2 * std::numbers::pi) / 2 +
               std::log(kMeanSd) + std::log(kLogSdSd);
  for (const double error : kGainErrors) sum += std::log(error);
  return sum;
}

// Minus twice the log prior of mean and log deviation, [N, 1] each, without constants.
Tensor twice_prior(const Tensor& mean, const Tensor& log_sd) {
  return mean.square() * (1 / (kMeanSd * kMeanSd)) +
         (log_sd - kLogSdMean).square() * (1 / (kLogSdSd * kLogSdSd));
}

// The score of the log prior, [N, 1] each.
Tensor pull_of_mean(const Tensor& mean) { return mean * (-1 / (kMeanSd * kMeanSd)); }
Tensor pull_of_log_sd(const Tensor& log_sd) { return (log_sd - kLogSdMean) * (-1 / (kLogSdSd * kLogSdSd)); }

// The log prior of one point (mean, log deviation, ...) without constants. Writes its score.
template <class T>
T write_schools_prior(const T* x, T* score) {
  const T off = x[1] - static_cast<T>(kLogSdMean);
  score[0] = x[0] * static_cast<T>(-1 / (kMeanSd * kMeanSd));
  score[1] = off * static_cast<T>(-1 / (kLogSdSd * kLogSdSd));
  return (x[0] * score[0] + off * score[1]) / 2;
}

// x = (mean m, log deviation t, effects e_j).
class CentredSchools : public PartsTarget<CentredSchools> {
 public:
  CentredSchools()
      : gains_(of_schools(kGains)), precision_(error_precisions()), constant_(schools_constant()) {}

  int64_t dim() const override { return kSchoolsDim; }

  template <class T>
  T point(const T* x, T* score) const {
    T value = write_schools_prior(x, score) - static_cast<T>(constant_);
    const T held = held_log_scale(x[1]), shared = std::exp(-2 * held);
    T sum = 0, spread = 0;
    for (int64_t j = 0; j < kSchools; ++j) {
      const T apart = x[2 + j] - x[0], miss = static_cast<T>(kGains[j]) - x[2 + j];
      const T pull = miss * static_cast<T>(1 / (kGainErrors[j] * kGainErrors[j]));
      sum += apart;
      spread += apart * apart;
      value -= pull * miss / 2;
      score[2 + j] = pull - shared * apart;
    }
    score[0] += shared * sum;
    score[1] += moves(x[1]) * (shared * spread - kSchools);
    return value - kSchools * held - shared * spread / 2;
  }

  struct Parts {
    Tensor mean, log_sd, shared;  // [N, 1]; the last is the precision of effects
    Tensor apart, miss, pull;     // [N, 8]; the last is the score of the likelihood
  };

  Parts parts_of(const Tensor& x) const {
    const Tensor mean = x.narrow(1, 0, 1), log_sd = x.narrow(1, 1, 1), effects = x.slice(1, 2);
    const Tensor miss = gains_.like(x) - effects;
    return {mean,           log_sd, (held_log_scale(log_sd) * -2).exp(),
            effects - mean, miss,   miss * precision_.like(x)};
  }

  Tensor value_from(const Parts& p) const {
    const Tensor twice = twice_prior(p.mean, p.log_sd) + held_log_scale(p.log_sd) * (2 * kSchools) +
                         (p.apart.square() * p.shared + p.miss * p.pull).sum(1, true);
    return twice.squeeze(1) * -0.5 - constant_;
  }

  Tensor score_from(const Parts& p) const {
    const Tensor back = p.apart * p.shared;
    const Tensor of_log_sd = moves(p.log_sd) * ((back * p.apart).sum(1, true) - kSchools);
    return torch::cat({pull_of_mean(p.mean) + back.sum(1, true), pull_of_log_sd(p.log_sd) + of_log_sd,
                       p.pull - back},
                      1);
  }

 private:
  PlacedTensor gains_, precision_;
  double constant_;
};

// x = (mean m, log deviation t, z_j) with the effects m + e^t z_j.
class NonCentredSchools : public PartsTarget<NonCentredSchools> {
 public:
  NonCentredSchools()
      : gains_(of_schools(kGains)), precision_(error_precisions()), constant_(schools_constant()) {}

  int64_t dim() const override { return kSchoolsDim; }

  template <class T>
  T point(const T* x, T* score) const {
    T value = write_schools_prior(x, score) - static_cast<T>(constant_);
    const T sd = std::exp(held_log_scale(x[1]));
    T of_sd = 0;
    for (int64_t j = 0; j < kSchools; ++j) {
      const T z = x[2 + j], miss = static_cast<T>(kGains[j]) - (x[0] + sd * z);
      const T pull = miss * static_cast<T>(1 / (kGainErrors[j] * kGainErrors[j]));
      value -= (pull * miss + z * z) / 2;
      score[0] += pull;
      of_sd += pull * z;
      score[2 + j] = pull * sd - z;
    }
    score[1] += moves(x[1]) * sd * of_sd;
    return value;
  }

  struct Parts {
    Tensor mean, log_sd, sd;  // [N, 1]
    Tensor z, miss, pull;     // [N, 8]; the last is the score of the likelihood in the effects
  };

  Parts parts_of(const Tensor& x) const {
    const Tensor mean = x.narrow(1, 0, 1), log_sd = x.narrow(1, 1, 1), z = x.slice(1, 2);
    const Tensor sd = held_log_scale(log_sd).exp(), miss = gains_.like(x) - (mean + sd * z);
    return {mean, log_sd, sd, z, miss, miss * precision_.like(x)};
  }

  Tensor value_from(const Parts& p) const {
    const Tensor twice = twice_prior(p.mean, p.log_sd) + (p.z.square() + p.miss * p.pull).sum(1, true);
    return twice.squeeze(1) * -0.5 - constant_;
  }

  Tensor score_from(const Parts& p) const {
    const Tensor of_log_sd = moves(p.log_sd) * p.sd * (p.pull * p.z).sum(1, true);
    return torch::cat({pull_of_mean(p.mean) + p.pull.sum(1, true), pull_of_log_sd(p.log_sd) + of_log_sd,
                       p.pull * p.sd - p.z},
                      1);
  }

 private:
  PlacedTensor gains_, precision_;
  double constant_;
};

// log p(mean, log deviation, gains), the effects integrated out: [N, 2] -> [N].
Tensor density_of_mean_and_log_sd(const Tensor& place) {
  const Tensor mean = place.narrow(1, 0, 1), log_sd = place.narrow(1, 1, 1);
  const Tensor variance = of_schools(kGainErrors).square() + (log_sd * 2).exp();
  const Tensor miss = of_schools(kGains) - mean;
  const Tensor twice = twice_prior(mean, log_sd) + (miss.square() / variance + variance.log()).sum(1, true);
  const double laws = static_cast<double>(kSchools + 2) * std::log(2 * std::numbers::pi) / 2;
  return twice.squeeze(1) * -0.5 - (laws + std::log(kMeanSd) + std::log(kLogSdSd));
}

// Means and variances of z_j given mean and log deviation, [N, 2] -> [N, 8] each.
std::pair<Tensor, Tensor> standardised_effects_given(const Tensor& place) {
  const Tensor sd = place.narrow(1, 1, 1).exp(), errors = of_schools(kGainErrors).square();
  const Tensor total = errors + sd.square();
  return {(of_schools(kGains) - place.narrow(1, 0, 1)) * sd / total, errors / total};
}

std::vector<std::string> school_names(const std::string& of_school) {
  std::vector<std::string> names{"mean", "log_sd"};
  for (int64_t j = 1; j <= kSchools; ++j) names.push_back(fmt::format("{}.{}", of_school, j));
  return names;
}

bool schools_are_centred(const Options& options) { return options.text("form") == "centred"; }

Problem make_eight_schools(const ProblemInput& input) {
  const bool centred = schools_are_centred(input.options);
  const auto plane = std::make_shared<const PlaneDensity>(
      PlaneDensity::Axis{-80, 80, 160}, PlaneDensity::Axis{-4, 11, 150}, density_of_mean_and_log_sd);
  const Tensor &nodes = plane->nodes(), none = torch::zeros_like(nodes);
  const auto [z, variance] = standardised_effects_given(nodes);
  const Tensor sd = nodes.narrow(1, 1, 1).exp(), effects = nodes.narrow(1, 0, 1) + sd * z;
  const Moments of_effects =
      plane->moments(torch::cat({nodes, effects}, 1), torch::cat({none, sd.square() * variance}, 1));
  const Moments of_z = plane->moments(torch::cat({nodes, z}, 1), torch::cat({none, variance}, 1));

  Problem problem;
  if (centred)
    problem.target = std::make_unique<CentredSchools>();
  else
    problem.target = std::make_unique<NonCentredSchools>();
  problem.reference.log_z = plane->log_mass();
  problem.reference.moments = centred ? of_effects : of_z;
  const auto effects_of = [](const Tensor& x) {  // (m, t, z) -> (m, t, effects)
    const Tensor rows = x.to(torch::kDouble);
    return torch::cat(
        {rows.narrow(1, 0, 2), rows.narrow(1, 0, 1) + rows.narrow(1, 1, 1).exp() * rows.slice(1, 2)}, 1);
  };
  problem.reference.exact_draws = [plane, centred, effects_of](int64_t n, Rng& rng) {
    const Tensor drawn = plane->draw(n, rng);
    const auto [given, spread] = standardised_effects_given(drawn);
    const Tensor x =
        torch::cat({drawn, given + spread.sqrt() * rng.normal({n, kSchools}, torch::kDouble)}, 1);
    return centred ? effects_of(x) : x;
  };
  if (!centred)
    problem.reference.parameters = Parameters{.coordinates = school_names("z"),
                                              .names = school_names("effect"),
                                              .values = effects_of,
                                              .moments = of_effects,
                                              .known = torch::arange(kSchoolsDim, torch::kLong)};
  problem.reference.source =
      "quadrature over mean and log deviation, given which the effects are normal; draws by exact rejection";
  return problem;
}

Definition define_eight_schools(const Options& options) {
  static const std::string prior = "-m^2 / (2 p^2) - (t - l)^2 / (2 r^2) - c - sum over j of ";
  const bool centred = schools_are_centred(options);
  return {.density = centred ? "log q(m, t, e) = " + prior +
                                   "[t + (e_j - m)^2 exp(-2 t) / 2 + (y_j - e_j)^2 / (2 s_j^2)]"
                             : "log q(m, t, z) = " + prior +
                                   "[z_j^2 / 2 + (y_j - m - exp(t) z_j)^2 / (2 s_j^2)]",
          .constants = {{"y", numbers_of(of_schools(kGains))},
                        {"s", numbers_of(of_schools(kGainErrors))},
                        {"p", kMeanSd},
                        {"l", kLogSdMean},
                        {"r", kLogSdSd},
                        {"c", schools_constant()}},
          .modes = centred ? "one, near t = l - 8 with all effects near m, away from the mass"
                           : "not known in closed form"};
}

}  // namespace

void add_eight_schools(TargetRegistry& registry) {
  registry.add(
      {.name = "eight-schools",
       .summary = "effects of coaching in eight schools, their mean and their deviation",
       .citation = "Rubin (1981), Journal of Educational Statistics 6; priors of the Inference Gym of "
                   "TensorFlow Probability",
       .facts = {ExactDraws::known, define_eight_schools},
       .options = {Option::choice("form", "centred", {"centred", "non-centred"},
                                  "the schools' coordinates: their effects, or these less the mean over the "
                                  "deviation")},
       .make = make_eight_schools});
}

}  // namespace samplerbench::targets
