// An experiment on a cluster: `samplerbench slurm` with a program of the test's own in sbatch's place, and
// how work is dealt out.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/json.h"
#include "harness/plan/shard.h"
#include "harness/records/line.h"
#include "harness/records/packed_records.h"
#include "harness/run/known_records.h"
#include "harness/support/escape.h"
#include "tests/harness/process.h"
#include "tests/harness/record_lines.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

using samplerbench::testing::Ended;
using samplerbench::testing::lines_of;
using samplerbench::testing::records;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using samplerbench::testing::timeless_records;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kProgram = SAMPLERBENCH_PROGRAM;

// 7 jobs: a noise floor, and 2 samplers with 3 seeds.
const std::string kSpec =
    "name = \"trial\"\nseeds = 3\ndraws = 100\ncheckpoints = 2\nfloor_replications = 40\nstart = false\n"
    "targets = [\"gaussian\"]\nmetrics = [\"ksd_imq_v\"]\nbudget = { steps = 40 }\n"
    "[[samplers]]\nname = \"ula\"\noptions = { chains = 100, step_size = [0.01, 0.02] }\n";
constexpr size_t kJobs = 7;

// Keeps the words and the script of every job that it is handed, and numbers jobs from 1000 on.
const std::string kFakeSbatch =
    "#!/bin/bash\n"
    "number=1000\n"
    "while [[ -e $FAKE/$number.words ]]; do ((++number)); done\n"
    "[[ -z ${FAKE_REFUSAL:-} ]] || { echo \"sbatch: error: $FAKE_REFUSAL\" >&2; exit 1; }\n"
    "printf '%s\\n' \"$@\" >\"$FAKE/$number.words\"\n"
    "cat >\"$FAKE/$number.sh\"\n"
    "echo \"${FAKE_ANSWER:-$number;cluster}\"\n";

// Jobs go to a program of the test's own.
class Slurm : public ::testing::Test {
 protected:
  Slurm() {
    spit(scratch_ / "bin/sbatch", kFakeSbatch);
    fs::permissions(scratch_ / "bin/sbatch", fs::perms::owner_all);
    fs::create_directories(scratch_ / "jobs");
    spit(spec_, kSpec);
  }

  // A command in an environment in which sbatch is the test's; `more` are further variables of it.
  Ended in_cluster(const std::string& words, const std::string& more = "") const {
    const std::string path = "PATH=" + (scratch_ / "bin").string() + ":" + std::getenv("PATH");
    const std::string jobs = "FAKE=" + (scratch_ / "jobs").string();
    return run("/usr/bin/env", shell_word(path) + " " + shell_word(jobs) + " " + more + " " + words);
  }

  Ended slurm(const std::string& flags = "", const std::string& more = "") const {
    return in_cluster(fmt::format("{} slurm {} --results {} {}", shell_word(kProgram),
                                  shell_word(spec_.string()), shell_word(out_.string()), flags),
                      more);
  }

  std::vector<std::string> options_of(int64_t number) const {
    return lines_of(slurp(scratch_ / fmt::format("jobs/{}.words", number)));
  }

  fs::path script(int64_t number) const { return scratch_ / fmt::format("jobs/{}.sh", number); }

  bool is_submitted(int64_t number) const { return fs::exists(script(number)); }

  // Carries a job out as Slurm would, in another folder.
  Ended carry_out(int64_t number, int64_t task = 0, const std::string& more = "") const {
    const Ended checked = run("/bin/bash", "-n " + shell_word(script(number).string()));
    EXPECT_EQ(checked.code, 0) << checked.err;
    const std::string there = "cd / && exec /bin/sh " + shell_word(script(number).string());
    return in_cluster("/bin/sh -c " + shell_word(there),
                      fmt::format("SLURM_ARRAY_TASK_ID={} {}", task, more));
  }

  // The tasks of an array, which has so many.
  void carry_out_array(int64_t number, int64_t tasks) const {
    EXPECT_THAT(options_of(number), Contains(fmt::format("--array=1-{}", tasks)));
    for (int64_t task = 1; task <= tasks; ++task) {
      const Ended ended = carry_out(number, task);
      EXPECT_EQ(ended.code, 0) << ended.err;
    }
  }

  // What one machine makes of the spec.
  std::map<std::string, Json> expected() const {
    const Scratch alone;
    const Ended ended =
        run(kProgram, fmt::format("run {} --no-report --results {}", shell_word(spec_.string()),
                                  shell_word((alone / "out").string())));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return timeless_records(alone / "out");
  }

  Scratch scratch_;
  fs::path spec_ = scratch_ / "trial.toml";
  fs::path out_ = scratch_ / "out";
};

