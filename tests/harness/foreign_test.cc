// Samplers that are programs of their own: what goes over their pipes, every way of breaking the protocol,
// what specs say of them, and whole runs. The program is tests/programs/foreign.cc.
#include "harness/run/foreign_sampler.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "core/error.h"
#include "harness/plan/job.h"
#include "harness/run/program_failed.h"
#include "harness/spec/experiment.h"
#include "harness/support/clock.h"
#include "harness/support/process_group.h"
#include "harness/support/program_log.h"
#include "report_fixture.h"
#include "samplers/mcmc/langevin.h"
#include "targets/metered_target.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"
#include "tests/harness/record_lines.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::comes_true;
using samplerbench::testing::complaint;
using samplerbench::testing::Ended;
using samplerbench::testing::processes;
using samplerbench::testing::processes_with;
using samplerbench::testing::python_with;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string suite = SAMPLERBENCH_PROGRAM;
const std::string fixture = SAMPLERBENCH_FOREIGN;

constexpr int64_t kChains = 16;  // of the fixture, where its options say nothing else

// The fixture at work on the Gaussian, in this process.
class Trial {
 public:
  explicit Trial(Json options, torch::ScalarType dtype = torch::kDouble)
      : dtype(dtype), mark("FOREIGN_TRIAL=" + folder.path().string()) {
    sampler.options = std::move(options);
    sampler.program = Program{.command = {fixture}};
  }

  std::unique_ptr<ForeignProgram> start() {
    ::setenv("FOREIGN_TRIAL", folder.path().c_str(), 1);
    const Json words{{"name", "gaussian"}, {"options", {{"correlation", 0.5}}}, {"seed", 0}};
    const ProgramBrief brief{.dim = 2, .placement = placement(), .target = words};
    auto program = std::make_unique<ForeignProgram>(sampler, folder.path(), brief, limits,
                                                    steady_seconds() + limits.time_s, folder / "log");
    if (sampler.program->self_counted) program->require_density(*problem.target, start_points(32));
    return program;
  }

  // All that a run asks of its program.
  void work() {
    const auto program = start();
    ForeignSampler chains(*program, source(), [] { return 0.5; });
    Rng rng(1);
    for (int step = 0; step < 2; ++step) chains.step(rng);
    chains.draw(10, rng);
    chains.chains();
  }

  // How that fails; the run's status and reason are empty where it does not.
  std::pair<std::optional<Status>, std::string> failure() {
    try {
      work();
    } catch (const ProgramFailed& failed) {
      return {failed.status(), failed.what()};
    }
    return {};
  }

  ProgramSource source() {
    return {target, [this](int64_t n) { return start_points(n); }, meter};
  }
  torch::TensorOptions placement() const { return torch::TensorOptions().dtype(dtype); }
  Tensor start_points(int64_t n) const { return Rng(5).normal({n, 2}, placement()); }
  bool is_gone() const {
    return comes_true([this] { return processes_with(mark) == 0; });
  }

  const Scratch folder;
  const torch::ScalarType dtype;
  const std::string mark;  // in the environment of the program and of all that it starts
  Choice sampler{.label = "foreign", .name = "foreign"};
  Limits limits{.time_s = 60, .memory_mib = 4096};
  const targets::Problem problem = catalog().problem("gaussian", Json{{"correlation", 0.5}}, "trial");
  Meter meter;
  const targets::MeteredTarget target{*problem.target, meter};
};

Tensor as_doubles(const Tensor& values) { return values.to(torch::kDouble); }

bool is_close(const Tensor& a, const Tensor& b, double tolerance) {
  return torch::allclose(as_doubles(a), as_doubles(b), 0, tolerance);
}

// ---- What goes over the pipes

struct Form {
  torch::ScalarType dtype;
  bool memory;
  double tolerance;
};

class Exchange : public ::testing::TestWithParam<Form> {};

// The normals of `steps` steps, as the sampler of the suite takes them, in a file of doubles.
void write_normals(const std::filesystem::path& file, Rng rng, int64_t steps,
                   const torch::TensorOptions& like) {
  std::ofstream out(file, std::ios::binary);
  for (int64_t step = 0; step < steps; ++step) {
    Tensor normals = torch::empty({kChains, 2}, like);
    rng.fill_normal(normals);
    const Tensor doubles = as_doubles(normals).contiguous();
    out.write(static_cast<const char*>(doubles.data_ptr()), static_cast<std::streamsize>(doubles.nbytes()));
  }
}

constexpr int64_t kSteps = 50;
constexpr double kStepSize = 0.1;

// What the suite's own Langevin chains and those of a program came to.
struct TwoRuns {
  Tensor state, kept;    // of the suite: [C, D], [C, T, D]
  Tensor draws, chains;  // of the program: [C, D], [C, T, D]
  Json diagnostics;      // of the program's last step
  uint64_t seed = 0;     // that the program began with
};

// Both from the same start, with the same normals, which the program of `trial` reads from the file `noise`.
// They must do the same work.
TwoRuns two_runs(Trial& trial, const std::filesystem::path& noise) {
  const Rng root(3);
  write_normals(noise, root.split("steps"), kSteps, trial.placement());
  Meter own_meter;
  const targets::MeteredTarget own_target(*trial.problem.target, own_meter);
  samplers::Ula own(own_target, trial.start_points(kChains), {.step_size = kStepSize});
  const auto program = trial.start();
  ForeignSampler foreign(*program, trial.source(), [] { return 0.0; });
  Rng own_rng = root.split("steps"), foreign_rng = root.split("steps");
  TwoRuns runs{.seed = foreign_rng.key() % (uint64_t{1} << 53)};
  for (int64_t step = 0; step < kSteps; ++step) {
    own.step(own_rng);
    runs.diagnostics = foreign.step(foreign_rng);
  }
  EXPECT_EQ(trial.meter.score.load(), own_meter.score.load());
  EXPECT_EQ(trial.meter.score.load(), kSteps * kChains);
  EXPECT_EQ(trial.meter.density.load(), 0);
  EXPECT_GT(program->take_target_seconds(), 0);
  runs.state = own.state().clone();
  runs.kept = own.chains()->clone();
  runs.draws = foreign.draw(kChains, foreign_rng);
  runs.chains = *foreign.chains();
  return runs;
}

