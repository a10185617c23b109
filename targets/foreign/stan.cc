#include "targets/foreign/stan.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"
#include "targets/different_rows.h"
#include "targets/foreign/reference_draws.h"
#include "targets/foreign/stan_data.h"
#include "targets/graph.h"

namespace samplerbench::targets {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr const char* kModelKey = "model";

void keep_model(AutogradContext* context, const StanModel* model) {
  context->saved_data[kModelKey] = reinterpret_cast<int64_t>(model);
}

const StanModel* kept_model(AutogradContext* context) {
  return reinterpret_cast<const StanModel*>(context->saved_data[kModelKey].toInt());
}

// Points as the model takes them. The copy is part of the graph, so that whatever is derived from it stays on
// the CPU, and autograd on the thread that calls.
Tensor float64_points(const Tensor& x) { return x.to(torch::kCPU, torch::kDouble).contiguous(); }

// Of points in float64, outside any graph.
ValueAndScore stan_value_and_score(const StanModel& model, const Tensor& points) {
  const int64_t n = points.size(0), dim = model.dim();
  Tensor value = torch::empty({n}, torch::kDouble), score = torch::empty({n, dim}, torch::kDouble);
  const double* x = points.data_ptr<double>();
  double *values = value.data_ptr<double>(), *scores = score.data_ptr<double>();
  for (int64_t i = 0; i < n; ++i) values[i] = model.value_and_score(x + i * dim, scores + i * dim);
  return {value, score};
}

// The score as a function that autograd can differentiate once more.
struct StanScore : torch::autograd::Function<StanScore> {
  // `score` is that at x, [N, D].
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& score,
                        const StanModel* model) {
    keep_model(context, model);
    context->save_for_backward({x});
    return score.clone();
  }

  // The Hessian is symmetric: the product with its transpose is the product with itself.
  static variable_list backward(AutogradContext* context, variable_list slopes) {
    if (torch::GradMode::is_enabled())
      throw InputError("the score of a Stan model can be differentiated once, not twice");
    const StanModel& model = *kept_model(context);
    const Tensor points = context->get_saved_variables()[0], directions = slopes[0].contiguous();
    Tensor product = torch::empty(points.sizes(), torch::kDouble);
    const double *x = points.data_ptr<double>(), *v = directions.data_ptr<double>();
    double* products = product.data_ptr<double>();
    const int64_t dim = model.dim(), end = points.size(0) * dim;
    for (int64_t at = 0; at < end; at += dim) model.hessian_vector(x + at, v + at, products + at);
    return {product, Tensor(), Tensor()};
  }
};

// The log density as a function that autograd can differentiate twice. The score is computed with it.
struct StanDensity : torch::autograd::Function<StanDensity> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const StanModel* model) {
    const auto [value, score] = stan_value_and_score(*model, x);
    keep_model(context, model);
    context->save_for_backward({x, score});
    return value;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const bool differentiable = torch::GradMode::is_enabled();
    const Tensor score =
        differentiable ? StanScore::apply(saved[0], saved[1], kept_model(context)) : saved[1];
    return {slopes[0].unsqueeze(1) * score, Tensor()};
  }
};

class StanTarget : public Target {
 public:
  explicit StanTarget(std::shared_ptr<const StanModel> model) : model_(std::move(model)) {}

  int64_t dim() const override { return model_->dim(); }

  Tensor log_density(const Tensor& x) const override {
    const Tensor points = float64_points(x);
    if (is_in_graph(points)) return StanDensity::apply(points, model_.get()).to(x.options());
    Tensor value = torch::empty({points.size(0)}, torch::kDouble);
    const double* rows = points.data_ptr<double>();
    double* values = value.data_ptr<double>();
    for (int64_t i = 0; i < points.size(0); ++i) values[i] = model_->log_density(rows + i * dim());
    return value.to(x.options());
  }

  Tensor score(const Tensor& x) const override {
    const Tensor points = float64_points(x), score = stan_value_and_score(*model_, points).score;
    return (is_in_graph(points) ? StanScore::apply(points, score, model_.get()) : score).to(x.options());
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    const auto [value, score] = stan_value_and_score(*model_, float64_points(x.detach()));
    return {value.to(x.options()), score.to(x.options())};
  }

  void evaluate(int64_t n, const double* x, double* value, double* score) const override {
    for (int64_t i = 0; i < n; ++i) {
      const double here = model_->value_and_score(x + i * dim(), score + i * dim());
      if (value) value[i] = here;
    }
  }

  void evaluate(int64_t n, const float* x, float* value, float* score) const override {
    std::vector<double> point(static_cast<size_t>(dim())), slope(point.size());
    for (int64_t i = 0; i < n; ++i) {
      std::copy_n(x + i * dim(), dim(), point.begin());
      const double here = model_->value_and_score(point.data(), slope.data());
      if (value) value[i] = static_cast<float>(here);
      std::transform(slope.begin(), slope.end(), score + i * dim(),
                     [](double one) { return static_cast<float>(one); });
    }
  }

  bool evaluates_plainly() const override { return true; }
  OwnWork own_work() const override { return model_->own_work(); }

 private:
  std::shared_ptr<const StanModel> model_;
};

Parameters parameters_of(std::shared_ptr<const StanModel> model) {
  Parameters parameters{.coordinates = model->coordinates(), .names = model->parameters()};
  parameters.values = [model = std::move(model)](const Tensor& x) { return model->parameters_at(x); };
  return parameters;
}

