// The program as its users meet it: whole runs, resumption, failures as rows, bad input.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <map>
#include <numbers>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "core/json.h"
#include "harness/records/record.h"
#include "harness/support/clock.h"
#include "harness/support/npy.h"
#include "tests/harness/process.h"
#include "tests/harness/record_lines.h"
#include "tests/sanitized.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::comes_true;
using samplerbench::testing::Ended;
using samplerbench::testing::kSanitized;
using samplerbench::testing::lines;
using samplerbench::testing::processes_with;
using samplerbench::testing::records;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using samplerbench::testing::timeless;
using samplerbench::testing::timeless_records;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string program = SAMPLERBENCH_PROGRAM;
const std::string misbehaving = SAMPLERBENCH_MISBEHAVING;

std::string spec(const std::string& samplers, const std::string& more = "") {
  return "name = \"trial\"\nseeds = 2\ndraws = 100\ncheckpoints = 3\nfloor_replications = 5\nstart = "
         "false\n" +
         more + "targets = [\"gaussian\"]\nmetrics = [\"ksd_imq_v\", \"rhat\"]\n" + samplers;
}

const std::string two_samplers =
    "[[samplers]]\nname = \"ula\"\noptions = { chains = 100 }\nbudget = { steps = 40 }\n"
    "[[samplers]]\nname = \"dft\"\noptions = { batch = 64, width = 16 }\nbudget = { steps = 6 }\n";

Ended run_spec(const Scratch& scratch, const std::string& text, const std::string& flags = "",
               const std::string& with = program) {
  return run_trial_toml(with, scratch, text, "--no-report " + flags);
}

// The same with these variables in its environment: "A=B C=D".
Ended run_spec_in(const std::string& variables, const Scratch& scratch, const std::string& text,
                  const std::string& flags = "") {
  spit(scratch / "trial.toml", text);
  return run("/usr/bin/env", variables + " '" + program + "' run '" + (scratch / "trial.toml").string() +
                                 "' --results '" + (scratch / "out").string() + "' --no-report " + flags);
}

// Loaded before the C library it makes the system hostile in this way: tests/programs/hostile_system.cc.
std::string on_hostile_system(const std::string& how) {
  return "HOSTILE_SYSTEM=" + how + " LD_PRELOAD='" SAMPLERBENCH_HOSTILE "'";
}

// CPU seconds that the test makes up, where it can: a step takes one millisecond, whatever else the machine
// does.
const std::string made_up_cpu_clock = kSanitized ? "A=B" : on_hostile_system("tick");

TEST(Run, LeavesACompleteRecordOfEveryRun) {
  const Scratch scratch;
  const Ended ended = run_spec(scratch, spec(two_samplers), "--json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"finished", 5}}));
  const auto paths = records(scratch / "out");
  ASSERT_EQ(paths.size(), 5u);
  for (const auto& path : paths) {
    const auto all = lines(path);
    EXPECT_EQ(all.front()["type"], "begin");
    EXPECT_EQ(all.back()["type"], "end");
    EXPECT_EQ(all.back()["status"], "finished");
    if (all.front()["kind"] == "floor") continue;
    ASSERT_EQ(all.size(), 2u + 3u);
    const Json& last = all[all.size() - 2];
    EXPECT_EQ(last["progress"], 1.0);
    EXPECT_GT(last["train"]["score"], 0);
    EXPECT_GT(last["train"]["wall_s"], 0.0);
    EXPECT_TRUE(last["metrics"]["ksd_imq_v"].is_number());
    if (all.front()["job"]["sampler"]["name"] == "ula") {
      EXPECT_EQ(last["train"]["score"], 40 * 100);
    }
    if (all.front()["job"]["sampler"]["name"] == "dft") {
      EXPECT_TRUE(last["metrics"]["rhat"].contains("skipped"));
    }
  }
}

// The row that every experiment gets: a run of one step without work, judged as all others are.
TEST(Run, TheStartingLawIsARowOfItsOwn) {
  const Scratch scratch;
  std::string text = spec("[[samplers]]\nname = \"ula\"\nbudget = { steps = 4 }\n", "start_scale = 0.5\n");
  text.erase(text.find("start = false\n"), 14);
  const Ended ended = run_spec(scratch, text, "--seeds 1 --json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"finished", 3}}));
  const auto paths = records(scratch / "out/trial/gaussian/sampler-start");
  ASSERT_EQ(paths.size(), 1u);
  const auto all = lines(paths[0]);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1]["progress"], 1.0);
  EXPECT_EQ(all[1]["train"]["steps"], 1);
  for (const char* ledger : {"train", "draw"}) EXPECT_EQ(all[1][ledger].value("score", 0), 0) << ledger;
  EXPECT_TRUE(all[1]["metrics"]["ksd_imq_v"].is_number());
  EXPECT_EQ(all[2]["status"], "finished");
}

TEST(Run, CheckpointsStandAtTheRatioAskedFor) {
  const auto steps = [](const std::string& ratio) {
    const Scratch scratch;
    EXPECT_EQ(run_spec(scratch, spec("[[samplers]]\nname = \"ula\"\nbudget = { steps = 100 }\n", ratio)).code,
              0);
    std::vector<int64_t> steps;
    for (const auto& path : records(scratch / "out"))
      if (lines(path).front()["kind"] == "run" && lines(path).front()["job"]["seed"] == 0)
        for (const Json& line : lines(path))
          if (line["type"] == "checkpoint") steps.push_back(line["train"]["steps"]);
    return steps;
  };
  EXPECT_EQ(steps(""), (std::vector<int64_t>{25, 50, 100}));
  EXPECT_EQ(steps("checkpoint_ratio = 1.25\n"), (std::vector<int64_t>{64, 80, 100}));
}

// The one record of a run below `folder`.
std::vector<Json> lines_of_run(const std::filesystem::path& folder) {
  std::vector<Json> found;
  for (const auto& path : records(folder)) {
    std::vector<Json> all = lines(path);
    if (all.front()["kind"] != "run") continue;
    EXPECT_TRUE(found.empty());
    found = std::move(all);
  }
  return found;
}

TEST(Run, ABudgetOfCpuSecondsEndsARunAndPlacesItsCheckpoints) {
  const Scratch scratch;
  const std::string text =
      "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 1000\ncheckpoints = 4\nfloor_replications = 2\n"
      "targets = [\"gaussian\"]\nmetrics = [\"mmd\"]\nsamplers = [\"ula\"]\n"
      "budget = { cpu_s = 0.08, steps = 1000000000 }\n";
  EXPECT_THAT(run_spec(scratch, text, "--dry-run").out,
              HasSubstr("run  gaussian / ula / seed 0 (1,000,000,000 steps or 0.0800 CPU s)\n"));
  const Json plan = Json::parse(run_spec(scratch, text, "--dry-run --json").out);
  EXPECT_EQ(plan.back()["budget"], Json({{"cpu_s", 0.08}, {"steps", 1000000000}}));
  EXPECT_FALSE(plan.front().contains("budget"));  // of a noise floor

  ASSERT_EQ(run_spec_in(made_up_cpu_clock, scratch, text).code, 0);
  const std::vector<Json> all = lines_of_run(scratch / "out");
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all.back()["reason"], "cpu_s");
  for (int k = 0; k < 4; ++k) {
    const Json& train = all[1 + k]["train"];
    const double share = std::pow(2.0, k - 3);  // at which this checkpoint is due
    const double spent = train["cpu_s"].get<double>() / 0.08;
    // It stands after the first step that spent so much; the judging in between is off the clock.
    EXPECT_GE(spent, share);
    EXPECT_LT(spent, 2 * share);
    EXPECT_NEAR(all[1 + k]["progress"].get<double>(), std::min(spent, 1.0), 1e-9);
  }
  if (!kSanitized) {
    EXPECT_LE(all[4]["train"]["steps"], 81);  // the control: the seconds are made up
  }
}

// Where the budget names no steps, schedules last as long as the budget: the learning rate falls to its last
// share, whatever a step costs.
TEST(Run, SchedulesLastAsLongAsABudgetOfSeconds) {
  const Scratch scratch;
  const std::string text =
      "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\ncheckpoints = 4\n"
      "floor_replications = 40\ntargets = [\"gaussian\"]\nmetrics = [\"moment_mean_error\"]\n"
      "samplers = [\"kl:batch=32,width=16,score_width=16\"]\nbudget = { cpu_s = 0.5 }\n";
  ASSERT_EQ(run_spec_in(made_up_cpu_clock, scratch, text).code, 0);
  const std::vector<Json> all = lines_of_run(scratch / "out");
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all.back()["reason"], "cpu_s");
  EXPECT_GT(all[1]["diagnostics"]["rate"].get<double>(), 0.9);
  EXPECT_LT(all[4]["diagnostics"]["rate"].get<double>(), 0.1);
}

// Densities of float32 draws that are finer than the draws.
TEST(Run, AFlowIsJudgedByItsLogDensity) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch,
                     "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\nfloor_replications = 40\n"
                     "targets = [\"gaussian\"]\nmetrics = [\"forward_kl\", \"log_z_error\"]\n"
                     "samplers = [\"coupling-flow:batch=32\"]\nbudget = { steps = 3 }\n")
                .code,
            0);
  const Json metrics = lines_of_run(scratch / "out")[1]["metrics"];
  EXPECT_GT(metrics["forward_kl"].get<double>(), 0);
  EXPECT_GE(metrics["log_z_error"].get<double>(), 0);
}

// The last checkpoint has the estimate of log Z and its standard error, and the metric judges that estimate.
TEST(Run, ParticlesAreJudgedByTheirOwnLogZ) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch,
                     "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\nfloor_replications = 40\n"
                     "targets = [\"gaussian\"]\nmetrics = [\"log_z_error\"]\n"
                     "samplers = [\"smc:particles=100\"]\nbudget = { steps = 40 }\n")
                .code,
            0);
  const std::vector<Json> all = lines_of_run(scratch / "out");
  const Json last = all[all.size() - 2], found = last["diagnostics"];
  EXPECT_GT(found["log_z_standard_error"].get<double>(), 0);
  EXPECT_NEAR(last["metrics"]["log_z_error"].get<double>(),
              std::abs(found["log_z"].get<double>() - std::log(2 * std::numbers::pi * 0.6)), 1e-9);
}

// Ten rounds of D + 8 scores, then a score for each of 32 points a step; what was kept is drawn from again.
TEST(Run, AffineCoordinatesAreMeteredAndTheirSamplerIsKept) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch,
                     "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\nfloor_replications = 40\n"
                     "targets = [\"gaussian\"]\nmetrics = [\"sliced_wasserstein\"]\nbudget = { steps = 3 }\n"
                     "[[samplers]]\nname = \"kl\"\ncoordinates = \"fisher\"\noptions = { batch = 32 }\n")
                .code,
            0);
  const std::vector<Json> all = lines_of_run(scratch / "out");
  EXPECT_EQ(all.front()["job"]["coordinates"], "fisher");
  EXPECT_EQ(all[all.size() - 2]["train"]["score"], 10 * (2 + 8) + 3 * 32);
  const auto kept = records(scratch / "out/trial/gaussian/sampler-kl");
  ASSERT_EQ(kept.size(), 1u);
  const std::string out = (scratch / "x.npy").string();
  EXPECT_EQ(run(program, "draw '" + kept[0].string() + "' -n 5 --out '" + out + "'").code, 0);
}

