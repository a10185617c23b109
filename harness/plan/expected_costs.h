#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "harness/records/record.h"
#include "harness/records/work.h"

namespace samplerbench::harness {

// How long jobs are expected to take, in wall-clock seconds: as long as like ones took, where records tell
// it, else what their budgets allow. It serves to deal work out evenly, and nothing is reported from it.
class ExpectedCosts {
 public:
  // Takes in how long the job of this record took. One that is damaged or ended by an error tells nothing.
  void learn(const Record& record);

  // The first that is known of: the mean over records of the same target, sampler and budget; the mean over
  // those of the same sampler and budget on other targets; the seconds of the budget; a guess from the other
  // limits of the budget. Above 0.
  double seconds(const Work& work) const;

 private:
  struct Mean {
    double sum = 0;
    int64_t count = 0;
  };

  std::map<std::string, Mean> means_;  // by sampler and budget, and by these and the target
};

}  // namespace samplerbench::harness
