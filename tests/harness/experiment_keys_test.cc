// The keys of all built-in experiments, so that a spec can be rewritten and its published records stay those
// of it. A changed default, revision or spec that makes other runs changes a line of experiment_keys.txt;
// then the published records are to be made anew. The rows of the starting law, which every experiment gets,
// are not among these keys.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "harness/data/data_folder.h"
#include "harness/plan/job.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

// What a line of the file says of an experiment.
struct Pinned {
  size_t jobs = 0;
  std::string hash;  // SHA-256 of the sorted keys, a line each

  bool operator==(const Pinned&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Pinned& pinned) {
  return out << pinned.jobs << " " << pinned.hash;
}

std::map<std::string, Pinned> pinned_keys() {
  std::ifstream file(SAMPLERBENCH_SOURCE "/tests/harness/experiment_keys.txt");
  std::map<std::string, Pinned> all;
  std::string name;
  for (Pinned one; file >> name >> one.jobs >> one.hash;) all[name] = one;
  return all;
}

// The hashes of the published data files, which need not be here.
void note_published_files(Experiment& experiment, const Catalog& catalog) {
  const DataFolder models(catalog.data, "no such folder");
  for (Choice& target : experiment.targets)
    for (const std::string& name : catalog.files(target.name, target.options, target.label)) {
      const PublishedFile* published = catalog.data.file(name);
      target.files[name] = published != nullptr ? published->sha256 : models.sha256(name);
    }
}

Pinned keys_of(const std::string& name, const Catalog& catalog) {
  Experiment experiment = load_experiment(name, catalog);
  note_published_files(experiment, catalog);
  std::vector<std::string> keys;
  for (const Job& job : plan(experiment, {}))
    if (!job.work.sampler || job.work.sampler->name != "start") keys.push_back(job.key);
  std::sort(keys.begin(), keys.end());
  std::string lines;
  for (const std::string& key : keys) lines += key + "\n";
  return {keys.size(), sha256(lines)};
}

TEST(ExperimentKeys, AreThePinnedOnes) {
  const Catalog catalog = Catalog::standard();
  std::map<std::string, Pinned> pinned = pinned_keys();
  for (const auto& [name, text] : builtin_experiments()) {
    const Pinned found = keys_of(name, catalog);
    EXPECT_EQ(pinned[name], found) << "its line in experiment_keys.txt would be: " << name << " " << found;
    pinned.erase(name);
  }
  for (const auto& [name, keys] : pinned) ADD_FAILURE() << name << " is pinned, and is no experiment";
}

// dft-images follows a part of the published gradient, so that claims on it say so, and those on the whole
// one have rows of their own.
TEST(ImageClaims, SayWhichGradientTheyTest) {
  const Catalog catalog = Catalog::standard();
  int parts = 0, whole = 0;
  for (const char* name : {"paper-ebm", "ebm-perceptron", "paper-figure-5", "ebm-smoke"}) {
    for (const Claim& claim : load_experiment(name, catalog).claims) {
      const bool is_part = claim.left == "dft-images", is_whole = claim.left == "dft-images, full gradient";
      EXPECT_TRUE(!is_part || claim.text.find("through the score, SiD weights") != std::string::npos)
          << claim.text;
      EXPECT_TRUE(!is_whole || claim.text.find("whole gradient, as published") != std::string::npos)
          << claim.text;
      parts += is_part;
      whole += is_whole;
    }
  }
  EXPECT_EQ(parts, 13);
  EXPECT_EQ(whole, 4);
}

TEST(ImageClaims, TheWholeGradientIsARowOfItsOwn) {
  const Experiment experiment = load_experiment("paper-ebm", Catalog::standard());
  const auto whole = std::find_if(experiment.samplers.begin(), experiment.samplers.end(),
                                  [](const auto& s) { return s.label == "dft-images, full gradient"; });
  ASSERT_NE(whole, experiment.samplers.end());
  EXPECT_EQ(whole->name, "dft-images");
  EXPECT_EQ(whole->options.at("gradient"), "full");
}

}  // namespace
}  // namespace samplerbench::harness
