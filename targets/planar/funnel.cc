#include "targets/planar/entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr double kSd = 3;     // of v
constexpr int64_t kTen = 10;  // coordinates of funnel-10
// Of v in e^-v: 27 standard deviations down. Below it no product is infinity times zero.
constexpr double kLeastLogVariance = -80;

// log q(v, u) = -v^2/18 - (D-1) v/2 - |u|^2 e^-v / 2.
class Funnel : public PointwiseTarget<Funnel> {
 public:
  explicit Funnel(int64_t dim) : dim_(dim) {}

  int64_t dim() const override { return dim_; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor v = x.select(1, 0), u = x.slice(1, 1);
    const Tensor spread = u.square().sum(1) * precision(v);
    return (v.square() * (1 / (kSd * kSd)) + v * others() + spread) * -0.5;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor v = x.narrow(1, 0, 1), u = x.slice(1, 1);
    const Tensor pull = u * precision(v);
    const Tensor of_v = (u * pull).sum(1, true) * 0.5 - v * (1 / (kSd * kSd)) - others() / 2;
    return torch::cat({of_v, -pull}, 1);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor v = x.narrow(1, 0, 1), u = x.slice(1, 1);
    const Tensor pull = u * precision(v);
    const Tensor spread = (u * pull).sum(1, true);
    const Tensor slope = v * (1 / (kSd * kSd));
    Tensor value = torch::addcmul(spread, v, slope + others()).mul_(-0.5).squeeze(1);
    const Tensor of_v = (spread - others()).mul_(0.5).sub_(slope);
    return {value, torch::cat({of_v, -pull}, 1)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T v = x[0], slope = v * static_cast<T>(1 / (kSd * kSd)), others = static_cast<T>(this->others());
    const T precision = std::exp(-std::max(v, static_cast<T>(kLeastLogVariance)));
    T spread = 0;
    for (int64_t i = 1; i < dim_; ++i) {
      const T pull = x[i] * precision;
      spread += x[i] * pull;
      score[i] = -pull;
    }
    score[0] = (spread - others) / 2 - slope;
    return (spread + v * (slope + others)) / -2;
  }

 private:
  double others() const { return static_cast<double>(dim_ - 1); }

  // e^-v, held where v is below kLeastLogVariance.
  static Tensor precision(const Tensor& v) { return v.clamp_min(kLeastLogVariance).neg().exp(); }

  int64_t dim_;
};

// u has variance E e^v = e^(9/2).
Problem funnel(int64_t dim) {
  Problem problem{.target = std::make_unique<Funnel>(dim)};
  problem.reference.log_z = std::log(kSd) + 0.5 * static_cast<double>(dim) * std::log(2 * std::numbers::pi);
  Moments moments{torch::zeros({dim}, torch::kDouble),
                  torch::full({dim}, std::exp(kSd * kSd / 4), torch::kDouble)};
  moments.sd[0] = kSd;
  problem.reference.moments = moments;
  problem.reference.exact_draws = [dim](int64_t n, Rng& rng) {
    Tensor x = rng.normal({n, dim}, torch::kDouble);
    const Tensor v = x.narrow(1, 0, 1).mul_(kSd);
    x.slice(1, 1).mul_((v * 0.5).exp());
    return x;
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition definition_of_funnel(int64_t dim) {
  return {.density =
              "log q(v, u) = -v^2 / (2 s^2) - (D - 1) v / 2 - |u|^2 exp(-v) / 2 with x = (v, u), u of "
              "length D - 1",
          .constants = {{"s", kSd}, {"D", dim}},
          .modes = fmt::format("one, at v = {}, u = 0", -kSd * kSd * static_cast<double>(dim - 1) / 2)};
}

Definition define_funnel(const Options& options) { return definition_of_funnel(options.integer("dim")); }

Definition define_funnel_10(const Options&) { return definition_of_funnel(kTen); }

Problem make_funnel(const ProblemInput& input) { return funnel(input.options.integer("dim")); }

Problem make_funnel_10(const ProblemInput&) { return funnel(kTen); }

constexpr const char* kCitation = "Neal 2003, Slice sampling, Annals of Statistics 31(3), section 8";

}  // namespace

void add_funnel(TargetRegistry& registry) {
  registry.add({.name = "funnel",
                .summary = "Neal's funnel: the first coordinate sets the scale of the others",
                .citation = kCitation,
                .facts = {ExactDraws::known, define_funnel},
                .options = {Option::integer("dim", 2, "number of coordinates").at_least(2)},
                .make = make_funnel});
}

void add_funnel_10(TargetRegistry& registry) {
  registry.add({.name = "funnel-10",
                .summary = "Neal's funnel in ten dimensions",
                .citation = kCitation,
                .facts = {ExactDraws::known, define_funnel_10},
                .make = make_funnel_10});
}

}  // namespace samplerbench::targets
