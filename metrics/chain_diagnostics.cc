#include "metrics/chain_diagnostics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace samplerbench::metrics {
namespace {

// Whether any chain of [chains, states] holds two different states.
bool moves(const Tensor& states) { return (states != states.narrow(1, 0, 1)).any().item<bool>(); }

bool all_finite(const Tensor& states) { return states.isfinite().all().item<bool>(); }

// The states times the power of 2 that brings the largest magnitude to [1/2, 1): exact, and their squares
// neither overflow nor vanish.
Tensor rescaled(const Tensor& states) {
  int exponent = 0;
  std::frexp(states.abs().max().item<double>(), &exponent);
  // In two steps: one power can lie beyond the range of numbers.
  return states * std::ldexp(1.0, -exponent / 2) * std::ldexp(1.0, -(exponent - exponent / 2));
}

// The entries of rank k and of rank k + 1 among all, from 0; the last one twice where k is the last.
std::pair<double, double> of_rank(const Tensor& values, int64_t k) {
  Tensor copy = values.flatten().clone();
  double *first = copy.data_ptr<double>(), *end = first + copy.numel();
  std::nth_element(first, first + k, end);
  return {first[k], first + k + 1 == end ? first[k] : *std::min_element(first + k + 1, end)};
}

// The value below which `share` of all entries lie, between two of them by linear interpolation.
double quantile_of(const Tensor& values, double share) {
  const double place = share * static_cast<double>(values.numel() - 1);
  const auto below = static_cast<int64_t>(std::floor(place));
  const auto [low, high] = of_rank(values, below);
  return std::lerp(low, high, place - static_cast<double>(below));
}

// Twice the distances from the median. The two middle entries of an even number are equally far, and are so
// here too, where rounding of their mean would break the tie.
Tensor folded(const Tensor& states) {
  const int64_t n = states.numel();
  const double low = of_rank(states, (n - 1) / 2).first, high = of_rank(states, n / 2).first;
  return ((states - low) + (states - high)).abs();
}

// R-hat of chains [chains, states] as they stand.
double r_hat(const Tensor& states) {
  if (!moves(states)) return std::numeric_limits<double>::infinity();
  const double n = static_cast<double>(states.size(1));
  const double within = states.var(1, true).mean().item<double>();
  const double between = n * states.mean(1).var(0, true).item<double>();
  return std::sqrt((between / within + n - 1) / n);
}

// Autocovariances of each chain (divided by the number of states), averaged over chains: [states]. By FFT,
// with zeros appended so that nothing wraps.
std::vector<double> mean_autocovariances(const Tensor& states) {
  const int64_t n = states.size(1);
  int64_t length = 1;
  while (length < 2 * n) length *= 2;
  const Tensor power = at::fft_rfft(states - states.mean(1, true), length).abs().square().mean(0);
  const Tensor covariances =
      at::fft_irfft(power, length).narrow(0, 0, n).contiguous() / static_cast<double>(n);
  const double* values = covariances.data_ptr<double>();
  return {values, values + n};
}

// The integrated autocorrelation time from autocorrelations at lags 0, ..., lags - 1: Geyer's sums of pairs,
// as long as they are positive, made monotone; then the next even lag, once, which lessens the variance for
// antithetic chains.
template <class Autocorrelation>
double integrated_time(int64_t lags, const Autocorrelation& rho) {
  double even = 1, odd = rho(1);
  if (lags <= 4) return -1 + 2 * (even + odd);  // too few to look further
  double sum = 0;
  double smallest = std::numeric_limits<double>::infinity();
  for (int64_t lag = 2; even + odd > 0 && lag < lags - 2; lag += 2) {
    smallest = std::min(smallest, even + odd);
    sum += smallest;
    even = rho(lag);
    odd = rho(lag + 1);
  }
  return -1 + 2 * sum + (even + odd > 0 ? even : std::max(even, 0.0));
}

// Effective sample size of chains [chains, states] as they stand.
double effective_sample_size(const Tensor& given) {
  if (!all_finite(given)) return std::numeric_limits<double>::quiet_NaN();
  if (!moves(given)) return 0;
  const Tensor states = rescaled(given);
  const int64_t chains = states.size(0), n = states.size(1);
  const double total = static_cast<double>(chains * n);
  const std::vector<double> covariances = mean_autocovariances(states);
  const double within = covariances[0] * static_cast<double>(n) / static_cast<double>(n - 1);
  const double pooled = covariances[0] + states.mean(1).var(0, true).item<double>();
  const auto rho = [&](int64_t lag) { return 1 - (within - covariances[lag]) / pooled; };
  return total / std::max(integrated_time(n, rho), 1 / std::log10(total));
}

}  // namespace

Tensor split_chains(const Tensor& states) {
  const int64_t n = states.size(1), half = n / 2;
  return torch::cat({states.narrow(1, 0, half), states.narrow(1, n - half, half)}, 0);
}

Tensor rank_normalise(const Tensor& values) {
  const Tensor flat = values.contiguous().flatten();
  const double* value = flat.data_ptr<double>();
  const int64_t n = flat.numel();
  std::vector<std::pair<double, int64_t>> sorted(
      n);  // each value with its place: sorts without looking it up
  for (int64_t k = 0; k < n; ++k) sorted[k] = {value[k], k};
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Tensor ranks = torch::empty_like(flat);
  double* rank = ranks.data_ptr<double>();
  for (int64_t first = 0; first < n;) {
    int64_t last = first;
    while (last + 1 < n && sorted[last + 1].first == sorted[first].first) ++last;
    for (int64_t k = first; k <= last; ++k)
      rank[sorted[k].second] = 0.5 * static_cast<double>(first + last) + 1;
    first = last + 1;
  }
  return at::special_ndtri((ranks - 0.375) / (static_cast<double>(n) + 0.25)).view(values.sizes());
}

double rank_r_hat(const Tensor& states) {
  if (!all_finite(states)) return std::numeric_limits<double>::infinity();
  return std::max(r_hat(rank_normalise(split_chains(states))),
                  r_hat(rank_normalise(split_chains(folded(states)))));
}

double bulk_effective_sample_size(const Tensor& states) {
  if (!all_finite(states)) return std::numeric_limits<double>::quiet_NaN();
  return effective_sample_size(rank_normalise(split_chains(states)));
}

double mean_effective_sample_size(const Tensor& states) {
  return effective_sample_size(split_chains(states));
}

double tail_effective_sample_size(const Tensor& states) {
  if (!all_finite(states)) return std::numeric_limits<double>::quiet_NaN();
  const auto of_quantile = [&](double share) {
    const Tensor below = states <= quantile_of(states, share);
    return mean_effective_sample_size(below.to(torch::kDouble));
  };
  return std::min(of_quantile(0.05), of_quantile(0.95));
}

}  // namespace samplerbench::metrics
