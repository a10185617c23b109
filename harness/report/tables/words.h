#pragma once

#include <string>
#include <vector>

#include "harness/records/experiment.h"
#include "harness/report/tables/table.h"

namespace samplerbench::harness::reporting {

// "SAMPLER: setting=value; ..." for the samplers that are not at their defaults, and every budget.
std::vector<std::string> setting_notes(const Experiment& experiment);

// What the ranked methods may ask for, where that is not the target's density and score, and what the marks §,
// ¶ and ‖ of headings mean, where one has them.
std::vector<std::string> oracle_notes(const Experiment& experiment);

// "3,000 steps", "60 s or 100,000 gradients".
std::string budget_words(const Budget& budget);

// The table as a paper has it: samplers and metrics by their names for readers, without budgets and settings,
// which stand in settings_table().
Table for_paper(Table table, const Experiment& experiment);

// The same for the page and for Markdown, where a metric's own table says its label too.
Table for_readers(Table table, const Experiment& experiment);

// One row a sampler: what tables call it, its label in specs and in CSV files, what it may ask of the target,
// its budget and its settings.
Table samplers_table(const Experiment& experiment);

// One row a sampler: what it may ask for, its budget and the settings that differ from the defaults. The
// appendix of a paper.
Table settings_table(const Experiment& experiment);

// What a sampler may ask of the target: "log density, score".
std::string information_words(const SamplerChoice& sampler);

// "step_size=0.1 (12 trials)": the settings that differ from the defaults, `none` where there are none, and
// among how many trials they were chosen, where the experiment says.
std::string settings_words(const SamplerChoice& sampler, const std::string& none);

// "5 seeds" / "1 seed".
std::string seeds_words(int64_t count);
std::string seeds_words(const Experiment& experiment);

}  // namespace samplerbench::harness::reporting
