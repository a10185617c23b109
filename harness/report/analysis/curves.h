#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// What a curve of quality is drawn against: what step had spent.
enum class Abscissa { seconds, gradients, data_passes };

// One checkpoint over the seeds.
struct CurvePoint {
  double seconds = 0;  // means over the seeds
  double gradients = 0;
  double data_passes = 0;
  double mean = 0;
  double least = 0;
  double most = 0;
  int64_t seeds = 0;

  double at(Abscissa kind) const;
};

// A metric over the training of a sampler on one target.
struct Curve {
  bool finished = true;            // else of runs that broke off, since no seed finished
  std::vector<CurvePoint> points;  // where the metric has a finite value
  int64_t not_finite = 0;          // values that are left out of them
};

Curve curve(const Grid& grid, const std::string& target, const std::string& sampler,
            const std::string& metric);

// The work that the curves of these samplers on one target are drawn against: passes over the data where a
// run made any, else gradients. Nothing where no run reached a checkpoint.
std::optional<Abscissa> work_axis(const Grid& grid, const std::string& target,
                                  const std::vector<std::string>& samplers);

}  // namespace samplerbench::harness::reporting
