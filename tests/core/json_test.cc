#include "core/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
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

TEST(ParseJson, ANulByteIsNoEnd) {
  EXPECT_EQ(parse_json("{}"), Json::object());
  const std::string nul(1, '\0');
  for (const std::string& text : {"{}" + nul, "{}" + nul + "{\"a\":1}", nul})
    EXPECT_THROW(parse_json(text), InputError);
}

TEST(ParseJson, LevelsAreThoseOfBracketsOutsideOfTexts) {
  const auto nested = [](size_t levels) { return std::string(levels, '[') + "1" + std::string(levels, ']'); };
  EXPECT_NO_THROW(parse_json(nested(100)));
  EXPECT_THROW(parse_json(nested(101)), InputError);
  EXPECT_NO_THROW(parse_json("[" + nested(99) + "," + nested(99) + "]"));
  const std::string brackets(300, '[');
  EXPECT_EQ(parse_json("[\"" + brackets + "\\\"" + brackets + "\"]")[0].get<std::string>(),
            brackets + "\"" + brackets);
}

TEST(Budget, EndsByTheFirstLimitReached) {
  const Budget budget = budget_from_json({{"steps", 10}, {"score", 100}}, "budget");
  EXPECT_FALSE(budget.reached({.steps = 9, .score = 90, .hessian_vector = 9}));
  EXPECT_EQ(budget.reached({.steps = 10}), "steps");
  EXPECT_EQ(budget.reached({.steps = 1, .score = 60, .hessian_vector = 40}), "score");
  EXPECT_DOUBLE_EQ(budget.spent({.steps = 5, .score = 80}), 0.8);
}

TEST(Budget, CountsCpuSecondsAsItCountsWallClockSeconds) {
  const Budget budget = budget_from_json({{"cpu_s", 2}, {"wall_s", 10}, {"steps", 100}}, "budget");
  EXPECT_FALSE(budget.reached({.steps = 99, .wall_s = 9.9, .cpu_s = 1.9}));
  EXPECT_EQ(budget.reached({.steps = 1, .wall_s = 1, .cpu_s = 2}), "cpu_s");
  EXPECT_EQ(budget.reached({.steps = 1, .wall_s = 10, .cpu_s = 1}), "wall_s");
  EXPECT_EQ(budget.reached({.steps = 100, .wall_s = 11, .cpu_s = 3}), "steps");
  EXPECT_DOUBLE_EQ(budget.spent({.steps = 5, .wall_s = 1, .cpu_s = 0.5}), 0.25);
  EXPECT_DOUBLE_EQ(budget.spent({.steps = 5, .wall_s = 4, .cpu_s = 0.5}), 0.4);
  EXPECT_EQ(json_of(budget), Json({{"cpu_s", 2.0}, {"steps", 100}, {"wall_s", 10.0}}));
  EXPECT_EQ(json_of(Budget{.steps = 3}), Json({{"steps", 3}}));  // older keys stay as they are
}

TEST(Budget, RefusesNothingAndNonsense) {
  for (const Json& json :
       {Json::object(), Json{{"steps", 0}}, Json{{"steps", 1.5}}, Json{{"wall_s", -1}},
        Json{{"wall_s", "long"}}, Json{{"cpu_s", 0}}, Json{{"cpu_s", "60"}}, Json{{"epochs", 3}}, Json(3)})
    EXPECT_THROW(budget_from_json(json, "budget"), InputError) << json;
}

Archive small_archive() {
  Archive archive;
  archive.put("weights", torch::arange(6, torch::kFloat).reshape({2, 3}));
  archive.put("moments", torch::linspace(0, 1, 3, torch::kDouble));
  archive.put("steps", torch::tensor(int64_t{7}));
  archive.put("text", torch::arange(5, torch::kByte));
  archive.put("mask", torch::zeros({0, 4}, torch::kBool));
  return archive;
}

// Eight bytes with the length of `header`, the header, and `numbers` bytes.
std::string safetensors(const std::string& header, size_t numbers) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header +
         std::string(numbers, 'x');
}

