#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/printable.h"
#include "core/suggest.h"
#include "harness/commands/arguments.h"
#include "harness/plan/data_files.h"
#include "harness/plan/shard.h"
#include "harness/plan/tried_targets.h"
#include "harness/records/floor_line.h"
#include "harness/records/packed_records.h"
#include "harness/report/report.h"
#include "harness/report/tables/words.h"
#include "harness/run/context.h"
#include "harness/run/known_records.h"
#include "harness/run/scheduler.h"
#include "harness/spec/experiment.h"
#include "harness/spec/synthetic.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kLongestShown = 150;  // bytes of a label, which has no more

// What --repeat takes.
constexpr Status kRepeatable[] = {Status::crashed,       Status::diverged, Status::finished,
                                  Status::out_of_memory, Status::skipped,  Status::timeout};

Schedule schedule_from(const Arguments& arguments, const Shard& shard, const DataFolder& data) {
  Schedule schedule{.results = arguments.text("results"),
                    .jobs = static_cast<int>(whole_number(arguments, "jobs", 1, 1024)),
                    .repeat_disturbed = arguments.has("repeat-disturbed"),
                    .data = data.folder(),
                    .calibrate = calibrate};
  if (arguments.has("pack")) schedule.shard_file = shard_file_name(shard.index, shard.count);
  if (arguments.has("repeat")) {
    std::vector<std::string> known;
    for (const Status status : kRepeatable) known.push_back(word_of(status));
    const std::string status = arguments.text("repeat");
    if (std::find(known.begin(), known.end(), status) == known.end())
      throw InputError(unknown_name("--repeat status", status, known));
    schedule.repeat.insert(from_word<Status>(status));
  }
  return schedule;
}

std::set<std::string> keys_of(const std::vector<Job>& jobs) {
  std::set<std::string> keys;
  for (const Job& job : jobs) keys.insert(job.key);
  return keys;
}

// What --shard and --shares leave of the jobs.
std::vector<Job> share_from(const Arguments& arguments, const Shard& shard, std::vector<Job> jobs) {
  if (!arguments.has("shares")) return share_of(std::move(jobs), shard);
  const std::string file = arguments.text("shares");
  return share_of(std::move(jobs), shard, read_shares(file), "--shares " + printable(file, 200));
}

void warn_of_rough_floors(const Experiment& experiment, const std::string& spec) {
  if (experiment.floor_replications >= kFewestReplications) return;
  say("samplerbench: warning: {}: floor_replications = {}: the quantiles of a noise floor are rough below "
      "{}; "
      "ask for {} or more",
      printable(spec), experiment.floor_replications, kFewestReplications, kFewestReplications);
}

// A run whose budget of seconds is no smaller than its time limit ends as a timeout.
void warn_of_long_budgets(const Experiment& experiment, const Placement& placement, const std::string& spec) {
  for (const SamplerChoice& sampler : experiment.samplers) {
    const Budget& budget = sampler.budget;
    const double seconds = std::max(budget.wall_s.value_or(0),
                                    budget.cpu_s.value_or(0) / static_cast<double>(placement.threads));
    if (seconds < experiment.limits.time_s) continue;
    say("samplerbench: warning: {}: the budget of {} is {}, and limits.time_s = {:g} ends a run before: its "
        "runs become timeouts unless another limit of the budget is reached; raise limits.time_s",
        printable(spec), printable(sampler.label), reporting::budget_words(budget), experiment.limits.time_s);
  }
}

// One line a sampler and target, however many runs they have together.
void warn_of_misfits(const std::vector<Misfit>& misfits) {
  for (const Misfit& one : misfits)
    say("samplerbench: warning: the runs of {} on {} will be skipped: {}",
        printable(one.sampler, kLongestShown), printable(one.target, kLongestShown), one.reason);
}

void warn_of_slow_blas() {
  const double rate = blas_rate();
  if (rate < 12)
    say("samplerbench: warning: a matrix product runs at {:.1f} GFLOP/s ({}): install an optimised BLAS, "
        "such as "
        "Debian's libopenblas0-openmp",
        rate, blas_name());
}

