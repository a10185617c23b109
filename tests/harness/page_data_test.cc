#include "harness/report/page/page_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "core/json.h"
#include "harness/report/page/claims_matrix.h"
#include "harness/report/page/html_page.h"
#include "harness/report/report.h"
#include "harness/report/tables/report_tables.h"
#include "harness/support/base64.h"
#include "harness/support/builtin.h"
#include "report_fixture.h"

namespace samplerbench::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string hostile = "</script><script>alert(1)</script><!-- & \"'";

std::string data_of(const Loaded& loaded, size_t limit = reporting::kPageDataLimit) {
  return page_data(reporting::TimeAnswers(loaded.grid), limit);
}

// Two seeds; "slow" is good after 20 s, "fast" is middling after 0.5 s, on a floor whose edge is 0.2.
void two_samplers(FakeResults& fake) {
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.conventions["q"] = {.text = "a metric", .better = "lower", .floor = true};
  fake.sampler("fast");
  fake.sampler("slow");
  fake.floor("t", {{"q", {.mean = 0.1, .sd = 0.05, .q95 = 0.2, .replications = 8}}});
  for (uint64_t seed = 0; seed < 2; ++seed) {
    const double apart = 0.001 * static_cast<double>(seed);
    fake.record({fake.begin("t", "fast", seed),
                 FakeResults::checkpoint(0, {{"q", {1.23456789 + apart}}}, 0.5, 0.01), FakeResults::end()});
    fake.record({fake.begin("t", "slow", seed), FakeResults::checkpoint(0, {{"q", {9.0}}}, 2),
                 FakeResults::checkpoint(1, {{"q", {0.3 + apart}}}, 20),
                 FakeResults::checkpoint(2, {{"q", {0.3 + apart}}}, 40), FakeResults::end()});
  }
}

TEST(PageData, HoldsWhatTheRecordsSayInFourDigits) {
  FakeResults fake;
  two_samplers(fake);
  const Json data = Json::parse(data_of(Loaded(fake)));
  EXPECT_EQ(data.at("seeds"), 2);
  EXPECT_EQ(data.at("targets")[0].at("label"), "t");
  EXPECT_EQ(data.at("metrics")[0].at("better"), "lower");
  EXPECT_EQ(data.at("metrics")[0].at("quality"), true);
  EXPECT_EQ(data.at("floors")[0][0][2], 0.2);
  EXPECT_NEAR(data.at("t975")[2].get<double>(), 12.71, 0.005);
  ASSERT_EQ(data.at("runs").size(), 4U);
  const Json& run = data.at("runs")[0];  // [target, sampler, seed, status, clocks, values]
  EXPECT_EQ(run[2], 0);
  EXPECT_EQ(data.at("statuses")[run[3].get<size_t>()], "finished");
  EXPECT_EQ(run[4][0][0], 0.51);  // training and draws
  EXPECT_EQ(run[4][2][0], 120);   // 100 scores and 20 products
  EXPECT_EQ(run[5].at("0")[0], 1.235);
  EXPECT_EQ(data.at("reduced"), "");
}

// At 1 s there is "fast" alone, at 60 s "slow" is best and, of equal differences in both seeds, for certain.
TEST(PageData, AnswersWhoIsBestAtATime) {
  FakeResults fake;
  two_samplers(fake);
  const Json data = Json::parse(data_of(Loaded(fake)));
  EXPECT_EQ(data.at("times"), Json({0.1, 1, 10, 60, 600}));
  for (const size_t clock : {0, 1}) {
    const Json& times = data.at("answers")[clock].at("0")[0];
    EXPECT_TRUE(times[0].is_null());
    EXPECT_EQ(times[1][0], 0);
    EXPECT_EQ(times[3][0], 1);              // best
    EXPECT_EQ(times[3][1], false);          // not at the floor
    EXPECT_EQ(times[3][2], Json::array());  // nobody is level
    EXPECT_EQ(times[3][3], 0);              // second
    EXPECT_NEAR(times[3][4].get<double>(), 1.235 / 0.3005, 0.003);
  }
  const Json& profile = data.at("profile")[0];
  ASSERT_EQ(profile.at("lines").size(), 2U);
  EXPECT_EQ(profile.at("lines")[0].at("share").back(), 0);  // "fast" never is within 2 floors, "slow" is
  EXPECT_EQ(profile.at("lines")[1].at("share").back(), 1);
  EXPECT_EQ(profile.at("lines")[0].at("share").size(), profile.at("times").size());
}

