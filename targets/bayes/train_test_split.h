#pragma once

#include <cstdint>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

struct TrainTestSplit {
  Dataset training;
  Dataset test;
};

// Holds out the first rows of a random permutation, `test_share` of them to the nearest row. Equal seeds give
// every sampler the same split.
TrainTestSplit train_test_split(const Dataset& data, double test_share, uint64_t seed);

}  // namespace samplerbench::targets
