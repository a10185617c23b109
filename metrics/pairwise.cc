#include "metrics/pairwise.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <hwy/aligned_allocator.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "metrics/requirements.h"
#include "metrics/tile_kernels.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kFusedDimensions = 16;

struct TileShape {
  int64_t rows;
  int64_t columns;
};

// A tile that fits the first cache beside its inputs; one that feeds a matrix product well; and one between.
constexpr TileShape kFusedTile{8, 256};
constexpr TileShape kProductTile{128, kMaxTileColumns};
constexpr TileShape kQuadraticTile{64, kMaxTileColumns};

constexpr int64_t kCentreRows = 101;  // enough for a median near most points

// Throws CannotJudge where a point is not finite, or where a squared distance between two points could
// overflow.
void require_distances(const Tensor& points) {
  const double largest = points.numel() > 0 ? points.abs().max().item<double>() : 0;  // NaN if any is NaN
  if (std::isfinite(4 * largest * largest * static_cast<double>(points.size(1)))) return;
  require_finite(points, "points");
  throw CannotJudge(fmt::format("a coordinate of magnitude {:.3g}: squared distances overflow", largest));
}

// Two sets of points, or one with itself, ready to fill tiles with squared distances. Throws CannotJudge as
// require_distances does.
class Distances {
 public:
  Distances(const Tensor& x, const Tensor& y, PairForm form) : within_(x.is_same(y)) {
    require_distances(x);
    if (!within_) require_distances(y);
    products_ = resolve(form, x.size(1)) == PairForm::products;
    if (products_) {
      const Tensor centre = central_point(x);  // distances ignore it, and small numbers round less
      exact_x_ = x.contiguous();
      exact_y_ = within_ ? exact_x_ : y.contiguous();
      x_ = exact_x_ - centre;
      y_ = within_ ? x_ : exact_y_ - centre;
      x_norms_ = x_.square().sum(1);
      y_norms_ = y_.square().sum(1);
    } else {
      x_ = x.t().contiguous();
      y_ = within_ ? x_ : y.t().contiguous();
    }
    columns_ = {x_.data_ptr<double>(), y_.data_ptr<double>(), x.size(0), y.size(0), x.size(1)};
  }

  bool within() const { return within_; }
  int64_t n() const { return columns_.n; }
  int64_t m() const { return columns_.m; }
  TileShape shape() const { return products_ ? kProductTile : kFusedTile; }

  void fill(const Tile& tile) const {
    if (!products_) return fill_squared_distances(columns_, tile);
    Tensor out = torch::from_blob(tile.values, {tile.rows, tile.columns}, torch::kDouble);
    torch::mm_out(out, x_.narrow(0, tile.row, tile.rows), y_.narrow(0, tile.column, tile.columns).t());
    const PointRows exact{exact_x_.data_ptr<double>(), exact_y_.data_ptr<double>(), columns_.dim};
    products_to_squared_distances(x_norms_.data_ptr<double>(), y_norms_.data_ptr<double>(), tile, &exact);
  }

 private:
  bool within_;
  bool products_;
  Tensor x_, y_, x_norms_, y_norms_;
  Tensor exact_x_, exact_y_;  // [N, D], [M, D] as given, of the form by products
  Columns columns_;
};

// Visits the tiles of rows [first, first + shape.rows). Within one set: the square on the diagonal, whose
// pairs come in both orders, and what lies right of it.
template <class Visit>
void visit_row_block(const Distances& distances, int64_t first, TileShape shape, double* buffer,
                     const Visit& visit) {
  const int64_t rows = std::min(shape.rows, distances.n() - first);
  int64_t column = distances.within() ? first : 0;
  int64_t columns = distances.within() ? rows : shape.columns;
  while (column < distances.m()) {
    const Tile tile{first, rows, column, std::min(columns, distances.m() - column), buffer};
    distances.fill(tile);
    visit(tile);
    column += tile.columns;
    columns = shape.columns;
  }
}

