#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cmath>
#include <numbers>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/tensor.h"

// TorchScript modules, made without Python.
namespace samplerbench::testing {

using Attributes = std::vector<std::pair<std::string, c10::IValue>>;

inline c10::TypePtr attribute_type(const c10::IValue& value) {
  if (value.isTensor()) return c10::TensorType::get();
  if (value.isInt()) return c10::IntType::get();
  if (value.isDouble()) return c10::FloatType::get();
  return c10::StringType::get();
}

// A module with these attributes and these methods, each the source of one: "def forward(self, x):\n  ...".
inline torch::jit::Module scripted(const std::vector<std::string>& methods,
                                   const Attributes& attributes = {}) {
  torch::jit::Module module("scripted");
  for (const auto& [name, value] : attributes) module.register_attribute(name, attribute_type(value), value);
  for (const std::string& method : methods) module.define(method);
  return module;
}

// The source of a forward that returns this expression in x.
inline std::string forward_of(const std::string& expression) {
  return "def forward(self, x):\n    return " + expression + "\n";
}

// The bytes of the file that it is saved in.
inline std::string saved(const torch::jit::Module& module) {
  std::ostringstream bytes;
  module.save(bytes);
  return bytes.str();
}

// The precision P of N(0, P^-1) in the plane: its numbers, and its determinant 1.25, are exact in float32.
inline Tensor normal_precision() {
  return torch::tensor({1.5, -0.5, -0.5, 1.0}, torch::kDouble).view({2, 2});
}

// That law's density with log Z, in tensors of that dtype; with exact draws or without.
inline torch::jit::Module scripted_normal(torch::ScalarType dtype = torch::kFloat, bool with_draws = true) {
  const Tensor factor = at::linalg_cholesky(at::linalg_inv(normal_precision()));
  std::vector<std::string> methods{forward_of("-0.5 * (x * x.mm(self.precision)).sum(1)")};
  if (with_draws)
    methods.emplace_back(
        "def sample(self, n: int):\n    return torch.randn([n, 2]).to(self.factor).mm(self.factor.t())\n");
  return scripted(methods, {{"dim", 2},
                            {"log_z", std::log(2 * std::numbers::pi / std::sqrt(1.25))},
                            {"precision", normal_precision().to(dtype)},
                            {"factor", factor.to(dtype)}});
}

// x = z A + b from three latents, in the plane: normal with mean b = (0.5, -1) and covariance A' A =
// [[1.25, 0.5], [0.5, 1.25]], whose numbers are exact in float32.
inline Tensor generator_matrix() {
  return torch::tensor({1.0, 0.5, 0.5, 0.0, 0.0, 1.0}, torch::kDouble).view({3, 2});
}
inline Tensor generator_shift() { return torch::tensor({0.5, -1.0}, torch::kDouble); }

inline torch::jit::Module scripted_generator(const Attributes& more = {},
                                             torch::ScalarType dtype = torch::kFloat) {
  Attributes attributes{
      {"latent", 3}, {"matrix", generator_matrix().to(dtype)}, {"shift", generator_shift().to(dtype)}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return scripted({forward_of("x.mm(self.matrix) + self.shift")}, attributes);
}

}  // namespace samplerbench::testing
