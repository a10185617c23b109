#include "harness/report/notes.h"

#include <fmt/format.h>

#include <map>

#include "harness/report/numbers.h"

namespace samplerbench::harness::reporting {

std::string budget_words(const Json& budget) {
  static const std::map<std::string, std::string> units{
      {"steps", "steps"}, {"score", "gradients"}, {"data_passes", "passes over the data"}, {"wall_s", "s"}};
  std::string words;
  for (const auto& [name, limit] : budget.items()) {
    if (!limit.is_number()) continue;
    const auto unit = units.find(name);
    const double value = limit.get<double>();
    words += fmt::format("{}{} {}", words.empty() ? "" : " or ",
                         name == "wall_s" ? short_number(value) : grouped(value),
                         unit == units.end() ? name : unit->second);
  }
  return words.empty() ? "none" : words;
}

std::vector<std::string> setting_notes(const Experiment& experiment) {
  std::string settings;
  std::vector<std::pair<std::string, std::string>> budgets;  // words, samplers
  for (const SamplerEntry& sampler : experiment.samplers) {
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
  for (const SamplerEntry& sampler : experiment.samplers)
    if (sampler.is_oracle())
      return {
          "§ learns from exact draws, which no sampler of use has: an upper reference, neither ranked nor "
          "marked best."};
  return {};
}

std::string seeds_words(const Experiment& experiment) {
  return fmt::format("{} seed{}", experiment.seeds.size(), experiment.seeds.size() == 1 ? "" : "s");
}

bool has_chains(const SamplerEntry& sampler) { return sampler.options.contains("chains"); }

bool has_particles(const SamplerEntry& sampler) { return sampler.options.contains("particles"); }

}  // namespace samplerbench::harness::reporting
