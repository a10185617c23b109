#include "harness/report/figures/contours.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace samplerbench::harness::reporting {
namespace {

constexpr double kTolerance = 0.0015;  // of the rectangle's side: a fifth of a pixel in a panel of 130

// A grid edge: the cell corner at its start, and whether it runs along y.
struct Edge {
  size_t row = 0;
  size_t column = 0;
  bool upward = false;

  auto operator<=>(const Edge&) const = default;
};

class Tracer {
 public:
  Tracer(const Field& field, double level) : field_(field), level_(level) {
    for (size_t row = 0; row + 1 < field.side; ++row)
      for (size_t column = 0; column + 1 < field.side; ++column) trace_cell(row, column);
  }

  std::vector<Line> lines() {
    std::vector<Line> lines;
    for (const auto& [edge, others] : neighbours_) {
      if (others.size() == 1 && !seen_.contains(edge)) lines.push_back(walk(edge));  // open ends first
    }
    for (const auto& [edge, others] : neighbours_) {
      if (!seen_.contains(edge)) {
        lines.push_back(walk(edge));
        lines.back().push_back(lines.back().front());
      }
    }
    return lines;
  }

 private:
  double above(size_t row, size_t column) const {
    const double value = field_.values[row * field_.side + column];
    return (std::isnan(value) ? -1e300 : std::max(value, level_ - 50)) - level_;
  }

  void trace_cell(size_t row, size_t column) {
    const std::array<double, 4> corner{above(row, column), above(row, column + 1), above(row + 1, column + 1),
                                       above(row + 1, column)};
    const std::array<Edge, 4> edge{Edge{row, column, false}, Edge{row, column + 1, true},
                                   Edge{row + 1, column, false}, Edge{row, column, true}};
    std::vector<size_t> crossed;
    for (size_t i = 0; i < 4; ++i) {
      if ((corner[i] >= 0) != (corner[(i + 1) % 4] >= 0)) crossed.push_back(i);
    }
    if (crossed.size() == 2) join(edge[crossed[0]], edge[crossed[1]]);
    if (crossed.size() != 4) return;
    // A saddle: its middle decides which corners belong together.
    const bool middle = corner[0] + corner[1] + corner[2] + corner[3] >= 0;
    const size_t shift = middle == (corner[0] >= 0) ? 0 : 3;
    join(edge[shift], edge[(shift + 1) % 4]);
    join(edge[(shift + 2) % 4], edge[(shift + 3) % 4]);
  }

  void join(const Edge& a, const Edge& b) {
    neighbours_[a].push_back(b);
    neighbours_[b].push_back(a);
  }

  std::array<double, 2> point(const Edge& edge) const {
    const double first = above(edge.row, edge.column);
    const double second = edge.upward ? above(edge.row + 1, edge.column) : above(edge.row, edge.column + 1);
    const double share = first / (first - second);
    const double x = static_cast<double>(edge.column) + (edge.upward ? 0 : share);
    const double y = static_cast<double>(edge.row) + (edge.upward ? share : 0);
    const auto steps = static_cast<double>(field_.side - 1);
    return {field_.low[0] + (field_.high[0] - field_.low[0]) * x / steps,
            field_.low[1] + (field_.high[1] - field_.low[1]) * y / steps};
  }

  Line walk(Edge edge) {
    Line line;
    for (bool on = true; on;) {
      seen_.insert(edge);
      line.push_back(point(edge));
      on = false;
      for (const Edge& next : neighbours_.at(edge)) {
        if (seen_.contains(next)) continue;
        edge = next;
        on = true;
        break;
      }
    }
    return line;
  }

  const Field& field_;
  double level_;
  std::map<Edge, std::vector<Edge>> neighbours_;
  std::set<Edge> seen_;
};

// Drops points that stray less than the tolerance from the line through those kept (Ramer, Douglas and
// Peucker).
class Thinner {
 public:
  Thinner(const Line& line, const Field& field) : line_(line), keep_(line.size(), false) {
    for (size_t axis = 0; axis < 2; ++axis) side_[axis] = field.high[axis] - field.low[axis];
  }

  Line thinned() {
    if (line_.size() < 3) return line_;
    const size_t half = line_.size() / 2;  // so that a closed line, whose ends meet, keeps its shape
    keep_.front() = keep_[half] = keep_.back() = true;
    split(0, half);
    split(half, line_.size() - 1);
    Line kept;
    for (size_t i = 0; i < line_.size(); ++i) {
      if (keep_[i]) kept.push_back(line_[i]);
    }
    return kept;
  }

 private:
  double distance(size_t i, size_t first, size_t last) const {
    const auto delta = [this](size_t from, size_t to, size_t axis) {
      return (line_[to][axis] - line_[from][axis]) / side_[axis];
    };
    const double along_x = delta(first, last, 0);
    const double along_y = delta(first, last, 1);
    const double x = delta(first, i, 0);
    const double y = delta(first, i, 1);
    const double length = std::hypot(along_x, along_y);
    return length == 0 ? std::hypot(x, y) : std::abs(along_x * y - along_y * x) / length;
  }

  void split(size_t first, size_t last) {
    size_t farthest = first;
    double most = kTolerance;
    for (size_t i = first + 1; i < last; ++i) {
      if (distance(i, first, last) <= most) continue;
      most = distance(i, first, last);
      farthest = i;
    }
    if (farthest == first) return;
    keep_[farthest] = true;
    split(first, farthest);
    split(farthest, last);
  }

  const Line& line_;
  std::vector<bool> keep_;
  std::array<double, 2> side_{};
};

}  // namespace

std::vector<double> region_levels(const Field& field, const std::vector<double>& shares) {
  std::vector<double> sorted;
  for (const double value : field.values) {
    if (std::isfinite(value)) sorted.push_back(value);
  }
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  std::vector<double> levels;
  if (sorted.empty()) return levels;
  const auto mass = [&](double value) { return std::exp(value - sorted.front()); };
  double total = 0;
  for (const double value : sorted) total += mass(value);
  for (const double share : shares) {
    double sum = 0;
    size_t i = 0;
    while (i + 1 < sorted.size() && (sum += mass(sorted[i])) < share * total) ++i;
    levels.push_back(sorted[i]);
  }
  return levels;
}

std::vector<Line> contour(const Field& field, double level) {
  std::vector<Line> lines = Tracer(field, level).lines();
  for (Line& line : lines) line = Thinner(line, field).thinned();
  return lines;
}

}  // namespace samplerbench::harness::reporting
