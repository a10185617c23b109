#include "targets/conditional/linear_regression.h"

#include <cmath>
#include <numbers>

#include "targets/conditional/linear_observation.h"
#include "targets/conditional/normal_target.h"

namespace samplerbench::targets {
namespace {

constexpr uint64_t kFeaturesSeed = 41;

std::shared_ptr<const LinearObservation> linear_model(const Options& options) {
  const int64_t dim = options.integer("dim");
  auto model = std::make_shared<LinearObservation>();
  model->prior.target =
      std::make_unique<NormalTarget>(torch::zeros({dim}, torch::kDouble), torch::eye(dim, torch::kDouble), 0);
  model->prior.reference.exact_draws = [dim](int64_t n, Rng& rng) {
    return rng.normal({n, dim}, torch::kDouble);
  };
  Rng features = Rng(kFeaturesSeed).split("features");
  model->design = features.normal({options.integer("rows"), dim}, torch::kDouble);
  model->noise = options.real("noise");
  return model;
}

Tensor data_set(const LinearObservation& model, const Options& options) {
  return held_out_condition(model, options.integer("condition"));
}

// N(m, P^-1) with P = I + A' A / s^2 and m = P^-1 A' c / s^2, scaled to the height of prior times likelihood.
Problem normal_posterior(const LinearObservation& model, const Tensor& condition) {
  const Tensor& design = model.design;
  const int64_t dim = design.size(1);
  const double weight = 1 / (model.noise * model.noise);
  const Tensor precision = torch::eye(dim, torch::kDouble) + design.t().mm(design) * weight;
  const Tensor covariance = at::linalg_inv(precision), root = torch::linalg_cholesky(covariance);
  const Tensor mean = covariance.mv(design.t().mv(condition)) * weight;
  const Tensor residual = condition - design.mv(mean);
  const double peak = -(mean.square().sum() + residual.square().sum() * weight).item<double>() / 2;
  Problem problem{.target = std::make_unique<NormalTarget>(mean, precision, peak)};
  problem.reference.log_z = peak + static_cast<double>(dim) * std::log(2 * std::numbers::pi) / 2 +
                            root.diagonal().log().sum().item<double>();
  problem.reference.moments = Moments{mean, covariance.diagonal().sqrt()};
  problem.reference.exact_draws = [mean, root](int64_t n, Rng& rng) {
    return rng.normal({n, mean.size(0)}, torch::kDouble).mm(root.t()) + mean;
  };
  problem.reference.source = "closed form";
  return problem;
}

Problem make_linear_regression(const ProblemInput& input) {
  const auto model = linear_model(input.options);
  const Tensor condition = data_set(*model, input.options);
  return member_of(model, condition, normal_posterior(*model, condition));
}

Definition define_linear_regression(const Options& options) {
  const auto model = linear_model(options);
  return {.density = "log q(x) = -|x|^2 / 2 - |c - A x|^2 / (2 s^2)",
          .constants = {{"s", model->noise},
                        {"c", numbers_of(data_set(*model, options))},
                        {"A", numbers_of(model->design)}},
          .modes = "one, at (I + A' A / s^2)^-1 A' c / s^2"};
}

}  // namespace

void add_linear_regression(TargetRegistry& registry) {
  registry.add(
      {.name = "linear-regression",
       .summary = "weights of a linear regression given one of many data sets: a normal law",
       .citation = "a choice of this suite",
       .facts = {ExactDraws::known, define_linear_regression},
       .options =
           {Option::integer("dim", 4, "weights D").at_least(1).at_most(100),
            Option::integer("rows", 10, "numbers in a data set C").at_least(1).at_most(1000),
            Option::real("noise", 1, "s, standard deviation of a number given the weights").above(0),
            Option::integer("condition", 0, "number of the data set, of a fixed stream of them").at_least(0)},
       .make = make_linear_regression});
}

}  // namespace samplerbench::targets
