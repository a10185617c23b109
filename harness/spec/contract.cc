#include "harness/spec/contract.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <utility>

#include "core/dtype_words.h"
#include "core/error.h"

namespace samplerbench::harness {
namespace {

// "(100, 2) float32"; a size that is not known is "n".
std::string shape_words(const std::vector<int64_t>& sizes, torch::ScalarType dtype) {
  std::string words;
  for (const int64_t size : sizes) {
    if (!words.empty()) words += ", ";
    words += size == kAnySize ? "n" : fmt::format("{}", size);
  }
  return fmt::format("({}) {}", words, dtype_words(dtype));
}

bool fits(const Tensor& value, const std::vector<int64_t>& sizes, torch::ScalarType dtype) {
  if (value.layout() != torch::kStrided || value.scalar_type() != dtype) return false;
  if (value.dim() != std::ssize(sizes)) return false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const int64_t size = value.sizes()[i];
    if (sizes[i] == kAnySize ? size < 1 : size != sizes[i]) return false;
  }
  return true;
}

std::string found_words(const Tensor& value) {
  if (!value.defined()) return "an undefined tensor";
  const std::string words = shape_words(value.sizes().vec(), value.scalar_type());
  return value.layout() == torch::kStrided ? words : words + " that is not dense";
}

class CheckedTarget : public targets::Target {
 public:
  explicit CheckedTarget(std::unique_ptr<const targets::Target> inner) : inner_(std::move(inner)) {}

  int64_t dim() const override { return inner_->dim(); }
  bool has_density() const override { return inner_->has_density(); }
  double data_share() const override { return inner_->data_share(); }

  Tensor log_density(const Tensor& x) const override { return value_at(x, inner_->log_density(x)); }
  Tensor score(const Tensor& x) const override { return score_at(x, inner_->score(x)); }
  targets::ValueAndScore value_and_score(const Tensor& x) const override {
    targets::ValueAndScore both = inner_->value_and_score(x);
    value_at(x, both.value);
    score_at(x, both.score);
    return both;
  }
  // What the default of a target returns as tensors is checked here as well.
  void evaluate(int64_t n, const float* x, float* value, float* score) const override {
    evaluate_checked(n, x, value, score);
  }
  void evaluate(int64_t n, const double* x, double* value, double* score) const override {
    evaluate_checked(n, x, value, score);
  }
  bool evaluates_plainly() const override { return inner_->evaluates_plainly(); }
  targets::OwnWork own_work() const override { return inner_->own_work(); }
  std::unique_ptr<targets::Target> minibatch(int64_t size, Rng& rng) const override {
    return wrapped(inner_->minibatch(size, rng));
  }
  std::unique_ptr<targets::Target> noised_exactly(const Tensor& sigma) const override {
    return wrapped(inner_->noised_exactly(sigma));
  }
  std::optional<targets::Family> family() const override {
    std::optional<targets::Family> family = inner_->family();
    if (!family) return family;
    const int64_t width =
        require_tensor(family->condition, "the family of the target", {kAnySize}, torch::kDouble).size(0);
    family->draw_conditions = [draw = std::move(family->draw_conditions), width](int64_t n, Rng& rng) {
      return require_tensor(draw(n, rng), fmt::format("draw_conditions({})", n), {n, width}, torch::kDouble);
    };
    family->at = [at = std::move(family->at)](const Tensor& conditions) { return wrapped(at(conditions)); };
    return family;
  }

 private:
  static std::unique_ptr<targets::Target> wrapped(std::unique_ptr<targets::Target> target) {
    return target ? std::make_unique<CheckedTarget>(std::move(target)) : nullptr;
  }
  template <class T>
  void evaluate_checked(int64_t n, const T* x, T* value, T* score) const {
    if (inner_->evaluates_plainly())
      inner_->evaluate(n, x, value, score);
    else
      Target::evaluate(n, x, value, score);
  }
  static Tensor value_at(const Tensor& x, const Tensor& value) {
    if (value.defined() && value.dim() == 1 && value.size(0) == x.size(0) &&
        value.scalar_type() == x.scalar_type())
      return value;  // without the cost of a message
    return require_tensor(value, "log_density of the target", {x.size(0)}, x.scalar_type());
  }
  static Tensor score_at(const Tensor& x, const Tensor& score) {
    if (score.defined() && score.sizes() == x.sizes() && score.scalar_type() == x.scalar_type()) return score;
    return require_tensor(score, "score of the target", x.sizes().vec(), x.scalar_type());
  }

