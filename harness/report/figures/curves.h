#pragma once

#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/analysis/profile.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// Quality against seconds, against passes over the data for the targets that have data, and against gradients
// for those that have none, one figure each for every metric of the choice that has values: a panel a target,
// a curve a sampler (mean over seeds, band from least to most), the noise floor in grey; a line across (final
// mean, its 95 % interval as a band) for each of the choice's `lines`. More than kMostCurves of both are
// split over figures "-part1", "-part2",
// ..., with all lines in each. `suffix` ends the file names.
std::vector<Figure> curve_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                  bool seconds_alone = false);

// The share of pairs of a target and a seed that each method solves against CPU seconds, with bands and a
// cross at the end of the median run. Methods that solve most come first; more than kMostCurves are split
// over figures "profile-part2", ..., and those that solve nothing are named beneath.
std::vector<Figure> profile_figures(const Anytime& anytime, const Profile& profile);

// CPU seconds against how many draws are wanted, from 1 to 10,000,000: a panel a target, a line a method of
// the choice's samplers. None where runs were timed on several machines.
std::vector<Figure> draws_wanted_figures(const Grid& grid, const FigureChoice& choice,
                                         const std::string& suffix);

}  // namespace samplerbench::harness::reporting
