#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/analysis/entrants.h"
#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// One entrant over all cells that rank.
struct Standing {
  Entrant entrant;
  double mean_rank = 0;    // 1 is best; infinite where no cell ranks it
  double place = 0;        // of its mean rank, ties at their mean; 0 where no cell ranks it
  double first = 0;        // probability of the first place; NaN where it is not known, as below
  double first_three = 0;  // of one of the first three
  Interval places;         // that hold its place in 90 % of cases
  int64_t at_floor = 0;    // cells whose mean is at the noise floor, neither worse nor better than exact
  int64_t floors = 0;      // cells whose noise floor is known
  int64_t worse_than_start = 0;  // cells
  int64_t failed = 0;            // runs
  int64_t missing = 0;           // runs
  int64_t runs = 0;              // planned

  bool ranked() const { return place > 0; }
};

struct Ranking {
  std::vector<Standing> standings;  // the best mean rank first
  // "distance to exact draws (sliced_wasserstein on 4 targets, mmd on 2)", one a question.
  std::vector<std::string> asked;
  int64_t cells = 0;  // that rank: a target and a metric each
  int64_t targets = 0;
  bool has_start = false;
};

// Ranks of the entrants in cells of a target and the metric that answers a question there (questions.h), each
// entrant by the best mean of its samplers in that cell. Probabilities of places are over 2,000 bootstrap
// samples of the targets, and of the seeds on each, the same at every call; one seed gives none.
Ranking ranking(const Grid& grid);

}  // namespace samplerbench::harness::reporting
