#include "targets/bayes/logistic_likelihood.h"

#include <ATen/core/LegacyTypeDispatch.h>

#include <algorithm>
#include <vector>

#include "targets/bayes/logistic_terms.h"

namespace samplerbench::targets {
namespace {

// Rows of logits that one block of `count` holds: about 160 KiB, which the second-level cache keeps for the
// slopes and the second product; blocks of nearly one size, in whole vectors.
int64_t block_rows(int64_t count, int64_t chains, int64_t bytes_each) {
  constexpr int64_t kVector = 16;
  const int64_t most = std::clamp<int64_t>(160 * 1024 / (chains * bytes_each), 64, 1 << 14);
  const int64_t blocks = (count + most - 1) / most, each = (count + blocks - 1) / blocks;
  return (each + kVector - 1) / kVector * kVector;
}

// At least `count` numbers that the calling thread keeps from call to call: fresh memory of this size costs a
// page fault every 4 KiB.
template <class T>
Tensor scratch(int64_t count, const torch::TensorOptions& options) {
  thread_local Tensor kept;
  if (!kept.defined() || kept.numel() < count) kept = torch::empty({count}, options);
  return kept;
}

template <class T>
void add_one_chain(const Tensor& rows, double scale, const T* weights, T* value, T* score) {
  const int64_t dim = rows.size(1);
  thread_local std::vector<T> slope;
  slope.assign(static_cast<size_t>(dim), 0);
  const double sum = logistic_likelihood(rows.data_ptr<T>(), rows.size(0), dim, weights, slope.data());
  *value += static_cast<T>(scale * sum);
  for (int64_t k = 0; k < dim; ++k) score[k] += static_cast<T>(scale) * slope[static_cast<size_t>(k)];
}

// The first columns of numbers [rows, dim].
template <class T>
Tensor first_columns(const T* numbers, int64_t rows, int64_t columns, int64_t dim) {
  return torch::from_blob(const_cast<T*>(numbers), {rows, columns}, {dim, 1},
                          c10::CppTypeToScalarType<T>::value);
}

template <class T>
void add_chains(const Tensor& rows, double scale, int64_t chains, int64_t dim, const T* points, T* values,
                T* scores) {
  const at::AutoDispatchBelowADInplaceOrView no_graph;  // whose bookkeeping costs as much as a small product
  const Tensor weights = first_columns(points, chains, rows.size(1), dim);
  Tensor score = first_columns(scores, chains, rows.size(1), dim);
  const int64_t count = rows.size(0);
  const int64_t block = std::min(count, block_rows(count, chains, sizeof(T)));
  const Tensor buffer = scratch<T>(chains * block, weights.options());
  std::vector<double> sums(static_cast<size_t>(chains), 0.0);
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t size = std::min(block, count - begin);
    const Tensor some = rows.narrow(0, begin, size);
    Tensor logits = buffer.narrow(0, 0, chains * size).view({chains, size});
    torch::mm_out(logits, weights, some.t());
    for (int64_t c = 0; c < chains; ++c)
      sums[static_cast<size_t>(c)] += logistic_terms(logits.data_ptr<T>() + c * size, size);
    score.addmm_(logits, some, 1, scale);
  }
  for (int64_t c = 0; c < chains; ++c) values[c] += static_cast<T>(scale * sums[static_cast<size_t>(c)]);
}

}  // namespace

template <class T>
void add_logistic_likelihood(const Tensor& rows, double scale, int64_t chains, int64_t dim, const T* points,
                             T* value, T* score) {
  if (rows.size(0) == 0 || chains == 0) return;
  if (chains == 1)
    add_one_chain(rows, scale, points, value, score);
  else
    add_chains(rows, scale, chains, dim, points, value, score);
}

template void add_logistic_likelihood(const Tensor&, double, int64_t, int64_t, const float*, float*, float*);
template void add_logistic_likelihood(const Tensor&, double, int64_t, int64_t, const double*, double*,
                                      double*);

}  // namespace samplerbench::targets
