#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/placed.h"
#include "targets/planar/entries.h"
#include "targets/planar/rejection.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr std::array<double, 3> kRingRadii{1, 3, 5};
constexpr double kSharpness = 100;                      // a
constexpr double kRingVariance = 1 / (2 * kSharpness);  // of the distance to a ring, nearly
constexpr double kBeyond = 3;                           // an exact draw is no farther from its ring: e^-900
constexpr double kLeastRadius = 1e-12;                  // in a division

// Halfway to the ring inside, or 0, and halfway to the ring outside, or as far as any draw is.
double inner_bound(size_t ring) { return ring == 0 ? 0 : (kRingRadii[ring - 1] + kRingRadii[ring]) / 2; }
double outer_bound(size_t ring) {
  return ring + 1 == kRingRadii.size() ? kRingRadii[ring] + kBeyond : inner_bound(ring + 1);
}

Tensor ring_radii() {
  return torch::tensor(std::vector<double>(kRingRadii.begin(), kRingRadii.end()), torch::kDouble);
}

// log q(x) = -a min_m (|x| - c_m)^2.
class Rings : public PointwiseTarget<Rings> {
 public:
  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    return nearest_gap(radius(x)).square().squeeze(1) * -kSharpness;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor r = radius(x);
    return x * (nearest_gap(r) / r) * (-2 * kSharpness);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor r = radius(x), gap = nearest_gap(r);
    return {gap.square().squeeze(1) * -kSharpness, x * (gap / r) * (-2 * kSharpness)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T r = std::max(std::sqrt(x[0] * x[0] + x[1] * x[1]), static_cast<T>(kLeastRadius));
    T gap = r - static_cast<T>(kRingRadii[0]);
    for (const double c : kRingRadii)
      if (std::abs(r - static_cast<T>(c)) < std::abs(gap)) gap = r - static_cast<T>(c);
    const T pull = static_cast<T>(-2 * kSharpness) * gap / r;
    score[0] = pull * x[0];
    score[1] = pull * x[1];
    return static_cast<T>(-kSharpness) * gap * gap;
  }

 private:
  // |x|, kept off 0, where the score has no direction and is given as 0: [N, 1].
  static Tensor radius(const Tensor& x) {
    return x.square().sum(1, true).clamp_min(kLeastRadius * kLeastRadius).sqrt();
  }

  // |x| - c_m for the nearest c_m: [N, 1] -> [N, 1].
  Tensor nearest_gap(const Tensor& r) const {
    const Tensor gaps = r - radii_.like(r);
    return gaps.gather(1, gaps.detach().abs().argmin(1, true));
  }

  PlacedTensor radii_{ring_radii()};  // [3]
};

// The integral of r^power exp(-a (r - c)^2) over the radii that are nearest to that ring.
double ring_integral(size_t ring, int power) {
  const double c = kRingRadii[ring];
  const auto density = [=](double r) {
    return std::pow(r, power) * std::exp(-kSharpness * (r - c) * (r - c));
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  return Rule::integrate(density, inner_bound(ring), c, 15, 1e-13) +
         Rule::integrate(density, c, outer_bound(ring), 15, 1e-13);
}

// [3]
Tensor ring_integrals(int power) {
  std::vector<double> each;
  for (size_t ring = 0; ring < kRingRadii.size(); ++ring) each.push_back(ring_integral(ring, power));
  return torch::tensor(each, torch::kDouble);
}

// Radii with density r exp(-a (r - c)^2) about the nearest c: since r / c <= exp(r / c - 1), proposals about
// the ring c come from N(c + v / c, v), v = 1 / (2 a), and are accepted with probability (r / c) exp(1 - r /
// c) where no other ring is nearer. The envelopes, by which rings are proposed, have masses as c exp(v / (2
// c^2)).
Tensor draw_ring_radii(int64_t n, Rng& rng) {
  const Tensor c = ring_radii(), envelope = c * (kRingVariance / 2 / c.square()).exp();
  const Tensor steps = (envelope / envelope.sum()).cumsum(0).slice(0, 0, -1).contiguous();
  std::vector<double> inner, outer;
  for (size_t ring = 0; ring < kRingRadii.size(); ++ring) {
    inner.push_back(inner_bound(ring));
    outer.push_back(outer_bound(ring));
  }
  const Tensor least = torch::tensor(inner, torch::kDouble), most = torch::tensor(outer, torch::kDouble);
  return draw_by_rejection(n, [&](int64_t proposals) {
    const Tensor ring = torch::searchsorted(steps, rng.uniform({proposals}, torch::kDouble), false, true);
    const Tensor own = c.index_select(0, ring);
    const Tensor noise = rng.normal({proposals}, torch::kDouble).mul_(std::sqrt(kRingVariance));
    const Tensor r = noise + own + kRingVariance / own;
    const Tensor ratio = r / own;
    const Tensor inside = (r > least.index_select(0, ring)).logical_and(r < most.index_select(0, ring));
    const Tensor accepted = rng.uniform({proposals}, torch::kDouble) < ratio * (1 - ratio).exp();
    return r.masked_select(accepted.logical_and(inside));
  });
}

// Which ring is the nearest to each row of x, [N] int64; -1 beyond the reach of exact draws.
Tensor nearest_ring(const Tensor& x) {
  const Tensor r = x.norm(2, 1);
  Tensor place = torch::zeros({x.size(0)}, x.options().dtype(torch::kLong));
  for (size_t ring = 1; ring < kRingRadii.size(); ++ring)
    place = place + (r > inner_bound(ring)).to(torch::kLong);
  return torch::where(r < kRingRadii.back() + kBeyond, place, torch::full_like(place, -1));
}

Problem make_rings(const ProblemInput&) {
  const Tensor first = ring_integrals(1), mass = first.sum();
  const double mean_square = (ring_integrals(3).sum() / mass).item<double>();
  Problem problem{.target = std::make_unique<Rings>()};
  problem.reference.log_z = std::log(2 * std::numbers::pi * mass.item<double>());
  problem.reference.moments = Moments{torch::zeros({2}, torch::kDouble),
                                      torch::full({2}, std::sqrt(mean_square / 2), torch::kDouble)};
  problem.reference.exact_draws = [](int64_t n, Rng& rng) {
    const Tensor radius = draw_ring_radii(n, rng);
    const Tensor angle = rng.uniform({n}, torch::kDouble).mul_(2 * std::numbers::pi);
    return torch::stack({radius * angle.cos(), radius * angle.sin()}, 1);
  };
  problem.reference.modes = Modes{first / mass, nearest_ring};
  problem.reference.source = "quadrature of the radius; draws by exact rejection of the radius";
  return problem;
}

Definition define_rings(const Options&) {
  return {.density = "log q(x) = -a min over m = 1 .. M of (|x| - c_m)^2",
          .constants = {{"M", kRingRadii.size()}, {"a", kSharpness}, {"c", numbers_of(ring_radii())}},
          .modes = "three: all points of the circles |x| = c_m, with weights nearly as the c_m"};
}

}  // namespace

void add_rings(TargetRegistry& registry) {
  registry.add({.name = "rings",
                .summary = "three thin rings about one centre, the outer ones of more mass",
                .citation = "the rings of juliusberner/sde_sampler, the code of Richter and Berner (2024), "
                            "arXiv 2307.01198",
                .facts = {ExactDraws::known, define_rings},
                .make = make_rings});
}

}  // namespace samplerbench::targets
