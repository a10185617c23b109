#include "harness/report/analysis/coverage.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace samplerbench::harness::reporting {
namespace {

// Quantiles of so many are off by half a per cent of the law, one way or the other.
constexpr size_t kMeanResamples = 1000;

struct Kind {
  std::string words;
  Statistic statistic = Statistic::mean;
  Interval (*interval)(const std::vector<double>&) = nullptr;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"Student's t of the mean", Statistic::mean,
       [](const std::vector<double>& values) { return interval_of_mean(values); }},
      {"BCa of the mean", Statistic::mean,
       [](const std::vector<double>& values) {
         return bootstrap_interval(values, Statistic::mean, kMeanResamples);
       }},
      {"BCa of the median", Statistic::median,
       [](const std::vector<double>& values) { return bootstrap_interval(values, Statistic::median); }},
  };
  return all;
}

// The values of every complete cell that are not all the same.
std::vector<std::vector<double>> samples(const Grid& grid) {
  std::vector<std::vector<double>> samples;
  for (const std::string& metric : grid.quality_metrics()) {
    for (const Choice& target : grid.experiment().targets) {
      for (const Score& score : grid.judged(target.label, metric)) {
        if (!score.complete()) continue;
        std::vector<double> values = score.values();
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        if (*least < *most) samples.push_back(std::move(values));
      }
    }
  }
  return samples;
}

// The share of draws from the values whose interval holds their own statistic, by kind.
std::vector<double> shares(const std::vector<double>& values, size_t seeds, std::mt19937_64& random) {
  constexpr int kDraws = 200;
  const double mean = estimate(values).mean, middle = median(values);
  std::vector<double> shares(kinds().size(), 0.0);
  std::vector<double> drawn(seeds);
  for (int i = 0; i < kDraws; ++i) {
    for (double& value : drawn) value = values[random() % values.size()];
    for (size_t k = 0; k < shares.size(); ++k)
      shares[k] += kinds()[k].interval(drawn).holds(kinds()[k].statistic == Statistic::mean ? mean : middle);
  }
  for (double& share : shares) share /= kDraws;
  return shares;
}

}  // namespace

std::vector<Coverage> interval_coverage(const Grid& grid) {
  std::vector<Coverage> all;
  if (grid.experiment().seeds.size() < kFewestForCoverage) return all;
  const std::vector<std::vector<double>> cells = samples(grid);
  if (cells.empty()) return all;
  for (const size_t seeds : {size_t{5}, size_t{10}}) {
    std::mt19937_64 random(seeds);  // its numbers are the same on every machine
    std::vector<std::vector<double>> by_kind(kinds().size());
    for (const std::vector<double>& cell : cells) {
      const std::vector<double> own = shares(cell, seeds, random);
      for (size_t k = 0; k < own.size(); ++k) by_kind[k].push_back(own[k]);
    }
    for (size_t k = 0; k < by_kind.size(); ++k) {
      std::sort(by_kind[k].begin(), by_kind[k].end());
      all.push_back({seeds, kinds()[k].words, estimate(by_kind[k]).mean, quantile_of(by_kind[k], 0.1),
                     std::ssize(cells)});
    }
  }
  return all;
}

}  // namespace samplerbench::harness::reporting
