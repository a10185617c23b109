#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/records/begin_line.h"
#include "harness/records/checkpoint_line.h"
#include "harness/records/floor_line.h"
#include "harness/spec/catalog.h"

namespace samplerbench::harness {

// A metric, ready to use, under its label.
struct Measure {
  std::string label;
  std::unique_ptr<metrics::Metric> metric;
};

std::vector<Measure> make_measures(const std::vector<Choice>& choices, const Catalog& catalog);

// Is told before each judgement which one of several it is, from 0, and the label of the measure.
using Judging = std::function<void(int64_t, const std::string&)>;

// What a record says of them, by label.
std::map<std::string, Convention> conventions(const std::vector<Measure>& measures);

// What every measure says of `evidence`, by label. A measure's randomness depends on `rng` and its label
// alone.
std::map<std::string, Outcome> judge(const std::vector<Measure>& measures, const metrics::Evidence& evidence,
                                     const Rng& rng);

// The noise floors: what each measure says of `replications` exact draw sets of size n against as many
// others, and how many of these it refused. Measures without a floor are left out, and all where the problem
// has no exact draws. `judging` is told what comes next: the number of the replication, from 0, and the label
// of the measure.
FloorLine noise_floor(
    const std::vector<Measure>& measures, const targets::Problem& problem, int64_t n, int64_t replications,
    const Rng& rng, const Judging& judging = [](int64_t, const std::string&) {});

// Detached float64 on the CPU, as metrics take it.
Tensor as_evidence(const Tensor& draws);

}  // namespace samplerbench::harness
