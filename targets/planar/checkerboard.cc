#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "core/placed.h"
#include "targets/planar/box_law.h"
#include "targets/planar/ebflow_toys.h"
#include "targets/planar/entries.h"
#include "targets/planar/planar_law.h"

namespace samplerbench::targets {
namespace {

constexpr double kCellHalf = 1.5;   // h, half the side of a cell
constexpr double kUnseenBox = -45;  // of the logarithm of a box law's share of a comb

// The law of a cell's middle, uniform noise over the cell and N(0, s^2 I). Either coordinate has a comb of
// two boxes, E in the even and O in the odd places, and half the cells are even in both, half odd:
//   q(x) = (E(x1) E(x2) + O(x1) O(x2)) / 2,  E(z) = (B(z + 3 h) + B(z - h)) / 2,  O(z) = E(-z).
class Checkerboard : public PlanarLaw {
 public:
  explicit Checkerboard(const Tensor& added) : PlanarLaw(added) {}

  PlanarJet jet(int64_t row, double x1, double x2, int) const override {
    const double variance = kToySd * kToySd + added_at(row);
    const BoxTerms even1 = comb(x1, variance), even2 = comb(x2, variance);
    const BoxTerms odd1 = mirrored(comb(-x1, variance)), odd2 = mirrored(comb(-x2, variance));
    const double even = even1.value + even2.value, odd = odd1.value + odd2.value;
    const double highest = std::max(even, odd);
    const double total = std::exp(even - highest) + std::exp(odd - highest);
    const double share = std::exp(even - highest) / total, spread = share * (1 - share);
    const double gap1 = even1.slope - odd1.slope, gap2 = even2.slope - odd2.slope;
    return {.value = highest + std::log(total / 8),
            .score = {odd1.slope + share * gap1, odd2.slope + share * gap2},
            .hessian = {odd1.curvature + share * (even1.curvature - odd1.curvature) + spread * gap1 * gap1,
                        spread * gap1 * gap2,
                        odd2.curvature + share * (even2.curvature - odd2.curvature) + spread * gap2 * gap2}};
  }

  // By coordinate, comb and box: [N, 2, 2, 2].
  Tensor log_density(const Tensor& x) const override {
    const Tensor variance = (added() + kToySd * kToySd).to(x.options()).reshape({-1, 1, 1});
    const Tensor boxes = log_box(x.unsqueeze(2) - middles_.like(x), kCellHalf, variance);
    return boxes.reshape({x.size(0), 2, 2, 2}).logsumexp(3).sum(1).logsumexp(1) - std::log(8);
  }

  std::shared_ptr<const PlanarLaw> with(const Tensor& added) const override {
    return std::make_shared<Checkerboard>(added);
  }

 private:
  // log 2 E and its derivatives. A box that does not show beside the nearer one is passed over.
  static BoxTerms comb(double z, double variance) {
    double near = z + 3 * kCellHalf, far = z - kCellHalf;
    if (std::abs(far) < std::abs(near)) std::swap(near, far);
    const BoxTerms a = log_box(near, kCellHalf, variance);
    const double gap = std::abs(far) - kCellHalf;  // from the edge of the box, always above 0
    if (-gap * gap / (2 * variance) - a.value < kUnseenBox) return a;
    const BoxTerms b = log_box(far, kCellHalf, variance);
    const double ratio = std::exp(-std::abs(a.value - b.value));
    const double share = (a.value > b.value ? 1 : ratio) / (1 + ratio), difference = a.slope - b.slope;
    return {.value = std::max(a.value, b.value) + std::log1p(ratio),
            .slope = b.slope + share * difference,
            .curvature = b.curvature + share * (a.curvature - b.curvature) +
                         share * (1 - share) * difference * difference};
  }

  static BoxTerms mirrored(const BoxTerms& comb) { return {comb.value, -comb.slope, comb.curvature}; }

  // Of the boxes, the even ones first.
  PlacedTensor middles_{
      torch::tensor({-3 * kCellHalf, kCellHalf, -kCellHalf, 3 * kCellHalf}, torch::kDouble)};
};

// x1 = 2 h a and x2 = 2 h (u - 2 v + (floor(a) mod 2)) with uniforms a in (-2, 2), u in (0, 1), v in {0, 1}.
Tensor draw_checkerboard(int64_t n, Rng& rng) {
  const Tensor first = rng.uniform({n}, torch::kDouble).mul_(4).sub_(2);
  const Tensor lower = (rng.uniform({n}, torch::kDouble) < 0.5).to(torch::kDouble);
  const Tensor second = rng.uniform({n}, torch::kDouble).sub_(lower, 2).add_(first.floor().remainder(2));
  return torch::stack({first, second}, 1)
      .mul_(2 * kCellHalf)
      .add_(rng.normal({n, 2}, torch::kDouble), kToySd);
}

Problem make_checkerboard(const ProblemInput&) {
  Problem problem{.target = planar_target(std::make_shared<Checkerboard>(torch::zeros({1}, torch::kDouble)))};
  problem.reference.log_z = 0;
  // Either coordinate is uniform on (-4 h, 4 h) before the normal is added.
  problem.reference.moments =
      Moments{torch::zeros({2}, torch::kDouble),
              torch::full({2}, std::sqrt(16 * kCellHalf * kCellHalf / 3 + kToySd * kToySd), torch::kDouble)};
  problem.reference.exact_draws = draw_checkerboard;
  problem.reference.source = "closed form";
  return problem;
}

Definition define_checkerboard(const Options&) {
  return {
      .density =
          "log q(x) = log((E(x1) E(x2) + O(x1) O(x2)) / 2) with E(z) = (B(z + 3 h) + B(z - h)) / 2, O(z) = "
          "E(-z), B(z) = (Phi((z + h) / s) - Phi((z - h) / s)) / (2 h)",
      .constants = {{"h", kCellHalf}, {"s", kToySd}},
      .modes = "not stated: the density is flat in the middle of each of 8 cells, which touch"};
}

}  // namespace

void add_checkerboard(TargetRegistry& registry) {
  registry.add({.name = "checkerboard",
                .summary = "eight square cells that touch at their corners",
                .citation = kToyCitation,
                .facts = {ExactDraws::known, define_checkerboard},
                .make = make_checkerboard});
}

}  // namespace samplerbench::targets
