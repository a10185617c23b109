#include "samplers/neural/moving_coordinates.h"

#include "targets/fisher_fit.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kFirstRefit = 25;  // steps

}  // namespace

OptionTable MovingCoordinates::options() {
  return grouped("training", {Option::integer("refits", 0, "fits to own draws, after 25, 50, 100, ... steps")
                                  .at_least(0)
                                  .at_most(30)
                                  .added_later()});
}

MovingCoordinates::MovingCoordinates(const targets::Target& target, const Options& options)
    : target_(target), refits_(options.integer("refits")) {
  if (move()) see(targets::AffineMap::scaled(target.dim(), 1));
}

bool MovingCoordinates::due(int64_t steps) const {
  for (int64_t i = 0, step = kFirstRefit; i < refits_; ++i, step *= 2)
    if (step == steps) return true;
  return false;
}

MovingCoordinates::Change MovingCoordinates::fit(const Tensor& z) {
  torch::NoGradGuard no_grad;
  const Tensor points = z.to(torch::kCPU, torch::kDouble);
  const Tensor scores = seen_->score(z.to(torch::kDouble)).to(torch::kCPU);
  const targets::FisherMove move = targets::fisher_move(points, scores);
  const Tensor k = targets::cholesky_factor(move.spread);
  const targets::AffineMap& map = seen_->coordinates();
  see({.mean = map.mean + map.factor.mv(move.shift), .factor = map.factor.mm(k)});
  return {.matrix = at::linalg_inv(k), .shift = move.shift};
}

void MovingCoordinates::save(Archive& archive) const {
  if (move()) seen_->coordinates().save(archive, "moved");
}

void MovingCoordinates::load(const Archive& archive) {
  if (move()) see(targets::AffineMap::restored(archive, "moved", target_.dim()));
}

}  // namespace samplerbench::samplers
