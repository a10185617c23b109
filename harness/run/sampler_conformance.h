#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/usage.h"
#include "samplers/sampler.h"

namespace samplerbench::harness {

// A sampler that is to be tried on one target in one dtype.
struct SamplerTrial {
  // Makes it anew; all that it does by chance before its first step comes from this seed.
  std::function<std::unique_ptr<samplers::Sampler>(uint64_t)> make;
  Meter& meter;  // counts what it asks of the target
  int64_t dim;
  torch::ScalarType dtype;
  samplers::SamplerFacts facts;
  // It is a program of the user's, which serves one of those that are made, cannot be kept, and draws after a
  // step alone.
  bool is_program = false;
};

// Why the sampler does not take the target: the message of the InputError that it throws when it is made, or
// in its first step; nothing where it takes it.
std::optional<std::string> refusal_of(const SamplerTrial& trial);

// Throws BrokenContract, whose message says what is wrong, where the sampler breaks a rule that every sampler
// must hold: draws of the right shape and dtype, finite and detached; the same draws for the same seed and
// others for another one; draws that change with steps, work that is asked of the target, and flat, finite
// diagnostics. One within this process must also draw the same after it was saved and loaded, leave draws
// that it has given and the global generator as they are, and say by chains() whether it has chains. What it
// throws itself passes through.
void require_conformance(const SamplerTrial& trial);

}  // namespace samplerbench::harness
