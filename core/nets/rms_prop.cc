#include "core/nets/rms_prop.h"

#include "core/nets/blocks.h"

namespace samplerbench {

RmsProp::RmsProp(const Tensor& parameters, const RmsPropSettings& settings)
    : FlatOptimiser(parameters, settings.clip), settings_(settings), square_(torch::zeros_like(parameters)) {}

void RmsProp::advance(Tensor& parameters, double rate) {
  for_blocks(parameters, [&](int64_t first, int64_t n) {
    const Tensor gradient = gradient_.narrow(0, first, n), square = square_.narrow(0, first, n),
                 moved = parameters.narrow(0, first, n);
    Tensor root = scratch_.narrow(0, 0, n);
    square.mul_(settings_.decay).addcmul_(gradient, gradient, 1 - settings_.decay);
    at::sqrt_out(root, square).add_(settings_.epsilon);
    moved.addcdiv_(gradient, root, -rate * settings_.learning_rate);
  });
}

void RmsProp::save(Archive& archive) const {
  archive.put("rms_square", square_);
  archive.put("rms_updates", torch::tensor(updates_, torch::kLong));
}

void RmsProp::load(const Archive& archive) {
  archive.restore("rms_square", square_);
  updates_ = archive.get("rms_updates").item<int64_t>();
}

}  // namespace samplerbench
