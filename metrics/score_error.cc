#include "metrics/score_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metrics/pairwise.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

constexpr double kMostExponent = 4e6;     // its rounding changes weights by 1e-9
constexpr int64_t kBlockPairs = 1 << 18;  // of points with centres at a time: 2 MiB

// The score of N(mean, covariance + sigma^2 I) of `draws`, [M, D], at x, [N, D].
Tensor gaussian_score(const Tensor& x, const Tensor& draws, double sigma) {
  const Tensor mean = draws.mean(0, true), centred = draws - mean;
  const Tensor covariance = centred.t().mm(centred) / draws.size(0);
  return -torch::mm(x - mean, (covariance + sigma * sigma * torch::eye(x.size(1), x.options())).inverse());
}

// Makes row `row` of a mixture by differences, where those of squared lengths would cancel.
void mix_by_differences(const Tensor& x, const Tensor& centres, double precision, int64_t row,
                        const KernelMixture& mixture) {
  const Tensor apart = centres - x[row];
  const Tensor exponents = apart.square().sum(1).mul_(-0.5 * precision);
  const double most = exponents.max().item<double>();
  const Tensor weights = (exponents - most).exp();
  const double mass = weights.sum().item<double>();
  mixture.score[row].copy_(weights.unsqueeze(0).mm(apart).squeeze(0) * (precision / mass));
  mixture.log_mass[row].fill_(std::log(mass) + most);
  mixture.effective[row].fill_(mass * mass / weights.square().sum().item<double>());
}

enum class Law { draws, exact };

class ScoreError : public Metric {
 public:
  ScoreError(Law law, bool relative, const Options& options)
      : law_(law),
        relative_(relative),
        points_(options.integer("points")),
        centres_(options.integer("centres")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (!evidence.score_model) return "needs a trained model of the score";
    if (law_ == Law::exact && !evidence.problem.reference.exact_draws) return "needs exact draws";
    return std::nullopt;
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    torch::NoGradGuard no_grad;
    const ScoreModel& model = *evidence.score_model;
    const auto& clean = law_ == Law::draws ? model.noiseless_draws : evidence.problem.reference.exact_draws;
    const Tensor x0 = clean(points_, rng);
    const Tensor x = x0 + model.sigma * rng.normal(x0.sizes(), x0.options());
    const ScorePair truth = truth_at(x, x0, evidence, rng);
    const double error = mean_squared_difference(model.score(x), truth);
    return relative_ ? error / mean_squared_difference(torch::zeros_like(x), truth) : error;
  }

  std::string convention() const override {
    const std::string what =
        law_ == Law::draws
            ? "E |s_phi - s_p|^2 under the law p of noised draws of the trained generator (not its average)"
            : "E |s_phi - s_q|^2 under the law q of exact draws, noised alike";
    return fmt::format(
        "{}{}, at the model's narrowest noise; the true score is {} mixtures of Gaussians about {} {} draws, "
        "E <s_phi - s_1, s_phi - s_2> (mean 0 for a perfect model, may be negative); {} points, float64",
        what, relative_ ? ", over E of the true score squared" : "",
        law_ == Law::draws ? "that of two" : "known, or that of two", centres_,
        law_ == Law::draws ? "further" : "exact", points_);
  }

  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }

 private:
  ScorePair truth_at(const Tensor& x, const Tensor& x0, const Evidence& evidence, Rng& rng) const {
    const double sigma = evidence.score_model->sigma;
    if (law_ == Law::draws)
      return estimated_scores(x, x0, evidence.score_model->noiseless_draws(centres_, rng), sigma);
    const Tensor level = torch::full({}, sigma, x.options());
    if (const auto blurred = evidence.problem.target->noised_exactly(level)) {
      const Tensor score = blurred->value_and_score(x).score;
      return {score, score};
    }
    return estimated_scores(x, x0, evidence.problem.reference.exact_draws(centres_, rng), sigma);
  }

  Law law_;
  bool relative_;
  int64_t points_;
  int64_t centres_;
};

}  // namespace

