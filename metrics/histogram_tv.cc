#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metrics/entries.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// n^(1 / (D + 2)), rounded, and at least 2: how many cells an axis has for n exact draws in D coordinates.
// The cells of a histogram that is best for a smooth density shrink at this rate (Scott 1979).
int64_t cells_an_axis(int64_t n, int64_t dim) {
  return std::max<int64_t>(2,
                           std::llround(std::pow(static_cast<double>(n), 1 / static_cast<double>(dim + 2))));
}

// The k-th of `cells` - 1 edges is the number at place floor(k n / cells) of `values` [n] in rising order,
// counted from 0.
Tensor quantile_edges(const Tensor& values, int64_t cells) {
  std::vector<int64_t> places;
  for (int64_t k = 1; k < cells; ++k) places.push_back(k * values.size(0) / cells);
  return std::get<0>(values.sort()).index_select(0, torch::tensor(places, torch::kLong));
}

// Draws that a cell has on average, at least: with fewer of them the shares of exact draws differ by about as
// much as shares can.
constexpr int64_t kLeastDrawsACell = 10;

// The share of the rows of x, [N, D], in each of the cells that the edges of all axes make: [cells^D]. A
// number that equals an edge is above it.
Tensor cell_shares(const Tensor& x, const std::vector<Tensor>& edges) {
  Tensor cell = torch::zeros({x.size(0)}, torch::kLong);
  int64_t count = 1;
  for (size_t d = 0; d < edges.size(); ++d) {
    const int64_t cells = edges[d].size(0) + 1;
    const Tensor place =
        torch::searchsorted(edges[d], x.select(1, static_cast<int64_t>(d)).contiguous(), false, true);
    cell.mul_(cells).add_(place);
    count *= cells;
  }
  return torch::bincount(cell, {}, count).to(torch::kDouble) / static_cast<double>(x.size(0));
}

// Total variation between histograms of something that draws have, on one or two axes.
class HistogramTv : public Metric {
 public:
  explicit HistogramTv(int64_t cells) : cells_(cells) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = lacks(evidence)) return reason;
    if (const auto reason = needs_reference(evidence, 1)) return reason;
    if (const auto reason = needs_draws(evidence, 1)) return reason;
    return needs_full_cells(evidence);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite_draws(evidence);
    const Tensor exact = counted(evidence, evidence.reference), found = counted(evidence, evidence.draws);
    const int64_t dim = exact.size(1);
    const int64_t cells = cells_ > 0 ? cells_ : cells_an_axis(evidence.reference.size(0), dim);
    std::vector<Tensor> edges;
    for (int64_t d = 0; d < dim; ++d) edges.push_back(quantile_edges(exact.select(1, d), cells));
    return (cell_shares(found, edges) - cell_shares(exact, edges)).abs().sum().item<double>() / 2;
  }

 protected:
  // Why the target does not have what is counted; nothing if it does.
  virtual std::optional<std::string> lacks(const Evidence& evidence) const = 0;

  // What is counted at points of the target, equally many rows for each: [n, D] -> [n k, axes] float64.
  virtual Tensor counted(const Evidence& evidence, const Tensor& points) const = 0;

  virtual int64_t axes(const Evidence&) const { return 1; }

  // "13", or the rule, whose first symbol is n.
  std::string cells_or(const std::string& rule) const {
    return cells_ > 0 ? std::to_string(cells_) : rule;
  }

 private:
  // A number of cells that grows with the draws leaves each enough of them.
  std::optional<std::string> needs_full_cells(const Evidence& evidence) const {
    const int64_t all = axes(evidence) == 2 ? cells_ * cells_ : cells_;
    const int64_t n = std::min(evidence.draws.size(0), evidence.reference.size(0));
    if (n >= kLeastDrawsACell * all) return std::nullopt;
    return fmt::format("needs {} draws for its {} cells, {} a cell: fewer show their own noise alone",
                       kLeastDrawsACell * all, all, kLeastDrawsACell);
  }

  int64_t cells_;  // 0: by the number of exact draws
};

class CoordinateTv : public HistogramTv {
 public:
  using HistogramTv::HistogramTv;

