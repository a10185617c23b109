#pragma once

#include <gtest/gtest.h>

#include "targets/conformance.h"
#include "tests/all_targets.h"

// What every target must hold, as verdicts, so that the negative controls are judged by the very same code.
namespace samplerbench::testing {

using targets::Moments;
using targets::OnPlainBuffers;
using targets::Problem;
using targets::Reference;
using targets::Target;
using Verdict = ::testing::AssertionResult;

// The score alone of evaluate() against that with the value.
Verdict score_alone_agrees(const Target& target, const Tensor& x);

// Exact draws of a target where the forward process has brought them at time t, e^-t x + sqrt(1 - e^-2t) e:
// [n, D].
Tensor diffused_draws(const Tensor& draws, double time, Rng& rng);

// n points where a target is examined: exact draws and the same moved by noise, or normals where there are no
// draws.
Tensor examined_points(const Problem& problem, int64_t n);

// score against central differences of log_density along random directions, in float64.
Verdict score_is_gradient(const Target& target, const Tensor& x);

// value_and_score against log_density and score, all detached.
Verdict value_and_score_agrees(const Target& target, const Tensor& x);

// Permuting or dropping rows changes no other row.
Verdict rows_are_independent(const Target& target, const Tensor& x);

// Hessian-vector products by autograd, through score and twice through log_density, against differences of
// score.
Verdict hessian_vector_products_agree(const Target& target, const Tensor& x);

// float32 against float64 at the same points, as closely as rounding the input to float32 allows.
Verdict single_precision_agrees(const Target& target, const Tensor& x);

// Finite, or infinite with a sign, but never NaN, at points far out and at the origin, in float32.
Verdict never_nan(const Target& target);

// E s = 0, E x s' = -I and E[cos(w.x) s - sin(w.x) w] = 0 over `draws` [n, D] of the target, whose scores are
// `scores`.
Verdict stein_identities_hold(const Tensor& draws, const Tensor& scores);

// Equal streams give equal draws, others do not, and the global generator is left alone.
Verdict draws_are_reproducible(const Reference& reference, int64_t dim);

// Means and standard deviations against the draws, leaving out coordinates whose square is so heavy-tailed
// that single draws make up the sample's own variance (the central limit theorem would say nothing there).
Verdict moments_agree(const Moments& moments, const Tensor& draws);

// Shares of the draws by mode against the weights.
Verdict modes_agree(const targets::Modes& modes, const Tensor& draws);

// log of the integral of exp(log_density) over the plane, within 1e-6, and shares of the draws in quantile
// cells of the first coordinate against the same quadrature. `draws` tell where the mass is.
Verdict integral_agrees(const Target& target, double log_z, const Tensor& draws);

// noised_exactly's log density against quadrature over the noise, in the plane: sigma a scalar and one a row.
Verdict exact_blur_agrees(const Target& target, const Tensor& x);

}  // namespace samplerbench::testing
