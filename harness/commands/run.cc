#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "core/suggest.h"
#include "harness/commands/arguments.h"
#include "harness/plan/data_files.h"
#include "harness/plan/shard.h"
#include "harness/report/report.h"
#include "harness/run/context.h"
#include "harness/run/known_records.h"
#include "harness/run/scheduler.h"
#include "harness/spec/experiment.h"
#include "harness/spec/synthetic.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

Syntax run_syntax() {
  Syntax syntax{.usage = "samplerbench run SPEC|NAME [options]",
                .positionals = {{"SPEC", "a TOML file, or the name of a built-in experiment"}},
                .required = 1};
  syntax.flags.add_options()                                                           //
      ("seeds", po::value<std::string>(), "run seeds 0 .. N-1 instead of the spec's")  //
      ("results", po::value<std::string>()->default_value("out"),
       "folder that takes the records and the report")  //
      ("jobs", po::value<std::string>()->default_value("1"),
       "runs at a time; more than 1 disturbs their clocks")  //
      ("shard", po::value<std::string>()->default_value("1/1"),
       "run the I-th of N fixed shares of the grid")                              //
      ("threads", po::value<std::string>()->default_value("1"), "threads a run")  //
      ("device", po::value<std::string>()->default_value("cpu"), "cpu or cuda")   //
      ("repeat", po::value<std::string>(),
       "also repeat finished runs of this status: timeout, crashed, ...")                                   //
      ("synthetic", "run on the embedded synthetic data set instead of the spec's, and say so everywhere")  //
      ("dry-run", "say what would run, and run nothing")                                                    //
      ("no-report", "leave the report to a later `samplerbench report`")                                    //
      ("json", "the summary as one JSON document on standard output");
  add_data_flag(syntax.flags);
  return syntax;
}

Experiment experiment_from(const Arguments& arguments, const Catalog& catalog, const DataFolder& data) {
  Experiment experiment = load_experiment(arguments.text("SPEC"), catalog);
  if (arguments.has("seeds")) {
    experiment.seeds.clear();
    const int64_t seeds = whole_number(arguments, "seeds", 1, 1000000);
    for (int64_t seed = 0; seed < seeds; ++seed) experiment.seeds.push_back(static_cast<uint64_t>(seed));
  }
  if (arguments.has("synthetic")) experiment = on_synthetic_data(std::move(experiment), catalog);
  note_data_files(experiment, catalog, data);
  return experiment;
}

Schedule schedule_from(const Arguments& arguments, const DataFolder& data) {
  Schedule schedule{.results = arguments.text("results"),
                    .jobs = static_cast<int>(whole_number(arguments, "jobs", 1, 1024)),
                    .data = data.folder()};
  if (arguments.has("repeat")) {
    std::vector<std::string> known;
    for (const Status status : {Status::crashed, Status::diverged, Status::finished, Status::out_of_memory,
                                Status::skipped, Status::timeout})
      known.push_back(word_of(status));
    const std::string status = arguments.text("repeat");
    if (std::find(known.begin(), known.end(), status) == known.end())
      throw InputError(unknown_name("--repeat status", status, known));
    schedule.repeat.insert(from_word<Status>(status));
  }
  return schedule;
}

// The experiment beside its records, with the keys of those that belong to it. Refuses a folder that cannot
// be written, before anything runs.
void write_experiment(Experiment experiment, const std::vector<Job>& jobs,
                      const std::filesystem::path& results) {
  for (const Job& job : jobs) experiment.keys.insert(job.key);
  try {
    write_atomically(results / experiment.name / "experiment.json", to_json(experiment).dump(1) + "\n");
  } catch (const CannotWrite& error) {
    throw InputError(fmt::format("--results {}: {}", results.string(), error.what()));
  }
}

