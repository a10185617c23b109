#pragma once

#include <optional>
#include <string>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Whose moments a metric judges: those of the target's coordinates, or those of the parameters of its model,
// on the model's scale, as far as they are known.
class JudgedQuantities {
 public:
  // `of`, which says which.
  static Option option();

  explicit JudgedQuantities(const Options& options) : parameters_(options.text("of") == "parameters") {}

  // Why a metric skips the evidence; nothing if their moments are known.
  std::optional<std::string> missing(const Evidence& evidence) const;

  // What is known of them, [K].
  const targets::Moments& truth(const Evidence& evidence) const;

  // Their values at points of the target: [..., D] -> [..., K]. Throws CannotJudge where a parameter is not
  // finite.
  Tensor at(const Evidence& evidence, const Tensor& points) const;

  const char* word() const { return parameters_ ? "parameter" : "coordinate"; }

 private:
  bool parameters_;
};

}  // namespace samplerbench::metrics
