#include "targets/bayes/logistic_posterior.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/error.h"
#include "core/placed.h"
#include "targets/bayes/logistic_likelihood.h"
#include "targets/graph.h"

namespace samplerbench::targets {
namespace {

// The posterior on rows of which each stands for `scale` of the data: 1 for all of them, N / size for a
// minibatch.
class Posterior : public Target {
 public:
  Posterior(LogisticPrior prior, double scale) : prior_(std::move(prior)), scale_(scale) {}

  int64_t dim() const override { return features() + prior_.extra_coordinates(); }

  Tensor log_density(const Tensor& x) const override {
    if (!is_in_graph(x)) return value_and_score(x).value;
    const Tensor logits = weights(x).mm(rows(x.options()).t());
    return torch::log_sigmoid(logits).sum(1) * scale_ + prior_.log_density(x);
  }

  Tensor score(const Tensor& x) const override {
    if (!is_in_graph(x)) return value_and_score(x).score;
    return tensor_score(x);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor points = x.detach().contiguous();
    const bool has_kernels = points.scalar_type() == torch::kFloat || points.scalar_type() == torch::kDouble;
    if (points.is_cpu() && has_kernels) return on_cpu(points);
    const Tensor logits = weights(points).mm(rows(points.options()).t());
    return {torch::log_sigmoid(logits).sum(1) * scale_ + prior_.log_density(points), tensor_score(points)};
  }

  void evaluate(int64_t n, const float* x, float* value, float* score) const override {
    write(n, x, value, score);
  }
  void evaluate(int64_t n, const double* x, double* value, double* score) const override {
    write(n, x, value, score);
  }
  bool evaluates_plainly() const override { return true; }

 protected:
  virtual int64_t features() const = 0;
  virtual Tensor rows(const torch::TensorOptions& options) const = 0;  // [M, d]

  const LogisticPrior prior_;

 private:
  Tensor weights(const Tensor& x) const { return x.narrow(1, 0, features()); }

  Tensor tensor_score(const Tensor& x) const {
    const Tensor all = rows(x.options());
    const Tensor slope = torch::sigmoid(-weights(x).mm(all.t())).mm(all) * scale_;
    return torch::constant_pad_nd(slope, {0, prior_.extra_coordinates()}) + prior_.score(x);
  }

  ValueAndScore on_cpu(const Tensor& x) const {
    Tensor value = torch::empty({x.size(0)}, x.options()), score = torch::empty_like(x);
    if (x.scalar_type() == torch::kFloat)
      write(x.size(0), x.data_ptr<float>(), value.data_ptr<float>(), score.data_ptr<float>());
    else
      write(x.size(0), x.data_ptr<double>(), value.data_ptr<double>(), score.data_ptr<double>());
    return {std::move(value), std::move(score)};
  }

  template <class T>
  void write(int64_t n, const T* x, T* value, T* score) const {
    thread_local std::vector<T> unwanted;
    if (value == nullptr) {
      unwanted.resize(static_cast<size_t>(n));
      value = unwanted.data();
    }
    const int64_t dim = this->dim();
    prior_.write(n, dim, x, value, score);
    add_logistic_likelihood(rows(c10::CppTypeToScalarType<T>::value), scale_, n, dim, x, value, score);
  }

  double scale_;
};

class Minibatch : public Posterior {
 public:
  Minibatch(const LogisticPrior& prior, Tensor rows, int64_t count)
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

class WholePosterior : public Posterior {
 public:
  WholePosterior(const Tensor& rows, const LogisticSettings& settings)
      : Posterior(LogisticPrior(settings), 1), count_(rows.size(0)), features_(rows.size(1)), rows_(rows) {}

  double data_share() const override { return 1; }

  // Rows with replacement: the score is unbiased.
  std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const override {
    if (size < 1 || size > count_)
      throw InputError(fmt::format("minibatch = {}: from 1 to the {} training rows", size, count_));
    const Tensor all = rows_.like(torch::TensorOptions(torch::kFloat));
    return std::make_unique<Minibatch>(
        prior_, all.index_select(0, rng.integers(count_, {size}, torch::kLong)), count_);
  }

 protected:
  int64_t features() const override { return features_; }
  Tensor rows(const torch::TensorOptions& options) const override { return rows_.like(options); }

 private:
  int64_t count_;
  int64_t features_;
  PlacedTensor rows_;  // [N, d]
};

}  // namespace

std::unique_ptr<Target> logistic_posterior(const Tensor& rows, const LogisticSettings& settings) {
  return std::make_unique<WholePosterior>(rows.contiguous(), settings);
}

}  // namespace samplerbench::targets
