#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/tensor.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// Thrown where a sampler or a target returns something that its interface does not allow.
class BrokenContract : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws BrokenContract with that message unless `holds`.
inline void require_that(bool holds, const std::string& what) {
  if (!holds) throw BrokenContract(what);
}

// A size that is not known beforehand, at least 1.
inline constexpr int64_t kAnySize = -1;

// `value` itself, where it is a dense tensor of these sizes and this dtype. Throws BrokenContract that says
// what came and what is right; `call` is the function that returned it, such as "draw(100)".
const Tensor& require_tensor(const Tensor& value, const std::string& call, const std::vector<int64_t>& sizes,
                             torch::ScalarType dtype);

// What a sampler's step returned, as a record takes it. Throws BrokenContract for anything but a flat object
// of numbers, and Diverged where one is not finite.
Json checked_diagnostics(const Json& returned);

// The same problem, whose target, family, exact draws, draws to learn from, modes, classes, images and
// predictions are checked at every call. Throws BrokenContract for a target without coordinates and moments of
// another shape.
targets::Problem checked(targets::Problem problem);

}  // namespace samplerbench::harness
