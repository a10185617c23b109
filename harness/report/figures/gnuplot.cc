#include "harness/report/figures/gnuplot.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <system_error>
#include <thread>

#include "harness/report/figures/light_svg.h"
#include "harness/support/child_process.h"
#include "harness/support/files.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness::reporting {
namespace {

namespace fs = std::filesystem;

constexpr int kCommandNotFound = 127;
constexpr double kPixelsAnInch = 96;
constexpr double kPdfFont = 0.75;   // gnuplot's size of a letter of 1 pt in a PDF
constexpr double kLeastLetter = 7;  // pt, in print

// Pixels of a PNG for each pixel of CSS: a whole number for images.
double png_scale(const Figure& figure) { return figure.content == Content::pixels ? 2 : 1.5; }

// gnuplot's terminal for a format. Lengths are CSS pixels in every format.
std::string terminal(const Figure& figure, const std::string& format) {
  if (format == "svg")
    return fmt::format("svg enhanced rounded size {},{} font 'Helvetica,12' background '#ffffff'",
                       figure.width, figure.height);
  if (format == "pdf" && figure.printed)
    return fmt::format("pdfcairo enhanced rounded size {:.3f}cm,{:.3f}cm font 'Helvetica,{}' fontscale 1",
                       figure.printed->cm, figure.printed->cm * figure.height / figure.width,
                       kPdfFont * figure.printed->letters);
  if (format == "pdf")
    return fmt::format("pdfcairo enhanced rounded size {:.3f}in,{:.3f}in font 'Helvetica,9' fontscale 1",
                       figure.width / kPixelsAnInch, figure.height / kPixelsAnInch);
  const double scale = png_scale(figure);
  return fmt::format(
      "pngcairo enhanced rounded size {:.0f},{:.0f} font 'Helvetica,9' fontscale {} linewidth {} pointscale "
      "{} background '#ffffff'",
      scale * figure.width, scale * figure.height, scale, scale, scale);
}

// The same in few bytes: a PNG of a palette instead of true colours.
std::string light_terminal(const Figure& figure) {
  if (figure.best_format() == "svg") return terminal(figure, "svg");
  const double scale = figure.content == Content::pixels ? 1 : 1.5;
  return fmt::format("png enhanced size {:.0f},{:.0f} font 'sans,9' fontscale {} linewidth {}",
                     scale * figure.width, scale * figure.height, scale, scale);
}

// The beginning of a script: the terminal, and the variables that bodies use.
std::string preamble(const Figure& figure, bool light) {
  std::string text;
  if (light) {
    text = fmt::format("format = '{}'\nset terminal {}\n", figure.best_format(), light_terminal(figure));
  } else {
    text = fmt::format(
        "# gnuplot -e \"format='svg'\" {}.gp   (or png, pdf)\nif (!exists(\"format\")) format = 'svg'\n",
        figure.stem);
    for (const std::string& format : kPictureFormats)
      text += fmt::format("if (format eq '{}') set terminal {}\n", format, terminal(figure, format));
  }
  const double base = figure.printed ? kPdfFont * figure.printed->letters : 9;
  return text + fmt::format(
                    "light = {}\n"
                    "base = format eq 'svg' ? 12 : {}  # font size: pixels of an SVG, points else\n"
                    "least = {}  # font size\n"
                    "size_of(share) = sprintf(',%.2f', share * base < least ? least : share * base)\n"
                    "set output '{}.'.format\n",
                    light ? 1 : 0, base, figure.printed ? kPdfFont * kLeastLetter : 0, figure.stem);
}

// Runs gnuplot in `folder` with its messages in the file `log`. The exit status, or 127 where there is no
// gnuplot.
int run_gnuplot(const fs::path& folder, const std::string& stem, const std::string& format,
                const fs::path& log) {
  try {
    ChildProcess gnuplot({.words = {"gnuplot", "-e", fmt::format("format='{}'", format), stem + ".gp"},
                          .output = log,
                          .errors = log,
                          .folder = folder});
    return gnuplot.wait().shell_code();
  } catch (const std::system_error&) {
    return kCommandNotFound;
  }
}

std::string first_line(const fs::path& log) {
  std::ifstream stream(log);
  std::string line;
  while (std::getline(stream, line)) {
    if (line.find_first_not_of(" \t^") != std::string::npos) return line;
  }
  return "no message";
}

void write_script(const Figure& figure, const fs::path& folder, bool light) {
  for (const auto& [name, content] : figure.data) write_file(folder / name, content);
  write_file(folder / (figure.stem + ".gp"), preamble(figure, light) + figure.body);
}

// One picture to draw.
struct Task {
  Figure* figure;
  std::string format;
};

// Draws pictures of scripts that stand in a folder.
class Drawing {
 public:
  Drawing(std::vector<Task> tasks, fs::path folder, std::vector<std::string>& warnings)
      : tasks_(std::move(tasks)), folder_(fs::absolute(std::move(folder))), warnings_(warnings) {
    for (const Task& task : tasks_) task.figure->drawn = true;
  }

