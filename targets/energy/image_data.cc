#include "targets/energy/image_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/suggest.h"
#include "targets/different_rows.h"
#include "targets/energy/digit_strokes.h"
#include "targets/energy/idx_file.h"

namespace samplerbench::targets {
namespace {

// Digits; the labels of the idx files are 0 to 9.
constexpr int64_t kClasses = 10;

struct IdxPair {
  std::string images, labels;
};

const IdxPair kMnistTraining{"mnist/train-images-idx3-ubyte.gz", "mnist/train-labels-idx1-ubyte.gz"};
const IdxPair kMnistTest{"mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz"};

// [N] int64. Throws InputError for a label that is no digit.
Tensor read_labels(const DataFiles& files, const std::string& name) {
  const Tensor labels = read_idx(files, name, 1).to(torch::kLong);
  const Tensor wrong = (labels >= kClasses).nonzero();
  if (wrong.size(0) > 0) {
    const int64_t at = wrong[0].item<int64_t>();
    throw InputError(fmt::format("{}: label {} (from 0) is {}; labels are 0 to {}", files.shown(name), at,
                                 labels[at].item<int64_t>(), kClasses - 1));
  }
  return labels;
}

// Images [N, H, W] and their labels [N].
std::pair<Tensor, Tensor> read_pair(const DataFiles& files, const IdxPair& names) {
  const Tensor images = read_idx(files, names.images, 3);
  const Tensor labels = read_labels(files, names.labels);
  if (images.size(0) != labels.size(0))
    throw InputError(fmt::format("{} holds {} images and {} holds {} labels; there must be one for each",
                                 files.shown(names.images), images.size(0), files.shown(names.labels),
                                 labels.size(0)));
  return {images, labels};
}

ImageData read_mnist(const DataFiles& files) {
  const auto [training, training_labels] = read_pair(files, kMnistTraining);
  const auto [test, test_labels] = read_pair(files, kMnistTest);
  const int64_t height = training.size(1), width = training.size(2);
  if (test.size(1) != height || test.size(2) != width)
    throw InputError(fmt::format("{} holds images of {} x {} and {} of {} x {}; they must be of one size",
                                 files.shown(kMnistTraining.images), height, width,
                                 files.shown(kMnistTest.images), test.size(1), test.size(2)));
  return {.height = height,
          .width = width,
          .classes = kClasses,
          .training = training.flatten(1),
          .training_labels = training_labels,
          .test = test.flatten(1),
          .test_labels = test_labels};
}

[[noreturn]] void refuse(const std::string& name) {
  throw InputError(unknown_name("image data", name, image_data_names()));
}

}  // namespace

std::vector<std::string> image_data_names() { return {"mnist", "strokes"}; }

std::vector<std::string> image_files(const std::string& name) {
  if (name == "strokes") return {};
  if (name != "mnist") refuse(name);
  return {kMnistTraining.images, kMnistTraining.labels, kMnistTest.images, kMnistTest.labels};
}

ImageData load_images(const std::string& name, const DataFiles& files) {
  if (name != "mnist" && name != "strokes") refuse(name);
  ImageData data = name == "mnist" ? read_mnist(files) : digit_strokes();
  data.name = name;
  return data;
}

Tensor as_pixels(const Tensor& images) {
  return images.to(torch::kFloat, /*non_blocking=*/false, /*copy=*/true).mul_(1.0 / 255);
}

Tensor some_images(const Tensor& training, int64_t n, Rng& rng) {
  return as_pixels(different_rows(training, n, rng, "training images")).to(torch::kDouble);
}

}  // namespace samplerbench::targets
