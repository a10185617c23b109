#include "harness/report/tables/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {

namespace {

// "1 step", "3,000 steps".
std::string counted(double count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

// The names for readers by the words that stand for samplers, or for metrics, in tables.
std::map<std::string, std::string> sampler_names(const Experiment& experiment) {
  std::map<std::string, std::string> names;
  for (const SamplerChoice& sampler : experiment.samplers)
    names[sampler.heading()] = names[sampler.label] = sampler.display_heading();
  return names;
}

std::map<std::string, std::string> metric_names(const Experiment& experiment) {
  std::map<std::string, std::string> names;
  for (const std::string& label : experiment.metric_labels()) {
    names[label] = metric_display(experiment, label);
    names["final " + label] = "final " + names[label];
  }
  return names;
}

void rename(std::string& text, const std::map<std::string, std::string>& names) {
  if (const auto found = names.find(text); found != names.end()) text = found->second;
}

void remove_column(Table& table, const std::string& title) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return column.title == title; });
  if (found == table.columns.end()) return;
  const auto place = found - table.columns.begin();
  table.columns.erase(found);
  for (auto& row : table.rows)
    if (place < std::ssize(row)) row.erase(row.begin() + place);
}

}  // namespace

Table for_paper(Table table, const Experiment& experiment) {
  const auto samplers = sampler_names(experiment), metrics = metric_names(experiment);
  const std::vector<std::string> settings = setting_notes(experiment);
  std::erase_if(table.notes, [&](const std::string& note) {
    return std::find(settings.begin(), settings.end(), note) != settings.end();
  });
  for (const char* title : {"budget", "settings"}) remove_column(table, title);
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const std::string title = table.columns[i].title;
    for (auto& row : table.rows) {
      if (i >= row.size()) continue;
      if (title == "sampler" || title == "by") rename(row[i].text, samplers);
      if (title == "metric" || title == "held back by") rename(row[i].text, metrics);
    }
  }
  // Of a table of one metric the headings are samplers or, where those stand in rows, targets.
  const bool of_metric = table.name.starts_with("metric-");
  const bool samplers_across = !table.columns.empty() && table.columns.front().title == "target";
  for (size_t i = 1; i < table.columns.size(); ++i) {
    if (!of_metric) rename(table.columns[i].title, metrics);
    if (of_metric && samplers_across) rename(table.columns[i].title, samplers);
  }
  if (of_metric) rename(table.title, metrics);
  return table;
}

Table for_readers(Table table, const Experiment& experiment) {
  const std::string label = table.title;
  table = for_paper(std::move(table), experiment);
  if (table.title != label) table.title += fmt::format(" ({})", label);
  return table;
}

Table samplers_table(const Experiment& experiment) {
  Table table{.name = "samplers", .title = "Samplers"};
  table.columns = {
      {"name"}, {"label"}, {"may ask for"}, {"budget of a run"}, {"settings that differ from the defaults"}};
  table.data = {{"name", "label", "information", "budget", "settings"}};
  for (const SamplerChoice& sampler : experiment.samplers) {
    table.data.push_back({sampler.display_heading(), sampler.label, information_words(sampler),
                          budget_words(sampler.budget), settings_words(sampler, "none")});
    table.rows.emplace_back();
    for (const std::string& text : table.data.back()) table.rows.back().push_back({text});
  }
  return table;
}

Table settings_table(const Experiment& experiment) {
  Table table{.name = "settings", .title = "Budgets and settings"};
  table.columns = {{"sampler"}, {"may ask for"}, {"budget"}, {"settings that differ from the defaults"}};
  for (const SamplerChoice& sampler : experiment.samplers)
    table.rows.push_back({{sampler.display_heading()},
                          {information_words(sampler)},
                          {budget_words(sampler.budget)},
                          {settings_words(sampler, "none")}});
  return table;
}

