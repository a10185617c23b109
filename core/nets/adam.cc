#include "core/nets/adam.h"

#include <cmath>

#include "core/nets/blocks.h"

namespace samplerbench {

Adam::Adam(const Tensor& parameters, const AdamSettings& settings)
    : FlatOptimiser(parameters, settings.clip),
      settings_(settings),
      mean_(torch::zeros_like(parameters)),
      square_(torch::zeros_like(parameters)) {}

void Adam::advance(Tensor& parameters, double rate) {
  const double steps = static_cast<double>(updates_);
  const double learning_rate = rate * settings_.learning_rate;
  const double root_correction = std::sqrt(1 - std::pow(settings_.beta2, steps));
  const double move = -learning_rate / (1 - std::pow(settings_.beta1, steps));
  for_blocks(parameters, [&](int64_t first, int64_t n) {
    const Tensor gradient = gradient_.narrow(0, first, n), mean = mean_.narrow(0, first, n),
                 square = square_.narrow(0, first, n), moved = parameters.narrow(0, first, n);
    Tensor root = scratch_.narrow(0, 0, n);
    mean.lerp_(gradient, 1 - settings_.beta1);
    square.mul_(settings_.beta2).addcmul_(gradient, gradient, 1 - settings_.beta2);
    at::sqrt_out(root, square).div_(root_correction).add_(settings_.epsilon);
    if (settings_.weight_decay > 0) moved.mul_(1 - learning_rate * settings_.weight_decay);
    moved.addcdiv_(mean, root, move);
  });
}

void Adam::save(Archive& archive) const {
  archive.put("adam_mean", mean_);
  archive.put("adam_square", square_);
  archive.put("adam_updates", torch::tensor(updates_, torch::kLong));
}

void Adam::load(const Archive& archive) {
  archive.restore("adam_mean", mean_);
  archive.restore("adam_square", square_);
  updates_ = archive.get("adam_updates").item<int64_t>();
}

}  // namespace samplerbench
