#pragma once

#include <array>
#include <utility>

namespace samplerbench::samplers {

// What a method may ask of a target. Methods are compared within one class alone, since more information
// makes a problem easier.
enum class Information {
  target,     // log densities, up to a constant, and scores
  draws,      // exact draws, from which it learns
  truth,      // all that is known of it: an upper reference, which is never ranked
  elsewhere,  // nothing any more: it was trained before, from what is not known here, and is never ranked
};

inline auto words(Information) {
  return std::to_array<std::pair<Information, const char*>>({{Information::target, "target"},
                                                             {Information::draws, "draws"},
                                                             {Information::truth, "truth"},
                                                             {Information::elsewhere, "elsewhere"}});
}

}  // namespace samplerbench::samplers
