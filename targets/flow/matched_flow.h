#pragma once

#include <memory>

#include "targets/flow/flow_objective.h"

namespace samplerbench::targets {

// A flow and what an objective sees of it: the whole, or what follows its preparation of grey levels
// ("matching after preprocessing", Chao et al., arXiv 2305.15267), whose weights are the same. Likelihood is
// the same of both, up to a constant; the other objectives are not.
class MatchedFlow {
 public:
  // `map`: whether the objective is matched after the preparation. A flow without one is seen whole.
  MatchedFlow(const FlowShape& shape, bool map);

  const std::shared_ptr<const FlowNetwork>& whole() const { return whole_; }

  // The objective at points x of the whole flow, [N, D] -> []; otherwise as flow_loss().
  Tensor loss(const FlowObjectiveSettings& settings, const Weights& weights, const Tensor& x,
              Rng& rng) const;

 private:
  std::shared_ptr<const FlowNetwork> whole_, matched_;
  std::unique_ptr<FlowLayer> preparation_;  // null where the objective sees the whole
};

}  // namespace samplerbench::targets
