// TorchScript modules from the command line: runs, keys by contents, what is said, and what is refused. The
// modules are made here, by LibTorch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "harness/data/data_folder.h"
#include "harness/plan/data_files.h"
#include "harness/plan/tried_targets.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "tests/complaint.h"
#include "tests/foreign/scripted.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::Ended;
using samplerbench::testing::forward_of;
using samplerbench::testing::run;
using samplerbench::testing::saved;
using samplerbench::testing::Scratch;
using samplerbench::testing::scripted;
using samplerbench::testing::scripted_generator;
using samplerbench::testing::scripted_normal;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string program = SAMPLERBENCH_PROGRAM;

// Where modules lie: the data folder of the commands.
class TorchscriptRun : public ::testing::Test {
 protected:
  // The module and, beside it, the record of its SHA-256, as the examples in Python write it.
  void put(const std::string& name, const torch::jit::Module& module) const {
    const std::string bytes = saved(module);
    spit(folder_ / name, bytes);
    const std::filesystem::path record = std::filesystem::path(name).replace_extension(".json");
    spit(folder_ / record.string(), Json{{"sha256", sha256(bytes)}}.dump());
  }

  Ended run_spec(const std::string& text, const std::string& flags = "") const {
    return run_trial_toml(program, folder_, text,
                          "--data '" + folder_.path().string() + "' --no-report " + flags);
  }

  Ended check_spec(const std::string& text) const {
    spit(folder_ / "trial.toml", text);
    return run(program, "check '" + (folder_ / "trial.toml").string() + "' --data '" +
                            folder_.path().string() + "'");
  }

  // The records of a sampler on a target, as lists of lines.
  std::vector<std::vector<Json>> records(const std::string& place) const {
    std::vector<std::vector<Json>> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / ("out/trial/" + place))) {
      if (entry.path().extension() != ".jsonl") continue;
      std::istringstream text(slurp(entry.path()));
      std::vector<Json>& lines = all.emplace_back();
      for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
    }
    return all;
  }

  std::filesystem::path record_file(const std::string& place) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / ("out/trial/" + place)))
      if (entry.path().extension() == ".jsonl") return entry.path();
    return {};
  }

  Experiment noted(const std::string& text) const {
    const Catalog catalog = Catalog::standard();
    Experiment experiment = parse_experiment(text, "trial.toml", catalog);
    const DataFolder files(catalog.data, folder_.path());
    note_data_files(experiment, catalog, files);
    try_targets(experiment, catalog, files);
    return experiment;
  }

  Scratch folder_;
};

const std::string kTop = "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\nfloor_replications = 40\n";

std::string target_spec(const std::string& more = "") {
  return kTop + more +
         "targets = [\"torchscript\"]\nmetrics = [\"ksd_imq_v\", \"sliced_wasserstein\"]\n"
         "budget = { steps = 20 }\n[[samplers]]\nname = \"ula\"\noptions = { chains = 50 }\n";
}

std::string generator_spec(const std::string& targets = "\"gaussian\"", const std::string& more = "") {
  return kTop + more + "targets = [" + targets +
         "]\nmetrics = [\"ksd_imq_v\"]\nbudget = { cpu_s = 900 }\nsamplers = [\"torchscript-generator\"]\n";
}

