// The target `stan` from the command line: runs, records and refusals, with the libraries that
// tests/programs/stan_fixture.cc makes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "core/json.h"
#include "harness/support/npy.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kProgram = SAMPLERBENCH_PROGRAM;
const fs::path kFixtures = SAMPLERBENCH_STAN_FIXTURES;
const std::string kWhole = "fixture.so", kWithoutHessian = "fixture_without_hessian.so";

// One experiment in a folder of its own.
class StanRuns : public ::testing::Test {
 protected:
  // The options of the target with a library of the fixture and a document.
  Json model(const std::string& library, const Json& data = Json::object()) const {
    spit(scratch_ / "data.json", data.dump());
    return {{"library", (kFixtures / library).string()}, {"data", (scratch_ / "data.json").string()}};
  }

  // "stan:library=..,data=.."
  static std::string call_of(const Json& model) {
    std::string call;
    for (const auto& [option, value] : model.items())
      call += (call.empty() ? "stan:" : ",") + option + "=" + value.get<std::string>();
    return call;
  }

  Ended run_experiment(const Json& model, const std::string& sampler, const std::string& flags = "") const {
    fs::remove_all(scratch_ / "out");
    std::string options;
    for (const auto& [option, value] : model.items())
      options += (options.empty() ? "" : ", ") + option + " = " + value.dump();
    spit(scratch_ / "trial.toml",
         fmt::format("name = \"trial\"\nstart = false\nseeds = 1\ndraws = 60\ncheckpoints = 1\n"
                     "floor_replications = 40\nkeep = \"all\"\nmetrics = [\"ksd_imq_v\"]\n"
                     "targets = [{{ name = \"stan\", label = \"model\", options = {{ {} }} }}]\n{}",
                     options, sampler));
    return run(kProgram,
               fmt::format("run '{}' --results '{}' --no-report {}", (scratch_ / "trial.toml").string(),
                           (scratch_ / "out").string(), flags));
  }

  // The table of costs after a report.
  std::string costs() const {
    const fs::path folder = scratch_ / "out/trial";
    EXPECT_EQ(run(kProgram, "report '" + folder.string() + "' --no-figures").code, 0);
    return slurp(folder / "report/tables/cost.csv");
  }

  // The record of the run, and the work of its training.
  fs::path record() const {
    const fs::path folder = scratch_ / "out/trial/model";
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".jsonl" && entry.path().parent_path().filename() != "floor")
        return entry.path();
    return {};
  }
  Json training() const {
    std::istringstream text(slurp(record()));
    for (std::string line; std::getline(text, line);)
      if (const Json json = Json::parse(line); json.at("type") == "checkpoint") return json.at("train");
    return nullptr;
  }

  Scratch scratch_;
};

const std::string kLangevin =
    "[[samplers]]\nname = \"ula\"\noptions = { chains = 20 }\nbudget = { steps = 40 }\n";
const std::string kTraining =
    "[[samplers]]\nname = \"dft\"\noptions = { batch = 32, width = 16 }\nbudget = { steps = 3 }\n";

TEST_F(StanRuns, FailedEvaluationsStandInRecordsAndReports) {
  const Ended ended = run_experiment(model(kWhole, {{"fail_above", 0.5}}), kLangevin);
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json failing = training();
  EXPECT_EQ(failing["score"], 20 * 40);
  EXPECT_GT(failing.value("failed", 0), 10);
  EXPECT_LT(failing.value("failed", 0), 20 * 40);
  EXPECT_THAT(costs(), HasSubstr("train_failed"));
  ASSERT_EQ(run_experiment(model(kWhole), kLangevin).code, 0);
  EXPECT_FALSE(training().contains("failed")) << "the control";
  EXPECT_THAT(costs(), Not(HasSubstr("train_failed")));
}

