#include "harness/report/figures/palette.h"

#include <array>

namespace samplerbench::harness::reporting {

Style style_of(size_t index, size_t colour) {
  static const std::array<std::string, 11> colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                   "#7a5c00", "#56b4e9", "#e69f00", "#7f7f7f",
                                                   "#7b5cd6", "#9aad00", "#b3122e"};
  static const std::array<std::string, 5> dashes{"solid", "(16,8)", "(5,5)", "(16,6,4,6)", "(28,8)"};
  static const std::array<int, 8> points{7, 5, 9, 13, 11, 6, 4, 8};
  return {colours[colour % colours.size()], dashes[index % dashes.size()],
          points[(index + index / 8) % points.size()]};
}

}  // namespace samplerbench::harness::reporting
