#include "metrics/metrics.h"

#include "metrics/effective_sample_size.h"
#include "metrics/energy_distance.h"
#include "metrics/ksd.h"
#include "metrics/ksd_p.h"
#include "metrics/mmd.h"
#include "metrics/mode_weight_error.h"
#include "metrics/moment_error.h"
#include "metrics/rhat.h"
#include "metrics/sliced_wasserstein.h"

namespace samplerbench::metrics {

void add_metrics(MetricRegistry& registry) {
  add_effective_sample_size(registry);
  add_energy_distance(registry);
  add_ksd(registry);
  add_ksd_p(registry);
  add_mmd(registry);
  add_mode_weight_error(registry);
  add_moment_error(registry);
  add_rhat(registry);
  add_sliced_wasserstein(registry);
}

}  // namespace samplerbench::metrics
