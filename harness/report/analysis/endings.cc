#include "harness/report/analysis/endings.h"

namespace samplerbench::harness::reporting {

std::map<Status, Ending> endings_of(const Grid& grid, const SamplerChoice& sampler) {
  std::map<Status, Ending> endings;
  for (const Choice& target : grid.experiment().targets) {
    for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
      Ending& ending = endings[grid.status(target.label, sampler.label, seed)];
      ++ending.runs;
      const Run* run = grid.run(target.label, sampler.label, seed);
      if (run != nullptr && run->disturbed) ++ending.disturbed;
      if (ending.targets.empty() || ending.targets.back() != target.label)
        ending.targets.push_back(target.label);
    }
  }
  return endings;
}

}  // namespace samplerbench::harness::reporting
