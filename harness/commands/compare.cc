#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/report/analysis/comparison.h"
#include "harness/report/page/ci_files.h"
#include "harness/report/tables/columns.h"
#include "harness/support/files.h"
#include "harness/support/numbers.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

using namespace reporting;

constexpr size_t kMostOfLine = 1000;

double share(const Arguments& arguments, const std::string& flag, double least, double most) {
  const std::string text = arguments.text(flag);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= least && value <= most))
    throw InputError(
        fmt::format("--{} {}: a number from {} to {} is needed", flag, printable(text), least, most));
  return value;
}

std::string percent(double share) {
  if (!std::isfinite(share)) return share > 0 ? "+∞ %" : "-∞ %";
  return fmt::format("{}{} %", share < 0 ? "" : "+", short_number(100 * share));
}

std::string p_words(double p) { return p < 0.0001 ? "< 0.0001" : fmt::format("{:.4f}", p); }

std::string change_words(const Compared& row) {
  const std::string values =
      std::isnan(row.base) ? "" : fmt::format("{} → {}, ", short_number(row.base), short_number(row.next));
  return fmt::format("{}worse by {} [{}, {}], {} pairs, p {}", values, percent(row.effect), percent(row.low),
                     percent(row.high), row.pairs, p_words(std::min(row.p_worse, row.p_better)));
}

// Two folders compared.
struct Judgement {
  PairedGrids pairs;
  std::vector<Compared> rows;
  ComparisonLimits limits;
  bool strict = false;

  int64_t count(Change change) const {
    return std::count_if(rows.begin(), rows.end(), [&](const Compared& row) { return row.change == change; });
  }
  bool worse() const {
    const bool short_of_cells = !pairs.missing.empty() || !pairs.failed.empty() || pairs.cells.empty();
    return count(Change::regression) > 0 || !pairs.lost.empty() || (strict && short_of_cells);
  }
};

std::string verdict_words(const Judgement& outcome) {
  return fmt::format(
      "{} comparisons of {} cells: {} regressions, {} improvements, {} cells lost, {} missing. A change "
      "matters from {} of CPU seconds, or of a metric's value or noise floor, whichever is larger. The "
      "chance "
      "of any false regression is at most {} (Student's t paired by seed, one-sided, Holm over all "
      "comparisons; effects are taken to be about normal and independent between seeds).",
      outcome.rows.size(), outcome.pairs.cells.size(), outcome.count(Change::regression),
      outcome.count(Change::improvement), outcome.pairs.lost.size(), outcome.pairs.missing.size(),
      percent(outcome.limits.threshold).substr(1), percent(outcome.limits.alpha).substr(1));
}

void print(const Judgement& outcome) {
  for (const Change change : {Change::regression, Change::improvement})
    for (const Compared& row : outcome.rows)
      if (row.change == change)
        write_out("{}: {}: {}\n", word_of(change), printable(row.name(), kMostOfLine), change_words(row));
  for (const auto& [title, lines] : {std::pair("lost", &outcome.pairs.lost),
                                     {"without a value", &outcome.pairs.failed},
                                     {"missing", &outcome.pairs.missing}})
    for (const std::string& line : *lines) write_out("{}: {}\n", title, printable(line, kMostOfLine));
  write_out("{}\n", verdict_words(outcome));
}

Table table_of(const Judgement& outcome) {
  const std::vector<ColumnOf<Compared>> columns{
      {"change", false, "change",
       [](const Compared& r) { return Cell{.text = word_of(r.change), .best = r.change != Change::none}; }},
      {"target", false, "target",
       [](const Compared& r) { return Cell{r.target.empty() ? "all" : r.target}; }},
      {"sampler", false, "sampler",
       [](const Compared& r) { return Cell{r.sampler.empty() ? "all" : r.sampler}; }},
      {"quantity", false, "quantity", [](const Compared& r) { return Cell{r.quantity}; }},
      {"BASE", true, "base", [](const Compared& r) { return number_cell(r.base); }},
      {"NEW", true, "new", [](const Compared& r) { return number_cell(r.next); }},
      {"worse by", true, "effect",
       [](const Compared& r) { return Cell{.text = percent(r.effect), .order = r.effect}; }},
      {"95 % interval", true, "",
       [](const Compared& r) { return Cell{fmt::format("[{}, {}]", percent(r.low), percent(r.high))}; }},
      {"pairs", true, "pairs", [](const Compared& r) { return count_cell(r.pairs); }},
      {"p by Holm", true, "p",
       [](const Compared& r) { return Cell{p_words(std::min(r.p_worse, r.p_better))}; }}};
  std::vector<Compared> changed;
  for (const Change change : {Change::regression, Change::improvement})
    for (const Compared& row : outcome.rows)
      if (row.change == change) changed.push_back(row);
  Table table{.name = "comparison", .title = "Changes"};
  fill(table, columns, changed);
  return table;
}