// The spec of a run of kl in the coordinates of two files.
std::string spec_of_map(const std::string& mean, const std::string& factor) {
  return "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\nfloor_replications = 40\n"
         "targets = [\"gaussian\"]\nmetrics = [\"sliced_wasserstein\"]\nbudget = { steps = 3 }\n"
         "[[samplers]]\nname = \"kl\"\noptions = { batch = 32 }\ncoordinates = { mean = \"" +
         mean + "\", factor = \"" + factor + "\" }\n";
}

TEST(Run, CoordinatesOfFilesEnterTheKeyAndCostNothing) {
  const Scratch scratch;
  const std::string mean = (scratch / "mean.npy").string(), factor = (scratch / "factor.npy").string();
  write_npy(mean, torch::zeros({2}, torch::kDouble));
  write_npy(factor, torch::eye(2, torch::kDouble));
  ASSERT_EQ(run_spec(scratch, spec_of_map(mean, factor)).code, 0);
  const std::vector<Json> all = lines_of_run(scratch / "out");
  EXPECT_EQ(all.front()["job"]["map_files"]["mean"], mean);
  EXPECT_EQ(all.front()["job"]["sampler"]["files"].size(), 2u);
  EXPECT_EQ(all[all.size() - 2]["train"]["score"], 3 * 32);
  // Other numbers in the same file: another run.
  write_npy(factor, 2 * torch::eye(2, torch::kDouble));
  ASSERT_EQ(run_spec(scratch, spec_of_map(mean, factor)).code, 0);
  EXPECT_EQ(records(scratch / "out/trial/gaussian/sampler-kl").size(), 2u);
}

TEST(Run, FilesThatHoldNoCoordinatesAreRefused) {
  const Scratch scratch;
  const auto refused = [&](const Tensor& mean, const Tensor& factor, const std::string& message) {
    write_npy(scratch / "mean.npy", mean);
    write_npy(scratch / "factor.npy", factor);
    const Ended ended =
        run_spec(scratch, spec_of_map((scratch / "mean.npy").string(), (scratch / "factor.npy").string()));
    EXPECT_EQ(ended.code, 2) << message;
    EXPECT_THAT(ended.err, HasSubstr(message));
  };
  const Tensor mean = torch::zeros({2}, torch::kDouble), eye = torch::eye(2, torch::kDouble);
  refused(torch::zeros({2, 1}, torch::kDouble), eye, "mean of affine coordinates has [D]");
  refused(mean, torch::eye(3, torch::kDouble), "the factor has [2, 2]");
  refused(mean, torch::ones({2, 2}, torch::kDouble), "not lower triangular");
  refused(mean, -eye, "positive diagonal");
  refused(mean / 0, eye, "not finite");
  const Ended missing = run_spec(scratch, spec_of_map((scratch / "none.npy").string(), "none.npy"));
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.npy"));
}

// Of another number of coordinates than the target's: that run is a row with its reason.
TEST(Run, CoordinatesOfAnotherDimensionSkipTheRun) {
  const Scratch scratch;
  write_npy(scratch / "mean.npy", torch::zeros({3}, torch::kDouble));
  write_npy(scratch / "factor.npy", torch::eye(3, torch::kDouble));
  run_spec(scratch, spec_of_map((scratch / "mean.npy").string(), (scratch / "factor.npy").string()));
  const Json end = lines_of_run(scratch / "out").back();
  EXPECT_EQ(end["status"], "skipped");
  EXPECT_THAT(end["reason"].get<std::string>(), HasSubstr("are 3, and this target has 2"));
}

// Works until its thread has spent 0.05 CPU seconds.
void spend() {
  timespec time{};
  do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  while (time.tv_sec == 0 && time.tv_nsec < 50'000'000);
}

TEST(Clock, CpuSecondsAreOfAllThreadsOfTheProcess) {
  const double before = cpu_seconds();
  std::thread one(spend), other(spend);
  one.join();
  other.join();
  EXPECT_GE(cpu_seconds() - before, 0.1);
}

TEST(Run, TheFirstOfSeveralLimitsEndsARunThatCountsCpuSeconds) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec("[[samplers]]\nname = \"ula\"\nbudget = { cpu_s = 900, steps = 8 }\n"),
                     "--seeds 1")
                .code,
            0);
  const std::vector<Json> all = lines_of_run(scratch / "out");
  EXPECT_EQ(all.back()["reason"], "steps");
  EXPECT_EQ(all[all.size() - 2]["train"]["steps"], 8);
}

TEST(Run, EveryRecordHoldsTheCalibrationOfItsMachine) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers), "--seeds 1").code, 0);
  std::set<std::string> calibrations;
  for (const auto& path : records(scratch / "out")) {
    const Json context = lines(path).front()["context"];
    EXPECT_FALSE(context["instruction_set"].get<std::string>().empty());
    for (const char* part : {"matrix_s", "small_s", "memory_s"})
      EXPECT_GT(context["calibration"][part].get<double>(), 0.0) << part;
    calibrations.insert(context["calibration"].dump());
  }
  EXPECT_EQ(calibrations.size(), 1u);  // measured once
}

// Runs of the sampler that waits without work from its fifth step on, 4 x 40 ms; `end` is the environment's
// word for it.
Json doze(const Scratch& scratch, const std::string& end, const std::string& flags = "") {
  spit(scratch / "trial.toml", spec("[[samplers]]\nname = \"misbehaving\"\nbudget = { steps = 8 }\n"
                                    "options = { how = [\"not\", \"doze\"] }\n"));
  const Ended ended =
      run("/usr/bin/env", end + " '" + misbehaving + "' run '" + (scratch / "trial.toml").string() +
                              "' --results '" + (scratch / "out").string() +
                              "' --no-report --json --seeds 1 " + flags);
  Json summary = Json::parse(ended.out);
  summary["code"] = ended.code;
  summary["err"] = ended.err;
  return summary;
}

bool is_of_doze(const std::filesystem::path& record) {
  return lines(record).front()["job"].dump().find("doze") != std::string::npos;
}

// The record of the sampler that waits.
std::filesystem::path record_of_doze(const Scratch& scratch) {
  const auto all = records(scratch / "out/trial/gaussian");
  const auto found = std::find_if(all.begin(), all.end(), is_of_doze);
  return found == all.end() ? std::filesystem::path() : *found;
}

// Its end line.
Json end_of_doze(const Scratch& scratch) {
  const std::filesystem::path record = record_of_doze(scratch);
  return record.empty() ? Json() : lines(record).back();
}

// A record is marked where its clocks say that it waited, and nowhere else: other work on the machine may
// make any run wait. Returns whether it is marked.
bool expect_the_mark_of_its_clocks(const std::filesystem::path& path) {
  Record record = read_record(path);
  const bool is_marked = std::exchange(record.end.value().disturbed, false);
  EXPECT_EQ(is_marked, record.disturbed()) << slurp(path);
  return is_marked;
}

// Makes up clocks of a run that never waited.
void make_up_even_clocks(const std::filesystem::path& record) {
  std::string text;
  for (Json line : lines(record)) {
    for (const char* ledger : {"train", "draw"})
      if (line.contains(ledger)) line[ledger]["wall_s"] = line[ledger]["cpu_s"] = 0.01;
    line.erase("disturbed");
    text += line.dump() + "\n";
  }
  spit(record, text);
}

void make_up_even_clocks_of_others(const Scratch& scratch) {
  for (const auto& path : records(scratch / "out"))
    if (!is_of_doze(path)) make_up_even_clocks(path);
}

TEST(Run, ARunThatWaitedIsMarkedAndRepeatedOnRequest) {
  const Scratch scratch;
  const Json first = doze(scratch, "TRIAL=1");
  EXPECT_EQ(end_of_doze(scratch)["disturbed"], true);
  int64_t marked = 0;
  for (const auto& path : records(scratch / "out")) marked += expect_the_mark_of_its_clocks(path);
  EXPECT_EQ(first["disturbed"], marked);
  make_up_even_clocks_of_others(scratch);
  const Json unasked = doze(scratch, "TRIAL_END=work");
  EXPECT_TRUE(unasked["statuses"].empty());
  EXPECT_EQ(unasked["disturbed"], 1);

  // What does not finish replaces nothing, however it ends.
  const Json before = end_of_doze(scratch);
  for (const char* end : {"TRIAL_END=diverge", "TRIAL_END=kill"}) {
    const Json failed = doze(scratch, end, "--repeat-disturbed");
    EXPECT_EQ(failed["code"], 1) << end;
    EXPECT_EQ(failed["kept"], 1) << end;
    EXPECT_EQ(failed["disturbed"], 1) << end;
    EXPECT_TRUE(failed["statuses"].empty()) << end;
    EXPECT_THAT(failed["err"].get<std::string>(), HasSubstr("did not finish again: its record stays")) << end;
    EXPECT_EQ(end_of_doze(scratch), before) << end;
  }
  const Json repeated = doze(scratch, "TRIAL_END=work", "--repeat-disturbed");
  EXPECT_EQ(repeated["code"], 0);
  EXPECT_EQ(repeated["statuses"], Json({{"finished", 1}}));
  EXPECT_NE(end_of_doze(scratch), before);
  EXPECT_EQ(repeated["disturbed"], expect_the_mark_of_its_clocks(record_of_doze(scratch)) ? 1 : 0);
  make_up_even_clocks(record_of_doze(scratch));
  const Json undisturbed = doze(scratch, "TRIAL_END=work", "--repeat-disturbed");
  EXPECT_TRUE(undisturbed["statuses"].empty());
  EXPECT_EQ(undisturbed["disturbed"], 0);
}

TEST(Run, ARunOnSeveralThreadsIsNeverMarked) {
  const Scratch scratch;
  EXPECT_EQ(doze(scratch, "TRIAL=1", "--threads 2")["disturbed"], 0);
  EXPECT_FALSE(end_of_doze(scratch).contains("disturbed"));
}

TEST(Run, APackedRecordThatWasDisturbedIsRepeatedToo) {
  const Scratch scratch;
  doze(scratch, "TRIAL=1");
  make_up_even_clocks_of_others(scratch);
  ASSERT_EQ(run(misbehaving, "pack '" + (scratch / "out/trial").string() + "'").code, 0);
  EXPECT_EQ(doze(scratch, "TRIAL_END=diverge", "--repeat-disturbed")["kept"], 1);
  EXPECT_TRUE(records(scratch / "out").empty());
  EXPECT_EQ(doze(scratch, "TRIAL_END=work", "--repeat-disturbed")["statuses"], Json({{"finished", 1}}));
}

TEST(Run, FewReplicationsOfANoiseFloorAreWarnedOf) {
  const Scratch scratch;
  const auto warning = [&](const std::string& replications) {
    std::string text = spec(two_samplers);
    const std::string five = "floor_replications = 5";
    text.replace(text.find(five), five.size(), "floor_replications = " + replications);
    return run_spec(scratch, text, "--dry-run").err;
  };
  EXPECT_THAT(warning("39"), HasSubstr("floor_replications = 39"));
  EXPECT_THAT(warning("39"), HasSubstr("40 or more"));
  EXPECT_EQ(warning("40"), "");
}

TEST(Run, SameSpecSameSeedSameRecordsButForTimes) {
  const Scratch first, second;
  ASSERT_EQ(run_spec(first, spec(two_samplers)).code, 0);
  ASSERT_EQ(run_spec(second, spec(two_samplers), "--jobs 2").code, 0);
  const auto a = records(first / "out"), b = records(second / "out");
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].filename(), b[i].filename());
    EXPECT_EQ(timeless(a[i]), timeless(b[i]));
  }
}

