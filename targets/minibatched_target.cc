#include "targets/minibatched_target.h"

namespace samplerbench::targets {

MinibatchedTarget::MinibatchedTarget(const Target& inner, int64_t size, Rng rng)
    : inner_(inner), size_(size), rng_(std::move(rng)), share_(view()->data_share()) {}

}  // namespace samplerbench::targets
