#include "targets/bayes/text_row.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace samplerbench::targets {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

void drop_blanks_at_the_end(std::string_view& text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
}

// "+1" as "1", but neither "+-1" nor "+".
std::string_view without_plus(std::string_view text) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  return plus ? text.substr(1) : text;
}

template <class Number>
std::optional<Number> parse(std::string_view text, Number too_large) {
  text = without_plus(text);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc::result_out_of_range ? too_large : value;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  const std::optional<double> value = parse(text, std::numeric_limits<double>::infinity());
  // Too near to 0 is out of range as well: there strtod tells 0 from infinity.
  return value && std::isinf(*value) ? std::strtod(std::string(text).c_str(), nullptr) : value;
}

std::optional<int64_t> parse_whole_number(std::string_view text) {
  return parse(text, std::numeric_limits<int64_t>::max());
}

bool Cells::next(std::string_view& cell) {
  if (separator_ == ' ') return next_word(cell);
  if (ended_) return false;
  skip_blanks(rest_);
  if (!rest_.empty() && rest_.front() == '"') {
    cell = quoted();
    return true;
  }
  size_t end = 0;
  while (end < rest_.size() && rest_[end] != separator_) ++end;
  cell = rest_.substr(0, end);
  drop_blanks_at_the_end(cell);
  rest_.remove_prefix(end);
  pass_separator();
  return true;
}

bool Cells::next_word(std::string_view& cell) {
  skip_blanks(rest_);
  cell = rest_.substr(0, rest_.find_first_of(kBlanks));
  rest_.remove_prefix(cell.size());
  return !cell.empty();
}

std::string_view Cells::quoted() {
  unquoted_.clear();
  size_t at = 1;
  for (; at < rest_.size(); ++at) {
    if (rest_[at] == '"') {
      if (at + 1 == rest_.size() || rest_[at + 1] != '"') break;
      ++at;
    }
    unquoted_ += rest_[at];
  }
  if (at >= rest_.size()) refuse(line_, "a quote is not closed on its line");
  rest_.remove_prefix(at + 1);
  skip_blanks(rest_);
  if (!rest_.empty() && rest_.front() != separator_)
    refuse(line_, fmt::format("'{}' follows a closed quote; a '{}' is needed", printable(rest_), separator_));
  pass_separator();
  return unquoted_;
}

void Cells::pass_separator() {
  ended_ = rest_.empty();
  if (!ended_) rest_.remove_prefix(1);
}

std::vector<std::string> split_cells(const Line& line, char separator) {
  std::vector<std::string> cells;
  Cells rest(line, separator);
  for (std::string_view cell; rest.next(cell);) cells.emplace_back(cell);
  return cells;
}

std::string_view Row::text() {
  if (taken_ == format_.columns.size() || !cells_.next(cell_)) check_length();
  ++taken_;
  return cell_;
}

double Row::number() {
  const std::optional<double> value = parse_number(text());
  if (!value) refuse_cell("is not a number");
  if (!std::isfinite(static_cast<float>(*value))) refuse_cell("is not a finite number of 32 bits");
  return *value;
}

int64_t Row::whole_number(int64_t least, int64_t most) {
  const std::optional<int64_t> value = parse_whole_number(text());
  if (!value || *value < least || *value > most)
    refuse_cell(fmt::format("is not a whole number from {} to {}", least, most));
  return *value;
}

void Row::finish() {
  std::string_view further;
  if (taken_ != format_.columns.size() || cells_.next(further)) check_length();
}

void Row::refuse_cell(std::string_view problem) const {
  check_length();
  refuse(line_, fmt::format("column {} ({}): '{}' {}", taken_, printable(format_.columns.at(taken_ - 1)),
                            printable(cell_), problem));
}

void Row::check_length() const {
  const size_t length = split_cells(line_, format_.separator).size();
  if (length != format_.columns.size())
    refuse(line_, fmt::format("a row of {} columns; every row has {} here", length, format_.columns.size()));
}

}  // namespace samplerbench::targets