// Visits every tile, `visit(block, tile)` with the number of its block of rows. A block is the work of one
// thread; early and late ones are paired, since they hold many and few tiles.
template <class Visit>
int64_t visit_tiles(const Distances& distances, TileShape shape, bool threaded, const Visit& visit) {
  const int64_t blocks = (distances.n() + shape.rows - 1) / shape.rows;
  const int64_t tasks = (blocks + 1) / 2;
  at::parallel_for(0, tasks, threaded ? 1 : tasks, [&](int64_t begin, int64_t end) {
    const auto buffer = hwy::AllocateAligned<double>(shape.rows * std::max(shape.columns, shape.rows));
    for (int64_t task = begin; task < end; ++task) {
      const int64_t late = blocks - 1 - task;
      const auto work = [&](int64_t block) {
        visit_row_block(distances, block * shape.rows, shape, buffer.get(),
                        [&](const Tile& tile) { visit(block, tile); });
      };
      work(task);
      if (late != task) work(late);
    }
  });
  return blocks;
}

bool on_diagonal(const Distances& distances, const Tile& tile) {
  return distances.within() && tile.row == tile.column;
}

void clear_diagonal(const Tile& tile) {
  for (int64_t a = 0; a < tile.rows; ++a) tile.values[a * tile.columns + a] = 0;
}

double sum_pairs(const Tensor& x, const Tensor& y, const TileFunction& f, PairForm form) {
  torch::NoGradGuard no_grad;
  const Distances distances(x, y, form);
  const TileShape shape = distances.shape();
  std::vector<double> sums((distances.n() + shape.rows - 1) / shape.rows, 0.0);
  visit_tiles(distances, shape, true, [&](int64_t block, const Tile& tile) {
    f(tile);
    const bool diagonal = on_diagonal(distances, tile);
    if (diagonal) clear_diagonal(tile);
    const double both_orders = distances.within() && !diagonal ? 2 : 1;
    sums[block] += both_orders * sum_of(tile.values, tile.rows * tile.columns);
  });
  return sum_of(sums.data(), static_cast<int64_t>(sums.size()));
}

// The bits of a squared distance order as it does. All are below 2^63.
constexpr int kDistanceBits = 63;
constexpr int kBinBits = 18;
constexpr int64_t kFewDistances = int64_t{1} << 22;  // 32 MiB

// Distances whose bits above `shift` are `prefix`.
struct BitRange {
  int shift;
  uint64_t prefix;
};

// Visits the bits of the squared distances of all pairs i < j, from one thread.
template <class Visit>
void visit_distance_bits(const Distances& distances, const Visit& visit) {
  visit_tiles(distances, distances.shape(), false, [&](int64_t, const Tile& tile) {
    const bool diagonal = on_diagonal(distances, tile);
    for (int64_t a = 0; a < tile.rows; ++a)
      for (int64_t b = diagonal ? a + 1 : 0; b < tile.columns; ++b)
        visit(std::bit_cast<uint64_t>(tile.values[a * tile.columns + b]));
  });
}

// Numbers of the distances in the range by the `width` bits that follow its prefix: [2^width].
std::vector<int64_t> count_distances(const Distances& distances, BitRange range, int width) {
  std::vector<int64_t> counts(size_t{1} << width, 0);
  const int shift = range.shift - width;
  const uint64_t mask = counts.size() - 1;
  visit_distance_bits(distances, [&, prefix = range.prefix](uint64_t bits) {
    if (bits >> shift >> width == prefix) ++counts[bits >> shift & mask];
  });
  return counts;
}

// The squared distance of rank `rank` among those in the range, `count` of them.
double distance_of_rank(const Distances& distances, BitRange range, int64_t count, int64_t rank) {
  std::vector<double> values;
  values.reserve(count);
  visit_distance_bits(distances, [&](uint64_t bits) {
    if (bits >> range.shift == range.prefix) values.push_back(std::bit_cast<double>(bits));
  });
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[rank];
}

