#include "samplers/affine_sampler.h"

#include <utility>

namespace samplerbench::samplers {

AffineSampler::AffineSampler(std::unique_ptr<Sampler> inner, const targets::AffineMap& map)
    : inner_(std::move(inner)), map_{map.mean, map.factor.contiguous()} {}

std::optional<Tensor> AffineSampler::chains() const {
  const std::optional<Tensor> states = inner_->chains();
  return states ? std::optional(map_.points_at(*states)) : std::nullopt;
}

LogDensity AffineSampler::log_density() const {
  LogDensity inner = inner_->log_density();
  if (!inner) return {};
  return [inner = std::move(inner), map = map_](const Tensor& x) {
    const Tensor z = map.coordinates_of(x.detach().to(torch::kDouble));
    return inner(z.to(x.scalar_type())).to(torch::kDouble) - map.log_determinant();
  };
}

LawScore AffineSampler::law_score() const {
  LawScore inner = inner_->law_score();
  if (!inner) return {};
  return [inner = std::move(inner), map = map_](const Tensor& x) {
    const Tensor z = map.coordinates_of(x.detach().to(torch::kDouble));
    return map.score_at_points(inner(z.to(x.scalar_type())));
  };
}

std::optional<LogZ> AffineSampler::log_z() const {
  std::optional<LogZ> inner = inner_->log_z();
  if (inner) inner->value += map_.log_determinant();
  return inner;
}

std::optional<PathWeights> AffineSampler::path_weights() const {
  std::optional<PathWeights> inner = inner_->path_weights();
  if (!inner) return std::nullopt;
  inner->log_weights = inner->log_weights + map_.log_determinant();
  if (inner->run_back)
    inner->run_back = [run_back = std::move(inner->run_back), map = map_](const Tensor& x, Rng& rng) {
      const Tensor z = map.coordinates_of(x.detach().to(torch::kDouble));
      return run_back(z.to(x.scalar_type()), rng) + map.log_determinant();
    };
  return inner;
}

void AffineSampler::save(Archive& archive) const {
  inner_->save(archive);
  map_.save(archive, "affine");
}

void AffineSampler::load(const Archive& archive) {
  inner_->load(archive);
  map_ = targets::AffineMap::restored(archive, "affine", map_.mean.size(0));
}

}  // namespace samplerbench::samplers
