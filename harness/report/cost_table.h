#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// What each sampler cost on each target, in training and a draw, and when it breaks even with the best MCMC.
Table cost_table(const Grid& grid);

// The number of draws from which training seconds `train_s` plus `draw_s` a draw is cheaper than `chain_s` an
// effective draw: train_s / (chain_s - draw_s); infinite where it never is.
double break_even_draws(double train_s, double draw_s, double chain_s);

}  // namespace samplerbench::harness::reporting
