#pragma once

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "core/error.h"
#include "targets/target.h"

namespace samplerbench::targets {

// How many of so many rows are at each condition (see Family). Throws InputError where they do not divide.
inline int64_t rows_a_condition(int64_t rows, int64_t conditions) {
  const int64_t each = conditions > 0 ? rows / conditions : 0;
  if (each * conditions != rows)
    throw InputError(fmt::format(
        "{} points for {} conditions: a multiple of the number of conditions is valid", rows, conditions));
  return each;
}

// A target that says which family it is of.
class FamilyMember : public Target {
 public:
  FamilyMember(std::unique_ptr<const Target> inner, Family family)
      : inner_(std::move(inner)), family_(std::move(family)) {}

  int64_t dim() const override { return inner_->dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_->log_density(x); }
  Tensor score(const Tensor& x) const override { return inner_->score(x); }
  ValueAndScore value_and_score(const Tensor& x) const override { return inner_->value_and_score(x); }
  void evaluate(int64_t n, const float* x, float* value, float* score) const override {
    inner_->evaluate(n, x, value, score);
  }
  void evaluate(int64_t n, const double* x, double* value, double* score) const override {
    inner_->evaluate(n, x, value, score);
  }
  bool evaluates_plainly() const override { return inner_->evaluates_plainly(); }
  std::optional<Family> family() const override { return family_; }
  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    return inner_->noised_exactly(sigma);
  }

 private:
  std::unique_ptr<const Target> inner_;
  Family family_;
};

}  // namespace samplerbench::targets
