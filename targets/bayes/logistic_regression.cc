#include "targets/bayes/logistic_regression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <utility>
#include <vector>

#include "core/error.h"
#include "targets/bayes/datasets.h"
#include "targets/bayes/german_truth.h"
#include "targets/bayes/logistic_terms.h"

namespace samplerbench::targets {
namespace {

// The same rows in every dtype and on every device that was asked for, each made once.
class RowCache {
 public:
  explicit RowCache(Tensor rows) : rows_(std::move(rows)) {}

  int64_t count() const { return rows_.size(0); }
  int64_t dim() const { return rows_.size(1); }

  // [N, d], contiguous.
  Tensor as(const torch::TensorOptions& options) const {
    if (fits(rows_, options)) return rows_;
    const std::lock_guard lock(mutex_);
    for (const Tensor& copy : copies_)
      if (fits(copy, options)) return copy;
    copies_.push_back(rows_.to(options.device(), c10::typeMetaToScalarType(options.dtype())));
    return copies_.back();
  }

 private:
  static bool fits(const Tensor& rows, const torch::TensorOptions& options) {
    return rows.dtype() == options.dtype() && rows.device() == options.device();
  }

  Tensor rows_;
  mutable std::mutex mutex_;
  mutable std::vector<Tensor> copies_;
};

// Rows of logits that one block of `count` holds: about 160 KiB, which the second-level cache keeps for the
// slopes and the second product; blocks of nearly one size, in whole vectors.
int64_t block_rows(int64_t count, int64_t chains, int64_t bytes_each) {
  constexpr int64_t vector = 16;
  const int64_t most = std::clamp<int64_t>(160 * 1024 / (chains * bytes_each), 64, 1 << 14);
  const int64_t blocks = (count + most - 1) / most, each = (count + blocks - 1) / blocks;
  return (each + vector - 1) / vector * vector;
}

// At least `count` numbers that the calling thread keeps from call to call: fresh memory of this size costs a
// page fault every 4 KiB.
template <class T>
Tensor scratch(int64_t count, const torch::TensorOptions& options) {
  thread_local Tensor kept;
  if (!kept.defined() || kept.numel() < count) kept = torch::empty({count}, options);
  return kept;
}

// Adds `scale` times sum_n log sigmoid(<row_n, w>) to `value` [C] and its gradient in w to `score` [C, d], on
// the CPU. One chain in a single pass over the rows, more as matrix products.
template <class T>
void add_likelihood(const Tensor& rows, const Tensor& weights, double scale, Tensor& value, Tensor& score) {
  const int64_t chains = weights.size(0), count = rows.size(0), dim = rows.size(1);
  if (chains == 0 || count == 0) return;
  T* values = value.data_ptr<T>();
  if (chains == 1) {
    Tensor slope = torch::zeros({dim}, weights.options());
    values[0] += static_cast<T>(scale * logistic_likelihood(rows.data_ptr<T>(), count, dim,
                                                            weights.data_ptr<T>(), slope.data_ptr<T>()));
    score.select(0, 0).add_(slope, scale);
    return;
  }
  const at::AutoDispatchBelowADInplaceOrView no_graph;  // whose bookkeeping costs as much as a small product
  const int64_t block = std::min(count, block_rows(count, chains, sizeof(T)));
  const Tensor buffer = scratch<T>(chains * block, weights.options());
  std::vector<double> sums(static_cast<size_t>(chains), 0.0);
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t size = std::min(block, count - begin);
    const Tensor some = rows.narrow(0, begin, size);
    Tensor logits = buffer.narrow(0, 0, chains * size).view({chains, size});
    torch::mm_out(logits, weights, some.t());
    for (int64_t c = 0; c < chains; ++c)
      sums[static_cast<size_t>(c)] += logistic_terms(logits.data_ptr<T>() + c * size, size);
    score.addmm_(logits, some, 1, scale);
  }
  for (int64_t c = 0; c < chains; ++c) values[c] += static_cast<T>(scale * sums[static_cast<size_t>(c)]);
}

// Where alpha stops growing, far beyond all that its prior allows, so that it never overflows.
constexpr double largest_log_alpha = 60;

// The prior of weights, or of weights and log alpha, over points of [N, dim].
class Prior {
 public:
  explicit Prior(const LogisticSettings& settings) : settings_(settings) {}

  bool hierarchical() const { return settings_.prior == WeightPrior::hierarchical; }
  int64_t extra_coordinates() const { return hierarchical() ? 1 : 0; }

  // [N, D] -> [N], differentiable.
  Tensor log_density(const Tensor& x) const {
    if (!hierarchical()) return x.square().sum(1) * (-0.5 / (settings_.prior_sd * settings_.prior_sd));
    const int64_t d = x.size(1) - 1;
    const Tensor log_alpha = x.select(1, d);
    const Tensor square = x.narrow(1, 0, d).square().sum(1);
    return weight_of_log_alpha(d) * log_alpha -
           log_alpha.clamp_max(largest_log_alpha).exp() * (0.5 * square + settings_.gamma_rate);
  }

