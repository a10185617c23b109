#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/report/analysis/results.h"
#include "harness/run/judge.h"
#include "harness/spec/choose.h"
#include "harness/spec/experiment.h"
#include "harness/spec/selection.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

Experiment searched_experiment(const Arguments& arguments, const Catalog& catalog) {
  Experiment experiment = load_experiment(arguments.text("SPEC"), catalog);
  if (!experiment.tune) return experiment;
  TuneChoice& tune = *experiment.tune;
  if (arguments.has("trials")) tune.trials = whole_number(arguments, "trials", 2, 10000);
  if (!arguments.has("metric")) return experiment;
  tune.metric = arguments.text("metric");
  const std::vector<std::string> known = experiment.metric_labels();
  if (std::find(known.begin(), known.end(), tune.metric) == known.end())
    throw InputError(unknown_name("--metric", tune.metric, known));
  return experiment;
}

// 1 where smaller values of the metric are better, -1 where larger ones are. Throws InputError for others.
double sign_of(const Experiment& experiment, const Catalog& catalog) {
  for (const Measure& measure : make_measures(experiment.metrics, catalog)) {
    if (measure.label != experiment.tune->metric) continue;
    const metrics::Better better = measure.metric->better();
    if (better != metrics::Better::neither) return better == metrics::Better::lower ? 1 : -1;
  }
  throw InputError(
      fmt::format("metric = \"{}\": no value of it is better than another, so it cannot choose settings",
                  experiment.tune->metric));
}

// What one trial came to.
struct Trial {
  SamplerChoice sampler;
  std::map<std::string, std::optional<double>> values;  // by target; none where the run failed or skipped
  double mean_rank = 0;                                 // among the trials of its sampler, over targets
};

// The value of the metric at the end of a run; infinite where it has none.
double last_value(const Trial& trial, const std::string& target, double sign) {
  const std::optional<double> value = trial.values.at(target);
  return value && !std::isnan(*value) ? sign * *value : std::numeric_limits<double>::infinity();
}

// Equal values share the mean of their ranks.
void rank(std::vector<Trial>& trials, const std::vector<Choice>& targets, double sign) {
  for (Trial& trial : trials) {
    double sum = 0;
    for (const Choice& target : targets) {
      const double own = last_value(trial, target.label, sign);
      for (const Trial& other : trials) {
        const double value = last_value(other, target.label, sign);
        sum += value < own ? 1 : value == own ? 0.5 : 0;
      }
    }
    trial.mean_rank = sum / static_cast<double>(targets.size()) + 0.5;
  }
}

// Of one trial, what its records say.
Trial trial_in(const reporting::Results& results, const SamplerChoice& sampler) {
  Trial trial{.sampler = sampler};
  for (const reporting::Run& run : results.runs) {
    if (run.sampler != sampler.label) continue;
    std::optional<double>& value = trial.values[run.target];
    if (!run.finished()) continue;
    const auto& outcomes = run.checkpoints.back().metrics;
    const auto found = outcomes.find(results.experiment.tune->metric);
    if (found != outcomes.end()) value = found->second.value;
  }
  return trial;
}

// All trials of one sampler.
std::vector<Trial> trials_in(const reporting::Results& results, const SamplerChoice& searched) {
  std::vector<Trial> trials;
  for (const SamplerChoice& sampler : results.experiment.samplers)
    if (sampler.entrant == searched.label) trials.push_back(trial_in(results, sampler));
  return trials;
}

// Runs that have no record yet, since other shards are to make them.
int64_t missing_runs(const reporting::Results& results) {
  const Experiment& experiment = results.experiment;
  return std::ssize(experiment.samplers) * std::ssize(experiment.targets) - std::ssize(results.runs);
}

// The first of the best.
size_t best_of(const std::vector<Trial>& trials) {
  const auto better = [](const Trial& one, const Trial& other) { return one.mean_rank < other.mean_rank; };
  return static_cast<size_t>(std::min_element(trials.begin(), trials.end(), better) - trials.begin());
}

// The values of all options, of those too that records leave out.
Json all_options(const SamplerChoice& sampler, const Catalog& catalog) {
  const OptionTable& table = catalog.samplers.at(sampler.name).options;
  return Options::resolved(table, sampler.options, sampler.label).json();
}

