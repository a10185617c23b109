#include "targets/energy/image_draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "core/error.h"
#include "core/remembered.h"
#include "targets/different_rows.h"
#include "targets/draws_alone.h"
#include "targets/energy/feature_network.h"
#include "targets/flow/flow_layers.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kHeldOutShare = 6;  // one of so many training images is held out
constexpr const char* kPublishedFeatures = "published";

// Images with their labels: [N, D] uint8 and [N] int64.
struct ImageRows {
  Tensor images, labels;

  ImageRows between(int64_t begin, int64_t end) const {
    return {images.slice(0, begin, end), labels.slice(0, begin, end)};
  }
  int64_t count() const { return images.size(0); }
};

// Those that methods learn from, and those that metrics see.
struct RowSplit {
  ImageRows training, judged;
};

RowSplit split_rows(const ImageData& data, bool validation) {
  const ImageRows all{data.training, data.training_labels};
  const int64_t learnt = all.count() - all.count() / kHeldOutShare;
  if (learnt == all.count())
    throw InputError(
        fmt::format("{} training images are too few: one of {} is held out", learnt, kHeldOutShare));
  return {.training = all.between(0, learnt),
          .judged = validation ? all.between(learnt, all.count()) : ImageRows{data.test, data.test_labels}};
}

// From grey levels in [0, 256) to points of the target and back, float64.
class PixelMap {
 public:
  PixelMap(const ImageDrawsSettings& settings, int64_t dim)
      : dim_(dim), layer_(settings.logit ? pixel_logit_layer(dim, settings.alpha) : nullptr) {}

  Tensor points(const Tensor& levels) const { return step(levels).y; }

  // The points [N, D] and, where it is asked for, log |det| of their derivative in the levels, [N].
  FlowStep step(const Tensor& levels) const {
    if (layer_) return layer_->step(levels, {}, /*for_score=*/false);
    return {.y = levels / kGreyLevels,
            .log_slope = [levels, constant = -static_cast<double>(dim_) * std::log(kGreyLevels)] {
              return torch::full({levels.size(0)}, constant, levels.options());
            }};
  }

  // Grey levels in [0, 1].
  Tensor grey_levels(const Tensor& points) const { return layer_->inverse({})(points) / kGreyLevels; }

 private:
  int64_t dim_;
  std::unique_ptr<FlowLayer> layer_;  // null: without a logit
};

Tensor dequantised(const Tensor& images, Rng& rng) {
  return images.to(torch::kDouble) + rng.uniform(images.sizes(), torch::kDouble);
}

// The places of n rows among so many, which may be the same: [n] int64.
Tensor places_of_any(int64_t rows, int64_t n, Rng& rng) { return rng.integers(rows, {n}, torch::kLong); }

std::function<LabelledDraws(int64_t, Rng&)> labelled_training(const ImageRows& rows,
                                                              std::shared_ptr<const PixelMap> map) {
  return [rows, map = std::move(map)](int64_t n, Rng& rng) {
    const Tensor places = places_of_any(rows.count(), n, rng);
    return LabelledDraws{map->points(dequantised(rows.images.index_select(0, places), rng)),
                         rows.labels.index_select(0, places)};
  };
}

std::function<TestPoints(int64_t)> test_points_of(const ImageRows& rows,
                                                  std::shared_ptr<const PixelMap> map) {
  return [rows, map = std::move(map)](int64_t n) {
    const ImageRows some = rows.between(0, std::min(n, rows.count()));
    Rng rng = Rng(0).split("dequantisation test");
    const FlowStep step = map->step(dequantised(some.images, rng));
    return TestPoints{step.y, some.labels, step.log_slope()};
  };
}

std::string features_file(const Options& options) {
  const std::string features = options.text("features");
  return features == kPublishedFeatures ? fmt::format("models/{}-features.pt", options.text("data"))
                                        : features;
}

