#include "core/options.h"
#include "core/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/printable.h"
#include "core/registry.h"
#include "core/suggest.h"
#include "tests/complaint.h"

namespace samplerbench {
namespace {

using ::testing::HasSubstr;

OptionTable table() {
  return {Option::integer("chains", 100, "number of chains").at_least(1),
          Option::real("step_size", 0.1, "length of a step").above(0).at_most(10),
          Option::flag("jitter", true, "whether to jitter"),
          Option::choice("kernel", "rbf", {"rbf", "imq"}, "which kernel"),
          Option::text("note", "", "free text")};
}

std::string complaint(const Json& given) {
  return testing::complaint([&] { Options(table(), given, "sampler hmc"); });
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

// What `option` says of a value that it refuses; empty where it takes the value.
std::string refusal(const Option& option, const Json& value) {
  return testing::complaint([&] { option.checked(value, "x"); });
}

TEST(Options, ABoundThatIsOpenIsNoValue) {
  const Option share = Option::real("share", 0.5, "").above(0).below(1);
  EXPECT_EQ(share.accepts(), "a number above 0 and below 1");
  EXPECT_EQ(refusal(share, 1), "x: share = 1 is not valid: it takes a number above 0 and below 1");
  for (const double value : {0.0, 1.0, 1.5}) EXPECT_NE(refusal(share, value), "") << value;
  EXPECT_EQ(refusal(share, 1 - 1e-15), "");
  EXPECT_EQ(refusal(Option::real("share", 0.5, "").above(0).at_most(1), 1), "") << "a closed bound is one";
}

TEST(Options, OneNumberMayBeValidBesideTheRange) {
  const Option cells = Option::integer("cells", 0, "").at_least(2).at_most(9).or_just(0);
  EXPECT_EQ(cells.accepts(), "a whole number of 2 or more and at most 9, or 0");
  for (const int64_t value : {0, 2, 9}) EXPECT_EQ(refusal(cells, value), "") << value;
  for (const int64_t value : {-1, 1, 10}) EXPECT_NE(refusal(cells, value), "") << value;
  EXPECT_NE(refusal(Option::integer("cells", 2, "").at_least(2), 0), "") << "a range alone";
}

TEST(Options, AWholeNumberIsTheWordThatItIsWrittenAs) {
  const Option which = Option::choice("class", "all", {"all", "0", "1"}, "");
  EXPECT_EQ(which.checked(1, "x"), "1");
  EXPECT_THAT(refusal(which, 2), HasSubstr("class = 2 is not valid: it takes one of all, 0, 1"));
  EXPECT_NE(refusal(which, 1.0), "");
  EXPECT_NE(refusal(which, true), "");
}

TEST(Options, ANumberInPlaceOfTextIsRefusedWithWhatToWrite) {
  const Option label = Option::text("label", "", "");
  EXPECT_EQ(refusal(label, 2019), "x: label = 2019 is not valid: it takes text; write label = \"2019\"");
  EXPECT_THAT(refusal(label, true), HasSubstr("write label = \"true\""));
  EXPECT_THAT(refusal(label, Json::array()), ::testing::Not(HasSubstr("write")));
}

OptionTable nested() {
  return joined({grouped("blur", {Option::flag("blur", false, ""),
                                  Option::integer("points", 64, "").at_least(2).only_if("blur", true)}),
                 grouped("weights", {Option::choice("weights", "none", {"none", "own", "capped"}, ""),
                                     Option::real("cap", 5, "").only_if("weights", "own", "capped"),
                                     Option::real("slope", 1, "").unless("cap", 0)})});
}

std::string nested_complaint(const Json& given) {
  return testing::complaint([&] { Options(nested(), given, "spec.toml:3: sampler dft"); });
}

TEST(Options, RefusesWhatHasNoEffectAndSaysWhatWouldWakeIt) {
  EXPECT_EQ(nested_complaint({{"points", 8}}),
            "spec.toml:3: sampler dft: points = 8 has no effect: it needs blur=true");
  EXPECT_EQ(nested_complaint({{"points", 64}}),
            "spec.toml:3: sampler dft: points = 64 has no effect: it needs blur=true");
  EXPECT_THAT(nested_complaint({{"cap", 3}}), HasSubstr("it needs weights=own or capped"));
  EXPECT_THAT(nested_complaint({{"weights", "own"}, {"cap", 0}, {"slope", 2}}),
              HasSubstr("it needs cap other than 0"));
  EXPECT_EQ(nested_complaint({{"blur", true}, {"points", 8}}), "");
  EXPECT_EQ(nested_complaint({{"weights", "capped"}, {"cap", 3}, {"slope", 2}}), "");
}

TEST(Options, AnEffectNeedsThatOfTheOptionThatItDependsOn) {
  EXPECT_THAT(nested_complaint({{"slope", 2}}),
              HasSubstr("it needs cap other than 0, which needs weights=own"));
}

TEST(Options, ThoseThatWereResolvedBeforeMayHaveNoEffect) {
  const Options options(nested(), Json::object(), "x");
  EXPECT_EQ(Options::resolved(nested(), options.json(), "x").json(), options.json());
  EXPECT_EQ(Options::resolved(nested(), {{"points", 8}}, "x").integer("points"), 8);
  EXPECT_THROW(Options::resolved(nested(), {{"pionts", 8}}, "x"), InputError);
}

TEST(Options, AConditionNamesAnOptionOfTheTable) {
  const OptionTable alone{Option::integer("points", 64, "").only_if("blur", true)};
  EXPECT_THROW(Options(alone, {{"points", 8}}, "x"), std::logic_error);
}

TEST(Options, OtherDefaultsAreAlwaysRecordedAndMustHaveAnEffect) {
  OptionTable table = nested();
  table.push_back(Option::integer("blocks", 2, "").added_later());
  const OptionTable other = with_defaults(table, {{"blur", true}, {"points", 8}, {"blocks", 2}});
  const Json recorded = recorded_options(other, Options(other, Json::object(), "x"));
  EXPECT_EQ(recorded.at("points"), 8);
  EXPECT_EQ(recorded.at("blocks"), 2);
  EXPECT_EQ(other.front().group, "blur");
  EXPECT_THROW(with_defaults(table, {{"points", 8}}), InputError);
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

TEST(Call, AWordInQuotesIsTextAndMayHoldCommas) {
  const Call call = parse_call(R"(lr:data="a,b.csv",label="3",other="x""y",last="")");
  EXPECT_EQ(call.options, Json({{"data", "a,b.csv"}, {"label", "3"}, {"other", "x\"y"}, {"last", ""}}));
}

TEST(Call, TextTakesItsWordAsItIsWritten) {
  const OptionTable table{Option::text("label", "", ""), Option::integer("count", 1, ""),
                          Option::flag("on", false, "")};
  const Json options = options_for(parse_call("lr:label=1.50,count=3,on=true"), table);
  EXPECT_EQ(options, Json({{"label", "1.50"}, {"count", 3}, {"on", true}}));
  for (const char* word : {"3", "true", "1e5", "007", "null", "-0"})
    EXPECT_EQ(options_for(parse_call(std::string("lr:label=") + word), table).at("label"), word);
  EXPECT_EQ(options_for(parse_call("lr:unknown=3"), table).at("unknown"), 3);
}

TEST(Call, IsTheInverseOfItsDescription) {
  const OptionTable table{Option::text("label", "", ""), Option::real("width", 1, "")};
  for (const char* label : {"a", "a,b", "\"", "\"a\",b", "3", ",", "a\"b"}) {
    const Json options{{"label", label}, {"width", 0.5}};
    const Call call = parse_call(describe_call("lr", table, options));
    EXPECT_EQ(options_for(call, table), options) << label;
  }
}

TEST(Options, TextHoldsNoControlCharacters) {
  const OptionTable table{Option::text("data", "", "")};
  for (const char* text : {"a\nb", "\x1b[31m", "\xff"})
    EXPECT_THROW(Options(table, {{"data", text}}, "x"), InputError) << printable(text);
  EXPECT_THROW(Options(table, {{"data", std::string("a\0b", 3)}}, "x"), InputError);
  EXPECT_EQ(Options(table, {{"data", "größe.csv"}}, "x").text("data"), "größe.csv");
}

TEST(Printable, EscapesWhatATerminalActsOnAndWhatIsNotUtf8) {
  EXPECT_EQ(printable("plain größe 温度 ✓"), "plain größe 温度 ✓");
  EXPECT_EQ(printable("a\x1b[31m\x07\n\r\t\x7f"), "a\\x1b[31m\\x07\\n\\r\\t\\x7f");
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\u0085\u202e\u2066\ufeff"), "\\x85\\u202e\\u2066\\ufeff");
  // A continuation alone, an end too early, an overlong form, a surrogate, and beyond the last character.
  EXPECT_EQ(printable("\x80 \xc3 \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80", 200),
            "\\x80 \\xc3 \\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdef", 5), "abcde...");
  EXPECT_EQ(printable("aüü", 4), "aü...");
  EXPECT_EQ(printable("ab\x1b", 4), "ab...");
}

TEST(Printable, ListsEndWhereTheyBecomeLong) {
  EXPECT_EQ(listed({"a", "b\n"}), "a, b\\n");
  const std::string list = listed(std::vector<std::string>(1000, "name"));
  EXPECT_TRUE(list.ends_with("name and 940 more")) << list;
  EXPECT_LE(unknown_name("name", std::string(100000, 'x'), std::vector<std::string>(1000, "n")).size(), 400u);
}

TEST(Printable, SaysWhyBytesAreNoText) {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "a,b\r\n1,2\r\n"s, "größe\n"s, "\xff\n"s})
    EXPECT_FALSE(text_fault(text));
  EXPECT_THAT(text_fault("a\rb\r").value_or(""), HasSubstr("carriage return"));
  EXPECT_THAT(text_fault("a\r\nb\rc\n").value_or(""), HasSubstr("carriage return"));
  for (const std::string& text : {"\xff\xfe"s, "\xfe\xff\0a"s, "a\0b\0"s, "\0a\0b"s})
    EXPECT_EQ(text_fault(text).value_or(""), "this is UTF-16, and UTF-8 is needed") << printable(text);
  EXPECT_EQ(text_fault("\xff\xfe\0\0a\0\0\0"s).value_or(""), "this is UTF-32, and UTF-8 is needed");
  EXPECT_THAT(text_fault("abc\0def"s).value_or(""), HasSubstr("NUL"));
}

TEST(Call, RefusesMalformedText) {
  for (const char* text : {"", ":a=1", "hmc:", "hmc:a", "hmc:=1", "hmc:a=1,", "hmc:a=1,a=2", "hmc:a=\"1",
                           "hmc:a=\"1\"2", "hmc:a=\"1\","})
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

TEST(Registry, OptionsThatDoNotGoTogetherAreRefusedForTheirOwner) {
  Registry<int> registry("sampler");
  registry.add({.name = "dft", .summary = "", .citation = "", .options = table(), .make = 7});
  registry.add({.name = "hmc",
                .summary = "",
                .citation = "",
                .options = table(),
                .make = 7,
                .check = [](const Options& options) {
                  if (options.flag("jitter") && options.text("kernel") == "imq")
                    throw InputError("kernel = imq takes jitter = false");
                }});
  const Options clash(table(), {{"kernel", "imq"}}, "x"), fine(table(), {{"jitter", false}}, "x");
  EXPECT_NO_THROW(registry.at("dft").require(clash, "x"));
  EXPECT_NO_THROW(registry.at("hmc").require(fine, "x"));
  try {
    registry.at("hmc").require(clash, "spec.toml:3: sampler hmc");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "spec.toml:3: sampler hmc: kernel = imq takes jitter = false");
  }
}

TEST(Registry, APresetIsItsEntryWithOtherDefaults) {
  Registry<int> registry("sampler");
  registry.add({.name = "dft", .summary = "s", .citation = "c", .options = nested(), .make = 7});
  registry.add_preset({.name = "dft-blur",
                       .preset_of = "dft",
                       .summary = "blurred",
                       .citation = "d",
                       .revision = 3,
                       .defaults = {{"blur", true}, {"points", 8}}});
  const auto& preset = registry.at("dft-blur");
  EXPECT_EQ(preset.make, 7);
  EXPECT_EQ(preset.revision, 3);
  EXPECT_EQ(preset.preset_of, "dft");
  EXPECT_EQ(Options(preset.options, Json::object(), "x").integer("points"), 8);
  // A default without an effect is fine; to set it is not.
  EXPECT_NO_THROW(Options(preset.options, {{"blur", false}}, "x"));
  EXPECT_THROW(Options(preset.options, {{"blur", false}, {"points", 9}}, "x"), InputError);
  const auto add = [&](const std::string& of, const Json& defaults) {
    registry.add_preset(
        {.name = "other", .preset_of = of, .summary = "", .citation = "", .defaults = defaults});
  };
  EXPECT_THROW(add("dtf", {{"blur", true}}), InputError);
  EXPECT_THROW(add("dft", {{"blurred", true}}), InputError);
  EXPECT_THROW(add("dft", {{"points", 8}}), InputError);
}

}  // namespace
}  // namespace samplerbench
