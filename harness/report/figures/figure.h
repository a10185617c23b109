#pragma once

#include <map>
#include <string>

namespace samplerbench::harness::reporting {

// What a figure consists of, which decides the picture format that suits it.
enum class Content { lines, points, pixels };

// A figure as gnuplot draws it.
struct Figure {
  std::string stem;     // file name without extension
  std::string title;    // raw text
  std::string caption;  // raw text
  int width = 1000;     // CSS pixels, 96 an inch
  int height = 600;
  Content content = Content::lines;
  std::string body;                         // gnuplot commands after the terminal is set
  std::map<std::string, std::string> data;  // file name -> content
  bool drawn = false;                       // every picture came out

  // The format that shows it well in the fewest bytes.
  std::string best_format() const { return content == Content::lines ? "svg" : "png"; }
};

}  // namespace samplerbench::harness::reporting
