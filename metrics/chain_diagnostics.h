#pragma once

#include "core/tensor.h"

namespace samplerbench::metrics {

// Diagnostics of one coordinate of parallel chains, `states` [chains, states] in float64 on the CPU, as
// Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021 (arXiv 1903.08008) define them. All need at least 4
// states a chain, and take any number. Where a state is not finite, R-hat is infinite and every effective
// sample size is NaN.

// Cuts each chain into halves and leaves out the middle state of an odd number: [2 chains, states / 2].
Tensor split_chains(const Tensor& states);

// Normal scores of the ranks among all entries, ties at their average rank: Phi^-1((rank - 3/8) / (S + 1/4)).
// Any shape. No entry may be NaN.
Tensor rank_normalise(const Tensor& values);

// R-hat on ranks: the larger of R-hat of the split chains and of their distances from the median. Infinite if
// no chain moves.
double rank_r_hat(const Tensor& states);

// Bulk effective sample size on ranks: Geyer's initial monotone sequence over the split chains. 0 if no
// chain moves.
double bulk_effective_sample_size(const Tensor& states);

// Effective sample size for the mean, from the split chains without ranks. 0 if no chain moves.
double mean_effective_sample_size(const Tensor& states);

// Tail effective sample size: the smaller one of the indicators of the 5 % and the 95 % quantile. 0 if no
// chain moves.
double tail_effective_sample_size(const Tensor& states);

}  // namespace samplerbench::metrics
