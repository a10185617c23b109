// The streams, words and messages of the command line: what happens where they are closed, full, foreign or
// long.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "core/json.h"
#include "core/printable.h"
#include "harness/command_line.h"
#include "harness/run/time_left.h"
#include "harness/support/files.h"
#include "harness/support/npy.h"
#include "harness/support/progress.h"
#include "harness/support/version.h"
#include "tests/harness/process.h"
#include "tests/sanitized.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kBinary = SAMPLERBENCH_PROGRAM;
const std::string kBench = SAMPLERBENCH_SOURCE "/bench";
const std::string kUnwritten = "standard output cannot be written";

std::string in_quotes(const fs::path& path) { return "'" + path.string() + "'"; }

std::string small_spec(const std::string& samplers) {
  return "name = \"small\"\nstart = false\nseeds = 1\ndraws = 50\ncheckpoints = 1\nfloor_replications = "
         "40\nkeep = \"all\"\n"
         "budget = { steps = 5 }\ntargets = [\"gaussian\"]\nmetrics = [\"moment_mean_error\"]\nsamplers = [" +
         samplers + "]\n";
}

// Whether the text is one line of at most `most` bytes without control characters.
bool is_one_safe_line(const std::string& text, size_t most = 2100) {
  return text.size() <= most && text.ends_with('\n') &&
         printable(text.substr(0, text.size() - 1), std::string::npos) + "\n" == text;
}

// What the program does with words that a shell splits, within this process.
Ended carried_out(const std::string& shell_words) {
  const std::string split = run("/usr/bin/printf", "'%s\\0' " + shell_words).out;
  std::vector<std::string> words{"samplerbench"};
  for (size_t begin = 0, end; (end = split.find('\0', begin)) != std::string::npos; begin = end + 1)
    words.push_back(split.substr(begin, end - begin));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  static const Catalog catalog = Catalog::standard();
  Ended ended{.code = run_command_line(static_cast<int>(arguments.size()), arguments.data(), catalog)};
  ended.err = ::testing::internal::GetCapturedStderr();
  ended.out = ::testing::internal::GetCapturedStdout();
  return ended;
}

void expect_refused(const std::string& words, const std::string& cause) {
  const Ended ended = carried_out(words);
  EXPECT_EQ(ended.code, 2) << words;
  EXPECT_THAT(ended.err, HasSubstr(cause)) << words;
  EXPECT_TRUE(is_one_safe_line(ended.err)) << words << "\n" << ended.err;
}

// ---------------------------------------------------------------------------------------- standard streams

// Files that every command can work on.
class Streams : public ::testing::Test {
 protected:
  Streams() {
    spit(scratch_ / "small.toml", small_spec("\"ula\""));
    write_npy(draws_, torch::zeros({10, 2}) + torch::arange(10).unsqueeze(1));
    EXPECT_EQ(run(kBinary, run_words()).code, 0);
  }

  std::string run_words() const {
    return "run " + in_quotes(scratch_ / "small.toml") + " --no-report --results " +
           in_quotes(scratch_ / "out");
  }

  // One use of every command, and both of its forms of output where they differ.
  std::vector<std::string> commands() const {
    const std::string results = in_quotes(scratch_ / "out/small");
    return {"--version",
            "--help",
            "list",
            "list --json",
            "describe donut",
            "describe --json hmc",
            "describe quick",
            "data --data /nowhere",
            "data --json --data /nowhere",
            "score " + in_quotes(draws_) + " --target gaussian --metric moment_mean_error --replications 2",
            "score " + in_quotes(draws_) +
                " --target gaussian --metric moment_mean_error --replications 2 --json",
            run_words(),
            run_words() + " --json",
            run_words() + " --dry-run",
            "run --help",
            "check " + in_quotes(scratch_ / "small.toml"),
            "check --json " + in_quotes(scratch_ / "small.toml"),
            "report " + results + " --no-figures",
            "pack " + results + " --keep"};
  }

  Scratch scratch_;
  fs::path draws_ = scratch_ / "draws.npy";
};

TEST_F(Streams, OutputThatCannotBeWrittenIsAFailure) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::dup2(ends[1], 9), 9);
  ::close(ends[0]);
  ::close(ends[1]);  // 9 is now a pipe that nobody reads
  const auto expect_failure = [](const std::string& words) {
    const Ended ended = run(kBinary, words);
    EXPECT_EQ(ended.code, 1) << words << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(kUnwritten)) << words;
  };
  for (const std::string& words : commands()) expect_failure(words + " >/dev/full");
  for (const std::string& words : {std::string("list"), std::string("describe quick"), run_words()}) {
    expect_failure(words + " >&-");
    expect_failure(words + " >&9");
    EXPECT_EQ(run(kBinary, words).code, 0) << words;  // the control
  }
  ::close(9);
}

TEST_F(Streams, MessagesThatCannotBeWrittenAreLostAndTheWorkGoesOn) {
  for (const char* target : {"2>/dev/full", "2>&-"}) {
    const std::string folder = std::string("out-") + target[2];
    const std::string words = "run " + in_quotes(scratch_ / "small.toml") + " --no-report --results " +
                              in_quotes(scratch_ / folder);
    EXPECT_EQ(run(kBinary, words + " " + target).code, 0) << target;
    EXPECT_THAT(run(kBinary, words + " --dry-run").out, Not(HasSubstr("run "))) << target;
    EXPECT_EQ(run(kBinary, std::string("describe nothing ") + target).code, 2) << target;
    EXPECT_EQ(run(kBinary, std::string("data verify --data /nowhere ") + target).code, 1) << target;
  }
}

