#include "harness/report/scatter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/report/contours.h"
#include "harness/report/escape.h"
#include "harness/report/numbers.h"
#include "harness/report/panels.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr size_t field_side = 141;
constexpr size_t rows_a_figure = 6;
constexpr size_t most_columns = 8;   // beside the exact draws
constexpr size_t most_points = 300;  // a panel
constexpr double letter_width = 9;   // in CSS pixels, of the common font

struct Window {
  std::array<double, 2> low{};
  std::array<double, 2> high{};

  bool holds(const std::array<double, 2>& point) const {
    return point[0] >= low[0] && point[0] <= high[0] && point[1] >= low[1] && point[1] <= high[1];
  }
};

// One sampler's draws on one target, or the word that stands in their place.
struct Panel {
  Points points;
  std::string word;
};

struct Row {
  std::string target;
  Window window;
  std::vector<std::vector<Line>> contours;  // by level, the innermost first
  std::vector<Panel> panels;                // exact draws first
};

double quantile(std::vector<double> values, double share) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The middle 99 % of the points with a margin; a plain square where there are none.
Window window_of(const Points& points) {
  Window window;
  for (size_t axis = 0; axis < 2; ++axis) {
    std::vector<double> values;
    for (const auto& point : points) {
      if (std::isfinite(point[axis])) values.push_back(point[axis]);
    }
    const double low = values.empty() ? -1 : quantile(values, 0.005);
    const double high = values.empty() ? 1 : quantile(values, 0.995);
    const double room = std::max(0.14 * (high - low), 1e-9 * (1 + std::abs(high)));
    window.low[axis] = low - room;
    window.high[axis] = high + room;
  }
  return window;
}

// The draws of the first seed that has some, or why there are none.
Panel sampler_panel(const Grid& grid, const std::string& target, const std::string& sampler) {
  Panel panel;
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* run = grid.run(target, sampler, seed);
    if (run != nullptr && run->finished() && !run->sample.empty()) {
      panel.points = run->sample;
      return panel;
    }
    if (panel.word.empty() || panel.word == "finished") panel.word = grid.status(target, sampler, seed);
  }
  if (panel.word == "finished") panel.word = "no draws kept";
  return panel;
}

// The log density over the window; nothing for targets that are not planar or that the catalog does not know,
// nor for those made from data files, which a report does without.
std::optional<Field> density(const TargetEntry& entry, const Window& window, const Catalog& catalog,
                             std::vector<std::string>& warnings) {
  try {
    if (!catalog.files(entry.name, entry.options, entry.label).empty()) return std::nullopt;
    const targets::Problem problem = catalog.problem(entry.name, entry.options, entry.label);
    if (problem.target->dim() != 2) return std::nullopt;
    const auto side = static_cast<int64_t>(field_side);
    const Tensor x = torch::linspace(window.low[0], window.high[0], side, torch::kFloat64);
    const Tensor y = torch::linspace(window.low[1], window.high[1], side, torch::kFloat64);
    const Tensor points = torch::stack({x.repeat({side}), y.repeat_interleave(side)}, 1);
    const torch::NoGradGuard no_grad;
    const Tensor values = problem.target->log_density(points).to(torch::kCPU, torch::kFloat64).contiguous();
    const double* data = values.data_ptr<double>();
    return Field{window.low, window.high, field_side, std::vector<double>(data, data + values.numel())};
  } catch (const std::exception& error) {
    warnings.push_back(fmt::format("no density contours for target {}: {}", entry.label, error.what()));
    return std::nullopt;
  }
}

std::optional<Row> make_row(const Grid& grid, const TargetEntry& entry,
                            const std::vector<std::string>& samplers, const Catalog& catalog,
                            std::vector<std::string>& warnings) {
  Row row{.target = entry.label};
  const auto floor = grid.results().floors.find(entry.label);
  Points pool;
  if (floor != grid.results().floors.end()) pool = floor->second.sample;
  row.panels.push_back({pool, pool.empty() ? "none known" : ""});
  const bool exact = !pool.empty();
  bool any = exact;
  for (const std::string& sampler : samplers) {
    row.panels.push_back(sampler_panel(grid, entry.label, sampler));
    const Points& points = row.panels.back().points;
    any |= !points.empty();
    if (!exact) pool.insert(pool.end(), points.begin(), points.end());
  }
  if (!any) return std::nullopt;
  row.window = window_of(pool);
  if (const auto field = density(entry, row.window, catalog, warnings)) {
    for (const double level : region_levels(*field, {0.5, 0.8, 0.95, 0.99}))
      row.contours.push_back(contour(*field, level));
  }
  return row;
}

