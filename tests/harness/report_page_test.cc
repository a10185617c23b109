#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/printable.h"
#include "harness/records/packed_records.h"
#include "harness/records/packing.h"
#include "harness/records/record.h"
#include "harness/report/figures/axis.h"
#include "harness/report/figures/chosen_figures.h"
#include "harness/report/figures/contours.h"
#include "harness/report/figures/gnuplot.h"
#include "harness/report/figures/light_svg.h"
#include "harness/report/report.h"
#include "harness/spec/catalog.h"
#include "harness/support/base64.h"
#include "harness/support/builtin.h"
#include "harness/support/escape.h"
#include "report_fixture.h"

namespace samplerbench::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string evil = "<script>alert(1)</script>";
const std::string odd = "a_b%&$#{}|\"q\"'`x`";
// What begins a formula, turns the direction of writing, colours a terminal or ends a line.
const std::string acting = "=1+\u202e\u2066\u0085\u2028\x1b[31m\x07\u200b\n# zq";

ReportSummary report(FakeResults& fake, bool figures = false) {
  fake.close();
  return write_report({fake.results(), fake.out(), catalog(), figures});
}

std::set<std::string> files_below(const std::filesystem::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.insert(entry.path().lexically_relative(folder).string());
  return files;
}

void odd_experiment(FakeResults& fake) {
  fake.experiment.name = evil;
  fake.experiment.summary = odd;
  fake.seeds(2);
  fake.target(odd);
  fake.metric("q");
  fake.sampler(evil).settings = odd;
  fake.sampler(odd);
  for (uint64_t seed = 0; seed < 2; ++seed) {
    for (const std::string& label : {evil, odd}) {
      fake.record({fake.begin(odd, label, seed), FakeResults::checkpoint(0, {{"q", {1.0}}}, 1),
                   FakeResults::checkpoint(1, {{"q", {0.5}}}, 2), FakeResults::end(Status::finished, evil)});
    }
  }
}