// The same arithmetic with the same normals, in two programs.
TEST_P(Exchange, LangevinChainsAreThoseOfTheSuite) {
  const auto [dtype, memory, tolerance] = GetParam();
  const Scratch scratch;
  Trial trial(Json{{"noise", (scratch / "noise").string()},
                   {"memory", memory},
                   {"keeps", true},
                   {"step_size", kStepSize}},
              dtype);
  const TwoRuns runs = two_runs(trial, scratch / "noise");
  EXPECT_EQ(runs.diagnostics["seed"].get<double>(), static_cast<double>(runs.seed));
  EXPECT_EQ(runs.diagnostics["steps"], kSteps);
  EXPECT_TRUE(is_close(runs.draws, runs.state, tolerance));
  EXPECT_FALSE(is_close(runs.draws, trial.start_points(kChains), 0.1)) << "nothing moved";
  ASSERT_EQ(runs.chains.sizes(), at::IntArrayRef({kChains, kSteps, 2}));
  EXPECT_TRUE(is_close(runs.chains.slice(1, kSteps - runs.kept.size(1)), runs.kept, tolerance));
}

// More than a pipe holds at once.
TEST_P(Exchange, LargeArraysArriveWhole) {
  constexpr int64_t kMany = 150000;
  const auto [dtype, memory, tolerance] = GetParam();
  Trial trial(Json{{"chains", kMany}, {"memory", memory}, {"step_size", 0.1}}, dtype);
  const auto program = trial.start();
  ForeignSampler foreign(*program, trial.source(), [] { return 0.0; });
  Rng rng(1);
  foreign.step(rng);
  const Tensor start = trial.start_points(kMany);
  EXPECT_TRUE(
      is_close(foreign.draw(kMany, rng), start + 0.05 * trial.problem.target->score(start), tolerance));
}

INSTANTIATE_TEST_SUITE_P(Forms, Exchange,
                         ::testing::Values(Form{torch::kDouble, false, 1e-12},
                                           Form{torch::kDouble, true, 1e-12},
                                           Form{torch::kFloat, false, 2e-5}, Form{torch::kFloat, true, 2e-5}),
                         [](const auto& info) {
                           return std::string(info.param.dtype == torch::kDouble ? "Double" : "Float") +
                                  (info.param.memory ? "ByMemory" : "ByPipe");
                         });

// One program serves a warm-up and the run behind it.
TEST(ForeignProgram, BeginsAnewForEverySampler) {
  Trial trial(Json{{"keeps", true}});
  const auto program = trial.start();
  Rng rng(1);
  for (const int64_t steps : {3, 5}) {
    ForeignSampler chains(*program, trial.source(), [] { return 0.0; });
    for (int64_t step = 0; step < steps; ++step) chains.step(rng);
    EXPECT_EQ(chains.chains()->size(1), steps);
  }
}

TEST(ForeignProgram, WritesInSmallPiecesAreOneMessage) {
  Trial trial(Json{{"how", "slow"}, {"keeps", true}});
  EXPECT_EQ(trial.failure().second, "");
}

TEST(ForeignProgram, SaysWhoItIsAndWhatItTakes) {
  Trial trial(Json{{"how", "not"}});
  const auto program = trial.start();
  program->end_start();
  Rng rng(1);
  ForeignSampler(*program, trial.source(), [] { return 0.0; }).step(rng);
  EXPECT_EQ(program->facts().name, "fixture");
  EXPECT_EQ(program->facts().version, "1.2");
  EXPECT_GT(program->facts().start_s, 0);
  EXPECT_FALSE(std::filesystem::exists(trial.folder / "log")) << "it prints nothing";
  EXPECT_FALSE(program->chains().has_value());
}

// Printing blocks no one, fills no disk, and is told where something goes wrong: see the ways below.
TEST(ForeignProgram, ItsLogHasALimit) {
  Trial trial(Json{{"how", "flood"}, {"keeps", true}});
  EXPECT_EQ(trial.failure().second, "");
  const auto bytes = std::filesystem::file_size(trial.folder / "log");
  EXPECT_GE(bytes, uintmax_t{1} << 20);
  EXPECT_LT(bytes, (uintmax_t{1} << 20) + 100);
}

// What a log quotes of a program that printed this.
std::string last_words(const std::string& printed) {
  ProgramLog log((std::filesystem::path()));
  log.take(printed);
  return log.last_words();
}

TEST(ProgramLog, QuotesTheLineThatTells) {
  EXPECT_EQ(last_words("loading\n"
                       "Traceback (most recent call last):\n"
                       "  File \"a.py\", line 3, in step\n"
                       "    x.mm(y)\n"
                       "RuntimeError: CUDA error: invalid argument\n"
                       "Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.\n\n"),
            "RuntimeError: CUDA error: invalid argument");
  EXPECT_EQ(last_words("loading\n"
                       "terminate called after throwing an instance of 'c10::Error'\n"
                       "  what():  sizes differ\n"
                       "Exception raised from mm (most recent call first):\n"
                       "frame #0: main + 0x2a\n"),
            "sizes differ");
  EXPECT_EQ(last_words("loading\nthe file is missing\n\n"), "the file is missing");
  EXPECT_EQ(last_words("10 %\r20 %\r"), "20 %");
  EXPECT_EQ(last_words(" \n"), "");
}

