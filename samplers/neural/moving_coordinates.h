#pragma once

#include <memory>

#include "core/archive.h"
#include "core/options.h"
#include "targets/affine_target.h"

namespace samplerbench::samplers {

// Affine coordinates x = mean + L z that a training fits anew to its own draws g(z), with their law
// unchanged: after 25, 50, 100, ... steps, `refits` times. Noise that is added to them is that of the new
// coordinates.
class MovingCoordinates {
 public:
  static OptionTable options();

  // `target` must outlive this object.
  MovingCoordinates(const targets::Target& target, const Options& options);

  // Whether they move at all.
  bool move() const { return refits_ > 0; }

  // Whether they are to be fitted after this many steps.
  bool due(int64_t steps) const;

  // How many draws a fit takes: D + 8.
  int64_t points() const { return target_.dim() + 8; }

  // How a point z moves: to matrix (z - shift).
  struct Change {
    Tensor matrix;  // [D, D] float64
    Tensor shift;   // [D] float64
  };

  // Fits them to draws z, [n, D], with n scores of the target. Throws Diverged where scores are not finite.
  Change fit(const Tensor& z);

  // The target in these coordinates. Valid until the next fit.
  const targets::Target& target() const { return seen_ ? *seen_ : target_; }

  // The x of each z: [N, D] -> [N, D].
  Tensor map(const Tensor& z) const { return seen_ ? seen_->map(z) : z; }

  void save(Archive& archive) const;
  void load(const Archive& archive);

 private:
  void see(const targets::AffineMap& map) { seen_ = std::make_unique<targets::AffineTarget>(target_, map); }

  const targets::Target& target_;
  int64_t refits_;
  std::unique_ptr<targets::AffineTarget> seen_;  // null where they never move
};

}  // namespace samplerbench::samplers