  std::string convention() const override {
    return fmt::format(
        "total variation between the shares of draws and of exact draws in the cells between quantiles of "
        "the exact draws, {} cells an axis, the outer ones unbounded; in [0, 1], above 0 for exact draws "
        "too; blind to modes of less mass than its noise floor",
        cells_or("n^(1 / (D + 2)) (rounded; n exact draws, D coordinates)"));
  }

 protected:
  std::optional<std::string> lacks(const Evidence& evidence) const override {
    if (evidence.problem.target->dim() > 2) return "needs one or two coordinates";
    return std::nullopt;
  }

  int64_t axes(const Evidence& evidence) const override { return evidence.problem.target->dim(); }

  Tensor counted(const Evidence&, const Tensor& points) const override { return points; }
};

constexpr const char* kCellsOfNumbers = "n^(1 / 3) (rounded; n exact draws)";

// Of -log q(x), a number a draw. Infinite where the density is 0.
class EnergyTv : public HistogramTv {
 public:
  using HistogramTv::HistogramTv;

  std::string convention() const override {
    return fmt::format(
        "total variation between the shares of draws and of exact draws whose energies -log q(x) lie in the "
        "cells between quantiles of the energies of exact draws, {} cells, the outer ones unbounded; in [0, "
        "1], above 0 for exact draws too; blind to what leaves the law of the energy as it is, such as a "
        "missing mode that is the mirror image of another",
        cells_or(kCellsOfNumbers));
  }

 protected:
  std::optional<std::string> lacks(const Evidence& evidence) const override {
    return needs_density(evidence);
  }

  Tensor counted(const Evidence& evidence, const Tensor& points) const override {
    torch::NoGradGuard no_grad;
    const Tensor energies = -evidence.problem.target->log_density(points);
    if (energies.isnan().any().item<bool>()) throw CannotJudge("log densities at the draws are NaN");
    return energies.unsqueeze(1);
  }
};

// Of the distances of all pairs of particles, so many numbers a draw.
class DistanceTv : public HistogramTv {
 public:
  using HistogramTv::HistogramTv;

  std::string convention() const override {
    return fmt::format(
        "total variation between the shares of draws and of exact draws, each by all pairs of its particles, "
        "whose distances lie in the cells between quantiles of the distances in exact draws, {} cells, the "
        "outer ones unbounded; in [0, 1], above 0 for exact draws too; blind to all but the mean number of "
        "pairs at each distance",
        cells_or(kCellsOfNumbers));
  }

 protected:
  std::optional<std::string> lacks(const Evidence& evidence) const override {
    if (!evidence.problem.reference.pair_distances) return "needs a target of particles";
    return std::nullopt;
  }

  Tensor counted(const Evidence& evidence, const Tensor& points) const override {
    return evidence.problem.reference.pair_distances(points).reshape({-1, 1});
  }
};

template <class Kind>
void add_kind(MetricRegistry& registry, const std::string& name, const std::string& summary,
              const MetricFacts& facts, const std::string& cells) {
  registry.add({.name = name,
                .summary = summary,
                .citation = "Scott 1979, doi 10.1093/biomet/66.3.605, for the number of cells",
                .facts = facts,
                .options = {Option::integer("cells", 0, cells).at_least(2).at_most(1000).or_just(0)},
                .make = [](const MetricInput& input) -> std::unique_ptr<Metric> {
                  return std::make_unique<Kind>(input.options.integer("cells"));
                }});
}

}  // namespace

void add_histogram_tv(MetricRegistry& registry) {
  const std::string rule = ", for 10 draws a cell; 0: more for more draws";
  add_kind<CoordinateTv>(registry, "histogram_tv",
                         "total variation to exact draws by a histogram, in one or two coordinates",
                         {"TV (histogram)"}, "cells an axis" + rule);
  add_kind<EnergyTv>(registry, "energy_tv", "total variation to exact draws by a histogram of energies",
                     {.display = "TV (energy)", .needs_density = true}, "cells" + rule);
  add_kind<DistanceTv>(registry, "distance_tv",
                       "total variation to exact draws by a histogram of the distances of particles",
                       {"TV (distances)"}, "cells" + rule);
}

}  // namespace samplerbench::metrics
