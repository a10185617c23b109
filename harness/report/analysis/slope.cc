#include "harness/report/analysis/slope.h"

#include <algorithm>
#include <cmath>

namespace samplerbench::harness::reporting {
namespace {

constexpr const char* kNoSlope = "no slope";

double option_of(const Experiment& experiment, const std::string& target, const std::string& option) {
  const auto found = std::find_if(experiment.targets.begin(), experiment.targets.end(),
                                  [&](const Choice& choice) { return choice.label == target; });
  return found->options.at(option).get<double>();
}

double least_squares_slope(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double x_mean = 0, y_mean = 0, across = 0, along = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    x_mean += x[i] / n;
    y_mean += y[i] / n;
  }
  for (size_t i = 0; i < x.size(); ++i) {
    across += (x[i] - x_mean) * (y[i] - y_mean);
    along += (x[i] - x_mean) * (x[i] - x_mean);
  }
  return across / along;
}

}  // namespace

Score slope_score(const Grid& grid, const Claim& claim, const std::string& sampler) {
  const size_t seeds = grid.experiment().seeds.size();
  std::vector<double> x;
  std::vector<std::vector<double>> y(seeds);
  for (const std::string& target : claim.slope_targets) {
    x.push_back(std::log(option_of(grid.experiment(), target, claim.slope)));
    const Score score = grid.score(target, sampler, quantity_named(claim.metric));
    for (size_t seed = 0; seed < seeds; ++seed)
      if (const auto value = score.by_seed[seed]; value && *value > 0 && std::isfinite(*value))
        y[seed].push_back(std::log(*value));
  }
  Score slopes;
  slopes.by_seed.resize(seeds);
  for (size_t seed = 0; seed < seeds; ++seed) {
    if (y[seed].size() == x.size())
      slopes.by_seed[seed] = least_squares_slope(x, y[seed]);
    else
      ++slopes.failures[kNoSlope];
  }
  slopes.estimate = estimate(slopes.values());
  return slopes;
}

}  // namespace samplerbench::harness::reporting