// Blocks of a data file, numbered as gnuplot's `index` counts them.
class Blocks {
 public:
  size_t add(const std::string& content) {
    text_ += (count_ == 0 ? "" : "\n\n") + content;
    return count_++;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  size_t count_ = 0;
};

std::string lines_text(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) {
    if (!text.empty()) text += "\n";
    for (const auto& point : line) text += fmt::format("{:.4g} {:.4g}\n", point[0], point[1]);
  }
  return text;
}

std::string points_text(const Points& points, const Window& window, size_t& outside) {
  std::string text;
  size_t shown = 0;
  for (const auto& point : points) {
    if (shown++ == most_points) break;
    if (window.holds(point))
      text += fmt::format("{:.4g} {:.4g}\n", point[0], point[1]);
    else
      ++outside;
  }
  return text;
}

// Where panels stand, in CSS pixels from the top left.
struct Layout {
  size_t columns;
  size_t rows;
  int width = 1000;
  double panel = 0;

  static constexpr double left = 30;
  static constexpr double top = 26;
  static constexpr double gap = 6;
  static constexpr double edge = 6;

  Layout(size_t columns, size_t rows) : columns(columns), rows(rows) {
    const auto n = static_cast<double>(columns);
    panel = std::min((width - left - edge - (n - 1) * gap) / n, 190.0);
    width = static_cast<int>(left + edge + n * panel + (n - 1) * gap);
  }

  int height() const {
    return static_cast<int>(top + edge + static_cast<double>(rows) * (panel + gap) - gap);
  }
  double x(size_t column) const { return left + static_cast<double>(column) * (panel + gap); }
  double y(size_t row) const { return top + static_cast<double>(row) * (panel + gap); }
};

class ScatterWriter {
 public:
  ScatterWriter(const std::vector<std::string>& samplers, const std::vector<Row>& rows,
                const std::string& stem)
      : rows_(rows), layout_(samplers.size() + 1, rows.size()), data_(stem + ".dat"), heads_{"exact"} {
    heads_.insert(heads_.end(), samplers.begin(), samplers.end());
    figure_ = {.stem = stem, .width = layout_.width, .height = layout_.height()};
  }

  Figure figure() {
    std::string& body = figure_.body;
    body =
        "set encoding utf8\nset border 15 linewidth 0.6 linecolor rgb '#9aa4af'\nunset tics\nunset key\nset "
        "multiplot\n";
    for (size_t i = 0; i < rows_.size(); ++i) add_row(i);
    body += "unset multiplot\n";
    figure_.data[data_] = blocks_.text();
    return figure_;
  }

 private:
  void add_row(size_t index) {
    const Row& row = rows_[index];
    std::vector<size_t> levels;
    for (const auto& lines : row.contours)
      levels.push_back(blocks_.add(lines.empty() ? "NaN NaN\n" : lines_text(lines)));
    figure_.body += fmt::format("set xrange [{:.6g}:{:.6g}]\nset yrange [{:.6g}:{:.6g}]\n", row.window.low[0],
                                row.window.high[0], row.window.low[1], row.window.high[1]);
    for (size_t column = 0; column < row.panels.size(); ++column) add_panel(index, column, levels);
  }

  void add_panel(size_t index, size_t column, const std::vector<size_t>& levels) {
    const Row& row = rows_[index];
    const Panel& panel = row.panels[column];
    const double width = layout_.width;
    const double height = layout_.height();
    const double x = layout_.x(column);
    const double y = layout_.y(index);
    std::string& body = figure_.body;
    body += fmt::format(
        "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\nset tmargin at screen {:.5f}\nset "
        "bmargin at screen {:.5f}\n",
        x / width, (x + layout_.panel) / width, 1 - y / height, 1 - (y + layout_.panel) / height);
    body += "unset label\n";
    if (index == 0)
      label(heads_[column], (x + layout_.panel / 2) / width, 1 - layout_.top / 2 / height,
            fmt::format("center font size_of({:.2f})", head_size()));
    if (column == 0)
      label(row.target, layout_.left / 2 / width, 1 - (y + layout_.panel / 2) / height,
            "center rotate by 90 font size_of(1.0)");
    size_t outside = 0;
    const std::string points = points_text(panel.points, row.window, outside);
    if (panel.points.empty())
      body += fmt::format(
          "set label {} at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb "
          "'#8a4b00'\n",
          gnuplot_string(panel.word));
    const double share =
        panel.points.empty()
            ? 0
            : static_cast<double>(outside) / static_cast<double>(std::min(panel.points.size(), most_points));
    if (share > 0.03)
      body += fmt::format(
          "set label '{:.0f} % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) "
          "textcolor rgb '#8a4b00' front\n",
          100 * share);
    // A dot is a short line with round ends: as a vector picture a tenth of the size of a point symbol.
    const double dot = 0.3 / layout_.panel * (row.window.high[0] - row.window.low[0]);
    body += plot_command(levels, points, dot, column == 0);
  }

