#pragma once

#include "metrics/metric.h"
#include "samplers/sampler.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// Everything that a name in a spec or on a command line can stand for.
struct Catalog {
  targets::TargetRegistry targets{"target"};
  samplers::SamplerRegistry samplers{"sampler"};
  metrics::MetricRegistry metrics{"metric"};

  // A catalog with all that the suite ships.
  static Catalog standard();
};

}  // namespace samplerbench::harness
