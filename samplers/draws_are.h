#pragma once

#include <array>
#include <utility>

namespace samplerbench::samplers {

// What the draws of a sampler are, which says how they may be used and what one more of them costs.
enum class DrawsAre {
  chains,     // states of Markov chains, which steps move; neighbours in a chain are alike
  particles,  // one set of points, which steps move together; there are no fresh draws
  trained,    // independent draws of a model, which steps train; drawing takes no work on the target
  guided,     // the same, but draws may ask the target on their way
  fresh,      // independent draws, each made from the start within draw(), where all work is
  start,      // independent draws of the starting law, which nothing moves; there is no work
};

inline auto words(DrawsAre) {
  return std::to_array<std::pair<DrawsAre, const char*>>({{DrawsAre::chains, "chains"},
                                                          {DrawsAre::particles, "particles"},
                                                          {DrawsAre::trained, "trained"},
                                                          {DrawsAre::guided, "guided"},
                                                          {DrawsAre::fresh, "fresh"},
                                                          {DrawsAre::start, "start"}});
}

}  // namespace samplerbench::samplers