TEST(ReportEscape, EveryFormat) {
  using namespace reporting;
  EXPECT_EQ(escape_html("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(escape_markdown("a|b *c* ksd_imq_v _x_ <b>\n# d"),
            "a\\|b \\*c\\* ksd_imq_v \\_x\\_ &lt;b&gt; \\# d");
  EXPECT_EQ(escape_latex("a_b%&$#{}\\~^"),
            "a\\_b\\%\\&\\$\\#\\{\\}\\textbackslash{}\\textasciitilde{}\\textasciicircum{}");
  EXPECT_EQ(escape_csv("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(escape_csv("two\nlines\u202e"), "two lines ");
  for (const char* formula : {"=1+1", "@SUM(A1)", "+1+1", "-1+cmd|' /C calc'!A0", "-", "-hmc", "=1", "@"})
    EXPECT_EQ(escape_csv(formula), std::string("'") + formula);
  for (const char* number :
       {"-1.5", "+2", "-1e-300", "-1e999", "-inf", "-nan", "0.5", "a=b", "a-b", "", "1-1"})
    EXPECT_EQ(escape_csv(number), number);
  EXPECT_EQ(gnuplot_string("its\n`date` {x} \\ \"q\""), "'its `date` {x} \\ \"q\"'");
  EXPECT_EQ(gnuplot_string("'s `é`"), "\"\\047s \\140é\\140\"");
  EXPECT_EQ(gnuplot_tic("50%d"), "'50%%d'");
  EXPECT_EQ(gnuplot_string(std::string(100000, 'x')), "'" + std::string(2000, 'x') + "...'");
  EXPECT_EQ(file_stem("../a b/<c>"), "-..-a-b--c-");
  EXPECT_EQ(file_name_of("../a b/<c>"), ".._a_b__c_");
  EXPECT_EQ(escape_html("a\u202e\u2066\u0085\u2028\x1b[31m"), "a     [31m");
  EXPECT_EQ(escape_markdown("\u202ea\x80\u200f|"), " a\ufffd \\|");
  EXPECT_EQ(escape_latex("\u202e\x07$"), "  \\$");
  EXPECT_EQ(gnuplot_string("\u202ea\uffff"), "' a '");
  EXPECT_EQ(base64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
}

TEST(ReportPage, TextFromSpecsAndRecordsIsEscaped) {
  FakeResults fake;
  odd_experiment(fake);
  report(fake);
  const std::string page = fake.read("index.html");
  EXPECT_THAT(page, Not(HasSubstr(evil)));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(page, HasSubstr("a_b%&amp;$#{}|&quot;q&quot;&#39;`x`"));
  const std::string markdown = fake.read("tables/metric-q.md");
  EXPECT_THAT(markdown, Not(HasSubstr(evil)));
  EXPECT_THAT(markdown, HasSubstr("a_b%&amp;\\$\\#{}\\|\"q\"'\\`x\\`"));
  const std::string latex = fake.read("tables/metric-q.tex");
  EXPECT_THAT(latex, HasSubstr("a\\_b\\%\\&\\$\\#\\{\\}\\textbar{}"));
  EXPECT_THAT(latex, HasSubstr("\\textless{}script\\textgreater{}"));
  EXPECT_THAT(fake.read("tables/metrics.csv"), HasSubstr("\"a_b%&$#{}|\"\"q\"\"'`x`\""));
}

TEST(ReportPage, IsOneFileThatNeedsNoNetwork) {
  FakeResults fake;
  odd_experiment(fake);
  report(fake);
  std::string page = fake.read("index.html");
  ASSERT_NE(page.find(plotting_library()), std::string::npos);
  page.erase(page.find(plotting_library()), plotting_library().size());  // its licence names its home
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
  EXPECT_THAT(page, Not(HasSubstr("<link rel=\"stylesheet\"")));
  EXPECT_THAT(page, Not(HasSubstr("<script src")));
}

TEST(ReportFigures, OddLabelsAreDrawn) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  odd_experiment(fake);
  const ReportSummary summary = report(fake, true);
  EXPECT_EQ(summary.figures, 3);  // quality against seconds and against gradients, draws
  EXPECT_THAT(summary.warnings, ElementsAre());
  for (const char* stem : {"q-seconds", "q-gradients", "draws"}) {
    for (const char* format : {".svg", ".png", ".pdf", ".gp"})
      EXPECT_GT(fake.read(std::string("figures/") + stem + format).size(), 500U) << stem << format;
  }
  const std::string picture = fake.read("figures/q-seconds.svg");
  EXPECT_THAT(picture, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(picture, HasSubstr("a_b%&amp;$#{}|"));
  EXPECT_THAT(fake.read("index.html"), HasSubstr("src=\"data:image/svg+xml;base64,"));
}

// No file of a report, whatever it is for, holds a character that acts where it is shown, nor a field of a
// table that a spreadsheet computes.
TEST(ReportEscape, NothingActsInAnyFile) {
  FakeResults fake;
  fake.experiment.name = "acting";
  fake.experiment.summary = acting;
  fake.seeds(2);
  for (const std::string& label : {acting, acting + "2"}) {
    fake.target(label);
    fake.sampler(label).settings = acting;
    fake.metric(label);
  }
  fake.conventions[acting] = {.text = acting};
  fake.experiment.claims.push_back({.id = "a",
                                    .text = acting,
                                    .source = acting,
                                    .target = acting,
                                    .metric = acting,
                                    .left = acting,
                                    .right = acting + "2"});
  for (const Choice& target : fake.experiment.targets)
    for (const SamplerChoice& sampler : fake.experiment.samplers)
      for (uint64_t seed = 0; seed < 2; ++seed)
        fake.record({fake.begin(target.label, sampler.label, seed),
                     FakeResults::checkpoint(0, {{acting, {1.0}}, {acting + "2", skipped(acting)}}),
                     FakeResults::end(seed == 0 ? Status::finished : Status::error, acting)});
  report(fake, has_gnuplot());
  int64_t files = 0;
  for (const std::string& file : files_below(fake.out())) {
    if (file.ends_with(".png") || file.ends_with(".pdf")) continue;
    ++files;
    std::string text = fake.read(file);
    if (file == "index.html") text.erase(text.find(plotting_library()), plotting_library().size());
    for (const std::string mark :
         {"\u202e", "\u2066", "\u0085", "\u2028", "\x1b", "\x07", "\u200b", "\n# zq"})
      EXPECT_EQ(text.find(mark), std::string::npos) << file << " holds " << printable(mark);
    if (!file.ends_with(".csv")) continue;
    EXPECT_FALSE(text.starts_with("=")) << file;
    for (const char* begin : {",=", "\n=", ",\"=", "\n\"="})
      EXPECT_EQ(text.find(begin), std::string::npos) << file << " holds a formula";
  }
  EXPECT_GT(files, 10);
}

// A text that means something in some formats, and what must stand for it there.
struct Markup {
  std::string text;
  std::map<std::string, std::string> shown;  // by the extension of files
};

const std::vector<Markup> kMarkup{
    {"<b zq>",
     {{"html", "&lt;b zq&gt;"},
      {"xml", "&lt;b zq&gt;"},
      {"md", "&lt;b zq&gt;"},
      {"tex", "\\textless{}b zq\\textgreater{}"}}},
    {"\" zq='", {{"html", "&quot; zq=&#39;"}, {"xml", "&quot; zq=&#39;"}}},
    {"]]>&zq;", {{"html", "]]&gt;&amp;zq;"}, {"xml", "]]&gt;&amp;zq;"}, {"md", "\\]\\]&gt;&amp;zq;"}}},
    {"\\zq{x}", {{"tex", "\\textbackslash{}zq\\{x\\}"}, {"md", "\\\\zq{x}"}}},
    {"a%zq&x", {{"tex", "a\\%zq\\&x"}}},
    {"^^5czq", {{"tex", "\\textasciicircum{}\\textasciicircum{}5czq"}}},
    {"a|zq|b", {{"md", "a\\|zq\\|b"}}},
    {"![zq](x)", {{"md", "!\\[zq\\](x)"}}},
    {"*zq*", {{"md", "\\*zq\\*"}}},
    {"`zq`", {{"md", "\\`zq\\`"}}},
    {"$(zq)", {{"md", "\\$(zq)"}, {"tex", "\\$(zq)"}}},
    {"'zq\"x", {{"gp", "\"\\047zq\\042x\""}, {"html", "&#39;zq&quot;x"}, {"tex", "'zq''x"}}},
    {"=zq(1)", {{"csv", "'=zq(1)"}}},
    {"@zq", {{"csv", "'@zq"}}},
    {"a,\"zq", {{"csv", "\"a,\"\"zq\""}}},
    {"a\n::zq::x",
     {{"html", "a ::zq::x"},
      {"xml", "a ::zq::x"},
      {"md", "a ::zq::x"},
      {"csv", "a ::zq::x"},
      {"json", "a ::zq::x"}}},
    {"zq\u202e\u2066x",
     {{"html", "zq  x"},
      {"xml", "zq  x"},
      {"md", "zq  x"},
      {"csv", "zq  x"},
      {"tex", "zq  x"},
      {"json", "zq  x"}}},
    {std::string("zq\0\x1b[2Jx", 8),
     {{"html", "zq  [2Jx"}, {"xml", "zq  [2Jx"}, {"csv", "zq  [2Jx"}, {"json", "zq  [2Jx"}}}};

int64_t occurrences(const std::string& part, const std::string& text) {
  int64_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

// All files of a report with that extension, one after the other, without what is the page's own.
std::string all_files(const FakeResults& fake, const std::string& extension) {
  std::string all;
  for (const std::string& file : files_below(fake.out())) {
    if (!file.ends_with("." + extension)) continue;
    std::string text = fake.read(file);
    for (const auto& [begin, end] :
         {std::pair(plotting_library(), std::string()), {"<script type=\"application/json\"", "</script>"}}) {
      const size_t at = text.find(begin);
      if (at != std::string::npos) text.erase(at, text.find(end, at + begin.size()) + end.size() - at);
    }
    all += "\n" + text;
  }
  return all;
}

// The fields of lines of CSV, without their quotes.
std::vector<std::string> csv_fields(const std::string& text) {
  std::vector<std::string> fields{""};
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"')
      is_quoted = !is_quoted;
    else if (!is_quoted && (c == ',' || c == '\n'))
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

// Every such text as the name of a target and of a sampler, as settings, as a claim and as a reason.
void markup_experiment(FakeResults& fake) {
  fake.seeds(1);
  fake.metric("q");
  for (const Markup& markup : kMarkup) {
    fake.target(markup.text);
    fake.sampler(markup.text).settings = markup.text;
    fake.experiment.claims.push_back({.id = markup.text,
                                      .text = markup.text,
                                      .source = markup.text,
                                      .target = kMarkup[0].text,
                                      .metric = "q",
                                      .left = markup.text,
                                      .right = kMarkup[0].text});
  }
  for (const Choice& target : fake.experiment.targets)
    for (const SamplerChoice& sampler : fake.experiment.samplers) {
      const bool fails = target.label == kMarkup[0].text;
      fake.record({fake.begin(target.label, sampler.label, 0), FakeResults::checkpoint(0, {{"q", {1.0}}}),
                   FakeResults::end(fails ? Status::error : Status::finished, sampler.label)});
    }
}

// A report whose pictures nobody draws, with the files for CI systems.
void report_undrawn(FakeResults& fake) {
  fake.close();
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  write_report({.results = fake.results(),
                .out = fake.out(),
                .catalog = catalog(),
                .ci = {.markdown = fake.out() / "ci.md",
                       .junit = fake.out() / "ci.xml",
                       .benchmark_json = fake.out() / "ci.json"}});
  setenv("PATH", path.c_str(), 1);
}

// Wherever such a text stands in a file in whose format it means something, it stands there as itself.
TEST(ReportEscape, NothingIsMarkupInAnyFile) {
  FakeResults fake;
  markup_experiment(fake);
  report_undrawn(fake);
  for (const std::string extension : {"html", "md", "tex", "csv", "gp", "dat", "xml", "json"}) {
    const std::string all = all_files(fake, extension);
    ASSERT_GT(all.size(), 300U) << extension;
    for (const std::string mark : {"\u202e", "\u2066", "\x1b", "\n::zq"})
      EXPECT_EQ(occurrences(mark, all), 0) << extension << " holds " << printable(mark);
    EXPECT_EQ(all.find('\0'), std::string::npos) << extension;
    for (const Markup& markup : kMarkup) {
      const auto shown = markup.shown.find(extension);
      if (shown == markup.shown.end()) continue;
      const int64_t count = occurrences(shown->second, all);
      EXPECT_GT(count, 0) << extension << " lacks " << shown->second;
      if (extension == "csv") continue;  // where all depends on the beginning of a field
      EXPECT_EQ(occurrences(markup.text, all), count * occurrences(markup.text, shown->second))
          << extension << " holds " << printable(markup.text);
    }
  }
  for (const std::string& field : csv_fields(all_files(fake, "csv")))
    EXPECT_FALSE(field.starts_with('=') || field.starts_with('@')) << field;
  const Json cells = Json::parse(fake.read("ci.json"));
  EXPECT_GE(cells.size(), kMarkup.size());
}

const std::vector<std::string> hostile{"'",
                                       "''",
                                       "'begins",
                                       "ends'",
                                       "mid'dle",
                                       "'''",
                                       "\"",
                                       "\"a\"b",
                                       "\\",
                                       "a\\",
                                       "\\'",
                                       "{",
                                       "}",
                                       "a{b",
                                       "@",
                                       "a@b",
                                       "&",
                                       "&amp;",
                                       "^",
                                       "a_b",
                                       "~",
                                       "%",
                                       "50% %d %s",
                                       "%%",
                                       "`",
                                       "`date`",
                                       "$",
                                       "$1",
                                       "#",
                                       "a # b",
                                       "[1:2]",
                                       "two\nlines",
                                       "tab\t",
                                       "\x01\x7f",
                                       "a\xef\xbf\xbe",
                                       "é 日本 😀",
                                       "<b>",
                                       "{/Bold x}",
                                       "title 'x'",
                                       "1, 2 with lines",
                                       "' with lines title '",
                                       ";",
                                       "!ls",
                                       "a,b:c=d"};

// The characters of an SVG's texts.
std::string texts_of(const std::string& svg) {
  std::string text = svg;
  for (const auto& [entity, character] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"}, {"&amp;", "&"}})
    for (size_t at = 0; (at = text.find(entity, at)) != std::string::npos; at += character.size())
      text.replace(at, entity.size(), character);
  return text;
}

// A label as a picture shows it, with spaces for what no picture can hold.
std::string shown_label(std::string label) {
  for (const std::string nothing : {"\n", "\t", "\x01", "\x7f", "\xef\xbf\xbe"})
    for (size_t at; (at = label.find(nothing)) != std::string::npos;) label.replace(at, nothing.size(), " ");
  return label;
}

// Curves, draws, costs and ranks of samplers with such labels, on two targets with such labels.
TEST(ReportFigures, EveryLabelIsDrawnAsItIs) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  fake.seeds(1);
  fake.metric("q");
  fake.target("'t`{@$ \\");
  fake.target("\"%d' é\n<");
  std::vector<std::string> labels;
  for (const std::string& label : hostile) labels.push_back(fake.sampler(label).label);
  for (const Choice& target : fake.experiment.targets)
    for (size_t i = 0; i < labels.size(); ++i)
      fake.run(target.label, labels[i], 0, {{"q", {1.0 + static_cast<double>(i)}}});
  const std::vector<std::string> both{fake.experiment.targets[0].label, fake.experiment.targets[1].label};
  for (const FigureKind kind : {FigureKind::curves, FigureKind::draws, FigureKind::cost, FigureKind::ranks})
    fake.experiment.figures.push_back({.kind = kind, .samplers = labels, .targets = both});
  fake.close();
  const ReportSummary summary =
      write_report({fake.results(), fake.out(), catalog(), true, ReportForm::published});
  EXPECT_THAT(summary.warnings, ElementsAre());
  std::string all;
  const auto files = files_below(fake.out() / "figures");
  EXPECT_EQ(std::ssize(files), summary.figures);
  for (const std::string& file : files) {
    if (!file.ends_with(".svg")) continue;
    const std::string texts = texts_of(fake.read("figures/" + file));
    if (file.find("seconds") != std::string::npos) {
      for (const std::string& target : both)
        EXPECT_THAT(texts, HasSubstr(">" + shown_label(target) + "<")) << file;
    }
    all += texts;
  }
  for (const std::string& label : hostile) EXPECT_THAT(all, HasSubstr(">" + shown_label(label) + "<"));
}

const std::vector<double> unplaceable{1e308, -1e308, 5e-324, -1e-310, 1e200, 1.7976931348623157e308};

// One value of a metric that no axis can hold, or that is not finite, leaves its curves where they are, and
// the caption says so.
TEST(ReportFigures, AValueBeyondEveryAxisIsLeftOut) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> values = unplaceable;
  values.insert(values.end(), {infinity, -infinity, std::nan("")});
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  Metrics good, bad;
  std::map<std::string, FloorValue> floor;
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string name = fmt::format("q{}", i);
    fake.metric(name);
    good[name] = {0.5};
    bad[name] = {values[i]};
    floor[name] = {.mean = values[i], .sd = 1, .q95 = values[i], .replications = 8};
  }
  for (const std::string label : {"good", "bad"}) {
    fake.sampler(label);
    for (uint64_t seed = 0; seed < 2; ++seed)
      fake.record({fake.begin("t", label, seed), FakeResults::checkpoint(0, good, 1),
                   FakeResults::checkpoint(1, label == "bad" ? bad : good, 2), FakeResults::end()});
  }
  fake.floor("t", floor);
  const Loaded loaded(fake);
  std::vector<std::string> warnings;
  std::vector<reporting::Figure> figures = reporting::chosen_figures(
      loaded.grid, catalog(), {.metrics = values.size(), .cost_metrics = 1, .seconds_alone = true}, warnings);
  ASSERT_EQ(figures.size(), values.size() + 1);  // the last one of draws
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_THAT(figures[i].caption, HasSubstr("Left out: on t, bad: ")) << values[i];
    const std::string& data = figures[i].data.begin()->second;
    EXPECT_THAT(data, HasSubstr("good on t\n1 0.5 0.5 0.5  # 2 seeds\n2 0.5 0.5 0.5")) << values[i];
    EXPECT_THAT(data, HasSubstr("bad on t\n1 0.5 0.5 0.5  # 2 seeds\n")) << values[i];
    for (const char* word : {"[inf", ":inf", "inf]", "nan]", "[nan", " inf", " nan"})
      EXPECT_THAT(figures[i].body, Not(HasSubstr(word))) << values[i];
  }
  if (!has_gnuplot()) return;
  std::filesystem::create_directories(fake.out());
  reporting::draw_light_figures(figures, fake.out(), warnings);
  EXPECT_THAT(warnings, ElementsAre());
}

// Draws that lie where no window can, and draws that are all the same: both have a picture.
TEST(ReportFigures, DrawsBeyondEveryWindowAreOutside) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  fake.seeds(1);
  fake.target("t", "no registered target");
  fake.metric("q");
  for (const std::string label : {"far", "same"}) {
    fake.sampler(label);
    EndLine end = FakeResults::end();
    end.sample = {{1e15, 3}, {1e15, 3}};
    if (label == "far") {
      end.sample.clear();
      for (int i = 0; i < 20; ++i) {
        end.sample.push_back({i % 2 == 0 ? 1e308 : -1e308, 1e308});
        end.sample.push_back({0.1 * i, 0.2 * i});
      }
    }
    fake.record({fake.begin("t", label, 0), FakeResults::checkpoint(0, {{"q", {1.0}}}), end});
  }
  fake.experiment.figures = {{.kind = FigureKind::draws, .samplers = {"far"}, .targets = {"t"}},
                             {.kind = FigureKind::draws, .samplers = {"same"}, .targets = {"t"}}};
  const ReportSummary summary = report(fake, true);
  EXPECT_EQ(summary.figures, 2);
  EXPECT_THAT(fake.read("figures/draws.gp"), HasSubstr("'50 % outside'"));
}

// Passes over the data are an axis for the targets that have data; the others have a figure over gradients.
TEST(ReportFigures, DataPassesStandBesideTargetsWithoutData) {
  FakeResults fake;
  fake.seeds(1);
  fake.metric("q");
  fake.sampler("s");
  for (const std::string target : {"plane", "data"}) {
    fake.target(target);
    std::vector<Line> lines{fake.begin(target, "s", 0)};
    for (int64_t index = 0; index < 3; ++index) {
      CheckpointLine checkpoint = FakeResults::checkpoint(index, {{"q", {3.0 - static_cast<double>(index)}}});
      if (target == "data") checkpoint.train.data_passes = 10 * static_cast<double>(index + 1);
      lines.emplace_back(checkpoint);
    }
    lines.emplace_back(FakeResults::end());
    fake.record(lines);
  }
  const ReportSummary summary = report(fake, true);
  EXPECT_THAT(
      fake.read("figures/q-data-passes.dat"),
      HasSubstr("# index 0: s on data\n10 3 3 3  # 1 seed\n20 2 2 2  # 1 seed\n30 1 1 1  # 1 seed\n"));
  EXPECT_THAT(fake.read("figures/q-data-passes.dat"), Not(HasSubstr("plane")));
  EXPECT_THAT(fake.read("figures/q-gradients.dat"), HasSubstr("s on plane\n"));
  EXPECT_THAT(fake.read("figures/q-gradients.dat"), Not(HasSubstr("s on data")));
  EXPECT_THAT(fake.read("figures/q-seconds.dat"), AllOf(HasSubstr("s on plane"), HasSubstr("s on data")));
  EXPECT_THAT(fake.read("report.md"), HasSubstr("since they have no data, but against gradients: plane."));
  EXPECT_THAT(fake.read("report.md"), HasSubstr("Not here, but against passes over their data: data."));
  if (!has_gnuplot()) return;
  EXPECT_EQ(summary.figures, 4);
  for (const char* picture : {"q-data-passes.svg", "q-gradients.svg", "q-seconds.svg"})
    EXPECT_GT(fake.read(std::string("figures/") + picture).size(), 500U) << picture;
}

// Samplers dft (sigma 0.1, 1; batch 8 or 9), svgd (particles) and one trained; two seeds, metric q.
void swept_experiment(FakeResults& fake) {
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  const auto add = [&](const std::string& label, const std::string& name, const Json& options, double value,
                       DrawsAre draws = DrawsAre::trained) {
    SamplerChoice& sampler = fake.sampler(label, draws);
    sampler.name = name;
    sampler.options = options;
    fake.run("t", label, 0, {{"q", {value}}});
    fake.run("t", label, 1, {{"q", {value + 0.2}}});
  };
  add("a sigma=0.1", "dft", {{"sigma", 0.1}, {"batch", 8}}, 1);
  add("a sigma=1.0", "dft", {{"sigma", 1.0}, {"batch", 8}}, 2);
  add("b sigma=0.1", "dft", {{"sigma", 0.1}, {"batch", 9}}, 3);
  add("b sigma=1.0", "dft", {{"sigma", 1.0}, {"batch", 9}}, 4);
  add("alone", "dft", {{"sigma", 0.1}, {"batch", 10}}, 5);
  add("svgd-10", "svgd", {{"particles", 1000}}, 6, DrawsAre::particles);
  fake.floor("t", {{"q", {.mean = 0.5, .sd = 0.1, .q95 = 0.7, .replications = 8}}});
  FigureChoice sweep{.kind = FigureKind::sweep, .title = "x", .option = "sigma", .targets = {"t"}};
  for (const SamplerChoice& sampler : fake.experiment.samplers) sweep.samplers.push_back(sampler.label);
  FigureChoice cost = sweep, curves = sweep;
  cost.kind = FigureKind::cost;
  curves.kind = FigureKind::curves;
  cost.option = curves.option = "";
  curves.samplers = {"svgd-10"};
  fake.experiment.figures = {sweep, cost, curves};
}

// An option of the targets: a panel a set of targets, a line a sampler.
TEST(ReportFigures, ASweepOverTargetsHasALineASampler) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  fake.seeds(2);
  fake.metric("q");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  for (const int dim : {2, 4}) {
    const std::string target = "g dim=" + std::to_string(dim);
    fake.target(target);
    fake.experiment.targets.back().options = {{"dim", dim}};
    for (uint64_t seed = 0; seed < 2; ++seed) {
      fake.run(target, "a", seed, {{"q", {1.0 * dim}}});
      fake.run(target, "b", seed, {{"q", {2.0 * dim}}});
    }
  }
  fake.experiment.figures = {{.kind = FigureKind::sweep,
                              .option = "dim",
                              .metrics = {"q"},
                              .samplers = {"a", "b"},
                              .targets = {"g dim=2", "g dim=4"}}};
  report(fake, true);
  const std::string data = fake.read("figures/q-by-dim.dat");
  EXPECT_THAT(data, HasSubstr("index 0: a on g"));
  EXPECT_THAT(data, HasSubstr("index 1: b on g"));
  EXPECT_THAT(data, HasSubstr("2 2 "));
  EXPECT_THAT(data, HasSubstr("4 8 "));
}

// A panel of crosses alone has no value to set an axis by.
TEST(ReportFigures, APanelWithoutValuesIsDrawn) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  swept_experiment(fake);
  fake.target("failed");
  for (const SamplerChoice& sampler : fake.experiment.samplers)
    fake.record({fake.begin("failed", sampler.label, 0), FakeResults::end(Status::diverged, "nan")});
  fake.experiment.figures.resize(1);
  fake.experiment.figures[0].targets = {"failed"};
  EXPECT_EQ(report(fake, true).figures, 1);
}

