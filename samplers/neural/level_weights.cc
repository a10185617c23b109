#include "samplers/neural/level_weights.h"

#include <cmath>

#include "core/named.h"

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> kPointWeights{"none", "denoised", "capped"};

}  // namespace

OptionTable LevelWeights::options() {
  return grouped(
      "weights",
      {Option::real("weight_start", 2.0, "p of the level weight sigma^p, in the beginning")
           .at_least(-8)
           .at_most(8),
       Option::real("weight_end", 2.0, "p of the level weight sigma^p, in the end").at_least(-8).at_most(8),
       Option::choice("point_weights", "none", kPointWeights, "further weight, by the target's score"),
       Option::real("cap", 5.0, "of sigma |s| / sqrt(D)").above(0).only_if("point_weights", "capped")});
}

LevelWeights::LevelWeights(const Options& options)
    : start(options.real("weight_start")),
      end(options.real("weight_end")),
      points(named<Points>("point weights", kPointWeights, options.text("point_weights"))),
      cap(options.real("cap")) {}

Tensor LevelWeights::rows(const NoisedPoints& at, const Tensor& target_score, int degree,
                          double progress) const {
  const Tensor sigma = at.sigma.squeeze(1);
  Tensor weights = sigma.pow(std::lerp(start, end, progress));
  if (points == Points::capped) {
    const Tensor excess = sigma * target_score.norm(2, 1) / (cap * std::sqrt(at.x.size(1)));
    weights.div_(excess.clamp_min(1).pow(degree));
  }
  if (points == Points::denoised)
    weights.div_(torch::addcmul(at.e, at.sigma, target_score).abs().mean(1).clamp_min_(1e-3));
  return weights.div_(weights.size(0));
}

}  // namespace samplerbench::samplers
