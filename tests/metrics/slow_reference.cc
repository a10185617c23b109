#include "tests/metrics/slow_reference.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <functional>
#include <limits>

namespace samplerbench::metrics::slow {
namespace {

using Pair = std::function<Exact(const Row&, const Row&)>;

Exact sum_between(const Rows& x, const Rows& y, const Pair& f) {
  Exact sum = 0;
  for (const Row& a : x)
    for (const Row& b : y) sum += f(a, b);
  return sum;
}

Exact sum_within(const Rows& x, const Pair& f) {
  Exact sum = 0;
  for (size_t i = 0; i < x.size(); ++i)
    for (size_t j = 0; j < x.size(); ++j)
      if (i != j) sum += f(x[i], x[j]);
  return sum;
}

Exact size_of(const Rows& x) { return static_cast<Exact>(x.size()); }

// MMD^2 as a U-statistic.
Exact unbiased(const Rows& x, const Rows& y, const Pair& kernel) {
  const Exact n = size_of(x), m = size_of(y);
  return sum_within(x, kernel) / (n * (n - 1)) + sum_within(y, kernel) / (m * (m - 1)) -
         2 * sum_between(x, y, kernel) / (n * m);
}

Exact dot(const Row& x, const Row& y) {
  Exact sum = 0;
  for (size_t k = 0; k < x.size(); ++k) sum += x[k] * y[k];
  return sum;
}

Exact cubic(const Row& x, const Row& y) {
  const Exact base = dot(x, y) / static_cast<Exact>(x.size()) + 1;
  return base * base * base;
}

Exact sample_variance(const std::vector<Exact>& values) {
  const auto n = static_cast<Exact>(values.size());
  return population_variance(values) * n / (n - 1);
}

// A covariance over n - 1: xx, xy, yy.
struct Planar {
  Exact xx = 0, xy = 0, yy = 0;
  explicit Planar(const Rows& points) {
    const Exact x = mean(column(points, 0)), y = mean(column(points, 1)), n = size_of(points);
    for (const Row& p : points) {
      xx += (p[0] - x) * (p[0] - x) / (n - 1);
      xy += (p[0] - x) * (p[1] - y) / (n - 1);
      yy += (p[1] - y) * (p[1] - y) / (n - 1);
    }
  }
  Exact determinant() const { return std::max<Exact>(0, xx * yy - xy * xy); }
};

Rows split(const Rows& chains) {
  Rows halves;
  for (const Row& chain : chains) halves.emplace_back(chain.begin(), chain.begin() + chain.size() / 2);
  for (const Row& chain : chains) halves.emplace_back(chain.end() - chain.size() / 2, chain.end());
  return halves;
}

Rows normal_scores(const Rows& chains) {
  Row all;
  for (const Row& chain : chains) all.insert(all.end(), chain.begin(), chain.end());
  const boost::math::normal_distribution<Exact> normal;
  Rows scores = chains;
  for (Row& chain : scores)
    for (Exact& value : chain) {
      const auto below = std::count_if(all.begin(), all.end(), [&](Exact other) { return other < value; });
      const auto equal = std::count(all.begin(), all.end(), value);
      const Exact rank = static_cast<Exact>(below) + static_cast<Exact>(equal + 1) / 2;
      value = boost::math::quantile(normal, (rank - 0.375L) / (static_cast<Exact>(all.size()) + 0.25L));
    }
  return scores;
}

Exact r_hat(const Rows& chains) {
  std::vector<Exact> means, variances;
  for (const Row& chain : chains) {
    means.push_back(mean(chain));
    variances.push_back(sample_variance(chain));
  }
  const auto n = static_cast<Exact>(chains[0].size());
  return std::sqrt((n * sample_variance(means) / mean(variances) + n - 1) / n);
}

// Over all chains, divided by the number of states.
Exact autocovariance(const Rows& chains, size_t lag) {
  Exact sum = 0;
  for (const Row& chain : chains) {
    const Exact centre = mean(chain);
    for (size_t t = 0; t + lag < chain.size(); ++t)
      sum += (chain[t] - centre) * (chain[t + lag] - centre) / static_cast<Exact>(chain.size());
  }
  return sum / size_of(chains);
}

// Geyer's initial monotone sequence, as Vehtari et al. 2021 end it.
Exact effective_sample_size(const Rows& chains) {
  const size_t states = chains[0].size();
  const auto n = static_cast<Exact>(states);
  std::vector<Exact> means;
  for (const Row& chain : chains) means.push_back(mean(chain));
  const Exact first = autocovariance(chains, 0), pooled = first + sample_variance(means);
  const auto rho = [&](size_t lag) {
    return 1 - (first * n / (n - 1) - autocovariance(chains, lag)) / pooled;
  };
  Exact even = 1, odd = rho(1), sum = 0, smallest = std::numeric_limits<Exact>::infinity();
  for (size_t lag = 2; even + odd > 0 && lag < states - 2; lag += 2) {
    smallest = std::min(smallest, even + odd);
    sum += smallest;
    even = rho(lag);
    odd = rho(lag + 1);
  }
  const Exact time = -1 + 2 * sum + (even + odd > 0 ? even : std::max<Exact>(even, 0));
  const Exact total = size_of(chains) * n;
  return total / std::max(time, 1 / std::log10(total));
}

// A row with a constant, +1 for one set and -1 for the other, its weight and its fold.
struct Labelled {
  Row row;
  Exact label, weight;
  int64_t fold;
};

Exact margin(const Labelled& one, const Row& coefficients) { return one.label * dot(one.row, coefficients); }

Exact penalised_loss(const std::vector<Labelled>& rows, const Row& coefficients, Exact ridge) {
  Exact sum = ridge / 2 * dot(coefficients, coefficients);
  for (const Labelled& one : rows) {
    const Exact m = margin(one, coefficients);
    sum += one.weight * (m > 0 ? std::log1p(std::exp(-m)) : std::log1p(std::exp(m)) - m);
  }
  return sum;
}

// Gauss's elimination, for a positive definite matrix.
Row solution(Rows matrix, Row right) {
  const size_t size = right.size();
  for (size_t k = 0; k < size; ++k)
    for (size_t i = k + 1; i < size; ++i) {
      const Exact factor = matrix[i][k] / matrix[k][k];
      for (size_t j = k; j < size; ++j) matrix[i][j] -= factor * matrix[k][j];
      right[i] -= factor * right[k];
    }
  for (size_t k = size; k-- > 0;) {
    for (size_t j = k + 1; j < size; ++j) right[k] -= matrix[k][j] * right[j];
    right[k] /= matrix[k][k];
  }
  return right;
}

// From the coefficients to the minimum of the quadratic form that the penalised loss is there.
Row newton_step(const std::vector<Labelled>& rows, const Row& coefficients, Exact ridge) {
  const size_t size = coefficients.size();
  Rows hessian(size, Row(size, 0));
  Row slope(size, 0);
  for (size_t i = 0; i < size; ++i) {
    hessian[i][i] = ridge;
    slope[i] = -ridge * coefficients[i];
  }
  for (const Labelled& one : rows) {
    const Exact wrong = 1 / (1 + std::exp(margin(one, coefficients)));
    for (size_t i = 0; i < size; ++i) {
      const Exact pull = one.weight * wrong * one.row[i];
      slope[i] += one.label * pull;
      for (size_t j = 0; j < size; ++j) hessian[i][j] += pull * (1 - wrong) * one.row[j];
    }
  }
  return solution(hessian, slope);
}

// Newton's method with halved steps, until one is next to nothing.
Row least_loss(const std::vector<Labelled>& rows, Exact ridge) {
  Row coefficients(rows[0].row.size(), 0);
  for (int i = 0; i < 200; ++i) {
    const Row step = newton_step(rows, coefficients, ridge);
    const Exact before = penalised_loss(rows, coefficients, ridge);
    Row next;
    for (Exact length = 1; length > 1e-6L; length /= 2) {
      next = coefficients;
      for (size_t k = 0; k < next.size(); ++k) next[k] += length * step[k];
      if (penalised_loss(rows, next, ridge) <= before * (1 + 1e-15L)) break;
    }
    coefficients = next;
    if (dot(step, step) < 1e-24L) break;
  }
  return coefficients;
}

std::vector<Labelled> labelled(const Rows& rows, Exact label, const std::vector<int64_t>& folds) {
  std::vector<Labelled> all;
  for (size_t i = 0; i < rows.size(); ++i) {
    all.push_back({rows[i], label, 1, folds[i]});
    all.back().row.push_back(1);
  }
  return all;
}

// Those outside the fold, weighed so that those of each label weigh half of all.
std::vector<Labelled> fitted_rows(const std::vector<Labelled>& all, int64_t fold) {
  std::vector<Labelled> rows;
  for (const Labelled& one : all)
    if (one.fold != fold) rows.push_back(one);
  const auto of_x = static_cast<Exact>(
      std::count_if(rows.begin(), rows.end(), [](const Labelled& one) { return one.label > 0; }));
  const auto of_all = static_cast<Exact>(rows.size());
  for (Labelled& one : rows) one.weight = of_all / 2 / (one.label > 0 ? of_x : of_all - of_x);
  return rows;
}

}  // namespace

Rows rows_of(const Tensor& x) {
  const Tensor values = x.contiguous();
  const double* value = values.data_ptr<double>();
  Rows rows(values.size(0), Row(values.size(1)));
  for (Row& row : rows)
    for (Exact& entry : row) entry = *value++;
  return rows;
}

Exact squared_distance(const Row& x, const Row& y) {
  Exact sum = 0;
  for (size_t k = 0; k < x.size(); ++k) sum += (x[k] - y[k]) * (x[k] - y[k]);
  return sum;
}

Exact median_distance(const Rows& x) {
  std::vector<Exact> distances;
  for (size_t i = 0; i < x.size(); ++i)
    for (size_t j = 0; j < i; ++j) distances.push_back(std::sqrt(squared_distance(x[i], x[j])));
  std::sort(distances.begin(), distances.end());
  return distances[(distances.size() - 1) / 2];
}

Exact mean(const std::vector<Exact>& values) {
  Exact sum = 0;
  for (const Exact value : values) sum += value;
  return sum / static_cast<Exact>(values.size());
}

Exact population_variance(const std::vector<Exact>& values) {
  const Exact centre = mean(values);
  Exact sum = 0;
  for (const Exact value : values) sum += (value - centre) * (value - centre);
  return sum / static_cast<Exact>(values.size());
}

std::vector<Exact> column(const Rows& x, size_t d) {
  std::vector<Exact> values;
  for (const Row& row : x) values.push_back(row[d]);
  return values;
}

Exact squared_mmd(const Rows& x, const Rows& y, Exact bandwidth) {
  return unbiased(x, y, [bandwidth](const Row& a, const Row& b) {
    Exact sum = 0;
    for (const Exact factor : {0.25L, 0.5L, 1.0L, 2.0L, 4.0L})
      sum += std::exp(-squared_distance(a, b) / (2 * factor * factor * bandwidth * bandwidth)) / 5;
    return sum;
  });
}

Exact energy_distance(const Rows& x, const Rows& y) {
  const Pair distance = [](const Row& a, const Row& b) { return std::sqrt(squared_distance(a, b)); };
  const Exact n = size_of(x), m = size_of(y);
  return std::sqrt(2 * sum_between(x, y, distance) / (n * m) - sum_within(x, distance) / (n * n) -
                   sum_within(y, distance) / (m * m));
}

Exact sliced_wasserstein(const Rows& x, const Rows& y, const Rows& directions) {
  Exact total = 0;
  for (const Row& direction : directions) {
    std::vector<Exact> px, py;
    for (const Row& row : x) px.push_back(dot(row, direction));
    for (const Row& row : y) py.push_back(dot(row, direction));
    std::sort(px.begin(), px.end());
    std::sort(py.begin(), py.end());
    // Both as n m equal masses.
    Exact sum = 0;
    for (size_t k = 0; k < px.size() * py.size(); ++k) {
      const Exact difference = px[k / py.size()] - py[k / px.size()];
      sum += difference * difference;
    }
    total += sum / (size_of(x) * size_of(y));
  }
  return std::sqrt(total / size_of(directions));
}

Exact squared_kernel_distance(const Rows& x, const Rows& y) { return unbiased(x, y, cubic); }

Exact kernel_distance_error(const Rows& x, const Rows& y) {
  const auto spread = [](const Rows& a, const Rows& b) {
    std::vector<Exact> h;
    for (const Row& row : a)
      h.push_back((sum_between({row}, a, cubic) - cubic(row, row)) / (size_of(a) - 1) -
                  sum_between({row}, b, cubic) / size_of(b));
    return population_variance(h) / (size_of(a) - 1);
  };
  return 2 * std::sqrt(spread(x, y) + spread(y, x));
}

Exact squared_frechet_distance_in_the_plane(const Rows& x, const Rows& y) {
  const Planar a(x), b(y);
  const Exact dx = mean(column(x, 0)) - mean(column(y, 0)), dy = mean(column(x, 1)) - mean(column(y, 1));
  const Exact trace = a.xx * b.xx + 2 * a.xy * b.xy + a.yy * b.yy;
  const Exact root = std::sqrt(trace + 2 * std::sqrt(a.determinant()) * std::sqrt(b.determinant()));
  return dx * dx + dy * dy + a.xx + a.yy + b.xx + b.yy - 2 * root;
}

Exact held_out_accuracy(const Rows& x, const Rows& y, const std::vector<int64_t>& folds_of_x,
                        const std::vector<int64_t>& folds_of_y, Exact ridge) {
  std::vector<Labelled> all = labelled(x, 1, folds_of_x);
  const std::vector<Labelled> others = labelled(y, -1, folds_of_y);
  all.insert(all.end(), others.begin(), others.end());
  Exact right = 0;
  for (int64_t fold = 0; fold <= *std::max_element(folds_of_x.begin(), folds_of_x.end()); ++fold) {
    const Row coefficients = least_loss(fitted_rows(all, fold), ridge);
    for (const Labelled& one : all)
      if (one.fold == fold && margin(one, coefficients) > 0)
        right += 1 / (2 * size_of(one.label > 0 ? x : y));
  }
  return right;
}

Rows stein_kernel(const Rows& x, const Rows& scores, Kernel kernel, Exact length) {
  const auto dim = static_cast<Exact>(x[0].size());
  Rows matrix(x.size(), Row(x.size()));
  for (size_t i = 0; i < x.size(); ++i)
    for (size_t j = 0; j < x.size(); ++j) {
      const Exact scaled = squared_distance(x[i], x[j]) / (length * length);
      const bool gaussian = kernel == Kernel::gaussian;
      const Exact k = gaussian ? std::exp(-scaled / 2) : 1 / std::sqrt(1 + scaled);
      const Exact slope = (gaussian ? k : k * k * k) / (length * length);
      const Exact trace = slope * (gaussian ? dim - scaled : dim - 3 * scaled * k * k);
      Exact cross = 0;
      for (size_t d = 0; d < x[i].size(); ++d) cross += (scores[i][d] - scores[j][d]) * (x[i][d] - x[j][d]);
      matrix[i][j] = dot(scores[i], scores[j]) * k + cross * slope + trace;
    }
  return matrix;
}

Exact rank_r_hat(const Rows& chains) {
  Row all;
  for (const Row& chain : chains) all.insert(all.end(), chain.begin(), chain.end());
  std::sort(all.begin(), all.end());
  // Twice the distance from the median: exactly equal for the two middle ones of an even number.
  const Exact low = all[(all.size() - 1) / 2], high = all[all.size() / 2];
  Rows folded = chains;
  for (Row& chain : folded)
    for (Exact& value : chain) value = std::abs((value - low) + (value - high));
  return std::max(r_hat(normal_scores(split(chains))), r_hat(normal_scores(split(folded))));
}

Exact bulk_effective_sample_size(const Rows& chains) {
  return effective_sample_size(normal_scores(split(chains)));
}

Exact mean_effective_sample_size(const Rows& chains) { return effective_sample_size(split(chains)); }

}  // namespace samplerbench::metrics::slow
