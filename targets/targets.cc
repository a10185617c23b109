#include "targets/targets.h"

#include "targets/bayes/logistic_regression.h"
#include "targets/classifier/class_mixture.h"
#include "targets/classifier/classifier_energy.h"
#include "targets/conditional/linear_regression.h"
#include "targets/conditional/mixture_posterior.h"
#include "targets/diffusion/rare_mode.h"
#include "targets/diffusion/score_decoy.h"
#include "targets/energy/deep_ebm.h"
#include "targets/energy/image_draws.h"
#include "targets/flow/ebflow.h"
#include "targets/flow/flow_target.h"
#include "targets/foreign/stan.h"
#include "targets/foreign/torchscript.h"
#include "targets/models/entries.h"
#include "targets/planar/entries.h"

namespace samplerbench::targets {

void add_targets(TargetRegistry& registry) {
  add_banana(registry);
  add_brownian_motion(registry);
  add_checkerboard(registry);
  add_class_mixture(registry);
  add_classifier_energy(registry);
  add_deep_ebm(registry);
  add_donut(registry);
  add_double_well(registry);
  add_ebflow(registry);
  add_eight_schools(registry);
  add_funnel(registry);
  add_funnel_10(registry);
  add_gaussian(registry);
  add_gmm40(registry);
  add_ill_conditioned_gaussian(registry);
  add_image_data(registry);
  add_item_response(registry);
  add_lennard_jones(registry);
  add_linear_regression(registry);
  add_log_gaussian_cox(registry);
  add_logistic_regression(registry);
  add_many_well(registry);
  add_many_well_32(registry);
  add_mixture_posterior(registry);
  add_mog2(registry);
  add_mog2_far(registry);
  add_phi4(registry);
  add_rare_mode(registry);
  add_rings(registry);
  add_rosenbrock(registry);
  add_score_decoy(registry);
  add_simplex_mixture(registry);
  add_sine(registry);
  add_squiggle(registry);
  add_stan(registry);
  add_stochastic_volatility(registry);
  add_student_mixture(registry);
  add_swirl(registry);
  add_torchscript(registry);
  add_trained_ebflow(registry);
}

}  // namespace samplerbench::targets