TEST(ForeignProgram, OneThatDoesNotStopIsKilled) {
  Trial trial(Json{{"how", "deaf"}, {"keeps", true}});
  EXPECT_EQ(trial.failure().second, "");
  EXPECT_TRUE(trial.is_gone());
}

// CPU seconds of the suite are left out here, those that looking at the program takes too.
double cpu_seconds_of_a_step(const std::string& how, double burn_s) {
  Trial trial(Json{{"how", how}, {"burn_s", burn_s}});
  const auto program = trial.start();
  ForeignSampler chains(*program, trial.source(), [] { return 0.0; });
  Rng rng(1);
  const double before = program->cpu_seconds();
  chains.step(rng);
  return program->cpu_seconds() - before;
}

TEST(ForeignProgram, ItsCpuSecondsAreCounted) {
  EXPECT_LT(cpu_seconds_of_a_step("not", 0), 0.1);
  // Clock ticks round down, and the looks at /proc are taken off: more and longer ones on a busy machine.
  EXPECT_GE(cpu_seconds_of_a_step("not", 0.2), 0.15);
  EXPECT_GE(cpu_seconds_of_a_step("burn_child", 0.4), 0.3);
}

TEST(ProcessGroup, HasTheMemoryOfItsProcesses) {
  const GroupUse own = use_of_group(::getpgrp());
  EXPECT_GE(own.processes, 1);
  EXPECT_GT(own.memory_kib, 1024);
  EXPECT_EQ(use_of_group(std::numeric_limits<pid_t>::max()).processes, 0);
}

// ---- Ways of breaking the protocol

struct Way {
  const char* how;
  Status status;
  const char* reason;
  double time_s = 60;
};

constexpr double kSoon_s = 0.5;  // the time limit of one that hangs at once
constexpr double kLater_s = 5;   // of those that must come to a step first, on a busy machine too

const Way ways[] = {
    {"hello_exit_0", Status::crashed, "ended with exit code 0 after 'hello'"},
    {"hello_exit_3", Status::crashed,
     "ended with exit code 3 after 'hello'; it printed last: ModuleNotFoundError: no module named 'numpy'"},
    {"hello_segfault", Status::crashed, "by signal 11"},
    {"hello_hang", Status::timeout, "more than 0.5 s (no answer to 'hello')", kSoon_s},
    {"close_out", Status::error, "closed its pipe after 'hello'"},
    {"protocol_2", Status::error, "speaks version 2 of the protocol, and this suite speaks version 1"},
    {"protocol_text", Status::error, "protocol = \"1\", and a whole number"},
    {"no_protocol", Status::error, "protocol = null"},
    {"no_name", Status::error, "name = null, and a text is valid"},
    {"name_number", Status::error, "name = 7"},
    {"options_text", Status::error, "no list of the names that it knows"},
    {"options_numbers", Status::error, "no list of the names that it knows"},
    {"options_none", Status::error, "unknown option 'how'"},
    {"chains_number", Status::error, "chains = 1, and true or false is valid"},
    {"not_json", Status::error, "the answer to 'hello' cannot be read: not JSON"},
    {"empty_line", Status::error, "the answer to 'hello' cannot be read"},
    {"long_line", Status::error, "a line of more than 65536 bytes: xxx"},
    {"list", Status::error, "no object with a 'type', a text: [1, 2]"},
    {"no_type", Status::error, "no object with a 'type', a text: {}"},
    {"number_type", Status::error, "no object with a 'type', a text"},
    {"latin", Status::error, "cannot be read: not JSON"},
    {"deep", Status::error, "JSON of more than 100 levels"},
    {"huge_number", Status::error, "beyond what a double holds"},
    {"wrong_type", Status::error, "answers 'done' to 'hello', and 'hello' is right"},
    {"score_at_hello", Status::error, "asks for 'score' after 'hello', where it may ask for nothing"},
    {"hello_twice", Status::error, "speaks out of turn, before 'begin': {"},
    {"step_exit_0", Status::crashed, "ended with exit code 0 after 'step'"},
    {"step_exit_3", Status::crashed, "no module named 'numpy'"},
    {"step_kill", Status::crashed, "by signal 9 (Killed) after 'step'"},
    {"step_hang", Status::timeout, "more than 5 s (no answer to 'step')", kLater_s},
    {"spin", Status::timeout, "more than 5 s (no answer to 'step')", kLater_s},
    {"babble", Status::error, "a line of more than 65536 bytes"},
    {"unknown", Status::error, "answers 'hessian' to 'step', and 'done' is right"},
    {"points_wide", Status::error, "'score' is [2, 3] float64, and [n, 2] float64 is right"},
    {"points_flat", Status::error, "'score' is [6] float64, and [n, 2] float64 is right"},
    {"points_single", Status::error, "'score' is [3, 2] float32, and [n, 2] float64 is right"},
    {"points_no_dtype", Status::error, "dtype = null, and a text is valid"},
    {"points_no_shape", Status::error, "shape = null, and a list of sizes is valid"},
    {"points_shape_text", Status::error, "shape = [\"three\",2], and a list of sizes is valid"},
    {"points_negative", Status::error, "shape = [-3,2], and a list of sizes is valid"},
    {"points_none", Status::error, "'score' is [0, 2] float64, and [n, 2] float64 is right"},
    {"points_more", Status::error, "has 48 bytes, and [4, 2] float64 has 64"},
    {"points_no_bytes", Status::error, "has 0 bytes, and [3, 2] float64 has 48"},
    {"points_torn", Status::timeout, "more than 5 s (no answer to 'step')", kLater_s},
    {"torn_exit", Status::crashed, "ended with exit code 6 after 'step'"},
    {"bytes_negative", Status::error, "bytes = -48, and a whole number"},
    {"bytes_huge", Status::error, "bytes = 4611686018427387904, and a whole number from 1 to 1073741824"},
    {"bytes_text", Status::error, "bytes = \"48\", and a whole number"},
    {"memory_unasked", Status::error, "puts 48 bytes into shared memory, of which it has 0"},
    {"start_none", Status::error, "n = 0, and a whole number from 1"},
    {"start_huge", Status::error, "n = 1099511627776, and a whole number from 1"},
    {"start_text", Status::error, "n = \"ten\", and a whole number from 1"},
    {"asks_twice", Status::error, "speaks out of turn, before 'start'"},
    {"done_twice", Status::error, "speaks out of turn, before 'step'"},
    {"close_in", Status::error, "closed its pipe after 'step'"},
    {"diagnostics_list", Status::error, "'diagnostics' are no object: [1,2]"},
    {"diagnostics_text", Status::error, "diagnostic 'loss' is no number: \"low\""},
    {"failed", Status::error, "the program failed: the step size\\nis 0"},
    {"failed_silent", Status::error, "the program failed: it gives no reason"},
    {"failed_word", Status::error, "status 'tired', and error, skipped or diverged is valid"},
    {"child", Status::crashed, "ended with exit code 5 after 'step'"},
    {"child_hang", Status::timeout, "more than 5 s (no answer to 'step')", kLater_s},
    {"draw_exit_0", Status::crashed, "ended with exit code 0 after 'draw'"},
    {"draw_hang", Status::timeout, "more than 5 s (no answer to 'draw')", kLater_s},
    {"draws_done", Status::error, "answers 'done' to 'draw', and 'draws' is right"},
    {"draws_few", Status::error, "'draws' is [9, 2] float64, and [10, 2] float64 is right"},
    {"draws_wide", Status::error, "'draws' is [5, 4] float64, and [10, 2] float64 is right"},
    {"draws_flat", Status::error, "'draws' is [20] float64, and [10, 2] float64 is right"},
    {"chains_done", Status::error, "answers 'done' to 'chains', and 'chains' is right"},
    {"chains_flat", Status::error, "'chains' is [32, 2] float64, and [n, n, 2] float64 is right"},
    {"chains_score", Status::error, "asks for 'score' after 'chains', where it may ask for nothing"},
};

