#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/budget.h"
#include "harness/data/data_folder.h"
#include "harness/records/checkpoint_line.h"
#include "harness/records/record_file.h"
#include "harness/run/ending.h"
#include "harness/run/foreign_program.h"
#include "harness/run/judge.h"
#include "harness/run/seen_target.h"
#include "harness/run/work_order.h"
#include "harness/spec/catalog.h"
#include "harness/support/timed.h"
#include "metrics/metric.h"

namespace samplerbench::harness {

// One run: the sampler is stepped until its budget is spent, and judged at geometric checkpoints off the
// clock.
class SamplerRun {
 public:
  // Makes the target. Throws InputError and NoReference. `order` and `catalog` must outlive it. `started`:
  // when the job began (steady_seconds), from which its time limit counts.
  SamplerRun(const WorkOrder& order, const Catalog& catalog, double started);

  int64_t dim() const { return problem_.target->dim(); }
  std::map<std::string, Convention> conventions() const { return harness::conventions(measures_); }
  const Tensor& last_draws() const { return last_draws_; }
  const targets::Problem& problem() const { return problem_; }
  const samplers::Sampler* sampler() const { return sampler_.get(); }

  // Of the program that samples; nothing where none does, or none was met.
  std::optional<ProgramFacts> program() const;

  // Whether other work disturbed the clocks so far; never so where they are not plain (work.h).
  bool disturbed() const;

  // Steps, judges and appends checkpoints until a limit of the budget is reached.
  Ending carry_out(const RecordLines& record);

 private:
  torch::ScalarType dtype() const;
  torch::TensorOptions placement() const { return torch::TensorOptions().dtype(dtype()).device(device_); }

  // Meets the program that is the sampler, and compares the density that it has by itself.
  void start_program();
  double program_deadline() const;

  // CPU seconds of this process and of the program.
  CpuClock cpu_clock() const;

  // Makes what the sampler sees. On the clock, since control variates need the mode, and coordinates a fit.
  void see_target();

  // `meter` takes what a program counts by itself.
  std::unique_ptr<samplers::Sampler> make_sampler(const SeenTarget& seen, Meter& meter) const;
  std::unique_ptr<samplers::Sampler> registered_sampler(const SeenTarget& seen) const;
  std::unique_ptr<samplers::Sampler> foreign_sampler(const SeenTarget& seen, Meter& meter) const;

  // One untimed step and draw of a throw-away sampler on a throw-away meter: first calls load code and fill
  // caches.
  void warm_up() const;
  Ending loop(const RecordLines& record);

  // Moves the meter's counts, and the target's own, since the last reading to `ledger`.
  void read_meter(Usage& ledger);

  // Draws on the clock and judges the draws off it.
  CheckpointLine checkpoint(int64_t index, const Json& diagnostics);
  Tensor timed_draws(DrawUsage& usage);
  metrics::Evidence evidence(const Json& diagnostics) const;

  // n draws of the sampler, of the right shape and dtype.
  Tensor draws_of(samplers::Sampler& sampler, int64_t n, Rng& rng) const;

  // Kept states as metrics take them. Throws Diverged where they are not finite.
  Tensor chain_evidence(const Tensor& chains) const;

  // What `what` of the sampler returned, in its dtype or in float64, of these sizes: float64 on the CPU.
  Tensor value_evidence(const Tensor& values, const char* what, const std::vector<int64_t>& sizes) const;

  // log p of the sampler, [N, D] -> [N], a score, [N, D] -> [N, D], its score model, its classifier and the
  // weights of its paths, as metrics call them: float64 on the CPU.
  LogDensity density_evidence(LogDensity log_density) const;
  LawScore score_evidence(LawScore score, const char* what) const;
  ScoreModel model_evidence(ScoreModel model) const;
  ClassModel class_evidence(ClassModel model) const;
  PathWeights path_evidence(PathWeights weights) const;

  // Standard deviation of the starting points in the sampler's coordinates.
  double start_scale() const { return work_.coordinates == Coordinates::own ? *work_.start_scale : 1.0; }

  const WorkOrder& order_;
  const Work& work_;
  const Catalog& catalog_;
  DataFolder files_;  // those of the sampler are the ones that were planned with
  double started_;
  targets::Problem problem_;
  std::optional<targets::AffineMap> given_map_;
  std::vector<Measure> measures_;
  Budget budget_;
  torch::Device device_;
  Rng stream_;
  Meter meter_;
  targets::OwnWork read_work_;    // of the target, at the last reading
  targets::Reference reference_;  // that of the problem, which counts the exact draws that are asked for
  SeenTarget seen_;
  std::unique_ptr<ForeignProgram> program_;  // of a sampler that is one
  std::unique_ptr<samplers::Sampler> sampler_;
  Usage spent_;
  Usage drawing_;  // of all checkpoints; its clocks alone
  Tensor last_draws_;
};

}  // namespace samplerbench::harness