TEST_F(Slurm, SubmitsAnArrayAndTheJobThatFollowsIt) {
  const Ended ended = slurm("--tasks 3 --threads 2 --jobs 2 --partition fast --time 1-02:30");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("array 1000: 3 tasks for 7 runs"));
  EXPECT_THAT(ended.out, HasSubstr("job 1001 follows it"));
  for (const int64_t job : {1000, 1001})
    for (const char* option : {"--parsable", "--requeue", "--open-mode=append", "--partition=fast",
                               "--time=1-02:30", "--cpus-per-task=4"})
      EXPECT_THAT(options_of(job), Contains(option)) << job;
  EXPECT_THAT(options_of(1000), Contains("--array=1-3"));
  EXPECT_THAT(options_of(1001), Contains("--dependency=afterany:1000"));
  EXPECT_THAT(options_of(1000), Contains("--output=" + (out_ / "trial/slurm/array-%A-%a.log").string()));
  EXPECT_THAT(slurp(script(1000)), HasSubstr("\nexec '"));
  EXPECT_TRUE(records(out_).empty());
}

TEST_F(Slurm, TheJobsMakeWhatOneMachineMakes) {
  ASSERT_EQ(slurm("--tasks 3").code, 0);
  size_t made = 0;
  for (const int64_t task : {2, 1, 3}) {
    const Ended ended = carry_out(1000, task);
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_GT(records(out_).size(), made);
    made = records(out_).size();
  }
  EXPECT_EQ(made, kJobs);
  EXPECT_FALSE(fs::exists(out_ / "trial/report"));
  const Ended gathered = carry_out(1001);
  EXPECT_EQ(gathered.code, 0) << gathered.err;
  EXPECT_THAT(gathered.out, HasSubstr("7 carried out before"));
  EXPECT_TRUE(fs::exists(out_ / "trial/report/index.html"));
  EXPECT_FALSE(is_submitted(1002));
  EXPECT_EQ(timeless_records(out_), expected());
  const Ended again = slurm();
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("every run has its record"));
  EXPECT_FALSE(is_submitted(1002));
}

TEST_F(Slurm, WhatHasNoRecordIsSubmittedAgainUpToALimit) {
  ASSERT_EQ(slurm("--tasks 3 --repeats 1").code, 0);
  ASSERT_EQ(carry_out(1000, 2).code, 0);
  const size_t made = records(out_).size();
  const Ended again = carry_out(1001);
  EXPECT_EQ(again.code, 0) << again.err;
  const std::string text = slurp(script(1002));
  const size_t begin = text.find("/trial/slurm/shares-");
  ASSERT_NE(begin, std::string::npos);
  const Shares shares = read_shares(out_.string() + text.substr(begin, text.find('\'', begin) - begin));
  size_t dealt = 0;
  for (const auto& share : shares.records) {
    dealt += share.size();
    for (const std::string& record : share) EXPECT_FALSE(fs::exists(out_ / record)) << record;
  }
  EXPECT_EQ(dealt, kJobs - made);
  // None is left: the report tells what there is.
  const Ended last = carry_out(1003);
  EXPECT_EQ(last.code, 1);
  EXPECT_THAT(last.err, HasSubstr(fmt::format("{} of 7 runs have no record that stands", kJobs - made)));
  EXPECT_TRUE(fs::exists(out_ / "trial/report/index.html"));
  EXPECT_FALSE(is_submitted(1004));
  carry_out_array(1002, 3);
  EXPECT_EQ(carry_out(1003).code, 0);
  EXPECT_EQ(timeless_records(out_), expected());
}

TEST_F(Slurm, WhereNodesMaySubmitNothingTheRestIsRunThere) {
  ASSERT_EQ(slurm("--tasks 3").code, 0);
  ASSERT_EQ(carry_out(1000, 1).code, 0);
  const Ended gathered = carry_out(1001, 0, "FAKE_REFUSAL='no submission from here'");
  EXPECT_EQ(gathered.code, 0) << gathered.err;
  EXPECT_THAT(gathered.err, HasSubstr("no submission from here; what has no record is run here"));
  EXPECT_EQ(timeless_records(out_), expected());
  EXPECT_TRUE(fs::exists(out_ / "trial/report/index.html"));
}