class BrokenProtocol : public ::testing::TestWithParam<Way> {};

// No hang, nobody left, and a reason in one line.
TEST_P(BrokenProtocol, FailsWithItsReasonAndLeavesNobody) {
  const Way& way = GetParam();
  Trial trial(Json{{"how", way.how}, {"keeps", true}});
  trial.limits.time_s = way.time_s;
  const auto [status, reason] = trial.failure();
  ASSERT_TRUE(status) << "it did not fail";
  EXPECT_EQ(word_of(*status), word_of(way.status)) << reason;
  EXPECT_THAT(reason, HasSubstr(way.reason));
  EXPECT_THAT(reason, Not(HasSubstr("\n")));
  EXPECT_TRUE(trial.is_gone());
}

INSTANTIATE_TEST_SUITE_P(Ways, BrokenProtocol, ::testing::ValuesIn(ways),
                         [](const auto& info) { return std::string(info.param.how); });

TEST(ForeignProgram, SaysThatItDivergedOrDoesNotTakeTheTarget) {
  Trial diverged(Json{{"how", "diverged"}}), skipped(Json{{"how", "skipped"}});
  EXPECT_THROW(diverged.work(), Diverged);
  EXPECT_EQ(complaint([&] { skipped.work(); }), "takes one dimension");
  EXPECT_TRUE(diverged.is_gone() && skipped.is_gone());
}

TEST(ForeignProgram, MoreMemoryThanTheLimitEndsItsWholeGroup) {
  Trial trial(Json{{"how", "hoard"}});
  trial.limits.memory_mib = 200;
  const auto [status, reason] = trial.failure();
  ASSERT_TRUE(status);
  EXPECT_EQ(word_of(*status), "out_of_memory");
  EXPECT_THAT(reason, HasSubstr("more than 200 MiB"));
  EXPECT_TRUE(trial.is_gone());
}

// Its streams, its two pipes and the shared memory, whatever is open here.
TEST(ForeignProgram, HasTheFilesOfTheProtocolAndNoOthers) {
  constexpr int kHigh = 200;
  Trial trial(Json{{"how", "show_files"}});
  spit(trial.folder / "lock", "of the caller");
  const int low = ::open((trial.folder / "lock").c_str(), O_RDONLY);
  ASSERT_GE(low, 0);
  ASSERT_EQ(::dup2(low, kHigh), kHigh);
  const std::string reason = trial.failure().second;
  EXPECT_EQ(run("/bin/sh", "-c 'test -e /proc/self/fd/200'").code, 0);  // the control: it can be inherited
  ::close(low);
  ::close(kHigh);
  EXPECT_NE(run("/bin/sh", "-c 'test -e /proc/self/fd/200'").code, 0);
  EXPECT_THAT(reason, HasSubstr("the program failed: open files: 0 1 2 3 4 5 end"));
}