  void run() {
    std::vector<std::thread> workers;
    const size_t cores = std::max(1U, std::thread::hardware_concurrency());
    for (size_t i = 0; i < std::min(cores, tasks_.size()); ++i) workers.emplace_back([this] { work(); });
    for (std::thread& worker : workers) worker.join();
    if (missing_) warnings_.push_back("gnuplot was not found: figures were not drawn");
  }

 private:
  void work() {
    for (size_t i = next_++; i < tasks_.size(); i = next_++) draw(tasks_[i]);
  }

  void draw(const Task& task) {
    const fs::path picture = folder_ / (task.figure->stem + "." + task.format);
    const fs::path log = folder_ / (task.figure->stem + "." + task.format + ".log");
    const int status =
        missing_ ? kCommandNotFound : run_gnuplot(folder_, task.figure->stem, task.format, log);
    std::error_code ignored;
    const bool drawn = status == 0 && fs::file_size(picture, ignored) > 0 && !ignored;
    const std::lock_guard lock(mutex_);
    if (!drawn) {
      task.figure->drawn = false;
      missing_ = missing_ || status == kCommandNotFound;
      if (status != kCommandNotFound)
        warnings_.push_back(fmt::format("gnuplot could not draw figures/{}: {}", picture.filename().string(),
                                        first_line(log)));
    }
    fs::remove(log, ignored);
  }

  std::vector<Task> tasks_;
  fs::path folder_;
  std::vector<std::string>& warnings_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> missing_{false};
  std::mutex mutex_;
};

// A temporary folder, which is removed with the object.
class Scratch {
 public:
  Scratch() {
    std::error_code missing;
    const fs::path temporary = fs::temp_directory_path(missing);
    if (missing) throw CannotWrite(missing, "the folder for temporary files, TMPDIR or /tmp");
    std::string pattern = (temporary / "samplerbench-figures-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw CannotWrite(errno, std::generic_category(), "cannot make the folder " + pattern);
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

bool contains(const std::vector<std::string>& formats, const std::string& format) {
  return std::find(formats.begin(), formats.end(), format) != formats.end();
}

// The figure at a width of a paper, with a script of its own and the same data.
Figure paper_figure(const Figure& figure, size_t width) {
  Figure form = figure;
  form.stem += kPaperWidths[width].suffix;
  form.data.clear();
  if (width < figure.paper.size()) {
    form.height = figure.paper[width].height;
    form.body = figure.paper[width].body;
  } else {
    form.height = figure.height * kPaperWidths[width].pixels() / figure.width;
  }
  form.width = kPaperWidths[width].pixels();
  form.printed = kPaperWidths[width];
  return form;
}

// Makes viewers of an SVG enlarge its images without blurring the pixels.
void keep_pixels(const fs::path& picture) {
  static const std::string image = "<image ";
  std::string text = read_input(picture);
  for (size_t at = 0; (at = text.find(image, at)) != std::string::npos; at += image.size())
    text.insert(at + image.size(), "style='image-rendering:pixelated' ");
  write_file(picture, text);
}

}  // namespace

void draw_figures(std::vector<Figure>& figures, const fs::path& folder,
                  const std::vector<std::string>& formats, std::vector<std::string>& warnings) {
  std::vector<Task> tasks;
  for (Figure& figure : figures) {
    write_script(figure, folder, false);
    for (const std::string& format : formats) tasks.push_back({&figure, format});
  }
  Drawing(tasks, folder, warnings).run();
  for (Figure& figure : figures)
    if (figure.drawn)
      for (const std::string& format : formats) figure.pictures.push_back("." + format);
  for (const Figure& figure : figures)
    if (figure.drawn && figure.content == Content::pixels && contains(formats, "svg"))
      keep_pixels(folder / (figure.stem + ".svg"));
}

void draw_for_paper(std::vector<Figure>& figures, const fs::path& folder,
                    std::vector<std::string>& warnings) {
  std::vector<Figure> forms;
  for (const Figure& figure : figures)
    for (size_t i = 0; i < kPaperWidths.size(); ++i) forms.push_back(paper_figure(figure, i));
  std::vector<Task> tasks;
  for (Figure& form : forms) {
    write_script(form, folder, false);
    tasks.push_back({&form, "pdf"});
  }
  Drawing(tasks, folder, warnings).run();
  for (size_t i = 0; i < forms.size(); ++i)
    if (forms[i].drawn)
      figures[i / kPaperWidths.size()].pictures.push_back(
          std::string(kPaperWidths[i % kPaperWidths.size()].suffix) + ".pdf");
}

void draw_light_figures(std::vector<Figure>& figures, const fs::path& folder,
                        std::vector<std::string>& warnings) {
  const Scratch scratch;
  std::vector<Task> tasks;
  for (Figure& figure : figures) {
    write_script(figure, scratch.path(), true);
    tasks.push_back({&figure, figure.best_format()});
  }
  Drawing(tasks, scratch.path(), warnings).run();
  for (const auto& [figure, format] : tasks) {
    if (!figure->drawn) continue;
    const std::string name = figure->stem + "." + format;
    const std::string picture = read_input(scratch.path() / name);
    write_file(folder / name, format == "svg" ? light_svg(picture) : picture);
  }
}

}  // namespace samplerbench::harness::reporting
