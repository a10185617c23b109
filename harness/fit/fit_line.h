#pragma once

#include <cstdint>
#include <string>

#include "harness/fit/fit_history.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {

// Says how far a fit is, on standard error: a status line, and a line at each evaluation.
class FitLine {
 public:
  FitLine(std::string name, int64_t steps);

  void show(int64_t step, double loss, double left_s);
  void evaluated(const FitEvaluation& evaluation, double left_s);

 private:
  std::string name_;
  int64_t steps_;
  StatusLine line_;
};

}  // namespace samplerbench::harness
