#include "targets/bayes/two_classes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace samplerbench::targets {

TwoClasses::TwoClasses(std::string negative, std::string positive) : fixed_(true) {
  for (const std::string& text : {negative, positive}) classes_.push_back({text, parse_number(text)});
}

void TwoClasses::add(const Row& row, std::string_view cell) {
  // Most rows: the text itself has been met.
  for (size_t i = 0; i < classes_.size(); ++i)
    if (classes_[i].text == cell) return add(i == 1);
  const std::optional<double> number = parse_number(cell);
  if (const std::optional<size_t> found = find(number)) return add(*found == 1);
  if (fixed_)
    row.refuse_cell(fmt::format("is no class here; '{}' and '{}' are", classes_[0].text, classes_[1].text));
  if (cell.empty() || (number && !std::isfinite(*number))) row.refuse_cell("is no class; a label is needed");
  if (classes_.size() == 2)
    row.refuse_cell(fmt::format("is a third class, after '{}' and '{}'; two are needed",
                                printable(classes_[0].text), printable(classes_[1].text)));
  classes_.push_back({std::string(cell), number});
  add(classes_.size() == 2);
}

Tensor TwoClasses::labels(std::string_view file) const {
  if (second_.empty()) throw InputError(fmt::format("{} has no rows; rows of two classes are needed", file));
  const auto ones = std::count(second_.begin(), second_.end(), true);
  if (ones == 0 || ones == static_cast<int64_t>(second_.size()))
    throw InputError(fmt::format("{}: all {} rows are of one class, '{}'; two are needed", file,
                                 second_.size(), printable(classes_[ones == 0 ? 0 : 1].text)));
  Tensor labels = torch::empty({static_cast<int64_t>(second_.size())}, torch::kFloat);
  const bool positive = second_is_positive();
  std::transform(second_.begin(), second_.end(), labels.data_ptr<float>(),
                 [positive](bool second) { return second == positive ? 1.0F : -1.0F; });
  return labels;
}

std::optional<size_t> TwoClasses::find(std::optional<double> number) const {
  for (size_t i = 0; i < classes_.size(); ++i)
    if (number && classes_[i].number == number) return i;
  return std::nullopt;
}

bool TwoClasses::second_is_positive() const {
  if (fixed_) return true;
  const Class& first = classes_.at(0);
  const Class& second = classes_.at(1);
  if (first.number && second.number) return *first.number < *second.number;
  return first.text < second.text;
}

}  // namespace samplerbench::targets
