// The scripts by which shells complete command lines, tried in the shells, and the manual page.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "harness/command_line.h"
#include "report_fixture.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::Ended;
using samplerbench::testing::lines_of;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::spit;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kSuite = SAMPLERBENCH_PROGRAM;

// What the program prints, within this process.
std::string printed(const std::string& words) {
  std::istringstream split("samplerbench " + words);
  std::vector<std::string> all;
  for (std::string word; split >> word;) all.push_back(word);
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  ::testing::internal::CaptureStdout();
  const int code = run_command_line(static_cast<int>(arguments.size()), arguments.data(), catalog());
  const std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << words;
  return out;
}

bool has_program(const std::string& name) {
  return run("/bin/sh", fmt::format("-c 'command -v {}'", name)).code == 0;
}

// The names that `help` lists, each at the beginning of a line that is indented.
std::vector<std::string> names_of_commands() {
  std::vector<std::string> names;
  const std::regex name("^  ([a-z]+) ");
  for (const std::string& line : lines_of(printed("help")))
    if (std::smatch match; std::regex_search(line, match, name)) names.push_back(match[1].str());
  return names;
}

// The long flags that `COMMAND --help` shows.
std::set<std::string> flags_of(const std::string& command) {
  const std::string text = printed(command + " --help");
  const std::regex flag("\n  (?:-[a-z] \\[ )?(--[a-z-]+)");
  std::set<std::string> flags;
  for (std::sregex_iterator at(text.begin(), text.end(), flag), end; at != end; ++at)
    flags.insert((*at)[1].str());
  return flags;
}

// What bash offers for the last of these words; "=" is a word of its own, as bash has it.
class Bash : public ::testing::Test {
 protected:
  Bash() {
    spit(scratch_ / "script", printed("completion bash"));
    spit(scratch_ / "complete",
         "cd \"$1\"; source ./script; shift; COMP_WORDS=(samplerbench \"$@\"); COMP_CWORD=$#\n"
         "_samplerbench; ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    spit(scratch_ / "quill's draws.npy", "");
  }

  std::vector<std::string> offered(const std::string& words) const {
    const Ended ended = run("/usr/bin/env", fmt::format("bash '{}' '{}' {}", (scratch_ / "complete").string(),
                                                        scratch_.path().string(), words));
    EXPECT_EQ(ended.err, "") << words;
    return lines_of(ended.out);
  }

  Scratch scratch_;
};

TEST_F(Bash, TakesTheScript) {
  const Ended ended = run("/usr/bin/env", fmt::format("bash -n '{}'", (scratch_ / "script").string()));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
}

TEST_F(Bash, CompletesCommandsNamesAndWords) {
  EXPECT_THAT(offered("des"), ElementsAre("describe"));
  EXPECT_THAT(offered("describe don"), ElementsAre("donut"));
  EXPECT_THAT(offered("describe ksd_imq"), ElementsAre("ksd_imq_u", "ksd_imq_v"));
  EXPECT_THAT(offered("describe coupling"), ElementsAre("coupling-flow"));
  EXPECT_THAT(offered("list samp"), ElementsAre("samplers"));
  EXPECT_THAT(offered("fit strokes-energy-"), ElementsAre("strokes-energy-unet"));
  EXPECT_THAT(offered("data fetch wd"), ElementsAre("wdbc"));
  EXPECT_THAT(offered("help des"), ElementsAre("describe"));
  EXPECT_THAT(offered("describe no-such-name"), IsEmpty());
  EXPECT_THAT(offered("no-such-command ''"), IsEmpty());
}

TEST_F(Bash, CompletesFlagsAndTheirValues) {
  EXPECT_THAT(offered("run quick --dry"), ElementsAre("--dry-run"));
  EXPECT_THAT(offered("report --dry"), IsEmpty());
  EXPECT_THAT(offered("run quick --device ''"), ElementsAre("cpu", "cuda"));
  EXPECT_THAT(offered("run quick --device = cu"), ElementsAre("cuda"));
  EXPECT_THAT(offered("run quick --device ="), ElementsAre("cpu", "cuda"));
  EXPECT_THAT(offered("run quick --repeat out"), ElementsAre("out_of_memory"));
  EXPECT_THAT(offered("score x.npy --target don"), ElementsAre("donut"));
  EXPECT_THAT(offered("--ver"), ElementsAre("--version"));
}

TEST_F(Bash, OffersFilesWhereTheyMayStandAndNowhereElse) {
  EXPECT_THAT(offered("score quill"), ElementsAre("quill's draws.npy"));
  EXPECT_THAT(offered("run qui"), ElementsAre("quick", "quill's draws.npy"));
  EXPECT_THAT(offered("run quick --results quill"), ElementsAre("quill's draws.npy"));
  EXPECT_THAT(offered("describe quill"), IsEmpty());
}

TEST_F(Bash, KnowsEveryCommandAndEveryFlag) {
  const std::vector<std::string> names = names_of_commands();
  ASSERT_GE(names.size(), 14U);
  EXPECT_EQ(offered("''"), names);
  for (const std::string& name : names) {
    const std::vector<std::string> flags = offered(name + " --");
    EXPECT_EQ(std::set<std::string>(flags.begin(), flags.end()), flags_of(name)) << name;
  }
}

TEST(Zsh, TakesTheScript) {
  if (!has_program("zsh")) GTEST_SKIP() << "no zsh";
  const Scratch scratch;
  spit(scratch / "_samplerbench", printed("completion zsh"));
  const std::string file = (scratch / "_samplerbench").string();
  const Ended ended = run("/usr/bin/env", fmt::format("zsh -n '{}'", file));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
}

TEST(Zsh, KnowsEveryCommandAndEveryFlag) {
  const std::string script = printed("completion zsh");
  EXPECT_TRUE(script.starts_with("#compdef samplerbench\n"));
  for (const std::string& name : names_of_commands()) {
    const size_t begin = script.find(fmt::format("    ({}:*) ", name));
    ASSERT_NE(begin, std::string::npos) << name;
    const std::string branch = script.substr(begin, script.find(";;", begin) - begin);
    for (const std::string& flag : flags_of(name)) EXPECT_THAT(branch, HasSubstr("'" + flag + ":")) << name;
  }
}

TEST(Completion, OfAnotherShellIsRefused) {
  const Ended ended = run(kSuite, "completion fish");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("unknown shell 'fish'"));
}

