#include "harness/report/image_grid.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/tensor.h"
#include "harness/npy.h"
#include "harness/report/escape.h"
#include "harness/report/panels.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr const char* frame = "set border 15 linewidth 0.6 linecolor rgb '#c4cad0'\n";
constexpr int64_t tiles = 10;       // a row and a column of a panel
constexpr int64_t tile_gap = 2;     // in pixels of the images
constexpr size_t most_panels = 14;  // of samplers, a figure
constexpr double letter_width = 8;  // in CSS pixels, of the common font

// Images under their heading, or the word that stands in their place.
struct Panel {
  std::string head;
  Tensor images;  // [n, height, width] uint8; undefined where there are none
  std::string word;
};

Panel kept_panel(const std::string& head, const KeptImages& kept, std::vector<std::string>& warnings) {
  try {
    const Tensor images = read_npy_bytes(kept.file);
    if (images.dim() != 3 || images.size(1) != kept.height || images.size(2) != kept.width)
      throw InputError(
          fmt::format("{}: not images of {} x {} pixels", kept.file.string(), kept.height, kept.width));
    return {head, images, ""};
  } catch (const InputError& error) {
    warnings.push_back(fmt::format("the images of {} are not shown: {}", head, error.what()));
    return {head, Tensor(), "not readable"};
  }
}

// The images of the first seed that has some, or why there are none.
Panel sampler_panel(const Grid& grid, const std::string& target, const SamplerEntry& sampler,
                    std::vector<std::string>& warnings) {
  std::string word;
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* run = grid.run(target, sampler.label, seed);
    if (run != nullptr && run->finished() && run->images)
      return kept_panel(sampler.heading(), *run->images, warnings);
    if (word.empty() || word == "finished") word = grid.status(target, sampler.label, seed);
  }
  return {sampler.heading(), Tensor(), word == "finished" ? "no images kept" : word};
}

// The data's own images, then each sampler's; nothing where none of them has any.
std::vector<Panel> make_panels(const Grid& grid, const std::string& target,
                               const std::vector<std::string>& samplers, std::vector<std::string>& warnings) {
  std::vector<Panel> panels;
  const auto floor = grid.results().floors.find(target);
  if (floor != grid.results().floors.end() && floor->second.images)
    panels.push_back(kept_panel("training images", *floor->second.images, warnings));
  for (const SamplerEntry& sampler : grid.experiment().samplers)
    if (std::find(samplers.begin(), samplers.end(), sampler.label) != samplers.end())
      panels.push_back(sampler_panel(grid, target, sampler, warnings));
  const auto shown = [](const Panel& panel) { return panel.images.defined(); };
  const auto first = std::find_if(panels.begin(), panels.end(), shown);
  if (first == panels.end()) return {};
  for (Panel& panel : panels)
    if (shown(panel) && panel.images.sizes().slice(1) != first->images.sizes().slice(1))
      panel = {panel.head, Tensor(), "of another size"};
  return panels;
}

// Height or width of a panel in pixels of images of that height or width.
int64_t sheet_side(int64_t side) { return tiles * (side + tile_gap) - tile_gap; }

// Images in rows with white gaps: [n, height, width] -> [sheet_side(height), sheet_side(width)].
Tensor sheet(const Tensor& images) {
  const int64_t height = images.size(1), width = images.size(2);
  Tensor sheet = torch::full({sheet_side(height), sheet_side(width)}, 255, torch::kUInt8);
  for (int64_t i = 0; i < std::min(images.size(0), tiles * tiles); ++i) {
    const int64_t y = i / tiles * (height + tile_gap), x = i % tiles * (width + tile_gap);
    sheet.slice(0, y, y + height).slice(1, x, x + width).copy_(images[i]);
  }
  return sheet;
}

// Where panels stand, in CSS pixels from the top left. A pixel of an image takes a whole number of them.
struct Layout {
  static constexpr int64_t page = 1000;
  static constexpr int64_t edge = 10;
  static constexpr int64_t gap = 24;
  static constexpr int64_t head = 26;
  static constexpr int64_t panel = 310;  // about

  int64_t panel_height, panel_width;
  int64_t columns, rows;

  Layout(size_t panels, int64_t sheet_height, int64_t sheet_width) {
    const auto n = static_cast<int64_t>(panels);
    const int64_t magnified = std::max<int64_t>(1, panel / std::max(sheet_height, sheet_width));
    panel_height = magnified * sheet_height;
    panel_width = magnified * sheet_width;
    columns = std::clamp<int64_t>((page - 2 * edge + gap) / (panel_width + gap), 1, n);
    rows = (n + columns - 1) / columns;
  }