// A line a set of samplers that differ in the swept option alone; the one that stands alone is left out.
TEST(ReportFigures, ASweepHasALineAVariant) {
  FakeResults fake;
  swept_experiment(fake);
  report(fake, true);
  EXPECT_EQ(
      fake.read("figures/q-by-sigma.dat"),
      "# q against sigma: one block a line, in the order of the script's index\n# x mean low high\n"
      "\n\n# index 0: a on t\n0.1 1.1 -0.17062 2.37062  # a sigma=0.1\n1 2.1 0.82938 3.37062  # a sigma=1.0\n"
      "\n\n# index 1: b on t\n0.1 3.1 1.82938 4.37062  # b sigma=0.1\n1 4.1 2.82938 5.37062  # b "
      "sigma=1.0\n");
  EXPECT_THAT(fake.read("report.md"), HasSubstr("q against sigma: x"));
}

// Two steps of 100 scores and 20 products for 1,000 draws: 0.12 gradients a draw. Trained samplers are
// levels.
TEST(ReportFigures, CostIsPaidForEveryDrawOfParticlesAlone) {
  FakeResults fake;
  swept_experiment(fake);
  report(fake, true);
  const std::string data = fake.read("figures/q-by-gradients-a-draw.dat");
  EXPECT_THAT(data, HasSubstr("# index 5: svgd on t\n0.12 6.1 "));
  EXPECT_THAT(data, HasSubstr("# index 4: alone on t\n"));
  const auto level = data.substr(data.find("# index 4"));
  EXPECT_EQ(std::count(level.begin(), level.begin() + static_cast<std::ptrdiff_t>(level.find("\n\n")), '\n'),
            2);
  EXPECT_THAT(fake.read("report.md"), HasSubstr("alone 120"));
}

