#include "metrics/metrics.h"

namespace samplerbench::metrics {

void add_metrics(MetricRegistry&) {}

}  // namespace samplerbench::metrics