TEST(ForeignProgram, OneThatCannotBeStartedIsSaidSo) {
  const auto reason_of = [](const std::string& command, const std::string& folder = "") {
    Trial trial(Json{{"how", "not"}});
    spit(trial.folder / "plain", "no program");
    trial.sampler.program->command = {command};
    try {
      const ProgramBrief brief{.dim = 2, .placement = trial.placement()};
      ForeignProgram(trial.sampler, trial.folder / folder, brief, trial.limits, steady_seconds() + 60,
                     trial.folder / "log");
    } catch (const ProgramFailed& failed) {
      EXPECT_EQ(word_of(failed.status()), "error");
      return std::string(failed.what());
    }
    return std::string();
  };
  EXPECT_EQ(reason_of("no-such-program"), "no-such-program cannot be started: No such file or directory");
  EXPECT_EQ(reason_of("./plain"), "./plain cannot be started: Permission denied");
  EXPECT_THAT(reason_of(fixture, "no-such-folder"),
              HasSubstr("cannot be started: No such file or directory"));
}

TEST(ForeignProgram, FilesThatChangedSinceTheRunWasPlannedAreRefused) {
  Trial trial(Json{{"how", "not"}, {"keeps", true}});
  spit(trial.folder / "data", "old");
  trial.sampler.program->files["data"] = sha256("old");
  EXPECT_EQ(trial.failure().second, "");
  spit(trial.folder / "data", "new");
  EXPECT_THAT(trial.failure().second, HasSubstr("data has changed since the run was planned"));
}

// ---- Programs that count by themselves

TEST(SelfCounted, ADensityOfItsOwnIsTakenWhereItIsTheTargets) {
  for (const char* how : {"own", "own_shifted"}) {
    for (const auto dtype : {torch::kDouble, torch::kFloat}) {
      Trial trial(Json{{"how", how}, {"keeps", true}}, dtype);
      trial.sampler.program->self_counted = true;
      EXPECT_EQ(trial.failure().second, "") << how;
      EXPECT_EQ(trial.meter.score.load(), 2 * kChains) << how;  // its own word
    }
  }
}

TEST(SelfCounted, AnotherDensityOrNoCountIsRefused) {
  const std::map<std::string, std::string> cases{
      {"own_wrong_density", "own log density is not the target's"},
      {"own_wrong_score", "own score is not the target's"},
      {"own_nan", "own log density is not the target's"},
      {"own_no_count", "has no 'score', how many it evaluated"},
      {"own_negative", "score = -1, and a whole number from 0"},
      {"own_asks", "asks for 'score', and one that counts by itself evaluates the density by itself"}};
  for (const auto& [how, reason] : cases) {
    Trial trial(Json{{"how", how}, {"keeps", true}});
    trial.sampler.program->self_counted = true;
    EXPECT_THAT(trial.failure().second, HasSubstr(reason)) << how;
    EXPECT_TRUE(trial.is_gone()) << how;
  }
}

// ---- Specs

std::string spec(const std::string& entry, const std::string& more = "") {
  return "name = \"trial\"\nseeds = 1\ndraws = 100\ncheckpoints = 2\nfloor_replications = 4\nstart = "
         "false\n" +
         more +
         "targets = [\"gaussian:correlation=0.5\"]\nmetrics = [\"ksd_imq_v\", \"rhat\"]\nbudget = { steps = "
         "40 }\n"
         "[[samplers]]\n" +
         entry;
}

std::string with_fixture(const std::string& entry, const std::string& more = "") {
  return spec("command = [\"" + fixture + "\"]\n" + entry, more);
}

Experiment parsed(const std::string& text, const std::filesystem::path& file) {
  return parse_experiment(text, file.string(), catalog());
}

TEST(ProgramSpec, AnEntryBecomesASamplerAPointOfItsGrid) {
  const Scratch scratch;
  spit(scratch / "mine.py", "pass\n");
  const Experiment experiment =
      parsed(spec("command = [\"python3\", \"mine.py\", \"--fast\"]\noptions = { a = [1, 2], b = \"x\" }\n"
                  "draws_are = \"particles\"\n"),
             scratch / "trial.toml");
  ASSERT_EQ(experiment.samplers.size(), 2u);
  const SamplerChoice& second = experiment.samplers[1];
  EXPECT_EQ(second.label, "mine.py:a=2");
  EXPECT_EQ(second.name, "mine.py");
  EXPECT_EQ(second.options, Json({{"a", 2}, {"b", "x"}}));
  EXPECT_EQ(second.settings, "python3 mine.py --fast,a=2,b=x");
  EXPECT_TRUE(second.draws == samplers::DrawsAre::particles);
  ASSERT_TRUE(second.program);
  EXPECT_EQ(second.program->files, (std::map<std::string, std::string>{{"mine.py", sha256("pass\n")}}));
  EXPECT_EQ(second.program->folder, scratch.path());
  const std::vector<Job> jobs = plan(experiment, {});
  EXPECT_EQ(jobs.back().folder, scratch.path());
  EXPECT_TRUE(jobs.front().folder.empty());  // of the noise floor
  // What a record holds of it is read back.
  const auto read = from_json_of<Choice>(json_of(static_cast<const Choice&>(second)));
  EXPECT_EQ(read.program->command, second.program->command);
  EXPECT_EQ(key_text(read), key_text(second));
}

std::string key_of_run(const std::string& entry, const std::filesystem::path& folder) {
  return plan(parsed(spec(entry), folder / "trial.toml"), {}).back().key;
}

