#include "targets/bayes/logistic_regression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "targets/bayes/datasets.h"
#include "targets/bayes/german_truth.h"
#include "targets/bayes/logistic_posterior.h"
#include "targets/bayes/train_test_split.h"

namespace samplerbench::targets {
namespace {

// Calls visit(<x_t, w>) for the rows x [T, F] and some of the weights at a time, [T, some]: bounds memory to
// 64 MiB.
template <class Visit>
void visit_logits(const Tensor& points, const Tensor& weights, const Visit& visit) {
  torch::NoGradGuard no_grad;
  const int64_t at_once = std::max<int64_t>(1, (1 << 23) / points.size(0));
  for (int64_t begin = 0; begin < weights.size(0); begin += at_once)
    visit(points.mm(weights.narrow(0, begin, std::min(at_once, weights.size(0) - begin)).t()));
}

// The mean over weights [n, F] of sigmoid(<x_t, w>): [T].
Tensor mean_sigmoid(const Tensor& points, const Tensor& weights) {
  Tensor sum = torch::zeros({points.size(0)}, torch::kDouble);
  visit_logits(points, weights, [&](Tensor logits) { sum.add_(logits.sigmoid_().sum(1)); });
  return sum.div_(weights.size(0));
}

// The log of that mean, also where it would vanish.
Tensor log_mean_sigmoid(const Tensor& points, const Tensor& weights) {
  Tensor sum = torch::full({points.size(0)}, -std::numeric_limits<double>::infinity(), torch::kDouble);
  visit_logits(points, weights, [&](const Tensor& logits) {
    sum = torch::logaddexp(sum, at::log_sigmoid(logits).logsumexp(1));
  });
  return sum.sub_(std::log(static_cast<double>(weights.size(0))));
}

// Predictions in float64: weights of any size have a probability.
TestSet test_set(const Dataset& data) {
  const Tensor points = with_constant(data.features).to(torch::kDouble);
  const Tensor signed_points = signed_rows(data).to(torch::kDouble);
  const auto weights = [features = points.size(1)](const Tensor& draws) {
    return draws.narrow(1, 0, features);
  };
  return {.labels = (data.labels > 0).to(torch::kDouble),
          .predict = [=](const Tensor& draws) { return mean_sigmoid(points, weights(draws)); },
          .log_predict =
              [=](const Tensor& draws) {
                constexpr double kVanishing = 1e-290;
                const Tensor p = mean_sigmoid(signed_points, weights(draws));
                Tensor logs = p.log();
                const Tensor rows = (p < kVanishing).nonzero().squeeze(1);
                if (rows.size(0) > 0)
                  logs.index_copy_(0, rows,
                                   log_mean_sigmoid(signed_points.index_select(0, rows), weights(draws)));
                return logs;
              }};
}

LogisticSettings settings_of(const Options& options) {
  return {.prior = options.text("prior") == "normal" ? WeightPrior::normal : WeightPrior::hierarchical,
          .prior_sd = options.real("prior_sd"),
          .gamma_shape = options.real("gamma_shape"),
          .gamma_rate = options.real("gamma_rate")};
}

// The published posterior is that of all rows under N(0, I).
void require_german_model(const Options& options) {
  if (options.text("data") != "german" || options.text("prior") != "normal" ||
      options.real("prior_sd") != 1 || options.real("test_share") != 0)
    throw InputError(
        "truth = inference-gym: the published posterior is that of data = german, prior = normal, prior_sd = "
        "1, "
        "test_share = 0");
}

Problem make_logistic_regression(const ProblemInput& input) {
  const Options& options = input.options;
  const Dataset data = load_dataset(options.text("data"), options.text("label"), input.files);
  const int64_t fixed = options.integer("split");
  Problem problem;
  problem.reference.source = data.description;
  if (options.real("test_share") == 0) {
    problem.target = logistic_posterior(signed_rows(data), settings_of(options));
  } else {
    const uint64_t seed = fixed < 0 ? input.seed : static_cast<uint64_t>(fixed);
    const TrainTestSplit split = train_test_split(data, options.real("test_share"), seed);
    if (split.test.labels.size(0) == 0 || split.training.labels.size(0) == 0)
      throw InputError(fmt::format("test_share = {}: of {} rows, that leaves none to train or test on",
                                   options.real("test_share"), data.labels.size(0)));
    problem.target = logistic_posterior(signed_rows(split.training), settings_of(options));
    problem.reference.test_set = test_set(split.test);
  }
  if (options.text("truth") == "inference-gym") {
    require_german_model(options);
    problem.reference.moments = german_truth(input.files);
    problem.reference.log_z = kGermanLogZ;
    problem.reference.source += "; moments and log Z of TensorFlow Probability's Inference Gym";
  }
  return problem;
}

Definition define_logistic_regression(const Options& options) {
  static const std::string likelihood = "sum over the training rows i of log sigmoid(y_i <w, x_i>)";
  static const std::string rows = ", y_i = +-1 the label, x_i the features and a last 1, d the length of w";
  const LogisticSettings settings = settings_of(options);
  if (settings.prior == WeightPrior::normal)
    return {.density = "log q(w) = " + likelihood + " - |w|^2 / (2 s^2)" + rows,
            .constants = {{"s", settings.prior_sd}},
            .modes = "one, since log q is concave; not known in closed form"};
  return {.density = "log q(w, t) = " + likelihood + " - exp(t) |w|^2 / 2 + (d / 2 + k) t - r exp(t)" + rows +
                     ", t = log alpha",
          .constants = {{"k", settings.gamma_shape}, {"r", settings.gamma_rate}},
          .modes = "not known in closed form"};
}

std::vector<std::string> files_of(const Options& options) {
  std::vector<std::string> files = dataset_files(options.text("data"));
  if (options.text("truth") == "inference-gym") files.push_back(kGermanTruthFile);
  return files;
}

OptionTable options() {
  return {
      Option::text(
          "data", "synthetic",
          fmt::format("{}; or a file: CSV with a header line, or LIBSVM text (.svm, .libsvm), .gz or not",
                      fmt::join(dataset_names(), ", "))),
      Option::text("label", "", "of a CSV: the column of the two classes"),
      Option::choice("prior", "hierarchical", {"hierarchical", "normal"},
                     "of the weights: N(0, I / alpha) with alpha ~ Gamma and log alpha a coordinate, or "
                     "N(0, prior_sd^2 I)"),
      Option::real("prior_sd", 1.0, "of the normal prior").above(0).only_if("prior", "normal"),
      Option::real("gamma_shape", 1.0, "of alpha").above(0).only_if("prior", "hierarchical"),
      Option::real("gamma_rate", 0.01, "of alpha").above(0).only_if("prior", "hierarchical"),
      Option::real("test_share", 0.2, "share of the rows that is held out for testing; 0 trains on all")
          .at_least(0)
          .at_most(0.9),
      Option::integer("split", -1, "which random split into training and test rows; -1: the run's seed")
          .at_least(-1),
      Option::choice(
          "truth", "none", {"none", "inference-gym"},
          "published moments to compare with; inference-gym: of data=german,prior=normal,test_share=0"),
  };
}

}  // namespace

void add_logistic_regression(TargetRegistry& registry) {
  registry.add(
      {.name = "logistic_regression",
       .summary = "posterior of a Bayesian logistic regression on a data set",
       .citation = "the benchmark of Liu and Wang (2016), arXiv 1608.04471, section 5; constants there",
       .facts = {ExactDraws::unknown, define_logistic_regression},
       .options = options(),
       .make = make_logistic_regression,
       .files = files_of});
}

}  // namespace samplerbench::targets
