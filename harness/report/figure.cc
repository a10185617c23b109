#include "harness/report/figure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "core/error.h"
#include "harness/read_input.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr int command_not_found = 127;

// Chooses the terminal by the variable `format`. Lengths are CSS pixels in every format.
std::string preamble(const Figure& figure) {
  const double scale = figure.pixels ? 2 : 1.5;  // pixels of a PNG for each of CSS: a whole number for images
  return fmt::format(
      "# gnuplot -e \"format='svg'\" {0}.gp   (or png, pdf)\n"
      "if (!exists(\"format\")) format = 'svg'\n"
      "base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else\n"
      "if (format eq 'svg') set terminal svg enhanced rounded size {1},{2} font 'Helvetica,12' background "
      "'#ffffff'\n"
      "if (format eq 'png') set terminal pngcairo enhanced rounded size {3:.0f},{4:.0f} font 'Helvetica,9' "
      "fontscale {7} linewidth {7} pointscale {7} background '#ffffff'\n"
      "if (format eq 'pdf') set terminal pdfcairo enhanced rounded size {5:.3f}in,{6:.3f}in font "
      "'Helvetica,9' fontscale 1\n"
      "size_of(share) = sprintf(',%.1f', share * base)\n"
      "set output '{0}.'.format\n",
      figure.stem, figure.width, figure.height, scale * figure.width, scale * figure.height,
      figure.width / 96.0, figure.height / 96.0, scale);
}

// Runs gnuplot in `folder` with its messages in the file `log`. The exit status, or 127 where there is no
// gnuplot.
int run_gnuplot(const std::filesystem::path& folder, const std::string& stem, const std::string& format,
                const std::filesystem::path& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  std::string program = "gnuplot";
  std::string flag = "-e";
  std::string choice = fmt::format("format='{}'", format);
  std::string script = stem + ".gp";
  char* arguments[] = {program.data(), flag.data(), choice.data(), script.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return command_not_found;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string first_line(const std::filesystem::path& log) {
  std::ifstream stream(log);
  std::string line;
  while (std::getline(stream, line)) {
    if (line.find_first_not_of(" \t^") != std::string::npos) return line;
  }
  return "no message";
}

// Asks viewers of an SVG to leave its images' pixels as they are where they enlarge them.
void keep_pixels(const std::filesystem::path& picture) {
  static const std::string image = "<image ";
  std::string text = read_input(picture);
  for (size_t at = 0; (at = text.find(image, at)) != std::string::npos; at += image.size())
    text.insert(at + image.size(), "style='image-rendering:pixelated' ");
  write_file(picture, text);
}

// One picture to draw.
struct Task {
  Figure* figure;
  std::string format;
};

class Drawing {
 public:
  Drawing(std::vector<Figure>& figures, std::filesystem::path folder, std::vector<std::string>& warnings)
      : folder_(std::filesystem::absolute(std::move(folder))), warnings_(warnings) {
    for (Figure& figure : figures) {
      figure.drawn = true;
      for (const std::string& format : figure_formats) tasks_.push_back({&figure, format});
    }
  }

  void run() {
    std::vector<std::thread> workers;
    const size_t cores = std::max(1U, std::thread::hardware_concurrency());
    for (size_t i = 0; i < std::min(cores, tasks_.size()); ++i) workers.emplace_back([this] { work(); });
    for (std::thread& worker : workers) worker.join();
    if (missing_)
      warnings_.push_back(
          "gnuplot was not found: figures were not drawn; their data files and scripts are in the folder "
          "figures");
  }

 private:
  void work() {
    for (size_t i = next_++; i < tasks_.size(); i = next_++) draw(tasks_[i]);
  }

  void draw(const Task& task) {
    const std::filesystem::path picture = folder_ / (task.figure->stem + "." + task.format);
    const std::filesystem::path log = folder_ / (task.figure->stem + "." + task.format + ".log");
    const int status =
        missing_ ? command_not_found : run_gnuplot(folder_, task.figure->stem, task.format, log);
    std::error_code ignored;
    const bool drawn = status == 0 && std::filesystem::file_size(picture, ignored) > 0 && !ignored;
    if (drawn && task.figure->pixels && task.format == "svg") keep_pixels(picture);
    const std::lock_guard lock(mutex_);
    if (!drawn) {
      task.figure->drawn = false;
      missing_ = missing_ || status == command_not_found;
      if (status != command_not_found)
        warnings_.push_back(fmt::format("gnuplot could not draw figures/{}: {}", picture.filename().string(),
                                        first_line(log)));
    }
    std::filesystem::remove(log, ignored);
  }

  std::filesystem::path folder_;
  std::vector<std::string>& warnings_;
  std::vector<Task> tasks_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> missing_{false};
  std::mutex mutex_;
};

}  // namespace

void write_file(const std::filesystem::path& file, const std::string& content) {
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  stream.close();
  if (!stream) throw InputError(fmt::format("'{}' cannot be written", file.string()));
}

void draw_figures(std::vector<Figure>& figures, const std::filesystem::path& folder,
                  std::vector<std::string>& warnings) {
  for (const Figure& figure : figures) {
    for (const auto& [name, content] : figure.data) write_file(folder / name, content);
    write_file(folder / (figure.stem + ".gp"), preamble(figure) + figure.body);
  }
  Drawing(figures, folder, warnings).run();
}

}  // namespace samplerbench::harness::reporting
