#include "targets/fisher_fit.h"

#include <fmt/format.h>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

// V diag(f(w)) V' of a symmetric matrix V diag(w) V'.
template <class Function>
Tensor of_eigenvalues(const Tensor& matrix, const Function& function) {
  const auto [values, axes] = at::linalg_eigh(matrix);
  return (axes * function(values)).mm(axes.t());
}

Tensor covariance(const Tensor& rows, double ridge) {
  const Tensor centred = rows - rows.mean(0, /*keepdim=*/true);
  return centred.t().mm(centred) / static_cast<double>(rows.size(0)) +
         ridge * torch::eye(rows.size(1), torch::kDouble);
}

// The symmetric positive definite S with S A S = C. Both have no eigenvalue below `least` but by rounding.
Tensor transport(const Tensor& c, const Tensor& a, double least) {
  const Tensor root = of_eigenvalues(a, [&](const Tensor& w) { return w.clamp_min(least).sqrt(); });
  const Tensor inverse_root = of_eigenvalues(a, [&](const Tensor& w) { return w.clamp_min(least).rsqrt(); });
  const Tensor middle =
      of_eigenvalues(root.mm(c).mm(root), [&](const Tensor& w) { return w.clamp_min(least * least).sqrt(); });
  const Tensor s = inverse_root.mm(middle).mm(inverse_root);
  return (s + s.t()) / 2;
}

// The same shift with no more than `most` along each eigenvector of `s`.
Tensor bounded(const Tensor& shift, const Tensor& s, double most) {
  const Tensor axes = std::get<1>(at::linalg_eigh(s));
  return axes.mv(axes.t().mv(shift).clamp(-most, most));
}

}  // namespace

FisherMove fisher_move(const Tensor& all, const Tensor& scores, const FisherFitSettings& settings) {
  torch::NoGradGuard no_grad;
  const Tensor usable = scores.isfinite().all(1).nonzero().squeeze(1);
  if (2 * usable.size(0) < all.size(0) || usable.size(0) < 2)
    throw Diverged(fmt::format("the fit of affine coordinates: the score is finite at {} of {} points",
                               usable.size(0), all.size(0)));
  const Tensor z = all.index_select(0, usable), slopes = scores.index_select(0, usable);
  const Tensor s =
      transport(covariance(z, settings.ridge), covariance(slopes, settings.ridge), settings.ridge);
  const Tensor shift = bounded(z.mean(0) + s.mv(slopes.mean(0)), s, settings.farthest);
  if (!s.isfinite().all().item<bool>() || !shift.isfinite().all().item<bool>())
    throw Diverged("the fit of affine coordinates: its normal law is not finite");
  return {shift, s};
}

Tensor cholesky_factor(const Tensor& spread) {
  try {
    return at::linalg_cholesky((spread + spread.t()) / 2).contiguous();
  } catch (const c10::Error&) {
    throw Diverged("the fit of affine coordinates: rounding leaves no positive definite covariance");
  }
}

AffineMap fisher_round(const Target& target, const AffineMap& map, const FisherFitSettings& settings,
                       Rng& rng) {
  torch::NoGradGuard no_grad;
  const int64_t dim = target.dim(), points = settings.points > 0 ? settings.points : dim + 8;
  const Tensor z = rng.normal({points, dim}, torch::kDouble);
  const Tensor scores = target.score(map.points_at(z)).mm(map.factor);
  const FisherMove move = fisher_move(z, scores, settings);
  const Tensor spread = map.factor.mm(move.spread).mm(map.factor.t());
  return {.mean = map.mean + map.factor.mv(move.shift), .factor = cholesky_factor(spread)};
}

AffineMap fisher_fit(const Target& target, double start_scale, Rng& rng, const FisherFitSettings& settings) {
  AffineMap map = AffineMap::scaled(target.dim(), start_scale);
  for (int64_t round = 0; round < settings.rounds; ++round) map = fisher_round(target, map, settings, rng);
  return map;
}

}  // namespace samplerbench::targets
