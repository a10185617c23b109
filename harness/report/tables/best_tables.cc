#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "harness/report/analysis/questions.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr size_t kMostLevelNames = 3;  // in a cell

// Who is best on a target by a metric at one time, for programs.
struct BestRow {
  std::string target;
  Clock clock = Clock::cpu;
  double time = 0;
  std::string question;  // empty where another metric answers it
  std::string metric;
  BestAt at;
  const Anytime* anytime = nullptr;

  std::string name(size_t entrant) const { return anytime->entrants()[entrant].name; }
  std::string heading(size_t entrant) const { return anytime->entrants()[entrant].heading(); }
  const TimedScore& best() const { return at.scores[*at.best]; }
};

// A target at one time, for people: a cell a question.
struct BestLine {
  std::string target;
  double time = 0;
  std::vector<BestRow> rows;
};

// Those that cannot be told from the best, by their names for programs or their headings for people.
std::vector<std::string> level_names(const BestRow& row, std::string (BestRow::*name)(size_t) const) {
  std::vector<std::string> names;
  for (const size_t entrant : row.at.level) names.push_back((row.*name)(entrant));
  return names;
}

// "1.8 [1.2, 2.6] times", "0.031 [0.01, 0.05]".
std::string lead_words(const Lead& lead) {
  std::string words = short_number(lead.value);
  if (lead.interval)
    words += fmt::format(" [{}, {}]", short_number(lead.interval->low), short_number(lead.interval->high));
  return words + (lead.is_ratio ? " times" : "");
}

