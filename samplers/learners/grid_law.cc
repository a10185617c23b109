#include "samplers/learners/grid_law.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kGridPoints = 8192;  // at which g is evaluated at once

// The centres of the cells of an axis: [cells].
Tensor centres_from(double low, double side, int64_t cells) {
  return (torch::arange(cells, torch::kDouble) + 0.5) * side + low;
}

// `shares` [R, M], each row of which sums to 1, as r + the share of row r below each edge: [R M + 1].
Tensor edges_of(const Tensor& shares) {
  Tensor below = shares.cumsum(1);
  below = below / below.slice(1, -1);
  const Tensor above = below + torch::arange(shares.size(0), torch::kDouble).unsqueeze(1);
  return torch::cat({torch::zeros({1}, torch::kDouble), above.flatten()});
}

// Where levels [n] fall among edges [M + 1]: which of the M cells, and at which part of it.
struct Landing {
  Tensor cell;  // [n] int64
  Tensor part;  // [n], in [0, 1]
};

// Cells are looked for from `first` [n] to `first` + count - 1.
Landing landing(const Tensor& edges, const Tensor& levels, const Tensor& first, int64_t count) {
  const Tensor found = torch::searchsorted(edges, levels, /*out_int32=*/false, /*right=*/true) - 1 - first;
  const Tensor cell = found.clamp(0, count - 1) + first;
  const Tensor below = edges.index_select(0, cell), above = edges.index_select(0, cell + 1);
  const Tensor share = (above - below).clamp_min(std::numeric_limits<double>::min());
  return {cell, ((levels - below) / share).clamp(0, 1)};
}

}  // namespace

Box Box::around(const Tensor& points, double margin) {
  const Tensor x = points.to(torch::kCPU, torch::kDouble);
  const Tensor least = x.amin(0), most = x.amax(0), more = margin * (most - least);
  return {least - more, most + more};
}

Tensor Box::holds(const Tensor& x) const {
  return torch::logical_and(x >= low.to(x.device()), x <= high.to(x.device())).all(1);
}

GridLaw::GridLaw(Function g, const Box& box, int64_t cells)
    : g_(std::move(g)), box_(box), cells_(cells), sides_((box.high - box.low) / cells) {
  const Tensor values = this->values();
  if (!values.isfinite().all().item<bool>()) throw Diverged("the learnt density is not finite");
  const Tensor of_rows = values.logsumexp(1, true), total = of_rows.logsumexp(0, true);  // [cells, 1], [1, 1]
  rows_ = edges_of((of_rows - total).exp().t());
  columns_ = edges_of((values - of_rows).exp());
  log_z_ = total.item<double>() + sides_.log().sum().item<double>();
}

Tensor GridLaw::values() const {
  torch::NoGradGuard no_grad;
  const auto axis = [this](int64_t d) {
    return centres_from(box_.low[d].item<double>(), sides_[d].item<double>(), cells_);
  };
  const std::vector<Tensor> grid = torch::meshgrid({axis(0), axis(1)}, "ij");
  const Tensor points = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  std::vector<Tensor> parts;
  for (int64_t begin = 0; begin < points.size(0); begin += kGridPoints) {
    const int64_t count = std::min(kGridPoints, points.size(0) - begin);
    parts.push_back(g_(points.narrow(0, begin, count)).to(torch::kCPU, torch::kDouble));
  }
  return torch::cat(parts).view({cells_, cells_});
}

Tensor GridLaw::draw(int64_t n, Rng& rng) const {
  torch::NoGradGuard no_grad;
  const Tensor levels = rng.uniform({2, n}, torch::kDouble);
  const Landing row = landing(rows_, levels[0], torch::zeros({n}, torch::kLong), cells_);
  const Tensor first = row.cell * cells_;
  const Landing column = landing(columns_, levels[1] + row.cell, first, cells_);
  const Tensor places = torch::stack({row.cell + row.part, (column.cell - first) + column.part}, 1);
  return places * sides_ + box_.low;
}

Tensor GridLaw::log_density(const Tensor& x) const {
  torch::NoGradGuard no_grad;
  return (g_(x) - log_z_).masked_fill(box_.holds(x).logical_not(), -std::numeric_limits<double>::infinity());
}

}  // namespace samplerbench::samplers