  int width() const { return static_cast<int>(2 * edge + columns * (panel_width + gap) - gap); }
  int height() const { return static_cast<int>(2 * edge + rows * (head + panel_height + edge) - edge); }
  int64_t x(size_t index) const { return edge + static_cast<int64_t>(index) % columns * (panel_width + gap); }
  int64_t y(size_t index) const {
    return edge + static_cast<int64_t>(index) / columns * (head + panel_height + edge) + head;
  }
};

class ImageGridWriter {
 public:
  ImageGridWriter(const std::vector<Panel>& panels, const std::string& stem)
      : panels_(panels), layout_(layout_of(panels)), data_(stem + ".u8") {
    figure_ = {.stem = stem, .width = layout_.width(), .height = layout_.height(), .pixels = true};
  }

  Figure figure() {
    std::string& body = figure_.body;
    body = fmt::format(
        "# {}: unsigned bytes, a sheet of {} rows of {} for every panel with images\n"
        "set encoding utf8\nunset border\nunset tics\nunset key\n"
        "unset colorbox\nset palette defined (0 '#000000', 1 '#ffffff')\nset cbrange [0:255]\n"
        "set xrange [-0.5:{}.5]\nset yrange [{}.5:-0.5]\nset multiplot\n",
        data_, sheet_height_, sheet_width_, sheet_width_ - 1, sheet_height_ - 1);
    for (size_t i = 0; i < panels_.size(); ++i) add_panel(i);
    body += "unset multiplot\n";
    return figure_;
  }

 private:
  Layout layout_of(const std::vector<Panel>& panels) {
    const auto shown =
        std::find_if(panels.begin(), panels.end(), [](const Panel& panel) { return panel.images.defined(); });
    sheet_height_ = sheet_side(shown->images.size(1));
    sheet_width_ = sheet_side(shown->images.size(2));
    return {panels.size(), sheet_height_, sheet_width_};
  }

  void add_panel(size_t index) {
    const Panel& panel = panels_[index];
    const double width = layout_.width(), height = layout_.height();
    const auto x = static_cast<double>(layout_.x(index)), y = static_cast<double>(layout_.y(index));
    const auto wide = static_cast<double>(layout_.panel_width),
               high = static_cast<double>(layout_.panel_height);
    figure_.body += fmt::format(
        "set lmargin at screen {:.7f}\nset rmargin at screen {:.7f}\nset tmargin at screen {:.7f}\nset "
        "bmargin at screen {:.7f}\nunset label\n"
        "set label {} at screen {:.7f}, screen {:.7f} center noenhanced font size_of({:.2f})\n",
        x / width, (x + wide) / width, 1 - y / height, 1 - (y + high) / height, gnuplot_string(panel.head),
        (x + wide / 2) / width, 1 - (y - Layout::head / 2.0) / height, head_size());
    if (panel.images.defined())
      add_images(panel.images);
    else
      figure_.body += fmt::format(
          "{}set label {} at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb "
          "'#8a4b00'\nplot NaN notitle\nunset border\n",
          frame, gnuplot_string(panel.word));
  }

  void add_images(const Tensor& images) {
    std::string& bytes = figure_.data[data_];
    figure_.body += fmt::format("plot {} binary array=({},{}) format='%uchar' skip={} with image notitle\n",
                                gnuplot_string(data_), sheet_width_, sheet_height_, bytes.size());
    const Tensor grey = sheet(images);
    bytes.append(reinterpret_cast<const char*>(grey.data_ptr<uint8_t>()), static_cast<size_t>(grey.numel()));
  }

  // The share of the common font size at which the longest head fits above its panel.
  double head_size() const {
    size_t longest = 1;
    for (const Panel& panel : panels_) longest = std::max(longest, panel.head.size());
    return std::min(1.0,
                    static_cast<double>(layout_.panel_width) / (letter_width * static_cast<double>(longest)));
  }

  const std::vector<Panel>& panels_;
  int64_t sheet_height_ = 0, sheet_width_ = 0;
  Layout layout_;
  std::string data_;
  Figure figure_;
};

}  // namespace

std::vector<Figure> image_figures(const Grid& grid, const FigureEntry& choice, const std::string& suffix,
                                  std::vector<std::string>& warnings) {
  std::vector<std::string> targets;
  std::copy_if(choice.targets.begin(), choice.targets.end(), std::back_inserter(targets),
               [&](const std::string& target) { return grid.on_images(target); });
  const auto split = parts(choice.samplers, most_panels);
  std::vector<Figure> figures;
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t part = 0; part < split.size(); ++part) {
      const std::vector<Panel> panels = make_panels(grid, targets[i], split[part], warnings);
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
