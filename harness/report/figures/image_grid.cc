#include "harness/report/figures/image_grid.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/figures/image_panels.h"
#include "harness/report/figures/panels.h"
#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr const char* kFrame = "set border 15 linewidth 0.6 linecolor rgb '#c4cad0'\n";
constexpr size_t kMostPanels = 14;  // of samplers, a figure
constexpr double kLetterWidth = 8;  // in CSS pixels, of the common font

// Where panels stand, in CSS pixels from the top left. A pixel of an image takes a whole number of them.
struct GridLayout {
  static constexpr int64_t kPage = 1000;
  static constexpr int64_t kEdge = 10;
  static constexpr int64_t kGap = 24;
  static constexpr int64_t kHead = 26;
  static constexpr int64_t kPanel = 310;  // about

  int64_t panel_height, panel_width;
  int64_t columns, rows;

  GridLayout(size_t panels, int64_t sheet_height, int64_t sheet_width) {
    const auto n = static_cast<int64_t>(panels);
    const int64_t magnified = std::max<int64_t>(1, kPanel / std::max(sheet_height, sheet_width));
    panel_height = magnified * sheet_height;
    panel_width = magnified * sheet_width;
    columns = std::clamp<int64_t>((kPage - 2 * kEdge + kGap) / (panel_width + kGap), 1, n);
    rows = (n + columns - 1) / columns;
  }

  int width() const { return static_cast<int>(2 * kEdge + columns * (panel_width + kGap) - kGap); }
  int height() const { return static_cast<int>(2 * kEdge + rows * (kHead + panel_height + kEdge) - kEdge); }
  int64_t x(size_t index) const {
    return kEdge + static_cast<int64_t>(index) % columns * (panel_width + kGap);
  }
  int64_t y(size_t index) const {
    return kEdge + static_cast<int64_t>(index) / columns * (kHead + panel_height + kEdge) + kHead;
  }
};

class ImageGridWriter {
 public:
  ImageGridWriter(const std::vector<ImagePanel>& panels, const std::string& stem)
      : panels_(panels), layout_(layout_of(panels)), data_(stem + ".u8") {
    figure_ = {
        .stem = stem, .width = layout_.width(), .height = layout_.height(), .content = Content::pixels};
  }

  Figure figure() {
    std::string& body = figure_.body;
    body = fmt::format(
        "# {}: unsigned bytes, a sheet of {} rows of {} for every panel with images\n"
        "set encoding utf8\nunset border\nunset tics\nunset key\n"
        "unset colorbox\nset palette defined (0 '#000000', 1 '#ffffff')\nset cbrange [0:255]\n"
        "if (light) set palette maxcolors 16\nset xrange [-0.5:{}.5]\nset yrange [{}.5:-0.5]\nset "
        "multiplot\n",
        data_, sheet_height_, sheet_width_, sheet_width_ - 1, sheet_height_ - 1);
    for (size_t i = 0; i < panels_.size(); ++i) add_panel(i);
    body += "unset multiplot\n";
    return figure_;
  }

 private:
  GridLayout layout_of(const std::vector<ImagePanel>& panels) {
    const auto shown = std::find_if(panels.begin(), panels.end(),
                                    [](const ImagePanel& panel) { return !panel.sheet.bytes.empty(); });
    sheet_height_ = shown->sheet.height;
    sheet_width_ = shown->sheet.width;
    return {panels.size(), sheet_height_, sheet_width_};
  }

  void add_panel(size_t index) {
    const ImagePanel& panel = panels_[index];
    const double width = layout_.width(), height = layout_.height();
    const auto x = static_cast<double>(layout_.x(index)), y = static_cast<double>(layout_.y(index));
    const auto wide = static_cast<double>(layout_.panel_width),
               high = static_cast<double>(layout_.panel_height);
    figure_.body += fmt::format(
        "set lmargin at screen {:.7f}\nset rmargin at screen {:.7f}\nset tmargin at screen {:.7f}\nset "
        "bmargin at screen {:.7f}\nunset label\n"
        "set label {} at screen {:.7f}, screen {:.7f} center noenhanced font size_of({:.2f})\n",
        x / width, (x + wide) / width, 1 - y / height, 1 - (y + high) / height, gnuplot_string(panel.head),
        (x + wide / 2) / width, 1 - (y - GridLayout::kHead / 2.0) / height, head_size());
    if (!panel.sheet.bytes.empty())
      add_images(panel.sheet);
    else
      figure_.body += fmt::format(
          "{}set label {} at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb "
          "'#8a4b00'\nplot NaN notitle\nunset border\n",
          kFrame, gnuplot_string(panel.word));
  }

  void add_images(const Sheet& sheet) {
    std::string& bytes = figure_.data[data_];
    figure_.body += fmt::format("plot {} binary array=({},{}) format='%uchar' skip={} with image notitle\n",
                                gnuplot_string(data_), sheet.width, sheet.height, bytes.size());
    bytes += sheet.bytes;
  }

  // The share of the common font size at which the longest head fits above its panel.
  double head_size() const {
    size_t longest = 1;
    for (const ImagePanel& panel : panels_) longest = std::max(longest, panel.head.size());
    return std::min(1.0,
                    static_cast<double>(layout_.panel_width) / (kLetterWidth * static_cast<double>(longest)));
  }

  const std::vector<ImagePanel>& panels_;
  int64_t sheet_height_ = 0, sheet_width_ = 0;
  GridLayout layout_;
  std::string data_;
  Figure figure_;
};

}  // namespace

std::vector<Figure> image_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                  std::vector<std::string>& warnings) {
  std::vector<std::string> targets;
  std::copy_if(choice.targets.begin(), choice.targets.end(), std::back_inserter(targets),
               [&](const std::string& target) { return grid.on_images(target); });
  const auto split = parts(choice.samplers, kMostPanels);
  std::vector<Figure> figures;
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t part = 0; part < split.size(); ++part) {
      const std::vector<ImagePanel> panels = image_panels(grid, targets[i], split[part], warnings);
      if (panels.empty()) continue;
      const std::string stem = "images" + suffix +
                               (targets.size() > 1 ? fmt::format("-target{}", i + 1) : "") +
                               (split.size() > 1 ? fmt::format("-part{}", part + 1) : "");
      Figure figure = ImageGridWriter(panels, stem).figure();
      figure.title =
          fmt::format("Draws on {}{}{}", targets[i], choice.title.empty() ? "" : ": ", choice.title);
      figure.caption =
          "Images as the records keep them: the first hundred of the draws at the end of the budget, of the "
          "first "
          "seed that finished; none was chosen. Grey levels are cut to [0, 1], black to white.";
      figures.push_back(std::move(figure));
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