TEST(ReportFigures, OnlyWhatTheExperimentAsksForIsDrawn) {
  FakeResults fake;
  swept_experiment(fake);
  const ReportSummary summary = report(fake, true);
  EXPECT_EQ(summary.figures, has_gnuplot() ? 4 : 0);
  EXPECT_EQ(fake.read("figures/draws.gp"), "");
  EXPECT_THAT(fake.read("figures/q-seconds.dat"), AllOf(HasSubstr("svgd-10"), Not(HasSubstr("sigma"))));
}

TEST(ReportFigures, ManySamplersAreSplitOverFigures) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  for (int i = 0; i < 18; ++i) {
    fake.sampler(fmt::format("s{}", i));
    fake.run("t", fmt::format("s{}", i), 0, {{"q", {1.0 + i}}});
  }
  report(fake, true);
  EXPECT_THAT(fake.read("figures/q-seconds-part1.dat"), AllOf(HasSubstr("s5 on"), Not(HasSubstr("s6 on"))));
  EXPECT_THAT(fake.read("figures/q-seconds-part3.dat"), HasSubstr("s17 on"));
  EXPECT_EQ(fake.read("figures/q-seconds.dat"), "");
  EXPECT_NE(fake.read("figures/draws-part3.gp"), "");
}

ReportSummary publish(FakeResults& fake) {
  fake.close();
  return write_report({fake.results(), fake.out(), catalog(), true, ReportForm::published});
}

