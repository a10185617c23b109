#include "targets/foreign/torchscript.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "targets/foreign/torchscript_file.h"
#include "targets/foreign/torchscript_module.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kTriedPoints = 8, kTriedDraws = 3;
constexpr double kSameRow = 1e-6;  // between a value in a batch and alone, in float64

class TorchscriptTarget : public Target {
 public:
  TorchscriptTarget(std::shared_ptr<const TorchscriptModule> module, int64_t dim)
      : module_(std::move(module)), dim_(dim) {}

  int64_t dim() const override { return dim_; }
  Tensor log_density(const Tensor& x) const override { return module_->forward(x); }

 private:
  std::shared_ptr<const TorchscriptModule> module_;
  int64_t dim_;
};

// The score at points [N, D]; undefined where no gradient reaches them.
Tensor score_by_autograd(const TorchscriptModule& module, const Tensor& points) {
  torch::AutoGradMode enabled(true);
  const Tensor x = points.clone().requires_grad_();
  const Tensor values = module.forward(x);
  if (!values.requires_grad()) return {};
  return torch::autograd::grad({values.sum()}, {x}, {}, /*retain_graph=*/false, /*create_graph=*/false,
                               /*allow_unused=*/true)[0];
}

// The first row where `bad`, [N] bool, holds, in words: the origin is row 0.
std::string place_of(const Tensor& bad) {
  return bad[0].item<bool>() ? "at the origin" : "at a draw of N(0, I)";
}

void require_numbers(const TorchscriptModule& module, const Tensor& values) {
  const Tensor bad = values.isnan().logical_or(values.isposinf());
  if (!bad.any().item<bool>()) return;
  throw InputError(
      fmt::format("{}: forward gives {} {}; a finite number is valid there, or -inf where the "
                  "density is 0",
                  module.source(), values.isnan().any().item<bool>() ? "NaN" : "inf", place_of(bad)));
}

void require_gradient(const TorchscriptModule& module, const Tensor& points, const Tensor& values) {
  Tensor score;
  try {
    score = score_by_autograd(module, points);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw InputError(
        fmt::format("{}: forward cannot be differentiated: {}", module.source(), torchscript_cause(error)));
  }
  if (!score.defined())
    throw InputError(
        fmt::format("{}: forward is not differentiable: no gradient reaches its argument; look "
                    "for detach, no_grad, rounding and comparisons",
                    module.source()));
  // At the origin, where a density of |x| has a kink, the score may be anything.
  const Tensor bad = score.isnan().any(1).logical_and(values.isfinite()).slice(0, 1);
  if (bad.any().item<bool>())
    throw InputError(
        fmt::format("{}: the gradient of forward is NaN at a draw of N(0, I), where its value "
                    "is finite; numbers are valid there",
                    module.source()));
}

// Tries the density at the origin and at draws of N(0, I). Throws InputError where it is none.
void require_density(const TorchscriptModule& module, int64_t dim) {
  Rng rng(0);
  const Tensor points = torch::cat(
      {torch::zeros({1, dim}, torch::kDouble), rng.normal({kTriedPoints - 1, dim}, torch::kDouble)});
  module.require_forward(points, {kTriedPoints}, "forward([N, dim]) -> [N]");
  const Tensor values = module.forward(points).detach();
  require_numbers(module, values);
  const Tensor alone = module.forward(points.slice(0, 1, 2)).detach();
  if (!torch::allclose(alone, values.slice(0, 1, 2), kSameRow, kSameRow))
    throw InputError(
        fmt::format("{}: forward gives a point another value alone than among others; rows that do not "
                    "depend on each other, nor on random numbers, are valid",
                    module.source()));
  require_gradient(module, points, values);
}

void require_draws(const TorchscriptModule& module, int64_t dim) {
  const ScopedGlobalSeed seed(0);
  const Tensor draws = module.sample(kTriedDraws);
  if (draws.sizes() != at::IntArrayRef({kTriedDraws, dim}))
    throw InputError(
        fmt::format("{}: sample({}) returned [{}]; sample(n) -> [n, dim], which is [{}, {}], is "
                    "valid",
                    module.source(), kTriedDraws, fmt::join(draws.sizes(), ", "), kTriedDraws, dim));
  if (!draws.isfinite().all().item<bool>())
    throw InputError(
        fmt::format("{}: sample({}) returned a number that is not finite; finite draws are valid",
                    module.source(), kTriedDraws));
}

// Throws InputError where the module is no density of `dim` coordinates, or draws no such points.
void require_module(const TorchscriptModule& module, int64_t dim) {
  try {
    require_density(module, dim);
    if (module.has_sample()) require_draws(module, dim);
  } catch (const std::runtime_error& error) {  // of a call of the module, which names the file
    throw InputError(error.what());
  }
}

Reference reference_of_module(const std::shared_ptr<const TorchscriptModule>& module) {
  Reference reference{.log_z = module->real("log_z")};
  if (module->has_sample())
    reference.exact_draws = [module](int64_t n, Rng& rng) {
      const ScopedGlobalSeed seed(next_seed(rng));
      return module->sample(n);
    };
  reference.source = reference.log_z || reference.exact_draws
                         ? "attributes and methods of " + module->source()
                         : module->source() + " states the density alone";
  return reference;
}

Problem make_torchscript(const ProblemInput& input) {
  const auto module = std::make_shared<const TorchscriptModule>(input.options.text("file"), input.files);
  const int64_t dim = module->needed_integer("dim", 1);
  require_module(*module, dim);
  return {.target = std::make_unique<TorchscriptTarget>(module, dim),
          .reference = reference_of_module(module),
          .stored_as = module->stored_as()};
}

Definition define_torchscript(const Options& options) {
  return {.density = "log q(x) = forward(x) of the TorchScript module in the file",
          .constants = {{"file", options.text("file")}},
          .modes = "not known"};
}

}  // namespace

void add_torchscript(TargetRegistry& registry) {
  registry.add({.name = "torchscript",
                .summary = "log density of a TorchScript module, which PyTorch wrote",
                .citation = "the module's author",
                // Whether it has exact draws is known once its file is read.
                .facts = {ExactDraws::unknown, define_torchscript},
                .options = {Option::text("file", "energy.pt",
                                         "the module: forward([N, dim]) -> [N], the attribute dim: int, and "
                                         "optionally sample(n: int) -> [n, dim] and log_z: float")},
                .make = make_torchscript,
                .files = [](const Options& options) { return std::vector{options.text("file")}; }});
}

}  // namespace samplerbench::targets