  // [N, D] -> [N, D], differentiable.
  Tensor score(const Tensor& x) const {
    if (!hierarchical()) return x * (-1 / (settings_.prior_sd * settings_.prior_sd));
    const int64_t d = x.size(1) - 1;
    const Tensor weights = x.narrow(1, 0, d), alpha = x.narrow(1, d, 1).clamp_max(largest_log_alpha).exp();
    const Tensor last =
        weight_of_log_alpha(d) - alpha * (0.5 * weights.square().sum(1, true) + settings_.gamma_rate);
    return torch::cat({-alpha * weights, last}, 1);
  }

  // Both on the CPU, without a graph, for contiguous x: value [N], score [N, D], written.
  template <class T>
  void fill(const Tensor& x, Tensor& value, Tensor& score) const {
    const int64_t dim = x.size(1), d = dim - extra_coordinates();
    for (int64_t i = 0; i < x.size(0); ++i) {
      const T* point = x.data_ptr<T>() + i * dim;
      T* slope = score.data_ptr<T>() + i * dim;
      const double square = std::inner_product(point, point + d, point, 0.0);
      const double precision = hierarchical() ? std::exp(std::min<double>(point[d], largest_log_alpha))
                                              : 1 / (settings_.prior_sd * settings_.prior_sd);
      for (int64_t k = 0; k < d; ++k) slope[k] = static_cast<T>(-precision * point[k]);
      double sum = -0.5 * precision * square;
      if (hierarchical()) {
        sum += weight_of_log_alpha(d) * point[d] - settings_.gamma_rate * precision;
        slope[d] = static_cast<T>(weight_of_log_alpha(d) - precision * (0.5 * square + settings_.gamma_rate));
      }
      value.data_ptr<T>()[i] = static_cast<T>(sum);
    }
  }

 private:
  // d / 2 of the weights' density and the Gamma's shape, its Jacobian included.
  double weight_of_log_alpha(int64_t d) const { return 0.5 * static_cast<double>(d) + settings_.gamma_shape; }

  LogisticSettings settings_;
};

// The posterior on rows of which each stands for `scale` of the data: 1 for all of them, N / size for a
// minibatch.
class Posterior : public Target {
 public:
  Posterior(Prior prior, double scale) : prior_(std::move(prior)), scale_(scale) {}

  int64_t dim() const override { return features() + prior_.extra_coordinates(); }

  Tensor log_density(const Tensor& x) const override {
    if (!x.requires_grad() || !torch::GradMode::is_enabled()) return value_and_score(x).value;
    const Tensor logits = weights(x).mm(rows(x.options()).t());
    return torch::log_sigmoid(logits).sum(1) * scale_ + prior_.log_density(x);
  }

  Tensor score(const Tensor& x) const override {
    if (!x.requires_grad() || !torch::GradMode::is_enabled()) return value_and_score(x).score;
    return tensor_score(x);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor points = x.detach().contiguous();
    if (points.is_cpu() && points.scalar_type() == torch::kFloat32) return on_cpu<float>(points);
    if (points.is_cpu() && points.scalar_type() == torch::kFloat64) return on_cpu<double>(points);
    const Tensor logits = weights(points).mm(rows(points.options()).t());
    return {torch::log_sigmoid(logits).sum(1) * scale_ + prior_.log_density(points), tensor_score(points)};
  }

 protected:
  virtual int64_t features() const = 0;
  virtual Tensor rows(const torch::TensorOptions& options) const = 0;  // [M, d]

  const Prior prior_;

 private:
  Tensor weights(const Tensor& x) const { return x.narrow(1, 0, features()); }

  Tensor tensor_score(const Tensor& x) const {
    const Tensor all = rows(x.options());
    const Tensor slope = torch::sigmoid(-weights(x).mm(all.t())).mm(all) * scale_;
    return torch::constant_pad_nd(slope, {0, prior_.extra_coordinates()}) + prior_.score(x);
  }

  template <class T>
  ValueAndScore on_cpu(const Tensor& x) const {
    Tensor value = torch::empty({x.size(0)}, x.options()), score = torch::empty_like(x);
    prior_.fill<T>(x, value, score);
    Tensor slope = score.narrow(1, 0, features());
    add_likelihood<T>(rows(x.options()), weights(x), scale_, value, slope);
    return {std::move(value), std::move(score)};
  }

  double scale_;
};

class Minibatch : public Posterior {
 public:
  Minibatch(const Prior& prior, Tensor rows, int64_t count)
      : Posterior(prior, static_cast<double>(count) / static_cast<double>(rows.size(0))),
        rows_(std::move(rows)),
        share_(static_cast<double>(rows_.size(0)) / static_cast<double>(count)) {}

  double data_share() const override { return share_; }

 protected:
  int64_t features() const override { return rows_.size(1); }
  Tensor rows(const torch::TensorOptions& options) const override {
    return rows_.to(options.device(), c10::typeMetaToScalarType(options.dtype()));
  }

