#include "samplers/mcmc/noise_ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

int64_t share(double share, int64_t transitions) {
  return std::llround(share * static_cast<double>(transitions));
}

}  // namespace

void require_ladder(const LadderSettings& settings) {
  if (settings.sigma_max < settings.sigma_min)
    throw InputError(fmt::format("option 'sigma_max' ({}) must be at least 'sigma_min' ({})",
                                 settings.sigma_max, settings.sigma_min));
  if (settings.start_share + settings.end_share > 1)
    throw InputError(fmt::format("options 'start_share' ({}) and 'end_share' ({}) must not exceed 1 together",
                                 settings.start_share, settings.end_share));
}

std::vector<Rung> noise_ladder(const LadderSettings& settings) {
  require_ladder(settings);
  const int64_t transitions = settings.transitions;
  const int64_t start = std::min(share(settings.start_share, transitions), transitions - 1);
  const int64_t end = std::min(share(settings.end_share, transitions), transitions - 1 - start);
  const int64_t middle = transitions - start - end;
  const double ratio = settings.sigma_min / settings.sigma_max;
  std::vector<Rung> rungs(static_cast<size_t>(start), Rung{settings.sigma_max});
  for (int64_t i = 0; i < middle; ++i) {
    const double way = middle == 1 ? 1.0 : static_cast<double>(i) / static_cast<double>(middle - 1);
    rungs.push_back({way == 1 ? settings.sigma_min : settings.sigma_max * std::pow(ratio, way)});
  }
  for (int64_t i = 1; i <= end; ++i) {
    const double way = static_cast<double>(i) / static_cast<double>(end);
    rungs.push_back({settings.sigma_min, std::lerp(1.0, settings.end_temperature, way)});
  }
  for (size_t i = 1; i < rungs.size(); ++i) rungs[i].new_level = rungs[i].sigma != rungs[i - 1].sigma;
  return rungs;
}

OptionTable ladder_options() {
  const LadderSettings fallback;
  return {
      Option::real("sigma_max", fallback.sigma_max, "widest noise level, where chains begin").above(0),
      Option::real("sigma_min", fallback.sigma_min, "narrowest noise level, where chains end").above(0),
      Option::real("start_share", fallback.start_share, "share of the transitions that stays at sigma_max")
          .at_least(0)
          .at_most(1),
      Option::real("end_share", fallback.end_share, "share of the transitions that stays at sigma_min")
          .at_least(0)
          .at_most(1),
  };
}

LadderSettings ladder_settings(const Options& options) {
  return {.transitions = options.integer("transitions"),
          .sigma_max = options.real("sigma_max"),
          .sigma_min = options.real("sigma_min"),
          .start_share = options.real("start_share"),
          .end_share = options.real("end_share")};
}

}  // namespace samplerbench::samplers