TEST(ProgramSpec, KeysDependOnTheCommandItsFilesAndTheOptions) {
  const Scratch scratch;
  for (const char* folder : {"one", "two"}) spit(scratch / folder / "mine.py", "pass\n");
  const std::string plain = "command = [\"python3\", \"mine.py\"]\n";
  const std::string key = key_of_run(plain, scratch / "one");
  EXPECT_EQ(key_of_run(plain + "label = \"another\"\n", scratch / "two"), key);
  for (const char* more :
       {"options.a = 1\n", "self_counted = true\n", "files = [\"mine.py\", \"trial.toml\"]\n"}) {
    spit(scratch / "one" / "trial.toml", "any");
    EXPECT_NE(key_of_run(plain + more, scratch / "one"), key) << more;
  }
  EXPECT_NE(key_of_run("command = [\"python3\", \"mine.py\", \"--fast\"]\n", scratch / "one"), key);
  spit(scratch / "two" / "mine.py", "pass  # changed\n");
  EXPECT_NE(key_of_run(plain, scratch / "two"), key);
}

TEST(ProgramSpec, MistakesAreRefusedWithTheirPlace) {
  const Scratch scratch;
  const std::string good = "command = [\"sh\"]\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"command = []\n", "needs a list of words"},
      {"command = \"python3 mine.py\"\n", "needs a list of words"},
      {"command = [\"\"]\n", "needs a list of words"},
      {"command = [\"sh\", 1]\n", "needs a list of words"},
      {good + "name = \"ula\"\n", "leave one out"},
      {good + "options.a = { b = 1 }\n", "a = {\"b\":1}: a program takes numbers, texts, true and false"},
      {good + "options.a = [\"\\u001b[31m\", \"b\"]\n",
       "options make the label 'sh:a=\\x1b[31m', which names a folder and takes no control characters"},
      {good + "options.a = [\"\\u202eb\"]\n", "make the label 'sh:a=\\u202eb'"},
      {good + "options.a = inf\n", "a = inf: a program takes numbers"},
      {good + "draws_are = \"start\"\n", "that word means the starting law"},
      {good + "draws_are = \"flowers\"\n", "one of chains, particles, trained, guided, fresh, start"},
      {good + "information = \"all\"\n", "one of target, draws, truth"},
      {good + "self_counted = 1\n", "true or false"},
      {good + "self_counted = true\nminibatch = 10\n", "evaluates the density by itself"},
      {good + "self_counted = true\ncoordinates = \"fisher\"\n", "evaluates the density by itself"},
      {good + "files = [\"none.csv\"]\n", "names none.csv, and there is no such file"},
      {good + "tune.a = { from = 1, to = 2 }\n", "asks for a search"},
      {good + "optoins.a = 1\n", "did you mean 'options'?"}};
  for (const auto& [entry, part] : cases) {
    const std::string said = complaint([&] { parsed(spec(entry), scratch / "trial.toml"); });
    EXPECT_THAT(said, HasSubstr(part)) << entry;
    EXPECT_THAT(said, HasSubstr("trial.toml:")) << entry;
  }
  EXPECT_EQ(complaint([&] { parsed(spec(good), scratch / "trial.toml"); }), "");
}

// ---- Whole runs

// The records of runs, by the label of the sampler.
std::map<std::string, std::vector<Json>> runs_in(const std::filesystem::path& folder) {
  std::map<std::string, std::vector<Json>> runs;
  for (const auto& path : samplerbench::testing::records(folder)) {
    std::vector<Json> lines = samplerbench::testing::lines(path);
    if (lines.front()["kind"] != "run") continue;
    const std::string label = lines.front()["job"]["sampler"]["label"];
    runs[label] = std::move(lines);
  }
  return runs;
}

Ended run_spec(const Scratch& scratch, const std::string& text, const std::string& flags = "--no-report") {
  return run_trial_toml(suite, scratch, text, flags);
}

