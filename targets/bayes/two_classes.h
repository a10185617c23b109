#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"
#include "targets/bayes/text_row.h"

namespace samplerbench::targets {

// The labels of rows of two classes, as they are read. A class may be a number or any text; numbers are the
// same class where they are equal.
class TwoClasses {
 public:
  // The two classes are those that are met. The greater is +1: of numbers the greater number, else the later
  // in the order of bytes.
  TwoClasses() = default;

  // These two alone.
  TwoClasses(std::string negative, std::string positive);

  // The label of a further row. `cell` is the one that `row` read last. Throws InputError for a class too
  // many, an empty cell, and one that says NaN or infinity.
  void add(const Row& row, std::string_view cell);
  void add(bool positive) { second_.push_back(positive); }

  // [N] float32, +1 or -1. Throws InputError, which names `file`, where there are no rows or all are of one
  // class.
  Tensor labels(std::string_view file) const;

  // The class that is +1; where there are two.
  const std::string& positive() const { return classes_[second_is_positive() ? 1 : 0].text; }

 private:
  struct Class {
    std::string text;
    std::optional<double> number;
  };
  std::optional<size_t> find(std::optional<double> number) const;
  bool second_is_positive() const;

  bool fixed_ = false;
  std::vector<Class> classes_;  // two at most
  std::vector<bool> second_;    // of each row, whether it is of the second class
};

}  // namespace samplerbench::targets