// Variables of a place where numbers, letters and dates are written in another way, and its locale where it
// can be made.
std::string far_away(const Scratch& scratch, const std::string& language = "de_DE",
                     const std::string& zone = "Pacific/Apia") {
  const std::string locales = scratch.path().string(), locale = language + ".UTF-8";
  run("/usr/bin/env", "localedef -i " + language + " -f UTF-8 '" + locales + "/" + locale + "'");
  const std::string leaks = kSanitized ? "ASAN_OPTIONS=detect_leaks=0 " : "";  // glibc's, of LOCPATH
  return leaks + "LOCPATH='" + locales + "' LC_ALL=" + locale + " LANG=" + locale + " TZ='" + zone + "'";
}

// The order of a spec, the number of jobs, the locale, the time zone and what else stands in the folder
// change nothing in a record; a seed does.
TEST(Run, ARecordDependsOnNothingAroundIt) {
  const Scratch here, there, locales;
  ASSERT_EQ(run_spec(here, spec(two_samplers)).code, 0);
  std::string other = spec(two_samplers);
  other.replace(other.find("trial"), 5, "other");
  other.replace(other.find("steps = 40"), 10, "steps = 41");
  ASSERT_EQ(run_spec(there, other, "--seeds 1").code, 0);
  const size_t second = two_samplers.find("[[samplers]]", 1);
  const std::string turned = two_samplers.substr(second) + two_samplers.substr(0, second);
  const Ended ended = run_spec_in(far_away(locales), there, spec(turned), "--jobs 3");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto expected = timeless_records(here / "out/trial"), found = timeless_records(there / "out/trial");
  ASSERT_EQ(expected.size(), 5U);
  for (const auto& [name, record] : expected) {
    ASSERT_TRUE(found.contains(name)) << name;
    Json same = found.at(name);  // taken over from `other`, where its work is equal
    same[0].erase("taken_from");
    EXPECT_EQ(same, record) << name;
  }
  const Scratch control;
  ASSERT_EQ(run_spec(control, spec(two_samplers), "--seeds 3").code, 0);
  EXPECT_EQ(timeless_records(control / "out/trial").size(), 7U);
}

// Where numbers have a comma, and where the capital of i is no I: Debian's package `locales` has both.
TEST(Run, ARecordDependsOnNoLocale) {
  const Scratch here, locales;
  ASSERT_EQ(run_spec(here, spec(two_samplers)).code, 0);
  const auto expected = timeless_records(here / "out");
  ASSERT_EQ(expected.size(), 5U);
  for (const char* language : {"de_DE", "tr_TR"}) {
    const Scratch there;
    const std::string variables = far_away(locales, language, "<+0545>-5:45");  // as in Kathmandu
    const std::string known = run("/usr/bin/env", variables + " locale decimal_point").out;
    if (known == ".\n") GTEST_SKIP() << "localedef cannot make " << language;
    EXPECT_EQ(known, ",\n") << language;  // the controls
    EXPECT_EQ(run("/usr/bin/env", variables + " date +%z").out, "+0545\n");
    const Ended ended = run_spec_in(variables, there, spec(two_samplers), "--jobs 2");
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(timeless_records(there / "out"), expected) << language;
  }
}

TEST(Run, JsonOnStandardOutputIsAscii) {
  const Scratch scratch;
  const std::string samplers = "[[samplers]]\nname = \"ula\"\nlabel = \"größe\"\nbudget = { steps = 2 }\n";
  const std::string out = run_spec(scratch, spec(samplers), "--dry-run --json").out;
  const auto is_ascii = [](char c) { return c == '\n' || (c >= ' ' && c < '\x7f'); };
  EXPECT_TRUE(std::all_of(out.begin(), out.end(), is_ascii)) << out;
  EXPECT_THAT(Json::parse(out).back()["title"].get<std::string>(), HasSubstr("größe"));
}

// What a report writes, but for pictures that hold the time at which they were drawn.
std::map<std::string, std::string> written(const std::filesystem::path& folder) {
  std::map<std::string, std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string ending = entry.path().extension();
    if (ending == ".csv" || ending == ".md" || ending == ".tex" || ending == ".dat" || ending == ".gp" ||
        ending == ".html" || ending == ".svg")
      texts[entry.path().lexically_relative(folder)] = slurp(entry.path());
  }
  return texts;
}

TEST(Run, AReportDependsOnNothingAroundIt) {
  const Scratch scratch, locales;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  const auto report = [&](const std::string& variables, const std::string& name) {
    const Ended ended =
        run("/usr/bin/env", variables + " '" + program + "' report '" + (scratch / "out/trial").string() +
                                "' --out '" + (scratch / name).string() + "'");
    EXPECT_EQ(ended.code, 0) << ended.err;
    return written(scratch / name);
  };
  const auto here = report("LC_ALL=C TZ=UTC", "here"), there = report(far_away(locales), "there");
  EXPECT_GT(here.size(), 5U);
  EXPECT_EQ(here, there);
}

TEST(Run, AClockThatJumpsChangesNoRecord) {
  if (kSanitized) GTEST_SKIP() << "needs LD_PRELOAD";
  const Scratch here, there;
  ASSERT_EQ(run_spec(here, spec(two_samplers)).code, 0);
  const auto look = [&](const std::string& variables) {
    return run("/usr/bin/env", variables + " /bin/date +%Y").out;
  };
  ASSERT_NE(look(on_hostile_system("jump")), look("A=B"));  // the control
  const Ended ended = run_spec_in(on_hostile_system("jump"), there, spec(two_samplers));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(timeless_records(there / "out"), timeless_records(here / "out"));
  for (const auto& path : records(there / "out")) {
    const double wall_s = lines(path).back()["wall_s"].get<double>();
    EXPECT_TRUE(wall_s >= 0 && wall_s < 1e6) << wall_s;
  }
}

// The control is in the records: the calendar jumps where they are written.
TEST(Run, NoBudgetAndNoLimitGoesByTheCalendar) {
  if (kSanitized) GTEST_SKIP() << "needs LD_PRELOAD";
  const Scratch scratch;
  std::string samplers;
  for (const char* budget : {"wall_s = 0.3", "cpu_s = 0.3", "steps = 1000000000"})
    samplers +=
        fmt::format("[[samplers]]\nname = \"ula\"\nlabel = \"{0}\"\nbudget = {{ {0} }}\n", budget);
  const Ended ended = run_spec_in(on_hostile_system("jump"), scratch,
                                  spec(samplers, "limits = { time_s = 12 }\n"), "--seeds 1");
  EXPECT_EQ(ended.code, 1) << ended.err;
  const std::string year = run("/bin/date", "-u +%Y").out.substr(0, 4);
  std::map<std::string, std::vector<Json>> runs;
  for (const auto& path : records(scratch / "out")) {
    std::vector<Json> all = lines(path);
    EXPECT_NE(all.front()["context"]["utc"].get<std::string>().substr(0, 4), year) << path;
    if (all.front()["kind"] != "run") continue;
    const std::string label = all.front()["job"]["sampler"]["label"];
    runs[label] = std::move(all);
  }
  ASSERT_EQ(runs.size(), 3U);
  for (const char* clock : {"wall_s", "cpu_s"}) {
    const std::vector<Json>& all = runs.at(std::string(clock) + " = 0.3");
    EXPECT_EQ(all.back()["reason"], clock);
    ASSERT_GE(all.size(), 3U) << clock;
    const Json train = all[all.size() - 2]["train"];
    EXPECT_GE(train[clock].get<double>(), 0.3);
    for (const char* either : {"wall_s", "cpu_s"}) EXPECT_LT(train[either].get<double>(), 12) << clock;
  }
  EXPECT_EQ(runs.at("steps = 1000000000").back()["status"], "timeout");
}

// A run that meets its limit says so, does not crash, and leaves a folder in which the same command finishes.
// Returns its exit code.
int given_up_and_gone_on(const std::string& how_to_run) {
  SCOPED_TRACE(how_to_run);
  const Scratch scratch;
  spit(scratch / "trial.toml", spec(two_samplers));
  std::filesystem::create_directories(scratch / "out/trial");
  const std::string folder = scratch.path().string();
  const Ended ended = run("/bin/bash", "-c \"" + how_to_run + " '" + program + "' run '" + folder +
                                           "/trial.toml' --results '" + folder + "/out' --no-report\"");
  EXPECT_TRUE(ended.code >= 0 && ended.code <= 2) << ended.code << ended.out << ended.err;
  EXPECT_NE(ended.out + ended.err, "");
  EXPECT_EQ(ended.err.find("terminate called"), std::string::npos) << ended.err;
  const Ended later = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(later.code, 0) << later.err;
  EXPECT_EQ(records(scratch / "out").size(), 5U);
  return ended.code;
}

TEST(Run, StopsWhereThereAreNoInodesAndGoesOnLater) {
  if (kSanitized) GTEST_SKIP() << "needs LD_PRELOAD";
  EXPECT_EQ(given_up_and_gone_on("timeout 120 env " + on_hostile_system("0")), 2);  // experiment.json
  for (const char* files : {"1", "2"})
    EXPECT_EQ(given_up_and_gone_on("timeout 120 env " + on_hostile_system(files)), 1);
}

// The first of these words before a command with which it succeeds; nothing where none does.
std::optional<std::string> granted(const std::vector<std::string>& words, const std::string& command) {
  for (const std::string& one : words)
    if (run("/usr/bin/env", one + " " + command).code == 0) return one;
  return std::nullopt;
}

// Finishes the runs of one seed in a file system of its own, leaves $3 inodes there, asks for two seeds, and,
// when there is room again, once more. Copies of the records are kept outside, and what was said.
constexpr const char* kFewInodes = R"(
mount -t tmpfs -o size=64m,nr_inodes=120 none "$1/out" || exit 90
set -- "$1" "$2" "$3" run "$1/trial.toml" --results "$1/out" --no-report
folder=$1 program=$2 left=$3
shift 3
"$program" "$@" --seeds 1 >"$folder/first" 2>&1 || exit 91
cp -a "$folder/out" "$folder/before"
made=0
while touch "$folder/out/filler-$made" 2>/dev/null; do made=$((made + 1)); done
df --output=iavail "$folder/out" | tail -n 1 >"$folder/available"
while [ "$left" -gt 0 ]; do left=$((left - 1)) made=$((made - 1)); rm "$folder/out/filler-$made"; done
"$program" "$@" >"$folder/told" 2>&1
code=$?
cp -a "$folder/out" "$folder/between"
rm "$folder"/out/filler-*
"$program" "$@" >"$folder/later" 2>&1 || exit 92
cp -a "$folder/out" "$folder/after"
exit $code
)";

// The records below a folder as they are, by their paths there.
std::map<std::string, std::string> texts_of_records(const std::filesystem::path& folder) {
  std::map<std::string, std::string> texts;
  for (const auto& path : records(folder)) texts[path.lexically_relative(folder)] = slurp(path);
  return texts;
}

