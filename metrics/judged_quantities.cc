#include "metrics/judged_quantities.h"

#include <vector>

#include "metrics/requirements.h"

namespace samplerbench::metrics {

Option JudgedQuantities::option() {
  return Option::choice("of", "coordinates", {"coordinates", "parameters"},
                        "the target's coordinates, or the parameters of its model whose moments are known")
      .added_later();
}

std::optional<std::string> JudgedQuantities::missing(const Evidence& evidence) const {
  if (!parameters_) return needs_moments(evidence);
  const auto& parameters = evidence.problem.reference.parameters;
  if (parameters && parameters->moments) return std::nullopt;
  return "needs known moments of parameters";
}

const targets::Moments& JudgedQuantities::truth(const Evidence& evidence) const {
  const targets::Reference& reference = evidence.problem.reference;
  return parameters_ ? *reference.parameters->moments : *reference.moments;
}

Tensor JudgedQuantities::at(const Evidence& evidence, const Tensor& points) const {
  if (!parameters_) return points;
  const targets::Parameters& parameters = *evidence.problem.reference.parameters;
  const Tensor rows = points.reshape({-1, points.size(-1)});
  const Tensor values = parameters.values(rows).index_select(1, parameters.known);
  require_finite(values, "rows of parameters");
  std::vector<int64_t> sizes = points.sizes().vec();
  sizes.back() = values.size(1);
  return values.view(sizes);
}

}  // namespace samplerbench::metrics
