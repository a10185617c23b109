#pragma once

#include <string>
#include <vector>

#include "core/options.h"
#include "targets/flow/flow_network.h"

namespace samplerbench::targets {

// The objectives that a flow is trained by from draws x of a law, [N, D] (Chao et al., arXiv 2305.15267), E
// its energy and s = -grad E its score. Each is a mean over the draws, -> [], differentiable in the weights.
// None but the first computes a determinant. The last three have one scale, that of
// 1/2 |s|^2 + trace(grad s): up to a constant, its mean over the law is half the mean square distance of s
// from the score of the law.
enum class FlowObjective {
  ml,    // maximum likelihood
  sml,   // maximum likelihood by contrast with the flow's own draws
  ssm,   // sliced score matching
  dsm,   // denoising score matching
  fdssm  // sliced score matching by finite differences
};

// Their names, in that order.
const std::vector<std::string>& flow_objectives();

// -log p(x).
Tensor likelihood_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x);

// E(x) - E(x'), x' draws of the flow, [M, D], constant. Its gradient has the mean of likelihood_loss's, since
// grad log Z = -E_p[grad E].
Tensor contrastive_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                        const Tensor& generated);

// 1/2 |s|^2 + v' (grad s) v, the second term a mean over K directions v, [K, N, D], with E[v v'] = I (Song et
// al. 2019, arXiv 1905.07088).
Tensor sliced_score_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                         const Tensor& directions);

// 1/2 |s(x + sigma n) + n / sigma|^2, n standard normal `noise`, [N, D] (Vincent 2011). Its minimum is the
// score of the law with that noise.
Tensor denoising_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                      const Tensor& noise, double sigma);

// D / xi^2 times 2 E(x) - E(x + e) - E(x - e) + 1/8 (E(x + e) - E(x - e))^2, e `shifts` of length xi, [N, D],
// uniform on the sphere (Pang et al. 2020, arXiv 2007.03317). As xi falls its mean tends to that of
// sliced_score_loss: E[e e'] = (xi^2 / D) I.
Tensor finite_difference_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                              const Tensor& shifts, double xi);

// Which of them, and how.
struct FlowObjectiveSettings {
  FlowObjective objective;
  double sigma;    // dsm: noise
  double xi;       // fdssm: length of a shift
  int64_t slices;  // ssm: directions a draw

  // objective, sigma, xi and slices, with these defaults.
  static OptionTable options(const std::string& objective, double sigma, double xi);

  explicit FlowObjectiveSettings(const Options& options);
};

// That objective at the draws x, with fresh random numbers: [N, D] -> []. Directions of ssm are signs. Throws
// Diverged where the flow has no inverse that sml could draw by.
Tensor flow_loss(const FlowObjectiveSettings& settings, const FlowNetwork& network, const Weights& weights,
                 const Tensor& x, Rng& rng);

}  // namespace samplerbench::targets
