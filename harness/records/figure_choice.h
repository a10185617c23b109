#pragma once

#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/fields.h"

namespace samplerbench::harness {

// What a figure shows.
enum class FigureKind {
  curves,        // quality over training
  cost,          // quality against gradients a draw
  ranks,         // mean ranks with the critical difference
  sweep,         // final quality against one option
  draws,         // scatter plots over density contours
  images,        // a hundred draws of each sampler
  draws_wanted,  // CPU seconds against how many draws are wanted
};

inline auto words(FigureKind) {
  return std::to_array<std::pair<FigureKind, const char*>>({{FigureKind::curves, "curves"},
                                                            {FigureKind::cost, "cost"},
                                                            {FigureKind::ranks, "ranks"},
                                                            {FigureKind::sweep, "sweep"},
                                                            {FigureKind::draws, "draws"},
                                                            {FigureKind::images, "images"},
                                                            {FigureKind::draws_wanted, "draws_wanted"}});
}

// A figure, or one for each of its metrics, that the report draws.
struct FigureChoice {
  FigureKind kind = FigureKind::curves;
  std::string title;                  // added to the figure's own; may be empty
  std::string option;                 // of a sweep: the option on the x axis
  std::vector<std::string> metrics;   // labels; empty: every metric of quality
  std::vector<std::string> samplers;  // labels
  std::vector<std::string> targets;   // labels
  std::vector<std::string> lines;  // of curves: labels of samplers that are lines across; not in `samplers`

  static auto fields() {
    return std::tuple{field("kind", &FigureChoice::kind),         field_or("title", &FigureChoice::title),
                      field_or("option", &FigureChoice::option),  field_or("metrics", &FigureChoice::metrics),
                      field("samplers", &FigureChoice::samplers), field("targets", &FigureChoice::targets),
                      rare_field("lines", &FigureChoice::lines)};
  }
};

}  // namespace samplerbench::harness
