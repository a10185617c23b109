// `samplerbench check`: what it says of samplers and targets that keep the rules, and of each way of breaking
// one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include "core/json.h"
#include "harness/support/child_process.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::comes_true;
using samplerbench::testing::Ended;
using samplerbench::testing::processes_with;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

const std::string kChecker = SAMPLERBENCH_PROGRAM;
const std::string kMisbehaving = SAMPLERBENCH_MISBEHAVING;  // the same with entries that break rules
const std::string kForeign = SAMPLERBENCH_FOREIGN;

// What `program` says of a spec with these targets and samplers.
class Check : public ::testing::Test {
 protected:
  Ended check(const std::string& program, const std::string& targets, const std::string& samplers,
              const std::string& flags = "") const {
    write_spec(targets, samplers);
    return run(program, fmt::format("check '{}' {}", spec().string(), flags));
  }

  void write_spec(const std::string& targets, const std::string& samplers) const {
    spit(spec(),
         fmt::format("name = \"trial\"\ntargets = [{}]\nmetrics = [\"ksd_imq_v\"]\n"
                     "budget = {{ steps = 20 }}\nlimits = {{ time_s = 20, memory_mib = 1024 }}\n{}\n",
                     targets, samplers));
  }

  std::filesystem::path spec() const { return scratch_ / "trial.toml"; }

  // In the environment of a check and of all that it starts.
  std::string mark() const { return "CHECK_MARK=" + scratch_.path().string(); }

  // What is said of each kind and label.
  static std::map<std::string, std::string> told(const Ended& ended) {
    std::map<std::string, std::string> lines;
    std::istringstream text(ended.out);
    for (std::string line; std::getline(text, line);) {
      const size_t end = line.find(": ");
      lines[line.substr(0, end)] = line.substr(end + 2);
    }
    return lines;
  }

  Scratch scratch_;
};

std::string foreign(const std::string& how, const std::string& more = "") {
  return fmt::format(
      "[[samplers]]\nlabel = \"{}\"\ncommand = [\"{}\"]\noptions = {{ how = \"{}\" }}\n{}\n", how, kForeign,
      how, more);
}

TEST_F(Check, RegisteredEntriesOfAllKindsAreWell) {
  const std::string samplers =
      "samplers = [\"ula\", \"mala\", \"nuts:chains=20\", \"annealed-langevin:transitions=8\", \"laplace\", "
      "\"exact-oracle\", \"svgd:particles=20\", \"kl:batch=32,width=16,score_width=16\"]";
  const Ended ended =
      check(kChecker, "\"gaussian\", \"donut\", \"funnel-10\", \"logistic_regression\"", samplers);
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  const auto lines = told(ended);
  EXPECT_EQ(lines.size(), 12U) << ended.out;  // without the row `start`
  for (const auto& [entry, words] : lines) EXPECT_EQ(words, "ok") << entry;
}

// A sampler that takes members of a family alone: the rest is no fault, and the target of the spec is one.
TEST_F(Check, WhatIsNotTakenIsToldAndTheTargetsOfTheSpecAreTried) {
  const std::string entry = "samplers = [\"kl-amortised:batch=32,width=16,score_width=16\"]";
  const Ended taken = check(kChecker, "\"mixture-posterior\"", entry);
  EXPECT_EQ(taken.code, 0) << taken.out << taken.err;
  EXPECT_THAT(taken.out, HasSubstr("ok; does not take a normal law in 1 dimension: "));
  const Ended refused = check(kChecker, "\"gaussian\"", entry);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.out, HasSubstr("it takes no target; the last: gaussian: "));
}

// For itself and for a sampler that takes nothing else; a second time it would throw.
TEST_F(Check, ATargetIsMadeOnce) {
  const Ended ended =
      check(kMisbehaving, "\"crooked:how=make_once\"", "samplers = [\"ula\", \"misbehaving:how=refuse\"]");
  const auto lines = told(ended);
  EXPECT_EQ(lines.at("target crooked:how=make_once"), "ok");
  EXPECT_THAT(lines.at("sampler misbehaving"),
              HasSubstr("the last: crooked:how=make_once: this sampler does not take this target"));
}

