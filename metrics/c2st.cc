#include "metrics/c2st.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "metrics/image_features.h"
#include "metrics/requirements.h"
#include "metrics/row_order.h"
#include "targets/bayes/dataset.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kMostCoordinates = 1024;  // whose squares make a matrix of 2049 x 2049 for each fold
constexpr int64_t kNewtonSteps = 100;
constexpr int64_t kHalvings = 30;
constexpr double kSettledDecrement = 1e-12;  // squared; the error after one more step is about its square
constexpr double kArmijo = 1e-4;             // the share of the slope's promise that a step must keep
constexpr double kLossRounding = 1e-12;      // relative

// The step to take off the coefficients [K, P], and the squared Newton decrements, gradient times step: [K].
struct NewtonStep {
  Tensor step, decrement;
};

// Logistic regressions with ridge penalty, one a fold, fitted all at once. `rows` [N, P] are features, turned
// round for one of the two sets, so that a rule tells a row right where its product with it is above 0.
// `weights` [K, N] are those of the rows in each fit.
class FoldFits {
 public:
  FoldFits(Tensor rows, Tensor weights, double ridge)
      : rows_(std::move(rows)), weights_(std::move(weights)), ridge_(ridge) {}

  // [K, P] -> [K, N]
  Tensor margins(const Tensor& coefficients) const { return torch::mm(coefficients, rows_.t()); }

  // The coefficients at the minima, which are unique: [K, P]. Throws CannotJudge.
  Tensor minima() const {
    Tensor fitted = torch::zeros({weights_.size(0), rows_.size(1)}, rows_.options());
    for (int64_t i = 0; i < kNewtonSteps; ++i) {
      const NewtonStep newton = newton_step(fitted);
      if (newton.decrement.max().item<double>() <= kSettledDecrement) return fitted - newton.step;
      fitted = after(newton, fitted);
    }
    throw CannotJudge(fmt::format("the classifier has not settled after {} Newton steps", kNewtonSteps));
  }

 private:
  // [K, P] -> [K]
  Tensor losses(const Tensor& coefficients) const {
    return coefficients.square().sum(1) * (ridge_ / 2) -
           (weights_ * torch::log_sigmoid(margins(coefficients))).sum(1);
  }

  NewtonStep newton_step(const Tensor& fitted) const {
    const Tensor wrong = (-margins(fitted)).sigmoid();  // the probability of the other set
    const Tensor gradient = fitted * ridge_ - torch::mm(weights_ * wrong, rows_);
    const Tensor root = at::linalg_cholesky(hessians(weights_ * wrong * (1 - wrong)));
    const Tensor half = at::linalg_solve_triangular(root, gradient.unsqueeze(2), /*upper=*/false);
    const Tensor step = at::linalg_solve_triangular(root.transpose(1, 2), half, /*upper=*/true);
    return {step.squeeze(2), half.squeeze(2).square().sum(1)};
  }

  // Of the losses, at curvatures [K, N] of the rows: [K, P, P].
  Tensor hessians(const Tensor& curvatures) const {
    const int64_t folds = curvatures.size(0), width = rows_.size(1);
    const Tensor all = torch::empty({folds, width, width}, rows_.options());
    for (int64_t k = 0; k < folds; ++k)
      all[k].copy_(torch::mm(rows_.t(), rows_ * curvatures[k].unsqueeze(1)));
    all.diagonal(0, 1, 2).add_(ridge_);
    return all;
  }

  // The step is halved for each fold until its loss falls enough, but for rounding.
  Tensor after(const NewtonStep& newton, const Tensor& fitted) const {
    const Tensor before = losses(fitted), allowed = before * (1 + kLossRounding);
    Tensor length = torch::ones_like(before);
    for (int64_t i = 0;; ++i) {
      const Tensor next = fitted - length.unsqueeze(1) * newton.step;
      const Tensor too_high = losses(next) > allowed - length * newton.decrement * kArmijo;
      if (i == kHalvings || !too_high.any().item<bool>()) return next;
      length = torch::where(too_high, length / 2, length);
    }
  }

  Tensor rows_, weights_;
  double ridge_;
};

// What rows weigh in the fit of each fold: 0 where it holds them out. The other rows of both sets weigh the
// same in all, and 1 in the mean. [N], [M] -> [K, N + M].
Tensor fold_weights(const Tensor& folds_of_x, const Tensor& folds_of_y, int64_t folds) {
  const Tensor fold = torch::arange(folds, torch::kLong).unsqueeze(1);
  const Tensor of_x = folds_of_x.unsqueeze(0).ne(fold).to(torch::kDouble);
  const Tensor of_y = folds_of_y.unsqueeze(0).ne(fold).to(torch::kDouble);
  const Tensor n = of_x.sum(1, true), m = of_y.sum(1, true), half = (n + m) / 2;
  return torch::cat({of_x * (half / n), of_y * (half / m)}, 1);
}