// A record that took the number of a closed stream would hold what is printed there.
TEST_F(Streams, NoFileTakesThePlaceOfAClosedStream) {
  const fs::path out = scratch_ / "out-closed";
  const std::string words = "run " + in_quotes(scratch_ / "small.toml") + " --results " + in_quotes(out);
  EXPECT_EQ(run(kBinary, words + " <&- >&- 2>&-").code, 1);
  const Ended report = run(kBinary, "report --no-figures " + in_quotes(out / "small"));
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(run(kBinary, words + " --dry-run").out, Not(HasSubstr("run ")));
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const bool is_record = entry.path().extension() == ".jsonl";
    EXPECT_THAT(is_record ? slurp(entry.path()) : "", Not(HasSubstr("samplerbench:")));
  }
}

// -------------------------------------------------------------------------------------------- output files

class Outputs : public ::testing::Test {
 protected:
  // The words that draw from a kept sampler into `out`.
  std::string draw_words(const std::string& out) {
    spit(scratch_ / "small.toml", small_spec("\"ula\""));
    const Ended made = run(kBinary, "run " + in_quotes(scratch_ / "small.toml") + " --no-report --results " +
                                        in_quotes(scratch_ / "out"));
    EXPECT_EQ(made.code, 0) << made.err;
    std::string record;
    for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "out/small/gaussian/sampler-ula"))
      if (entry.path().extension() == ".jsonl") record = entry.path();
    return "draw '" + record + "' -n 7 --out " + out;
  }

  Scratch scratch_;
};

TEST_F(Outputs, ALinkStaysAndWhatItNamesIsWritten) {
  spit(scratch_ / "there/old.npy", "old");
  fs::create_directories(scratch_ / "links");
  fs::create_symlink("../there/old.npy", scratch_ / "links/relative.npy");
  fs::create_symlink(scratch_ / "links/relative.npy", scratch_ / "links/twice.npy");
  fs::create_symlink("../there/new.npy", scratch_ / "links/dangling.npy");
  for (const auto& [link, file] : {std::pair("relative", "old"), {"twice", "old"}, {"dangling", "new"}}) {
    const fs::path path = scratch_ / ("links/" + std::string(link) + ".npy");
    const Ended drawn = run(kBinary, draw_words(in_quotes(path)));
    EXPECT_EQ(drawn.code, 0) << drawn.err;
    EXPECT_TRUE(fs::is_symlink(path)) << link;
    EXPECT_EQ(read_npy(scratch_ / ("there/" + std::string(file) + ".npy")).sizes(),
              torch::IntArrayRef({7, 2}));
    spit(scratch_ / "there/old.npy", "old");
  }
  fs::create_symlink("loop.npy", scratch_ / "links/loop.npy");
  EXPECT_EQ(run(kBinary, draw_words(in_quotes(scratch_ / "links/loop.npy"))).code, 2);
}

TEST_F(Outputs, APipeIsWrittenTo) {
  const fs::path pipe = scratch_ / "pipe", copy = scratch_ / "copy.npy";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string words = draw_words(in_quotes(pipe));
  const Ended ended = run("/bin/sh", "-c \"cat " + in_quotes(pipe) + " >" + in_quotes(copy) + " & '" +
                                         kBinary + "' " + words + "; code=\\$?; wait; exit \\$code\"");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_EQ(read_npy(copy).sizes(), torch::IntArrayRef({7, 2}));
}

TEST_F(Outputs, StandardOutputTakesTheDrawsAlone) {
  const fs::path copy = scratch_ / "copy.npy";
  const std::string words = draw_words("/dev/stdout");
  for (const std::string& target : {">" + in_quotes(copy), "| cat >" + in_quotes(copy)}) {
    const Ended ended = run("/bin/sh", "-c \"'" + kBinary + "' " + words + " " + target + "\"");
    EXPECT_THAT(ended.err, HasSubstr("7 draws in /dev/stdout"));
    EXPECT_EQ(read_npy(copy).sizes(), torch::IntArrayRef({7, 2})) << target;
  }
  EXPECT_EQ(run(kBinary, words + " >/dev/full").code, 1);
}

TEST_F(Outputs, APackedFileBehindALinkIsWritten) {
  draw_words("");
  spit(scratch_ / "elsewhere/packed", "");
  fs::create_symlink(scratch_ / "elsewhere/packed", scratch_ / "out/small/records.jsonl.gz");
  fs::remove(scratch_ / "elsewhere/packed");
  const Ended ended = run(kBinary, "pack " + in_quotes(scratch_ / "out/small"));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(fs::is_symlink(scratch_ / "out/small/records.jsonl.gz"));
  EXPECT_GT(fs::file_size(scratch_ / "elsewhere/packed"), 0u);
}