TEST_F(Slurm, NamesThatMeanMuchToAShellAreTakenAsTheyAre) {
  const std::string hostile = "it's $HOME \"q\" `date` & ; # %j * 日本";
  EXPECT_EQ(run("/usr/bin/printf", "%s " + shell_word(hostile)).out, hostile);
  spec_ = scratch_ / (hostile + "/a $(touch b) spec.toml");
  out_ = scratch_ / (hostile + "/out");
  spit(spec_, kSpec);
  const Ended ended = slurm("--tasks 2");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(options_of(1000), Contains(HasSubstr("# %%j * 日本/out/trial/slurm/array-%A-%a.log")));
  carry_out_array(1000, 2);
  EXPECT_EQ(carry_out(1001).code, 0);
  EXPECT_EQ(timeless_records(out_), expected());
  EXPECT_FALSE(fs::exists(scratch_ / "b"));
}

// Neither in a script nor on the terminal that --dry-run prints it to would they be what they seem.
TEST_F(Slurm, PathsThatATerminalActsOnAreRefused) {
  const std::map<std::string, std::string> names{
      {"a\nb", "a\\nb"}, {"\x1b[2Jb", "\\x1b[2Jb"}, {"\u202eb", "\\u202eb"}};
  for (const auto& [name, shown] : names) {
    out_ = scratch_ / name;
    const Ended refused = slurm("--dry-run");
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr(shown + ": its path holds a control character"));
  }
  EXPECT_FALSE(is_submitted(1000));
}

TEST_F(Slurm, ADryRunPrintsTheJobsAndDoesNothing) {
  const Ended ended = slurm("--tasks 3 --dry-run");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("'--array=1-3'"));
  EXPECT_THAT(ended.out, HasSubstr("'--dependency=afterany:NUMBER'"));
  EXPECT_THAT(ended.out, HasSubstr("\"$SLURM_ARRAY_TASK_ID/3\""));
  EXPECT_THAT(ended.out, Not(HasSubstr("--pack")));
  EXPECT_FALSE(is_submitted(1000));
  EXPECT_FALSE(fs::exists(out_));
  spit(scratch_ / "printed.sh", ended.out);
  const Ended checked = run("/bin/bash", "-n " + shell_word((scratch_ / "printed.sh").string()));
  EXPECT_EQ(checked.code, 0) << checked.err;
}

TEST_F(Slurm, TasksPackTheirRunsAndTheJobThatFollowsReadsThem) {
  ASSERT_EQ(slurm("--tasks 3 --pack").code, 0);
  EXPECT_THAT(slurp(script(1000)), HasSubstr("'--pack'"));
  EXPECT_THAT(slurp(script(1001)), HasSubstr("'--pack'"));
  carry_out_array(1000, 3);
  size_t packed = 0;
  each_packed(out_ / "trial", [&](MetRecord&& met) { packed += met.record.status() == Status::finished; });
  EXPECT_EQ(packed, kJobs - 1);
  EXPECT_EQ(records(out_).size(), 1u);  // of the noise floor
  const Ended gathered = carry_out(1001);
  EXPECT_EQ(gathered.code, 0) << gathered.err;
  EXPECT_THAT(gathered.out, HasSubstr("7 carried out before"));
  EXPECT_FALSE(is_submitted(1002));
}

TEST_F(Slurm, WhatSbatchRefusesIsTold) {
  const Ended refused = slurm("--partition none", "FAKE_REFUSAL='invalid partition specified: none'");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("sbatch: error: invalid partition specified: none"));
  EXPECT_FALSE(is_submitted(1000));
  const Ended odd = slurm("", "FAKE_ANSWER=Submitted");
  EXPECT_EQ(odd.code, 1);
  EXPECT_THAT(odd.err, HasSubstr("'Submitted'"));
  fs::remove(scratch_ / "bin/sbatch");
  const Ended none = slurm("", "PATH=" + shell_word((scratch_ / "bin").string()));
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("sbatch cannot be started"));
}

TEST_F(Slurm, SharesOfOtherWorkAreRefused) {
  ASSERT_EQ(slurm("--tasks 3").code, 0);
  fs::path file;
  for (const auto& entry : fs::directory_iterator(out_ / "trial/slurm"))
    if (entry.path().extension() == ".json") file = entry.path();
  const auto refused = [&](const std::string& shares, const std::string& shard, const std::string& cause) {
    const Ended ended = run(kProgram, fmt::format("run {} --results {} --shares {} --shard {}",
                                                  shell_word(spec_.string()), shell_word(out_.string()),
                                                  shell_word(shares), shard));
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr(cause));
  };
  refused(file.string(), "1/2", "holds 3 shares, and --shard asks for one of 2");
  refused(spec_.string(), "1/3", "holds no shares as `samplerbench slurm` writes them");
  std::string other = kSpec;
  other.replace(other.find("draws = 100"), 11, "draws = 101");
  spit(spec_, other);
  refused(file.string(), "1/3", "the experiment has no such run");
  EXPECT_TRUE(records(out_).empty());
}

