#include "harness/report/figures/scatter.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/figures/panels.h"
#include "harness/report/figures/scatter_rows.h"
#include "harness/support/escape.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr size_t kRowsAFigure = 6;
constexpr size_t kMostColumns = 8;          // beside the exact draws
constexpr size_t kMostPoints = 300;         // a panel
constexpr double kShareWorthSaying = 0.03;  // of points outside the window
constexpr double kDotLength = 0.3;          // in CSS pixels
constexpr double kPanelLetterWidth = 9;     // in CSS pixels, of the common font

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

// The points of a panel that are in its window, as text, and how many are not.
struct Shown {
  std::string text;
  size_t shown = 0;
  size_t outside = 0;

  double share_outside() const {
    return shown == 0 ? 0 : static_cast<double>(outside) / static_cast<double>(shown);
  }
};

Shown shown_points(const Points& points, const Window& window) {
  Shown shown{.shown = std::min(points.size(), kMostPoints)};
  for (size_t i = 0; i < shown.shown; ++i) {
    if (window.holds(points[i]))
      shown.text += fmt::format("{:.4g} {:.4g}\n", points[i][0], points[i][1]);
    else
      ++shown.outside;
  }
  return shown;
}

// Where panels stand, in CSS pixels from the top left.
struct ScatterLayout {
  size_t columns;
  size_t rows;
  int width = 1000;
  double panel = 0;

  static constexpr double kLeft = 30;
  static constexpr double kTop = 26;
  static constexpr double kGap = 6;
  static constexpr double kEdge = 6;

  ScatterLayout(size_t columns, size_t rows) : columns(columns), rows(rows) {
    const auto n = static_cast<double>(columns);
    panel = std::min((width - kLeft - kEdge - (n - 1) * kGap) / n, 190.0);
    width = static_cast<int>(kLeft + kEdge + n * panel + (n - 1) * kGap);
  }

  int height() const {
    return static_cast<int>(kTop + kEdge + static_cast<double>(rows) * (panel + kGap) - kGap);
  }
  double x(size_t column) const { return kLeft + static_cast<double>(column) * (panel + kGap); }
  double y(size_t row) const { return kTop + static_cast<double>(row) * (panel + kGap); }

  // gnuplot commands that set the margins of a panel.
  std::string margins(size_t row, size_t column) const {
    return fmt::format(
        "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\nset tmargin at screen {:.5f}\nset "
        "bmargin at screen {:.5f}\n",
        x(column) / width, (x(column) + panel) / width, 1 - y(row) / height(),
        1 - (y(row) + panel) / height());
  }
};

// The share of the common font size at which the longest of the texts is at most `room` CSS pixels long.
double font_share(const std::vector<std::string>& texts, double room) {
  size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  return std::min(1.0, room / (kPanelLetterWidth * static_cast<double>(longest)));
}

class ScatterWriter {
 public:
  ScatterWriter(const std::vector<std::string>& samplers, const std::vector<ScatterRow>& rows,
                const std::string& stem)
      : rows_(rows), layout_(samplers.size() + 1, rows.size()), data_(stem + ".dat"), heads_{"exact"} {
    heads_.insert(heads_.end(), samplers.begin(), samplers.end());
    std::vector<std::string> targets;
    for (const ScatterRow& row : rows) targets.push_back(row.target);
    head_size_ = font_share(heads_, layout_.panel);
    target_size_ = font_share(targets, layout_.panel + ScatterLayout::kGap);
    figure_ = {.stem = stem, .width = layout_.width, .height = layout_.height(), .content = Content::points};
  }

  Figure figure() {
    std::string& body = figure_.body;
    body =
        "set encoding utf8\nset border 15 linewidth 0.6 linecolor rgb '#9aa4af'\nunset tics\nunset key\n"
        // A dot is a short line with round ends: as a vector picture a tenth of the size of a point symbol.
        "dots = light ? 'using 1:2 with points pointtype 7 pointsize 0.38' : "
        "'using 1:2:(dot):(0) with vectors nohead linewidth 2.1'\n"
        "grey = light ? '#5a5a5a' : '#70333333'\nblue = light ? '#2f86c0' : '#600072B2'\nset multiplot\n";
    for (size_t i = 0; i < rows_.size(); ++i) add_row(i);
    body += "unset multiplot\n";
    figure_.data[data_] = blocks_.text();
    return figure_;
  }

 private:
  void add_row(size_t index) {
    const ScatterRow& row = rows_[index];
    std::vector<size_t> levels;
    for (const auto& lines : row.contours)
      levels.push_back(blocks_.add(lines.empty() ? "NaN NaN\n" : lines_text(lines)));
    const auto& [low, high] = row.window;
    figure_.body +=
        fmt::format("set xrange [{:.12g}:{:.12g}]\nset yrange [{:.12g}:{:.12g}]\ndot = {:.3g}\n", low[0],
                    high[0], low[1], high[1], kDotLength / layout_.panel * (high[0] - low[0]));
    for (size_t column = 0; column < row.panels.size(); ++column) add_panel(index, column, levels);
  }

