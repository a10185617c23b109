#include "targets/energy/model_fits.h"

#include "targets/classifier/classifier_fit.h"
#include "targets/energy/energy_fit.h"
#include "targets/energy/feature_fit.h"
#include "targets/flow/flow_fit.h"

namespace samplerbench::targets {

void add_model_fits(ModelFitRegistry& registry) {
  add_aligned_classifier(registry);
  add_denoising_score_matching(registry);
  add_energy_flow(registry);
  add_image_classifier(registry);
  add_planar_flow(registry);
}

}  // namespace samplerbench::targets
