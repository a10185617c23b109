#pragma once

#include <array>
#include <utility>

namespace samplerbench::harness {

// What one worker process carries out.
enum class JobKind {
  run,        // one sampler on one target with one seed
  floor,      // the noise floor of a target's metrics
  reference,  // the reference posterior of a target
};

inline auto words(JobKind) {
  return std::to_array<std::pair<JobKind, const char*>>(
      {{JobKind::run, "run"}, {JobKind::floor, "floor"}, {JobKind::reference, "reference"}});
}

}  // namespace samplerbench::harness
