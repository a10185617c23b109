#pragma once

#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/tables/table.h"

// The tables of a report; each is made in the file of its name.
namespace samplerbench::harness::reporting {

// Every claim of the experiment with its verdict.
Table claims_table(const Grid& grid);

// Where and with what the runs ran: each fact, and where runs differ in it each value with its count.
Table context_table(const Grid& grid);

// What makes times or numbers of these runs hard to compare, one line each.
std::vector<std::string> context_warnings(const Grid& grid);

// What each sampler cost on each target, in training and a draw, and when it breaks even with the yardstick.
Table cost_table(const Grid& grid);

// Every run that did not finish, every run without a record and every metric that failed: one row each.
Table failures_table(const Grid& grid);

// On how many targets a sampler is at the noise floor (and below it), by each metric of quality that has one.
Table floor_counts_table(const Grid& grid);

// Targets x samplers of one metric, with the floor, settings, budgets and the metric's convention beneath.
Table metric_table(const Grid& grid, const std::string& metric);

// Mean ranks of the samplers over the targets with Friedman's test of each metric, over every "ranks" figure
// of the experiment; no rows where it has none.
Table rank_test_table(const Grid& grid);

// The samplers by their mean rank over all targets and metrics of quality.
Table ranking_table(const Grid& grid);

// The reference posteriors that runs were judged on, one a row: where they come from and how good they are.
// No rows where there is none.
Table reference_table(const Grid& grid);

// Target x sampler: the final value; seconds, gradients and passes over the data until the metric reaches it;
// and seconds until it stays there. No rows where the experiment does not say what settles.
Table settling_table(const Grid& grid);

// How the runs of every sampler ended, over all targets and seeds: "120 of 120" finished, and a column for
// each other status that occurs.
Table status_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
