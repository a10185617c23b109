#include "samplers/particle/median_distance.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace samplerbench::samplers {
namespace {

constexpr double kBracket = 0.1;  // half its relative width

// The element of `rank` (from 0) among the pairs of `squared` [n, n], if it lies in [low, high].
// `scratch` has room for all pairs and one more.
template <class Scalar>
std::optional<Scalar> select(const Scalar* squared, int64_t n, int64_t rank, Scalar low, Scalar high,
                             Scalar* scratch) {
  int64_t below = 0;
  int64_t within = 0;
  for (int64_t i = 0; i < n; ++i) {
    const Scalar* row = squared + i * n;
    for (int64_t j = i + 1; j < n; ++j) {
      below += row[j] < low;
      scratch[within] = row[j];
      within += (row[j] >= low) & (row[j] <= high);
    }
  }
  if (rank < below || rank >= below + within) return std::nullopt;
  std::nth_element(scratch, scratch + (rank - below), scratch + within);
  return scratch[rank - below];
}

template <class Scalar>
double median_on_cpu(const Tensor& squared, int64_t rank, double last, Tensor& scratch) {
  const int64_t n = squared.size(0);
  if (!scratch.defined()) scratch = torch::empty({n * (n - 1) / 2 + 1}, squared.options());
  const auto* data = squared.data_ptr<Scalar>();
  auto* room = scratch.data_ptr<Scalar>();
  constexpr Scalar kAll = std::numeric_limits<Scalar>::infinity();
  std::optional<Scalar> found;
  if (last > 0)
    found = select<Scalar>(data, n, rank, static_cast<Scalar>(last * (1 - kBracket)),
                           static_cast<Scalar>(last * (1 + kBracket)), room);
  if (!found) found = select<Scalar>(data, n, rank, -kAll, kAll, room);
  return found.value_or(std::numeric_limits<Scalar>::quiet_NaN());
}

// In the whole matrix every pair stands twice, after the n zeros of the diagonal.
double median_elsewhere(const Tensor& squared, int64_t rank) {
  const int64_t n = squared.size(0);
  const Tensor zeroed = squared.clone().fill_diagonal_(-1);
  return std::get<0>(zeroed.flatten().kthvalue(n + 2 * rank + 1)).item<double>();
}

}  // namespace

double MedianDistance::operator()(const Tensor& squared) {
  const int64_t n = squared.size(0);
  const int64_t rank = (n * (n - 1) / 2 - 1) / 2;
  if (!squared.is_cpu())
    last_ = median_elsewhere(squared, rank);
  else if (squared.scalar_type() == torch::kDouble)
    last_ = median_on_cpu<double>(squared, rank, last_, scratch_);
  else
    last_ = median_on_cpu<float>(squared, rank, last_, scratch_);
  return last_;
}

}  // namespace samplerbench::samplers
