#include "targets/metered_target.h"

#include <memory>
#include <utility>

#include "targets/graph.h"

namespace samplerbench::targets {

Tensor MeteredTarget::log_density(const Tensor& x) const {
  const int64_t n = x.size(0);
  const double passes = static_cast<double>(n) * inner_.data_share();
  meter_.density += n;
  meter_.data_passes += passes;
  if (!is_in_graph(x)) return inner_.log_density(x);
  const Tensor view = x.view_as(x);
  const auto first_pass = std::make_shared<bool>(true);
  view.register_hook([&meter = meter_, n, passes, first_pass](const Tensor&) {
    (std::exchange(*first_pass, false) ? meter.score : meter.hessian_vector) += n;
    meter.data_passes += passes;
  });
  return inner_.log_density(view);
}

Tensor MeteredTarget::score(const Tensor& x) const {
  const int64_t n = x.size(0);
  const double passes = static_cast<double>(n) * inner_.data_share();
  meter_.score += n;
  meter_.data_passes += passes;
  if (!is_in_graph(x)) return inner_.score(x);
  const Tensor view = x.view_as(x);
  view.register_hook([&meter = meter_, n, passes](const Tensor&) {
    meter.hessian_vector += n;
    meter.data_passes += passes;
  });
  return inner_.score(view);
}

ValueAndScore MeteredTarget::value_and_score(const Tensor& x) const {
  count(x.size(0), x.size(0));
  return inner_.value_and_score(x);
}

void MeteredTarget::evaluate(int64_t n, const float* x, float* value, float* score) const {
  count(value ? n : 0, n);
  inner_.evaluate(n, x, value, score);
}

void MeteredTarget::evaluate(int64_t n, const double* x, double* value, double* score) const {
  count(value ? n : 0, n);
  inner_.evaluate(n, x, value, score);
}

// Of points at which the score was asked for, with or without their densities, in one pass over the data.
void MeteredTarget::count(int64_t densities, int64_t scores) const {
  if (densities > 0) meter_.density += densities;
  meter_.score += scores;
  if (const double share = inner_.data_share(); share > 0)
    meter_.data_passes += static_cast<double>(scores) * share;
}

std::unique_ptr<Target> MeteredTarget::minibatch(int64_t size, Rng& rng) const {
  return std::make_unique<MeteredTarget>(inner_.minibatch(size, rng), meter_);
}

std::optional<Family> MeteredTarget::family() const {
  std::optional<Family> family = inner_.family();
  if (family)
    family->at = [at = std::move(family->at),
                  &meter = meter_](const Tensor& conditions) -> std::unique_ptr<Target> {
      return std::make_unique<MeteredTarget>(at(conditions), meter);
    };
  return family;
}

std::unique_ptr<Target> MeteredTarget::noised_exactly(const Tensor& sigma) const {
  auto exact = inner_.noised_exactly(sigma);
  return exact ? std::make_unique<MeteredTarget>(std::move(exact), meter_) : nullptr;
}

}  // namespace samplerbench::targets