// The same on a file system that is the kernel's own.
TEST(Run, NothingIsLostOnAFileSystemWithoutInodes) {
  const Scratch own;
  const auto mounts = granted({"unshare --mount", "unshare --user --map-root-user --mount"},
                              "mount -t tmpfs none '" + own.path().string() + "'");
  if (!mounts) GTEST_SKIP() << "this user may mount nothing";
  // Of no more files, and of one, by which experiment.json is replaced, and then the record of a run made.
  for (const auto& [left, expected] : {std::pair(0, 2), {1, 1}}) {
    const Scratch scratch;
    spit(scratch / "trial.toml", spec(two_samplers));
    spit(scratch / "trial.sh", kFewInodes);
    std::filesystem::create_directories(scratch / "out");
    const std::string folder = scratch.path().string();
    const Ended ended = run("/usr/bin/env", fmt::format("{} /bin/sh '{}/trial.sh' '{}' '{}' {}", *mounts,
                                                        folder, folder, program, left));
    const std::string told = slurp(scratch / "told");
    EXPECT_EQ(ended.code, expected) << ended.err << slurp(scratch / "first") << told
                                    << slurp(scratch / "later");
    EXPECT_THAT(slurp(scratch / "available"), ::testing::MatchesRegex(" *0\n"));  // the control
    EXPECT_THAT(told, HasSubstr("No space left on device")) << left;
    if (left > 0) {
      EXPECT_THAT(told, HasSubstr("no inodes are left there (df -i)"));
      EXPECT_THAT(told, HasSubstr("stopped: the record of"));
    }
    const auto before = texts_of_records(scratch / "before");
    EXPECT_EQ(before.size(), 3U);
    for (const char* copy : {"between", "after"}) {
      const auto found = texts_of_records(scratch / copy);
      for (const auto& [name, text] : before) EXPECT_EQ(found.at(name), text) << copy << name;
      for (const auto& path : records(scratch / copy)) EXPECT_EQ(lines(path).back()["status"], "finished");
    }
    EXPECT_EQ(records(scratch / "between").size(), 3U + static_cast<size_t>(left));
    EXPECT_EQ(records(scratch / "after").size(), 5U);
  }
}

TEST(Run, BeginsNothingWithTooFewOpenFilesAndGoesOnLater) {
  std::vector<std::string> too_few{"12", "63"};
  if (!kSanitized) too_few.push_back("5");  // the sanitizer itself opens files
  for (const std::string& files : too_few)
    EXPECT_EQ(given_up_and_gone_on("ulimit -n " + files + "; timeout 120"), 2);
  EXPECT_EQ(given_up_and_gone_on("ulimit -n 64; timeout 120"), 0);
}

TEST(Draw, ReadsARecordThatWasPacked) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers), "--seeds 1").code, 0);
  std::filesystem::path record;
  for (const auto& path : records(scratch / "out"))
    if (std::filesystem::exists(std::filesystem::path(path).replace_extension(".safetensors"))) record = path;
  ASSERT_FALSE(record.empty());
  const auto draws = [&](const std::filesystem::path& named) {
    const std::string out = (scratch / "x.npy").string();
    std::filesystem::remove(out);
    const Ended ended = run(program, "draw '" + named.string() + "' -n 50 --out '" + out + "'");
    EXPECT_EQ(ended.code, 0) << ended.err;
    return slurp(out);
  };
  const std::filesystem::path sampler = std::filesystem::path(record).replace_extension(".safetensors");
  const std::string before = draws(record);
  EXPECT_FALSE(before.empty());
  EXPECT_EQ(draws(sampler), before);
  ASSERT_EQ(run(program, "pack '" + (scratch / "out/trial").string() + "'").code, 0);
  ASSERT_FALSE(std::filesystem::exists(record));
  EXPECT_EQ(draws(record), before);
  EXPECT_EQ(draws(sampler), before);
  const std::filesystem::path other = record.parent_path() / "0123456789abcdef.jsonl";
  const Ended missing = run(program, "draw '" + other.string() + "' --out /dev/null");
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("0123456789abcdef.jsonl"));
}

TEST(Run, DrawingSaysWhatCanBeDrawnFrom) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers), "--seeds 1").code, 0);
  const auto refused = [&](const std::filesystem::path& record) {
    const Ended ended = run(program, "draw '" + record.string() + "' --out /dev/null");
    EXPECT_EQ(ended.code, 2) << ended.err;
    return ended.err;
  };
  for (const auto& path : records(scratch / "out")) {
    std::vector<Json> all = lines(path);
    Json& job = all.front()["job"];
    if (all.front()["kind"] == "floor") {
      EXPECT_THAT(refused(path), HasSubstr("of a noise floor, which has no sampler; the record (.jsonl) of"));
      continue;
    }
    if (job["sampler"]["name"] == "ula") {
      EXPECT_THAT(refused(path), HasSubstr("kept no sampler: `keep = \"all\"` in the spec and"));
      continue;
    }
    // What this program does not have is named with the commit of the one that does.
    const std::string end = "; the program that made the run, of commit " +
                            all.front()["context"]["git"].get<std::string>() + ", draws from it";
    const auto with = [&](const char* member, const Json& value) {
      const Json before = std::exchange(job["sampler"][member], value);
      std::string text;
      for (const Json& line : all) text += line.dump() + "\n";
      spit(path, text);
      job["sampler"][member] = before;
      return refused(path);
    };
    const std::string revised = with("revision", 99), renamed = with("name", "mine");
    EXPECT_THAT(revised, HasSubstr("made by revision 99 of dft, and this program has revision "));
    EXPECT_THAT(revised, HasSubstr(end));
    EXPECT_THAT(renamed, HasSubstr("is of the sampler mine, which this program does not have" + end));
  }
}

TEST(Run, RepeatsNothing) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  std::set<std::string> before;
  for (const auto& path : records(scratch / "out")) before.insert(slurp(path));
  const Ended again = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(Json::parse(again.out)["found"], 5);
  EXPECT_TRUE(Json::parse(again.out)["statuses"].empty());
  std::set<std::string> after;
  for (const auto& path : records(scratch / "out")) after.insert(slurp(path));
  EXPECT_EQ(before, after);
}

// That of the first record.
std::string commit_in(const std::filesystem::path& folder) {
  return lines(records(folder).front()).front()["context"]["git"].get<std::string>();
}

TEST(Run, TakesOverEqualWorkOfAnotherExperiment) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  std::string other =
      spec(two_samplers + "[[samplers]]\nname = \"ula\"\nlabel = \"shorter\"\nbudget = { steps = 20 }\n");
  other.replace(other.find("trial"), 5, "other");
  other.replace(other.find("name = \"dft\""), 12, "name = \"dft\"\nlabel = \"ours\"");
  const Ended second = run_spec(scratch, other, "--json");
  EXPECT_EQ(second.code, 0) << second.err;
  const Json summary = Json::parse(second.out);
  EXPECT_EQ(summary["taken_over"], 5);
  EXPECT_EQ(summary["statuses"], Json({{"finished", 2}}));
  const Json maker{{"experiment", "trial"}, {"commit", commit_in(scratch / "out/trial")}, {"records", 5}};
  EXPECT_EQ(summary["taken_from"], Json::array({maker}));
  const Json third = Json::parse(run_spec(scratch, other, "--json").out);  // these are its own by now
  EXPECT_EQ(third["taken_from"], Json::array());
  const auto taken = records(scratch / "out/other/gaussian/sampler-ours");
  ASSERT_EQ(taken.size(), 2u);
  const Json begin = lines(taken[0]).front();
  EXPECT_EQ(begin["experiment"], "other");
  EXPECT_EQ(begin["taken_from"], "trial");
  EXPECT_EQ(begin["job"]["sampler"]["label"], "ours");
  EXPECT_EQ(lines(taken[0])[1], lines(scratch / "out/trial/gaussian/sampler-dft" / taken[0].filename())[1]);
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(taken[0]).replace_extension(".safetensors")));
}

TEST(Run, TheSummaryNamesTheCommitsOfWhatIsTakenOver) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  const std::string own = commit_in(scratch / "out/trial");
  for (const auto& path : records(scratch / "out/trial/gaussian/sampler-dft")) {
    std::string text = slurp(path);
    const std::string said = "\"git\":\"" + own + "\"";
    ASSERT_NE(text.find(said), std::string::npos) << text.substr(0, 1000);
    spit(path, text.replace(text.find(said), said.size(), "\"git\":\"fedcba987654\""));
  }
  std::string other = spec(two_samplers);
  other.replace(other.find("trial"), 5, "other");
  const Ended ended = run_spec(scratch, other);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\ntaken over: "));
  EXPECT_THAT(ended.out, HasSubstr("3 records from trial (commit " + own));
  EXPECT_THAT(ended.out,
              HasSubstr("2 records from trial (commit fedcba987654; this program is of " + own + ")"));
  EXPECT_THAT(run_spec(scratch, other).out, Not(HasSubstr("taken over")));  // nothing more
}

TEST(Run, RepeatsErrorsAndDamagedRecordsAlone) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  const auto paths = records(scratch / "out");
  spit(paths[1], slurp(paths[1]).substr(0, 200));
  spit(paths[2].string() + ".part", "a torn line");
  const Ended again = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["found"], 4);
  EXPECT_EQ(Json::parse(again.out)["statuses"], Json({{"finished", 1}}));
}

TEST(Run, ShardsShareTheGridWithoutOverlap) {
  const Scratch scratch;
  for (const char* shard : {"1/3", "2/3", "3/3"})
    ASSERT_EQ(run_spec(scratch, spec(two_samplers), std::string("--shard ") + shard).code, 0);
  const Ended all = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(Json::parse(all.out)["found"], 5);
}

TEST(Run, FailuresBecomeRowsAndTheOthersGoOn) {
  const Scratch scratch;
  const Ended ended = run_spec(scratch,
                               spec("[[samplers]]\nname = \"misbehaving\"\nbudget = { steps = 8 }\n"
                                    "options = { how = [\"not\", \"refuse\", \"throw\", \"diverge\", "
                                    "\"nan\", \"kill\", \"abort\", \"exit\", "
                                    "\"hang\", \"hoard\"] }\n",
                                    "limits = { time_s = 10, memory_mib = 1024 }\n"),
                               "--seeds 1 --json", misbehaving);
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"crashed", 3},
                                                      {"diverged", 2},
                                                      {"error", 1},
                                                      {"finished", 2},
                                                      {"out_of_memory", 1},
                                                      {"skipped", 1},
                                                      {"timeout", 1}}))
      << ended.err;
  for (const auto& path : records(scratch / "out")) {
    const auto all = lines(path);
    EXPECT_EQ(all.front()["type"], "begin");
    EXPECT_EQ(all.back()["type"], "end");
    EXPECT_FALSE(all.back()["reason"].get<std::string>().empty()) << path;
  }
  // Only `error` is tried again.
  const Ended again = run_spec(scratch, slurp(scratch / "trial.toml"), "--seeds 1 --json", misbehaving);
  EXPECT_EQ(Json::parse(again.out)["statuses"], Json({{"error", 1}}));
  // A damaged record is named with its line, and the report still made.
  const auto damaged = records(scratch / "out").front();
  const std::string whole = slurp(damaged);
  spit(damaged, whole.substr(0, whole.size() / 2));
  const Ended flagged =
      run(misbehaving, "report '" + (scratch / "out" / "trial").string() + "' --no-figures");
  EXPECT_EQ(flagged.code, 2);
  EXPECT_THAT(flagged.err, HasSubstr(damaged.filename().string() + ":"));
  spit(damaged, whole);
  const Ended report = run(misbehaving, "report '" + (scratch / "out" / "trial").string() + "' --no-figures");
  EXPECT_EQ(report.code, 0) << report.err;
  const std::string page = slurp(scratch / "out" / "trial" / "report" / "index.html");
  EXPECT_THAT(page, HasSubstr("out_of_memory"));
  EXPECT_THAT(page, HasSubstr("a sampler&#39;s own &lt;error&gt; &amp; message"));
}