// Processes of two hosts may have one number.
TEST_F(Outputs, WhatAProcessOfAnotherHostIsWritingIsLeftAlone) {
  const fs::path file = scratch_ / "file", other = fmt::format("{}.{}.part", file.string(), ::getpid());
  spit(other, "half of another host's");
  write_atomically(file, "whole");
  EXPECT_EQ(slurp(file), "whole");
  EXPECT_EQ(slurp(other), "half of another host's");
}

TEST_F(Outputs, AFailedWriteLeavesNothingBehind) {
  fs::create_directories(scratch_ / "folder.npy/full");
  EXPECT_THROW(write_atomically(scratch_ / "folder.npy", "text"), CannotWrite);
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch_.path()), {}), 1);
}

// -------------------------------------------------------------------------------------------- status lines

// A screen with a clock that the test sets, and what was written to it.
struct FakeScreen {
  double now = 0;
  std::vector<std::string> written = {};

  Screen screen(bool renews) {
    return {.renews = renews,
            .columns = 40,
            .clock = [this] { return now; },
            .write = [this](const std::string& text) { written.push_back(text); }};
  }
};

TEST(StatusLine, IsWrittenAnewAtMostFiveTimesASecond) {
  FakeScreen fake;
  StatusLine line(fake.screen(true));
  for (int i = 0; i < 1000; ++i, fake.now += 0.01) line.show("a title with \x1b[31m" + std::string(100, 'x'));
  EXPECT_LE(fake.written.size(), 51u);
  EXPECT_GE(fake.written.size(), 40u);
  for (const std::string& text : fake.written) {
    EXPECT_TRUE(text.starts_with("\r\033[Ka title with \\x1b[31mxx")) << text;
    EXPECT_LE(text.size(), 4 + 40u) << text;  // one line of the terminal
  }
  line.clear();
  EXPECT_EQ(fake.written.back(), "\r\033[K");
}

TEST(StatusLine, IsAPlainLineAtLongIntervalsElsewhere) {
  FakeScreen fake;
  StatusLine line(fake.screen(false));
  for (int i = 0; i < 60000; ++i, fake.now += 0.01) line.show("title");  // ten minutes
  line.clear();
  EXPECT_GE(fake.written.size(), 15u);
  EXPECT_LE(fake.written.size(), 20u);
  for (const std::string& text : fake.written) EXPECT_EQ(text, "title\n");
}

