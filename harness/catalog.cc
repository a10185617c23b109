#include "harness/catalog.h"

#include "metrics/metrics.h"
#include "samplers/samplers.h"
#include "targets/targets.h"

namespace samplerbench::harness {

Catalog Catalog::standard() {
  Catalog catalog;
  targets::add_targets(catalog.targets);
  samplers::add_samplers(catalog.samplers);
  metrics::add_metrics(catalog.metrics);
  return catalog;
}

}  // namespace samplerbench::harness
