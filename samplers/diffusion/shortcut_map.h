#pragma once

#include <vector>

#include "samplers/diffusion/control_net.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// A step of a deterministic flow: x' = (1 + growth) x + control u, with u the control at x. `node` says where
// the net is asked for it.
struct ShortcutStep {
  double growth = 0;
  double control = 0;
  ControlNode node;

  // x' of x and u, both [N, D].
  Tensor after(const Tensor& x, const Tensor& u) const { return (1 + growth) * x + control * u; }
};

// The map of K such steps from r = N(0, start_sd^2 I), with controls by a net that sees the lengths of steps.
// Scores are cut to `score_cap` in each coordinate, 0 for no cut.
class ShortcutMap {
 public:
  // `target` must outlive the map.
  ShortcutMap(const targets::Target& target, std::vector<ShortcutStep> steps, double start_sd,
              double score_cap);

  // n random starts: [n, D].
  Tensor starts(int64_t n, Rng& rng, const torch::TensorOptions& placement) const;

  // Their images: [N, D] -> [N, D]. One score a row for each step whose guide has the score, which the first
  // of `osds` has not.
  Tensor images(const Tensor& starts, const ControlNet& net) const;

  // log w = log q(x_K) - log r(x_0) + the log determinants of all dx' / dx, [N, D] -> [N], in the dtype of
  // the starts and of the net. The determinants are exact: D Hessian-vector products a row of each step whose
  // guide has the score, and D tangents a row through the net. The mean of w over starts from r is Z where
  // the map takes R^D onto R^D one to one; then the mean of log w is at most log Z. A step whose determinant
  // is not above 0 folds the space, or mirrors it: such rows are NaN. That none is seen at some starts does
  // not prove that there is none. Where images overlap unseen, the mean of w is above Z; where they leave a
  // part of R^D out, below it.
  //
  // In place of the determinants published code has first-order traces with a random probe. With these
  // neither holds: one step with growth 2.5 and no control has log det = D log 3.5 = 1.25 D, and the trace
  // 2.5 D.
  Tensor log_weights(const Tensor& starts, const ControlNet& net) const;

 private:
  // The score at a state as the net sees it; undefined where step k is not guided by it.
  Tensor score_at(const Tensor& x, const ShortcutStep& step) const;
  Tensor weigh(const Tensor& starts, const ControlNet& net) const;

  const targets::Target& target_;
  std::vector<ShortcutStep> steps_;
  std::vector<ControlNode> nodes_;
  double start_sd_;
  double score_cap_;
};

}  // namespace samplerbench::samplers
