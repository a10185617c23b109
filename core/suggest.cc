#include "core/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace samplerbench {
namespace {

// Levenshtein's distance by the two-row recurrence.
size_t edits(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::string unknown_name(std::string_view kind, std::string_view given,
                         const std::vector<std::string>& known) {
  std::string message = fmt::format("unknown {} '{}'", kind, given);
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return edits(given, a) < edits(given, b);
  });
  if (nearest != known.end() && edits(given, *nearest) <= std::max<size_t>(2, given.size() / 3))
    message += fmt::format("; did you mean '{}'?", *nearest);
  else
    message += ";";
  return message + (known.empty() ? " none is known" : fmt::format(" Known: {}", fmt::join(known, ", ")));
}

}  // namespace samplerbench