// On a terminal of each kind; the number of renewals is held against the time that passed.
TEST(StatusLine, TheKindOfTerminalDecides) {
  const Scratch scratch;
  spit(scratch / "small.toml", small_spec("\"ula\", \"mala\", \"hmc\""));
  const auto renewals = [&](const std::string& kind) {
    const std::string words =
        "run " + (scratch / "small.toml").string() + " --no-report --results " + (scratch / kind).string();
    const Ended ended = run("script", "-qec 'TERM=" + kind + " " + kBinary + " " + words + "' /dev/null");
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    int64_t count = 0;
    for (size_t at = 0; (at = ended.out.find("\033[K", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const auto begin = std::chrono::steady_clock::now();
  const int64_t shown = renewals("xterm");
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(shown, 1);
  EXPECT_LE(static_cast<double>(shown), 5 * passed.count() + 3);
  EXPECT_EQ(renewals("dumb"), 0);
}

// Before a job of some kind has ended nothing is known of that kind, whatever others took.
TEST(TimeLeft, IsKnownWhereEveryOpenKindIs) {
  TimeLeft left;
  EXPECT_FALSE(left.seconds({{"floor", 1}, {"flow", 3}}, {}, 1).has_value());
  left.learn("floor", 15);
  EXPECT_FALSE(left.seconds({{"floor", 0}, {"flow", 3}}, {{"flow", 100}}, 1).has_value());
  EXPECT_EQ(left.seconds({{"floor", 2}}, {}, 1).value_or(0), 30);
  left.learn("flow", 480);
  left.learn("flow", 0);  // which is not known
  EXPECT_EQ(left.seconds({{"floor", 0}, {"flow", 2}}, {{"flow", 80}}, 1).value_or(0), 880);
  EXPECT_EQ(left.seconds({{"flow", 4}}, {{"flow", 80}, {"flow", 40}}, 2).value_or(0), 900);
  EXPECT_EQ(left.seconds({{"flow", 1}}, {{"flow", 80}}, 4).value_or(0), 400);
}

// It grows while a job runs longer than others took, and nothing is said where nothing else is left.
TEST(TimeLeft, NeverStandsStillAtATimeThatHasPassed) {
  TimeLeft left;
  left.learn("flow", 15);
  const auto after = [&](double elapsed_s, int64_t open) {
    return left.seconds({{"flow", open}}, {{"flow", elapsed_s}}, 1);
  };
  EXPECT_EQ(after(5, 2).value_or(0), 25);
  EXPECT_EQ(after(15, 2).value_or(0), 15);
  EXPECT_EQ(after(45, 2).value_or(0), 30);
  EXPECT_EQ(after(135, 2).value_or(0), 75);
  EXPECT_EQ(after(5, 1).value_or(0), 10);
  EXPECT_FALSE(after(15, 1).has_value());
  EXPECT_FALSE(after(480, 1).has_value());
}

// ---------------------------------------------------------------------------------------------- data verify

TEST(DataVerify, FailsWhereAllIsMissingAndSaysHowToFetchIt) {
  const Scratch empty;
  for (const char* words : {"", "all", "--json", "german", "covertype mnist"}) {
    const Ended ended =
        run(kBinary, std::string("data verify ") + words + " --data " + in_quotes(empty.path()));
    EXPECT_EQ(ended.code, 1) << words;
    EXPECT_THAT(ended.err, HasSubstr("missing")) << words;
    EXPECT_THAT(ended.err, HasSubstr("`samplerbench data fetch ")) << words;
  }
}

// ---------------------------------------------------------------------------------------------------- bench

// The script with programs of the test's own for the package manager and for CMake.
TEST(Bench, RunsCommandsInTheCallersFolder) {
  const Scratch scratch;
  const auto program = [&](const std::string& name, const std::string& body) {
    spit(scratch / name, "#!/bin/sh\n" + body + "\n");
    fs::permissions(scratch / name, fs::perms::owner_all);
  };
  fs::create_directories(scratch / "sources");
  fs::copy_file(kBench, scratch / "sources/bench");
  program("bin/dpkg-query", "echo installed");
  program("bin/cmake", "pwd >> " + in_quotes(scratch / "built-in"));
  program("sources/build/release/samplerbench", "pwd; for word; do echo \"[$word]\"; done; cat mine.toml");
  spit(scratch / "caller/mine.toml", "the caller's");
  fs::create_directories(scratch / "links");
  fs::create_symlink(scratch / "sources/bench", scratch / "links/bench");
  for (const char* called : {"../sources/bench", "../links/bench"}) {
    const Ended ended =
        run("/bin/sh", "-c \"cd " + in_quotes(scratch / "caller") + " && PATH=" + in_quotes(scratch / "bin") +
                           ":\\$PATH " + called + " run mine.toml --results 'a b'\"");
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.out, fs::canonical(scratch / "caller").string() +
                             "\n[run]\n[mine.toml]\n[--results]\n[a b]\nthe caller's");
  }
  EXPECT_THAT(slurp(scratch / "built-in"), HasSubstr(fs::canonical(scratch / "sources").string() + "\n"));
  EXPECT_THAT(slurp(scratch / "built-in"), Not(HasSubstr("caller")));
}

// A fresh folder of sources with the script, with programs of the test's own in place of Debian's and of both
// builds.
class BenchWithLibtorch : public ::testing::Test {
 protected:
  BenchWithLibtorch() {
    fs::create_directories(scratch_ / "sources");
    fs::copy_file(kBench, scratch_ / "sources/bench");
    program("bin/dpkg-query", "echo installed");
    program("bin/cmake", "echo \"$@\" >> " + in_quotes(scratch_ / "calls"));
    program("sources/build/release/samplerbench", "echo of the system");
    program("sources/build/release-libtorch/samplerbench", "echo of another; echo $LIBTORCH");
    spit(folder() / "share/cmake/Torch/TorchConfig.cmake", "");
  }

  fs::path folder() const { return scratch_ / "venv/lib/python3.11/site-packages/torch"; }

  // What the script does with these words, where the environment has `before` set.
  Ended bench(const std::string& before, const std::string& words) const {
    return run("/bin/sh", "-c \"cd " + in_quotes(scratch_.path()) + " && unset LIBTORCH && PATH=" +
                              in_quotes(scratch_ / "bin") + ":\\$PATH " + before + " sources/bench " + words +
                              "\"");
  }

  std::string calls() const { return slurp(scratch_ / "calls"); }

 private:
  void program(const std::string& name, const std::string& body) {
    spit(scratch_ / name, "#!/bin/sh\n" + body + "\n");
    fs::permissions(scratch_ / name, fs::perms::owner_all);
  }

  Scratch scratch_;
};

TEST_F(BenchWithLibtorch, TakesTheSystemsByDefault) {
  EXPECT_EQ(bench("", "list").out, "of the system\n");
  EXPECT_THAT(calls(), AllOf(HasSubstr("--preset release "), Not(HasSubstr("LIBTORCH"))));
}

TEST_F(BenchWithLibtorch, BuildsInAFolderOfItsOwn) {
  const std::string flag = "-DSAMPLERBENCH_LIBTORCH=" + fs::canonical(folder()).string();
  EXPECT_EQ(bench("", "--libtorch venv list").out, "of another\n\n");
  EXPECT_THAT(calls(), AllOf(HasSubstr("--preset release-libtorch"), HasSubstr(flag)));
  EXPECT_EQ(bench("", "--libtorch " + in_quotes(folder()) + " list").out, "of another\n\n");
  EXPECT_EQ(bench("LIBTORCH=venv", "list").out, "of another\n\n");
  EXPECT_THAT(calls(), Not(HasSubstr("--preset release ")));
}

TEST_F(BenchWithLibtorch, AFolderWithoutOneIsRefusedInOneLine) {
  const auto expect_refused = [](const Ended& ended, const std::string& given) {
    EXPECT_EQ(ended.code, 2);
    const std::string looked_for = " bin: no share/cmake/Torch/TorchConfig.cmake is in this folder";
    EXPECT_THAT(ended.err, AllOf(StartsWith("bench: " + given + looked_for), HasSubstr("is valid")));
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1);
  };
  expect_refused(bench("", "--libtorch bin list"), "--libtorch");
  expect_refused(bench("LIBTORCH=bin", "list"), "LIBTORCH");
}

TEST_F(BenchWithLibtorch, CommandsThatTakeTheSystemsAloneSaySo) {
  const Ended ended = bench("", "--libtorch venv fuzz");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, StartsWith("bench: fuzz: it takes the system's LibTorch alone"));
}

// ---------------------------------------------------------------------------------------------------- score

class ScoreCommand : public ::testing::Test {
 protected:
  ScoreCommand() { write_npy(draws_, torch::randn({200, 2}, at::make_generator<at::CPUGeneratorImpl>(3))); }

  Ended score(const std::string& more) const {
    return run(kBinary,
               "score " + in_quotes(draws_) + " --target gaussian:correlation=0 --replications 3 " + more);
  }

  Scratch scratch_;
  fs::path draws_ = scratch_ / "draws.npy";
};

TEST_F(ScoreCommand, JsonSaysAllThatTheNumbersNeed) {
  const Ended ended = score("--seed 5 --metric mmd --metric ess_bulk --json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json document = Json::parse(ended.out);
  EXPECT_EQ(document.at("target"), "gaussian:correlation=0.0");
  EXPECT_EQ(document.at("n"), 200);
  EXPECT_EQ(document.at("seed"), 5);
  EXPECT_EQ(document.at("replications"), 3);
  EXPECT_EQ(document.at("version"), version);
  EXPECT_EQ(document.at("commit"), git_commit);
  EXPECT_EQ(document.at("left_out"), Json::array());
  const Json& mmd = document.at("metrics").at("mmd");
  EXPECT_EQ(mmd.at("direction"), "lower");
  EXPECT_THAT(mmd.at("convention").get<std::string>(), HasSubstr("kernel"));
  EXPECT_TRUE(mmd.at("value").is_number() && mmd.at("floor").is_number());
  const Json& skipped = document.at("metrics").at("ess_bulk");
  EXPECT_FALSE(skipped.contains("value"));
  EXPECT_EQ(skipped.at("direction"), "higher");
}

TEST_F(ScoreCommand, LeavesOutWhatTakesLongAndSaysSo) {
  const Ended ended = score("--json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json document = Json::parse(ended.out);
  EXPECT_GE(document.at("left_out").size(), 1u);
  for (const Json& name : document.at("left_out")) {
    EXPECT_FALSE(document.at("metrics").contains(name)) << name;
    EXPECT_THAT(ended.err, HasSubstr(name.get<std::string>()));
  }
  const std::string first = document.at("left_out").at(0);
  const Json one = Json::parse(score("--json --metric " + first).out);
  EXPECT_TRUE(one.at("metrics").contains(first));
}

TEST_F(ScoreCommand, ThreadsDoNotChangeTheNumbers) {
  const Json one = Json::parse(score("--json").out), two = Json::parse(score("--json --threads 2").out);
  int64_t compared = 0;
  for (const auto& [name, result] : one.at("metrics").items()) {
    if (!result.contains("value") || !result.at("value").is_number()) continue;
    const double value = result.at("value");
    EXPECT_NEAR(two.at("metrics").at(name).at("value").get<double>(), value, 1e-9 * (1 + std::abs(value)))
        << name;
    ++compared;
  }
  EXPECT_GE(compared, 5);
  EXPECT_THAT(score("--threads 0").err, HasSubstr("--threads 0: a whole number from 1"));
}

TEST_F(ScoreCommand, ShowsHowFarItIs) {
  const Ended ended = run("script", "-qec 'TERM=xterm " + kBinary + " score " + draws_.string() +
                                        " --target gaussian --metric mmd --replications 2' /dev/null");
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("judging 200 draws by 1 metrics"));
}

// --------------------------------------------------------------------------------------------- foreign text

class ForeignText : public ::testing::Test {
 protected:
  std::string data_words(const std::string& contents, const std::string& label = "z") {
    spit(scratch_ / "data.csv", contents);
    return "describe 'logistic_regression:data=" + (scratch_ / "data.csv").string() + ",label=" + label + "'";
  }
  std::string spec_words(const std::string& contents) {
    spit(scratch_ / "spec.toml", contents);
    return "run --dry-run " + in_quotes(scratch_ / "spec.toml");
  }

  Scratch scratch_;
};

std::string utf16(const std::string& ascii, bool mark, bool big_endian) {
  std::string wide = !mark ? "" : big_endian ? "\xfe\xff" : "\xff\xfe";
  for (const char c : ascii) wide += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return wide;
}

TEST_F(ForeignText, LineEndsOfCrAloneAreNamed) {
  std::string table = "a,b,y\r";
  for (int i = 0; i < 2000; ++i) table += "0.5,1.5,1\r-0.5,2.5,0\r";
  expect_refused(data_words(table), "data.csv:1: a carriage return (CR) without a line feed (LF)");
  expect_refused(data_words("a,b,y\n1,2,0\r3,4,1\n", "y"), "data.csv:2: a carriage return (CR)");
  std::string spec = small_spec("\"ula\"");
  std::replace(spec.begin(), spec.end(), '\n', '\r');
  expect_refused(spec_words(spec), "spec.toml: a carriage return (CR)");
  EXPECT_EQ(carried_out(data_words("a,y\r\n1,0\r\n2,1\r\n3,0\r\n4,1\r\n5,0\r\n", "y")).code, 0);
}

TEST_F(ForeignText, Utf16IsNamed) {
  const std::string table = "a,b,y\n1,2,0\n3,4,1\n", spec = small_spec("\"ula\"");
  for (const bool mark : {true, false})
    for (const bool big_endian : {true, false}) {
      expect_refused(data_words(utf16(table, mark, big_endian)),
                     "data.csv:1: this is UTF-16, and UTF-8 is needed");
      expect_refused(spec_words(utf16(spec, mark, big_endian)),
                     "spec.toml: this is UTF-16, and UTF-8 is needed");
    }
}

TEST_F(ForeignText, EscapeSequencesDoNotReachTheTerminal) {
  expect_refused(data_words("a\x1b[31mRED\x07,b,y\n1,2,0\n"), "a\\x1b[31mRED\\x07");
  expect_refused(data_words("a\x1b[31mRED\x07,b,y\n1,2,0\n", ""), "a\\x1b[31mRED\\x07");
  expect_refused(data_words("a,y\n\x1b]0;title\x07,0\n", "y"), "'\\x1b]0;title\\x07' is not a number");
  expect_refused(spec_words("name = \"\\u001b[31m\"\n"), "\\x1b[31m");
  expect_refused("describe $(printf 'x\\033[31m')", "x\\x1b[31m");
}

TEST_F(ForeignText, LongTextIsCut) {
  std::string header = "y";
  for (int i = 0; i < 5000; ++i) header += ",column" + std::to_string(i);
  expect_refused(data_words(header + "\n1,2,0\n"), " more");
  expect_refused(data_words(std::string(100000, 'a') + ",y\n1,0\n"), "aaa...");
  expect_refused("describe " + std::string(100000, 'a'), "aaa...");
  expect_refused("run --seeds " + std::string(100000, '9') + " quick", "999...");
  expect_refused(spec_words("name = \"" + std::string(100000, 'a') + "\"\n"), "aaa...");
}

TEST_F(ForeignText, WhatIsNotUtf8IsRefusedWithEscapes) {
  expect_refused("describe $(printf 'd\\377onut')", "'d\\xffonut' is not UTF-8");
  expect_refused("run $(printf '\\377.toml')", "'\\xff.toml' is not UTF-8");
  expect_refused("run --results $(printf '\\351') quick", "'\\xe9' is not UTF-8");
  expect_refused(data_words("gr\xf6\xdf"
                            "e,y\n1,0\n2,1\n",
                            "y"),
                 "data.csv:1: the name of column 1, 'gr\\xf6\\xdf"
                 "e', is not UTF-8");
  expect_refused(spec_words("name = \"sm\xff"
                            "all\"\n"),
                 "spec.toml:1");
  EXPECT_EQ(carried_out(data_words("gr\xc3\xb6\xc3\x9f"
                                   "e,y\n1,0\n2,1\n3,0\n4,1\n5,0\n",
                                   "y"))
                .code,
            0);
  const Ended folder = run("env", "SAMPLERBENCH_DATA=$(printf '/\\377') " + kBinary + " data --json");
  EXPECT_EQ(folder.code, 2);
  EXPECT_THAT(folder.err, HasSubstr("/\\xff"));
}

TEST_F(ForeignText, ADamagedRecordIsShownWithEscapes) {
  spit(scratch_ / "records/gaussian/sampler-ula/0123456789abcdef.jsonl", "{\"type\": \"\xff\x1b[31m\"}\n");
  const Ended ended = run(kBinary, "report --no-figures " + in_quotes(scratch_ / "records"));
  EXPECT_NE(ended.code, 0);
  EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("\xff")));
}

