#include "harness/report/analysis/curves.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace samplerbench::harness::reporting {
namespace {

bool is_trained_elsewhere(const Experiment& experiment, const std::string& label) {
  return std::any_of(
      experiment.samplers.begin(), experiment.samplers.end(),
      [&](const SamplerChoice& sampler) { return sampler.label == label && sampler.trained_elsewhere(); });
}

// Finished runs; where there are none, what the others reached before they broke off. None of a sampler that
// was trained elsewhere, whose training left no curve here.
std::vector<const Run*> curve_runs(const Grid& grid, const std::string& target, const std::string& sampler,
                                   bool& finished) {
  if (is_trained_elsewhere(grid.experiment(), sampler)) return {};
  std::vector<const Run*> all;
  std::vector<const Run*> good;
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* run = grid.run(target, sampler, seed);
    if (run == nullptr) continue;
    all.push_back(run);
    if (run->finished()) good.push_back(run);
  }
  finished = !good.empty();
  return finished ? good : all;
}

void add(CurvePoint& point, const CheckpointLine& checkpoint, double value) {
  point.least = point.seeds == 0 ? value : std::min(point.least, value);
  point.most = point.seeds == 0 ? value : std::max(point.most, value);
  point.mean += value;
  point.seconds += checkpoint.train.wall_s;
  point.gradients += static_cast<double>(checkpoint.train.score + checkpoint.train.hessian_vector);
  point.data_passes += checkpoint.train.data_passes;
  ++point.seeds;
}

}  // namespace

double CurvePoint::at(Abscissa kind) const {
  if (kind == Abscissa::seconds) return seconds;
  return kind == Abscissa::gradients ? gradients : data_passes;
}

Curve curve(const Grid& grid, const std::string& target, const std::string& sampler,
            const std::string& metric) {
  Curve curve;
  std::map<int64_t, CurvePoint> points;  // by index of the checkpoint
  for (const Run* run : curve_runs(grid, target, sampler, curve.finished)) {
    for (const CheckpointLine& checkpoint : run->checkpoints) {
      const auto outcome = checkpoint.metrics.find(metric);
      if (outcome == checkpoint.metrics.end()) continue;
      const std::optional<double> value = outcome->second.value;
      if (!value) continue;
      if (std::isfinite(*value))
        add(points[checkpoint.index], checkpoint, *value);
      else
        ++curve.not_finite;
    }
  }
  for (auto& [index, point] : points) {
    for (double* sum : {&point.mean, &point.seconds, &point.gradients, &point.data_passes})
      *sum /= static_cast<double>(point.seeds);
    curve.points.push_back(point);
  }
  return curve;
}

std::optional<Abscissa> work_axis(const Grid& grid, const std::string& target,
                                  const std::vector<std::string>& samplers) {
  std::optional<Abscissa> axis;
  bool finished = false;
  for (const std::string& sampler : samplers) {
    for (const Run* run : curve_runs(grid, target, sampler, finished)) {
      for (const CheckpointLine& checkpoint : run->checkpoints) {
        if (checkpoint.train.data_passes > 0) return Abscissa::data_passes;
        axis = Abscissa::gradients;
      }
    }
  }
  return axis;
}

}  // namespace samplerbench::harness::reporting