std::string words_of_plan(const Job& job, bool finished) {
  const std::optional<Budget>& budget = job.work.budget;
  return fmt::format("{} {}{}", finished ? "done" : "run ", job.title(),
                     budget ? fmt::format(" ({})", reporting::budget_words(*budget)) : "");
}

// On one line.
std::string json_of_plan(const Job& job, bool finished) {
  Json json{{"title", job.title()},
            {"record", job.record.string()},
            {"key", job.key},
            {"finished", finished}};
  if (job.work.budget) json["budget"] = json_of(*job.work.budget);
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

void print_plan(const std::vector<Job>& jobs, const KnownRecords& known) {
  for (const Job& job : jobs) write_out("{}\n", words_of_plan(job, known.standing(job).has_value()));
}

// A list with a line a job. It is not made before it is written: there may be a million.
void write_plan(const std::vector<Job>& jobs, const KnownRecords& known) {
  const char* before = "[";
  for (const Job& job : jobs)
    write_text(std::exchange(before, ",\n") + json_of_plan(job, known.standing(job).has_value()));
  write_text(jobs.empty() ? "[]\n" : "]\n");
}

// Whether one of the jobs ended in one of these ways, now or before.
bool ended_as(const RunOutcome& outcome, const std::set<Status>& ways) {
  const auto counts = [&](const std::map<Status, int64_t>& statuses) {
    return std::any_of(statuses.begin(), statuses.end(),
                       [&](const auto& one) { return one.second > 0 && ways.contains(one.first); });
  };
  return counts(outcome.statuses) || counts(outcome.standing);
}

// Runs that diverged do not count here: see CarriedOut.
int exit_code(const RunOutcome& outcome) {
  const bool failed =
      ended_as(outcome, {Status::error, Status::timeout, Status::out_of_memory, Status::crashed,
                         Status::interrupted, Status::busy, Status::damaged});
  return outcome.interrupted || !outcome.failure.empty() || failed || outcome.kept > 0 ? 1 : 0;
}

Json counts_by_word(const std::map<Status, int64_t>& statuses) {
  Json counts = Json::object();
  for (const auto& [status, count] : statuses)
    if (count > 0) counts[word_of(status)] = count;
  return counts;
}

// [{"sampler", "target", "reason"}]
Json json_of_skipped(const RunOutcome& outcome) {
  Json skipped = Json::array();
  for (const auto& [labels, reason] : outcome.skipped)
    skipped.push_back({{"sampler", labels.first}, {"target", labels.second}, {"reason", reason}});
  return skipped;
}

// [{"experiment", "commit", "records"}]
Json json_of_taken(const RunOutcome& outcome) {
  Json taken = Json::array();
  for (const auto& [maker, records] : outcome.taken_from)
    taken.push_back({{"experiment", maker.first}, {"commit", maker.second}, {"records", records}});
  return taken;
}

Json summary_of(const Experiment& experiment, const std::filesystem::path& folder,
                const RunOutcome& outcome) {
  Json summary{{"experiment", experiment.name},
               {"records", folder.string()},
               {"found", outcome.found},
               {"taken_over", outcome.taken_over},
               {"taken_from", json_of_taken(outcome)},
               {"standing", counts_by_word(outcome.standing)},
               {"statuses", counts_by_word(outcome.statuses)},
               {"disturbed", outcome.disturbed},
               {"kept", outcome.kept},
               {"interrupted", outcome.interrupted},
               {"skipped", json_of_skipped(outcome)}};
  if (!outcome.failure.empty()) summary["failure"] = outcome.failure;
  return summary;
}

// "5 records from trial (commit 0123456789ab, as this program)"
std::string taken_words(const Json& one) {
  const auto records = one["records"].get<int64_t>();
  const auto commit = one["commit"].get<std::string>();
  const bool is_own = commit == git_commit && commit != "unknown" && !commit.ends_with("-dirty");
  return fmt::format("{} record{} from {} (commit {}{})", records, records == 1 ? "" : "s",
                     printable(one["experiment"].get<std::string>(), kLongestShown), printable(commit),
                     is_own ? ", as this program" : fmt::format("; this program is of {}", git_commit));
}

void print_summary(const Json& summary) {
  write_out("{}: {} carried out before", summary["experiment"].get<std::string>(), summary["found"].dump());
  if (summary["taken_over"] > 0) write_out(" ({} in other experiments)", summary["taken_over"].dump());
  for (const auto& [status, count] : summary["standing"].items())
    if (status != word_of(Status::finished)) write_out(" ({} of them {})", count.dump(), status);
  for (const auto& [status, count] : summary["statuses"].items()) write_out(", {} {}", count.dump(), status);
  if (summary["kept"] > 0) write_out(", {} not finished again", summary["kept"].dump());
  write_out("\n");
  std::vector<std::string> taken;
  for (const Json& one : summary["taken_from"]) taken.push_back(taken_words(one));
  if (!taken.empty()) write_out("taken over: {}\n", fmt::join(taken, "; "));
  if (summary["disturbed"] > 0)
    write_out(
        "{} finished with their wall-clock disturbed by other work: --repeat-disturbed runs them again\n",
        summary["disturbed"].dump());
  for (const Json& one : summary["skipped"])
    write_out("skipped: {} on {}: {}\n", printable(one["sampler"].get<std::string>(), kLongestShown),
              printable(one["target"].get<std::string>(), kLongestShown),
              printable(one["reason"].get<std::string>(), 1000));
  if (summary["interrupted"].get<bool>())
    write_out("interrupted: the same command goes on where this one stopped\n");
  if (summary.contains("failure"))
    write_out("stopped: {}\n", printable(summary["failure"].get<std::string>(), 1000));
  if (summary.contains("settings"))
    write_out("chosen settings: {}\n", summary["settings"].get<std::string>());
  if (summary.contains("page")) write_out("page: {}\n", summary["page"].get<std::string>());
}

}  // namespace