std::string information_words(const SamplerChoice& sampler) {
  using samplers::Information;
  if (sampler.self_counted()) return "its own density, counted by itself";
  // Experiments of before methods stated it say of upper references alone that they see exact draws.
  const bool old_oracle = sampler.oracle && sampler.information == Information::target;
  return asks_for(sampler.draws.value_or(samplers::DrawsAre::trained),
                  old_oracle ? Information::draws : sampler.information);
}

std::string settings_words(const SamplerChoice& sampler, const std::string& none) {
  const std::string settings = sampler.settings.empty() ? none : sampler.settings;
  if (sampler.trials == 0) return settings;
  return fmt::format("{} ({})", settings, counted(static_cast<double>(sampler.trials), "trial", "trials"));
}

std::string budget_words(const Budget& budget) {
  std::vector<std::string> limits;
  if (budget.data_passes)
    limits.push_back(counted(*budget.data_passes, "pass over the data", "passes over the data"));
  if (budget.score) limits.push_back(counted(static_cast<double>(*budget.score), "gradient", "gradients"));
  if (budget.steps) limits.push_back(counted(static_cast<double>(*budget.steps), "step", "steps"));
  if (budget.wall_s) limits.push_back(short_number(*budget.wall_s) + " s");
  if (budget.cpu_s) limits.push_back(short_number(*budget.cpu_s) + " CPU s");
  return limits.empty() ? "none" : fmt::format("{}", fmt::join(limits, " or "));
}

std::vector<std::string> setting_notes(const Experiment& experiment) {
  std::string settings;
  std::vector<std::pair<std::string, std::string>> budgets;  // words, samplers
  for (const SamplerChoice& sampler : experiment.samplers) {
    if (!sampler.settings.empty() || sampler.trials > 0)
      settings += fmt::format("{}{}: {}", settings.empty() ? "" : "; ", sampler.label,
                              settings_words(sampler, "the defaults"));
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
  const auto any = [&experiment](const auto& condition) {
    return std::any_of(experiment.samplers.begin(), experiment.samplers.end(), condition);
  };
  const bool learners = any([](const SamplerChoice& sampler) {
    return sampler.information == samplers::Information::draws && !sampler.oracle;
  });
  std::vector<std::string> notes;
  if (any([](const SamplerChoice& sampler) { return sampler.trained_elsewhere(); }))
    notes.push_back(
        "¶ was trained elsewhere: what it learnt from is not known here, and what its training took is what "
        "its author declares. Neither ranked nor marked best, and left out of what is asked at equal time or "
        "work.");
  if (any([](const SamplerChoice& sampler) { return sampler.self_counted(); }))
    notes.push_back(
        "‖ evaluates the density by itself, which was held against the target's at a few points: its "
        "gradients are counted by itself, and its seconds hold its own density.");
  if (learners)
    notes.push_back(
        "The methods that are ranked here learn from exact draws of the target. They may not be compared "
        "with "
        "samplers, which have its log density and score alone.");
  const auto sees_all = [](const SamplerChoice& sampler) {
    return sampler.information == samplers::Information::truth;
  };
  if (std::all_of(experiment.samplers.begin(), experiment.samplers.end(), sees_all)) {
    notes.push_back("§ may ask for all that is known of the target: neither ranked nor marked best.");
    return notes;
  }
  if (any([](const SamplerChoice& sampler) { return sampler.oracle && !sampler.trained_elsewhere(); }))
    notes.push_back(
        learners ? "§ may ask for more than exact draws: an upper reference, neither ranked nor marked best."
                 : "§ may ask for more of the target than the samplers that are ranked, exact draws or "
                   "all that is known: an upper reference, neither ranked nor marked best.");
  return notes;
}

std::string seeds_words(int64_t count) { return fmt::format("{} seed{}", count, count == 1 ? "" : "s"); }

std::string seeds_words(const Experiment& experiment) { return seeds_words(std::ssize(experiment.seeds)); }

}  // namespace samplerbench::harness::reporting