void warn_of_slow_blas() {
  const double rate = blas_rate();
  if (rate < 12)
    fmt::print(
        stderr,
        "samplerbench: warning: a matrix product runs at {:.1f} GFLOP/s ({}): install an optimised BLAS, "
        "such as Debian's libopenblas0-openmp\n",
        rate, blas_name());
}

int print_plan(const std::vector<Job>& jobs, const KnownRecords& known, bool as_json) {
  Json json = Json::array();
  for (const Job& job : jobs) {
    const bool finished = known.has(job);
    if (as_json)
      json.push_back({{"title", job.title()},
                      {"record", job.record.string()},
                      {"key", job.key},
                      {"finished", finished}});
    else
      fmt::print("{} {}\n", finished ? "done" : "run ", job.title());
  }
  if (as_json) std::cout << json.dump(2) << "\n";
  return 0;
}

int exit_code(const RunOutcome& outcome) {
  const bool fell_short = std::any_of(outcome.statuses.begin(), outcome.statuses.end(), [](const auto& one) {
    static const std::set<Status> short_of{Status::error,   Status::timeout, Status::out_of_memory,
                                           Status::crashed, Status::busy,    Status::damaged};
    return short_of.contains(one.first);
  });
  return outcome.interrupted || !outcome.failure.empty() || fell_short ? 1 : 0;
}

Json counts_by_word(const std::map<Status, int64_t>& statuses) {
  Json counts = Json::object();
  for (const auto& [status, count] : statuses) counts[word_of(status)] = count;
  return counts;
}

void print_summary(const Json& summary) {
  fmt::print("{}: {} finished before", summary["experiment"].get<std::string>(), summary["found"].dump());
  if (summary["taken_over"] > 0) fmt::print(" ({} in other experiments)", summary["taken_over"].dump());
  for (const auto& [status, count] : summary["statuses"].items()) fmt::print(", {} {}", count.dump(), status);
  fmt::print("\n");
  if (summary["interrupted"].get<bool>())
    fmt::print("interrupted: the same command goes on where this one stopped\n");
  if (summary.contains("failure")) fmt::print("stopped: {}\n", summary["failure"].get<std::string>());
  if (summary.contains("page")) fmt::print("page: {}\n", summary["page"].get<std::string>());
}

}  // namespace

int run_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, run_syntax());
  if (arguments.help) return 0;
  const Placement placement = placement_from(arguments);
  const DataFolder data = data_folder(arguments, catalog);
  const Schedule schedule = schedule_from(arguments, data);
  const Shard shard = parse_shard(arguments.text("shard"), "--shard");
  const Experiment experiment = experiment_from(arguments, catalog, data);
  const std::vector<Job> grid = plan(experiment, placement), jobs = share_of(grid, shard);
  if (arguments.has("dry-run"))
    return print_plan(jobs, KnownRecords(schedule, experiment.name), arguments.has("json"));

  write_experiment(experiment, grid, schedule.results);
  warn_of_slow_blas();
  const RunOutcome outcome = carry_out(jobs, experiment, schedule);
  const std::filesystem::path folder = schedule.results / experiment.name;
  Json summary{{"experiment", experiment.name},
               {"records", folder.string()},
               {"found", outcome.found},
               {"taken_over", outcome.taken_over},
               {"statuses", counts_by_word(outcome.statuses)},
               {"interrupted", outcome.interrupted}};
  if (!outcome.failure.empty()) summary["failure"] = outcome.failure;
  if (!outcome.interrupted && outcome.failure.empty() && !arguments.has("no-report")) {
    const ReportSummary report =
        write_report({.results = folder, .out = folder / "report", .catalog = catalog});
    for (const std::string& warning : report.warnings)
      fmt::print(stderr, "samplerbench: warning: {}\n", warning);
    summary["page"] = report.page.string();
  }
  if (arguments.has("json"))
    std::cout << summary.dump(2) << "\n";
  else
    print_summary(summary);
  return exit_code(outcome);
}

}  // namespace samplerbench::harness
