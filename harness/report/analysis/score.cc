#include "harness/report/analysis/score.h"

#include <fmt/format.h>

#include <algorithm>

namespace samplerbench::harness::reporting {

int64_t Score::not_finite() const {
  const auto found = failures.find(kNotFinite);
  return found == failures.end() ? 0 : found->second;
}

std::vector<double> Score::values() const {
  std::vector<double> values;
  for (const std::optional<double>& value : by_seed)
    if (value) values.push_back(*value);
  return values;
}

std::string failure_words(const Score& score) {
  std::string words = score.skipped.empty() ? "" : "skipped: " + score.skipped;
  for (const auto& [why, count] : score.failures)
    words += fmt::format("{}{} {}/{}", words.empty() ? "" : "; ", why, count, score.by_seed.size());
  return words;
}

std::vector<double> paired_differences(const Score& left, const Score& right, double factor) {
  std::vector<double> differences;
  for (size_t i = 0; i < std::min(left.by_seed.size(), right.by_seed.size()); ++i) {
    if (left.by_seed[i] && right.by_seed[i])
      differences.push_back(*left.by_seed[i] - factor * *right.by_seed[i]);
  }
  return differences;
}

}  // namespace samplerbench::harness::reporting
