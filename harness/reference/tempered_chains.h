#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/rng.h"
#include "harness/records/reference_settings.h"
#include "harness/reference/reference_posterior.h"
#include "samplers/particle/parallel_tempering.h"
#include "targets/target.h"

namespace samplerbench::harness {

// kIndependentRuns runs of parallel tempering on the CPU in float64, warmed up. Chains are their points at
// inverse temperature 1, those of the first run first. After the warm-up, ladders of a run are independent
// too, but for what they learnt together.
class TemperedChains {
 public:
  // `settings.chains` is a multiple of kIndependentRuns; `target` must outlive this object.
  TemperedChains(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng);

  // The next states of all chains: [chains, transitions, D]. Sets what `posterior` says of these transitions.
  Tensor visit(int64_t transitions, ReferencePosterior& posterior);

 private:
  struct Run {
    Rng rng;
    std::unique_ptr<samplers::ParallelTempering> sampler;
  };

  int64_t ladders_;  // of a run
  int64_t dim_;
  std::vector<Run> runs_;
};

}  // namespace samplerbench::harness