TEST_F(TorchscriptRun, ATargetIsSampledAndWhatItsFileHoldsEntersTheKey) {
  put("energy.pt", scripted_normal());
  ASSERT_EQ(run_spec(target_spec()).code, 0);
  auto all = records("torchscript/sampler-ula");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].front()["dim"], 2);
  EXPECT_EQ(all[0].front()["job"]["target"]["files"],
            Json({{"energy.pt", sha256(slurp(folder_ / "energy.pt"))}}));
  const Json last = all[0][all[0].size() - 2];
  EXPECT_EQ(last["train"]["score"], 20 * 50);
  EXPECT_TRUE(last["metrics"]["ksd_imq_v"].is_number());
  EXPECT_TRUE(last["metrics"]["sliced_wasserstein"].is_number());  // of its own exact draws
  EXPECT_FALSE(last.contains("declared"));
  EXPECT_EQ(all[0].back()["status"], "finished");
  put("energy.pt", scripted_normal(torch::kFloat, /*with_draws=*/false));
  ASSERT_EQ(run_spec(target_spec()).code, 0);
  all = records("torchscript/sampler-ula");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(std::count_if(all.begin(), all.end(),
                          [](const auto& lines) {
                            return lines[lines.size() - 2]["metrics"]["sliced_wasserstein"].is_number();
                          }),
            1);
}

TEST_F(TorchscriptRun, AGeneratorDrawsWithoutWorkAndItsRecordHoldsWhatIsDeclared) {
  put("generator.pt", scripted_generator({{"cost_cpu_s", 12.5}, {"cost_evaluations", 3000}}));
  ASSERT_EQ(run_spec(generator_spec()).code, 0);
  const std::string place = "gaussian/sampler-torchscript-generator";
  const auto all = records(place);
  ASSERT_EQ(all.size(), 1U);
  const std::vector<Json>& lines = all[0];
  EXPECT_EQ(lines.front()["job"]["budget"],
            Json({{"steps", 1}}));  // not the common one, which it never spends
  EXPECT_EQ(lines.front()["job"]["sampler"]["files"],
            Json({{"generator.pt", sha256(slurp(folder_ / "generator.pt"))}}));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].value("declared", Json()), Json({{"cpu_s", 12.5}, {"evaluations", 3000}}));
  EXPECT_EQ(lines[1]["train"]["steps"], 1);
  for (const char* ledger : {"train", "draw"})
    for (const char* work : {"score", "density"}) EXPECT_EQ(lines[1][ledger].value(work, 0), 0) << ledger;
  EXPECT_TRUE(lines[1]["metrics"]["ksd_imq_v"].is_number());
  EXPECT_EQ(lines.back()["status"], "finished");
  // What was kept is drawn from, from the same file alone.
  const std::string draw = "draw '" + record_file(place).string() + "' -n 5 --data '" +
                           folder_.path().string() + "' --out '" + (folder_ / "x.npy").string() + "'";
  EXPECT_EQ(run(program, draw).code, 0);
  put("generator.pt", scripted_generator());
  const Ended other = run(program, draw);
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("generator.pt"), HasSubstr("SHA-256")));
}

TEST_F(TorchscriptRun, ConversionsAreSaidInALineEach) {
  put("energy.pt", scripted_normal());
  put("generator.pt", scripted_generator({}, torch::kDouble));
  const std::string both =
      "targets = [\"torchscript\"]\nmetrics = [\"ksd_imq_v\"]\nbudget = { steps = 1 }\n"
      "samplers = [\"torchscript-generator\"]\n";
  const auto said = [&](const std::string& dtype) {
    const Ended ended = run_spec(kTop + "dtype = \"" + dtype + "\"\n" + both, "--dry-run");
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.err;
  };
  EXPECT_EQ(said("float64"),
            "samplerbench: target torchscript: its file holds numbers in float32, which are converted to "
            "float64, the dtype of the runs\n");
  EXPECT_EQ(said("float32"),
            "samplerbench: sampler torchscript-generator: its file holds numbers in float64, which are "
            "converted to float32, the dtype of the runs\n");
}

// A module that draws for itself is judged on these draws.
TEST_F(TorchscriptRun, AReferencePosteriorIsForModulesWithoutExactDraws) {
  const std::string text = target_spec() + "[reference]\n";
  put("energy.pt", scripted_normal());
  EXPECT_THAT(noted(text).reference.value().targets, IsEmpty());
  put("energy.pt", scripted_normal(torch::kFloat, /*with_draws=*/false));
  EXPECT_THAT(noted(text).reference.value().targets, ElementsAre("torchscript"));
}