TEST_F(Check, EveryFaultOfATargetIsTold) {
  const std::map<std::string, std::string> faults{
      {"not", "ok"},
      {"density_column", "(200, 1) float64, and (200) float64 is right"},
      {"score_flat", "score of the target returned (400)"},
      {"score_scaled", "the score is not the gradient of the log density at "},
      {"rows_coupled", "the log density of a point depends on the points beside it"},
      {"value_stale", "the log density by value_and_score differs from that by itself"},
      {"exact_wide", "(200, 3) float64"},
      {"exact_nan", "draws that are not finite"},
      {"exact_global", "exact_draws gives other draws for the same random numbers"},
      {"exact_same", "exact_draws gives the same draws for other random numbers"},
      {"make_throws", "a target's own message"}};
  std::string targets;
  for (const auto& [how, words] : faults)
    targets += fmt::format("{}{{ name = \"crooked\", label = \"{}\", options = {{ how = \"{}\" }} }}",
                           targets.empty() ? "" : ", ", how, how);
  const Ended ended = check(kMisbehaving, targets, "samplers = [\"ula\"]");
  EXPECT_EQ(ended.code, 1);
  const auto lines = told(ended);
  for (const auto& [how, words] : faults) EXPECT_THAT(lines.at("target " + how), HasSubstr(words));
}

TEST_F(Check, EveryFaultOfASamplerIsTold) {
  const std::map<std::string, std::string> faults{
      {"not", "a normal law in 1 dimension, float32: the draws after 20 steps are those after 0"},
      {"refuse", "it takes no target; the last: gaussian: this sampler does not take this target"},
      {"throw", "a sampler's own <error> & message"},
      {"few_rows", "draw(64) returned (32, 1) float32, and (64, 1) float32 is right"},
      {"doubles", "draw(64) returned (64, 1) float64"},
      {"nan", "draw(64) returned draws that are not finite"},
      {"loss_nan", "diverged: step() returned loss = nan"},
      {"loss_words", "string as its diagnostic 'loss'"},
      {"loss_list", "step() returned array"}};
  std::string samplers = "samplers = [";
  for (const auto& [how, words] : faults)
    samplers +=
        fmt::format("{{ name = \"misbehaving\", label = \"{}\", options = {{ how = \"{}\" }} }}, ", how, how);
  const Ended ended = check(kMisbehaving, "\"gaussian\"", samplers + "]");
  EXPECT_EQ(ended.code, 1);
  const auto lines = told(ended);
  for (const auto& [how, words] : faults) EXPECT_THAT(lines.at("sampler " + how), HasSubstr(words));
}

TEST_F(Check, EveryFaultOfAProgramIsTold) {
  const std::map<std::string, std::string> faults{
      {"protocol_2", "a normal law in 1 dimension, float32: the program speaks version 2 of the protocol"},
      {"step_exit_3", "no module named 'numpy'"},
      {"draws_wide", "'draws' is [0, 2] float32, and [1, 1] float32 is right"},
      {"draws_nan", "draw(1) returned draws that are not finite"},
      {"diagnostics_nan", "diverged: step() returned loss = nan"},
      {"diagnostics_text", "diagnostic 'loss' is no number"},
      {"skipped", "it takes no target; the last: gaussian:correlation=0.5: takes one dimension"},
      {"unrepeatable", "two runs of one seed give other draws"},
      {"not", "runs of two seeds give the same draws"},
      {"resting", "the draws after 20 steps are those after 1"},
      {"idle", "a step asks nothing of the target"}};
  std::string samplers = foreign("seeded");
  for (const auto& [how, words] : faults) samplers += foreign(how);
  const Ended ended = check(kChecker, "\"gaussian:correlation=0.5\"", samplers);
  EXPECT_EQ(ended.code, 1) << ended.err;
  const auto lines = told(ended);
  EXPECT_EQ(lines.at("sampler seeded"), "ok");
  for (const auto& [how, words] : faults) EXPECT_THAT(lines.at("sampler " + how), HasSubstr(words));
}