class ClassifierTwoSample : public Metric {
 public:
  explicit ClassifierTwoSample(const Options& options)
      : always_coordinates_(options.text("features") == "coordinates"),
        most_features_(options.integer("most_features")),
        folds_(options.integer("folds")),
        points_(options.integer("points")),
        ridge_(options.real("ridge")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_draws(evidence, folds_)) return reason;
    if (by_network(evidence)) {
      if (evidence.problem.reference.images->test.size(0) >= folds_) return std::nullopt;
      return fmt::format("needs at least {} test images", folds_);
    }
    if (evidence.draws.size(1) > kMostCoordinates)
      return fmt::format("needs at most {} coordinates, or images with a feature network", kMostCoordinates);
    return needs_reference(evidence, folds_);
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    torch::NoGradGuard no_grad;
    require_finite_draws(evidence);
    const Tensor order = sorted_order(first_of(evidence.draws));
    const auto [x, y] = by_network(evidence) ? image_features(evidence) : point_features(evidence);
    return held_out_accuracy(x.index_select(0, order), y, folds_, ridge_, rng);
  }

  std::string convention() const override {
    return fmt::format(
        "accuracy of a classifier between the first {} draws at most and as many exact ones: the mean of the "
        "shares of both that are told right, each by what is fitted to the other ones of {} folds (0.5: not "
        "told apart, and below by chance alone; 1: wholly apart); logistic regression, summed loss in which "
        "both sets weigh the same, ridge penalty {}, on {}coordinates, their squares, and their products in "
        "pairs where all of them are {} features at most, which show first and second moments alone; all in "
        "standard deviations of the exact draws or test images; float64",
        points_, folds_, ridge_,
        always_coordinates_ ? ""
                            : "the features of draws and test images where the target has a feature network, "
                              "else on ",
        most_features_);
  }

 private:
  bool by_network(const Evidence& evidence) const {
    const auto& images = evidence.problem.reference.images;
    return !always_coordinates_ && images && images->network.features;
  }

  Tensor first_of(const Tensor& rows) const { return rows.slice(0, 0, points_); }

  // Of the draws and of the test images.
  std::pair<Tensor, Tensor> image_features(const Evidence& evidence) const {
    const Tensor x = first_of(draw_features(evidence)), y = first_of(test_.of(evidence));
    return {standardised_by(x, y), standardised_by(y, y)};
  }

  // Of the draws and of the exact draws.
  std::pair<Tensor, Tensor> point_features(const Evidence& evidence) const {
    const Tensor x = first_of(evidence.draws), y = first_of(evidence.reference);
    return {quadratic_features(standardised_by(x, y), most_features_),
            quadratic_features(standardised_by(y, y), most_features_)};
  }

  bool always_coordinates_;
  int64_t most_features_, folds_, points_;
  double ridge_;
  TestFeatures test_;
};

}  // namespace

Tensor standardised_by(const Tensor& x, const Tensor& exact) {
  const Tensor spread = exact.std(0, false);
  require_finite(spread, "standard deviations of exact draws");
  const Tensor unit = torch::where(spread > 0, spread, torch::ones_like(spread));
  const double farthest = std::sqrt(static_cast<double>(exact.size(0)));
  return ((x - exact.mean(0)) / unit).clamp(-farthest, farthest);
}

Tensor quadratic_features(const Tensor& x, int64_t most) {
  const int64_t dim = x.size(1);
  std::vector<Tensor> parts{x, x.square()};
  if (2 * dim + dim * (dim - 1) / 2 <= most)
    for (int64_t d = 1; d < dim; ++d) parts.push_back(x.narrow(1, 0, d) * x.narrow(1, d, 1));
  return torch::cat(parts, 1);
}

double held_out_accuracy(const Tensor& x, const Tensor& y, int64_t folds, double ridge, Rng& rng) {
  torch::NoGradGuard no_grad;
  const Tensor folds_of_x = rng.permutation(x.size(0)).remainder(folds);
  const Tensor folds_of_y = rng.permutation(y.size(0)).remainder(folds);
  const FoldFits fits(torch::cat({targets::with_constant(x), -targets::with_constant(y)}),
                      fold_weights(folds_of_x, folds_of_y, folds), ridge);
  const Tensor own_fold = torch::cat({folds_of_x, folds_of_y}).unsqueeze(0);
  const Tensor held_out = fits.margins(fits.minima()).gather(0, own_fold).squeeze(0);
  const Tensor right = (held_out.sign() + 1) / 2;  // a half where the classifier does not decide
  const Tensor of_x = right.slice(0, 0, x.size(0)), of_y = right.slice(0, x.size(0));
  return (of_x.mean() + of_y.mean()).item<double>() / 2;
}

void add_c2st(MetricRegistry& registry) {
  registry.add(
      {.name = "c2st",
       .summary = "accuracy of a classifier between draws and exact draws: 0.5 where it tells nothing",
       .citation = "Lopez-Paz and Oquab 2017, arXiv 1610.06545",
       .facts = {"C2ST"},
       .options = {Option::choice("features", "automatic", {"automatic", "coordinates"},
                                  "images by the target's feature network where it has one, else points by "
                                  "quadratic functions of coordinates; or always the latter"),
                   Option::integer("most_features", 200,
                                   "features up to which products in pairs stand beside coordinates "
                                   "and squares")
                       .at_least(0)
                       .at_most(2000),
                   Option::integer("folds", 5, "each of which is held out once").at_least(2).at_most(100),
                   Option::integer("points", 2000, "draws and exact draws at most, the first ones")
                       .at_least(100)
                       .at_most(100000),
                   Option::real("ridge", 1, "half of this times the squared coefficients is added to the loss, a sum "
                                "over points").at_least(0.001)},
       .make = [](const MetricInput& input) {
         return std::make_unique<ClassifierTwoSample>(input.options);
       }});
}

}  // namespace samplerbench::metrics