void add_seeds_flag(po::options_description& flags) {
  flags.add_options()("seeds", po::value<std::string>(), "run seeds 0 .. N-1 instead of the spec's");
}

Experiment experiment_from(const Arguments& arguments, const Catalog& catalog) {
  Experiment experiment = load_experiment(arguments.text("SPEC"), catalog);
  if (arguments.has("seeds")) {
    experiment.seeds.clear();
    const int64_t seeds = whole_number(arguments, "seeds", 1, 1000000);
    for (int64_t seed = 0; seed < seeds; ++seed) experiment.seeds.push_back(static_cast<uint64_t>(seed));
    require_seeds_apart(experiment, "--seeds " + arguments.text("seeds"));
  }
  return experiment;
}

Syntax run_syntax() {
  Syntax syntax{.usage = "samplerbench run SPEC|NAME [options]",
                .positionals = {{"SPEC", "a TOML file, or the name of a built-in experiment"}},
                .required = 1};
  add_seeds_flag(syntax.flags);
  add_run_flags(syntax);
  add_claims_flag(syntax.flags);
  syntax.offers["SPEC"] = {.names = {Names::experiments}, .files = true};
  return syntax;
}

void add_grid_flags(Syntax& syntax) {
  syntax.offers["device"] = {.words = {"cpu", "cuda"}};
  syntax.flags.add_options()  //
      ("results", po::value<std::string>()->default_value("out"),
       "folder that takes the records and the report")  //
      ("jobs", po::value<std::string>()->default_value("1"),
       "runs at a time; more than 1 disturbs their clocks")                       //
      ("threads", po::value<std::string>()->default_value("1"), "threads a run")  //
      ("device", po::value<std::string>()->default_value("cpu"), "cpu or cuda")   //
      ("synthetic", "run on the embedded synthetic data set instead of the spec's, and say so everywhere");
  add_data_flag(syntax.flags);
}

void add_run_flags(Syntax& syntax) {
  add_grid_flags(syntax);
  for (const Status status : kRepeatable) syntax.offers["repeat"].words.emplace_back(word_of(status));
  syntax.flags.add_options()  //
      ("shard", po::value<std::string>()->default_value("1/1"),
       "run the I-th of N shares of the grid, dealt by what their budgets allow")  //
      ("shares", po::value<std::string>(),
       "file of shares that `samplerbench slurm` dealt out, in place of those")  //
      ("pack",
       "put runs, as they finish, into one file of the shard, records-I-of-N.jsonl.gz, in place of a file "
       "each")  //
      ("repeat", po::value<std::string>(),
       "also repeat finished runs of this status: timeout, crashed, ...")  //
      ("repeat-disturbed",
       "also repeat finished runs whose wall-clock other work on the machine disturbed; a record is replaced "
       "only when its run finishes again")                                //
      ("dry-run", "say what would run, and run nothing")                  //
      ("no-report", "leave the report to a later `samplerbench report`")  //
      ("json", "the summary as one JSON document on standard output");
}

