#include "targets/classifier/class_mixture.h"

#include <string>

#include "targets/planar/gaussian_mixture.h"

namespace samplerbench::targets {
namespace {

constexpr double kClassSd = 0.5;
constexpr int64_t kGaussiansPerClass = 2;

// [6, 2]; the rows of a class follow each other.
Tensor class_centres() {
  return torch::tensor({-1.7, 0.0, -0.9, 1.3, 0.9, 1.3, 1.7, 0.0, -0.7, -1.3, 0.7, -1.3}, torch::kDouble)
      .view({kMixtureClasses * kGaussiansPerClass, 2});
}

EqualMixture mixture_of(std::optional<int64_t> chosen) {
  const Tensor centres = class_centres();
  return {chosen ? centres.narrow(0, *chosen * kGaussiansPerClass, kGaussiansPerClass) : centres, kClassSd};
}

std::optional<int64_t> class_from(const Options& options) {
  const std::string word = options.text("class");
  if (word == "all") return std::nullopt;
  return std::stoll(word);
}

Definition define_class_mixture(const Options& options) {
  return definition_of(mixture_of(class_from(options)));
}

}  // namespace

LabelledDraws class_mixture_draws(int64_t n, Rng& rng) {
  const Tensor labels = rng.integers(kMixtureClasses, {n}, torch::kLong);
  const Tensor rows = labels * kGaussiansPerClass + rng.integers(kGaussiansPerClass, {n}, torch::kLong);
  return {class_centres().index_select(0, rows).add_(rng.normal({n, 2}, torch::kDouble), kClassSd), labels};
}

Tensor class_mixture_scores(const Tensor& x, const Tensor& labels) {
  Tensor scores = torch::zeros_like(x);
  for (int64_t k = 0; k < kMixtureClasses; ++k) {
    const Problem problem = gaussian_mixture(mixture_of(k));
    const Tensor own = (labels == k).unsqueeze(1);
    scores = torch::where(own, problem.target->score(x), scores);
  }
  return scores;
}

Problem class_mixture(std::optional<int64_t> chosen) {
  Problem problem = gaussian_mixture(mixture_of(chosen));
  problem.reference.classes =
      Classes{.count = kMixtureClasses, .chosen = chosen, .draws = class_mixture_draws};
  return problem;
}

void add_class_mixture(TargetRegistry& registry) {
  registry.add(
      {.name = "class-mixture",
       .summary = "one of three classes of points, or all of them: mixtures of two touching Gaussians each",
       .citation = "a choice of this suite, for the alignment of Srinivas and Fleuret (arXiv 2006.09128)",
       .facts = {ExactDraws::known, define_class_mixture},
       .options = {Option::choice("class", "all", {"all", "0", "1", "2"},
                                  "whose density it is; methods that learn from labelled draws see all")},
       .make = [](const ProblemInput& input) { return class_mixture(class_from(input.options)); }});
}

}  // namespace samplerbench::targets
