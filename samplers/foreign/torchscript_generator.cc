#include "samplers/foreign/torchscript_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kTriedLatents = 8;
constexpr int64_t kMostLatents = 8192;  // of one call, whose activations take memory
constexpr const char* kHashName = "module.sha256";

}  // namespace

TorchscriptGenerator::TorchscriptGenerator(const SamplerInput& input)
    : module_(std::make_unique<const targets::TorchscriptModule>(input.options.text("file"), input.files)),
      latent_(module_->needed_integer("latent", 1)),
      declared_{.cpu_s = module_->real("cost_cpu_s", 0),
                .evaluations = module_->integer("cost_evaluations", 0)},
      placement_(input.placement) {
  try {
    require_points_of(input.target.dim());
  } catch (const std::runtime_error& error) {  // of a call of the module, which names the file
    throw InputError(error.what());
  }
}

void TorchscriptGenerator::require_points_of(int64_t dim) const {
  torch::NoGradGuard no_grad;
  const ScopedGlobalSeed seed(0);
  Rng rng(0);
  const Tensor latents = rng.normal({kTriedLatents, latent_}, torch::kDouble);
  module_->require_forward(latents, {kTriedLatents, -1}, "forward([N, latent]) -> [N, D]");
  const Tensor points = module_->forward(latents);
  if (points.size(1) != dim)
    throw InputError(fmt::format("{}: it makes points of {} coordinates, and this target has {}",
                                 module_->source(), points.size(1), dim));
  if (!points.isfinite().all().item<bool>())
    throw InputError(
        fmt::format("{}: forward makes numbers of N(0, I) that are not finite; finite points are valid",
                    module_->source()));
}

Tensor TorchscriptGenerator::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  const Tensor latents = rng.normal({n, latent_}, placement_);
  const ScopedGlobalSeed seed(targets::next_seed(rng));
  std::vector<Tensor> draws;
  for (int64_t first = 0; first < n; first += kMostLatents)
    draws.push_back(module_->forward(latents.slice(0, first, std::min(first + kMostLatents, n))));
  return torch::cat(draws);
}

Tensor TorchscriptGenerator::hash() const {
  std::string digits = module_->hash();
  return torch::from_blob(digits.data(), {static_cast<int64_t>(digits.size())}, torch::kByte).clone();
}

void TorchscriptGenerator::save(Archive& archive) const { archive.put(kHashName, hash()); }

void TorchscriptGenerator::load(const Archive& archive) {
  const Tensor kept = archive.get(kHashName), own = hash();
  if (kept.scalar_type() != torch::kByte || !torch::equal(kept, own))
    throw InputError(fmt::format("{}: it is not the module that the saved sampler is of", module_->source()));
}

void add_torchscript_generator(SamplerRegistry& registry) {
  registry.add(
      {.name = "torchscript-generator",
       .summary = "generator that PyTorch trained elsewhere, in a TorchScript module: draws in one step",
       .citation = "the module's author",
       .facts = {"TorchScript generator", DrawsAre::trained, Information::elsewhere},
       .options = {Option::text("file", "generator.pt",
                                "the module: forward([N, latent]) -> [N, D], the attribute latent: int, and "
                                "optionally what its training took: cost_cpu_s: float and "
                                "cost_evaluations: int")},
       .make = [](const SamplerInput& input) { return std::make_unique<TorchscriptGenerator>(input); },
       .files = [](const Options& options) { return std::vector{options.text("file")}; }});
}

}  // namespace samplerbench::samplers