// What the text on clusters has for each scheduler, as a shell reads it in the third of sixteen tasks.
TEST(Schedulers, HaveALineThatNamesTheShard) {
  const std::string third =
      "SLURM_ARRAY_TASK_ID=3 PBS_ARRAY_INDEX=3 SGE_TASK_ID=3 AWS_BATCH_JOB_ARRAY_INDEX=2 "
      "JOB_COMPLETION_INDEX=2";
  const std::string flag = " --shard ";
  int64_t schedulers = 0;
  for (const std::string& line : lines_of(slurp(SAMPLERBENCH_SOURCE "/harness/run/CLUSTER.md"))) {
    const size_t at = line.find(flag);
    if (!line.starts_with("    ") || at == std::string::npos) continue;
    ++schedulers;
    const std::string echo = shell_word("echo " + line.substr(at + flag.size()));
    EXPECT_EQ(run("/usr/bin/env", third + " /bin/sh -c " + echo).out, "3/16\n") << line;
  }
  EXPECT_EQ(schedulers, 5);
}

// ------------------------------------------------------------------------------------------------- dealing

// A run of 10 s at most, unless its budget says otherwise.
Job job_of(const std::string& sampler, uint64_t seed, const Budget& budget = {.cpu_s = 10},
           const std::string& target = "gaussian") {
  Work work{.seed = seed};
  work.target.label = target;
  work.sampler = Choice{.label = sampler};
  work.budget = budget;
  return {.work = work,
          .key = fmt::format("{} {} {}", target, sampler, seed),
          .record = fmt::format("trial/{}/{}/{}.jsonl", target, sampler, seed)};
}

Record record_of(const Job& job, double wall_s, Status status = Status::finished) {
  Record record;
  record.begin = BeginLine{.job = job.work};
  record.end = EndLine{.status = status, .wall_s = wall_s};
  return record;
}

TEST(Deal, SharesTakeEquallyLong) {
  std::vector<Job> jobs;
  for (const uint64_t seed : {0, 1, 2, 3}) {
    jobs.push_back(job_of("slow", seed, {.cpu_s = 9}));
    jobs.push_back(job_of("fast", seed, {.wall_s = 1}));
  }
  const Shares shares = deal(jobs, ExpectedCosts(), 2);
  EXPECT_EQ(shares.seconds, (std::vector<double>{20, 20}));
  // The control: by their places, one share would have all that is slow.
  double first = 0;
  for (size_t i = 0; i < jobs.size(); i += 2) first += ExpectedCosts().seconds(jobs[i].work);
  EXPECT_EQ(first, 36);
}

TEST(Deal, EqualCostsAreDealtOutSamplerBySampler) {
  std::vector<Job> jobs;
  for (uint64_t seed = 0; seed < 6; ++seed)
    for (const char* sampler : {"a", "b", "c"}) jobs.push_back(job_of(sampler, seed));
  const Shares shares = deal(jobs, ExpectedCosts(), 3);
  for (const auto& share : shares.records)
    for (const char* sampler : {"/a/", "/b/", "/c/"})
      EXPECT_EQ(std::count_if(share.begin(), share.end(),
                              [&](const std::string& record) {
                                return record.find(sampler) != std::string::npos;
                              }),
                2)
          << sampler;
}

// Graham's bound for jobs in any order: the mean share and the longest job, less its part in the mean.
TEST(Deal, EveryJobHasOneShareAndNoShareIsLong) {
  std::mt19937 random(1);
  for (const int64_t count : {1, 2, 7, 40, 200}) {
    std::vector<Job> jobs;
    std::set<std::string> all;
    double sum = 0, longest = 0;
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const double seconds = 0.1 + static_cast<double>(random() % 1000);
      jobs.push_back(job_of("any", seed, {.cpu_s = seconds}));
      all.insert(jobs.back().record.string());
      sum += seconds;
      longest = std::max(longest, seconds);
    }
    const Shares shares = deal(jobs, ExpectedCosts(), count);
    ASSERT_EQ(std::ssize(shares.records), count);
    std::multiset<std::string> dealt;
    for (const auto& share : shares.records) dealt.insert(share.begin(), share.end());
    EXPECT_EQ(dealt, std::multiset<std::string>(all.begin(), all.end()));
    const double mean = sum / static_cast<double>(count);
    EXPECT_LE(*std::max_element(shares.seconds.begin(), shares.seconds.end()),
              mean + longest * (1 - 1 / static_cast<double>(count)) + 1e-6);
    const Shares again = from_json_of<Shares>(parse_json(json_of(shares).dump()));
    EXPECT_EQ(again.records, shares.records);
  }
}

