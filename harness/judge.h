#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/experiment.h"

namespace samplerbench::harness {

// A metric, ready to use, under its label.
struct Measure {
  std::string label;
  std::unique_ptr<metrics::Metric> metric;
};

std::vector<Measure> make_measures(const std::vector<Choice>& choices, const Catalog& catalog);

// {"ksd_imq_v": {"text": ..., "better": "lower", "floor": true}, ...}
Json conventions(const std::vector<Measure>& measures);

// Every measure's value of `evidence` as JSON: a number, {"skipped": why} or {"error": what}.
// A measure's randomness depends on `rng` and its label alone.
Json judge(const std::vector<Measure>& measures, const metrics::Evidence& evidence, const Rng& rng);

// The noise floor: what each measure says of `replications` exact draw sets of size n against as many others.
// {"ksd_imq_v": {"mean", "sd", "q05", "q95", "replications"}, ...}; measures without a floor are left out. An
// empty object where the problem has no exact draws.
Json noise_floor(const std::vector<Measure>& measures, const targets::Problem& problem, int64_t n,
                 int64_t replications, const Rng& rng);

// Detached float64 on the CPU, as metrics take it.
Tensor as_evidence(const Tensor& draws);

}  // namespace samplerbench::harness