// "like ula, kl and 3 more".
std::string level_words(const BestRow& row) {
  std::vector<std::string> names = level_names(row, &BestRow::heading);
  const size_t more = names.size() > kMostLevelNames ? names.size() - kMostLevelNames : 0;
  names.resize(names.size() - more);
  return fmt::format("like {}{}", fmt::join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
}

// "hmc 0.012", the second and how far it is behind, or who is level.
Cell best_cell(const BestRow& row) {
  if (!row.at.best) return {.text = "nobody yet"};
  Cell cell{.text = fmt::format("{} {}{}", row.heading(*row.at.best), short_number(row.best().estimate.mean),
                                row.best().ended > 0 ? "°" : ""),
            .order = row.best().estimate.mean,
            .best = row.at.level.empty() && row.at.second.has_value(),
            .tied = !row.at.level.empty(),
            .at_floor = row.at.at_floor};
  if (!row.at.level.empty())
    cell.note = level_words(row);
  else if (row.at.second)
    cell.note = fmt::format("{}: {}", row.heading(*row.at.second), lead_words(row.at.lead));
  return cell;
}

std::vector<ColumnOf<BestRow>> data_columns() {
  using Row = BestRow;
  const auto of_best = [](auto read) {
    return [read](const Row& row) { return row.at.best ? Cell{read(row)} : Cell{}; };
  };
  const auto of_lead = [](auto read) {
    return [read](const Row& row) { return row.at.second ? Cell{read(row)} : Cell{}; };
  };
  const auto end_of = [](double Interval::*end) {
    return [end](const Row& row) {
      return row.at.lead.interval ? exact_number((*row.at.lead.interval).*end) : std::string();
    };
  };
  return {
      {"", false, "target", [](const Row& row) { return Cell{row.target}; }},
      {"", false, "clock", [](const Row& row) { return Cell{unit_of(row.clock)}; }},
      {"", true, "time", [](const Row& row) { return number_cell(row.time); }},
      {"", false, "question", [](const Row& row) { return Cell{row.question}; }},
      {"", false, "metric", [](const Row& row) { return Cell{row.metric}; }},
      {"", false, "best", of_best([](const Row& row) { return row.name(*row.at.best); })},
      {"", false, "sampler", of_best([](const Row& row) { return row.best().sampler->label; })},
      {"", true, "mean", of_best([](const Row& row) { return exact_number(row.best().estimate.mean); })},
      {"", true, "ended", of_best([](const Row& row) { return std::to_string(row.best().ended); })},
      {"", false, "at_floor", of_best([](const Row& row) { return truth_cell(row.at.at_floor).text; })},
      {"", false, "second", of_lead([](const Row& row) { return row.name(*row.at.second); })},
      {"", false, "lead_is",
       of_lead([](const Row& row) { return std::string(row.at.lead.is_ratio ? "ratio" : "difference"); })},
      {"", true, "lead", of_lead([](const Row& row) { return exact_number(row.at.lead.value); })},
      {"", true, "lead_low", of_lead(end_of(&Interval::low))},
      {"", true, "lead_high", of_lead(end_of(&Interval::high))},
      {"", false, "level",
       [](const Row& row) {
         return Cell{fmt::format("{}", fmt::join(level_names(row, &BestRow::name), "; "))};
       }},
  };
}

std::vector<std::string> unasked_metrics(const Grid& grid, const std::vector<Asked>& answered) {
  std::vector<std::string> metrics = grid.quality_metrics();
  for (const Asked& one : answered) std::erase(metrics, one.metric);
  return metrics;
}

// The lines of a target, and what programs read beside them.
void add_target(const Anytime& anytime, const std::string& target, Clock clock,
                const std::vector<double>& times, std::vector<BestLine>& lines, std::vector<BestRow>& data) {
  const std::vector<Asked> questions = asked(anytime.grid(), target);
  const std::vector<std::string> others = unasked_metrics(anytime.grid(), questions);
  const auto row = [&](double time, const std::string& question, const std::string& metric) {
    return BestRow{target,  clock, time, question, metric, anytime.best_at(target, metric, clock, time),
                   &anytime};
  };
  for (const double time : times) {
    if (time > anytime.longest(target, clock)) continue;
    BestLine line{target, time, {}};
    for (const Asked& one : questions) line.rows.push_back(row(time, one.question, one.metric));
    data.insert(data.end(), line.rows.begin(), line.rows.end());
    for (const std::string& metric : others) data.push_back(row(time, "", metric));
    lines.push_back(std::move(line));
  }
}

// The questions that any target asks, each with the metrics that answer it.
std::vector<std::pair<std::string, std::vector<std::string>>> asked_questions(
    const std::vector<BestLine>& lines) {
  std::vector<std::pair<std::string, std::vector<std::string>>> all;
  for (const BestLine& line : lines) {
    for (const BestRow& row : line.rows) {
      auto found =
          std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == row.question; });
      if (found == all.end()) found = all.insert(all.end(), {row.question, {}});
      auto& metrics = found->second;
      if (std::find(metrics.begin(), metrics.end(), row.metric) == metrics.end())
        metrics.push_back(row.metric);
    }
  }
  return all;
}

void show_lines(Table& table, const Experiment& experiment, Clock clock, const std::vector<BestLine>& lines) {
  std::vector<ColumnOf<BestLine>> columns{
      {"target", false, "", [](const BestLine& line) { return Cell{line.target}; }},
      {unit_of(clock), true, "", [clock](const BestLine& line) {
         return clock == Clock::gradients ? count_cell(line.time)
                                          : Cell{.text = fmt::format("{:g}", line.time), .order = line.time};
       }}};
  for (const auto& [question, metrics] : asked_questions(lines)) {
    const auto cell = [question = question, several = metrics.size() > 1](const BestLine& line) {
      for (const BestRow& row : line.rows) {
        if (row.question != question) continue;
        Cell found = best_cell(row);
        if (several)
          found.note += (found.note.empty() ? "by " : "; by ") +
                        metric_display(row.anytime->grid().experiment(), row.metric);
        return found;
      }
      return no_cell();
    };
    const std::string by =
        metrics.size() > 1 ? "" : fmt::format(": {}", metric_display(experiment, metrics.front()));
    columns.push_back({question + by, false, "", cell});
  }
  fill_shown(table, columns, lines);
}

