#pragma once

#include <array>
#include <utility>

#include "samplers/draws_are.h"

namespace samplerbench::samplers {

// What a method may ask of a target. Methods are compared within one class alone, since more information
// makes a problem easier.
enum class Information {
  target,     // log densities, up to a constant, and scores
  draws,      // draws of it, exact ones or its training rows, from which it learns
  truth,      // all that is known of it: an upper reference, which is never ranked
  elsewhere,  // nothing any more: it was trained before, from what is not known here, and is never ranked
};

inline auto words(Information) {
  return std::to_array<std::pair<Information, const char*>>({{Information::target, "target"},
                                                             {Information::draws, "draws"},
                                                             {Information::truth, "truth"},
                                                             {Information::elsewhere, "elsewhere"}});
}

// What a method may ask for, in words, by its draws and its class.
inline const char* asks_for(DrawsAre draws, Information information) {
  if (draws == DrawsAre::start) return "nothing";
  if (information == Information::draws) return "exact draws";
  if (information == Information::elsewhere) return "not known: trained elsewhere";
  return information == Information::truth ? "all that is known" : "log density, score";
}

}  // namespace samplerbench::samplers
