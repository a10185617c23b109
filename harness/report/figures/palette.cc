#include "harness/report/figures/palette.h"

#include <array>

namespace samplerbench::harness::reporting {

Style style_of(size_t index) {
  static const std::array<std::string, 8> colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                  "#E69F00", "#56B4E9", "#000000", "#7A7A00"};
  static const std::array<std::string, 5> dashes{"solid", "(16,8)", "(5,5)", "(16,6,4,6)", "(28,8)"};
  static const std::array<int, 8> points{7, 5, 9, 13, 11, 6, 4, 8};
  return {colours[index % colours.size()], dashes[index % dashes.size()],
          points[(index + index / 8) % points.size()]};
}

}  // namespace samplerbench::harness::reporting