// Starts the program, kills it when two records stand, and runs the same command again.
void interrupt_and_go_on(int signal, int expected_code) {
  const Scratch scratch;
  const std::string text = spec(
      "[[samplers]]\nname = \"ula\"\noptions = { step_size = [0.01, 0.02, 0.03, 0.04] }\nbudget = { steps = "
      "20000 }\n");
  spit(scratch / "trial.toml", text);
  ChildProcess process({.words = {program, "run", (scratch / "trial.toml").string(), "--results",
                                  (scratch / "out").string(), "--no-report"}});
  for (int i = 0; i < 6000; ++i) {
    if (std::filesystem::exists(scratch / "out") && records(scratch / "out").size() >= 2) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process.send(signal);
  EXPECT_EQ(process.wait().shell_code(), expected_code);
  const auto kept = records(scratch / "out");
  ASSERT_GE(kept.size(), 2u);
  ASSERT_LT(kept.size(), 9u);
  std::vector<std::string> before;
  for (const auto& path : kept) before.push_back(slurp(path));
  const Ended again = run_spec(scratch, text, "--json");
  EXPECT_EQ(again.code, 0) << again.err;
  const Json summary = Json::parse(again.out);
  EXPECT_GE(summary["found"].get<size_t>(), kept.size());
  EXPECT_EQ(summary["found"].get<int>() + summary["statuses"]["finished"].get<int>(), 9);
  for (size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(slurp(kept[i]), before[i]);
}

TEST(Run, GoesOnAfterKillMinusNine) { interrupt_and_go_on(SIGKILL, 128 + SIGKILL); }

TEST(Run, GoesOnAfterControlC) { interrupt_and_go_on(SIGINT, 1); }

TEST(Run, GoesOnAfterTheSignalOfABatchSystem) { interrupt_and_go_on(SIGTERM, 1); }

// A batch system ends a job by signals to all its processes, here to that of a run's sampler first: the run
// did not crash, and is made again.
void end_all_processes(int signal) {
  const Scratch scratch;
  const std::string text = spec("[[samplers]]\nname = \"ula\"\nbudget = { steps = 20000 }\n");
  spit(scratch / "trial.toml", text);
  const std::string mark = "TRIAL_MARK=" + scratch.path().string();
  ChildProcess process({.words = {"/usr/bin/env", mark, program, "run", (scratch / "trial.toml").string(),
                                  "--results", (scratch / "out").string(), "--no-report"}});
  const std::filesystem::path folder = scratch / "out/trial/gaussian/sampler-ula";
  const auto is_open = [&] {
    if (!std::filesystem::exists(folder) || processes_with(mark) != 3) return false;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".part" && !slurp(entry.path()).empty()) return true;
    return false;
  };
  ASSERT_TRUE(comes_true(is_open));  // the program, the keeper of the record, and the process of the job
  std::vector<pid_t> all = samplerbench::testing::processes(mark);
  std::sort(all.rbegin(), all.rend());
  for (const pid_t one : all) {
    ::kill(one, signal);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // far less than they wait for one another
  }
  process.wait();
  EXPECT_TRUE(comes_true([&] { return processes_with(mark) == 0; }));
  for (const auto& path : records(scratch / "out"))
    EXPECT_EQ(lines(path).back()["status"], "finished") << lines(path).back();
  const Ended again = run_spec(scratch, text, "--json");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(records(scratch / "out").size(), 3u);
}

TEST(Run, ATerminatedJobOfABatchSystemLeavesNoCrash) { end_all_processes(SIGTERM); }

TEST(Run, AKilledJobOfABatchSystemLeavesNoCrash) { end_all_processes(SIGKILL); }

// A limit on the size of files stands for a full disk: the write fails in the middle of a record.
TEST(Run, StopsWhenTheDiskIsFullAndGoesOnLater) {
  const Scratch scratch;
  spit(scratch / "trial.toml", spec(two_samplers));
  const std::string folder = scratch.path().string();
  const Ended full = run("/bin/bash", "-c \"trap '' XFSZ; ulimit -f 4; '" + program + "' run '" + folder +
                                          "/trial.toml' --results '" + folder + "/out' --no-report\"");
  EXPECT_EQ(full.code, 1) << full.out << full.err;
  EXPECT_THAT(full.out, HasSubstr("cannot be written"));
  EXPECT_LT(records(scratch / "out").size(), 5u);
  const Ended later = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(later.code, 0) << later.err;
  EXPECT_EQ(records(scratch / "out").size(), 5u);
}

// Status and reason of every job, by the name of its folder and of its target's.
std::map<std::string, std::string> endings(const std::filesystem::path& folder) {
  std::map<std::string, std::string> endings;
  for (const auto& path : records(folder)) {
    const Json begin = lines(path).front(), end = lines(path).back();
    const std::string sampler =
        begin["job"].contains("sampler") ? begin["job"]["sampler"]["label"].get<std::string>() : "floor";
    endings[begin["job"]["target"]["label"].get<std::string>() + " " + sampler] =
        end["status"].get<std::string>() + ": " + end["reason"].get<std::string>();
  }
  return endings;
}

// A spec of the misbehaving sampler in these ways.
std::string ways(const std::string& list, const std::string& limits = "time_s = 60, memory_mib = 1024") {
  return spec(
      "[[samplers]]\nname = \"misbehaving\"\nbudget = { steps = 8 }\noptions = { how = [" + list + "] }\n",
      "limits = { " + limits + " }\n");
}

std::map<std::string, std::string> endings_of_ways(const Scratch& scratch) {
  std::map<std::string, std::string> by_way;
  for (const auto& [name, ending] : endings(scratch / "out"))
    if (const size_t at = name.find("how="); at != std::string::npos) by_way[name.substr(at + 4)] = ending;
  return by_way;
}

TEST(Run, WhatASamplerReturnsIsChecked) {
  const Scratch scratch;
  const std::string text = ways("\"few_rows\", \"wide\", \"chains_nan\", \"loss_list\"");
  const Ended ended = run_spec(scratch, text, "--seeds 1 --jobs 2", misbehaving);
  EXPECT_EQ(ended.code, 1) << ended.err;
  const std::string right = ", and (100, 2) float32 is right";
  EXPECT_EQ(endings_of_ways(scratch),
            (std::map<std::string, std::string>{
                {"few_rows", "error: draw(100) returned (50, 2) float32" + right},
                {"wide", "error: draw(100) returned (100, 3) float32" + right},
                {"chains_nan", "diverged: states of the chains are not finite"},
                {"loss_list", "error: step() returned array, and a flat object of numbers is right"}}));
}

TEST(Run, WhatATargetReturnsIsChecked) {
  const Scratch scratch;
  const std::string text =
      "name = \"trial\"\nseeds = 1\ndraws = 50\nfloor_replications = 4\nsamplers = [\"ula\"]\nbudget = { "
      "steps = 2 }\n"
      "metrics = [\"ksd_imq_v\", \"mode_weight_error\"]\n[[targets]]\nname = \"crooked\"\noptions = { how = ["
      "\"density_column\", \"exact_wide\"] }\n";
  EXPECT_EQ(run_spec(scratch, text, "--jobs 2", misbehaving).code, 1);
  const auto found = endings(scratch / "out");
  for (const char* job : {"floor", "ula"}) {
    const auto why = [&](const char* how) { return found.at(std::string("crooked:how=") + how + " " + job); };
    EXPECT_EQ(why("density_column"),
              "error: log_density of the target returned (50, 1) float64, and (50) float64 is right");
    EXPECT_EQ(why("exact_wide"),
              "error: exact_draws(50) returned (50, 3) float64, and (50, 2) float64 is right");
  }
}

// Also where its record stands already. One that is skipped is none, the control.
TEST(Run, ARunThatDivergesIsAFailure) {
  const auto code = [](const Scratch& scratch, const char* way) {
    return run_spec(scratch, ways(fmt::format("\"not\", \"{}\"", way)), "--seeds 1", misbehaving).code;
  };
  const Scratch diverging, skipping;
  EXPECT_EQ(code(diverging, "diverge"), 1);
  EXPECT_EQ(code(diverging, "diverge"), 1);
  EXPECT_EQ(code(skipping, "refuse"), 0);
}

// Also where its record stands already. Its key is the same: without the word, which is the control, the same
// record is a failure. A crash and a timeout stay failures.
TEST(Run, ARunThatMayDivergeIsNoFailure) {
  const auto text = [](const char* way, const std::string& limits = "time_s = 60, memory_mib = 1024") {
    std::string spec = ways(fmt::format("\"not\", \"{}\"", way), limits);
    return spec.replace(spec.find("budget = "), 0, "may_diverge = true\n");
  };
  const auto code = [](const Scratch& scratch, const std::string& spec) {
    return run_spec(scratch, spec, "--seeds 1", misbehaving).code;
  };
  const Scratch diverging, crashing, late;
  EXPECT_EQ(code(diverging, text("diverge")), 0);
  EXPECT_EQ(code(diverging, text("diverge")), 0);
  const Ended control = run_spec(diverging, ways("\"not\", \"diverge\""), "--seeds 1 --json", misbehaving);
  EXPECT_EQ(control.code, 1);
  EXPECT_EQ(Json::parse(control.out)["found"], 3);
  EXPECT_EQ(Json::parse(control.out)["standing"]["diverged"], 1);
  EXPECT_EQ(code(crashing, text("abort")), 1);
  EXPECT_EQ(code(late, text("hang", "time_s = 5, memory_mib = 1024")), 1);
}

TEST(Run, ATargetThatFailsInItsOwnCodeIsLeftToItsRuns) {
  const Scratch scratch;
  const std::string text =
      "name = \"trial\"\nseeds = 1\ndraws = 50\nfloor_replications = 40\nstart = false\nsamplers = "
      "[\"ula\"]\nbudget = { steps = 2 }\nmetrics = [\"ksd_imq_v\"]\n"
      "targets = [\"gaussian\", \"crooked:how=make_throws\"]\n";
  EXPECT_EQ(run_spec(scratch, text, "", misbehaving).code, 1);
  const auto found = endings(scratch / "out");
  EXPECT_EQ(found.at("crooked:how=make_throws ula"), "error: a target's own message");
  EXPECT_EQ(found.at("crooked:how=make_throws floor"), "error: a target's own message");
  EXPECT_EQ(found.at("gaussian ula"), "finished: steps");
}

// How often `part` stands in `text`.
int64_t count_of(const std::string& part, const std::string& text) {
  int64_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Run, TellsWhichLearnersHaveNothingToLearnFrom) {
  const std::string text =
      "name = \"trial\"\nseeds = 2\ndraws = 50\nfloor_replications = 40\nstart = false\nbudget = { steps = 3 "
      "}\nmetrics = [\"ksd_imq_v\"]\ntargets = [\"veiled\", \"gaussian\"]\n";
  const std::string samplers =
      "[[samplers]]\nname = \"sliced-wasserstein-oracle\"\nlabel = \"learner\"\noptions = { width = 8, batch "
      "= 16 }\n[[samplers]]\nname = \"ula\"\n";
  const std::string warning = "samplerbench: warning: the runs of learner on veiled will be skipped: it ";
  const std::string why = "sliced-wasserstein-oracle needs exact draws of the target";
  const Scratch dry, whole, as_json;
  EXPECT_EQ(run_spec(dry, text + samplers, "--dry-run", misbehaving).err,
            warning + "needs exact draws of the target\n");
  EXPECT_EQ(run_spec(dry, text + "reference = {}\n" + samplers, "--dry-run", misbehaving).err,
            warning + "would learn from the kept draws that it is judged on\n");
  const Ended ended = run_spec(whole, text + samplers, "", misbehaving);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(count_of(warning, ended.err), 1);
  EXPECT_EQ(count_of("skipped: learner on veiled: " + why + "\n", ended.out), 1);
  EXPECT_EQ(count_of("skipped: ", ended.out), 1);
  const Json told = Json::parse(run_spec(as_json, text + samplers, "--json --seeds 1", misbehaving).out);
  const Json expected{{"sampler", "learner"}, {"target", "veiled"}, {"reason", why}};
  EXPECT_EQ(told.at("skipped"), Json::array({expected}));
}

// Data that are known by draws alone have draws to learn from.
TEST(Run, ADryRunOfLearnersOnDataHasNoWarning) {
  const Scratch scratch;
  const Ended ended =
      run(program, "run images-smoke --dry-run --results '" + (scratch / "out").string() + "'");
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
}

TEST(Run, EveryExitIsARowWithItsCodeAndFoldersMayChange) {
  const Scratch scratch;
  spit(scratch / "trial.toml",
       ways("\"exit_0\", \"exit_3\", \"exit_4\", \"throw_number\", \"change_folder\", \"close_files\""));
  const Ended ended = run("/bin/sh", "-c \"cd '" + scratch.path().string() + "' && '" + misbehaving +
                                         "' run trial.toml --results out --seeds 1 --no-report --jobs 2\"");
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_EQ(endings_of_ways(scratch),
            (std::map<std::string, std::string>{
                {"exit_0", "crashed: exit code 0"},
                {"exit_3", "crashed: exit code 3"},
                {"exit_4", "crashed: exit code 4"},
                {"throw_number", "error: something was thrown that is no std::exception"},
                {"change_folder", "finished: steps"},
                {"close_files", "finished: steps"}}));
}

// Neither a file that whoever started the program had left open, such as a lock, nor its record; the control
// is one that the sampler opens itself.
TEST(Run, ASamplerHasNoFilesButItsStreams) {
  const Scratch scratch, caller;
  spit(scratch / "trial.toml", ways("\"show_files\""));
  spit(caller / "lock", "");
  const std::string lock = (caller / "lock").string();
  const Ended ended = run("/bin/sh", "-c \"exec 7<'" + lock + "'; readlink /proc/self/fd/7; exec '" +
                                         misbehaving + "' run '" + (scratch / "trial.toml").string() +
                                         "' --results '" + (scratch / "out").string() +
                                         "' --seeds 1 --no-report\"");
  EXPECT_THAT(ended.out, HasSubstr("/lock\n"));  // the program has it
  const auto by_way = endings_of_ways(scratch);
  ASSERT_TRUE(by_way.contains("show_files")) << ended.err;
  const std::string& files = by_way.at("show_files");
  EXPECT_THAT(files, ::testing::AllOf(::testing::StartsWith("error: open files: "), HasSubstr("/dev/null ")));
  EXPECT_THAT(files, Not(HasSubstr("/lock")));
  EXPECT_THAT(files, Not(HasSubstr(scratch.path().string())));
}

TEST(Run, NothingThatASamplerStartsSurvivesItsRun) {
  const Scratch scratch;
  spit(scratch / "trial.toml", ways("\"fork\", \"fork_session\", \"fork_twin\", \"shell\", \"leave_thread\", "
                                    "\"fork_overrun\"",
                                    "time_s = 10, memory_mib = 1024"));
  const std::string mark = "TRIAL_MARK=" + scratch.path().string();
  const Ended ended = run(
      "/usr/bin/env", mark + " '" + misbehaving + "' run '" + (scratch / "trial.toml").string() +
                          "' --results '" + (scratch / "out").string() + "' --seeds 1 --no-report --jobs 2");
  EXPECT_EQ(processes_with(mark), 0);
  EXPECT_EQ(ended.code, 1) << ended.err;
  for (const auto& [way, ending] : endings_of_ways(scratch))
    EXPECT_EQ(ending, way == "fork_overrun" ? "timeout: more than 10 s" : "finished: steps") << way;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch / "out"))
    EXPECT_NE(entry.path().extension(), ".part");
}

