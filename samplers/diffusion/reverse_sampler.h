#pragma once

#include <cstdint>
#include <vector>

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// How long the reverse updates are where time t is left.
enum class ReverseSchedule {
  capped,      // c min(t, 1), up to terms in c^2
  linear,      // all the same
  exponential  // c t
};

struct ReverseSettings {
  int64_t steps = 500;  // N, reverse updates, at least 1
  double horizon = 6;   // T, the time of the forward process at which draws begin, from N(0, I)
  double stop = 1e-3;   // the time at which they end, above 0 and below T
  ReverseSchedule schedule = ReverseSchedule::capped;
};

// The N + 1 times T = t_0 > ... > t_N = stop that the updates lead through. The paper cited below prints
// no sequence; c min(t, 1) is the exponentially decaying one of Benton et al. 2024, arXiv 2308.03686. Throws
// InputError where `stop` is not below `horizon`.
std::vector<double> reverse_times(const ReverseSettings& settings);

// The options steps, horizon, stop and schedule, and what they say. `steps` is the default of the first.
// The last throws InputError for options of an impossible process.
OptionTable reverse_options(int64_t steps);
ReverseSettings reverse_settings(const Options& options);
void check_reverse(const Options& options);

// One reverse update: x' = growth x + drift s + noise e, with s the score at x and e from N(0, I).
struct ReverseUpdate {
  double growth, drift, noise;
};

// Draws by the reverse of the process dx = -x dt + sqrt(2) dB that begins in q (Gupta, Parulekar, Price and
// Xun 2024, arXiv 2311.13745, equation 13): x from N(0, I), then from each time t to the next, h earlier,
//   x' = e^h x + 2 (e^h - 1) s_t(x) + sqrt(e^2h - 1) e
// with s_t the score of the law of the process at time t, or a model of it. This solves the reverse process
// exactly but for s_t, which stays as it is over h. A fresh process for every draw, and N scores each.
//
// The draws are of q at the time `stop`, with two biases. N(0, I) in place of the law at T moves no
// probability by more than about (sqrt(D) + m) e^-T, m^2 = E |x_0|^2. The held score makes the law too wide:
// for q = N(0, I) and T well above 1, the schedule `capped` makes the variance too large by about
// c (1 - e^-2) / 2 = 0.43 c, c = (T - 1 + log(1 / stop)) / N.
class ReverseSampler : public Sampler {
 public:
  // [n, D]. Throws Diverged where a draw is no longer finite.
  Tensor draw(int64_t n, Rng& rng) final { return reversed(n, rng); }

  // Keep the times alone. load() throws InputError where they are not those of these settings.
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  // Throws as reverse_times() does.
  ReverseSampler(int64_t dim, const torch::TensorOptions& placement, const ReverseSettings& settings)
      : dim_(dim), placement_(placement), times_(reverse_times(settings)) {}

  // s_t at time t: [n, D] -> [n, D], outside any graph. The result is no view of x.
  virtual Tensor score(const Tensor& x, double time) const = 0;

  // The update over a time of `length`.
  virtual ReverseUpdate update(double length) const;

  // n draws of the reverse process: [n, D], as draw() gives them.
  Tensor reversed(int64_t n, Rng& rng) const;

  double horizon() const { return times_.front(); }
  double stop() const { return times_.back(); }
  const torch::TensorOptions& placement() const { return placement_; }

 private:
  void reverse(Tensor& x, Rng& rng) const;
  Tensor times() const;  // [N + 1] float64

  int64_t dim_;
  torch::TensorOptions placement_;
  std::vector<double> times_;
};

}  // namespace samplerbench::samplers