// The words first: they fit whatever the number of cells.
Document document_of(const Judgement& outcome, const std::string& base, const std::string& next) {
  Document document{
      .title = fmt::format("{}: {} against {}", outcome.worse() ? "Worse" : "No regression", next, base),
      .summary = verdict_words(outcome),
      .highlights = {},
      .warnings = outcome.pairs.warnings};
  Table table = table_of(outcome);
  if (!table.rows.empty()) document.sections.push_back({"changes", "Changes", {std::move(table)}});
  for (const auto& [title, lines] : {std::pair("Lost", &outcome.pairs.lost),
                                     {"Without a value in NEW", &outcome.pairs.failed},
                                     {"Missing", &outcome.pairs.missing}})
    if (!lines->empty()) {
      Section section{.id = title, .title = title};
      for (const std::string& line : *lines) section.words += line + ". ";
      document.sections.push_back(std::move(section));
    }
  return document;
}

std::vector<TestCase> cases_of(const Judgement& outcome) {
  using Result = TestCase::Result;
  std::vector<TestCase> cases;
  for (const Compared& row : outcome.rows)
    cases.push_back({.group = "samplerbench.compare",
                     .name = row.name(),
                     .result = row.change == Change::regression ? Result::failed : Result::passed,
                     .message = change_words(row)});
  const auto add = [&](const std::vector<std::string>& lines, Result result) {
    for (const std::string& line : lines)
      cases.push_back({.group = "samplerbench.compare", .name = line, .result = result, .message = line});
  };
  const Result if_strict = outcome.strict ? Result::failed : Result::skipped;
  add(outcome.pairs.lost, Result::failed);
  add(outcome.pairs.failed, if_strict);
  add(outcome.pairs.missing, if_strict);
  return cases;
}

Json json_of_judgement(const Judgement& outcome) {
  Json rows = Json::array();
  for (const Compared& row : outcome.rows)
    rows.push_back({{"target", row.target},
                    {"sampler", row.sampler},
                    {"quantity", row.quantity},
                    {"pairs", row.pairs},
                    {"base", number_to_json(row.base)},
                    {"new", number_to_json(row.next)},
                    {"effect", number_to_json(row.effect)},
                    {"low", number_to_json(row.low)},
                    {"high", number_to_json(row.high)},
                    {"p_worse", row.p_worse},
                    {"p_better", row.p_better},
                    {"change", word_of(row.change)}});
  return {{"worse", outcome.worse()},         {"threshold", outcome.limits.threshold},
          {"alpha", outcome.limits.alpha},    {"comparisons", rows},
          {"lost", outcome.pairs.lost},       {"failed", outcome.pairs.failed},
          {"missing", outcome.pairs.missing}, {"warnings", outcome.pairs.warnings}};
}

}  // namespace

Syntax compare_syntax() {
  Syntax syntax{.usage = "samplerbench compare BASE NEW [options]",
                .positionals = {{"BASE", "a folder of records, packed or loose"},
                                {"NEW", "one of the same targets, samplers and metrics"}},
                .required = 2};
  syntax.flags.add_options()  //
      ("threshold", po::value<std::string>()->default_value("0.05"),
       "share that matters: of CPU seconds, and of a metric's value or noise floor, whichever is larger")  //
      ("alpha", po::value<std::string>()->default_value("0.01"),
       "largest chance of any false regression among all comparisons")                               //
      ("strict", "exit 1 for missing cells, and for runs that have a value in BASE alone, as well")  //
      ("json", "one JSON document on standard output");
  add_ci_flags(syntax.flags);
  return syntax;
}

int compare_command(const Words& words, const Catalog&) {
  const Arguments arguments = parse_arguments(words, compare_syntax());
  if (arguments.help) return 0;
  Judgement outcome{.limits = {.threshold = share(arguments, "threshold", 0, 100),
                               .alpha = share(arguments, "alpha", 1e-9, 0.5)},
                    .strict = arguments.has("strict")};
  const CiFiles files = ci_files(arguments);
  const Results base = read_results(arguments.text("BASE")), next = read_results(arguments.text("NEW"));
  std::vector<std::string> warnings;
  const Grid base_grid(base, warnings), next_grid(next, warnings);
  for (const Results* results : {&base, &next})
    for (const Damage& damage : results->damages) warnings.push_back(damage.words());
  outcome.pairs = pair_grids(base_grid, next_grid);
  outcome.rows = compare(outcome.pairs.cells, outcome.limits);
  for (const std::vector<std::string>* lines : {&warnings, &outcome.pairs.warnings})
    for (const std::string& line : *lines) say("samplerbench: warning: {}", printable(line, kMostOfLine));
  if (outcome.pairs.cells.empty() && outcome.pairs.lost.empty())
    throw InputError("compare: BASE and NEW have no cell (target, sampler, metric) with two seeds in common");
  if (arguments.has("json"))
    write_json(json_of_judgement(outcome));
  else
    print(outcome);
  const Document document = document_of(outcome, arguments.text("BASE"), arguments.text("NEW"));
  for (const std::string& line :
       write_ci_files(files, next_grid, document, "samplerbench compare", cases_of(outcome)))
    say("samplerbench: warning: {}", printable(line, kMostOfLine));
  return outcome.worse() ? 1 : 0;
}

}  // namespace samplerbench::harness