Problem make_image_draws(const ProblemInput& input) {
  const Options& options = input.options;
  const ImageData data = load_images(options.text("data"), input.files);
  const ImageFeatures network = load_features(features_file(options), input.files, data.height * data.width);
  return image_draws(data,
                     {.logit = options.text("preprocessing") == "logit",
                      .alpha = options.real("alpha"),
                      .validation = options.text("judged_on") == "validation"},
                     network);
}

Definition define_image_draws(const Options& options) {
  const bool logit = options.text("preprocessing") == "logit";
  Definition definition{
      .density = fmt::format("log q(x) is not known; x = T((l + u) / 256) with l the grey levels of an image "
                             "of the data, u uniform in [0, 1)^D, {}",
                             logit ? "T(w) = log(z / (1 - z)) / a, z = (w + 1e-6) (1 - 2e-6)" : "T(w) = w"),
      .constants = {{"data", options.text("data")}},
      .modes = "not known"};
  if (logit) definition.constants.emplace_back("a", options.real("alpha"));
  return definition;
}

std::vector<std::string> image_draws_files(const Options& options) {
  std::vector<std::string> files = image_files(options.text("data"));
  if (const std::string features = features_file(options); !features.empty()) files.push_back(features);
  return files;
}

}  // namespace

Problem image_draws(const ImageData& data, const ImageDrawsSettings& settings,
                    const ImageFeatures& network) {
  const RowSplit rows = split_rows(data, settings.validation);
  const int64_t dim = data.height * data.width;
  const auto map = std::make_shared<const PixelMap>(settings, dim);
  Problem problem{.target = std::make_unique<DrawsAlone>(dim)};
  Reference& reference = problem.reference;
  reference.exact_draws = [images = rows.judged.images, map](int64_t n, Rng& rng) {
    return map->points(dequantised(different_rows(images, n, rng, "images to judge by"), rng));
  };
  reference.pool = rows.judged.count();
  const auto labelled = labelled_training(rows.training, map);
  reference.training_draws = [labelled](int64_t n, Rng& rng) { return labelled(n, rng).points; };
  reference.classes = Classes{.count = data.classes, .draws = labelled};
  reference.images = Images{.height = data.height,
                            .width = data.width,
                            .training = rows.training.images,
                            .test = rows.judged.images,
                            .classes = data.classes,
                            .network = network,
                            .test_points = test_points_of(rows.judged, map)};
  if (settings.logit) {
    // The same tensor for the same draws, so that the network remembers them.
    const auto grey = std::make_shared<Remembered<Tensor>>(
        [map](const Tensor& points) { return map->grey_levels(points); });
    reference.images->grey_levels = [grey](const Tensor& points) { return (*grey)(points); };
  }
  reference.source = fmt::format("{} {} of {}; methods learn from {} others", rows.judged.count(),
                                 settings.validation ? "held-out training images" : "test images", data.name,
                                 rows.training.count());
  return problem;
}

void add_image_data(TargetRegistry& registry) {
  registry.add(
      {.name = "image-data",
       .summary = "law of images that is known by its draws alone: for methods that learn from draws",
       .citation = "preparation of images: Chao et al. 2023, arXiv 2305.15267",
       .facts = {ExactDraws::known, define_image_draws, Density::unknown},
       .options = {Option::choice("data", "mnist", image_data_names(),
                                  "the images: mnist, or strokes, made here"),
                   Option::choice("preprocessing", "none", {"none", "logit"},
                                  "grey levels in [0, 1], or their logits over alpha"),
                   Option::real("alpha", 0.5, "logits are divided by it")
                       .above(0)
                       .only_if("preprocessing", "logit"),
                   Option::choice("judged_on", "test", {"test", "validation"},
                                  "what metrics see: test images, or a sixth of the training images, which "
                                  "no method learns from"),
                   Option::text("features", kPublishedFeatures,
                                "file of the classifier that metrics of images see with; published: that of "
                                "the data; none where empty")},
       .make = make_image_draws,
       .files = image_draws_files});
}

}  // namespace samplerbench::targets
