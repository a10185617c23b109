#include "targets/classifier/labelled_data.h"

#include "targets/classifier/class_mixture.h"
#include "targets/energy/image_data.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMixtureTest = 4000;  // points of class-mixture that a classifier is judged on

LabelledDraws placed_on(const torch::Device& device, const LabelledDraws& draws) {
  return {draws.points.to(device, torch::kFloat), draws.labels.to(device)};
}

LabelledData labelled_mixture(const torch::Device& device) {
  Rng rng = Rng(0).split("class-mixture test");
  return {
      .name = kClassMixtureData,
      .dim = kMixtureDim,
      .classes = kMixtureClasses,
      .batch = [device](int64_t n, Rng& stream) { return placed_on(device, class_mixture_draws(n, stream)); },
      .test = placed_on(device, class_mixture_draws(kMixtureTest, rng)),
      .scores = class_mixture_scores};
}

LabelledData labelled_images(const ImageData& data, const torch::Device& device) {
  const Tensor images = data.training.to(device), labels = data.training_labels.to(device);
  return {.name = data.name,
          .dim = data.height * data.width,
          .classes = data.classes,
          .batch =
              [images, labels](int64_t n, Rng& rng) {
                const Tensor rows = rng.integers(images.size(0), {n}, labels.options());
                return LabelledDraws{as_pixels(images.index_select(0, rows)), labels.index_select(0, rows)};
              },
          .test = {as_pixels(data.test.to(device)), data.test_labels.to(device)}};
}

}  // namespace

LabelledData load_labelled_data(const std::string& name, const DataFiles& files, torch::Device device) {
  if (name == kClassMixtureData) return labelled_mixture(device);
  return labelled_images(load_images(name, files), device);
}

std::vector<std::string> labelled_data_names() {
  std::vector<std::string> names = image_data_names();
  names.insert(names.begin(), kClassMixtureData);
  return names;
}

std::vector<std::string> labelled_files(const std::string& name) {
  return name == kClassMixtureData ? std::vector<std::string>() : image_files(name);
}

}  // namespace samplerbench::targets
