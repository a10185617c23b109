#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/rng.h"
#include "targets/problem.h"
#include "targets/strata.h"

namespace samplerbench::samplers {

// The law q_t at one time t of the forward process dx = -x dt + sqrt(2) dB, which begins in the target.
struct LawAtTime {
  const targets::Target& law;
  double time;
};

// Points of q_t, where the forward process has brought `clean` [N, D] at time t: e^-t x + sqrt(1 - e^-2t) e.
Tensor diffused_points(const Tensor& clean, double time, Rng& rng);

// A law that few draws of a target tell from the target by denoising score matching at one time, that of the
// choice, though its score there is far off.
class Rival {
 public:
  virtual ~Rival() = default;

  // The score of the law at the time of `truth` of a forward process that begins in the rival: [N, D] -> [N,
  // D].
  virtual Tensor score(const LawAtTime& truth, const Tensor& x) const = 0;

  // Draws of the rival, made of as many exact draws of the target: [N, D] -> [N, D].
  virtual Tensor draws(const Tensor& exact, Rng& rng) const = 0;

  // Which exact draws `clean` [N, D] of the target, noised to `x` at the time of the choice, tell the two
  // laws apart: [N] bool; undefined where this is not known.
  virtual Tensor telling(const LawAtTime& truth, const Tensor& clean, const Tensor& x) const = 0;

  // The probability that a draw does; nothing where it is not known.
  virtual std::optional<double> telling_mass() const = 0;

  // Points of q_t at the time of the choice with weights, many of them where the scores differ: n of each
  // part.
  virtual targets::Strata points(const LawAtTime& truth, int64_t n, Rng& rng) const = 0;
};

// The law of -x. For the target `rare-mode` it has the rare mode on the other side (lemma 4.1 of Gupta,
// Parulekar, Price and Xun 2024, arXiv 2311.13745). A draw of the least probable mode tells.
std::unique_ptr<Rival> mirrored_rival(const targets::Reference& reference);

// w1 q_t(x) + w2 q_t(x - S u) at the time of the choice, with u the first unit vector and w1 so small that
// the first coordinate of the score is 0 at tau u. tau is sqrt(2 log m) standard deviations of the first
// coordinate. This is lemma 4.2 for any target, with the threshold corrected; for a normal law on the line it
// is the target `score-decoy`. A draw tells where the second part weighs more than at tau u: beyond tau, for
// a normal law. Throws InputError where the moments of the target are not known, and where no w1 makes the
// score 0 there.
std::unique_ptr<Rival> shifted_rival(const targets::Reference& reference, const LawAtTime& truth,
                                     int64_t samples, double distance);

}  // namespace samplerbench::samplers
