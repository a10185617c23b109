#pragma once

#include <string>

namespace samplerbench::harness::reporting {

// Shortens an SVG of gnuplot without a visible change: drops empty groups and unused definitions, moves what
// all groups repeat to the outermost one, and cuts coordinates to a tenth of a pixel.
std::string light_svg(std::string svg);

}  // namespace samplerbench::harness::reporting