  void add_panel(size_t index, size_t column, const std::vector<size_t>& levels) {
    const ScatterRow& row = rows_[index];
    const ScatterPanel& panel = row.panels[column];
    figure_.body += layout_.margins(index, column) + "unset label\n";
    if (index == 0)
      label(heads_[column], layout_.x(column) + layout_.panel / 2, ScatterLayout::kTop / 2,
            fmt::format("center font size_of({:.2f})", head_size_));
    if (column == 0)
      label(row.target, ScatterLayout::kLeft / 2, layout_.y(index) + layout_.panel / 2,
            fmt::format("center rotate by 90 font size_of({:.2f})", target_size_));
    const Shown shown = shown_points(panel.points, row.window);
    if (panel.points.empty())
      figure_.body += fmt::format(
          "set label {} at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb "
          "'#8a4b00'\n",
          gnuplot_string(panel.word));
    if (shown.share_outside() > kShareWorthSaying)
      figure_.body += fmt::format(
          "set label '{:.0f} % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) "
          "textcolor rgb '#8a4b00' front\n",
          100 * shown.share_outside());
    figure_.body += plot_command(levels, shown.text, column == 0);
  }

  // `x` and `y` are CSS pixels from the top left.
  void label(const std::string& text, double x, double y, const std::string& style) {
    figure_.body += fmt::format("set label {} at screen {:.5f}, screen {:.5f} {} noenhanced\n",
                                gnuplot_string(text), x / layout_.width, 1 - y / layout_.height(), style);
  }

  std::string plot_command(const std::vector<size_t>& levels, const std::string& points, bool exact) {
    static const std::array<std::string, 4> shades{"#7d8894", "#98a2ad", "#b3bcc5", "#ced5db"};
    std::string text;
    for (size_t i = levels.size(); i-- > 0;)
      text += fmt::format("{}{} index {} with lines linewidth 0.8 linecolor rgb '{}' notitle",
                          text.empty() ? "plot " : ", \\\n     ", gnuplot_string(data_), levels[i],
                          shades[i % shades.size()]);
    if (!points.empty())
      text +=
          fmt::format("{}{} index {} @dots linecolor rgb {} notitle", text.empty() ? "plot " : ", \\\n     ",
                      gnuplot_string(data_), blocks_.add(points), exact ? "grey" : "blue");
    return (text.empty() ? "plot NaN notitle" : text) + "\n";
  }

  const std::vector<ScatterRow>& rows_;
  ScatterLayout layout_;
  std::string data_;
  std::vector<std::string> heads_;
  double head_size_ = 1;
  double target_size_ = 1;
  Blocks blocks_;
  Figure figure_;
};

std::string windows_words(const std::vector<ScatterRow>& rows) {
  std::string words;
  for (const ScatterRow& row : rows)
    words += fmt::format("{}{} [{}, {}] × [{}, {}]", words.empty() ? "" : "; ", row.target,
                         short_number(row.window.low[0]), short_number(row.window.high[0]),
                         short_number(row.window.low[1]), short_number(row.window.high[1]));
  return words;
}

}  // namespace

std::vector<Figure> scatter_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                    const Catalog& catalog, std::vector<std::string>& warnings) {
  std::vector<Figure> figures;
  const auto columns = parts(choice.samplers, kMostColumns);
  for (size_t part = 0; part < columns.size(); ++part) {
    std::vector<ScatterRow> rows;
    for (const Choice& target : grid.experiment().targets) {
      if (std::find(choice.targets.begin(), choice.targets.end(), target.label) == choice.targets.end())
        continue;
      if (auto row = scatter_row(grid, target, columns[part], catalog, warnings))
        rows.push_back(std::move(*row));
    }
    for (size_t first = 0; first < rows.size(); first += kRowsAFigure) {
      const std::vector<ScatterRow> some(
          rows.begin() + static_cast<std::ptrdiff_t>(first),
          rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), first + kRowsAFigure)));
      const std::string stem =
          "draws" + suffix + (columns.size() > 1 ? fmt::format("-part{}", part + 1) : "") +
          (rows.size() > kRowsAFigure ? fmt::format("-{}", first / kRowsAFigure + 1) : "");
      Figure figure = ScatterWriter(columns[part], some, stem).figure();
      figure.title = "Draws over density contours" + (choice.title.empty() ? "" : ": " + choice.title);
      figure.caption = fmt::format(
          "Up to {} draws at the end of the budget, first seed, over the contours of the highest-density "
          "regions of 50, 80, 95 and 99 % mass (the "
          "first two coordinates, without contours, where there are more). Axes: {}.",
          kMostPoints, windows_words(some));
      figures.push_back(std::move(figure));
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