void report(const Scratch& scratch) {
  const Ended ended = run(suite, "report '" + (scratch / "out/trial").string() + "' --no-figures");
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST(ForeignRun, IsARecordAsAnyOther) {
  const Scratch scratch;
  const Ended ended = run_spec(
      scratch, with_fixture("options = { chains = 20, keeps = [true, false] }\n", "dtype = \"float64\"\n"));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto runs = runs_in(scratch / "out");
  const std::vector<Json>& kept = runs.at("foreign:keeps=true");
  ASSERT_EQ(kept.size(), 4u);
  const Json &last = kept[2], &end = kept[3];
  EXPECT_EQ(end["status"], "finished");
  EXPECT_EQ(end["program"]["name"], "fixture");
  EXPECT_GT(end["program"]["peak_memory_mib"].get<double>(), 0);
  EXPECT_FALSE(end.contains("disturbed"));
  EXPECT_EQ(last["train"]["steps"], 40);
  EXPECT_EQ(last["train"]["score"], 40 * 20);
  EXPECT_EQ(last["train"]["density"], 0);
  EXPECT_GT(last["train"]["target_s"].get<double>(), 0);
  EXPECT_LT(last["train"]["target_s"].get<double>(), last["train"]["wall_s"].get<double>());
  EXPECT_TRUE(last["metrics"]["ksd_imq_v"].is_number());
  EXPECT_TRUE(last["metrics"]["rhat"].is_number());
  EXPECT_TRUE(runs.at("foreign:keeps=false")[2]["metrics"]["rhat"].contains("skipped"));
  EXPECT_FALSE(kept.front()["job"]["sampler"]["program"].contains("folder"));
  report(scratch);
  const std::string cost = slurp(scratch / "out/trial/report/tables/cost.csv");
  EXPECT_THAT(cost.substr(0, cost.find('\n')), HasSubstr("train_target_s"));
  // Equal work is not done again, and the folder may move.
  const Ended again = run_spec(scratch, slurp(scratch / "trial.toml"), "--no-report --json");
  EXPECT_EQ(Json::parse(again.out)["found"], 3);
}

// Chains of the suite and of the program start from the same points: without steps to speak of they end
// there.
TEST(ForeignRun, StartsWhereTheSamplersOfTheSuiteStart) {
  const Scratch scratch;
  std::string text = with_fixture(
      "options = { chains = 100, step_size = 1e-12 }\nbudget = { steps = 1 }\n"
      "[[samplers]]\nname = \"ula\"\noptions = { chains = 100, step_size = 1e-12 }\n"
      "budget = { steps = 1 }\n",
      "dtype = \"float64\"\n");
  text.replace(text.find("\"rhat\""), 6, "\"moment_mean_error\"");
  ASSERT_EQ(run_spec(scratch, text).code, 0);
  const auto runs = runs_in(scratch / "out");
  const auto error = [&](const char* label) {
    return runs.at(label)[1]["metrics"]["moment_mean_error"].get<double>();
  };
  EXPECT_NEAR(error("foreign"), error("ula"), 1e-4);
  EXPECT_GT(error("ula"), 1e-3);  // chance alone
}

TEST(ForeignRun, FailuresAreRowsWithTheirLogs) {
  const Scratch scratch;
  const Ended ended = run_spec(
      scratch,
      with_fixture("options = { how = [\"not\", \"step_exit_3\", \"draws_nan\", \"diverged\", \"skipped\", "
                   "\"diagnostics_nan\", \"step_hang\", \"draws_few\"] }\n",
                   "limits = { time_s = 10, memory_mib = 1024 }\n"),
      "--no-report --jobs 2");
  EXPECT_EQ(ended.code, 1) << ended.err;
  const auto runs = runs_in(scratch / "out");
  const std::map<std::string, std::pair<std::string, std::string>> expected{
      {"not", {"finished", "steps"}},
      {"step_exit_3", {"crashed", "no module named 'numpy'"}},
      {"draws_nan", {"diverged", "draws are not finite"}},
      {"diverged", {"diverged", "a chain left"}},
      {"skipped", {"skipped", "takes one dimension"}},
      {"diagnostics_nan", {"diverged", "loss = nan"}},
      {"step_hang", {"timeout", "more than 10 s"}},
      {"draws_few", {"error", "'draws' is [99, 2] float32, and [100, 2] float32 is right"}}};
  ASSERT_EQ(runs.size(), expected.size());
  for (const auto& [how, ending] : expected) {
    const Json& end = runs.at("foreign:how=" + how).back();
    EXPECT_EQ(end["status"], ending.first) << how;
    EXPECT_THAT(end["reason"].get<std::string>(), HasSubstr(ending.second)) << how;
  }
  int64_t logs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch / "out"))
    if (entry.path().extension() == ".log") ++logs;
  EXPECT_EQ(logs, 1);  // of the one that printed
}

TEST(ForeignRun, BudgetsOfCpuSecondsCountTheProgramAndItsChildren) {
  const std::vector<std::pair<std::string, double>> cases{{"not", 0.05}, {"burn_child", 0.22}};
  for (const auto& [how, burn_s] : cases) {
    const Scratch scratch;
    const std::string budget = fmt::format("budget = {{ cpu_s = {} }}\n", 4 * burn_s);
    const std::string options = fmt::format("options = {{ how = \"{}\", burn_s = {} }}\n", how, burn_s);
    ASSERT_EQ(run_spec(scratch, with_fixture(options + budget)).code, 0) << how;
    const std::vector<Json> lines = runs_in(scratch / "out").at("foreign");
    EXPECT_EQ(lines.back()["reason"], "cpu_s") << how;
    const Json train = lines[lines.size() - 2]["train"];
    const auto steps = train["steps"].get<double>();
    EXPECT_LE(steps, 5) << how;
    EXPECT_GE(train["cpu_s"].get<double>(), 0.9 * steps * burn_s) << how;
  }
}

TEST(ForeignRun, RowsOfProgramsThatCountByThemselvesAreMarked) {
  const Scratch scratch;
  const Ended ended =
      run_spec(scratch, with_fixture("options.how = \"own\"\nself_counted = true\nlabel = \"mine\"\n",
                                     "dtype = \"float64\"\n"));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const std::vector<Json> lines = runs_in(scratch / "out").at("mine");
  EXPECT_EQ(lines[lines.size() - 2]["train"]["score"], 40 * kChains);
  EXPECT_EQ(lines.front()["job"]["sampler"]["program"]["self_counted"], true);
  report(scratch);
  const std::filesystem::path tables = scratch / "out/trial/report/tables";
  EXPECT_THAT(slurp(tables / "samplers.md"), HasSubstr("mine ‖"));
  EXPECT_THAT(slurp(tables / "samplers.md"), HasSubstr("its own density, counted by itself"));
  EXPECT_THAT(slurp(tables / "cost.md"), HasSubstr("‖ evaluates the density by itself"));
  EXPECT_THAT(slurp(tables / "cost.tex"), HasSubstr("$\\Vert$"));
}

// A run whose program hangs in its first step: the suite, its worker, the process of the job, and the
// program.
struct HangingRun {
  HangingRun() {
    spit(scratch / "trial.toml", with_fixture("options.how = \"step_hang\"\n"));
    process.emplace(Command{.words = {"/usr/bin/env", mark, suite, "run", (scratch / "trial.toml").string(),
                                      "--results", (scratch / "out").string(), "--no-report"},
                            .output = scratch / "printed",
                            .errors = scratch / "printed"});
  }
  bool hangs() const {
    return comes_true([this] { return processes_with(mark) == 4; });
  }
  bool is_gone() const {
    return comes_true([this] { return processes_with(mark) == 0; });
  }

  const Scratch scratch;
  const std::string mark = "FOREIGN_RUN=" + scratch.path().string();
  std::optional<ChildProcess> process;
};