// The name of a folder would move the cursor, begin a line that a CI system takes for a command, and turn the
// direction of writing.
TEST_F(ForeignText, PathsDoNotActOnTheTerminal) {
  const std::string name = "a\x1b[31m\n::error::b\u202e", shown = "a\\x1b[31m\\n::error::b\\u202e";
  const fs::path folder = scratch_ / name;
  spit(scratch_ / "small.toml", small_spec("\"ula\""));
  const auto said = [](const std::string& words) {
    const Ended ended = run(kBinary, words);
    EXPECT_EQ(ended.code, 0) << words << ended.err;
    std::string text = ended.out + ended.err;
    std::replace(text.begin(), text.end(), '\n', ' ');
    EXPECT_EQ(printable(text, std::string::npos), text) << words;
    EXPECT_THAT(ended.out, Not(HasSubstr("\n::"))) << words;
    return text;
  };
  said("run " + in_quotes(scratch_ / "small.toml") + " --no-report --results " + in_quotes(folder));
  fs::path record;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "small/gaussian/sampler-ula"))
    if (entry.path().extension() == ".jsonl") record = entry.path();
  const std::string results = in_quotes(folder / "small");
  for (const std::string& words :
       {"report --no-figures " + results, "pack --keep " + results,
        "draw -n 3 " + in_quotes(record) + " --out " + in_quotes(folder / "x.npy"),
        "data --data " + in_quotes(folder), "new target my-law --out " + in_quotes(folder / "new")})
    EXPECT_THAT(said(words), HasSubstr(shown)) << words;
}

