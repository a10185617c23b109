#include "metrics/nearest_neighbour.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "metrics/image_features.h"
#include "metrics/requirements.h"
#include "targets/energy/image_data.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kQueryBlock = 2048;  // images, and points, of one product

double mean_nearest(const Tensor& points, const Tensor& images) {
  return nearest_distances(points, images).mean().item<double>();
}

class NearestNeighbour : public Metric {
 public:
  explicit NearestNeighbour(const Options& options) : points_(options.integer("points")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_images(evidence)) return reason;
    const targets::Images& images = *evidence.problem.reference.images;
    if (images.training.size(0) == 0 || images.test.size(0) == 0) return "needs training and test images";
    if (test_distance(images) == 0) return "needs test images that are not all training images";
    return std::nullopt;
  }

  double value(const Evidence& evidence, Rng&) const override {
    const targets::Images& images = *evidence.problem.reference.images;
    require_finite(evidence.draws, "draws");
    const Tensor grey = images.as_grey(first_of(evidence.draws)).clamp(0, 1);
    return mean_nearest(grey, images.training) / test_distance(images);
  }

  Better better() const override { return Better::neither; }
  // Exact draws are training images, which are at distance 0.
  bool has_floor() const override { return false; }

  std::string convention() const override {
    return fmt::format(
        "mean Euclidean distance from a draw, grey levels cut to [0, 1], to the nearest training image, over "
        "the same of a test image: 1 for new images of the kind, near 0 for copies, above 1 for what is like "
        "no image; the first {} draws and test images; found in float32, measured in float64",
        points_);
  }

 private:
  // The first rows; the same tensor where it has no more, so that what is remembered of it stays so.
  Tensor first_of(const Tensor& rows) const {
    return rows.size(0) <= points_ ? rows : rows.slice(0, 0, points_);
  }

  // Computed once.
  double test_distance(const targets::Images& images) const {
    if (!test_.is_same(images.test) || !training_.is_same(images.training)) {
      test_distance_ = mean_nearest(targets::as_pixels(first_of(images.test)), images.training);
      test_ = images.test;
      training_ = images.training;
    }
    return test_distance_;
  }

  int64_t points_;
  mutable Tensor test_, training_;  // that the distance is of
  mutable double test_distance_ = 0;
};

// The place among `images` of the nearest to each of a block of points, [N] int64, by |y|^2 - 2 x.y.
Tensor nearest_places(const Tensor& points, const Tensor& images) {
  Tensor nearest = torch::full({points.size(0)}, std::numeric_limits<float>::infinity(), points.options());
  Tensor places = torch::zeros({points.size(0)}, points.options().dtype(torch::kLong));
  for (int64_t first = 0; first < images.size(0); first += kQueryBlock) {
    const Tensor some =
        targets::as_pixels(images.narrow(0, first, std::min(kQueryBlock, images.size(0) - first)));
    const auto [least, place] = torch::addmm(some.square().sum(1), points, some.t(), 1, -2).min(1);
    places = torch::where(least < nearest, place + first, places);
    nearest = torch::minimum(nearest, least);
  }
  return places;
}

}  // namespace

Tensor nearest_distances(const Tensor& points, const Tensor& images) {
  torch::NoGradGuard no_grad;
  std::vector<Tensor> distances;
  for (int64_t first = 0; first < points.size(0); first += kQueryBlock) {
    const Tensor some = points.narrow(0, first, std::min(kQueryBlock, points.size(0) - first));
    const Tensor places = nearest_places(some.to(torch::kFloat), images);
    // Once the nearest is known its distance is made without cancellation: that of a copy is 0.
    const Tensor nearest = targets::as_pixels(images.index_select(0, places));
    distances.push_back((some.to(torch::kDouble) - nearest.to(torch::kDouble)).norm(2, 1));
  }
  return torch::cat(distances);
}

void add_nearest_neighbour(MetricRegistry& registry) {
  registry.add(
      {.name = "nearest_neighbour",
       .summary = "distance of the draws to the nearest training image, in units of the test images' own",
       .citation = "a choice of this suite",
       .facts = {"Nearest neighbour"},
       .options = {Option::integer("points", 2000, "draws, and test images, that are looked at, at most")
                       .at_least(1)
                       .at_most(1000000)},
       .make = [](const MetricInput& input) { return std::make_unique<NearestNeighbour>(input.options); }});
}

}  // namespace samplerbench::metrics
