#include "metrics/metrics.h"

#include "metrics/c2st.h"
#include "metrics/energy_distance.h"
#include "metrics/entries.h"
#include "metrics/entropic_mode_coverage.h"
#include "metrics/fid.h"
#include "metrics/kid.h"
#include "metrics/mmd.h"
#include "metrics/mode_weight_error.h"
#include "metrics/nearest_neighbour.h"
#include "metrics/neighbour_balls.h"
#include "metrics/pixel_perturbation.h"
#include "metrics/score_error.h"
#include "metrics/sinkhorn_divergence.h"
#include "metrics/sliced_wasserstein.h"

namespace samplerbench::metrics {

void add_metrics(MetricRegistry& registry) {
  add_c2st(registry);
  add_class_coverage(registry);
  add_classifier_accuracy(registry);
  add_density_ratio_error(registry);
  add_diagnostic(registry);
  add_effective_sample_size(registry);
  add_energy_distance(registry);
  add_entropic_mode_coverage(registry);
  add_fid(registry);
  add_forward_kl(registry);
  add_gan_test(registry);
  add_histogram_tv(registry);
  add_importance_ess(registry);
  add_kid(registry);
  add_ksd(registry);
  add_ksd_p(registry);
  add_law_score(registry);
  add_log_z_bounds(registry);
  add_log_z_error(registry);
  add_mmd(registry);
  add_mode_weight_error(registry);
  add_moment_agreement(registry);
  add_moment_error(registry);
  add_nearest_neighbour(registry);
  add_neighbour_balls(registry);
  add_pixel_perturbation(registry);
  add_posterior_error(registry);
  add_predictive(registry);
  add_rare_mode(registry);
  add_rhat(registry);
  add_score_by_strata(registry);
  add_score_error(registry);
  add_sinkhorn_divergence(registry);
  add_sliced_wasserstein(registry);
  add_squared_bias(registry);
  add_step_cost(registry);
  add_test_nll(registry);
}

}  // namespace samplerbench::metrics