TEST(PublishedReport, HoldsTheFiguresThatItShowsAndNoTables) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  odd_experiment(fake);
  const ReportSummary summary = publish(fake);
  EXPECT_THAT(summary.warnings, ElementsAre());
  EXPECT_EQ(summary.page, fake.out() / "report.md");
  EXPECT_THAT(files_below(fake.out()),
              ElementsAre("figures/draws.png", "figures/q-seconds.svg", "report.md"));
  const std::string text = fake.read("report.md");
  for (const char* link : {"](figures/draws.png)", "](figures/q-seconds.svg)"})
    EXPECT_THAT(text, HasSubstr(link));
  const std::string picture = fake.read("figures/q-seconds.svg");
  EXPECT_THAT(picture, HasSubstr("a_b%&amp;$#{}|"));
  EXPECT_EQ(fake.read("figures/draws.png").substr(1, 3), "PNG");
}

TEST(PublishedReport, ReplacesAnEarlierReportAndNothingElse) {
  FakeResults fake;
  odd_experiment(fake);
  using samplerbench::testing::spit;
  for (const char* old : {"figures/old.svg", "figures/old.gp", "tables/metric-old.csv", "tables/old.tex"})
    spit(fake.out() / old, "old");
  for (const char* kept : {"figures/notes.txt", "tables/deep/notes.csv", "donut/record.jsonl"})
    spit(fake.out() / kept, "kept");
  fake.close();
  write_report({fake.results(), fake.out(), catalog(), false, ReportForm::published});
  const auto files = files_below(fake.out());
  for (const std::string& file : files) EXPECT_THAT(file, Not(HasSubstr("old")));
  for (const char* kept : {"figures/notes.txt", "tables/deep/notes.csv", "donut/record.jsonl"})
    EXPECT_TRUE(files.contains(kept)) << kept;
}

