#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "harness/run/message.h"
#include "targets/target.h"

namespace samplerbench::harness {

// The array of a message as a tensor on the CPU. It must be of this dtype and of these sizes, of which
// kAnySize (contract.h) stands for any from 1 on. Throws BadMessage.
Tensor tensor_of(const Message& message, const std::vector<int64_t>& sizes, torch::ScalarType dtype);

// The header, but for "bytes", of the message that carries `values`, and the bytes of a contiguous tensor on
// the CPU.
Json header_of(const std::string& type, const Tensor& values);
std::span<const char> bytes_of(const Tensor& values);

// The most points [n, D] of that dtype whose values and scores [n, 1 + D] are not too large for a message.
int64_t most_points(int64_t dim, torch::ScalarType dtype);

// Whether a message of this type asks for log densities or scores.
bool asks_for_values(const std::string& type);

// The answer to such a message, detached from any graph: points [N, D] -> [N] or [N, D], or both as
// [N, 1 + D].
Tensor values_at(const std::string& type, const Tensor& points, const targets::Target& target);

}  // namespace samplerbench::harness
