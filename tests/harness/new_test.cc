// `samplerbench new`: which files it writes, that what it writes works, and what it refuses. The tests
// `skeletons` and `package` build what it writes in C++.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

using samplerbench::testing::Ended;
using samplerbench::testing::lines_of;
using samplerbench::testing::python_with;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

const std::string kWriter = SAMPLERBENCH_PROGRAM;
using Files = std::set<std::string>;

class New : public ::testing::Test {
 protected:
  Ended write(const std::string& words) const {
    return run(kWriter, fmt::format("new {} --out '{}'", words, out().string()));
  }

  fs::path out() const { return scratch_ / "out"; }

  // All files below the folder.
  Files files() const {
    Files names;
    for (const auto& entry : fs::recursive_directory_iterator(out()))
      if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), out()).string());
    return names;
  }

  void expect_refused(const std::string& words, const std::string& cause) const {
    const Ended ended = write(words);
    EXPECT_EQ(ended.code, 2) << words;
    EXPECT_EQ(ended.out, "") << words;
    EXPECT_THAT(ended.err, HasSubstr(cause)) << words;
  }

  Scratch scratch_;
};

TEST_F(New, AProjectHasAllThatItIsBuiltAndTestedFrom) {
  const Ended ended = write("sampler my-walk-2");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(files(), (Files{"CMakeLists.txt", "main.cc", "my_walk_2.cc", "my_walk_2.h", "my_walk_2.toml"}));
  for (const std::string& file : files()) {
    EXPECT_THAT(ended.out, HasSubstr((out() / file).string() + "\n"));
    EXPECT_THAT(slurp(out() / file), AllOf(HasSubstr("my_walk_2"), Not(ContainsRegex("[{][{][A-Z]"))))
        << file;
  }
  EXPECT_THAT(slurp(out() / "my_walk_2.cc"),
              AllOf(HasSubstr("class MyWalk2Chains : public"), HasSubstr(".name = \"my-walk-2\"")));
  EXPECT_THAT(ended.out, HasSubstr("ctest --test-dir"));
}

// The commands that are told can be given as they are, whatever the folder is called.
TEST_F(New, AFolderThatMeansMuchToAShellIsToldInQuotes) {
  const std::string folder = (scratch_ / "my $(touch ran); law").string();
  const Ended ended = run(kWriter, fmt::format("new target my-law --out '{}'", folder));
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr(fmt::format("then: cmake -S '{0}' -B '{0}'/build ", folder)));
  EXPECT_THAT(write("target my-law").out,
              HasSubstr(fmt::format("then: cmake -S {0} -B {0}/build ", out().string())));
}

TEST_F(New, ThePlaceOfAProjectIsByDefaultItsName) {
  const Ended ended = run("/usr/bin/env", fmt::format("sh -c \"cd '{}' && '{}' new target wide-law\"",
                                                      scratch_.path().string(), kWriter));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(fs::exists(scratch_ / "wide-law/wide_law.cc"));
  EXPECT_THAT(slurp(scratch_ / "wide-law/wide_law.cc"), HasSubstr("class WideLawDensity : public"));
}

TEST_F(New, AmongTheSourcesOfTheSuiteEachFileHasItsPlaceAndTheRestIsTold) {
  const Files before{"samplers/samplers.cc", "targets/targets.cc"};
  for (const std::string& file : before) spit(out() / file, "");
  const Ended sampler = write("sampler my-walk"), target = write("target my-law");
  ASSERT_EQ(sampler.code + target.code, 0) << sampler.err << target.err;
  Files expected{"samplers/mcmc/my_walk.cc", "samplers/mcmc/my_walk.h",  "tests/samplers/my_walk_test.cc",
                 "targets/planar/my_law.cc", "targets/planar/my_law.h", "tests/targets/my_law_test.cc"};
  expected.insert(before.begin(), before.end());
  EXPECT_EQ(files(), expected);
  EXPECT_THAT(slurp(out() / "samplers/mcmc/my_walk.cc"), HasSubstr("#include \"samplers/mcmc/my_walk.h\""));
  EXPECT_THAT(sampler.out, AllOf(HasSubstr("samplers/samplers.cc"), HasSubstr("  add_my_walk(registry);")));
  EXPECT_THAT(target.out, AllOf(HasSubstr("targets/targets.cc"), HasSubstr("  add_my_law(registry);")));
}

