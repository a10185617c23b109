#include "targets/flow/matched_flow.h"

#include "targets/flow/flow_layers.h"

namespace samplerbench::targets {

MatchedFlow::MatchedFlow(const FlowShape& shape, bool map)
    : whole_(std::make_shared<const FlowNetwork>(shape)), matched_(whole_) {
  if (!map || shape.pixel_alpha == 0) return;
  FlowShape after = shape;
  after.pixel_alpha = 0;
  matched_ = std::make_shared<const FlowNetwork>(after);
  preparation_ = pixel_logit_layer(shape.dim, shape.pixel_alpha);
}

Tensor MatchedFlow::loss(const FlowObjectiveSettings& settings, const Weights& weights, const Tensor& x,
                         Rng& rng) const {
  return flow_loss(settings, *matched_, weights,
                   preparation_ ? preparation_->step(x, {}, /*for_score=*/false).y : x, rng);
}

}  // namespace samplerbench::targets