TEST(Deal, AShareWithoutJobsIsEmpty) {
  const std::vector<Job> jobs{job_of("a", 0), job_of("b", 0)};
  EXPECT_EQ(share_of(jobs, {.index = 2, .count = 3}).size(), 1u);
  EXPECT_THAT(share_of(jobs, {.index = 3, .count = 3}), IsEmpty());
  EXPECT_THAT(share_of(jobs, {.index = INT64_MAX, .count = INT64_MAX}), IsEmpty());
}

TEST(ExpectedCosts, AreThoseOfLikeRecordsElseOfTheBudget) {
  ExpectedCosts costs;
  const Job known = job_of("a", 0);
  EXPECT_EQ(costs.seconds(known.work), 10);
  costs.learn(record_of(known, 100));
  costs.learn(record_of(job_of("a", 1), 300));
  EXPECT_EQ(costs.seconds(job_of("a", 7).work), 200);
  EXPECT_EQ(costs.seconds(job_of("a", 7, {.cpu_s = 10}, "donut").work), 200);
  EXPECT_EQ(costs.seconds(job_of("b", 7).work), 10);
  EXPECT_EQ(costs.seconds(job_of("a", 7, {.cpu_s = 20}).work), 20);
  // The target itself tells more than others.
  costs.learn(record_of(job_of("a", 0, {.cpu_s = 10}, "donut"), 5));
  EXPECT_EQ(costs.seconds(job_of("a", 7, {.cpu_s = 10}, "donut").work), 5);
  EXPECT_EQ(costs.seconds(known.work), 200);
}

TEST(ExpectedCosts, FailuresAndDamageTellNothing) {
  ExpectedCosts costs;
  const Job job = job_of("a", 0);
  costs.learn(record_of(job, 100, Status::error));
  Record damaged = record_of(job, 100);
  damaged.fault_line = 2;
  costs.learn(damaged);
  EXPECT_EQ(costs.seconds(job.work), 10);
  costs.learn(record_of(job, 100, Status::timeout));
  EXPECT_EQ(costs.seconds(job.work), 100);
}

TEST(ExpectedCosts, GrowWithBudgetsThatHaveNoSeconds) {
  const auto seconds = [](const Budget& budget) {
    return ExpectedCosts().seconds(job_of("a", 0, budget).work);
  };
  EXPECT_LT(seconds({.steps = 10}), seconds({.steps = 20}));
  EXPECT_LT(seconds({.score = 10}), seconds({.score = 20}));
  EXPECT_EQ(seconds({.steps = 1000000, .wall_s = 3}), 3);
}

// The record of that job as it stands in a results folder.
PackedRecord kept_record(const Job& job, double wall_s, Status status = Status::finished) {
  BeginLine begin = record_of(job, wall_s, status).begin.value();
  begin.key = job.key;
  const EndLine end{.status = status, .reason = "told", .wall_s = wall_s};
  return {.text = text_of(begin) + "\n" + text_of(end) + "\n", .kept = {}};
}

// Each record tells once what it took: one that counted twice would move the mean.
TEST(OpenJobs, LackARecordThatStandsAndAllRecordsTellTheirCosts) {
  const Scratch scratch;
  const Job loose = job_of("a", 0), packed = job_of("a", 1), broken = job_of("a", 2), open = job_of("a", 3);
  const Job other = job_of("b", 0), another = job_of("c", 0);  // of which the experiment has none any more
  write_loose(scratch / loose.record.string(), kept_record(loose, 100));
  write_loose(scratch / broken.record.string(), kept_record(broken, 1, Status::error));
  write_loose(scratch / other.record.string(), kept_record(other, 5));
  PackedRecords records;
  records[packed.key] = kept_record(packed, 300);
  records[another.key] = kept_record(another, 7);
  write_packed(scratch / "trial", records);
  const Schedule schedule{.results = scratch.path()};
  const OpenJobs found =
      KnownRecords(schedule, Experiment{.name = "trial"}).open_jobs({loose, packed, broken, open});
  std::vector<std::string> keys;
  for (const Job& job : found.jobs) keys.push_back(job.key);
  EXPECT_EQ(keys, (std::vector<std::string>{broken.key, open.key}));
  EXPECT_EQ(found.costs.seconds(open.work), 200);
  EXPECT_EQ(found.costs.seconds(job_of("b", 6).work), 5);
  EXPECT_EQ(found.costs.seconds(job_of("c", 6).work), 7);
}

}  // namespace
}  // namespace samplerbench::harness
