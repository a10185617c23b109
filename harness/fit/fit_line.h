#pragma once

#include <cstdint>
#include <string>

#include "harness/fit/fit_history.h"

namespace samplerbench::harness {

// Says how far a fit is, on standard error: a line that renews itself on a terminal, else one at each
// evaluation.
class FitLine {
 public:
  FitLine(std::string name, int64_t steps);
  ~FitLine();
  FitLine(const FitLine&) = delete;
  FitLine& operator=(const FitLine&) = delete;

  void show(int64_t step, double loss, double left_s);
  void evaluated(const FitEvaluation& evaluation, double left_s);

 private:
  void close();

  std::string name_;
  int64_t steps_;
  bool terminal_;
  bool open_ = false;
  double shown_ = 0;
};

}  // namespace samplerbench::harness
