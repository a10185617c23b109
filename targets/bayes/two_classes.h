#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"
#include "targets/bayes/text_row.h"

namespace samplerbench::targets {

// Collects the labels of rows of two classes. A class is a number or any text. Equal numbers are the same
// class.
class TwoClasses {
 public:
  // Takes the two classes from the rows. The greater is +1: the greater number, or else the later in the
  // order of bytes.
  TwoClasses() = default;

  // Allows only these two classes.
  TwoClasses(std::string negative, std::string positive);

  // Adds the label of a row. `cell` is the cell that `row` read last. Throws InputError for a third class, an
  // empty cell, NaN and infinity.
  void add(const Row& row, std::string_view cell);
  void add(bool positive) { second_.push_back(positive); }

  // [N] float32, +1 or -1. Throws InputError if there are no rows or only one class; the message names
  // `file`.
  Tensor labels(std::string_view file) const;

  // The class that is +1. Needs two classes.
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