// --------------------------------------------------------------------------------------------------- labels

TEST_F(ForeignText, LabelsThatCannotNameAFolderAreRefusedWhenTheSpecIsRead) {
  const auto labelled = [&](const std::string& label) {
    return spec_words(small_spec("{ name = \"ula\", label = \"" + label + "\" }"));
  };
  EXPECT_EQ(carried_out(labelled(std::string(150, 'a'))).code, 0);
  expect_refused(labelled(std::string(151, 'a')), "has 151 bytes, and at most 150 are valid");
  expect_refused(labelled(std::string(1000, 'a')), "has 1000 bytes, and at most 150 are valid");
  expect_refused(labelled("a/b"), "label = \"a/b\": it names a folder");
  expect_refused(labelled("a\\u0000b"), "label = \"a\\x00b\"");
  expect_refused(labelled("a\\nb"), "label = \"a\\nb\"");
  expect_refused(labelled("a\\u001b[31m"), "label = \"a\\x1b[31m\"");
  const auto two = [&](const std::string& first, const std::string& second) {
    return spec_words(small_spec("{ name = \"ula\", label = \"" + first +
                                 "\" }, { name = \"hmc\", label = \"" + second + "\" }"));
  };
  expect_refused(two("a b", "a_b"), "the labels 'a b' and 'a_b' both name the folder 'a_b'");
  expect_refused(two("a b", "a b"), "the label 'a b' is taken");
  EXPECT_EQ(carried_out(two("a b", "a-b")).code, 0);
}

