#include "targets/classifier/classifier_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "targets/model_numbers.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kClassifierFormat = 1;  // of the archive
constexpr const char* kNoClassifier = "not the weights of a classifier, or damaged";

ClassifierShape classifier_shape_in(const Archive& archive) {
  if (const int64_t format = get_integer(archive, "classifier.format"); format != kClassifierFormat)
    throw InputError(fmt::format("its format is {}, and this program reads {}", format, kClassifierFormat));
  return {.dim = get_integer(archive, "dim"),
          .classes = get_integer(archive, "classes"),
          .hidden = get_integers(archive, "hidden"),
          .scale = get_positive(archive, "scale")};
}

}  // namespace

void put_classifier_model(Archive& archive, const ClassifierShape& shape, const Tensor& weights) {
  put_integer(archive, "classifier.format", kClassifierFormat);
  put_integer(archive, "dim", shape.dim);
  put_integer(archive, "classes", shape.classes);
  put_integers(archive, "hidden", shape.hidden);
  put_real(archive, "scale", shape.scale);
  archive.put("weights", weights.to(torch::kFloat));
}

ClassifierModel get_classifier_model(const Archive& archive, const std::string& source) {
  try {
    ClassifierModel model{.network = ClassifierNetwork(classifier_shape_in(archive)),
                          .weights = archive.get("weights")};
    const int64_t needed = model.network.parameters();
    if (model.weights.dim() != 1 || model.weights.numel() != needed ||
        model.weights.scalar_type() != torch::kFloat)
      throw InputError(fmt::format("its weights are of shape [{}], and its network has {} in float32",
                                   fmt::join(model.weights.sizes(), ", "), needed));
    if (!model.weights.isfinite().all().item<bool>()) throw InputError("a weight is not finite");
    return model;
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}: {}", source, kNoClassifier, error.what()));
  }
}

ClassifierModel load_classifier_model(const std::string& name, const DataFiles& files) {
  return get_classifier_model(read_archive(name, files, kNoClassifier), files.shown(name));
}

}  // namespace samplerbench::targets
