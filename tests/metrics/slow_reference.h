#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor.h"

// Statistics of points in long double, each straight from its definition and for all pairs: what the metrics
// must agree with. Points and scores are rows.
namespace samplerbench::metrics::slow {

using Exact = long double;
using Row = std::vector<Exact>;
using Rows = std::vector<Row>;

Rows rows_of(const Tensor& x);                       // of [n, D]
Exact squared_distance(const Row& x, const Row& y);  // |x - y|^2
Exact median_distance(const Rows& x);                // lower median over pairs
Exact mean(const std::vector<Exact>& values);
Exact population_variance(const std::vector<Exact>& values);
std::vector<Exact> column(const Rows& x, size_t d);

Exact squared_mmd(const Rows& x, const Rows& y, Exact bandwidth);
Exact energy_distance(const Rows& x, const Rows& y);
Exact sliced_wasserstein(const Rows& x, const Rows& y, const Rows& directions);
Exact squared_kernel_distance(const Rows& x, const Rows& y);  // KID
Exact kernel_distance_error(const Rows& x, const Rows& y);    // its standard error
Exact squared_frechet_distance_in_the_plane(const Rows& x, const Rows& y);

// The share of rows that are told right, in the mean of that of x and that of y, by logistic regressions
// with a constant and the penalty ridge / 2 |coefficients|^2. Each is fitted to the rows outside one fold, of
// which those of x and those of y weigh the same.
Exact held_out_accuracy(const Rows& x, const Rows& y, const std::vector<int64_t>& folds_of_x,
                        const std::vector<int64_t>& folds_of_y, Exact ridge);

enum class Kernel { inverse_multiquadric, gaussian };
// Stein's kernel of every pair [n, n], of length or bandwidth `length`.
Rows stein_kernel(const Rows& x, const Rows& scores, Kernel kernel, Exact length);

// Of chains, each a row of states.
Exact rank_r_hat(const Rows& chains);
Exact bulk_effective_sample_size(const Rows& chains);
Exact mean_effective_sample_size(const Rows& chains);

}  // namespace samplerbench::metrics::slow