TEST_F(ForeignText, NamesAreAtMostOneHundredLetters) {
  const auto named = [&](size_t letters) {
    return spec_words("name = \"" + std::string(letters, 'a') + "\"\n" +
                      small_spec("\"ula\"").substr(std::string("name = \"small\"\n").size()));
  };
  EXPECT_EQ(carried_out(named(100)).code, 0);
  expect_refused(named(101), "101 letters, and at most 100 are valid");
}

// ------------------------------------------------------------------------------------------ NAME:key=value

TEST(DescribeWords, OptionsThatNothingTakesAreRefused) {
  for (const char* name : {"donut", "hmc", "mmd", "denoising-score-matching", "quick", "mnist-energy"})
    expect_refused("describe " + std::string(name) + ":unknown=1", "unknown");
}

TEST_F(ForeignText, TextOptionsTakeTheirWordAsItIs) {
  const std::string rows = "\n1,2,3,0\n2,1,5,1\n4,2,1,0\n3,5,2,1\n5,1,1,0\n";
  for (const char* label : {"3", "1e5", "true", "01", "null", "-1.50"})
    EXPECT_EQ(carried_out(data_words("0,7,8," + std::string(label) + rows, label)).code, 0) << label;
  EXPECT_EQ(carried_out(data_words("0,7,8,\"y,z\"" + rows, "\"y,z\"")).code, 0);
  EXPECT_EQ(carried_out(data_words("0,7,8,\"y\"\"z\"" + rows, "\"y\"\"z\"")).code, 0);
  expect_refused(data_words("0,7,8,y" + rows, "\"y"), "a quote is not closed");
  expect_refused(data_words("0,7,8,y" + rows, "\"y\"z"), "follows a closed quote");
  // The same as an entry of a spec.
  data_words("0,7,8,3" + rows);
  const std::string target =
      "targets = [\"logistic_regression:data=" + (scratch_ / "data.csv").string() + ",label=3\"]";
  std::string spec = small_spec("\"ula\"");
  spec.replace(spec.find("targets = [\"gaussian\"]"), std::string("targets = [\"gaussian\"]").size(), target);
  EXPECT_EQ(carried_out(spec_words(spec)).code, 0);
}

// Specs and draws that are no plain files.
class Sources : public ::testing::Test {
 protected:
  Ended in_shell(const std::string& command) const { return run("/bin/sh", "-c " + in_quotes(command)); }

  Scratch scratch_;
};

// Libraries abort before the program begins, or hang when it ends, where they get no memory: it comes to its
// end, and something is said.
TEST_F(Sources, ASmallLimitOfVirtualMemoryIsSaidAndNothingHangs) {
  if (samplerbench::testing::kSanitized) GTEST_SKIP() << "the sanitizer ends a program that gets no memory";
  bool said = false;
  for (int64_t kib = 500000; kib <= 900000; kib += 25000) {
    const Ended ended = in_shell(fmt::format("ulimit -v {}; timeout 20 {} list", kib, kBinary));
    EXPECT_NE(ended.code, 124) << kib;
    EXPECT_NE(ended.code, 134) << kib;
    if (ended.code != 0) {
      EXPECT_FALSE(ended.err.empty()) << kib;
    }
    const bool by_us = ended.err.find("samplerbench: the limit of") != std::string::npos;
    if (by_us) {
      EXPECT_EQ(ended.code, 1) << kib;
      EXPECT_THAT(ended.err, HasSubstr(fmt::format("`ulimit -v {}` leaves less than", kib)));
    }
    said = said || by_us;
  }
  EXPECT_TRUE(said);
}