// A results folder with one run and one noise floor by programs of these commits.
void of_commits(FakeResults& fake, const std::string& run, const std::string& floor) {
  fake.seeds(1);
  fake.target("t");
  fake.sampler("s");
  fake.metric("q");
  BeginLine begin = fake.begin("t", "s", 0);
  begin.context["git"] = run;
  fake.record({begin, FakeResults::checkpoint(0, {{"q", {1.0}}}), FakeResults::end()});
  BeginLine floor_begin = fake.floor_begin("t");
  floor_begin.context["git"] = floor;
  fake.record({floor_begin, FloorLine{{{"q", {.mean = 1, .q95 = 1}}}}, FakeResults::end()});
  fake.close();
}

// Every commit that the records name, and what to do.
const std::map<std::pair<std::string, std::string>, std::string> kUnpublishable{
    {{"aaa-dirty", "aaa-dirty"}, "programs with uncommitted changes made 2 records by aaa-dirty. Commit"},
    {{"aaa", "bbb"}, "2 commits made the records: 1 record by aaa, 1 record by bbb. Commit"},
    {{"aaa", "aaa-dirty"},
     "programs with uncommitted changes made 1 record by aaa-dirty; 2 commits made the records: 1 record by "
     "aaa, 1 record by aaa-dirty. Commit"},
    {{"unknown", "unknown"}, "2 records do not say which commit made them. Commit"}};

TEST(PublishedReport, RefusesRecordsOfSeveralCommitsOrWithUncommittedChanges) {
  using samplerbench::testing::run;
  for (const auto& [commits, why] : kUnpublishable) {
    FakeResults fake;
    of_commits(fake, commits.first, commits.second);
    const std::string folder = "'" + fake.results().string() + "'";
    for (const char* command : {"report ", "pack "}) {
      const auto before = files_below(fake.results());
      const auto refused = run(SAMPLERBENCH_PROGRAM, command + folder + " --publish");
      EXPECT_EQ(refused.code, 2) << command << why;
      EXPECT_THAT(refused.err, AllOf(HasSubstr(why), HasSubstr("--accept-dirty"))) << command;
      EXPECT_EQ(files_below(fake.results()), before) << command;  // nothing is written, nothing removed
    }
    EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, "report " + folder + " --no-figures").code, 0);  // not published
    const auto accepted =
        run(SAMPLERBENCH_PROGRAM, "report " + folder + " --publish --accept-dirty --no-figures");
    EXPECT_EQ(accepted.code, 0) << accepted.err;
    const std::string page = samplerbench::testing::slurp(fake.results() / "report.md");
    EXPECT_THAT(page, HasSubstr(why.substr(0, why.find("; ")).substr(0, 30)));
    EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, "pack " + folder + " --publish --accept-dirty").code, 0);
  }
}

TEST(PublishedReport, TakesRecordsOfOneCommit) {
  using samplerbench::testing::run;
  FakeResults fake;
  of_commits(fake, "aaa", "aaa");
  const std::string folder = "'" + fake.results().string() + "'";
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, "pack " + folder + " --publish").code, 0);
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, "report " + folder + " --publish --no-figures").code, 0);
  const auto idle = run(SAMPLERBENCH_PROGRAM, "report " + folder + " --accept-dirty");
  EXPECT_EQ(idle.code, 2);
  EXPECT_THAT(idle.err, HasSubstr("add --publish"));
}

std::set<std::string> keys_with_points(const FakeResults& fake) {
  std::set<std::string> keys;
  for (const auto& [key, packed] : read_packed(fake.results()))
    if (!parse_record(packed.text).end->sample.empty()) keys.insert(key);
  return keys;
}

// What the program of the plots reads, by file.
std::map<std::string, std::string> figure_sources(const FakeResults& fake) {
  std::map<std::string, std::string> sources;
  for (const std::string& file : files_below(fake.out() / "figures"))
    if (file.ends_with(".gp") || file.ends_with(".dat") || file.ends_with(".u8"))
      sources[file] = fake.read("figures/" + file);
  return sources;
}

TEST(PublishedRecords, KeepThePointsOfTheFirstFinishedSeedWhichFiguresShow) {
  using samplerbench::testing::run;
  FakeResults fake;
  fake.experiment.seeds = {5, 2, 1};
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  for (const uint64_t seed : fake.experiment.seeds) {
    EndLine end = FakeResults::end(seed == 5 ? Status::diverged : Status::finished);
    end.sample.push_back({0.1 * static_cast<double>(seed), 0.5});
    fake.record({fake.begin("t", "s", seed), FakeResults::checkpoint(0, {{"q", {1.0}}}), end});
  }
  fake.floor("t", {{"q", {.mean = 1, .q95 = 1}}});
  report(fake, true);
  const auto before = figure_sources(fake);
  EXPECT_TRUE(before.contains("draws.dat"));

  const std::string command = "pack '" + fake.results().string() + "'";
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command).code, 0);
  EXPECT_THAT(keys_with_points(fake), ElementsAre("t/floor", "t/s/1", "t/s/2", "t/s/5"));
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command + " --publish").code, 0);
  EXPECT_THAT(keys_with_points(fake), ElementsAre("t/floor", "t/s/2"));
  report(fake, true);
  EXPECT_EQ(figure_sources(fake), before);

  const std::string published = samplerbench::testing::slurp(fake.results() / kPackedName);
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command + " --publish").code, 0);
  EXPECT_EQ(samplerbench::testing::slurp(fake.results() / kPackedName), published);
}

