#include "core/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace samplerbench {
namespace {

using ::testing::HasSubstr;

enum class Colour { red, blue };

auto words(Colour) {
  return std::to_array<std::pair<Colour, const char*>>({{Colour::red, "red"}, {Colour::blue, "blue"}});
}

struct Part {
  double size = 0;

  static auto fields() { return std::tuple{field("size", &Part::size)}; }
};

struct Whole {
  std::string name;
  int64_t count = 3;
  Colour colour = Colour::red;
  std::optional<Part> part;
  std::vector<Part> parts;
  std::map<std::string, double> numbers;

  static auto fields() {
    return std::tuple{field("name", &Whole::name),        field_or("count", &Whole::count),
                      field_or("colour", &Whole::colour), rare_field("part", &Whole::part),
                      rare_field("parts", &Whole::parts), rare_field("numbers", &Whole::numbers)};
  }
};

std::string complaint(const Json& json) {
  try {
    from_json_of<Whole>(json);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Fields, RareOnesAreLeftOutAtTheirDefaultAndTheOthersAreWritten) {
  EXPECT_EQ(json_of(Whole{.name = "a"}), Json({{"name", "a"}, {"count", 3}, {"colour", "red"}}));
}

TEST(Fields, WhatIsWrittenReadsBack) {
  const Whole whole{.name = "a",
                    .count = 4,
                    .colour = Colour::blue,
                    .part = Part{1.5},
                    .parts = {{2}, {INFINITY}},
                    .numbers = {{"x", -INFINITY}, {"y", 0.1}}};
  const Whole read = from_json_of<Whole>(Json::parse(json_of(whole).dump()));
  EXPECT_EQ(json_of(read), json_of(whole));
  EXPECT_EQ(read.colour, Colour::blue);
  EXPECT_EQ(read.parts.at(1).size, INFINITY);
  EXPECT_EQ(read.numbers.at("x"), -INFINITY);
}

TEST(Fields, AbsentMembersHaveTheirDefaultUnlessTheyAreRequired) {
  const Whole read = from_json_of<Whole>({{"name", "a"}, {"unknown", 1}});
  EXPECT_EQ(read.count, 3);
  EXPECT_FALSE(read.part);
  EXPECT_THAT(complaint(Json::object()), HasSubstr("the member 'name' is missing"));
}

TEST(Fields, WrongValuesAreNamed) {
  EXPECT_THAT(complaint({{"name", "a"}, {"colour", "green"}}), HasSubstr("'green' is not one of red, blue"));
  EXPECT_THAT(complaint({{"name", "a"}, {"part", Json::object()}}), HasSubstr("part: the member 'size'"));
  EXPECT_THAT(complaint({{"name", "a"}, {"parts", {{"size", 1}}}}), HasSubstr("parts: a list is needed"));
  EXPECT_THAT(complaint({{"name", 1}}), HasSubstr("name: "));
  EXPECT_THAT(complaint(Json::array()), HasSubstr("an object is needed"));
}

}  // namespace
}  // namespace samplerbench