TEST(PageData, AValueThatIsNotFiniteIsNone) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.metric("never");
  fake.sampler("s");
  fake.record({fake.begin("t", "s", 0), FakeResults::checkpoint(0, {{"q", {1.0}}, {"never", skipped("no")}}),
               FakeResults::checkpoint(1, {{"q", {HUGE_VAL}}, {"never", skipped("no")}}),
               FakeResults::end(Status::diverged, "inf")});
  const Json data = Json::parse(data_of(Loaded(fake)));
  EXPECT_EQ(data.at("runs")[0][5], Json({{"0", {1.0, nullptr}}}));
  EXPECT_EQ(data.at("statuses")[data.at("runs")[0][3].get<size_t>()], "diverged");
  EXPECT_TRUE(data.at("floors")[0][0].is_null());
}

TEST(PageData, LabelsCannotEndTheirElement) {
  FakeResults fake;
  fake.experiment.name = hostile;
  fake.seeds(1);
  fake.target(hostile);
  fake.metric(hostile);
  fake.sampler(hostile);
  fake.run(hostile, hostile, 0, {{hostile, {1.0}}});
  const std::string text = data_of(Loaded(fake));
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  const Json data = Json::parse(text);
  EXPECT_EQ(data.at("name"), hostile);
  for (const char* part : {"targets", "samplers", "metrics"})
    EXPECT_EQ(data.at(part)[0].at("label"), hostile) << part;
  EXPECT_EQ(Json::parse(reporting::script_text("\xff<")), "\xef\xbf\xbd<");
}

// 40 checkpoints of two seeds with values i and i + 2: their mean is i + 1 with a half-width of 12.7.
TEST(PageData, MuchIsThinnedThenAveragedAndSaysSo) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  for (uint64_t seed = 0; seed < 2; ++seed) {
    std::vector<Line> lines{fake.begin("t", "s", seed)};
    for (int64_t i = 0; i < 40; ++i)
      lines.emplace_back(
          FakeResults::checkpoint(i, {{"q", {static_cast<double>(i) + 2.0 * static_cast<double>(seed)}}},
                                  static_cast<double>(i + 1)));
    lines.emplace_back(FakeResults::end());
    fake.record(lines);
  }
  const Loaded loaded(fake);
  const size_t whole = data_of(loaded).size();
  const Json thin = Json::parse(data_of(loaded, whole - 1));
  EXPECT_EQ(thin.at("runs")[0][5].at("0").size(), 20U);
  EXPECT_EQ(thin.at("runs")[0][5].at("0").back(), 39);  // the last stays
  EXPECT_THAT(thin.at("reduced").get<std::string>(), HasSubstr("one of every 2 checkpoints"));
  const Json means = Json::parse(data_of(loaded, 10));
  ASSERT_EQ(means.at("runs").size(), 1U);
  EXPECT_TRUE(means.at("runs")[0][2].is_null());
  EXPECT_EQ(means.at("runs")[0][5].at("0").back(), 40);
  EXPECT_NEAR(means.at("runs")[0][6].at("0").back().get<double>(), 12.71, 0.005);
  EXPECT_THAT(means.at("reduced").get<std::string>(), HasSubstr("means over the seeds"));
}

reporting::Table claim_lines(const std::vector<std::vector<std::string>>& rows) {
  reporting::Table table{.name = "claims"};
  table.data = {{"id", "text", "source", "target", "metric", "left", "right", "factor", "direction",
                 "verdict", "verdict_by_holm", "slope"}};
  for (const auto& row : rows) {
    table.data.push_back(row);
    table.data.back().resize(table.data.front().size());  // no slope where a row says none
  }
  return table;
}

TEST(ClaimsMatrix, HasARowASentenceAndAColumnATarget) {
  const std::string html = reporting::claims_matrix(
      claim_lines({{"a-t", "a wins", "Fig. 1", "t", "q", "a", "b", "1", "lower", "reproduced", "reproduced"},
                   {"a-u", "a wins", "Fig. 1", "u", "q", "a", "b", "1", "lower", "reproduced", "undecided"},
                   {"c-u", "a is good", "", "u", "q", "a", "floor", "2", "lower", "not reproduced",
                    "not reproduced"}}),
      {});
  const auto count = [&](const std::string& word) {
    size_t found = 0;
    for (size_t at = html.find(word); at != std::string::npos; at = html.find(word, at + 1)) ++found;
    return found;
  };
  const std::string grown = reporting::claims_matrix(
      claim_lines({{"s-u", "a grows", "", "u", "q", "a", "2", "1", "lower", "reproduced", "reproduced",
                    "slope against dim, t to u"}}),
      {});
  EXPECT_THAT(grown, HasSubstr("q, slope against dim, t to u: a &lt; 2"));
  EXPECT_EQ(count("slope"), 0U);
  EXPECT_EQ(count("<th scope=\"row\">"), 2U);
  EXPECT_EQ(count("<th scope=\"col\">"), 3U);  // claim, t, u
  EXPECT_EQ(count("data-cell="), 3U);
  EXPECT_THAT(html,
              HasSubstr("<td data-cell=\"0\" class=\"reproduced\"><span aria-hidden=\"true\">✓</span>"));
  EXPECT_THAT(html,
              HasSubstr("<td data-cell=\"1\" class=\"reproduced\"><span aria-hidden=\"true\">(✓)</span>"));
  EXPECT_THAT(html, HasSubstr("reproduced, not by Holm"));
  EXPECT_THAT(html, HasSubstr("<td class=\"none\"></td><td data-cell=\"2\" class=\"not-reproduced\">"));
  EXPECT_THAT(html, HasSubstr("q: a &lt; 2 × the floor"));
  EXPECT_EQ(reporting::claims_matrix(claim_lines({}), {}), "");
}

