#include "metrics/sliced_wasserstein.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>

#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// The projections of x on some directions, each row sorted: [P, N].
Tensor sorted_projections(const Tensor& x, const Tensor& directions) {
  Tensor projections = torch::mm(directions, x.t()).contiguous();
  double* values = projections.data_ptr<double>();
  require_finite(projections, "projections");  // which have no order else
  const int64_t n = x.size(0);
  at::parallel_for(0, projections.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) std::sort(values + p * n, values + (p + 1) * n);
  });
  return projections;
}

class SlicedWasserstein : public Metric {
 public:
  explicit SlicedWasserstein(const Options& options) : projections_(options.integer("projections")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_reference(evidence, 1)) return reason;
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    require_finite_draws(evidence);
    const int64_t dim = evidence.draws.size(1);
    const Tensor normals = rng.normal({dim == 1 ? 1 : projections_, dim}, evidence.draws.options());
    const Tensor directions = normals / normals.norm(2, 1, true);
    return root_of_square(squared_sliced_wasserstein(evidence.draws, evidence.reference, directions));
  }

  std::string convention() const override {
    return fmt::format(
        "sliced Wasserstein-2 to exact draws: square root of the mean of W2^2 over {} random directions "
        "(the line itself in one dimension), in the target's unit of length, float64",
        projections_);
  }

 private:
  int64_t projections_;
};

}  // namespace

double squared_wasserstein(const double* x, int64_t n, const double* y, int64_t m) {
  // Mass is counted in units of 1 / (n m), so that steps of both quantile functions meet exactly.
  double sum = 0;
  for (int64_t i = 0, j = 0, done = 0; i < n && j < m;) {
    const int64_t x_end = (i + 1) * m, y_end = (j + 1) * n;
    const int64_t next = std::min(x_end, y_end);
    const double difference = x[i] - y[j];
    sum += static_cast<double>(next - done) * difference * difference;
    done = next;
    if (x_end == next) ++i;
    if (y_end == next) ++j;
  }
  return sum / (static_cast<double>(n) * static_cast<double>(m));
}

double squared_sliced_wasserstein(const Tensor& x, const Tensor& y, const Tensor& directions) {
  torch::NoGradGuard no_grad;
  constexpr int64_t kChunk = 16;  // directions at a time: bounds memory to kChunk * (N + M) numbers
  double sum = 0;
  for (int64_t first = 0; first < directions.size(0); first += kChunk) {
    const int64_t count = std::min(kChunk, directions.size(0) - first);
    const Tensor some = directions.narrow(0, first, count);
    const Tensor px = sorted_projections(x, some), py = sorted_projections(y, some);
    for (int64_t p = 0; p < count; ++p)
      sum += squared_wasserstein(px.data_ptr<double>() + p * x.size(0), x.size(0),
                                 py.data_ptr<double>() + p * y.size(0), y.size(0));
  }
  return sum / static_cast<double>(directions.size(0));
}

void add_sliced_wasserstein(MetricRegistry& registry) {
  registry.add(
      {.name = "sliced_wasserstein",
       .summary = "sliced Wasserstein-2 distance to exact draws",
       .citation = "Bonneel, Rabin, Peyre and Pfister 2015, doi 10.1007/s10851-014-0506-3",
       .facts = {"Sliced W2"},
       .options = {Option::integer("projections", 100, "random directions").at_least(1).at_most(1000000)},
       .make = [](const MetricInput& input) { return std::make_unique<SlicedWasserstein>(input.options); }});
}

}  // namespace samplerbench::metrics