 private:
  Tensor rows_;
  double share_;
};

class LogisticRegression : public Posterior {
 public:
  LogisticRegression(const Tensor& rows, const LogisticSettings& settings)
      : Posterior(Prior(settings), 1), rows_(rows) {}

  double data_share() const override { return 1; }

  // Rows with replacement: the score is unbiased.
  std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const override {
    if (size < 1 || size > rows_.count())
      throw InputError(fmt::format("minibatch = {}: from 1 to the {} training rows", size, rows_.count()));
    const Tensor all = rows_.as(torch::kFloat32);
    return std::make_unique<Minibatch>(
        prior_, all.index_select(0, rng.integers(rows_.count(), {size}, torch::kInt64)), rows_.count());
  }

 protected:
  int64_t features() const override { return rows_.dim(); }
  Tensor rows(const torch::TensorOptions& options) const override { return rows_.as(options); }

 private:
  RowCache rows_;
};

// Which rows are held out: a random permutation's first ones, so that equal seeds give every sampler the same
// split.
struct Split {
  Dataset training;
  Dataset test;
};

Split split_dataset(const Dataset& data, double test_share, uint64_t seed) {
  const int64_t count = data.labels.size(0);
  const auto held_out = static_cast<int64_t>(std::llround(test_share * static_cast<double>(count)));
  const Tensor order = Rng(seed).split("train-test split").permutation(count);
  const auto part = [&](int64_t begin, int64_t size) {
    const Tensor chosen = order.narrow(0, begin, size);
    return Dataset{.features = data.features.index_select(0, chosen),
                   .labels = data.labels.index_select(0, chosen)};
  };
  return {.training = part(held_out, count - held_out), .test = part(0, held_out)};
}

Tensor with_constant(const Tensor& features) {
  return torch::cat({features, torch::ones({features.size(0), 1}, features.options())}, 1);
}

// Mean over draws of sigmoid(<x_t, w>), some draws at a time: bounds memory to 64 MiB.
TestSet test_set(const Dataset& data) {
  const Tensor points = with_constant(data.features);
  return {.labels = (data.labels > 0).to(torch::kFloat64), .predict = [points](const Tensor& draws) {
            torch::NoGradGuard no_grad;
            const Tensor weights = draws.narrow(1, 0, points.size(1)).to(torch::kFloat32);
            const int64_t at_once = std::max<int64_t>(1, (1 << 24) / points.size(0));
            Tensor sum = torch::zeros({points.size(0)}, torch::kFloat64);
            for (int64_t begin = 0; begin < weights.size(0); begin += at_once) {
              const Tensor some = weights.narrow(0, begin, std::min(at_once, weights.size(0) - begin));
              sum.add_(points.mm(some.t()).sigmoid_().sum(1, false, torch::kFloat64));
            }
            return sum.div_(weights.size(0));
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
    problem.target = logistic_regression(signed_rows(data), settings_of(options));
  } else {
    const Split split = split_dataset(data, options.real("test_share"),
                                      fixed < 0 ? input.seed : static_cast<uint64_t>(fixed));
    if (split.test.labels.size(0) == 0 || split.training.labels.size(0) == 0)
      throw InputError(fmt::format("test_share = {}: of {} rows, that leaves none to train or test on",
                                   options.real("test_share"), data.labels.size(0)));
    problem.target = logistic_regression(signed_rows(split.training), settings_of(options));
    problem.reference.test_set = test_set(split.test);
  }
  if (options.text("truth") == "inference-gym") {
    require_german_model(options);
    problem.reference.moments = german_truth(input.files);
    problem.reference.log_z = german_log_z;
    problem.reference.source += "; moments and log Z of TensorFlow Probability's Inference Gym";
  }
  return problem;
}

std::vector<std::string> files_of(const Options& options) {
  std::vector<std::string> files = dataset_files(options.text("data"));
  if (options.text("truth") == "inference-gym") files.push_back(german_truth_file);
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
      Option::real("prior_sd", 1.0, "of prior=normal").above(0),
      Option::real("gamma_shape", 1.0, "of prior=hierarchical").above(0),
      Option::real("gamma_rate", 0.01, "of prior=hierarchical").above(0),
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

std::unique_ptr<Target> logistic_regression(const Tensor& rows, const LogisticSettings& settings) {
  return std::make_unique<LogisticRegression>(rows.contiguous(), settings);
}

Tensor signed_rows(const Dataset& data) {
  return with_constant(data.features).mul_(data.labels.unsqueeze(1));
}

void add_logistic_regression(TargetRegistry& registry) {
  registry.add(
      {.name = "logistic_regression",
       .summary = "posterior of a Bayesian logistic regression on a data set",
       .citation = "the benchmark of Liu and Wang (2016), arXiv 1608.04471, section 5; constants there",
       .options = options(),
       .make = make_logistic_regression,
       .files = files_of});
}

}  // namespace samplerbench::targets