// Each product by differences takes two scores beside those that the sampler asked for.
TEST_F(StanRuns, ScoresOfDifferencesAreCounted) {
  ASSERT_EQ(run_experiment(model(kWhole), kTraining).code, 0);
  const Json own = training();
  ASSERT_EQ(run_experiment(model(kWithoutHessian), kTraining).code, 0);
  const Json differences = training();
  const auto products = own["hessian_vector"].get<int64_t>();
  EXPECT_GT(products, 0);
  EXPECT_EQ(differences["hessian_vector"], products);
  EXPECT_EQ(differences["score"], own["score"].get<int64_t>() + 2 * products);
}

TEST_F(StanRuns, PrintingModelsSpoilNoOutput) {
  const Json printing = model(kWhole, {{"print", 1}});
  const Ended ended = run_experiment(printing, kLangevin, "--json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["statuses"], Json({{"finished", 2}}));
  write_npy(scratch_ / "x.npy", torch::zeros({20, 3}) + torch::arange(20).unsqueeze(1) / 10);
  const Ended scored = run(kProgram, fmt::format("score '{}' --target '{}' --metric ksd_imq_v --json",
                                                 (scratch_ / "x.npy").string(), call_of(printing)));
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_TRUE(Json::parse(scored.out)["metrics"]["ksd_imq_v"].contains("value"));
}

TEST_F(StanRuns, DescribeSaysWhatTheModelIs) {
  const Ended ended = run(kProgram, "describe --json '" + call_of(model(kWhole)) + "'");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json facts = Json::parse(ended.out)["facts"];
  EXPECT_EQ(facts["dim"], 3);
  EXPECT_EQ(facts["parameters"], Json({"scale", "effect.1", "share", "product"}));
  EXPECT_THAT(facts["source"].get<std::string>(),
              AllOf(HasSubstr("fixture of BridgeStan 2.7.0"), HasSubstr("its own function")));
  const std::string text = run(kProgram, "describe '" + call_of(model(kWithoutHessian)) + "'").out;
  EXPECT_THAT(text, HasSubstr("central differences"));
  EXPECT_THAT(text, HasSubstr("parameters: scale, effect.1, share, product\n"));
}

// The system's loader would look for a bare name elsewhere.
TEST_F(StanRuns, ANameIsThatOfAFileHere) {
  fs::copy(kFixtures / kWhole, scratch_ / "model.so");
  const Ended ended =
      run("/usr/bin/env", fmt::format("-C '{}' '{}' describe stan", scratch_.path().string(), kProgram));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("dim 3"));
}

// The numbers of a CSV file below its line of names: [rows, columns].
Tensor numbers_below(const std::string& text) {
  std::istringstream lines(text);
  std::string line, word;
  std::getline(lines, line);
  std::vector<double> numbers;
  int64_t rows = 0;
  for (; std::getline(lines, line); ++rows) {
    std::istringstream words(line);
    while (std::getline(words, word, ',')) numbers.push_back(std::stod(word));
  }
  return torch::tensor(numbers, torch::kDouble).view({rows, -1});
}

TEST_F(StanRuns, DrawsParametersByTheirNames) {
  ASSERT_EQ(run_experiment(model(kWhole), kLangevin).code, 0);
  const auto draw = [&](const std::string& file, const std::string& flags) {
    const Ended ended = run(kProgram, fmt::format("draw '{}' -n 50 --out '{}' {}", record().string(),
                                                  (scratch_ / file).string(), flags));
    EXPECT_EQ(ended.code, 0) << ended.err;
  };
  draw("x.npy", "");
  draw("x.csv", "");
  draw("parameters.npy", "--constrained");
  draw("parameters.csv", "--constrained");
  const Tensor x = read_npy(scratch_ / "x.npy");
  ASSERT_EQ(x.sizes(), at::IntArrayRef({50, 3}));
  const Tensor scale = x.select(1, 0).exp(), effect = x.select(1, 1);
  const Tensor expected = torch::stack({scale, effect, x.select(1, 2).sigmoid(), scale * effect}, 1);
  EXPECT_TRUE(torch::allclose(read_npy(scratch_ / "parameters.npy"), expected, 1e-12, 1e-12));
  const std::string csv = slurp(scratch_ / "parameters.csv"), own = slurp(scratch_ / "x.csv");
  EXPECT_TRUE(csv.starts_with("scale,effect.1,share,product\n")) << csv.substr(0, 100);
  EXPECT_TRUE(own.starts_with("scale,effect.1,share\n")) << own.substr(0, 100);
  EXPECT_TRUE(torch::equal(numbers_below(csv), read_npy(scratch_ / "parameters.npy")));
  EXPECT_TRUE(torch::equal(numbers_below(own), x));
  EXPECT_FALSE(torch::allclose(numbers_below(csv).slice(1, 0, 3), x, 1e-3, 1e-3)) << "the control";
}