TEST_F(TorchscriptRun, AGeneratorNeedsOneTargetOfItsOwnDimension) {
  put("generator.pt", scripted_generator());
  EXPECT_EQ(complaint([&] { noted(generator_spec("\"rare-mode\", \"gaussian\"")); }), "");
  EXPECT_THAT(complaint([&] { noted(generator_spec("\"rare-mode\"")); }),
              AllOf(HasSubstr("sampler torchscript-generator: "), HasSubstr("generator.pt"),
                    HasSubstr("points of 2 coordinates, and this target has 1")));
}

// Each ends the command before anything runs, and `check` says the same of it.
TEST_F(TorchscriptRun, WhatIsWrongIsOneLineWithExitCode2) {
  const auto refused = [&](const std::string& text, const std::string& says,
                           const std::string& file = "energy.pt") {
    const Ended ended = run_spec(text), checked = check_spec(text);
    EXPECT_EQ(ended.code, 2) << says;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("option 'file': "), HasSubstr(file), HasSubstr(says)));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
    EXPECT_EQ(checked.code, 2) << says;
    EXPECT_EQ(checked.err, ended.err);
    EXPECT_EQ(checked.out, "");
  };
  refused(target_spec(), "no such file");
  spit(folder_ / "energy.pt", "no module");
  refused(target_spec(), "torch.jit.script(module).save");
  spit(folder_ / "energy.pt", saved(scripted_normal()));
  refused(target_spec(), "energy.json");
  put("energy.pt", scripted({forward_of("-x.pow(2).sum(1)")}));
  refused(target_spec(), "target torchscript: ");
  // The record is of another file.
  spit(folder_ / "energy.pt", saved(scripted_normal()));
  refused(target_spec(), "is not the model of its record");
  const Ended described = run(program, "describe torchscript --data '" + folder_.path().string() + "'");
  EXPECT_THAT(described.out, HasSubstr("cannot be made here"));
  spit(folder_ / "generator.pt", "no module");
  refused(generator_spec(), "torch.jit.script(module).save", "generator.pt");
}

TEST_F(TorchscriptRun, WhatIsRightPassesTheCheck) {
  put("energy.pt", scripted_normal());
  put("generator.pt", scripted_generator());
  for (const std::string& text : {target_spec(), generator_spec()}) {
    const Ended ended = check_spec(text);
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  }
}

TEST_F(TorchscriptRun, DescribeNamesTheOptionWhoseFileIsWrong) {
  put("energy.pt", scripted({forward_of("-x.pow(2).sum(1)")}));
  std::filesystem::copy(folder_ / "energy.pt", folder_ / "mine.pt");
  std::filesystem::copy(folder_ / "energy.json", folder_ / "mine.json");
  const std::string mine = (folder_ / "mine.pt").string();
  for (const std::string& call : {std::string("torchscript"), "torchscript:file=" + mine}) {
    const Ended ended = run(program, "describe '" + call + "' --data '" + folder_.path().string() + "'");
    EXPECT_EQ(ended.code, 2) << call;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("samplerbench: target torchscript: option 'file': "),
                                 HasSubstr(call == "torchscript" ? "energy.pt: " : mine + ": "),
                                 HasSubstr("it has no attribute 'dim'")));
  }
}

TEST_F(TorchscriptRun, DescribeTellsWhatTheFileStates) {
  put("energy.pt", scripted_normal());
  const Ended described = run(program, "describe torchscript --data '" + folder_.path().string() + "'");
  EXPECT_EQ(described.code, 0);
  EXPECT_THAT(described.out,
              AllOf(HasSubstr("dim 2"), HasSubstr("exact draws: yes"), HasSubstr("energy.pt")));
  EXPECT_THAT(run(program, "describe torchscript-generator").out,
              AllOf(HasSubstr("trained elsewhere"), HasSubstr("never ranked")));
}

}  // namespace
}  // namespace samplerbench::harness
