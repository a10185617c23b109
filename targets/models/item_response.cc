#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numbers>
#include <tuple>
#include <vector>

#include "core/placed.h"
#include "core/rng.h"
#include "targets/bayes/logistic_terms.h"
#include "targets/graph.h"
#include "targets/models/entries.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kStudents = 400, kQuestions = 100, kAnswers = 30012;
constexpr double kMeanAbility = 0.75;  // mean of the prior of the mean ability; all deviations are 1
constexpr uint64_t kAnswersSeed = 43;

constexpr int64_t kItemDim = 1 + kStudents + kQuestions;
constexpr int64_t kAllPoints = std::numeric_limits<int64_t>::max();  // none are left to tensors

// log sigmoid(0), which a pair without an answer adds to a sum over all pairs.
constexpr double kLogHalf = -std::numbers::ln2;

// 1 for a right answer, -1 for a wrong one, 0 where a student was not asked: [400, 100] float64. Simulated
// from the model; the pairs that were asked are those with the smallest of as many uniform numbers.
Tensor simulated_answers() {
  const Rng root = Rng(kAnswersSeed).split("item response");
  const Tensor ability = root.split("abilities").normal({kStudents, 1}, torch::kDouble) + kMeanAbility;
  const Tensor difficulty = root.split("difficulties").normal({1, kQuestions}, torch::kDouble);
  const Tensor right = root.split("answers").uniform({kStudents, kQuestions}, torch::kDouble) <
                       torch::sigmoid(ability - difficulty);
  const Tensor order = root.split("pairs").uniform({kStudents, kQuestions}, torch::kDouble);
  const Tensor last = std::get<0>(order.flatten().sort())[kAnswers - 1];
  return (right.to(torch::kDouble) * 2 - 1) * (order <= last).to(torch::kDouble);
}

// An answer: whose, to what, and 1 or -1.
struct Answer {
  int32_t student = 0, question = 0;
  int32_t sign = 0;
};

std::vector<Answer> list_of(const Tensor& answers) {
  const auto sign = answers.accessor<double, 2>();
  std::vector<Answer> list;
  for (int32_t i = 0; i < kStudents; ++i)
    for (int32_t j = 0; j < kQuestions; ++j)
      if (sign[i][j] != 0) list.push_back({i, j, static_cast<int32_t>(sign[i][j])});
  return list;
}

// x = (mean ability m, abilities a_i less the mean, difficulties b_j). Without a graph every point is
// evaluated by itself: the logits of a batch would take megabytes.
class ItemResponse : public PointwiseTarget<ItemResponse, kAllPoints> {
 public:
  explicit ItemResponse(const Tensor& answers)
      : list_(list_of(answers)),
        answers_(answers),
        constant_(static_cast<double>(kItemDim) * std::log(2 * std::numbers::pi) / 2) {}

  int64_t dim() const override { return kItemDim; }

  Tensor log_density(const Tensor& x) const override {
    if (!is_in_graph(x)) return value_and_score(x).value;
    return value_from(x, signed_logits(x));
  }