// What is written with --python, where a Python has NumPy.
class NewProgram : public New {
 protected:
  void SetUp() override {
    if (python_.empty()) GTEST_SKIP() << "no Python with NumPy";
    const Ended ended = write("sampler formula --python");
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(files(), (Files{"formula.py", "formula.toml"}));
    EXPECT_THAT(slurp(out() / "formula.py"), HasSubstr("name=\"formula.py\""));
    change("\"python3\"", fmt::format("\"{}\"", python_));
  }

  fs::path spec() const { return out() / "formula.toml"; }

  void change(const std::string& old, const std::string& fresh) const {
    std::string text = slurp(spec());
    ASSERT_NE(text.find(old), std::string::npos) << text;
    spit(spec(), text.replace(text.find(old), old.size(), fresh));
  }

  // The exit code of a report that checks the claims, after a run.
  int code_of_claims() const {
    const std::string results = (scratch_ / "results").string();
    const Ended ended = run(
        kWriter, fmt::format("run '{}' --seeds 2 --no-report --results '{}'", spec().string(), results));
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    return run(kWriter, fmt::format("report '{}/formula' --no-figures --check-claims", results)).code;
  }

  const std::string python_ = python_with("numpy");
};

TEST_F(NewProgram, KeepsTheRules) {
  const Ended ended = run(kWriter, fmt::format("check '{}'", spec().string()));
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("sampler formula: ok\n"));
}

// The claim of its spec holds; a step size of nearly 0, the control, breaks it.
TEST_F(NewProgram, Samples) {
  EXPECT_EQ(code_of_claims(), 0);
  change("step_size = 0.1", "step_size = 1e-6");
  EXPECT_EQ(code_of_claims(), 1);
}

// The modules that a program imports: "import json", "import numpy as np".
std::set<std::string> imports_of(const std::string& program) {
  std::set<std::string> modules;
  for (const std::string& line : lines_of(program))
    if (line.starts_with("import ")) modules.insert(line.substr(7, line.find(' ', 7) - 7));
  return modules;
}

TEST_F(New, AProgramThatWouldHideAModuleOfPythonIsRefused) {
  ASSERT_EQ(write("sampler my-numpy --python").code, 0);
  std::set<std::string> modules = imports_of(slurp(out() / "my_numpy.py"));
  EXPECT_THAT(modules, IsSupersetOf({"json", "numpy"}));
  modules.insert({"torch", "samplerbench", "abc", "zoneinfo", "random", "re"});
  fs::remove_all(out());
  for (const std::string& module : modules)
    expect_refused("sampler " + module + " --python",
                   fmt::format("NAME {0}: is a module of Python, and a program beside {0}.py imports that "
                               "file in its place; choose another name, such as my-{0}",
                               module));
  expect_refused("sampler py-compile --python", "NAME py-compile: is a module of Python");
  EXPECT_FALSE(fs::exists(out()));
  EXPECT_EQ(write("sampler numpy").code, 0) << "the control: one in C++ hides nothing";
}

TEST_F(New, FilesThatAreThereStay) {
  spit(out() / "my_walk.toml", "mine");
  expect_refused("sampler my-walk", "my_walk.toml: is there already, and nothing was written");
  expect_refused("sampler my-walk --python", "my_walk.toml: is there already");
  EXPECT_EQ(files(), Files{"my_walk.toml"});
  EXPECT_EQ(slurp(out() / "my_walk.toml"), "mine");
}

TEST_F(New, NamesThatNoFileOrClassCanHaveAreRefused) {
  for (const char* name : {"My-walk", "my_walk", "2-walks", "walk-", "my--walk", "a/b", "../walk", "''",
                           "main", "a.b", "'a b'", "wälk"})
    expect_refused(std::string("sampler ") + name, name == std::string("''") ? "NAME is an empty" : "NAME ");
  expect_refused("sampler " + std::string(41, 'a'), "at most 40 letters");
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(New, WhatCannotBeMadeIsRefused) {
  expect_refused("sampler hmc", "NAME hmc: is a sampler already");
  expect_refused("target donut", "NAME donut: is a target already");
  expect_refused("metric mine", "unknown kind 'metric'");
  expect_refused("target mine --python", "samplerbench describe torchscript");
  expect_refused("sampler", "NAME is missing");
  spit(out(), "a file");
  expect_refused("sampler mine", "--out ");
}

}  // namespace
}  // namespace samplerbench::harness
