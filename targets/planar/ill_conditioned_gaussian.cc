#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/placed.h"
#include "targets/planar/entries.h"
#include "targets/pointwise_target.h"
#include "targets/random_rotation.h"

namespace samplerbench::targets {
namespace {

constexpr uint64_t kAxesSeed = 40;
constexpr double kMean = 1;  // of every coordinate

Tensor random_axes(int64_t dim) {
  Rng rng(kAxesSeed);
  return random_rotation(dim, rng);
}

// From 1 down to 1 / condition, with equal ratios: [D].
Tensor variances(int64_t dim, double condition) {
  const Tensor place =
      torch::arange(dim, torch::kDouble) / static_cast<double>(std::max<int64_t>(dim - 1, 1));
  return (-std::log(condition) * place).exp();
}

// -|(x - m) A|^2 / 2 + c, where A [D, D] has the axes over their standard deviations in its columns.
class IllConditionedGaussian : public PointwiseTarget<IllConditionedGaussian> {
 public:
  IllConditionedGaussian(const Tensor& axes, const Tensor& variances)
      : axes_(axes), variances_(variances), whitener_((axes * variances.rsqrt()).contiguous()) {}

  int64_t dim() const override { return axes_.size(0); }

  Tensor log_density(const Tensor& x) const override { return whitened(x).square().sum(1) * -0.5; }

  Tensor score(const Tensor& x) const override { return whitened(x).mm(whitener_.like(x).t()).neg(); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor z = whitened(x);
    return {z.square().sum(1) * -0.5, z.mm(whitener_.like(x).t()).neg_()};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const int64_t dim = this->dim();
    const T* a =
        whitener_.like(torch::TensorOptions(c10::CppTypeToScalarType<T>::value)).template data_ptr<T>();
    std::fill(score, score + dim, T(0));
    T square = 0;
    for (int64_t j = 0; j < dim; ++j) {
      T z = 0;
      for (int64_t i = 0; i < dim; ++i) z += (x[i] - T(kMean)) * a[i * dim + j];
      for (int64_t i = 0; i < dim; ++i) score[i] -= a[i * dim + j] * z;
      square += z * z;
    }
    return -square / 2;
  }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override;

 private:
  Tensor whitened(const Tensor& x) const { return (x - kMean).mm(whitener_.like(x)); }

  Tensor axes_, variances_;
  PlacedTensor whitener_;
};

// N(m, V diag(w + sigma^2) V'), scaled to the mass of the density above.
class NoisedIllConditioned : public Target {
 public:
  NoisedIllConditioned(const Tensor& axes, const Tensor& variances, const Tensor& sigma)
      : axes_(axes), noised_(variances + sigma.to(torch::kCPU, torch::kDouble).square().reshape({-1, 1})) {
    shrinkage_ = (noised_ / variances).log().sum(1);
  }

  int64_t dim() const override { return noised_.size(1); }

  Tensor log_density(const Tensor& x) const override {
    const Tensor y = (x - kMean).mm(axes_.like(x));
    return ((y.square() / noised_.to(x.options())).sum(1) + shrinkage_.to(x.options())) * -0.5;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor y = (x - kMean).mm(axes_.like(x));
    return (y / noised_.to(x.options())).mm(axes_.like(x).t()).neg();
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    return {log_density(x), score(x)};
  }

 private:
  PlacedTensor axes_;  // [D, D]
  Tensor noised_;      // [1, D] or [N, D] float64
  Tensor shrinkage_;   // [1] or [N] float64
};

std::unique_ptr<Target> IllConditionedGaussian::noised_exactly(const Tensor& sigma) const {
  return std::make_unique<NoisedIllConditioned>(axes_, variances_, sigma);
}

Problem make_ill_conditioned_gaussian(const ProblemInput& input) {
  const int64_t dim = input.options.integer("dim");
  const Tensor axes = random_axes(dim), w = variances(dim, input.options.real("condition"));
  Problem problem{.target = std::make_unique<IllConditionedGaussian>(axes, w)};
  problem.reference.log_z =
      0.5 * (w.log().sum().item<double>() + static_cast<double>(dim) * std::log(2 * std::numbers::pi));
  problem.reference.moments =
      Moments{torch::full({dim}, kMean, torch::kDouble), (axes.square() * w).sum(1).sqrt()};
  problem.reference.exact_draws = [root = (axes * w.sqrt()).t().contiguous()](int64_t n, Rng& rng) {
    return rng.normal({n, root.size(0)}, torch::kDouble).mm(root) + kMean;
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition define_ill_conditioned_gaussian(const Options& options) {
  const int64_t dim = options.integer("dim");
  const Tensor axes = random_axes(dim), w = variances(dim, options.real("condition"));
  return {.density = "log q(x) = -(x - m)' P (x - m) / 2, each of the D coordinates of m is 1",
          .constants = {{"D", dim}, {"P", numbers_of((axes / w).mm(axes.t()))}},
          .modes = "one, at m"};
}

}  // namespace

void add_ill_conditioned_gaussian(TargetRegistry& registry) {
  registry.add(
      {.name = "ill-conditioned-gaussian",
       .summary = "Gaussian whose variances along random axes fall from 1 to 1 / condition",
       .citation = "a choice of this suite",
       .facts = {ExactDraws::known, define_ill_conditioned_gaussian},
       .options =
           {Option::integer("dim", 10, "coordinates D").at_least(2).at_most(1000),
            Option::real("condition", 1e4, "largest variance over the smallest").at_least(1).at_most(1e8)},
       .make = make_ill_conditioned_gaussian});
}

}  // namespace samplerbench::targets
