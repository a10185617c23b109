#include "targets/classifier/class_mixture.h"

#include <memory>
#include <string>
#include <utility>

#include "targets/family_member.h"
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

// The densities of the classes y of some conditions, [M, C] with a 1 in the place of the class, in blocks of
// rows (see Family).
class ClassRows : public Target {
 public:
  explicit ClassRows(const Tensor& conditions)
      : centres_(class_centres()
                     .view({kMixtureClasses, kGaussiansPerClass, kMixtureDim})
                     .to(conditions.options())
                     .index_select(0, conditions.argmax(1))) {}

  int64_t dim() const override { return kMixtureDim; }
  Tensor log_density(const Tensor& x) const override { return exponents(gaps(x)).logsumexp(1); }

  Tensor score(const Tensor& x) const override {
    const Tensor gaps = this->gaps(x);
    return score_of(gaps, exponents(gaps));
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor gaps = this->gaps(x), exponents = this->exponents(gaps);
    return {exponents.logsumexp(1), score_of(gaps, exponents)};
  }

 private:
  // From the centres of the row's class: [N, 2, D].
  Tensor gaps(const Tensor& x) const {
    const int64_t each = rows_a_condition(x.size(0), centres_.size(0));
    return x.unsqueeze(1) - centres_.to(x.options()).repeat_interleave(each, 0);
  }

  static Tensor exponents(const Tensor& gaps) { return gaps.square().sum(2) / (-2 * kClassSd * kClassSd); }

  static Tensor score_of(const Tensor& gaps, const Tensor& exponents) {
    return (exponents.softmax(1).unsqueeze(2) * gaps).sum(1) / (-kClassSd * kClassSd);
  }

  Tensor centres_;  // [M, 2, D]
};

// [n] -> [n, C] float64, a 1 in the place of each class.
Tensor one_hot_classes(const Tensor& labels) {
  return at::one_hot(labels, kMixtureClasses).to(torch::kDouble);
}

Family family_of_classes(int64_t chosen) {
  return {.condition = one_hot_classes(torch::tensor({chosen})).squeeze(0),
          .draw_conditions =
              [](int64_t n, Rng& rng) {
                return one_hot_classes(rng.integers(kMixtureClasses, {n}, torch::kLong));
              },
          .at = [](const Tensor& conditions) -> std::unique_ptr<Target> {
            return std::make_unique<ClassRows>(conditions);
          }};
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
  if (chosen)
    problem.target = std::make_unique<FamilyMember>(std::move(problem.target), family_of_classes(*chosen));
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