  // The share of the common font size at which the longest head fits above its panel.
  double head_size() const {
    size_t longest = 1;
    for (const std::string& head : heads_) longest = std::max(longest, head.size());
    return std::min(1.0, layout_.panel / (letter_width * static_cast<double>(longest)));
  }

  void label(const std::string& text, double x, double y, const std::string& style) {
    figure_.body += fmt::format("set label {} at screen {:.5f}, screen {:.5f} {} noenhanced\n",
                                gnuplot_string(text), x, y, style);
  }

  std::string plot_command(const std::vector<size_t>& levels, const std::string& points, double dot,
                           bool exact) {
    static const std::array<std::string, 4> shades{"#7d8894", "#98a2ad", "#b3bcc5", "#ced5db"};
    std::string text;
    for (size_t i = levels.size(); i-- > 0;)
      text += fmt::format("{}{} index {} with lines linewidth 0.8 linecolor rgb '{}' notitle",
                          text.empty() ? "plot " : ", \\\n     ", gnuplot_string(data_), levels[i],
                          shades[i % shades.size()]);
    if (!points.empty())
      text += fmt::format(
          "{}{} index {} using 1:2:({:.3g}):(0) with vectors nohead linewidth 2.1 linecolor rgb '{}' notitle",
          text.empty() ? "plot " : ", \\\n     ", gnuplot_string(data_), blocks_.add(points), dot,
          exact ? "#70333333" : "#600072B2");
    return (text.empty() ? "plot NaN notitle" : text) + "\n";
  }

  const std::vector<Row>& rows_;
  Layout layout_;
  std::string data_;
  std::vector<std::string> heads_;
  Blocks blocks_;
  Figure figure_;
};

std::string windows_words(const std::vector<Row>& rows) {
  std::string words;
  for (const Row& row : rows)
    words += fmt::format("{}{} [{}, {}] × [{}, {}]", words.empty() ? "" : "; ", row.target,
                         short_number(row.window.low[0]), short_number(row.window.high[0]),
                         short_number(row.window.low[1]), short_number(row.window.high[1]));
  return words;
}

}  // namespace

std::vector<Figure> scatter_figures(const Grid& grid, const FigureEntry& choice, const std::string& suffix,
                                    const Catalog& catalog, std::vector<std::string>& warnings) {
  std::vector<Figure> figures;
  const auto columns = parts(choice.samplers, most_columns);
  for (size_t part = 0; part < columns.size(); ++part) {
    std::vector<Row> rows;
    for (const TargetEntry& target : grid.experiment().targets) {
      if (std::find(choice.targets.begin(), choice.targets.end(), target.label) == choice.targets.end())
        continue;
      if (auto row = make_row(grid, target, columns[part], catalog, warnings))
        rows.push_back(std::move(*row));
    }
    for (size_t first = 0; first < rows.size(); first += rows_a_figure) {
      const std::vector<Row> some(
          rows.begin() + static_cast<std::ptrdiff_t>(first),
          rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), first + rows_a_figure)));
      const std::string stem =
          "draws" + suffix + (columns.size() > 1 ? fmt::format("-part{}", part + 1) : "") +
          (rows.size() > rows_a_figure ? fmt::format("-{}", first / rows_a_figure + 1) : "");
      Figure figure = ScatterWriter(columns[part], some, stem).figure();
      figure.title = "Draws over density contours" + (choice.title.empty() ? "" : ": " + choice.title);
      figure.caption = fmt::format(
          "Up to {} draws at the end of the budget, first seed, over the contours of the highest-density "
          "regions of 50, 80, 95 and 99 % mass (the "
          "first two coordinates, without contours, where there are more). Axes: {}.",
          most_points, windows_words(some));
      figures.push_back(std::move(figure));
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