std::set<std::string> keys_with_images(const FakeResults& fake) {
  std::set<std::string> keys;
  for (const auto& [key, packed] : read_packed(fake.results()))
    if (packed.kept.contains(kImagesExtension)) keys.insert(key);
  return keys;
}

// A published report and its figures, by file, without the lines at which its records stand.
std::map<std::string, std::string> published_files(FakeResults& fake) {
  static const std::regex place(R"(records\.jsonl\.gz:\d+)");
  publish(fake);
  std::map<std::string, std::string> files;
  for (const std::string& file : files_below(fake.out()))
    if (file == "report.md" || file.starts_with("figures/")) files[file] = fake.read(file);
  files["report.md"] = std::regex_replace(files["report.md"], place, "records.jsonl.gz");
  return files;
}

// On images, of samplers "shown" and "other" and seeds 5, which diverged, 2 and 1, each of a grey level of
// its own; a figure of images shows the first sampler.
void pictures_of_two(FakeResults& fake) {
  fake.experiment.seeds = {5, 2, 1};
  fake.target("pictures");
  fake.metric("fid");
  int grey = 20;
  const auto end_with_images = [&](Status status) {
    EndLine end = FakeResults::end(status);
    end.sample.clear();
    end.images = fake.images(grey += 20, 5, 7);
    return end;
  };
  for (const char* label : {"shown", "other"}) {
    fake.sampler(label);
    for (const uint64_t seed : fake.experiment.seeds) {
      const EndLine end = end_with_images(seed == 5 ? Status::diverged : Status::finished);
      fake.record({fake.begin("pictures", label, seed), FakeResults::checkpoint(0, {{"fid", {1.0}}}), end});
    }
  }
  const EndLine end = end_with_images(Status::finished);
  fake.record({fake.floor_begin("pictures"), FloorLine{{{"fid", {.mean = 1, .q95 = 1}}}}, end});
  fake.experiment.figures = {{.kind = FigureKind::images, .samplers = {"shown"}, .targets = {"pictures"}}};
  fake.close();
}

TEST(PublishedRecords, KeepTheImagesThatFiguresShowAndReportsStayTheSame) {
  using samplerbench::testing::run;
  FakeResults fake;
  pictures_of_two(fake);
  const std::string command = "pack '" + fake.results().string() + "'";
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command).code, 0);
  EXPECT_EQ(keys_with_images(fake).size(), 7U);
  const auto published = published_files(fake);
  report(fake, true);
  const auto sources = figure_sources(fake);
  EXPECT_TRUE(sources.contains("images.u8"));

  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command + " --publish").code, 0);  // what is packed already
  EXPECT_THAT(keys_with_images(fake), ElementsAre("pictures/floor", "pictures/shown/2"));
  EXPECT_EQ(published_files(fake), published);
  report(fake, true);
  EXPECT_EQ(figure_sources(fake), sources);
  const std::string light = samplerbench::testing::slurp(fake.results() / kPackedName);
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command + " --publish").code, 0);
  EXPECT_EQ(samplerbench::testing::slurp(fake.results() / kPackedName), light);

  // The control: without the images that the figure shows it is another.
  EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command + " --publish --no-figures").code, 0);
  EXPECT_THAT(keys_with_images(fake), ElementsAre("pictures/floor"));
  report(fake, true);
  EXPECT_NE(figure_sources(fake), sources);
  EXPECT_THAT(fake.read("figures/images.gp"), HasSubstr("'no images kept'"));
}

// The points of samplers that no figure of draws names go, and those of all where there is no such figure.
TEST(PublishedRecords, KeepThePointsOfSamplersThatFiguresName) {
  using samplerbench::testing::run;
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  for (const char* label : {"shown", "other"}) {
    fake.sampler(label);
    fake.run("t", label, 0, {{"q", {1.0}}});
  }
  const std::string command = "pack '" + fake.results().string() + "' --publish";
  const auto kept_with = [&](const std::vector<FigureChoice>& figures) {
    fake.experiment.figures = figures;
    fake.close();
    EXPECT_EQ(run(SAMPLERBENCH_PROGRAM, command).code, 0);
    return keys_with_points(fake);
  };
  EXPECT_THAT(kept_with({}), ElementsAre("t/other/0", "t/shown/0"));
  EXPECT_THAT(kept_with({{.kind = FigureKind::draws, .samplers = {"shown"}, .targets = {"t"}}}),
              ElementsAre("t/shown/0"));
  EXPECT_THAT(kept_with({{.kind = FigureKind::curves, .samplers = {"shown"}, .targets = {"t"}}}),
              ElementsAre());
}

// Curves over time of the first two metrics are enough to publish.
TEST(PublishedReport, ShowsTheFirstMetricOfTheFirstFigureOfEachKind) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.sampler("s");
  for (const char* metric : {"p", "q"}) fake.metric(metric);
  fake.run("t", "s", 0, {{"p", {1.0}}, {"q", {2.0}}});
  const FigureChoice curves{.kind = FigureKind::curves, .samplers = {"s"}, .targets = {"t"}};
  fake.experiment.figures = {curves, curves};
  publish(fake);
  EXPECT_THAT(files_below(fake.out() / "figures"), ElementsAre("p-seconds.svg"));
}

TEST(LightSvg, LosesBytesAndNoWords) {
  const std::string heavy =
      "<?xml version=\"1.0\"?>\n<svg width=\"10\">\n<g id=\"gnuplot_canvas\">\n"
      "<filter id='textbox'><feFlood/></filter>\n"
      "<g fill=\"none\" color=\"black\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n</g>\n"
      "<path stroke='rgb( 51,  51,  51)' d='M12.34,5.00 L0.25,6.66'/>\n"
      "<text><tspan font-family=\"Helvetica\" >rgb(  1,   2,   3) at 0.25, "
      "1.00</tspan></text>\n</g>\n</svg>\n";
  EXPECT_EQ(reporting::light_svg(heavy),
            "<?xml version=\"1.0\"?>\n<svg width=\"10\">\n<g id=\"gnuplot_canvas\" stroke-linecap=\"round\" "
            "stroke-linejoin=\"round\" font-family=\"Helvetica,Arial,sans-serif\">\n"
            "<path stroke='#333333' d='M12.3,5 L0.2,6.6'/>\n"
            "<text>rgb(  1,   2,   3) at 0.25, 1.00</text>\n</g>\n</svg>\n");
}