TEST(ForeignRun, AProgramEndsWithTheSuite) {
  for (const int signal : {SIGINT, SIGKILL}) {
    HangingRun run;
    ASSERT_TRUE(run.hangs());
    run.process->send(signal);
    run.process->wait();
    EXPECT_TRUE(run.is_gone()) << signal;
  }
}

// Neither has a moment to end anything.
TEST(ForeignRun, AProgramEndsWithTheWorkerThatIsKilled) {
  HangingRun run;
  ASSERT_TRUE(run.hangs());
  for (const pid_t worker : processes(run.mark, std::string("samplerbench") + '\0' + "worker"))
    ::kill(worker, SIGKILL);
  run.process->wait();
  EXPECT_TRUE(run.is_gone());
  EXPECT_EQ(runs_in(run.scratch / "out").at("foreign").back()["status"], "crashed");
}

TEST(ForeignRun, NothingThatAProgramStartsSurvivesItsRun) {
  const Scratch scratch;
  spit(scratch / "trial.toml", with_fixture("options.how = \"child_session\"\n"));
  const std::string mark = "FOREIGN_RUN=" + scratch.path().string();
  const Ended ended =
      run("/usr/bin/env", mark + " '" + suite + "' run '" + (scratch / "trial.toml").string() +
                              "' --results '" + (scratch / "out").string() + "' --no-report");
  EXPECT_EQ(processes_with(mark), 0);
  EXPECT_EQ(ended.code, 0) << ended.err;
}

// ---- The examples in Python

// From a start that is five times too wide it comes near to the target; the starting law is the control.
void expect_to_sample(const std::string& python, const std::string& file) {
  const Scratch scratch;
  const std::string text = fmt::format(
      "name = \"trial\"\nseeds = 1\ndraws = 400\ncheckpoints = 2\nfloor_replications = 4\nstart_scale = 5\n"
      "targets = [\"gaussian:correlation=0.5\"]\nmetrics = [\"sliced_wasserstein\"]\nbudget = {{ steps = 150 "
      "}}\n"
      "[[samplers]]\nlabel = \"example\"\ncommand = [\"{}\", \"{}/tests/foreign/{}\"]\n"
      "options = {{ chains = 100, step_size = 0.2 }}\n",
      python, SAMPLERBENCH_SOURCE, file);
  const Ended ended = run_spec(scratch, text);
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  const auto runs = runs_in(scratch / "out");
  const std::vector<Json>& lines = runs.at("example");
  EXPECT_EQ(lines[lines.size() - 2]["train"]["score"], 150 * 100);
  EXPECT_EQ(lines.back()["program"]["name"], file);
  const auto distance = [](const std::vector<Json>& of) {
    return of[of.size() - 2]["metrics"]["sliced_wasserstein"].get<double>();
  };
  EXPECT_LT(distance(lines), distance(runs.at("start")) / 5);
}

TEST(ForeignExamples, PythonWithNumPySamples) {
  const std::string python = python_with("numpy");
  if (python.empty()) GTEST_SKIP() << "no Python with NumPy";
  expect_to_sample(python, "ula.py");
}

// langevin.py, whose normals come from a file of doubles, from its beginning in every run.
constexpr const char* kLangevinOfFile = R"(import langevin
import numpy as np
from samplerbench.sampler import main


class Normals:
    def __init__(self, file):
        self.numbers = np.fromfile(file)

    def standard_normal(self, shape, dtype):
        taken, self.numbers = np.split(self.numbers, [shape[0] * shape[1]])
        return taken.reshape(shape).astype(dtype)


class LangevinOfFile(langevin.Langevin):
    options = {**langevin.Langevin.options, "noise": ""}

    def begin(self):
        super().begin()
        self.rng = Normals(self.options["noise"])


main(LangevinOfFile)
)";

// The same arithmetic with the same normals, in C++ and in NumPy: the same states, of which the draws are.
TEST(ForeignExamples, LangevinChainsInNumPyAreThoseOfTheSuite) {
  const std::string python = python_with("numpy");
  if (python.empty()) GTEST_SKIP() << "no Python with NumPy";
  const std::string sources = SAMPLERBENCH_SOURCE;
  ::setenv("PYTHONPATH", (sources + "/harness/python:" + sources + "/tests/foreign").c_str(), 1);
  ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  const std::pair<torch::ScalarType, double> forms[] = {{torch::kDouble, 1e-12}, {torch::kFloat, 2e-5}};
  for (const auto& [dtype, tolerance] : forms) {
    SCOPED_TRACE(toString(dtype));
    Trial trial(Json{{"noise", ""}, {"chains", kChains}, {"step_size", kStepSize}}, dtype);
    const std::filesystem::path script = trial.folder / "of_file.py", noise = trial.folder / "noise";
    spit(script, kLangevinOfFile);
    trial.sampler.options["noise"] = noise.string();
    trial.sampler.program->command = {python, script.string()};
    const TwoRuns runs = two_runs(trial, noise);
    ASSERT_EQ(runs.chains.sizes(), runs.kept.sizes());
    EXPECT_TRUE(is_close(runs.chains, runs.kept, tolerance));
    EXPECT_FALSE(is_close(runs.chains.select(1, -1), trial.start_points(kChains), 0.1)) << "nothing moved";
    const Tensor states = as_doubles(runs.kept).reshape({-1, 2});
    const Tensor distances = torch::cdist(as_doubles(runs.draws), states, 1);
    EXPECT_LT(std::get<0>(distances.min(1)).max().item<double>(), 2 * tolerance);
  }
}

TEST(ForeignExamples, PythonAloneSamples) {
  const std::string python = python_with("json");
  if (python.empty()) GTEST_SKIP() << "no Python";
  expect_to_sample(python, "plain.py");
}

}  // namespace
}  // namespace samplerbench::harness