TEST(ClaimsMatrix, SaysNamesForReadersInHtmlAndInMarkdown) {
  const reporting::Table claims = claim_lines(
      {{"a-t", "a wins", "", "t", "q", "a", "b", "1", "lower", "reproduced", "undecided"},
       {"a-u", "a wins", "", "u", "q", "a", "b", "1", "lower", "not reproduced", "not reproduced"}});
  const std::map<std::string, std::string> names{{"q", "Quality ↓"}, {"a", "Alpha"}};
  EXPECT_THAT(reporting::claims_matrix(claims, names), HasSubstr("Quality ↓: Alpha &lt; b"));
  const std::string text = reporting::claims_matrix_markdown(claims, names);
  EXPECT_THAT(text, HasSubstr("| claim | checked as | t | u |"));
  EXPECT_THAT(text, HasSubstr("| a wins | Quality ↓: Alpha &lt; b | (✓) | ✗ |"));
  EXPECT_EQ(reporting::claims_matrix_markdown(claim_lines({}), names), "");
}

TEST(ClaimsMatrix, LabelsAreInert) {
  const std::string html =
      reporting::claims_matrix(claim_lines({{hostile, hostile, hostile, hostile, hostile, hostile, hostile,
                                             "1", "lower", "undecided", "undecided"}}),
                               {{hostile, hostile + "<script>"}});
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;/script&gt;"));
}

// The policy names the style and the scripts that stand in the page, and nothing else.
TEST(Page, PolicyAllowsItsOwnScriptsAlone) {
  FakeResults fake;
  two_samplers(fake);
  fake.experiment.name = hostile;
  fake.close();
  write_report({fake.results(), fake.out(), catalog(), false});
  const std::string page = fake.read("index.html");
  EXPECT_THAT(page,
              HasSubstr("content=\"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:;"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-")));
  const auto hash = [](const std::string& text) {
    const std::string digits = sha256(text);
    std::string bytes;
    for (size_t i = 0; i < digits.size(); i += 2)
      bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return "'sha256-" + base64(bytes) + "'";
  };
  size_t scripts = 0;
  for (size_t at = page.find("<script>"); at != std::string::npos;
       at = page.find("<script>", at + 1), ++scripts) {
    const size_t begin = at + 8;
    EXPECT_THAT(page, HasSubstr(hash(page.substr(begin, page.find("</script>", begin) - begin)))) << scripts;
  }
  EXPECT_EQ(scripts, 2U);
  const size_t style = page.find("<style>") + 7;
  EXPECT_THAT(page, HasSubstr(hash(page.substr(style, page.find("</style>") - style))));
  EXPECT_THAT(page, HasSubstr("<script type=\"application/json\" id=\"page-data\">"));
  EXPECT_LT(page.size(), 400'000U);  // of which the plotting library is half
}

// A picture that would make the page too long is left to its file; the next one, which fits, is in the page.
TEST(Page, HasTheLimitOfItsLength) {
  const samplerbench::testing::Scratch folder;
  reporting::Document document{.title = "t"};
  document.sections.push_back({.id = "curves", .title = "Curves", .tables = {}});
  for (const std::string stem : {"big", "small"}) {
    const std::string words(stem == "big" ? reporting::kPageLimit : 10, 'x');
    samplerbench::testing::spit(folder / "figures" / (stem + ".svg"), "<svg>" + words + "</svg>");
    reporting::Figure figure;
    figure.stem = figure.title = stem;
    figure.drawn = true;
    document.sections[0].figures.push_back(figure);
  }
  const std::string page = to_page(document, "{}", folder / "");
  EXPECT_LT(page.size(), reporting::kPageLimit);
  EXPECT_THAT(page, HasSubstr("<strong>big.</strong>  The picture is too large for this page."));
  EXPECT_THAT(page, HasSubstr("<figure id=\"figure-small\">"));
  EXPECT_THAT(page, Not(HasSubstr("<figure id=\"figure-big\">")));
}

}  // namespace
}  // namespace samplerbench::harness
