#include "harness/report/score_cell.h"

#include "harness/report/numbers.h"

namespace samplerbench::harness::reporting {

Cell number_cell(const Score& score, double scale) {
  if (score.estimate.count == 0) return {"—"};
  const Estimate scaled{score.estimate.count, score.estimate.mean * scale, score.estimate.half_width * scale};
  return {with_interval(scaled), "", scaled.mean};
}

}  // namespace samplerbench::harness::reporting