TEST_F(Sources, ASpecMayComeThroughAPipe) {
  const fs::path spec = scratch_ / "small.toml";
  spit(spec, small_spec("\"ula\""));
  const Ended piped = in_shell("cat " + spec.string() + " | " + kBinary + " run /dev/stdin --dry-run");
  EXPECT_EQ(piped.code, 0) << piped.err;
  expect_refused("run /dev/zero --dry-run", "a spec has at most");
  expect_refused("run / --dry-run", "is a folder");
}

TEST_F(Sources, AKeyOfThousandsOfLevelsIsRefused) {
  std::string key = "a";
  for (int i = 0; i < 30000; ++i) key += ".a";
  const fs::path spec = scratch_ / "deep.toml";
  spit(spec, "\n" + key + " = 1\n");
  expect_refused("run " + in_quotes(spec) + " --dry-run", "deep.toml:2: a key of more than 32 levels");
  spit(spec, "\n[" + key + "]\n");
  expect_refused("run " + in_quotes(spec) + " --dry-run", "deep.toml:2: a key of more than 32 levels");
  // Quotes, whatever stands in them, are part of a key.
  std::string quoted = "'+'";
  for (int i = 0; i < 30000; ++i) quoted += i % 2 == 0 ? ".\"{\\\"=\"" : ".'#'";
  spit(spec, "\n" + quoted + " = 1\n");
  expect_refused("run " + in_quotes(spec) + " --dry-run", "deep.toml:2: a key of more than 32 levels");
  // Levels of keys, times those of tables within tables.
  const std::string levels = "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a";
  std::string nested = "1";
  for (int i = 0; i < 200; ++i) nested = "{" + levels + " = " + nested + "}";
  spit(spec, "b = " + nested + "\n");
  expect_refused("run " + in_quotes(spec) + " --dry-run", "more than 100 levels");
}

TEST_F(Sources, DotsOfTextsAndCommentsAreNoLevels) {
  const fs::path spec = scratch_ / "dots.toml";
  std::string dots = "one";
  for (int i = 0; i < 300; ++i) dots += ". and one";
  spit(spec, small_spec("\"ula\"") + "# " + dots + "\n");
  EXPECT_EQ(in_shell(kBinary + " run " + in_quotes(spec) + " --dry-run").code, 0);
  for (const char* quotes : {"\"", "'", "\"\"\"", "'''"}) {
    spit(spec, "summary = " + (quotes + dots + quotes) + "\n" + small_spec("\"ula\""));
    EXPECT_EQ(in_shell(kBinary + " run " + in_quotes(spec) + " --dry-run").code, 0) << quotes;
  }
}

TEST_F(Sources, AnEndlessStreamOfDrawsIsRefused) {
  expect_refused("score /dev/zero --target gaussian", "not a NumPy .npy file");
}

TEST_F(Sources, HeadersThatSayTwoThingsAreRefused) {
  const auto file = [&](const std::string& header, char minor = 0) {
    std::string bytes =
        std::string("\x93NUMPY\x01") + minor + static_cast<char>(header.size()) + '\0' + header;
    spit(scratch_ / "draws.npy", bytes + std::string(32, '\0'));
    return "score " + in_quotes(scratch_ / "draws.npy") + " --target gaussian";
  };
  const std::string good = "'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), ";
  expect_refused(file("{" + good + "'shape': (1, 4), }\n"), "names 'shape' 2 times");
  expect_refused(file("{" + good + "} ; import os\n"), "not one dictionary");
  expect_refused(file("{" + good + "}\n", 7), "1.7 is not known");
  expect_refused(file("{'descr': '<f8', 'shape': (2, 2), }\n"), "names 'fortran_order' 0 times");
}

TEST_F(Sources, AnExperimentThatIsNoFileIsRefused) {
  const fs::path spec = scratch_ / "small.toml";
  spit(spec, small_spec("\"ula\""));
  fs::create_directories(scratch_ / "out/small");
  ASSERT_EQ(::mkfifo((scratch_ / "out/small/experiment.json").c_str(), 0600), 0);
  expect_refused("run " + in_quotes(spec) + " --results " + in_quotes(scratch_ / "out"),
                 "experiment.json: is no file");
}

TEST_F(Sources, ALimitOfFileSizesIsAFailureLikeAFullDisk) {
  const fs::path spec = scratch_ / "small.toml";
  spit(spec, small_spec("\"ula\""));
  const Ended ended = in_shell("ulimit -f 1; " + kBinary + " run " + spec.string() + " --results " +
                               (scratch_ / "out").string());
  EXPECT_TRUE(ended.code == 1 || ended.code == 2) << ended.code;
  EXPECT_THAT(ended.err, HasSubstr("too large"));
}

TEST_F(ScoreCommand, ExitsByWhatWasAskedFor) {
  spit(scratch_ / "far.npy", "");
  Tensor far = torch::zeros({50, 2}, torch::kDouble);
  far[0][0] = 1e308;
  write_npy(scratch_ / "far.npy", far);
  const std::string words =
      "score " + in_quotes(scratch_ / "far.npy") + " --target gaussian --replications 2 --metric ";
  EXPECT_EQ(carried_out(words + "mmd").code, 1);
  EXPECT_EQ(carried_out(words + "rhat").code, 1);
  EXPECT_EQ(carried_out(words + "moment_mean_error").code, 0);
}

}  // namespace
}  // namespace samplerbench::harness
