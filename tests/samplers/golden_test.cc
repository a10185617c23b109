#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "tests/samplers/fixtures.h"
#include "tests/samplers/golden_draws.h"

// The draws of every sampler are those of its revision. A change that moves them raises the revision in the
// sampler's entry; then
//   SAMPLERBENCH_WRITE_GOLDEN=1 build/release/tests/test_samplers --gtest_filter='*GoldenDraws*'
// keeps the new draws. It never writes over draws of the same revision.
namespace samplerbench::testing {
namespace {

const std::string kFile = SAMPLERBENCH_SOURCE "/tests/samplers/golden/draws.json";

class GoldenDrawsOf : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenDrawsOf, ThisRevisionAreAsKept) {
  const int revision = all_samplers().at(GetParam()).revision;
  const DrawsByTarget found = first_draws(GetParam());
  GoldenDraws golden(kFile);
  if (std::getenv("SAMPLERBENCH_WRITE_GOLDEN") != nullptr) golden.add(GetParam(), revision, found);
  ASSERT_EQ(golden.revision(GetParam()), revision) << "keep its draws: see the head of " << __FILE__;
  EXPECT_EQ(difference(found, golden.draws(GetParam())), "")
      << "the draws changed: raise the revision of " << GetParam() << ", see the head of " << __FILE__;
}

TEST_P(GoldenDrawsOf, ThisRevisionAreNotThoseOfAStepLongerByOnePartInAThousand) {
  const DrawsByTarget kept = GoldenDraws(kFile).draws(GetParam());
  const std::set<std::string> without{"erm-choice", "exact-oracle", "gaussian-fisher",
                                      "laplace",    "pathfinder",   "start"};
  if (without.contains(GetParam())) GTEST_SKIP() << "takes no steps of a length";
  for (const auto& [target, numbers] : first_draws(GetParam(), 1.001))
    EXPECT_NE(difference({{target, numbers}}, {{target, kept.at(target)}}), "") << target;
}

TEST(GoldenDraws, OfTheSameRevisionAreNeverWrittenOver) {
  const std::string file = ::testing::TempDir() + "golden-draws.json";
  std::remove(file.c_str());
  GoldenDraws golden(file);
  golden.add("ula", 1, {{"donut", {0.1, 2}}});
  golden.add("ula", 1, {{"donut", {0.3, 4}}, {"mog2", {5.0}}});
  EXPECT_EQ(GoldenDraws(file).draws("ula"), (DrawsByTarget{{"donut", {0.1, 2}}, {"mog2", {5.0}}}));
  golden.add("ula", 2, {{"donut", {0.3, 4}}});
  EXPECT_EQ(GoldenDraws(file).draws("ula"), (DrawsByTarget{{"donut", {0.3, 4}}}));
  EXPECT_EQ(GoldenDraws(file).revision("ula"), 2);
  EXPECT_EQ(GoldenDraws(file).revision("hmc"), 0);
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

INSTANTIATE_TEST_SUITE_P(Registered, GoldenDrawsOf, ::testing::ValuesIn(samplers_without_files()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace samplerbench::testing