// "No run lasted 600 CPU s on donut, nor 60 on gaussian": what has no row.
std::string out_of_reach(const Anytime& anytime, Clock clock, const std::vector<double>& times) {
  std::vector<std::string> words;
  for (const Choice& target : anytime.grid().experiment().targets) {
    const double longest = anytime.longest(target.label, clock);
    std::vector<std::string> beyond;
    for (const double time : times)
      if (time > longest) beyond.push_back(time < 1 ? short_number(time) : grouped(time));
    if (!beyond.empty())
      words.push_back(fmt::format("{} ({}; the longest run: {})", target.label, fmt::join(beyond, ", "),
                                  short_number(longest)));
  }
  if (words.empty()) return "";
  return fmt::format(" No row where no run lasted so many {}: {}.", unit_of(clock), fmt::join(words, ", "));
}

std::vector<std::string> best_notes(const Anytime& anytime, Clock clock, const std::vector<double>& times) {
  const Experiment& experiment = anytime.grid().experiment();
  return {
      fmt::format("Who is best by so many {0}, with its mean over {1}. Bold: it leads all others; behind "
                  "it the second, whose mean is so many times that of the best (where means may be below 0 "
                  "or higher is better: by how much the best is ahead), with a 95 % interval. Italic: it "
                  "cannot be told from those named after \"like\". †: no worse than exact draws are. °: "
                  "the run of some seed had ended before and keeps its last quality. Nobody yet: no method "
                  "has a checkpoint of every seed.{2}",
                  unit_of(clock), seeds_words(experiment), out_of_reach(anytime, clock, times)),
      fmt::format(
          "A method has the quality of its last checkpoint whose training plus {} draws is paid for; one "
          "that broke off has none afterwards. Several lengths or settings of a method enter as the best "
          "of them at that time by the mean over all seeds, not seed by seed; the choice is made on the "
          "seeds that judge it, which favours methods with many, and so is that of the best, whose lead over "
          "methods that are nearly as good looks larger than it is. Intervals are by resampling seeds, the "
          "same ones of both, {} times (expanded percentile intervals; of normal values they leave out "
          "the truth in 7 % of cases with 5 seeds and in 6 % with 10), and fewer than 5 seeds have none. "
          "Two cannot be told apart where that of the difference of their means, of fewer seeds Student's "
          "t interval, holds 0, or where both are no worse than exact draws.",
          grouped(static_cast<double>(experiment.draws)),
          grouped(static_cast<double>(resamples_of(experiment.seeds.size(), kSeedResamples))))};
}

Table best_table(const Anytime& anytime, const std::string& name, const std::string& title,
                 const std::vector<Clock>& clocks, const std::vector<double>& times) {
  Table table{.name = name, .title = title, .csv = "best"};
  std::vector<BestRow> data;
  for (const Clock clock : clocks) {
    std::vector<BestLine> lines;
    for (const Choice& target : anytime.grid().experiment().targets)
      add_target(anytime, target.label, clock, times, lines, data);
    if (clock == clocks.front()) show_lines(table, anytime.grid().experiment(), clock, lines);
  }
  fill_data(table, data_columns(), data);
  table.notes = best_notes(anytime, clocks.front(), times);
  return table;
}

// Powers of ten from the cheapest first checkpoint to the end of the longest run.
std::vector<double> gradient_ladder(const Anytime& anytime) {
  double least = 0, most = 0;
  for (const Choice& target : anytime.grid().experiment().targets) {
    const double first = anytime.shortest(target.label, Clock::gradients);
    if (first > 0) least = least > 0 ? std::min(least, first) : first;
    most = std::max(most, anytime.longest(target.label, Clock::gradients));
  }
  std::vector<double> ladder;
  if (least > 0)
    for (double exponent = std::ceil(std::log10(least)); std::pow(10, exponent) <= most; ++exponent)
      ladder.push_back(std::pow(10, exponent));
  return ladder;
}

}  // namespace

Table best_by_time_table(const Anytime& anytime) {
  return best_table(anytime, "best-by-time", "Best at equal time", {Clock::cpu, Clock::wall},
                    {std::begin(kTimes), std::end(kTimes)});
}

Table best_by_gradients_table(const Anytime& anytime) {
  return best_table(anytime, "best-by-gradients", "Best at equal gradients", {Clock::gradients},
                    gradient_ladder(anytime));
}

}  // namespace samplerbench::harness::reporting
