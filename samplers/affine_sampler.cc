#include "samplers/affine_sampler.h"

#include <utility>

namespace samplerbench::samplers {

AffineSampler::AffineSampler(std::unique_ptr<Sampler> inner, const targets::AffineMap& map)
    : inner_(std::move(inner)), map_{map.mean.clone(), map.factor.clone(at::MemoryFormat::Contiguous)} {}

Tensor AffineSampler::mapped(const Tensor& z) const {
  return torch::matmul(z, map_.factor.t().to(z.options())) + map_.mean.to(z.options());
}

std::optional<Tensor> AffineSampler::chains() const {
  const std::optional<Tensor> states = inner_->chains();
  return states ? std::optional(mapped(*states)) : std::nullopt;
}

LogDensity AffineSampler::log_density() const {
  LogDensity inner = inner_->log_density();
  if (!inner) return {};
  return [inner = std::move(inner), map = map_](const Tensor& x) {
    const Tensor z = map.coordinates_of(x.detach().to(torch::kDouble));
    return inner(z.to(x.scalar_type())).to(torch::kDouble) - map.log_determinant();
  };
}

void AffineSampler::save(Archive& archive) const {
  inner_->save(archive);
  archive.put("affine_mean", map_.mean.clone());
  archive.put("affine_factor", map_.factor.clone());
}

void AffineSampler::load(const Archive& archive) {
  inner_->load(archive);
  archive.restore("affine_mean", map_.mean);
  archive.restore("affine_factor", map_.factor);
}

}  // namespace samplerbench::samplers
