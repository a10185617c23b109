#pragma once

#include "metrics/metric.h"

// The entries of this folder, each defined in the file of its name.
namespace samplerbench::metrics {

// class_coverage: how many classes the draws show, or how far their shares are from uniform.
void add_class_coverage(MetricRegistry& registry);

// classifier_accuracy: accuracy of the sampler's own classifier on test images.
void add_classifier_accuracy(MetricRegistry& registry);

// diagnostic: a number that the sampler's last step returned.
void add_diagnostic(MetricRegistry& registry);

// density_ratio_error: how far the mean log density ratio of noised to clean exact draws is from the truth.
void add_density_ratio_error(MetricRegistry& registry);

// ess_bulk, ess_per_second and ess_per_score.
void add_effective_sample_size(MetricRegistry& registry);

// forward_kl: Kullback-Leibler divergence from the target to the law of the draws.
void add_forward_kl(MetricRegistry& registry);

// gan_test: how often another classifier tells the class that images were made for.
void add_gan_test(MetricRegistry& registry);

// histogram_tv, energy_tv and distance_tv: total variation to exact draws by a histogram of coordinates, of
// energies, or of the distances of particles.
void add_histogram_tv(MetricRegistry& registry);

// importance_ess: effective share of the draws under importance weights.
void add_importance_ess(MetricRegistry& registry);

// ksd_imq_v, ksd_imq_u, ksd_rbf_v and ksd_rbf_u.
void add_ksd(MetricRegistry& registry);

// ksd_p: the p-value of the kernel Stein test by the wild bootstrap.
void add_ksd_p(MetricRegistry& registry);

// fisher_divergence and score_cosine: half the squared distance and the mean cosine between the scores of the
// target and of the law of the draws.
void add_law_score(MetricRegistry& registry);

// elbo and eubo: bounds of log Z from below and from above.
void add_log_z_bounds(MetricRegistry& registry);

// log_z_error: how far the sampler's estimate of log Z, or that by importance weights, is from the truth.
void add_log_z_error(MetricRegistry& registry);

// mean_z and sd_z: the difference between the moments of Markov chains and the truth, in units of both Monte
// Carlo errors.
void add_moment_agreement(MetricRegistry& registry);

// moment_mean_error and moment_sd_error: the worst coordinate's error in units of its standard error.
void add_moment_error(MetricRegistry& registry);

// posterior_mean_error and posterior_sd_error: how far mean and standard deviation of the draws are from the
// target's, in its standard deviations.
void add_posterior_error(MetricRegistry& registry);

// How well the posterior predictive of the draws predicts held-out labels: `accuracy` and `accuracy_gap`
// (percentage points), `log_predictive_density` (nats a label), `calibration_error` (a probability).
void add_predictive(MetricRegistry& registry);

// rare_mode_mass and rare_mode_error: the mass that the draws give the least probable mode.
void add_rare_mode(MetricRegistry& registry);

// rhat: split R-hat on ranks.
void add_rhat(MetricRegistry& registry);

// squared_bias: b^2, the squared error of first or second moments in units of their variance.
void add_squared_bias(MetricRegistry& registry);

// cpu_s_per_step: CPU seconds of a step.
void add_step_cost(MetricRegistry& registry);

// score_l2 and score_quantile: how far a trained model of the score is from the score of noised exact draws,
// in root mean square by strata and in quantile.
void add_score_by_strata(MetricRegistry& registry);

// test_nll: negative log likelihood of test images, in nats an image or bits a pixel.
void add_test_nll(MetricRegistry& registry);

}  // namespace samplerbench::metrics
