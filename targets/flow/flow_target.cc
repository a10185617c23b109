#include "targets/flow/flow_target.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/placed.h"
#include "targets/flow/ebflow.h"

namespace samplerbench::targets {
namespace {

// Up to here a dense flow is evaluated point by point; beyond, products of whole matrices take less time.
constexpr int64_t kMostPlainDim = 64;

class FlowTarget : public Target {
 public:
  explicit FlowTarget(const FlowModel& model)
      : network_(model.network),
        weights_([network = model.network, flat = model.weights](const torch::TensorOptions& options) {
          return network->unflatten(flat.to(options.device(), c10::typeMetaToScalarType(options.dtype())));
        }) {}

  int64_t dim() const override { return network_->dim(); }
  Tensor log_density(const Tensor& x) const override { return -network_->energy(x, weights_.like(x)); }
  Tensor score(const Tensor& x) const override { return network_->score(x, weights_.like(x)); }
  ValueAndScore value_and_score(const Tensor& x) const override {
    return network_->value_and_score(x, weights_.like(x));
  }

 private:
  std::shared_ptr<const FlowNetwork> network_;
  Placed<Weights> weights_;
};

// The layers after the preparation of images, which has no weights, in float64.
FlowModel beyond_pixels(const FlowModel& model) {
  FlowShape shape = model.network->shape();
  shape.pixel_alpha = 0;
  return {.network = std::make_shared<const FlowNetwork>(shape), .weights = model.weights.to(torch::kDouble)};
}

FlowWeights dense_weights_of(const FlowModel& model) {
  FlowWeights dense;
  const Weights all = model.network->unflatten(model.weights);
  for (size_t i = 0; i < all.size(); i += 2) {
    dense.matrices.push_back(all[i]);
    dense.biases.push_back(all[i + 1]);
  }
  return dense;
}

std::unique_ptr<const Target> flow_density(const FlowModel& model) {
  const FlowShape& shape = model.network->shape();
  if (shape.kind == "dense" && shape.dim <= kMostPlainDim) return ebflow_density(dense_weights_of(model));
  return std::make_unique<FlowTarget>(model);
}

Problem make_flow_problem(const ProblemInput& input) {
  const std::string name = input.options.text("model");
  const std::string shown = input.files.shown(name);
  const FlowModel model = load_flow_model(name, input.files);
  const int64_t wanted = input.options.integer("dim");
  if (wanted != 0 && wanted != model.network->dim())
    throw InputError(
        fmt::format("{}: a flow of D = {}, and option 'dim' asks for {}; 0 takes that of the file", shown,
                    model.network->dim(), wanted));
  try {
    return flow_problem(model);
  } catch (const Diverged& error) {
    throw InputError(fmt::format("{}: {}", shown, error.what()));
  }
}

Definition define_flow(const Options& options) {
  return {.density =
              "log q(x) = -E(x) = log N(g(x); 0, I) + log |det| of the layers of g whose Jacobian depends on "
              "x, g the flow in the file without its preparation of images; log Z = -log |det| of the other "
              "layers",
          .constants = {{"model", options.text("model")}},
          .modes = "not known"};
}

}  // namespace

Problem flow_problem(const FlowModel& model) {
  torch::NoGradGuard no_grad;
  const FlowModel own = beyond_pixels(model);
  const Weights weights = own.network->unflatten(own.weights);
  Problem problem{.target = flow_density(own)};
  problem.reference.log_z = -own.network->log_determinant(weights).item<double>();
  problem.reference.exact_draws = [inverse = own.network->inverse(weights)](int64_t n, Rng& rng) {
    return inverse.draw(n, rng);
  };
  problem.reference.source = "the flow's own inverse and determinants";
  return problem;
}

void add_trained_ebflow(TargetRegistry& registry) {
  registry.add(
      {.name = "ebflow-trained",
       .summary = "energy-based flow that was trained: exact draws and log Z of a learned density",
       .citation = "Chao et al. 2023, arXiv 2305.15267",
       .facts = {ExactDraws::known, define_flow},
       .options = {Option::text("model", "models/strokes-flow.safetensors",
                                "file of the flow, of `samplerbench fit` or of a kept `ebflow`"),
                   Option::integer("dim", 0, "coordinates D that it must have; 0 for any").at_least(0)},
       .make = make_flow_problem,
       .files = [](const Options& options) { return std::vector{options.text("model")}; }});
}

}  // namespace samplerbench::targets