// ---- The manual page

// As a terminal shows it, without bold type; what troff says against it is the second.
std::pair<std::string, std::string> shown_page(const std::string& page) {
  const Scratch scratch;
  spit(scratch / "samplerbench.1", page);
  const Ended ended = run("/usr/bin/env", fmt::format("groff -man -Tascii -ww -P-cbou '{}'",
                                                      (scratch / "samplerbench.1").string()));
  return {ended.out, ended.err};
}

TEST(Manual, TellsOfEveryCommandAndEveryFlag) {
  if (!has_program("groff")) GTEST_SKIP() << "no groff";
  const auto [page, complaints] = shown_page(printed("help --man"));
  EXPECT_EQ(complaints, "");
  const std::vector<std::string> lines = lines_of(page);
  for (const std::string& name : names_of_commands()) {
    const auto head = std::find(lines.begin(), lines.end(), "   " + name);
    ASSERT_NE(head, lines.end()) << name;
    const auto next = std::find_if(head + 1, lines.end(), [](const std::string& line) {
      return !line.empty() && line.find_first_not_of(' ') <= 3;
    });
    std::string section;
    for (auto line = head; line != next; ++line) section += *line + "\n";
    for (const std::string& flag : flags_of(name)) EXPECT_THAT(section, HasSubstr(flag)) << name;
    EXPECT_THAT(section, Not(HasSubstr("--no-such-flag")));
  }
}

// The control: a request that troff does not know is complained of.
TEST(Manual, WrongRequestsAreSeen) {
  if (!has_program("groff")) GTEST_SKIP() << "no groff";
  EXPECT_NE(shown_page(printed("help --man") + ".NOSUCH request\n").second, "");
}

TEST(Manual, IsTakenByMan) {
  if (!has_program("man")) GTEST_SKIP() << "no man";
  const Scratch scratch;
  spit(scratch / "samplerbench.1", printed("help --man"));
  const Ended ended = run("/usr/bin/env", fmt::format("LC_ALL=C.UTF-8 man --warnings -l '{}'",
                                                      (scratch / "samplerbench.1").string()));
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, HasSubstr("SAMPLERBENCH(1)"));
}

TEST(Help, ShowsTheFlagsOfOneCommand) {
  EXPECT_EQ(printed("help describe"), printed("describe --help"));
  EXPECT_EQ(printed("help"), printed("--help"));
  EXPECT_EQ(run(kSuite, "help no-such-command").code, 2);
  EXPECT_EQ(run(kSuite, "help describe --man").code, 2);
}

}  // namespace
}  // namespace samplerbench::harness
