#include "core/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/registry.h"

namespace samplerbench {
namespace {

using testing::HasSubstr;

OptionTable table() {
  return {Option::integer("chains", 100, "number of chains").at_least(1),
          Option::real("step_size", 0.1, "length of a step").above(0).at_most(10),
          Option::flag("jitter", true, "whether to jitter"),
          Option::choice("kernel", "rbf", {"rbf", "imq"}, "which kernel"),
          Option::text("note", "", "free text")};
}

std::string complaint(const Json& given) {
  try {
    Options(table(), given, "sampler hmc");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Options, FillsDefaultsAndKeepsWhatIsGiven) {
  const Options options(table(), {{"chains", 5}, {"kernel", "imq"}}, "x");
  EXPECT_EQ(options.integer("chains"), 5);
  EXPECT_EQ(options.real("step_size"), 0.1);
  EXPECT_TRUE(options.flag("jitter"));
  EXPECT_EQ(options.text("kernel"), "imq");
}

TEST(Options, TakesAWholeNumberWhereARealIsAsked) {
  const Options options(table(), {{"step_size", 2}}, "x");
  EXPECT_EQ(options.real("step_size"), 2.0);
  EXPECT_TRUE(options.json().at("step_size").is_number_float());
}

TEST(Options, RecordsLeaveOutWhatWasAddedLaterAndStandsAtItsDefault) {
  OptionTable longer = table();
  longer.push_back(Option::integer("blocks", 2, "").added_later());
  const Json before = recorded_options(table(), Options(table(), Json::object(), "x"));
  EXPECT_EQ(recorded_options(longer, Options(longer, Json::object(), "x")), before);
  EXPECT_EQ(recorded_options(longer, Options(longer, {{"blocks", 2}}, "x")), before);
  EXPECT_EQ(recorded_options(longer, Options(longer, {{"blocks", 3}}, "x")).at("blocks"), 3);
}

TEST(Options, NamesOwnerOptionValueAndRange) {
  const std::string message = complaint({{"step_size", -1}});
  for (const char* part : {"sampler hmc", "step_size", "-1", "a number above 0"})
    EXPECT_THAT(message, HasSubstr(part));
}

TEST(Options, RefusesWhatIsNoFiniteNumberByItsName) {
  EXPECT_THAT(complaint({{"step_size", std::nan("")}}), HasSubstr("step_size = nan is not valid"));
  EXPECT_THAT(complaint({{"step_size", HUGE_VAL}}), HasSubstr("step_size = inf is not valid"));
}

TEST(Options, RefusesWrongTypesAndRanges) {
  for (const Json& given :
       {Json{{"chains", 0}}, Json{{"chains", 1.5}}, Json{{"chains", "many"}}, Json{{"step_size", 0}},
        Json{{"step_size", 11}}, Json{{"step_size", "inf"}}, Json{{"jitter", 1}}, Json{{"kernel", "linear"}},
        Json{{"note", 3}}, Json{{"step_size", Json::array({1, 2})}}})
    EXPECT_NE(complaint(given), "") << given;
}

TEST(Options, SuggestsTheNearestName) {
  EXPECT_THAT(complaint({{"step_sise", 1}}), HasSubstr("did you mean 'step_size'?"));
}

TEST(Call, ParsesNameAndTypedOptions) {
  const Call call = parse_call("hmc:step_size=0.1,chains=64,jitter=false,kernel=imq");
  EXPECT_EQ(call.name, "hmc");
  EXPECT_EQ(call.options, Json({{"step_size", 0.1}, {"chains", 64}, {"jitter", false}, {"kernel", "imq"}}));
  EXPECT_TRUE(parse_call("hmc").options.empty());
}

TEST(Call, RefusesMalformedText) {
  for (const char* text : {"", ":a=1", "hmc:", "hmc:a", "hmc:=1", "hmc:a=1,", "hmc:a=1,a=2"})
    EXPECT_THROW(parse_call(text), InputError) << text;
}

TEST(Call, DescribesWhatDiffersFromTheDefaults) {
  const Options options(table(), {{"chains", 5}, {"step_size", 0.1}}, "x");
  EXPECT_EQ(describe_call("hmc", table(), options.json()), "hmc:chains=5");
  EXPECT_EQ(describe_call("hmc", table(), Options(table(), Json::object(), "x").json()), "hmc");
}

TEST(Registry, FindsSuggestsAndRefusesDoubles) {
  Registry<int> registry("sampler");
  registry.add({.name = "hmc", .summary = "", .citation = "", .make = 1});
  registry.add({.name = "svgd", .summary = "", .citation = "", .make = 2});
  EXPECT_EQ(registry.at("svgd").make, 2);
  EXPECT_EQ(registry.names(), (std::vector<std::string>{"hmc", "svgd"}));
  EXPECT_THROW(registry.add({.name = "hmc", .summary = "", .citation = "", .make = 3}), std::logic_error);
  try {
    registry.at("sgvd");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown sampler 'sgvd'; did you mean 'svgd'? Known: hmc, svgd"));
  }
}

}  // namespace
}  // namespace samplerbench
