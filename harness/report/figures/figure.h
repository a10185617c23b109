#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace samplerbench::harness::reporting {

// What a figure consists of, which decides the picture format that suits it.
enum class Content { lines, points, pixels };

// A width that figures have in a paper. Letters of 12 CSS pixels are printed in `letters` pt, which makes the
// width so many pixels.
struct PaperWidth {
  const char* suffix;  // of the file's stem
  double cm;
  double letters;

  int pixels() const { return static_cast<int>(cm / 2.54 * 72 * 12 / letters); }
};

inline constexpr std::array<PaperWidth, 2> kPaperWidths{{{"-column", 8.4, 7}, {"-page", 17, 8}}};

// A figure laid out for another width.
struct PaperForm {
  int width = 0;  // CSS pixels
  int height = 0;
  std::string body;
};

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
  std::vector<PaperForm> paper = {};        // of kPaperWidths; empty: the same layout, scaled
  std::optional<PaperWidth> printed = {};   // as wide as that, in print alone
  std::vector<std::string> pictures = {};   // endings of the files drawn: ".svg", "-page.pdf"
  bool drawn = false;                       // every picture came out
  bool leads = false;                       // it stands in front of all tables

  // The format that shows it well in the fewest bytes.
  std::string best_format() const { return content == Content::lines ? "svg" : "png"; }
};

}  // namespace samplerbench::harness::reporting