  std::unique_ptr<const targets::Target> inner_;
};

void require_moments(const targets::Moments& moments, int64_t dim) {
  require_tensor(moments.mean, "the mean of the target", {dim}, torch::kDouble);
  require_tensor(moments.sd, "the standard deviations of the target", {dim}, torch::kDouble);
}

void check_modes(targets::Modes& modes) {
  require_tensor(modes.weights, "the weights of the target's modes", {kAnySize}, torch::kDouble);
  modes.assign = [assign = std::move(modes.assign), count = modes.weights.size(0)](const Tensor& x) {
    const Tensor found = require_tensor(assign(x), "assign of the target's modes", {x.size(0)}, torch::kLong);
    if (found.numel() > 0 && found.max().item<int64_t>() >= count)
      throw BrokenContract(fmt::format("assign of the target's modes returned {}, and there are {} modes",
                                       found.max().item<int64_t>(), count));
    return found;
  };
}

void check_classes(targets::Classes& classes, int64_t dim) {
  classes.draws = [inner = std::move(classes.draws), dim, count = classes.count](int64_t n, Rng& rng) {
    targets::LabelledDraws draws = inner(n, rng);
    const std::string call = fmt::format("draws({}) of the target's classes", n);
    require_tensor(draws.points, call, {n, dim}, torch::kDouble);
    require_tensor(draws.labels, call, {n}, torch::kLong);
    if (torch::logical_and(draws.labels >= 0, draws.labels < count).all().item<bool>()) return draws;
    throw BrokenContract(fmt::format("{} returned a label that is not in [0, {})", call, count));
  };
}

void check_images(targets::Images& images, int64_t dim) {
  if (images.test_points)
    images.test_points = [inner = std::move(images.test_points), dim](int64_t n) {
      targets::TestPoints test = inner(n);
      const std::string call = fmt::format("test_points({}) of the target's images", n);
      require_tensor(test.points, call, {kAnySize, dim}, torch::kDouble);
      require_tensor(test.labels, call, {test.points.size(0)}, torch::kLong);
      require_tensor(test.log_slope, call, {test.points.size(0)}, torch::kDouble);
      return test;
    };
  if (images.grey_levels)
    images.grey_levels = [inner = std::move(images.grey_levels)](const Tensor& points) {
      return require_tensor(inner(points), "grey_levels of the target's images", points.sizes().vec(),
                            points.scalar_type());
    };
}

// The same source of draws, whose draws are checked at every call; `name` is that of the function.
std::function<Tensor(int64_t, Rng&)> checked_draws(std::function<Tensor(int64_t, Rng&)> draws,
                                                   const std::string& name, int64_t dim) {
  return [inner = std::move(draws), name, dim](int64_t n, Rng& rng) {
    const std::string call = fmt::format("{}({})", name, n);
    const Tensor found = require_tensor(inner(n, rng), call, {n, dim}, torch::kDouble);
    if (!found.isfinite().all().item<bool>())
      throw BrokenContract(call + " returned draws that are not finite");
    return found;
  };
}

void check_parameters(targets::Parameters& parameters, int64_t dim) {
  const int64_t count = std::ssize(parameters.names);
  if (std::ssize(parameters.coordinates) != dim)
    throw BrokenContract(fmt::format("the target names {} coordinates, and it has {}",
                                     parameters.coordinates.size(), dim));
  if (parameters.moments) {
    require_tensor(parameters.known, "the known parameters of the target", {kAnySize}, torch::kLong);
    require_moments(*parameters.moments, parameters.known.size(0));
  }
  parameters.values = [values = std::move(parameters.values), count](const Tensor& x) {
    return require_tensor(values(x), "values of the target's parameters", {x.size(0), count}, torch::kDouble);
  };
}

void check_distances(std::function<Tensor(const Tensor&)>& distances) {
  distances = [inner = std::move(distances)](const Tensor& x) {
    return require_tensor(inner(x), "pair_distances of the target", {x.size(0), kAnySize}, torch::kDouble);
  };
}

void check_predictions(std::function<Tensor(const Tensor&)>& predict, int64_t labels) {
  if (!predict) return;
  predict = [inner = std::move(predict), labels](const Tensor& draws) {
    return require_tensor(inner(draws), "predict of the target's test set", {labels}, torch::kDouble);
  };
}

}  // namespace

const Tensor& require_tensor(const Tensor& value, const std::string& call, const std::vector<int64_t>& sizes,
                             torch::ScalarType dtype) {
  if (value.defined() && fits(value, sizes, dtype)) return value;
  throw BrokenContract(
      fmt::format("{} returned {}, and {} is right", call, found_words(value), shape_words(sizes, dtype)));
}

Json checked_diagnostics(const Json& returned) {
  Json diagnostics = Json::object();
  if (returned.is_null()) return diagnostics;
  if (!returned.is_object())
    throw BrokenContract(
        fmt::format("step() returned {}, and a flat object of numbers is right", returned.type_name()));
  for (const auto& [name, value] : returned.items()) {
    if (!value.is_number())
      throw BrokenContract(fmt::format("step() returned {} as its diagnostic '{}', and a number is right",
                                       value.type_name(), name));
    const auto number = value.get<double>();
    if (!std::isfinite(number)) throw Diverged(fmt::format("step() returned {} = {}", name, number));
    diagnostics[name] = number;
  }
  return diagnostics;
}

targets::Problem checked(targets::Problem problem) {
  if (!problem.target || problem.target->dim() < 1)
    throw BrokenContract("the target has no coordinates: dim() of at least 1 is right");
  const int64_t dim = problem.target->dim();
  targets::Reference& reference = problem.reference;
  if (reference.moments) require_moments(*reference.moments, dim);
  if (reference.modes) check_modes(*reference.modes);
  if (reference.classes) check_classes(*reference.classes, dim);
  if (reference.images) check_images(*reference.images, dim);
  if (reference.parameters) check_parameters(*reference.parameters, dim);
  if (reference.pair_distances) check_distances(reference.pair_distances);
  if (reference.test_set) {
    check_predictions(reference.test_set->predict, reference.test_set->labels.size(0));
    check_predictions(reference.test_set->log_predict, reference.test_set->labels.size(0));
  }
  if (reference.exact_draws)
    reference.exact_draws = checked_draws(std::move(reference.exact_draws), "exact_draws", dim);
  if (reference.training_draws)
    reference.training_draws = checked_draws(std::move(reference.training_draws), "training_draws", dim);
  problem.target = std::make_unique<CheckedTarget>(std::move(problem.target));
  return problem;
}

}  // namespace samplerbench::harness