  Tensor score(const Tensor& x) const override {
    if (!is_in_graph(x)) return value_and_score(x).score;
    return score_from(x, signed_logits(x));
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor points = x.detach().contiguous();
    if (has_plain_numbers(points))
      return points.scalar_type() == torch::kFloat ? point_by_point<float>(points)
                                                   : point_by_point<double>(points);
    const Tensor logits = signed_logits(points);
    return {value_from(points, logits), score_from(points, logits)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    thread_local std::vector<T> terms;
    terms.resize(list_.size());
    const T *ability = x + 1, *difficulty = x + 1 + kStudents;
    for (size_t k = 0; k < list_.size(); ++k) {
      const Answer& answer = list_[k];
      terms[k] = static_cast<T>(answer.sign) * (x[0] + ability[answer.student] - difficulty[answer.question]);
    }
    const double sum = logistic_terms(terms.data(), std::ssize(terms));

    double squares = 0;
    for (int64_t i = 0; i < kItemDim; ++i) {
      const T off = i == 0 ? x[0] - static_cast<T>(kMeanAbility) : x[i];
      score[i] = -off;
      squares += static_cast<double>(off) * off;
    }
    double of_mean = 0;
    T *of_ability = score + 1, *of_difficulty = score + 1 + kStudents;
    for (size_t k = 0; k < list_.size(); ++k) {
      const Answer& answer = list_[k];
      const T slope = static_cast<T>(answer.sign) * terms[k];
      of_mean += slope;
      of_ability[answer.student] += slope;
      of_difficulty[answer.question] -= slope;
    }
    score[0] += static_cast<T>(of_mean);
    return static_cast<T>(sum - squares / 2 - constant_);
  }

 private:
  // By tensors.

  Tensor signed_logits(const Tensor& x) const {  // [N, 400, 100]
    const Tensor ability = x.narrow(1, 0, 1) + x.narrow(1, 1, kStudents);
    return (ability.unsqueeze(2) - x.narrow(1, 1 + kStudents, kQuestions).unsqueeze(1)) * answers_.like(x);
  }

  Tensor value_from(const Tensor& x, const Tensor& logits) const {
    const Tensor off = centred(x);
    const double unasked = static_cast<double>(kStudents * kQuestions - kAnswers) * kLogHalf;
    return torch::softplus(-logits).flatten(1).sum(1).neg() - unasked - off.square().sum(1) / 2 - constant_;
  }

  Tensor score_from(const Tensor& x, const Tensor& logits) const {
    const Tensor slope = (-logits).sigmoid() * answers_.like(x), of_students = slope.sum(2);
    return torch::cat({of_students.sum(1, true), of_students, -slope.sum(1)}, 1) - centred(x);
  }

  // What the prior N(0, I) is of.
  static Tensor centred(const Tensor& x) {
    return torch::cat({x.narrow(1, 0, 1) - kMeanAbility, x.slice(1, 1)}, 1);
  }

  // By plain buffers.

  template <class T>
  ValueAndScore point_by_point(const Tensor& x) const {
    const Tensor value = torch::empty({x.size(0)}, x.options()), score = torch::empty_like(x);
    evaluate(x.size(0), x.data_ptr<T>(), value.data_ptr<T>(), score.data_ptr<T>());
    return {value, score};
  }

  std::vector<Answer> list_;  // student by student
  PlacedTensor answers_;      // [400, 100]
  double constant_;
};

Problem make_item_response(const ProblemInput&) {
  Problem problem{.target = std::make_unique<ItemResponse>(simulated_answers())};
  problem.reference.source = "answers that this program simulated from the model; measured nowhere";
  return problem;
}

Definition define_item_response(const Options&) {
  return {.density = "log q(m, a, b) = sum over pairs with y_ij other than 0 of log sigmoid(y_ij (m + a_i - "
                     "b_j)) - (m - u)^2 / 2 - |a|^2 / 2 - |b|^2 / 2 - c, y_ij = 1 for a right answer and -1 "
                     "for a wrong one, simulated",
          .constants = {{"u", kMeanAbility},
                        {"y", numbers_of(simulated_answers())},
                        {"c", static_cast<double>(kItemDim) * std::log(2 * std::numbers::pi) / 2}},
          .modes = "one, since log q is concave; not known in closed form"};
}

}  // namespace

void add_item_response(TargetRegistry& registry) {
  registry.add(
      {.name = "item-response",
       .summary = "abilities of 400 students and difficulties of 100 questions, by 30,012 simulated answers",
       .citation = "Rasch's model as in the Inference Gym of TensorFlow Probability (Sountsov, Radul and "
                   "contributors, 2020), with answers of this program's own",
       .facts = {ExactDraws::unknown, define_item_response},
       .make = make_item_response});
}

}  // namespace samplerbench::targets