PlannedExperiment planned(const Arguments& arguments, const Placement& placement, Experiment experiment,
                          const Catalog& catalog, const DataFolder& data) {
  if (arguments.has("synthetic")) experiment = on_synthetic_data(std::move(experiment), catalog);
  note_data_files(experiment, catalog, data);
  const std::vector<Misfit> misfits = try_targets(experiment, catalog, data);
  warn_of_misfits(misfits);
  warn_of_rough_floors(experiment, arguments.text("SPEC"));
  warn_of_long_budgets(experiment, placement, arguments.text("SPEC"));
  std::vector<Job> jobs = plan(experiment, placement);
  experiment.keys = keys_of(jobs);
  return {std::move(experiment), std::move(jobs)};
}

void write_experiment(const Experiment& experiment, const std::filesystem::path& results) {
  const std::filesystem::path file = results / experiment.name / "experiment.json";
  std::error_code unknown;
  if (std::filesystem::exists(file, unknown) && !std::filesystem::is_regular_file(file, unknown))
    throw InputError(fmt::format("{}: is no file; remove it", file.string()));
  try {
    write_atomically(file, to_json(experiment).dump(1) + "\n");
  } catch (const CannotWrite& error) {
    refuse_output("results", results, error);
  }
}

ReportSummary report_beside(const std::filesystem::path& records, const Catalog& catalog) {
  ReportSummary report = write_report({.results = records, .out = records / "report", .catalog = catalog});
  for (const std::string& warning : report.warnings) say("samplerbench: warning: {}", warning);
  return report;
}

CarriedOut carry_out(const Arguments& arguments, Experiment asked, const Catalog& catalog,
                     const DataFolder& data) {
  const Placement placement = placement_from(arguments);
  const Shard shard = parse_shard(arguments.text("shard"), "--shard");
  const Schedule schedule = schedule_from(arguments, shard, data);
  PlannedExperiment whole = planned(arguments, placement, std::move(asked), catalog, data);
  const Experiment& experiment = whole.experiment;
  std::vector<Job> jobs = share_from(arguments, shard, std::move(whole.jobs));
  if (arguments.has("dry-run")) {
    (arguments.has("json") ? write_plan : print_plan)(jobs, KnownRecords(schedule, experiment));
    return {};
  }
  write_experiment(experiment, schedule.results);
  warn_of_slow_blas();
  const RunOutcome outcome = carry_out(jobs, experiment, schedule);
  jobs = std::vector<Job>();  // a report of many runs needs their memory
  const std::filesystem::path folder = schedule.results / experiment.name;
  CarriedOut done{.folder = folder,
                  .whole = !outcome.interrupted && outcome.failure.empty(),
                  .diverged = outcome.diverged > 0,
                  .code = exit_code(outcome),
                  .summary = summary_of(experiment, folder, outcome)};
  if (!done.whole || arguments.has("no-report")) return done;
  const ReportSummary report = report_beside(folder, catalog);
  done.summary["page"] = report.page.string();
  done.broken_claims = report.broken_claims;
  return done;
}

void print(const CarriedOut& done, const Arguments& arguments) {
  if (done.summary.is_null()) return;
  if (arguments.has("json"))
    write_json(done.summary);
  else
    print_summary(done.summary);
}

int run_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, run_syntax());
  if (arguments.help) return 0;
  if (arguments.has("check-claims") && (arguments.has("no-report") || arguments.has("dry-run")))
    throw InputError(
        "--check-claims: claims are checked by the report, which --no-report and --dry-run leave out");
  const DataFolder data = data_folder(arguments, catalog);
  const CarriedOut done = carry_out(arguments, experiment_from(arguments, catalog), catalog, data);
  const bool broken = breaks_claims(arguments, done.broken_claims);
  print(done, arguments);
  return broken || done.diverged ? 1 : done.code;
}

}  // namespace samplerbench::harness