std::string complaint(const std::string& bytes) {
  try {
    Archive::parse(bytes, "file");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Archive, RoundTrips) {
  const Archive archive = small_archive(), again = Archive::parse(archive.serialise(), "file");
  for (const char* name : {"weights", "moments", "steps", "text", "mask"}) {
    EXPECT_EQ(again.get(name).scalar_type(), archive.get(name).scalar_type());
    EXPECT_TRUE(torch::equal(again.get(name), archive.get(name))) << name;
  }
  EXPECT_THROW(again.get("bias"), InputError);
}

// The layout of the format, byte by byte.
TEST(Archive, IsInTheSafetensorsFormat) {
  const std::string header =
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"__metadata__":{"by":"hand"}})";
  EXPECT_EQ(Archive::parse(safetensors(header, 4), "file").get("a").numel(), 1);
  Archive archive;
  archive.put("a", torch::ones({1}, torch::kFloat));
  const std::string bytes = archive.serialise();
  const size_t length = static_cast<unsigned char>(bytes[0]);
  EXPECT_EQ(length % 8, 0);
  EXPECT_EQ(bytes.size(), 8 + length + 4);
  EXPECT_EQ(Json::parse(bytes.substr(8, length)),
            Json({{"a", {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {0, 4}}}}}));
}

TEST(Archive, RefusesTensorsThatLeaveTheFile) {
  for (const auto& [entry, what] : std::vector<std::pair<std::string, std::string>>{
           {R"("dtype":"F32","shape":[2],"data_offsets":[0,4])", "larger"},
           {R"("dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4])", "larger"},
           {R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4])", "larger"},
           {R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])", "-1"},
           {R"("dtype":"F32","shape":[1.5],"data_offsets":[0,4])", "1.5"},
           {R"("dtype":"F32","shape":[1],"data_offsets":[4,8])", "offsets"},
           {R"("dtype":"F32","shape":[1],"data_offsets":[4,0])", "offsets"},
           {R"("dtype":"F32","shape":[0],"data_offsets":[0,0])", "4 bytes follow"},
           {R"("dtype":"F32","shape":[1],"data_offsets":[0])", "two offsets"},
           {R"("dtype":"F8","shape":[4],"data_offsets":[0,4])", "F8"},
           {R"("dtype":"F32","shape":[1])", "data_offsets"}})
    EXPECT_THAT(complaint(safetensors(R"({"a":{)" + entry + "}}", 4)), ::testing::HasSubstr(what)) << entry;
  for (const char* header : {"", "[]", "{", "null", R"({"a":3})", R"({"a":[]})", "\xff"})
    EXPECT_NE(complaint(safetensors(header, 4)), "") << header;
}

// Strides beyond 64 bits, and a size that nests deeper than any recursion goes.
TEST(Archive, RefusesWhatNoTensorCanBe) {
  const std::string big = "9223372036854775807";
  EXPECT_THAT(complaint(safetensors(
                  R"({"a":{"dtype":"F32","shape":[0,)" + big + "," + big + R"(],"data_offsets":[0,0]}})", 0)),
              ::testing::HasSubstr("larger"));
  const std::string deep = std::string(200000, '[') + std::string(200000, ']');
  EXPECT_THAT(complaint(safetensors(
                  R"({"a":{"dtype":"F32","shape":[)" + deep + R"(],"data_offsets":[0,4]}})", 4)),
              ::testing::HasSubstr("more than 100 levels"));
  EXPECT_THAT(complaint(safetensors(R"({"two\nlines":3})", 4)), ::testing::HasSubstr("two\\nlines"));
}

TEST(Archive, RefusesEveryCutAndSurvivesEveryFlippedBit) {
  const std::string bytes = small_archive().serialise();
  for (size_t n = 0; n < bytes.size(); ++n) EXPECT_NE(complaint(bytes.substr(0, n)), "") << n;
  EXPECT_NE(complaint(bytes + "x"), "");
  int refused = 0;
  for (size_t i = 0; i < 8 * bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ 1 << i % 8);
    refused += !complaint(damaged).empty();
  }
  EXPECT_GT(refused, 8 * 8);  // at least where the length is hit
}

// LibTorch reads past the end of some damaged pickles, so only those with a published SHA-256 come to it.
TEST(Archive, ReadsNoPickleButThosePublished) {
  EXPECT_THAT(complaint("PK\x03\x04 and so on"), ::testing::HasSubstr("safetensors"));
  std::ifstream file(SAMPLERBENCH_SOURCE "/results/models/strokes-features.pt", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(bytes.empty());
  EXPECT_EQ(complaint(bytes), "");
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_THAT(complaint(bytes), ::testing::HasSubstr("pickle"));
}

}  // namespace
}  // namespace samplerbench
