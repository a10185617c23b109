#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace samplerbench::harness::reporting {

// A figure as gnuplot draws it. Its script and data stay beside the pictures, so that a reader can draw it
// again: gnuplot -e "format='pdf'" STEM.gp
struct Figure {
  std::string stem;     // file name without extension
  std::string title;    // raw text
  std::string caption;  // raw text
  int width = 1000;     // CSS pixels, 96 an inch
  int height = 600;
  bool pixels = false;                      // holds images, whose pixels stay sharp squares
  std::string body;                         // gnuplot commands after the terminal is set
  std::map<std::string, std::string> data;  // file name -> content
  bool drawn = false;                       // all formats came out
};

inline const std::vector<std::string> figure_formats{"svg", "png", "pdf"};

// Writes script and data of every figure into `folder` and draws them, as many at once as there are cores.
// Sets Figure::drawn. What goes wrong is a line in `warnings`; a missing gnuplot is one line in all.
void draw_figures(std::vector<Figure>& figures, const std::filesystem::path& folder,
                  std::vector<std::string>& warnings);

// Throws InputError where it cannot be written.
void write_file(const std::filesystem::path& file, const std::string& content);

}  // namespace samplerbench::harness::reporting
