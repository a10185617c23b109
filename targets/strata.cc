#include "targets/strata.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMostAtOnce = 200'000, kMostSearched = 100'000'000;  // exact draws of all modes

// n draws of each mode, among exact draws of all, of which every round looks at more: M of [n, D].
std::vector<Tensor> searched(const Reference& reference, int64_t n, Rng& rng) {
  const Modes& modes = *reference.modes;
  std::vector<std::vector<Tensor>> found(static_cast<size_t>(modes.weights.size(0)));
  std::vector<int64_t> missing(found.size(), n);
  const auto complete = [&] {
    return std::all_of(missing.begin(), missing.end(), [](int64_t k) { return k == 0; });
  };
  int64_t at_once = std::min(n * modes.weights.size(0), kMostAtOnce);
  for (int64_t seen = 0; !complete(); seen += at_once, at_once = std::min(2 * at_once, kMostAtOnce)) {
    if (seen >= kMostSearched)
      throw InputError(
          fmt::format("a mode is so rare that {} exact draws hold fewer than {} of it", seen, n));
    const Tensor draws = reference.exact_draws(at_once, rng), mode = modes.assign(draws);
    for (size_t m = 0; m < found.size(); ++m) {
      if (missing[m] == 0) continue;
      const Tensor own = (mode == static_cast<int64_t>(m)).nonzero().squeeze(1).slice(0, 0, missing[m]);
      found[m].push_back(draws.index_select(0, own));
      missing[m] -= own.size(0);
    }
  }
  std::vector<Tensor> all;
  for (const auto& of_mode : found) all.push_back(torch::cat(of_mode));
  return all;
}

std::vector<Tensor> given(const Modes& modes, int64_t n, Rng& rng) {
  std::vector<Tensor> all;
  for (int64_t m = 0; m < modes.weights.size(0); ++m) all.push_back(modes.draws(m, n, rng));
  return all;
}

}  // namespace

double Strata::mean(const Tensor& values) const { return values.dot(weights).item<double>(); }

double Strata::upper_quantile(const Tensor& values, double share) const {
  const auto [falling, order] = values.sort(0, /*descending=*/true);
  const Tensor mass = weights.index_select(0, order).cumsum(0);
  const int64_t place = (mass <= share).sum().item<int64_t>();
  return falling[std::min(place, falling.size(0) - 1)].item<double>();
}

Strata exact_strata(const Reference& reference, int64_t n, Rng& rng) {
  const double share = 1 / static_cast<double>(n);
  if (!reference.modes) return {reference.exact_draws(n, rng), torch::full({n}, share, torch::kDouble)};
  const Modes& modes = *reference.modes;
  return {torch::cat(modes.draws ? given(modes, n, rng) : searched(reference, n, rng)),
          (modes.weights * share).repeat_interleave(n)};
}

}  // namespace samplerbench::targets
