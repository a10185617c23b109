#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "tests/samplers/fixtures.h"
#include "tests/samplers/golden_draws.h"

// The draws of every sampler are those of its revision. A change that moves them raises the revision in the
// sampler's entry; then
//   SAMPLERBENCH_WRITE_GOLDEN=1 build/release/tests/test_samplers --gtest_filter='*GoldenDraws*'
// keeps the new draws. It never writes over draws of the same revision. They are those of LibTorch 1.13, as
// Debian 12 has it. Another LibTorch may make normals or round sums in another way: draws that are not those
// kept must repeat there, and the test is skipped and says so.
namespace samplerbench::testing {
namespace {

const std::string kFile = SAMPLERBENCH_SOURCE "/tests/samplers/golden/draws.json";

constexpr bool kIsLibTorchOfKeptDraws = TORCH_VERSION_MAJOR == 1 && TORCH_VERSION_MINOR == 13;

// Whether both have as many numbers of each target, those of `found` finite.
bool as_many_finite(const DrawsByTarget& found, const DrawsByTarget& kept) {
  const auto is_as_kept = [](const auto& one, const auto& other) {
    return one.first == other.first && one.second.size() == other.second.size() &&
           std::all_of(one.second.begin(), one.second.end(), [](double x) { return std::isfinite(x); });
  };
  return std::equal(found.begin(), found.end(), kept.begin(), kept.end(), is_as_kept);
}

class GoldenDrawsOf : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenDrawsOf, ThisRevisionAreAsKept) {
  const int revision = all_samplers().at(GetParam()).revision;
  const DrawsByTarget found = first_draws(GetParam());
  GoldenDraws golden(kFile);
  if (std::getenv("SAMPLERBENCH_WRITE_GOLDEN") != nullptr) {
    ASSERT_TRUE(kIsLibTorchOfKeptDraws) << "keep draws with LibTorch 1.13, not with " TORCH_VERSION;
    golden.add(GetParam(), revision, found);
  }
  ASSERT_EQ(golden.revision(GetParam()), revision) << "keep its draws: see the head of " << __FILE__;
  const DrawsByTarget kept = golden.draws(GetParam());
  const std::string changed = difference(found, kept);
  if (!kIsLibTorchOfKeptDraws && !changed.empty()) {
    EXPECT_TRUE(as_many_finite(found, kept)) << changed;
    EXPECT_EQ(difference(first_draws(GetParam()), found), "") << "the draws do not repeat";
    GTEST_SKIP() << "LibTorch " TORCH_VERSION " draws otherwise than 1.13: " << changed;
  }
  EXPECT_EQ(changed, "") << "the draws changed: raise the revision of " << GetParam() << ", see the head of "
                         << __FILE__;
}

TEST_P(GoldenDrawsOf, ThisRevisionAreNotThoseOfAStepLongerByOnePartInAThousand) {
  const std::set<std::string> without{"erm-choice", "exact-oracle", "gaussian-fisher", "gmmvi",
                                      "laplace",    "pathfinder",   "start"};
  if (without.contains(GetParam())) GTEST_SKIP() << "takes no steps of a length";
  const DrawsByTarget kept =
      kIsLibTorchOfKeptDraws ? GoldenDraws(kFile).draws(GetParam()) : first_draws(GetParam());
  for (const auto& [target, numbers] : first_draws(GetParam(), 1.001))
    EXPECT_NE(difference({{target, numbers}}, {{target, kept.at(target)}}), "") << target;
}

TEST(GoldenDraws, OfTheSameRevisionAreNeverWrittenOver) {
  const std::string file = ::testing::TempDir() + fmt::format("golden-draws-{}.json", getpid());
  std::remove(file.c_str());
  GoldenDraws golden(file);
  golden.add("ula", 1, {{"donut", {0.1, 2}}});
  golden.add("ula", 1, {{"donut", {0.3, 4}}, {"mog2", {5.0}}});
  EXPECT_EQ(GoldenDraws(file).draws("ula"), (DrawsByTarget{{"donut", {0.1, 2}}, {"mog2", {5.0}}}));
  golden.add("ula", 2, {{"donut", {0.3, 4}}});
  EXPECT_EQ(GoldenDraws(file).draws("ula"), (DrawsByTarget{{"donut", {0.3, 4}}}));
  EXPECT_EQ(GoldenDraws(file).revision("ula"), 2);
  EXPECT_EQ(GoldenDraws(file).revision("hmc"), 0);
  std::remove(file.c_str());
}

TEST(GoldenDraws, AreComparedNumberByNumber) {
  const DrawsByTarget kept{{"donut", {1, -200}}};
  EXPECT_EQ(difference({{"donut", {1 + 1e-12, -200 - 1e-10}}}, kept), "");
  EXPECT_NE(difference({{"donut", {1, -200.001}}}, kept), "");
  EXPECT_NE(difference({{"donut", {1}}}, kept), "");
  EXPECT_NE(difference({{"donut", {std::nan(""), -200}}}, kept), "");
  EXPECT_NE(difference({{"mog2", {1, -200}}}, kept), "");
  EXPECT_NE(difference({}, kept), "");
}

TEST(GoldenDraws, OfAnotherLibTorchAreAsManyFiniteNumbers) {
  const DrawsByTarget kept{{"donut", {1, -200}}};
  EXPECT_TRUE(as_many_finite({{"donut", {3, 4}}}, kept));
  EXPECT_FALSE(as_many_finite({{"donut", {3}}}, kept));
  EXPECT_FALSE(as_many_finite({{"donut", {3, std::nan("")}}}, kept));
  EXPECT_FALSE(as_many_finite({{"mog2", {3, 4}}}, kept));
  EXPECT_FALSE(as_many_finite({}, kept));
}

INSTANTIATE_TEST_SUITE_P(Registered, GoldenDrawsOf, ::testing::ValuesIn(samplers_without_files()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace samplerbench::testing