// The place of each name among the model's, [K]. Throws InputError for a name that it lacks.
std::vector<int64_t> places_of(const std::vector<std::string>& names, const StanModel& model,
                               const std::string& shown) {
  const std::vector<std::string>& known = model.parameters();
  std::vector<int64_t> places;
  for (const std::string& name : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end())
      throw InputError(fmt::format("{}: {}", shown, unknown_name("parameter", name, known)));
    places.push_back(found - known.begin());
  }
  return places;
}

// The draws of all Q parameters in the model's order, [chains, draws, Q]; undefined where some are missing.
Tensor whole_draws(const Tensor& chains, const std::vector<int64_t>& places, int64_t own_parameters) {
  std::vector<Tensor> columns;
  for (int64_t place = 0; place < own_parameters; ++place) {
    const auto found = std::find(places.begin(), places.end(), place);
    if (found == places.end()) return {};
    columns.push_back(chains.select(2, found - places.begin()));
  }
  return torch::stack(columns, 2);
}

// Reference draws of all parameters are draws of the target too.
void add_exact_draws(const Tensor& draws, const StanModel& model, Reference& reference) {
  const Tensor pool = model.coordinates_at(draws.reshape({-1, draws.size(2)}));
  reference.moments = moments_of_chains(pool.view({draws.size(0), draws.size(1), model.dim()}));
  reference.pool = pool.size(0);
  reference.exact_draws = [pool](int64_t n, Rng& rng) {
    return different_rows(pool, n, rng, "reference draws");
  };
}

void add_reference(const ReferenceDraws& draws, const StanModel& model, const std::string& shown,
                   Reference& reference) {
  const std::vector<int64_t> places = places_of(draws.names, model, shown);
  add_known_moments(moments_of_chains(draws.chains), torch::tensor(places, torch::kLong),
                    *reference.parameters);
  reference.source += fmt::format("; {} chains of {} draws in {}", draws.chains.size(0), draws.chains.size(1),
                                  shown);
  const Tensor whole = whole_draws(draws.chains, places, model.own_parameters());
  if (!whole.defined() || !model.can_unconstrain()) return;
  try {
    add_exact_draws(whole, model, reference);
  } catch (const std::runtime_error& error) {
    throw InputError(fmt::format("{}: {}", shown, error.what()));
  }
}

std::string data_of(const ProblemInput& input) {
  const std::string name = input.options.text("data");
  return name.empty() ? "" : read_stan_data(name, input.files);
}

// What the library refuses may be the fault of its data: the message names both files.
std::shared_ptr<const StanModel> model_of(const ProblemInput& input) {
  const StanLibrary library = open_stan_library(input.files.place(input.options.text("library")));
  const std::string name = input.options.text("data"), data = data_of(input);
  try {
    return std::make_shared<const StanModel>(library, data,
                                             static_cast<unsigned>(input.options.integer("seed")));
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}; {}", error.what(),
                                 name.empty() ? "option 'data' names no file"
                                              : "option 'data' names " + input.files.shown(name)));
  }
}

Problem make_stan(const ProblemInput& input) {
  const std::shared_ptr<const StanModel> model = model_of(input);
  Problem problem{.target = stan_density(model)};
  problem.reference.parameters = parameters_of(model);
  problem.reference.source =
      fmt::format("model {} of BridgeStan {}; Hessian-vector products by {}", model->name(),
                  model->library().version,
                  model->has_hessian_vector() ? "its own function" : "central differences of its score");
  if (const std::string draws = input.options.text("reference"); !draws.empty())
    add_reference(read_reference_draws(draws, input.files), *model, input.files.shown(draws),
                  problem.reference);
  return problem;
}

Definition define_stan(const Options& options) {
  Definition definition{
      .density =
          "log q(x) = log p(theta(x), data) + log |det d theta / dx|, p the model in the library with all "
          "its constants, theta its parameters, x the same without constraints",
      .constants = {{"library", options.text("library")}},
      .modes = "not known"};
  if (const std::string data = options.text("data"); !data.empty())
    definition.constants.emplace_back("data", data);
  return definition;
}

std::vector<std::string> stan_files(const Options& options) {
  std::vector<std::string> files{options.text("library")};
  for (const char* option : {"data", "reference"})
    if (const std::string name = options.text(option); !name.empty()) files.push_back(name);
  return files;
}

}  // namespace

std::unique_ptr<Target> stan_density(std::shared_ptr<const StanModel> model) {
  return std::make_unique<StanTarget>(std::move(model));
}

void add_stan(TargetRegistry& registry) {
  registry.add(
      {.name = "stan",
       .summary = "posterior of a Stan model that BridgeStan compiled",
       .citation = "Roualdes et al. 2023, BridgeStan, JOSS 8(87), 5236",
       .facts = {ExactDraws::unknown, define_stan},
       .options = {Option::text("library", "model.so", "shared object that BridgeStan 2 made of the model"),
                   Option::text("data", "", "file of the model's data, JSON; none where empty"),
                   Option::text("reference", "",
                                "file of reference draws in posteriordb's format; none where empty"),
                   Option::integer("seed", 0, "of random numbers in the model's transformed data")
                       .at_least(0)
                       .at_most(4294967295.0)},
       .make = make_stan,
       .files = stan_files});
}

}  // namespace samplerbench::targets
