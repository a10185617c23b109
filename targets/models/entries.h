#pragma once

#include "targets/problem.h"

// The entries of this folder: posteriors of statistical models, each defined in the file of its name.
namespace samplerbench::targets {

// A Brownian motion of 30 locations, observed with noise but for 11 to 20; the two scales unknown or known.
void add_brownian_motion(TargetRegistry& registry);

// Effects of coaching in eight schools, centred or not.
void add_eight_schools(TargetRegistry& registry);

// Abilities of students and difficulties of questions, given which answers were right.
void add_item_response(TargetRegistry& registry);

// The log intensity of a pattern of points on a lattice, whitened or not.
void add_log_gaussian_cox(TargetRegistry& registry);

// Log volatilities of returns with the parameters of their autoregression.
void add_stochastic_volatility(TargetRegistry& registry);

}  // namespace samplerbench::targets