// A run whose sampler has made a process is ended by `signal`: that process ends too.
void expect_no_survivor(int signal) {
  const Scratch scratch;
  spit(scratch / "trial.toml", ways("\"fork_overrun\"", "time_s = 600, memory_mib = 1024"));
  const std::string mark = "TRIAL_MARK=" + scratch.path().string();
  ChildProcess process({.words = {"/usr/bin/env", mark, misbehaving, "run", (scratch / "trial.toml").string(),
                                  "--results", (scratch / "out").string(), "--seeds", "1", "--no-report"}});
  // The program, its worker, the process of the job and the one that it forked.
  EXPECT_TRUE(comes_true([&] { return processes_with(mark) == 4; }));
  process.send(signal);
  process.wait();
  EXPECT_TRUE(comes_true([&] { return processes_with(mark) == 0; }));
}

TEST(Run, NothingThatASamplerStartsSurvivesControlC) { expect_no_survivor(SIGINT); }

TEST(Run, NothingThatASamplerStartsSurvivesKillMinusNine) { expect_no_survivor(SIGKILL); }

TEST(Run, ASmallMemoryLimitEndsARunAtOnce) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer ends a program that gets no memory";
  const Scratch scratch;
  const auto text = [](const std::string& mib) {
    return spec(
        "[[samplers]]\nname = \"dft\"\noptions = { batch = 64, width = 64 }\nbudget = { steps = 4 }\n"
        "[[samplers]]\nname = \"nuts\"\nbudget = { steps = 4 }\n",
        "dtype = \"float64\"\nlimits = { time_s = 30, memory_mib = " + mib + " }\n");
  };
  for (const char* mib : {"1", "2", "40"}) {
    std::string own = text(mib);
    own.replace(own.find("trial"), 5, std::string("limit-") + mib);
    const Json statuses = Json::parse(run_spec(scratch, own, "--seeds 1 --json --jobs 2").out)["statuses"];
    for (const auto& [status, count] : statuses.items())
      EXPECT_TRUE(status == "finished" || status == "out_of_memory") << mib << " MiB: " << statuses;
  }
  for (const char* mib : {"9223372036854775807", "8796093022208", "1000000001", "0"}) {
    const Ended refused = run_spec(scratch, text(mib));
    EXPECT_EQ(refused.code, 2) << mib;
    EXPECT_THAT(refused.err, HasSubstr("memory_mib = " + std::string(mib) + " is not valid"));
  }
}

TEST(Run, AFailureByALimitStandsUnderNoLargerLimit) {
  const Scratch scratch;
  const auto limited = [&](const std::string& name, const std::string& time_s) {
    std::string text = spec("[[samplers]]\nname = \"ula\"\nbudget = { steps = 4 }\n",
                            "limits = { time_s = " + time_s + " }\n");
    text.replace(text.find("trial"), 5, name);
    const Ended ended = run_spec(scratch, text, "--seeds 1 --json");
    Json summary = Json::parse(ended.out);
    summary["code"] = ended.code;
    return summary;
  };
  const Json first = limited("first", "0.001");
  EXPECT_EQ(first["code"], 1);
  EXPECT_EQ(first["statuses"], Json({{"timeout", 2}}));
  const Json again = limited("first", "0.001");  // the failed rows stand, and so does the exit code
  EXPECT_EQ(again["code"], 1);
  EXPECT_TRUE(again["statuses"].empty());
  EXPECT_EQ(again["standing"], Json({{"timeout", 2}}));
  const Json smaller = limited("smaller", "0.0005");
  EXPECT_EQ(smaller["code"], 1);
  EXPECT_EQ(smaller["taken_over"], 2);
  const Json larger = limited("larger", "60");
  EXPECT_EQ(larger["code"], 0);
  EXPECT_EQ(larger["taken_over"], 0);
  EXPECT_EQ(larger["statuses"], Json({{"finished", 2}}));
  const Json raised = limited("first", "60");
  EXPECT_EQ(raised["code"], 0);
  EXPECT_EQ(raised["standing"], Json({{"finished", 2}}));  // taken over from the larger one
}

TEST(Run, WhatAReportCallsDamagedIsRunAgain) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  const auto paths = records(scratch / "out/trial/gaussian/sampler-ula");
  ASSERT_EQ(paths.size(), 2u);
  // A line in the middle is damaged, and the last one whole; a record of other work under this name.
  std::string text = slurp(paths[0]);
  const size_t second = text.find('\n') + 1;
  spit(paths[0], text.replace(second, 20, "????????????????????"));
  spit(paths[1], slurp(records(scratch / "out/trial/gaussian/sampler-dft").front()));
  const std::string report = "report '" + (scratch / "out/trial").string() + "' --no-figures";
  EXPECT_EQ(run(program, report).code, 2);
  const Ended again = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["statuses"], Json({{"finished", 2}}));
  EXPECT_EQ(run(program, report).code, 0);
}

TEST(Run, PassesOverWhatIsNoRecordAndSaysSo) {
  const Scratch scratch;
  const std::filesystem::path other = scratch / "out/other";
  spit(other / "experiment.json", "{}");
  for (const auto& folder : {other, scratch / "out/trial/gaussian"}) {
    std::filesystem::create_directories(folder / "folder.jsonl");
    ASSERT_EQ(::mkfifo((folder / "pipe.jsonl").c_str(), 0644), 0);
    std::filesystem::create_symlink("loop.jsonl", folder / "loop.jsonl");
    std::filesystem::create_directory_symlink(".", folder / "round");
  }
  const Json plan = Json::parse(run_spec(scratch, spec(two_samplers), "--dry-run --json").out);
  const std::filesystem::path taken = scratch / "out" / plan[1]["record"].get<std::string>();
  std::filesystem::create_directories(taken);
  const Ended ended = run_spec(scratch, spec(two_samplers), "--json");
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"finished", 4}, {"error", 1}})) << ended.err;
  for (const std::string& part : {taken.string(), (other / "folder.jsonl").string(),
                                  (other / "pipe.jsonl").string(), (other / "loop.jsonl").string()})
    EXPECT_THAT(ended.err, HasSubstr(part));
  const Ended report = run(program, "report '" + (scratch / "out/trial").string() + "' --no-figures");
  EXPECT_EQ(report.code, 0) << report.err;
  for (const char* name : {"folder.jsonl", "pipe.jsonl", "loop.jsonl"})
    EXPECT_THAT(report.err, HasSubstr(std::string(name) + " is left out"));
  std::filesystem::remove(taken);
  EXPECT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
}

// Folders that belong to another user: what needs them is left out, and the rest is done.
TEST(Run, PassesOverFoldersOfOthers) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers), "--shard 2/5").code, 0);  // one run of ula
  const std::filesystem::path locked = scratch / "out/trial/gaussian/sampler-dft";
  for (const auto& folder : {locked, scratch / "out/trial/private"}) {
    std::filesystem::create_directories(folder);
    ASSERT_EQ(::chmod(folder.c_str(), 0), 0);
  }
  std::string as_other;
  if (::geteuid() == 0) {  // who may look anywhere: another user it is
    as_other = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
    ASSERT_EQ(run("/bin/sh", "-c \"chmod 755 '" + scratch.path().string() + "' && chown -R 65534:65534 '" +
                                 (scratch / "out").string() + "'\"")
                  .code,
              0);
    for (const auto& folder : {locked, scratch / "out/trial/private"})
      ASSERT_EQ(::chown(folder.c_str(), 0, 0), 0);
  }
  const Ended ended =
      run("/usr/bin/env", as_other + "'" + program + "' run '" + (scratch / "trial.toml").string() +
                              "' --results '" + (scratch / "out").string() + "' --json");
  EXPECT_EQ(ended.code, 1);
  const Json summary = Json::parse(ended.out);
  EXPECT_EQ(summary["statuses"], Json({{"error", 2}, {"finished", 2}})) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("gaussian / dft / seed 0 is left out"));
  EXPECT_THAT(ended.err, HasSubstr("private is left out"));  // by the report
  EXPECT_TRUE(std::filesystem::exists(summary["page"].get<std::string>()));
  for (const auto& folder : {locked, scratch / "out/trial/private"}) ::chmod(folder.c_str(), 0755);
}

