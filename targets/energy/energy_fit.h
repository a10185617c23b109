#pragma once

#include "targets/energy/energy_network.h"
#include "targets/energy/model_fit.h"

namespace samplerbench::targets {

// Multi-scale denoising score matching (Li, Chen and Sommer 2019, arXiv 1910.07762): the mean over rows and
// pixels of ((x~ - x - sigma0^2 grad E(x~)) / sigma)^2, x~ = x + sigma n. `clean` and `noisy`: [N, D];
// `sigma`: [N, 1]; -> [], differentiable in the weights.
Tensor score_matching_loss(const EnergyNetwork& network, const Weights& weights, const Tensor& clean,
                           const Tensor& noisy, const Tensor& sigma);

// x - sigma0^2 grad E(x), the energy's own denoiser: [N, D] -> [N, D], outside any graph.
Tensor denoised(const EnergyNetwork& network, const Weights& weights, const Tensor& noisy);

// `denoising-score-matching`: fits an energy network to image data.
void add_denoising_score_matching(ModelFitRegistry& registry);

}  // namespace samplerbench::targets