// They know the targets of the spec alone.
TEST_F(Check, ProgramsThatCountByThemselvesAreTriedOnTheTargets) {
  const std::string own = "self_counted = true";
  const Ended ended =
      check(kChecker, "\"gaussian:correlation=0.5\"",
            foreign("own_seeded", own) + foreign("own_wrong_score", own) + foreign("own_no_count", own));
  EXPECT_EQ(ended.code, 1);
  const auto lines = told(ended);
  EXPECT_EQ(lines.at("sampler own_seeded"), "ok");
  EXPECT_THAT(lines.at("sampler own_wrong_score"), HasSubstr("own score is not the target's"));
  EXPECT_THAT(lines.at("sampler own_no_count"), HasSubstr("has no 'score', how many it evaluated"));
}

// The program leaves a process in a session of its own.
TEST_F(Check, NothingThatAProgramStartsSurvivesTheCheck) {
  write_spec("\"gaussian\"", foreign("child_session"));
  const Ended ended =
      run("/usr/bin/env", fmt::format("{} '{}' check '{}'", mark(), kChecker, spec().string()));
  EXPECT_EQ(processes_with(mark()), 0);
  EXPECT_THAT(ended.out, HasSubstr("sampler child_session: ")) << ended.err;
}

// The check, the process that it keeps, the program that hangs, and what that has started, which is deaf to
// these signals.
TEST_F(Check, ASignalEndsAllThatIsThere) {
  ::signal(SIGINT, SIG_DFL);  // a shell leaves it ignored in what it starts in the background
  ::signal(SIGHUP, SIG_DFL);
  write_spec("\"gaussian\"", foreign("child_hang"));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ChildProcess process({.words = {"/usr/bin/env", mark(), kChecker, "check", spec().string()},
                          .output = scratch_ / "out",
                          .errors = scratch_ / "err"});
    EXPECT_TRUE(comes_true([&] { return processes_with(mark()) == 4; })) << signal;
    process.send(signal);
    EXPECT_EQ(process.wait().shell_code(), 1) << signal;
    EXPECT_EQ(processes_with(mark()), 0) << signal;
    EXPECT_EQ(slurp(scratch_ / "err"), "samplerbench: the check was interrupted\n") << signal;
    EXPECT_EQ(slurp(scratch_ / "out"), "target gaussian: ok\n") << signal;
  }
}

TEST_F(Check, ASamplerThatEndsTheProcessIsNamed) {
  for (const auto& [how, words] : std::map<std::string, std::string>{
           {"exit_0", "exit code 0"}, {"segfault", "signal 11 ("}, {"throw_number", "signal 6 ("}}) {
    const Ended ended =
        check(kMisbehaving, "\"gaussian\"",
              fmt::format("samplers = [\"ula\", \"misbehaving:how={}\", \"mala\"]", how));
    EXPECT_EQ(ended.code, 1) << how;
    EXPECT_EQ(ended.out, "target gaussian: ok\nsampler ula: ok\n") << how;
    EXPECT_THAT(ended.err, HasSubstr("samplerbench: failed: sampler misbehaving ended the check: " + words))
        << how;
  }
}

TEST_F(Check, JsonHoldsTheSame) {
  const Ended ended = check(kChecker, "\"gaussian\"", foreign("seeded") + foreign("idle"), "--json");
  EXPECT_EQ(ended.code, 1);
  const Json checks = Json::parse(ended.out).at("checks");
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_EQ(checks[0],
            Json({{"kind", "target"}, {"label", "gaussian"}, {"ok", true}, {"refused", Json::array()}}));
  EXPECT_EQ(checks[1].at("ok"), true);
  EXPECT_THAT(checks[2].at("fault").get<std::string>(), EndsWith("a step asks nothing of the target"));
}

TEST_F(Check, BadInputIsRefusedBeforeAnythingIsTried) {
  const Ended ended = check(kChecker, "\"gaussien\"", "samplers = [\"ula\"]");
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("did you mean 'gaussian'?"));
  EXPECT_EQ(run(kChecker, "check").code, 2);
  const Ended without_data = check(
      kChecker, "\"gaussian\", \"logistic_regression:data=/none.csv,label=y\"", "samplers = [\"ula\"]");
  EXPECT_EQ(without_data.code, 2);
  EXPECT_EQ(without_data.out, "");
  EXPECT_THAT(without_data.err, AllOf(HasSubstr("trial.toml:2: targets[1]: target logistic_regression"),
                                      HasSubstr(": option 'data': /none.csv: no such file")));
}

}  // namespace
}  // namespace samplerbench::harness