TEST(ReportFigures, WithoutGnuplotTablesAndPageStillCome) {
  FakeResults fake;
  odd_experiment(fake);
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  const ReportSummary summary = report(fake, true);
  setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(summary.warnings, ElementsAre(HasSubstr("gnuplot was not found")));
  EXPECT_THAT(fake.read("index.html"), HasSubstr("was not drawn"));
  EXPECT_GT(fake.read("figures/q-seconds.dat").size(), 0U);
}

TEST(ReportRecords, DamagedOnesAreListedWithFileAndLine) {
  FakeResults fake;
  fake.seeds(4);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  fake.run("t", "s", 0, {{"q", {1.0}}});
  const std::string torn =
      fake.record_of_text(text_of(fake.begin("t", "s", 1)) + "\n{\"type\":\"checkpoint\",\"ind\n");
  const std::string cut = fake.record({fake.begin("t", "s", 2), FakeResults::checkpoint(0, {{"q", {1.0}}})});
  const std::string empty = fake.record({});
  const std::string stranger = fake.record_of_text("{\"type\":\"begin\",\"schema\":99}\n");
  const ReportSummary summary = report(fake);
  EXPECT_EQ(summary.damaged, 4);
  EXPECT_THAT(summary.warnings, ElementsAre(HasSubstr(torn + ":2:"), HasSubstr(cut + ":2:"),
                                            HasSubstr(empty + ":1:"), HasSubstr(stranger + ":1:")));
  EXPECT_EQ(summary.statuses.at(Status::finished), 1);
  EXPECT_EQ(summary.statuses.at(Status::damaged), 2);
  EXPECT_EQ(summary.statuses.at(Status::missing), 1);
  EXPECT_THAT(fake.read("tables/metric-q.md"), HasSubstr("damaged 2/4; missing 1/4"));
  EXPECT_THAT(fake.read("index.html"), HasSubstr(torn + ":2:"));
}

TEST(ReportRecords, PackedOnesGiveTheSameReport) {
  FakeResults fake;
  swept_experiment(fake);
  fake.record({fake.begin("t", "alone", 7), FakeResults::end(Status::diverged, "nan")});
  fake.experiment.seeds.push_back(7);
  report(fake);
  std::map<std::string, std::string> loose;
  for (const std::string& file : files_below(fake.out())) loose[file] = fake.read(file);
  pack(fake.results(), {});
  EXPECT_FALSE(std::filesystem::exists(fake.results() / "records"));
  report(fake);
  EXPECT_THAT(fake.read("tables/failures.csv"), HasSubstr("records.jsonl.gz:"));
  for (const auto& [file, content] : loose) {
    if (!file.starts_with("tables/") || file.find("failures") != std::string::npos) continue;
    EXPECT_EQ(fake.read(file), content) << file;
  }
}

TEST(ReportRecords, AFolderWithoutAnExperimentIsTheCallersMistake) {
  FakeResults fake;
  EXPECT_THROW(write_report({fake.results(), fake.out(), catalog(), false}), InputError);
  fake.write("experiment.json", "{");
  EXPECT_THROW(write_report({fake.results(), fake.out(), catalog(), false}), InputError);
  fake.write("experiment.json", "{\"name\":1}");
  EXPECT_THROW(write_report({fake.results(), fake.out(), catalog(), false}), InputError);
}

TEST(ReportRecords, AnUnwritableOutputIsTheCallersMistake) {
  FakeResults fake;
  odd_experiment(fake);
  fake.close();
  EXPECT_THROW(write_report({fake.results(), fake.results() / "experiment.json", catalog(), false}),
               InputError);
}

TEST(ReportRecords, AThousandAreReported) {
  FakeResults fake;
  fake.seeds(50);
  fake.metric("q");
  for (int i = 0; i < 4; ++i) fake.target(fmt::format("t{}", i));
  for (int i = 0; i < 5; ++i) fake.sampler(fmt::format("s{}", i));
  for (int t = 0; t < 4; ++t)
    for (int s = 0; s < 5; ++s)
      for (uint64_t seed = 0; seed < 50; ++seed)
        fake.run(fmt::format("t{}", t), fmt::format("s{}", s), seed,
                 {{"q", {s + 0.01 * static_cast<double>(seed % 7)}}});
  const ReportSummary summary = report(fake);
  EXPECT_EQ(summary.runs, 1000);
  EXPECT_EQ(summary.statuses.at(Status::finished), 1000);
  EXPECT_THAT(fake.read("tables/ranking.csv"), HasSubstr("1,s0,1,"));
}

TEST(ReportAxis, NegativeValuesGetASymmetricScale) {
  using reporting::Scale;
  EXPECT_EQ(reporting::make_axis({0.1, 10}, 0).scale, Scale::logarithmic);
  EXPECT_EQ(reporting::make_axis({60, 76}, 0).scale, Scale::linear);
  const reporting::Axis constant = reporting::make_axis({75, 75}, 0);
  EXPECT_LT(constant.low, 75);
  EXPECT_GT(constant.high, 75);
  const reporting::Axis axis = reporting::make_axis({-0.01, 10}, 0.1);
  EXPECT_EQ(axis.scale, Scale::symmetric);
  EXPECT_LT(axis.low, -0.01);
  EXPECT_GT(axis.high, 10);
  EXPECT_EQ(axis.position(0), 0);
  EXPECT_NEAR(axis.position(100) - axis.position(10), 1, 1e-3);  // one decade far out
}

TEST(ReportContours, GaussianRegionsAreCirclesOfKnownRadius) {
  reporting::Field field{{-5, -5}, {5, 5}, 201, {}};
  for (size_t row = 0; row < field.side; ++row) {
    for (size_t column = 0; column < field.side; ++column) {
      const double x = -5 + 0.05 * static_cast<double>(column);
      const double y = -5 + 0.05 * static_cast<double>(row);
      field.values.push_back(-(x * x + y * y) / 2);
    }
  }
  for (const double share : {0.5, 0.95}) {
    const double level = reporting::region_levels(field, {share}).front();
    const double radius = std::sqrt(-2 * std::log(1 - share));
    const auto lines = reporting::contour(field, level);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].front(), lines[0].back());
    for (const auto& point : lines[0]) EXPECT_NEAR(std::hypot(point[0], point[1]), radius, 0.03);
  }
}

}  // namespace
}  // namespace samplerbench::harness
