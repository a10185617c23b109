#pragma once

#include <memory>

#include "samplers/sampler.h"
#include "targets/foreign/torchscript_module.h"

namespace samplerbench::samplers {

// A generator that PyTorch trained, as a sampler of one step: x = forward(z) with z ~ N(0, I). It does no
// work on the target and no work in steps. What it learnt from is not known here, and what its training took
// is what its author declares. Its module has
//   forward([N, latent]) -> [N, D]   D being the target's
//   latent: int
//   cost_cpu_s: float                optional: CPU seconds of training
//   cost_evaluations: int            optional: evaluations of the target in training, per point
class TorchscriptGenerator : public Sampler {
 public:
  // Throws InputError, which names the file, where the module is no such generator of the target's points.
  explicit TorchscriptGenerator(const SamplerInput& input);

  // Does no work. Returns no diagnostics.
  Json step(Rng&) override { return Json::object(); }

  // n independent draws: [n, D]. Random numbers that forward draws by itself are of `rng` too.
  Tensor draw(int64_t n, Rng& rng) override;

  std::optional<DeclaredCost> declared_cost() const override { return declared_; }
  std::optional<torch::ScalarType> stored_as() const override { return module_->stored_as(); }

  // The SHA-256 of the file alone, which draw() needs again.
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  void require_points_of(int64_t dim) const;
  Tensor hash() const;  // [64] uint8

  std::unique_ptr<const targets::TorchscriptModule> module_;
  int64_t latent_;
  DeclaredCost declared_;
  torch::TensorOptions placement_;
};

void add_torchscript_generator(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
