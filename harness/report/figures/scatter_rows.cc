#include "harness/report/figures/scatter_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/spec/catalog.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr size_t kFieldSide = 141;
const std::vector<double> kRegionShares{0.5, 0.8, 0.95, 0.99};  // of the mass, within the contours

double quantile(std::vector<double> values, double share) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

constexpr double kFarthest = 1e100;  // coordinate that a window holds: beyond it its sides overflow

// The middle 99 % of the points with a margin; a plain square where there are none.
Window window_of(const Points& points) {
  Window window;
  for (size_t axis = 0; axis < 2; ++axis) {
    std::vector<double> values;
    for (const auto& point : points) {
      if (std::abs(point[axis]) <= kFarthest) values.push_back(point[axis]);
    }
    const double low = values.empty() ? -1 : quantile(values, 0.005);
    const double high = values.empty() ? 1 : quantile(values, 0.995);
    const double room = std::max(0.14 * (high - low), 1e-9 * (1 + std::abs(high)));
    window.low[axis] = low - room;
    window.high[axis] = high + room;
  }
  return window;
}

// The draws of the first seed that has some, or why there are none.
ScatterPanel sampler_panel(const Grid& grid, const std::string& target, const std::string& sampler) {
  if (const Run* run = grid.shown_run(target, sampler)) return {run->sample, ""};
  return {{}, grid.word_without_draws(target, sampler, "no draws kept")};
}

// The log density over the window; nothing for targets that are not planar or that the catalog does not know,
// nor for those made from data files, which a report does without.
std::optional<Field> density(const Choice& entry, const Window& window, const Catalog& catalog,
                             std::vector<std::string>& warnings) {
  try {
    if (!catalog.files(entry.name, entry.options, entry.label).empty()) return std::nullopt;
    const targets::Problem problem = catalog.problem(entry.name, entry.options, entry.label);
    if (problem.target->dim() != 2) return std::nullopt;
    const auto side = static_cast<int64_t>(kFieldSide);
    const Tensor x = torch::linspace(window.low[0], window.high[0], side, torch::kDouble);
    const Tensor y = torch::linspace(window.low[1], window.high[1], side, torch::kDouble);
    const Tensor points = torch::stack({x.repeat({side}), y.repeat_interleave(side)}, 1);
    const torch::NoGradGuard no_grad;
    const Tensor values = problem.target->log_density(points).to(torch::kCPU, torch::kDouble).contiguous();
    const double* data = values.data_ptr<double>();
    return Field{window.low, window.high, kFieldSide, std::vector<double>(data, data + values.numel())};
  } catch (const std::exception& error) {
    warnings.push_back(fmt::format("no density contours for target {}: {}", entry.label, error.what()));
    return std::nullopt;
  }
}

}  // namespace

std::optional<ScatterRow> scatter_row(const Grid& grid, const Choice& entry,
                                      const std::vector<std::string>& samplers, const Catalog& catalog,
                                      std::vector<std::string>& warnings) {
  ScatterRow row{.target = entry.label};
  const auto floor = grid.results().floors.find(entry.label);
  Points pool;
  if (floor != grid.results().floors.end()) pool = floor->second.sample;
  row.panels.push_back({pool, pool.empty() ? "none known" : ""});
  const bool exact = !pool.empty();
  bool any = exact;
  for (const std::string& sampler : samplers) {
    row.panels.push_back(sampler_panel(grid, entry.label, sampler));
    const Points& points = row.panels.back().points;
    any |= !points.empty();
    if (!exact) pool.insert(pool.end(), points.begin(), points.end());
  }
  if (!any) return std::nullopt;
  row.window = window_of(pool);
  if (const auto field = density(entry, row.window, catalog, warnings)) {
    for (const double level : region_levels(*field, kRegionShares))
      row.contours.push_back(contour(*field, level));
  }
  return row;
}

}  // namespace samplerbench::harness::reporting
