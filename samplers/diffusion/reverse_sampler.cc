#include "samplers/diffusion/reverse_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/named.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kReversedAtOnce = 10000;  // draws, which bounds the memory
const std::vector<std::string> kReverseSchedules{"capped", "linear", "exponential"};

// The place of a time on the scale where all updates are of the same length, and the time of a place.
double place_of(ReverseSchedule schedule, double time) {
  if (schedule == ReverseSchedule::linear) return time;
  if (schedule == ReverseSchedule::exponential) return std::log(time);
  return time < 1 ? 1 + std::log(time) : time;
}

double time_at(ReverseSchedule schedule, double place) {
  if (schedule == ReverseSchedule::linear) return place;
  if (schedule == ReverseSchedule::exponential) return std::exp(place);
  return place < 1 ? std::exp(place - 1) : place;
}

// Throws InputError where `stop` is not below `horizon`.
void require_reverse(const ReverseSettings& settings) {
  if (!(settings.stop < settings.horizon))
    throw InputError(
        fmt::format("option 'stop' ({}) must be below 'horizon' ({})", settings.stop, settings.horizon));
}

}  // namespace

std::vector<double> reverse_times(const ReverseSettings& settings) {
  require_reverse(settings);
  const double first = place_of(settings.schedule, settings.horizon),
               last = place_of(settings.schedule, settings.stop);
  std::vector<double> times;
  for (int64_t k = 0; k <= settings.steps; ++k) {
    const double way = static_cast<double>(k) / static_cast<double>(settings.steps);
    times.push_back(time_at(settings.schedule, std::lerp(first, last, way)));
  }
  times.front() = settings.horizon;  // to the last bit
  times.back() = settings.stop;
  return times;
}

OptionTable reverse_options(int64_t steps) {
  const ReverseSettings fallback;
  return {
      Option::integer("steps", steps, "reverse updates of every draw, one score each")
          .at_least(1)
          .at_most(1e6),
      Option::real("horizon", fallback.horizon,
                   "time T of the forward process where draws begin, from N(0, I)")
          .above(0)
          .at_most(20),
      Option::real("stop", fallback.stop, "time where they end: draws are of the target diffused for so long")
          .above(0),
      Option::choice("schedule", "capped", kReverseSchedules,
                     "lengths of the updates where time t is left: c min(t, 1), c, or c t")};
}

ReverseSettings reverse_settings(const Options& options) {
  return {.steps = options.integer("steps"),
          .horizon = options.real("horizon"),
          .stop = options.real("stop"),
          .schedule = named<ReverseSchedule>("schedule", kReverseSchedules, options.text("schedule"))};
}

void check_reverse(const Options& options) { require_reverse(reverse_settings(options)); }

Tensor ReverseSampler::reversed(int64_t n, Rng& rng) const {
  torch::NoGradGuard no_grad;
  Tensor draws = torch::empty({n, dim_}, placement_);
  for (int64_t begin = 0; begin < n; begin += kReversedAtOnce) {
    Tensor x = draws.narrow(0, begin, std::min(kReversedAtOnce, n - begin));
    rng.fill_normal(x);
    reverse(x, rng);
    // What has left the finite numbers never comes back.
    if (!std::isfinite(x.sum().item<double>())) throw Diverged("a draw left the finite numbers");
  }
  return draws;
}

void ReverseSampler::reverse(Tensor& x, Rng& rng) const {
  Tensor noise = torch::empty_like(x);
  for (size_t k = 0; k + 1 < times_.size(); ++k) {
    const ReverseUpdate now = update(times_[k] - times_[k + 1]);
    const Tensor slope = score(x, times_[k]);
    rng.fill_normal(noise);
    x.mul_(now.growth).add_(slope, now.drift).add_(noise, now.noise);
  }
}

ReverseUpdate ReverseSampler::update(double length) const {
  return {.growth = std::exp(length),
          .drift = 2 * std::expm1(length),
          .noise = std::sqrt(std::expm1(2 * length))};
}

Tensor ReverseSampler::times() const { return torch::tensor(times_, torch::kDouble); }

void ReverseSampler::save(Archive& archive) const { archive.put("times", times()); }

void ReverseSampler::load(const Archive& archive) {
  if (!torch::equal(archive.get("times").to(torch::kCPU, torch::kDouble), times()))
    throw InputError("the saved times of the reverse process are not those of these options");
}

}  // namespace samplerbench::samplers
