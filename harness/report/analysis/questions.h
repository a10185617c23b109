#pragma once

#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// A kind of question that metrics of quality answer. Metrics of one kind say nearly the same, so that a
// ranking asks each question once.
struct Question {
  std::string words;
  std::vector<std::string> metrics;  // registered names, the preferred one first
};

// Distance to exact draws, kernel Stein discrepancy, moments, and what a posterior predicts.
const std::vector<Question>& questions();

// The question with the metric that answers it on one target.
struct Asked {
  std::string question;
  std::string metric;  // label
};

// One metric a question on a target: the first by preference, then in the experiment's order, that the
// experiment has and that judges every sampler there but oracles and `start`. Where the experiment has no
// metric of any question: its first metric of quality that judges them.
std::vector<Asked> asked(const Grid& grid, const std::string& target);

}  // namespace samplerbench::harness::reporting
