#include "targets/bayes/logistic_likelihood.h"

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
void add_one_chain(const Tensor& rows, const Tensor& weights, double scale, Tensor& value, Tensor& score) {
  Tensor slope = torch::zeros({rows.size(1)}, weights.options());
  const double sum = logistic_likelihood(rows.data_ptr<T>(), rows.size(0), rows.size(1),
                                         weights.data_ptr<T>(), slope.data_ptr<T>());
  *value.data_ptr<T>() += static_cast<T>(scale * sum);
  score.select(0, 0).add_(slope, scale);
}

template <class T>
void add_chains(const Tensor& rows, const Tensor& weights, double scale, Tensor& value, Tensor& score) {
  const at::AutoDispatchBelowADInplaceOrView no_graph;  // whose bookkeeping costs as much as a small product
  const int64_t chains = weights.size(0), count = rows.size(0);
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
  T* values = value.data_ptr<T>();
  for (int64_t c = 0; c < chains; ++c) values[c] += static_cast<T>(scale * sums[static_cast<size_t>(c)]);
}

template <class T>
void add(const Tensor& rows, const Tensor& weights, double scale, Tensor& value, Tensor& score) {
  if (rows.size(0) == 0 || weights.size(0) == 0) return;
  const auto add_some = weights.size(0) == 1 ? add_one_chain<T> : add_chains<T>;
  add_some(rows, weights, scale, value, score);
}

}  // namespace

void add_logistic_likelihood(const Tensor& rows, const Tensor& weights, double scale, Tensor& value,
                             Tensor& score) {
  const auto add_dtype = rows.scalar_type() == torch::kFloat ? add<float> : add<double>;
  add_dtype(rows, weights, scale, value, score);
}

}  // namespace samplerbench::targets
