#pragma once

#include "core/tensor.h"

namespace samplerbench::metrics {

// Diagnostics of one coordinate of parallel chains, `states` [chains, states] in float64 on the CPU, as
// Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021 (arXiv 1903.08008) define them. All need at least 4
// states a chain.

// Each chain cut into halves, the middle state left out where their number is odd: [2 chains, states / 2].
Tensor split_chains(const Tensor& states);

// Normal scores of the ranks among all entries, ties at their average rank: Phi^-1((rank - 3/8) / (S + 1/4)).
// Any shape.
Tensor rank_normalise(const Tensor& values);

// R-hat on ranks: the larger of that of the split chains and that of their distances from the median.
// Infinite where no chain moves.
double rank_r_hat(const Tensor& states);

// Bulk effective sample size on ranks: Geyer's initial monotone sequence over the split chains. 0 where no
// chain moves.
double bulk_effective_sample_size(const Tensor& states);

// Effective sample size for the mean: the split chains as they stand. 0 where no chain moves.
double mean_effective_sample_size(const Tensor& states);

// Tail effective sample size: the smaller of those of the indicators of the 5 % and the 95 % quantile. 0
// where no chain moves.
double tail_effective_sample_size(const Tensor& states);

}  // namespace samplerbench::metrics
