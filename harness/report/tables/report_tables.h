#pragma once

#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/analysis/profile.h"
#include "harness/report/tables/table.h"

namespace samplerbench::harness {
struct Catalog;
}

// The tables of a report; each is made in the file of its name.
namespace samplerbench::harness::reporting {

// Who is best on each target at 0.1, 1, 10, 60 and 600 CPU seconds by one metric a question, by how much and
// who cannot be told from it; for programs by every metric and by wall-clock time too. No rows for times that
// no run lasted.
Table best_by_time_table(const Anytime& anytime);

// The same at equal gradients: powers of ten.
Table best_by_gradients_table(const Anytime& anytime);

// Every claim of the experiment with its verdict.
Table claims_table(const Grid& grid);

// Where and with what the runs ran: each fact, and where runs differ in it each value with its count.
Table context_table(const Grid& grid);

// What makes times or numbers of these runs hard to compare, one line each.
std::vector<std::string> context_warnings(const Grid& grid);

// What each sampler cost on each target, in training and a draw, and when it breaks even with the yardstick.
Table cost_table(const Grid& grid);

// CPU seconds for 1, 1,000, 100,000 and 10,000,000 draws that are within 2 times the noise floor.
Table draws_wanted_table(const Anytime& anytime, const Goals& goals);

// Every run that did not finish, every run without a record and every metric that failed: one row each.
Table failures_table(const Grid& grid);

// On how many targets a sampler is at the noise floor (and below it), by each metric of quality that has one.
Table floor_counts_table(const Grid& grid);

// Targets x samplers of one metric, with the floor, settings, budgets and the metric's convention beneath.
Table metric_table(const Grid& grid, const std::string& metric);

// The share of pairs of a target and a seed that each method solves by the times of the tables; for programs
// the whole profile. No rows where nothing can be solved.
Table profile_table(const Anytime& anytime, const Profile& profile);

// Mean ranks of the samplers over the targets with Friedman's test of each metric, over every "ranks" figure
// of the experiment; no rows where it has none.
Table rank_test_table(const Grid& grid);

// The methods by their mean rank over all targets and questions, with how sure their places are.
Table ranking_table(const Grid& grid);

// Who solves most of the targets that are alike in dimension, condition number, modes or cost of a score,
// with regions in which there is no target or nobody solves one; and these properties of each target.
std::vector<Table> region_tables(const Anytime& anytime, const Goals& goals, const Catalog& catalog);

// The reference posteriors that runs were judged on, one a row: where they come from and how good they are.
// No rows where there is none.
Table reference_table(const Grid& grid);

// How often intervals from few seeds hold the value over all. No rows for fewer than twenty seeds.
Table coverage_table(const Grid& grid);

// Target x sampler: the final value; seconds, gradients and passes over the data until the metric reaches it;
// and seconds until it stays there. No rows where the experiment does not say what settles.
Table settling_table(const Grid& grid);

// How the runs of every sampler ended, over all targets and seeds: "120 of 120" finished, and a column for
// each other status that occurs.
Table status_table(const Grid& grid);

// CPU seconds and gradients until runs are within 2 times the noise floor by all metrics and stay there: the
// median with what was spent in vain, and the expected running time.
Table time_to_quality_table(const Anytime& anytime, const Goals& goals);

}  // namespace samplerbench::harness::reporting
