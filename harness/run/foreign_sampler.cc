#include "harness/run/foreign_sampler.h"

#include <utility>

#include "core/error.h"

namespace samplerbench::harness {

void ForeignSampler::begin(const Rng& rng) {
  if (!std::exchange(has_begun_, true)) program_.begin(rng.key(), source_);
}

Json ForeignSampler::step(Rng& rng) {
  begin(rng);
  return program_.step(spent_(), source_);
}

Tensor ForeignSampler::draw(int64_t n, Rng& rng) {
  begin(rng);
  return program_.draw(n, rng.key(), source_);
}

void ForeignSampler::save(Archive&) const { throw InputError("a sampler that is a program cannot be kept"); }

void ForeignSampler::load(const Archive&) { throw InputError("a sampler that is a program cannot be kept"); }

}  // namespace samplerbench::harness