// The options that are searched, as a table of TOML in one line; none where the own ones are best.
std::string options_text(const SamplerChoice& searched, const SamplerChoice& chosen, const Catalog& catalog) {
  const Json own = all_options(searched, catalog), found = all_options(chosen, catalog);
  std::vector<std::string> members;
  for (const auto& [name, range] : searched.tune)
    if (found.at(name) != own.at(name)) members.push_back(fmt::format("{} = {}", name, found.at(name).dump()));
  return members.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(members, ", "));
}

Json json_of_trials(const std::vector<Trial>& trials) {
  Json all = Json::array();
  for (const Trial& trial : trials) {
    Json values = Json::object();
    for (const auto& [target, value] : trial.values) values[target] = value ? number_to_json(*value) : Json();
    all.push_back({{"settings", trial.sampler.settings}, {"mean_rank", trial.mean_rank}, {"values", values}});
  }
  return all;
}

// Settings as `tuned` takes them in, and all trials in `json`.
std::string chosen_settings(const reporting::Results& results, const Experiment& searched,
                            const Catalog& catalog, double sign, Json& json) {
  const TuneChoice& tune = *searched.tune;
  std::string text = fmt::format(
      "# Chosen by `samplerbench tune`: of {} trials of each sampler, the first with its own settings, the "
      "one "
      "of the\n# smallest mean rank over {} by {}. A spec takes them in by tuned = \"FILE\".\n"
      "experiment = {}\nseed = {}\nmetric = {}\n",
      tune.trials, fmt::join(tune.targets, ", "), tune.metric, Json(searched.name).dump(), tune.seed,
      Json(tune.metric).dump());
  for (const SamplerChoice& sampler : searched.samplers) {
    if (sampler.tune.empty()) continue;
    std::vector<Trial> trials = trials_in(results, sampler);
    rank(trials, results.experiment.targets, sign);
    const size_t best = best_of(trials);
    text += fmt::format(
        "\n[[samplers]]  # mean rank {:.2f}; {:.2f} with its own settings\nlabel = {}\ntrials = {}\n"
        "trial = {}\noptions = {}\n",
        trials[best].mean_rank, trials[0].mean_rank, Json(sampler.label).dump(), trials.size(), best,
        options_text(sampler, trials[best].sampler, catalog));
    json[sampler.label] = {{"chosen", best}, {"trials", json_of_trials(trials)}};
  }
  return text;
}

// Writes the chosen settings and tells them in the summary, once all runs have records.
void choose_settings(const std::filesystem::path& asked, const Experiment& searched, const Catalog& catalog,
                     double sign, CarriedOut& done) {
  const reporting::Results results = reporting::read_results(done.folder);
  if (const int64_t missing = missing_runs(results); missing > 0) {
    say("samplerbench: {} runs have no record yet: settings are chosen when all shards have run", missing);
    return;
  }
  const std::filesystem::path out = asked.empty() ? done.folder / "tuned.toml" : asked;
  Json& told = done.summary["samplers"] = Json::object();
  try {
    write_atomically(out, chosen_settings(results, searched, catalog, sign, told));
  } catch (const CannotWrite& error) {
    refuse_output("out", out, error);
  }
  done.summary["settings"] = out.string();
}

}  // namespace

Syntax tune_syntax() {
  Syntax syntax{.usage = "samplerbench tune SPEC|NAME [options]",
                .positionals = {{"SPEC",
                                 "a TOML file, or the name of a built-in experiment, whose samplers "
                                 "declare ranges (`tune`)"}},
                .required = 1};
  syntax.flags.add_options()  //
      ("trials", po::value<std::string>(),
       "trials of every sampler, the first with its own settings (default: the spec's)")      //
      ("metric", po::value<std::string>(), "label of the metric to judge by, of the spec's")  //
      ("out", po::value<std::string>(),
       "file that takes the chosen settings (default: tuned.toml beside the records)");
  add_run_flags(syntax);
  syntax.offers["SPEC"] = {.names = {Names::experiments}, .files = true};
  syntax.offers["metric"] = {.names = {Names::metrics}};
  return syntax;
}

int tune_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, tune_syntax());
  if (arguments.help) return 0;
  const DataFolder data = data_folder(arguments, catalog);
  const Experiment searched = searched_experiment(arguments, catalog);
  const Experiment trials = trials_of(searched, catalog);
  const double sign = sign_of(searched, catalog);
  const std::filesystem::path out = output_file(arguments, "out");
  CarriedOut done = carry_out(arguments, trials, catalog, data);
  if (done.whole) choose_settings(out, searched, catalog, sign, done);
  print(done, arguments);
  return done.code;
}

}  // namespace samplerbench::harness
