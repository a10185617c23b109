// Draws figures on many threads, some of which gnuplot refuses, under the thread sanitizer, which ends the
// program with code 66 where it finds a race. Code 77 where there is no gnuplot.
//
// usage: figure_threads FOLDER
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/report/figures/gnuplot.h"

namespace {

namespace fs = std::filesystem;
using namespace samplerbench::harness::reporting;

constexpr int kFigures = 12;

// Every third figure is refused.
std::vector<Figure> figures() {
  std::vector<Figure> all;
  for (int i = 0; i < kFigures; ++i)
    all.push_back({.stem = fmt::format("figure-{}", i),
                   .width = 200,
                   .height = 100,
                   .body = i % 3 == 0 ? "no command\n" : "plot sin(x)\n"});
  return all;
}

// Says what was drawn. The exit code: 1 where that is not `drawn` figures and `refused` warnings.
int draw(const fs::path& folder, int drawn, size_t refused) {
  std::vector<Figure> all = figures();
  std::vector<std::string> warnings;
  draw_figures(all, folder, {"svg", "png"}, warnings);
  int whole = 0;
  for (const Figure& figure : all) whole += figure.drawn ? 1 : 0;
  fmt::print("{} figures of {} drawn, {} warnings\n", whole, kFigures, warnings.size());
  return whole == drawn && warnings.size() == refused ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (std::system("command -v gnuplot > /dev/null") != 0) return 77;
  const fs::path folder = argv[1];
  fs::create_directories(folder);
  const int code = draw(folder, kFigures - kFigures / 3, 2 * kFigures / 3);
  setenv("PATH", folder.c_str(), 1);  // where there is no gnuplot
  return std::max(code, draw(folder, 0, 1));
}
