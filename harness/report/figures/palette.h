#pragma once

#include <cstddef>
#include <string>

namespace samplerbench::harness::reporting {

// How the curve of one sampler looks. Colours are Okabe and Ito's, which colour-blind readers can tell apart
// (their yellow, too faint on white, is replaced by an olive); dashes and point shapes differ too.
struct Style {
  std::string colour;
  std::string dashes;  // gnuplot dashtype
  int point = 7;
};

Style style_of(size_t index);

}  // namespace samplerbench::harness::reporting
