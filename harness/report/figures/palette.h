#pragma once

#include <cstddef>
#include <string>

namespace samplerbench::harness::reporting {

// How the curve of one sampler looks. The first colours are Okabe and Ito's, which colour-blind readers can
// tell apart (their yellow, too faint on white, is replaced by a brown); dashes and point shapes differ too.
// The page's script has the same colours.
struct Style {
  std::string colour;
  std::string dashes;  // gnuplot dashtype
  int point = 7;
};

// The look of the line at that place of a figure. Its colour is that of the method at the place `colour`
// among the experiment's, so that a method has one colour in all figures and on the page.
Style style_of(size_t index, size_t colour);

}  // namespace samplerbench::harness::reporting
