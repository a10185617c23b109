#include "harness/report/tables/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {

namespace {

// "1 step", "3,000 steps".
std::string counted(double count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

}  // namespace

std::string budget_words(const Budget& budget) {
  std::vector<std::string> limits;
  if (budget.data_passes)
    limits.push_back(counted(*budget.data_passes, "pass over the data", "passes over the data"));
  if (budget.score) limits.push_back(counted(static_cast<double>(*budget.score), "gradient", "gradients"));
  if (budget.steps) limits.push_back(counted(static_cast<double>(*budget.steps), "step", "steps"));
  if (budget.wall_s) limits.push_back(short_number(*budget.wall_s) + " s");
  return limits.empty() ? "none" : fmt::format("{}", fmt::join(limits, " or "));
}

std::vector<std::string> setting_notes(const Experiment& experiment) {
  std::string settings;
  std::vector<std::pair<std::string, std::string>> budgets;  // words, samplers
  for (const SamplerChoice& sampler : experiment.samplers) {
    if (!sampler.settings.empty())
      settings += fmt::format("{}{}: {}", settings.empty() ? "" : "; ", sampler.label, sampler.settings);
    const std::string words = budget_words(sampler.budget);
    auto found = budgets.begin();
    while (found != budgets.end() && found->first != words) ++found;
    if (found == budgets.end())
      budgets.emplace_back(words, sampler.label);
    else
      found->second += ", " + sampler.label;
  }
  std::string budget;
  for (const auto& [words, samplers] : budgets)
    budget += fmt::format("{}{} ({})", budget.empty() ? "" : "; ", words, samplers);
  return {
      "Settings that differ from the defaults: " + (settings.empty() ? std::string("none") : settings) + ".",
      "Budgets: " + budget + "."};
}

std::vector<std::string> oracle_notes(const Experiment& experiment) {
  for (const SamplerChoice& sampler : experiment.samplers)
    if (sampler.oracle)
      return {
          "§ learns from exact draws, which no sampler of use has: an upper reference, neither ranked nor "
          "marked best."};
  return {};
}

std::string seeds_words(int64_t count) { return fmt::format("{} seed{}", count, count == 1 ? "" : "s"); }

std::string seeds_words(const Experiment& experiment) { return seeds_words(std::ssize(experiment.seeds)); }

}  // namespace samplerbench::harness::reporting