// The bin that holds the entry of rank `rank`, which is made relative to that bin.
uint64_t bin_of(const std::vector<int64_t>& counts, int64_t& rank) {
  uint64_t bin = 0;
  while (rank >= counts[bin]) rank -= counts[bin++];
  return bin;
}

// The squared distance of rank `rank` among the pairs i < j: a radix search over bits, until few are left.
double select_distance(const Distances& distances, int64_t rank) {
  BitRange range{kDistanceBits, 0};
  while (range.shift > 0) {
    const int width = std::min(range.shift, kBinBits);
    const std::vector<int64_t> counts = count_distances(distances, range, width);
    const uint64_t bin = bin_of(counts, rank);
    range = {range.shift - width, range.prefix << width | bin};
    if (range.shift > 0 && counts[bin] <= kFewDistances)
      return distance_of_rank(distances, range, counts[bin], rank);
  }
  return std::bit_cast<double>(range.prefix);
}

}  // namespace

PairForm resolve(PairForm form, int64_t dim) {
  if (form != PairForm::automatic) return form;
  return dim <= kFusedDimensions ? PairForm::fused : PairForm::products;
}

Tensor squared_distances(const Tensor& x, const Tensor& y) {
  torch::NoGradGuard no_grad;
  const Distances distances(x, y.view(y.sizes()), PairForm::automatic);  // two sets, even where they are one
  const Tensor all = torch::empty({x.size(0), y.size(0)}, torch::kDouble);
  visit_tiles(distances, distances.shape(), true, [&](int64_t, const Tile& tile) {
    all.narrow(0, tile.row, tile.rows)
        .narrow(1, tile.column, tile.columns)
        .copy_(torch::from_blob(tile.values, {tile.rows, tile.columns}, torch::kDouble));
  });
  return all;
}

double sum_within(const Tensor& x, const TileFunction& f, PairForm form) { return sum_pairs(x, x, f, form); }

double sum_between(const Tensor& x, const Tensor& y, const TileFunction& f, PairForm form) {
  return sum_pairs(x, y.is_same(x) ? y.alias() : y, f, form);
}

Tensor quadratic_forms(const Tensor& x, const Tensor& weights, const TileFunction& f, PairForm form) {
  torch::NoGradGuard no_grad;
  const Distances distances(x, x, form);
  const int64_t blocks = (x.size(0) + kQuadraticTile.rows - 1) / kQuadraticTile.rows;
  const Tensor sums = torch::zeros({blocks, weights.size(1)}, weights.options());
  visit_tiles(distances, kQuadraticTile, true, [&](int64_t block, const Tile& tile) {
    torch::NoGradGuard no_grad_here;
    f(tile);
    const bool diagonal = on_diagonal(distances, tile);
    if (diagonal) clear_diagonal(tile);
    const Tensor values = torch::from_blob(tile.values, {tile.rows, tile.columns}, torch::kDouble);
    Tensor forms = torch::mm(values, weights.narrow(0, tile.column, tile.columns));
    forms.mul_(weights.narrow(0, tile.row, tile.rows));
    sums.select(0, block).add_(forms.sum(0), diagonal ? 1 : 2);
  });
  return sums.sum(0);
}

Tensor central_point(const Tensor& x) {
  torch::NoGradGuard no_grad;
  const int64_t step = std::max<int64_t>(1, (x.size(0) + kCentreRows - 1) / kCentreRows);
  return std::get<0>(x.slice(0, 0, x.size(0), step).median(0, true));
}

double median_distance(const Tensor& x) {
  torch::NoGradGuard no_grad;
  const Distances distances(x, x, PairForm::automatic);
  return std::sqrt(select_distance(distances, (x.size(0) * (x.size(0) - 1) / 2 - 1) / 2));
}

double kernel_length(double given, const Tensor& x) {
  if (given > 0) return given;
  const double median = median_distance(x);
  return median == 0 ? 1 : median;
}

}  // namespace samplerbench::metrics