TEST(Run, TwoAtOnceShareTheWork) {
  const Scratch scratch;
  const std::string text = spec(
      "[[samplers]]\nname = \"ula\"\noptions = { step_size = [0.01, 0.02] }\nbudget = { steps = 3000 }\n");
  spit(scratch / "trial.toml", text);
  const auto command = [&](const std::string& name) {
    return Command{.words = {program, "run", (scratch / "trial.toml").string(), "--results",
                             (scratch / "out").string(), "--json"},
                   .output = scratch / name,
                   .errors = scratch / (name + ".err")};
  };
  ChildProcess one(command("one")), two(command("two"));
  EXPECT_EQ(one.wait().shell_code(), 0) << slurp(scratch / "one.err");
  EXPECT_EQ(two.wait().shell_code(), 0) << slurp(scratch / "two.err");
  const Json first = Json::parse(slurp(scratch / "one")), second = Json::parse(slurp(scratch / "two"));
  const auto finished = [](const Json& summary) { return summary["statuses"].value("finished", 0); };
  EXPECT_EQ(finished(first) + finished(second), 5);  // every job once
  for (const Json& summary : {first, second}) {
    EXPECT_EQ(summary["found"].get<int>() + finished(summary), 5);
    EXPECT_FALSE(summary["statuses"].contains("busy"));
  }
}

// As on two hosts after others died: every record has a .part without a lock, half a record or a whole one.
TEST(Run, TwoAtOnceTakeOverWhatDeadProcessesLeft) {
  const Scratch scratch, alone;
  ASSERT_EQ(run_spec(alone, spec(two_samplers)).code, 0);
  const auto whole = records(alone / "out");
  ASSERT_EQ(whole.size(), 5u);
  for (size_t i = 0; i < whole.size(); ++i) {
    const std::string text = slurp(whole[i]);
    spit((scratch / "out" / std::filesystem::relative(whole[i], alone / "out")).string() + ".part",
         i % 2 == 0 ? text : text.substr(0, text.size() / 2));
  }
  spit(scratch / "trial.toml", spec(two_samplers));
  const auto command = [&](const std::string& name) {
    return Command{.words = {program, "run", (scratch / "trial.toml").string(), "--results",
                             (scratch / "out").string(), "--no-report", "--json"},
                   .output = scratch / name};
  };
  ChildProcess one(command("one")), two(command("two"));
  EXPECT_EQ(one.wait().shell_code(), 0);
  EXPECT_EQ(two.wait().shell_code(), 0);
  int64_t finished = 0;
  for (const char* name : {"one", "two"})
    finished += Json::parse(slurp(scratch / name))["statuses"].value("finished", 0);
  EXPECT_EQ(finished, 5);  // every job once
  const auto made = records(scratch / "out");
  ASSERT_EQ(made.size(), whole.size());
  for (size_t i = 0; i < made.size(); ++i) EXPECT_EQ(timeless(made[i]), timeless(whole[i])) << made[i];
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch / "out"))
    EXPECT_NE(entry.path().extension(), ".part");
}

// Starts the program, and keeps its number and what it says.
constexpr const char* kHost = R"(
mark=$1
shift
"$@" >"$mark.json" 2>"$mark.err" &
echo $! >"$mark.number"
wait $!
)";

// As on two hosts: each program has the number of the other, and neither sees a process of the other's.
TEST(Run, TwoAtOnceWhoseProcessesHaveEqualNumbersShareTheWork) {
  const auto apart = granted({"unshare --pid --fork --mount-proc",
                              "unshare --user --map-root-user --pid --fork --mount-proc"},
                             "true");
  if (!apart) GTEST_SKIP() << "this user has no process numbers of its own";
  const Scratch scratch;
  const std::string samplers =
      "[[samplers]]\nname = \"ula\"\noptions = { step_size = [0.01, 0.02] }\nbudget = { steps = 3000 }\n";
  spit(scratch / "trial.toml", spec(samplers));
  spit(scratch / "host.sh", kHost);
  const auto command = [&](const std::string& name) {
    const std::string text = fmt::format(
        "exec {0} /bin/sh '{1}/host.sh' '{1}/{2}' '{3}' run '{1}/trial.toml' --results '{1}/out' --no-report "
        "--json",
        *apart, scratch.path().string(), name, program);
    return Command{.words = {"/bin/sh", "-c", text}};
  };
  ChildProcess one(command("one")), two(command("two"));
  EXPECT_EQ(one.wait().shell_code(), 0) << slurp(scratch / "one.err");
  EXPECT_EQ(two.wait().shell_code(), 0) << slurp(scratch / "two.err");
  EXPECT_NE(slurp(scratch / "one.number"), "");
  EXPECT_EQ(slurp(scratch / "one.number"), slurp(scratch / "two.number"));  // the control
  int64_t finished = 0;
  for (const char* name : {"one.json", "two.json"})
    finished += Json::parse(slurp(scratch / name))["statuses"].value("finished", 0);
  EXPECT_EQ(finished, 5);  // every job once
  EXPECT_EQ(records(scratch / "out").size(), 5U);
  for (const auto& path : records(scratch / "out")) EXPECT_EQ(lines(path).back()["status"], "finished");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch / "out"))
    EXPECT_NE(entry.path().extension(), ".part");
}

TEST(Run, AnotherProcessThatIsBusyIsWaitedForAndItsWorkIsDoneWhereItLeavesNone) {
  const Scratch scratch;
  const Json plan = Json::parse(run_spec(scratch, spec(two_samplers), "--dry-run --json").out);
  const std::string record = (scratch / "out" / plan[2]["record"].get<std::string>()).string();
  std::filesystem::create_directories(std::filesystem::path(record).parent_path());
  const int other = ::open((record + ".part").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  std::thread release([&] {
    comes_true([&] { return records(scratch / "out").size() == 4; });
    ::close(other);
  });
  const Ended ended = run_spec(scratch, spec(two_samplers), "--json");
  release.join();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("another process works on"));
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"finished", 5}}));
}

TEST(Draw, RefusesASamplerThatIsNotTheOneOfItsRecord) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  const auto paths = records(scratch / "out/trial/gaussian/sampler-dft");
  ASSERT_EQ(paths.size(), 2u);
  const auto kept = [](std::filesystem::path record) { return record.replace_extension(".safetensors"); };
  const auto draw = [&] {
    return run(program, "draw '" + paths[0].string() + "' -n 5 --out '" + (scratch / "x.npy").string() + "'");
  };
  const std::string bytes = slurp(kept(paths[0]));
  EXPECT_EQ(draw().code, 0);
  std::string flipped = bytes;
  flipped[flipped.size() - 9] = static_cast<char>(flipped[flipped.size() - 9] ^ 1);
  for (const std::string& wrong : {flipped, slurp(kept(paths[1])), bytes + "x", std::string()}) {
    spit(kept(paths[0]), wrong);
    const Ended refused = draw();
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr(kept(paths[0]).string()));
    EXPECT_THAT(refused.err, HasSubstr("its record says"));
  }
  // Records from before the hash was kept are drawn from as they were.
  spit(kept(paths[0]), bytes);
  std::string text;
  for (Json line : lines(paths[0])) {
    line.erase("sampler");
    text += line.dump() + "\n";
  }
  spit(paths[0], text);
  EXPECT_EQ(draw().code, 0);
  // A damaged record vouches for nothing.
  spit(paths[0], text.substr(0, text.size() / 2));
  EXPECT_EQ(draw().code, 2);
}

TEST(Run, KeptImagesAreThoseOfTheirRecord) {
  const Scratch scratch;
  const std::string text =
      "name = \"trial\"\nseeds = 1\ndraws = 20\nfloor_replications = 2\ntargets = [\"pictures\"]\n"
      "metrics = [\"ksd_imq_v\"]\nsamplers = [\"ula\"]\nbudget = { steps = 2 }\n";
  ASSERT_EQ(run_spec(scratch, text, "", misbehaving).code, 0);
  std::filesystem::path record = records(scratch / "out/trial/pictures/sampler-ula").front();
  const std::string report = "report '" + (scratch / "out/trial").string() + "'";
  EXPECT_THAT(run(misbehaving, report).err, ::testing::Not(HasSubstr("are not shown")));
  const std::filesystem::path images = record.replace_extension(".images.npy");
  std::string bytes = slurp(images);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  spit(images, bytes);
  EXPECT_THAT(run(misbehaving, report).err, HasSubstr("the images of ula are not shown"));
}

TEST(Draw, DrawsAgainFromAKeptSampler) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec(two_samplers)).code, 0);
  std::string kept, unkept;
  for (const auto& path : records(scratch / "out")) {
    if (std::filesystem::exists(std::filesystem::path(path).replace_extension(".safetensors")))
      kept = path.string();
    else
      unkept = path.string();
  }
  ASSERT_FALSE(kept.empty());
  const auto draw = [&](const std::string& record, const std::string& flags) {
    return run(program, "draw '" + record + "' " + flags);
  };
  const std::string out = (scratch / "x.npy").string();
  EXPECT_EQ(draw(kept, "-n 50 --out " + out).code, 0);
  const std::string once = slurp(out);
  EXPECT_EQ(draw(kept, "-n 50 --out " + out).code, 0);
  EXPECT_EQ(slurp(out), once);
  EXPECT_EQ(draw(kept, "-n 50 --seed 1 --out " + out).code, 0);
  EXPECT_NE(slurp(out), once);
  const Ended scored =
      run(program, "score " + out + " --target gaussian --replications 5 --metric ksd_imq_v --json");
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_EQ(Json::parse(scored.out)["n"], 50);
  EXPECT_EQ(draw(unkept, "--out " + out).code, 2);
  EXPECT_EQ(draw(kept, "-n 0 --out " + out).code, 2);
  EXPECT_EQ(draw(kept, "--out '" + kept + "/x.npy'").code, 2);  // a file is no folder
  spit(std::filesystem::path(kept).replace_extension(".safetensors"), "damage");
  EXPECT_EQ(draw(kept, "--out " + out).code, 2);
}

// A line on standard error, code 2, nothing on standard output, and no trace of a stack.
void expect_refused(const Ended& ended, const std::string& part, const std::string& what) {
  EXPECT_EQ(ended.code, 2) << what << "\n" << ended.out << ended.err;
  EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << what << "\n" << ended.err;
  EXPECT_THAT(ended.err, HasSubstr(part)) << what;
  EXPECT_TRUE(ended.out.empty()) << what;
}

