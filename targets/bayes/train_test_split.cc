#include "targets/bayes/train_test_split.h"

#include <cmath>

#include "core/rng.h"

namespace samplerbench::targets {

TrainTestSplit train_test_split(const Dataset& data, double test_share, uint64_t seed) {
  const int64_t count = data.labels.size(0);
  const auto held_out = static_cast<int64_t>(std::llround(test_share * static_cast<double>(count)));
  const Tensor order = Rng(seed).split("train-test split").permutation(count);
  const auto part = [&](int64_t begin, int64_t size) {
    const Tensor chosen = order.narrow(0, begin, size);
    return Dataset{.features = data.features.index_select(0, chosen),
                   .labels = data.labels.index_select(0, chosen)};
  };
  return {.training = part(held_out, count - held_out), .test = part(0, held_out)};
}

}  // namespace samplerbench::targets
