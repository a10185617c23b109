#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

Tensor with_constant(const Tensor& features) {
  return torch::cat({features, torch::ones({features.size(0), 1}, features.options())}, 1);
}

Tensor signed_rows(const Dataset& data) {
  return with_constant(data.features).mul_(data.labels.unsqueeze(1));
}

}  // namespace samplerbench::targets