KernelMixture kernel_mixture(const Tensor& x, const Tensor& centres, double sigma) {
  torch::NoGradGuard no_grad;
  require_finite(x, "points");
  require_finite(centres, "centres");
  const double precision = 1 / (sigma * sigma);
  const Tensor middle = central_point(centres);  // only differences count, and small numbers round less
  const Tensor y = centres - middle, here = x - middle;
  const Tensor offsets = y.square().sum(1).mul_(-0.5 * precision), across = y.t() * precision;
  Tensor nearest = torch::empty_like(here), log_mass = torch::empty({x.size(0)}, x.options()),
         effective = torch::empty({x.size(0)}, x.options());
  const int64_t block = std::max<int64_t>(1, kBlockPairs / y.size(0));
  for (int64_t begin = 0; begin < x.size(0); begin += block) {
    const int64_t rows = std::min(block, x.size(0) - begin);
    Tensor weights = torch::addmm(offsets, here.narrow(0, begin, rows), across);
    const Tensor most = std::get<0>(weights.max(1, true));
    weights.sub_(most).exp_();
    const Tensor mass = weights.sum(1, true);
    nearest.narrow(0, begin, rows).copy_(weights.mm(y).div_(mass));
    log_mass.narrow(0, begin, rows).copy_((mass.log() + most).squeeze(1));
    effective.narrow(0, begin, rows).copy_(mass.squeeze(1).square() / weights.square_().sum(1));
  }
  const Tensor exponents = here.square().sum(1).mul_(0.5 * precision);
  KernelMixture mixture{nearest.sub_(here).mul_(precision), log_mass.sub_(exponents), effective};
  const Tensor far = (exponents > kMostExponent).nonzero().squeeze(1);
  for (int64_t k = 0; k < far.size(0); ++k)
    mix_by_differences(x, centres, precision, far[k].item<int64_t>(), mixture);
  return mixture;
}

ScorePair estimated_scores(const Tensor& x, const Tensor& x0, const Tensor& centres, double sigma) {
  const int64_t half = centres.size(0) / 2;
  const KernelMixture first = kernel_mixture(x, centres.narrow(0, 0, half), sigma);
  const Tensor others = centres.narrow(0, half, centres.size(0) - half);
  const KernelMixture second = kernel_mixture(x, others, sigma);
  const Tensor conditional = (x0 - x) / (sigma * sigma);
  const Tensor own = -conditional.square().sum(1) * (0.5 * sigma * sigma);
  return {first.score.lerp(conditional, (own - first.log_mass).sigmoid().unsqueeze(1)),
          second.score.lerp(gaussian_score(x, others, sigma), second.effective.pow(-2).unsqueeze(1))};
}

double mean_squared_difference(const Tensor& model, const ScorePair& truth) {
  return ((model - truth.first) * (model - truth.second)).sum(1).mean().item<double>();
}

void add_score_error(MetricRegistry& registry) {
  const auto add = [&registry](Law law, bool relative) {
    const std::string of = law == Law::draws ? "the sampler's noised draws" : "noised exact draws";
    registry.add(
        {.name = fmt::format("score_error_{}{}", law == Law::draws ? "draws" : "exact",
                             relative ? "_relative" : ""),
         .summary = fmt::format("{}squared error of a trained score against the score of {}",
                                relative ? "relative " : "", of),
         .citation = "Hyvarinen 2005, Journal of Machine Learning Research 6, page 695",
         .facts = {fmt::format("{}core error ({})", relative ? "Relative s" : "S",
                               law == Law::draws ? "draws" : "exact")},
         .options = {Option::integer("points", 2000, "points at which the scores are compared").at_least(1),
                     Option::integer("centres", 20000, "draws that a mixture in place of the law is about")
                         .at_least(2)},
         .make = [law, relative](const MetricInput& input) {
           return std::make_unique<ScoreError>(law, relative, input.options);
         }});
  };
  for (const Law law : {Law::draws, Law::exact})
    for (const bool relative : {false, true}) add(law, relative);
}

}  // namespace samplerbench::metrics