TEST_F(StanRuns, OtherTargetsHaveNoConstraints) {
  const std::string text =
      "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 60\ncheckpoints = 1\nfloor_replications = 40\n"
      "keep = \"all\"\ntargets = [{ name = \"gaussian\", label = \"model\" }]\nmetrics = [\"ksd_imq_v\"]\n";
  spit(scratch_ / "trial.toml", text + kLangevin);
  const Ended ended =
      run(kProgram, fmt::format("run '{}' --results '{}' --no-report", (scratch_ / "trial.toml").string(),
                                (scratch_ / "out").string()));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const std::string draw = fmt::format("draw '{}' -n 5 --out '{}' ", record().string(),
                                       (scratch_ / "x.csv").string());
  const Ended refused = run(kProgram, draw + "--constrained");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("without constraints"));
  EXPECT_FALSE(fs::exists(scratch_ / "x.csv"));
  EXPECT_EQ(run(kProgram, draw).code, 0);
  EXPECT_TRUE(slurp(scratch_ / "x.csv").starts_with("x.1,x.2\n"));
}

TEST_F(StanRuns, WhatIsNoModelIsRefusedInOneLine) {
  const auto expect_refused = [](const Ended& ended, const std::string& part) {
    EXPECT_EQ(ended.code, 2) << part << ended.err;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(part));
    EXPECT_TRUE(ended.out.empty()) << ended.out;
  };
  // Every message names the option, and the file of it.
  const auto expect_blamed = [&](const Json& model, const std::string& option, const std::string& part) {
    const Ended ended = run(kProgram, "describe '" + call_of(model) + "'");
    expect_refused(ended, part);
    const auto file = model.at(option).get<std::string>();
    EXPECT_THAT(ended.err, HasSubstr(fmt::format("target stan: option '{}': {}: ", option, file)));
  };
  expect_blamed(model("fixture_without_gradient.so"), "library", "bs_log_density_gradient");
  expect_blamed(model("fixture_of_version_3.so"), "library", "version 2 is needed");
  const std::string data = "; option 'data' names " + (scratch_ / "data.json").string();
  expect_blamed(model(kWhole, {{"refuse", 1}}), "library", "variable does not exist");
  expect_blamed(model(kWhole, {{"refuse", 1}}), "library", data);
  expect_blamed(model(kWhole, {{"empty", 1}}), "library", "no parameters");
  spit(scratch_ / "text.so", "no shared object");
  expect_blamed({{"library", (scratch_ / "text.so").string()}}, "library", "as a shared object");
  Json with_reference = model(kWhole);
  with_reference["reference"] = (scratch_ / "text.so").string();
  expect_blamed(with_reference, "reference", "not reference draws");
  // By default it is a file here, and the library is opened by its absolute path.
  spit(scratch_ / "model.so", "no shared object");
  const auto here = [&](const std::string& words) {
    return run("/usr/bin/env", fmt::format("-C '{}' '{}' {}", scratch_.path().string(), kProgram, words));
  };
  expect_refused(here("describe stan"), "samplerbench: target stan: option 'library': ");
  expect_refused(here("score x.npy --target stan"), "samplerbench: --target stan: option 'library': ");
  expect_refused(here("serve stan"), "TARGET stan: option 'library': ");
  expect_refused(run_experiment(model("nowhere.so"), kLangevin), "nowhere.so: no such file");
  Json without_data = model(kWhole);
  without_data["data"] = "/nowhere.json";
  expect_refused(run_experiment(without_data, kLangevin), "/nowhere.json: no such file");
}

}  // namespace
}  // namespace samplerbench::harness
