#include "core/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/printable.h"

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
  constexpr size_t kLongest = 200;  // of what could be a slip of the pen
  std::string message = fmt::format("unknown {} '{}'", kind, printable(given));
  const std::string* nearest = nullptr;
  size_t fewest = std::max<size_t>(2, given.size() / 3) + 1;
  for (const std::string& name : known) {
    if (given.size() > kLongest || name.size() > kLongest) continue;
    if (const size_t distance = edits(given, name); distance < fewest) {
      fewest = distance;
      nearest = &name;
    }
  }
  message += nearest == nullptr ? ";" : fmt::format("; did you mean '{}'?", printable(*nearest));
  return message + (known.empty() ? " none is known" : " Known: " + listed(known));
}

}  // namespace samplerbench
