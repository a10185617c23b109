#include "core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/archive.h"
#include "core/budget.h"
#include "core/error.h"

namespace samplerbench {
namespace {

TEST(CanonicalJson, DoesNotDependOnTheOrderOfKeys) {
  const Json a = Json::parse(R"({"b": 1, "a": [1.5, true]})"), b = Json::parse(R"({"a":[1.5,true],"b":1})");
  EXPECT_EQ(canonical(a), canonical(b));
  EXPECT_EQ(canonical(a), R"({"a":[1.5,true],"b":1})");
}

// FIPS 180-2, appendix B.1.
TEST(Sha256, MatchesThePublishedExample) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(NumberJson, KeepsWhatJsonCannotHold) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(number_from_json(number_to_json(infinity)), infinity);
  EXPECT_EQ(number_from_json(number_to_json(-infinity)), -infinity);
  EXPECT_TRUE(std::isnan(number_from_json(number_to_json(std::nan("")))));
  EXPECT_EQ(number_from_json(Json::parse(number_to_json(0.1).dump())), 0.1);
  EXPECT_THROW(number_from_json("many"), InputError);
}

TEST(Budget, EndsByTheFirstLimitReached) {
  const Budget budget = budget_from_json({{"steps", 10}, {"score", 100}}, "budget");
  EXPECT_FALSE(budget.reached({.steps = 9, .score = 90, .hessian_vector = 9}));
  EXPECT_EQ(budget.reached({.steps = 10}), "steps");
  EXPECT_EQ(budget.reached({.steps = 1, .score = 60, .hessian_vector = 40}), "score");
  EXPECT_DOUBLE_EQ(budget.spent({.steps = 5, .score = 80}), 0.8);
}

TEST(Budget, RefusesNothingAndNonsense) {
  for (const Json& json : {Json::object(), Json{{"steps", 0}}, Json{{"steps", 1.5}}, Json{{"wall_s", -1}},
                           Json{{"wall_s", "long"}}, Json{{"epochs", 3}}, Json(3)})
    EXPECT_THROW(budget_from_json(json, "budget"), InputError) << json;
}

TEST(Archive, RoundTripsAndRefusesDamage) {
  Archive archive;
  archive.put("weights", torch::arange(6, torch::kFloat).reshape({2, 3}));
  archive.put("steps", torch::tensor(int64_t{7}));
  const std::string bytes = archive.serialise();
  const Archive again = Archive::parse(bytes, "file.pt");
  EXPECT_TRUE(torch::equal(again.get("weights"), archive.get("weights")));
  EXPECT_EQ(again.get("steps").item<int64_t>(), 7);
  EXPECT_THROW(again.get("bias"), InputError);
  EXPECT_THROW(Archive::parse(bytes.substr(0, bytes.size() / 2), "file.pt"), InputError);
  EXPECT_THROW(Archive::parse("", "file.pt"), InputError);
  EXPECT_THROW(Archive::parse("no pickle", "file.pt"), InputError);
}

}  // namespace
}  // namespace samplerbench