TEST(BadInput, IsRefusedInOneLine) {
  const Scratch scratch;
  spit(scratch / "broken.toml", "name = \"x\"\nseeds = [1,\n");
  spit(scratch / "file", "not a folder");
  const std::string broken = (scratch / "broken.toml").string(), file = (scratch / "file").string();
  const std::vector<std::pair<std::string, std::string>> cases{
      {"rum quick", "did you mean 'run'?"},
      {"run qiuck", "did you mean 'quick'?"},
      {"run " + broken, "broken.toml:"},
      {"run smoke --jobs 0", "--jobs 0"},
      {"run smoke --jobs many", "--jobs many"},
      {"run smoke --seeds -1", "--seeds -1"},
      {"run smoke --shard 3/2", "--shard 3/2"},
      {"run smoke --threads 0", "--threads 0"},
      {"run smoke --device tpu", "--device tpu"},
      {"run smoke --sedes 3", "did you mean '--seeds'?"},
      {"run smoke --results " + file, "--results"},
      {"run smoke --repeat finnished", "did you mean 'finished'?"},
      {"run", "SPEC is missing"},
      {"report /no/such/folder", "/no/such/folder"},
      {"describe donot", "did you mean 'donut'?"},
      {"list target", "did you mean 'targets'?"},
      {"score " + file + " --target gaussian", "not a NumPy"},
      {"score x.npy", "--target"},
      {"score x.npy --target gausian", "did you mean 'gaussian'?"},
      {"score x.npy --target gaussian:corelation=1", "did you mean 'correlation'?"},
      {"score x.npy --target gaussian:correlation=7", "correlation = 7"},
      {"draw " + file + " --out y.npy", "file:1"},
      {"draw " + scratch.path().string() + " --out y.npy", "is a folder"},
      {"score " + scratch.path().string() + " --target donut", "is a folder"},
      {"fit strokes-energy --steps 1 --models " + file, "--models"},
  };
  for (const auto& [words, part] : cases) expect_refused(run(program, words), part, words);
}

// Langevin chains whose own step size hardly moves them from a start that is five times too wide.
const std::string kTooSmallASteps =
    "name = \"trial\"\nseeds = 1\ndraws = 200\ncheckpoints = 1\nfloor_replications = 40\nstart_scale = 5\n"
    "targets = [\"gaussian:correlation=0\", \"donut\"]\nmetrics = [\"ksd_imq_v\", "
    "\"ess_bulk\"]\n"
    "[[samplers]]\nname = \"ula\"\noptions = { step_size = 1e-6, chains = 20 }\nbudget = { steps = 60 }\n"
    "tune.step_size = { from = 1e-6, to = 0.5, log = true }\n";

Ended tune_spec(const Scratch& scratch, const std::string& flags) {
  spit(scratch / "trial.toml", kTooSmallASteps);
  return run(program, "tune '" + (scratch / "trial.toml").string() + "' --results '" +
                          (scratch / "out").string() + "' --no-report --json " + flags);
}

// The value of `metric` at the end of each trial on `target`, from the records alone.
std::vector<double> values_of_trials(const Scratch& scratch, const std::string& target,
                                     const std::string& metric) {
  std::map<std::string, double> values;
  for (const auto& path : records(scratch / ("out/trial-tune/" + target))) {
    const auto all = lines(path);
    if (all.front()["kind"] != "run" || all.front()["job"]["sampler"]["name"] == "start") continue;
    EXPECT_EQ(all.front()["job"]["seed"], 1000);
    values[all.front()["job"]["sampler"]["label"]] = all[all.size() - 2]["metrics"][metric];
  }
  std::vector<double> in_order;
  for (const auto& [label, value] : values) in_order.push_back(value);
  return in_order;  // ten trials at most, whose labels sort as their numbers
}

// The trial of the smallest sum of ranks over targets; no two values are equal.
size_t best_trial(const Scratch& scratch, const std::string& metric, double sign) {
  std::vector<int> ranks;
  for (const char* target : {"gaussian_correlation=0.0", "donut"}) {
    const std::vector<double> values = values_of_trials(scratch, target, metric);
    ranks.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i)
      for (const double other : values) ranks[i] += sign * other < sign * values[i];
  }
  return static_cast<size_t>(std::min_element(ranks.begin(), ranks.end()) - ranks.begin());
}

TEST(Tune, FindsTheBestTrialAndGoesOnWhereItStopped) {
  const Scratch scratch;
  Ended ended = tune_spec(scratch, "--trials 4");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json summary = Json::parse(ended.out);
  EXPECT_EQ(summary["statuses"], Json({{"finished", 2 + 2 * (4 + 1)}}));
  const Json& ula = summary["samplers"]["ula"];
  ASSERT_EQ(ula["trials"].size(), 4u);
  const size_t best = best_trial(scratch, "ksd_imq_v", 1);
  EXPECT_EQ(ula["chosen"], best);
  const auto value = [&](size_t trial) { return ula["trials"][trial]["values"]["donut"].get<double>(); };
  EXPECT_LT(value(best), value(0) / 2);  // its own settings

  ended = tune_spec(scratch, "--trials 5");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["found"], 2 + 2 * (4 + 1));
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"finished", 2}}));
  EXPECT_EQ(Json::parse(ended.out)["samplers"]["ula"]["chosen"], best_trial(scratch, "ksd_imq_v", 1));

  ended =
      tune_spec(scratch, "--trials 5 --metric ess_bulk --out '" + (scratch / "by-ess.toml").string() + "'");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json::object());
  EXPECT_EQ(Json::parse(ended.out)["samplers"]["ula"]["chosen"], best_trial(scratch, "ess_bulk", -1));
}

TEST(Tune, TheComparisonTakesTheChosenSettingsIn) {
  const Scratch scratch;
  const Ended tuned = tune_spec(scratch, "--trials 2 --out '" + (scratch / "tuned.toml").string() + "'");
  ASSERT_EQ(tuned.code, 0) << tuned.err;
  const Json ula = Json::parse(tuned.out)["samplers"]["ula"];
  const Ended ran = run_spec(scratch, "tuned = \"tuned.toml\"\n" + kTooSmallASteps);
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json experiment = Json::parse(slurp(scratch / "out/trial/experiment.json"));
  const Json& sampler = experiment["samplers"][0];
  EXPECT_EQ(sampler["settings"], ula["trials"][ula["chosen"].get<size_t>()]["settings"]);
  EXPECT_EQ(sampler["trials"], 2);
  const std::string folder = (scratch / "out/trial").string();
  ASSERT_EQ(run(program, "report '" + folder + "' --no-figures").code, 0);
  EXPECT_THAT(slurp(scratch / "out/trial/report/tables/samplers.md"), HasSubstr("(2 trials)"));
  for (const char* command : {"report", "pack"})
    EXPECT_EQ(run(program, command + (" '" + folder + "-tune'")).code, 0) << command;
}

// Records leave out `halves` where it is false, its default: once as the own setting, once as the chosen one.
TEST(Tune, ChoosesOptionsThatRecordsLeaveOut) {
  for (const bool own : {false, true}) {
    const Scratch scratch;
    const std::string spec = fmt::format(
        "name = \"trial\"\nseeds = 1\ndraws = 50\ncheckpoints = 1\nfloor_replications = 2\n"
        "targets = [\"gaussian\"]\nmetrics = [\"sliced_wasserstein\"]\n"
        "[[samplers]]\nname = \"stein-ksd\"\noptions = {{ batch = 8, width = 4, halves = {} }}\n"
        "budget = {{ steps = 2 }}\ntune = {{ halves = {{ among = [false, true] }} }}\n",
        own);
    spit(scratch / "trial.toml", spec);
    const Ended tuned = run(program, "tune '" + (scratch / "trial.toml").string() + "' --results '" +
                                         (scratch / "out").string() + "' --out '" +
                                         (scratch / "tuned.toml").string() +
                                         "' --no-report --json --trials 2");
    ASSERT_EQ(tuned.code, 0) << tuned.err;
    const Json trials = Json::parse(tuned.out)["samplers"]["stein-ksd"];
    const bool kept = trials["chosen"] == 0;
    EXPECT_THAT(slurp(scratch / "tuned.toml"),
                HasSubstr(kept ? "options = {}" : fmt::format("options = {{ halves = {} }}", !own)));
  }
}

// On N(0, I) a step size h multiplies the state by 1 - h / 2: beyond 4 it grows without bound.
TEST(Tune, TrialsThatDivergeAreNoFailures) {
  const Scratch scratch;
  std::string text = kTooSmallASteps;
  text.replace(text.find("from = 1e-6, to = 0.5"), 21, "from = 100, to = 1000");
  spit(scratch / "trial.toml", text);
  const Ended ended = run(program, "tune '" + (scratch / "trial.toml").string() + "' --results '" +
                                       (scratch / "out").string() + "' --no-report --json --trials 2");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["statuses"]["diverged"], 2);
}

TEST(Tune, RefusesWhatCannotBeSearched) {
  const Scratch scratch;
  expect_refused(tune_spec(scratch, "--trials 1"), "--trials 1", "one trial");
  expect_refused(tune_spec(scratch, "--metric ksd"), "unknown --metric 'ksd'", "metric");
  expect_refused(run(program, "tune smoke"), "no sampler declares what to search", "no ranges");
  expect_refused(tune_spec(scratch, "--out '" + (scratch / "trial.toml/x").string() + "' --trials 2"),
                 "--out", "out");
  expect_refused(run_spec(scratch, kTooSmallASteps, "--seeds 1001"), "--seeds 1001: seed 1000", "seeds");
}

TEST(Score, JudgesDrawsOfAnyOtherProgram) {
  const Scratch scratch;
  const std::string folder = scratch.path().string();
  const Ended made = run(
      "/usr/bin/python3",
      "-c \"import numpy as n; r = n.random.default_rng(0); x = r.normal(size=(500, 2)); n.save('" + folder +
          "/good.npy', x); n.save('" + folder + "/shifted.npy', (x + 1).astype('f4')); n.save('" + folder +
          "/wide.npy', r.normal(size=(500, 3))); x[3, 1] = n.nan; n.save('" + folder + "/nan.npy', x)\"");
  ASSERT_EQ(made.code, 0) << made.err;
  const auto score = [&](const std::string& name) {
    return run(program,
               "score " + folder + "/" + name +
                   " --target gaussian:correlation=0 --replications 40 --json --metric ksd_imq_v --metric mmd"
                   " --metric sliced_wasserstein --metric energy_distance --metric rhat");
  };
  const Json good = Json::parse(score("good.npy").out), shifted = Json::parse(score("shifted.npy").out);
  EXPECT_EQ(good["target"], "gaussian:correlation=0.0");
  EXPECT_EQ(good["n"], 500);
  for (const char* metric : {"ksd_imq_v", "mmd", "sliced_wasserstein", "energy_distance"}) {
    const Json& floor = shifted["metrics"][metric];
    EXPECT_GT(floor["value"].get<double>(), 3 * floor["floor_q95"].get<double>()) << metric;
    EXPECT_LT(good["metrics"][metric]["value"].get<double>(), 2 * floor["floor_q95"].get<double>()) << metric;
  }
  EXPECT_TRUE(good["metrics"]["rhat"].contains("skipped"));
  expect_refused(score("nan.npy"), "1 of 500 draws are not finite", "nan");
  expect_refused(score("wide.npy"), "(500, 3)", "wide");
}

TEST(Describe, AnswersInTextAndJson) {
  for (const char* name : {"donut", "hmc", "ksd_imq_v", "quick"}) {
    EXPECT_EQ(run(program, std::string("describe ") + name).code, 0) << name;
    const Ended json = run(program, std::string("describe --json ") + name);
    EXPECT_EQ(json.code, 0) << name;
    EXPECT_TRUE(Json::parse(json.out).is_object()) << name;
  }
  const Json all = Json::parse(run(program, "list --json").out);
  for (const char* kind : {"targets", "samplers", "metrics", "experiments"})
    EXPECT_GE(all[kind].size(), 3u) << kind;
}

}  // namespace
}  // namespace samplerbench::harness
