#include "targets/energy/deep_ebm.h"

#include <fmt/format.h>

#include <memory>

#include "core/error.h"
#include "core/placed.h"
#include "targets/energy/feature_network.h"
#include "targets/energy/image_data.h"
#include "targets/model_numbers.h"

namespace samplerbench::targets {
namespace {

// A target's density to the power of `factor`, [1] or [N] float64, one a row.
class Tempered : public Target {
 public:
  Tempered(const Target& base, Tensor factor) : base_(base), factor_(std::move(factor)) {}

  int64_t dim() const override { return base_.dim(); }
  Tensor log_density(const Tensor& x) const override { return base_.log_density(x) * factor_like(x); }
  Tensor score(const Tensor& x) const override { return base_.score(x) * factor_like(x).unsqueeze(1); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor factor = factor_like(x);
    ValueAndScore both = base_.value_and_score(x);
    both.value.mul_(factor);
    both.score.mul_(factor.unsqueeze(1));
    return both;
  }

 private:
  Tensor factor_like(const Tensor& x) const { return factor_.to(x.device(), x.scalar_type()); }

  const Target& base_;
  Tensor factor_;
};

class DeepEbm : public Target {
 public:
  explicit DeepEbm(EnergyModel model)
      : network_(std::move(model.network)),
        weights_([this, flat = std::move(model.weights)](const torch::TensorOptions& options) {
          return network_->unflatten(flat.to(options.device(), c10::typeMetaToScalarType(options.dtype())));
        }) {}

  int64_t dim() const override { return network_->dim(); }
  Tensor log_density(const Tensor& x) const override { return -network_->energy(x, weights_.like(x)); }
  Tensor score(const Tensor& x) const override { return -network_->gradient(x, weights_.like(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    const EnergyAndGradient both = network_->energy_and_gradient(x, weights_.like(x));
    return {both.energy.neg_(), both.gradient.neg_()};
  }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    const Tensor ratio = network_->shape().sigma0 / sigma.to(torch::kDouble).reshape({-1});
    return std::make_unique<Tempered>(*this, ratio.square());
  }

 private:
  std::unique_ptr<EnergyNetwork> network_;
  Placed<Weights> weights_;
};

Problem make_deep_ebm(const ProblemInput& input) {
  const std::string weights = input.options.text("weights"), features = input.options.text("features");
  const ImageData data = load_images(input.options.text("data"), input.files);
  Problem problem{.target = deep_ebm(load_energy_model(weights, input.files, data.height, data.width))};
  problem.reference.images =
      Images{.height = data.height,
             .width = data.width,
             .training = data.training,
             .test = data.test,
             .classes = data.classes,
             .network = load_features(features, input.files, data.height * data.width)};
  problem.reference.exact_draws = [training = data.training](int64_t n, Rng& rng) {
    return some_images(training, n, rng);
  };
  problem.reference.pool = data.training.size(0);
  problem.reference.source = fmt::format("training images of {}", data.name);
  return problem;
}

Definition define_deep_ebm(const Options& options) {
  return {.density =
              "log q(x) = -E(x), E the network whose weights are in the file, x the grey levels of an "
              "image, row by row",
          .constants = {{"weights", options.text("weights")}},
          .modes = "not known"};
}

std::vector<std::string> energy_files(const Options& options) {
  std::vector<std::string> files = image_files(options.text("data"));
  for (const char* option : {"weights", "features"})
    if (const std::string name = options.text(option); !name.empty()) files.push_back(name);
  return files;
}

}  // namespace

std::unique_ptr<Target> deep_ebm(EnergyModel model) { return std::make_unique<DeepEbm>(std::move(model)); }

EnergyModel load_energy_model(const std::string& name, const DataFiles& files, int64_t height,
                              int64_t width) {
  const std::string shown = files.shown(name);
  EnergyModel model =
      get_energy_model(read_archive(name, files, "not the weights of an energy network, or damaged"), shown);
  const EnergyShape& shape = model.network->shape();
  if (shape.height != height || shape.width != width)
    throw InputError(
        fmt::format("{}: the weights are of images of {} x {} pixels, and the data's have {} x {}", shown,
                    shape.height, shape.width, height, width));
  return model;
}

void add_deep_ebm(TargetRegistry& registry) {
  registry.add(
      {.name = "deep_ebm",
       .summary = "energy model of images, a network trained by `samplerbench fit`",
       .citation = "multi-scale denoising score matching: Li, Chen and Sommer (2019), arXiv 1910.07762",
       .facts = {ExactDraws::known, define_deep_ebm},
       .options = {Option::text("data", "mnist",
                                "the images that it was trained on: mnist, or strokes, made here"),
                   Option::text("weights", "models/mnist-energy.pt", "file of the trained energy"),
                   Option::text("features", "models/mnist-features.pt",
                                "file of the classifier that metrics of images see with; none where empty")},
       .make = make_deep_ebm,
       .files = energy_files});
}

}  // namespace samplerbench::targets
