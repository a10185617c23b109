#include "targets/conditional/linear_observation.h"

#include <utility>

#include "targets/family_member.h"

namespace samplerbench::targets {
namespace {

constexpr uint64_t kHeldOutSeed = 43;

// The posterior densities at some conditions [M, C], in blocks of rows (see Family).
class PosteriorRows : public Target {
 public:
  PosteriorRows(std::shared_ptr<const LinearObservation> model, const Tensor& conditions)
      : model_(std::move(model)),
        conditions_(conditions),
        design_(model_->design.to(conditions.options())),
        precision_(1 / (model_->noise * model_->noise)) {}

  int64_t dim() const override { return prior().dim(); }

  Tensor log_density(const Tensor& x) const override {
    return prior().log_density(x) - residual(x).square().sum(1) * (precision_ / 2);
  }

  Tensor score(const Tensor& x) const override {
    return prior().score(x) + residual(x).mm(design_.to(x.options())) * precision_;
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const ValueAndScore before = prior().value_and_score(x);
    const Tensor residual = this->residual(x);
    return {before.value - residual.square().sum(1) * (precision_ / 2),
            before.score + residual.mm(design_.to(x.options())) * precision_};
  }

 private:
  const Target& prior() const { return *model_->prior.target; }

  // c - A x: [N, C].
  Tensor residual(const Tensor& x) const {
    const int64_t each = rows_a_condition(x.size(0), conditions_.size(0));
    const Tensor c = conditions_.to(x.options());
    return (each == 1 ? c : c.repeat_interleave(each, 0)) - x.mm(design_.to(x.options()).t());
  }

  std::shared_ptr<const LinearObservation> model_;
  Tensor conditions_;  // [M, C]
  Tensor design_;      // [C, D]
  double precision_;   // 1 / s^2
};

// From the prior predictive law: [n, C] float64.
Tensor observations(const LinearObservation& model, int64_t n, Rng& rng) {
  const Tensor x = model.prior.reference.exact_draws(n, rng);
  return x.mm(model.design.t()) + model.noise * rng.normal({n, model.design.size(0)}, torch::kDouble);
}

}  // namespace

Tensor held_out_condition(const LinearObservation& model, int64_t index) {
  Rng rng = Rng(kHeldOutSeed).split("held-out conditions").split(static_cast<uint64_t>(index));
  return observations(model, 1, rng).squeeze(0);
}

Problem member_of(const std::shared_ptr<const LinearObservation>& model, const Tensor& condition,
                  Problem posterior) {
  Family family{.condition = condition,
                .draw_conditions = [model](int64_t n, Rng& rng) { return observations(*model, n, rng); },
                .at = [model](const Tensor& conditions) -> std::unique_ptr<Target> {
                  return std::make_unique<PosteriorRows>(model, conditions);
                }};
  posterior.target = std::make_unique<FamilyMember>(std::move(posterior.target), std::move(family));
  return posterior;
}

}  // namespace samplerbench::targets
