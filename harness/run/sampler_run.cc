#include "harness/run/sampler_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/dtype_words.h"
#include "harness/plan/data_files.h"
#include "harness/records/end_line.h"
#include "harness/records/kept_files.h"
#include "harness/run/foreign_sampler.h"
#include "harness/run/judged_problem.h"
#include "harness/spec/contract.h"
#include "harness/support/clock.h"
#include "samplers/affine_sampler.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kWarmUpDraws = 256;  // of a sampler that asks the target in draw()
constexpr double kDeadlineShare = 0.1,
                 kMostDeadline_s = 1;  // of the time limit, in which a late program is ended

// The same, with exact draws, and draws to learn from, that are counted in `meter`, which must outlive the
// result.
targets::Reference counting(const targets::Reference& reference, Meter& meter) {
  targets::Reference counted = reference;
  for (auto* source : {&counted.exact_draws, &counted.training_draws})
    if (*source)
      *source = [draws = *source, &meter](int64_t n, Rng& rng) {
        meter.exact_draws += n;
        return draws(n, rng);
      };
  if (reference.classes)
    counted.classes->draws = [draws = reference.classes->draws, &meter](int64_t n, Rng& rng) {
      meter.exact_draws += n;
      return draws(n, rng);
    };
  return counted;
}

// Throws InputError where the files of the sampler are not those that were planned with.
DataFolder files_of_sampler(const WorkOrder& order, const Catalog& catalog) {
  DataFolder files(catalog.data, order.data);
  files.require(order.job.work.sampler->files);
  return files;
}

// The coordinates of the sampler, where files hold them.
std::optional<targets::AffineMap> map_of(const Work& work, const DataFolder& files) {
  if (!work.map_files) return std::nullopt;
  return read_map(work.map_files->mean, work.map_files->factor, files);
}

}  // namespace

SamplerRun::SamplerRun(const WorkOrder& order, const Catalog& catalog, double started)
    : order_(order),
      work_(order.job.work),
      catalog_(catalog),
      files_(files_of_sampler(order, catalog)),
      started_(started),
      problem_(make_judged_problem(order.job, catalog, order.results, order.data)),
      given_map_(map_of(work_, files_)),
      measures_(make_measures(*work_.metrics, catalog)),
      budget_(work_.budget.value()),
      device_(work_.device.value()),
      stream_(stream_of_target(work_, work_.seed.value())),
      reference_(counting(problem_.reference, meter_)) {}

Ending SamplerRun::carry_out(const RecordLines& record) {
  try {
    if (budget_.data_passes && problem_.target->data_share() == 0)
      throw InputError("the budget counts passes over the data, and this target has none");
    if (work_.sampler->program) start_program();
    warm_up();
    if (program_) program_->end_start();
    meter_.exact_draws = 0;  // those of the warm-up
    read_work_ = problem_.target->own_work();
    see_target();
    sampler_ = make_sampler(seen_, meter_);
    return loop(record);
  } catch (const Diverged& error) {
    return {Status::diverged, brief(error)};
  } catch (const InputError& error) {
    return {Status::skipped, brief(error)};
  }
}

bool SamplerRun::disturbed() const {
  const Usage metered{.wall_s = spent_.wall_s + drawing_.wall_s, .cpu_s = spent_.cpu_s + drawing_.cpu_s};
  return work_.has_plain_clocks() && was_disturbed(metered);
}

torch::ScalarType SamplerRun::dtype() const { return dtype_named(work_.dtype.value_or("float32")); }

std::optional<ProgramFacts> SamplerRun::program() const {
  return program_ ? std::optional(program_->facts()) : std::nullopt;
}

void SamplerRun::start_program() {
  program_ = std::make_unique<ForeignProgram>(
      *work_.sampler, order_.job.folder,
      ProgramBrief{.dim = dim(),
                   .placement = placement(),
                   .threads = work_.threads,
                   .start_scale = start_scale(),
                   .budget = budget_,
                   .target = target_in_words(work_.target, catalog_, work_.seed.value())},
      order_.limits, program_deadline(), beside(order_.record(), kLogExtension));
  if (!work_.sampler->program->self_counted) return;
  Rng rng = stream_.split("density");
  program_->require_density(
      *problem_.target,
      *work_.start_scale * rng.normal({ForeignProgram::kPointsCompared, dim()}, placement()));
}

// A moment before the process of the job is ended, so that the reason says what was waited for.
double SamplerRun::program_deadline() const {
  const double limit_s = order_.limits.time_s;
  return started_ + limit_s - std::min(kDeadlineShare * limit_s, kMostDeadline_s);
}

// What it reads of the program comes first: looking at it takes CPU time, which that reading takes off.
CpuClock SamplerRun::cpu_clock() const {
  return [program = program_.get()] {
    const double of_program = program ? program->cpu_seconds() : 0;
    return cpu_seconds() + of_program;
  };
}

void SamplerRun::see_target() {
  {
    const Timed timed(spent_, device_);
    seen_ = seen_target(*problem_.target, work_, given_map_, meter_, stream_);
  }
  read_meter(spent_);
}

std::unique_ptr<samplers::Sampler> SamplerRun::make_sampler(const SeenTarget& seen, Meter& meter) const {
  auto made = program_ ? foreign_sampler(seen, meter) : registered_sampler(seen);
  if (!seen.coordinates) return made;
  return std::make_unique<samplers::AffineSampler>(std::move(made), *seen.coordinates);
}

std::unique_ptr<samplers::Sampler> SamplerRun::registered_sampler(const SeenTarget& seen) const {
  const Choice& sampler = *work_.sampler;
  const Rng init = stream_.split("init");
  return catalog_.sampler(sampler.name, sampler.options, "sampler " + sampler.name, *seen.target, reference_,
                          {.init = init,
                           .placement = placement(),
                           .planned_steps = budget_.steps.value_or(0),
                           .spent = [this] { return budget_.spent(spent_); },
                           .start_scale = start_scale(),
                           .files = files_});
}

// Its starting points are those of a registered sampler.
std::unique_ptr<samplers::Sampler> SamplerRun::foreign_sampler(const SeenTarget& seen, Meter& meter) const {
  const auto start = [this](int64_t n) {
    return samplers::starting_points(stream_.split("init"), n, dim(), start_scale(), placement());
  };
  return std::make_unique<ForeignSampler>(*program_, ProgramSource{*seen.target, start, meter},
                                          [this] { return std::min(1.0, budget_.spent(spent_)); });
}

void SamplerRun::warm_up() const {
  Meter meter;
  Rng rng = stream_.split("warm-up");
  const SeenTarget seen = seen_target(*problem_.target, work_, given_map_, meter, rng);
  const auto sampler = make_sampler(seen, meter);
  sampler->step(rng);
  const auto draws =
      program_ ? samplers::DrawsAre::chains : catalog_.samplers.at(work_.sampler->name).facts.draws;
  const bool asks = draws == samplers::DrawsAre::fresh || draws == samplers::DrawsAre::guided;
  draws_of(*sampler, asks ? std::min(*work_.draws, kWarmUpDraws) : *work_.draws, rng);
}

Ending SamplerRun::loop(const RecordLines& record) {
  Rng rng = stream_.split("sampler");
  const CpuClock cpu = cpu_clock();
  const int64_t checkpoints = *work_.checkpoints;
  // Checkpoint k of K stands where the share ratio^(k + 1 - K) of the budget is spent, the last where all
  // of it is.
  const auto due = [&](int64_t k) {
    return budget_.spent(spent_) >=
           std::pow(work_.checkpoint_ratio, static_cast<double>(k + 1 - checkpoints));
  };
  for (int64_t index = 0;;) {
    Json diagnostics;
    {
      const Timed timed(spent_, device_, cpu);
      diagnostics = sampler_->step(rng);
    }
    ++spent_.steps;
    read_meter(spent_);
    const auto reached = budget_.reached(spent_);
    if (reached || due(index)) {
      record.append(checkpoint(index, diagnostics));
      Usage judging;
      read_meter(judging);  // what metrics asked through the sampler is no work of its own
      while (index < checkpoints - 1 && due(index)) ++index;
    }
    if (reached) return {Status::finished, *reached};
  }
}

void SamplerRun::read_meter(Usage& ledger) {
  ledger.density += meter_.density.exchange(0);
  ledger.score += meter_.score.exchange(0);
  ledger.hessian_vector += meter_.hessian_vector.exchange(0);
  ledger.data_passes += meter_.data_passes.exchange(0);
  ledger.exact_draws += meter_.exact_draws.exchange(0);
  const targets::OwnWork before = std::exchange(read_work_, problem_.target->own_work());
  ledger.score += read_work_.scores - before.scores;
  ledger.failed += read_work_.failed - before.failed;
  if (program_) ledger.target_s += program_->take_target_seconds();
}

CheckpointLine SamplerRun::checkpoint(int64_t index, const Json& diagnostics) {
  CheckpointLine line{.index = index, .progress = std::min(1.0, budget_.spent(spent_)), .train = spent_};
  line.draw.n = *work_.draws;
  line.declared = sampler_->declared_cost();
  last_draws_ = timed_draws(line.draw);
  drawing_.wall_s += line.draw.wall_s;
  drawing_.cpu_s += line.draw.cpu_s;
  if (!last_draws_.isfinite().all().item<bool>()) throw Diverged("draws are not finite");
  line.diagnostics = checked_diagnostics(diagnostics);
  line.metrics = judge(measures_, evidence(line.diagnostics), stream_.split("evaluate"));
  return line;
}

Tensor SamplerRun::draws_of(samplers::Sampler& sampler, int64_t n, Rng& rng) const {
  return require_tensor(sampler.draw(n, rng), fmt::format("draw({})", n), {n, dim()}, dtype());
}

Tensor SamplerRun::timed_draws(DrawUsage& usage) {
  Rng rng = stream_.split("draw");
  Tensor draws;
  {
    const Timed timed(usage, device_, cpu_clock());
    draws = draws_of(*sampler_, usage.n, rng);
  }
  read_meter(usage);
  return as_evidence(draws);
}

metrics::Evidence SamplerRun::evidence(const Json& diagnostics) const {
  metrics::Evidence evidence{
      .problem = problem_, .draws = last_draws_, .usage = spent_, .diagnostics = diagnostics};
  if (problem_.reference.exact_draws) {
    Rng rng = stream_.split("reference");
    evidence.reference = problem_.reference.exact_draws(last_draws_.size(0), rng);
  }
  if (const auto chains = sampler_->chains()) evidence.chains = chain_evidence(*chains);
  if (const auto log_density = sampler_->log_density()) evidence.log_density = density_evidence(log_density);
  if (const auto score = sampler_->law_score())
    evidence.law_score = score_evidence(score, "law_score of the sampler");
  evidence.log_z = sampler_->log_z();
  if (const auto model = sampler_->score_model()) evidence.score_model = model_evidence(*model);
  if (const auto model = sampler_->class_model()) evidence.class_model = class_evidence(*model);
  if (const auto weights = sampler_->path_weights()) evidence.path_weights = path_evidence(*weights);
  return evidence;
}

Tensor SamplerRun::chain_evidence(const Tensor& chains) const {
  require_tensor(chains, "chains()", {kAnySize, kAnySize, dim()}, dtype());
  if (!chains.isfinite().all().item<bool>()) throw Diverged("states of the chains are not finite");
  return as_evidence(chains);
}

Tensor SamplerRun::value_evidence(const Tensor& values, const char* what,
                                  const std::vector<int64_t>& sizes) const {
  const bool finer = values.defined() && values.scalar_type() == torch::kDouble;
  return as_evidence(require_tensor(values, what, sizes, finer ? torch::kDouble : dtype()));
}

LogDensity SamplerRun::density_evidence(LogDensity log_density) const {
  return [this, log_density = std::move(log_density)](const Tensor& x) {
    return value_evidence(log_density(x.to(device_, dtype())), "log_density of the sampler", {x.size(0)});
  };
}

LawScore SamplerRun::score_evidence(LawScore score, const char* what) const {
  return [this, what, score = std::move(score)](const Tensor& x) {
    return value_evidence(score(x.to(device_, dtype())), what, x.sizes().vec());
  };
}

ScoreModel SamplerRun::model_evidence(ScoreModel model) const {
  return {.sigma = model.sigma,
          .score = score_evidence(std::move(model.score), "score of the sampler's model"),
          .noiseless_draws = [this, draws = std::move(model.noiseless_draws)](int64_t n, Rng& rng) {
            return as_evidence(
                require_tensor(draws(n, rng), fmt::format("noiseless_draws({})", n), {n, dim()}, dtype()));
          }};
}

ClassModel SamplerRun::class_evidence(ClassModel model) const {
  const auto points_of = [this](std::function<Tensor(const Tensor&, Rng&)> make, const char* what) {
    if (make)
      make = [this, what, inner = std::move(make)](const Tensor& labels, Rng& rng) {
        return value_evidence(inner(labels, rng), what, {labels.size(0), dim()});
      };
    return make;
  };
  return {.logits =
              [this, logits = std::move(model.logits)](const Tensor& x) {
                return value_evidence(logits(x.to(device_, dtype())), "logits of the sampler's classifier",
                                      {x.size(0), kAnySize});
              },
          .slope =
              [this, slope = std::move(model.slope)](const Tensor& x, const Tensor& labels) {
                return value_evidence(slope(x.to(device_, dtype()), labels.to(device_)),
                                      "slope of the sampler's classifier", x.sizes().vec());
              },
          .draws = points_of(std::move(model.draws), "draws of the sampler's classifier"),
          .ascents = points_of(std::move(model.ascents), "ascents of the sampler's classifier")};
}

PathWeights SamplerRun::path_evidence(PathWeights weights) const {
  weights.log_weights =
      value_evidence(weights.log_weights, "path weights of the sampler", {last_draws_.size(0)});
  if (weights.run_back)
    weights.run_back = [this, run_back = std::move(weights.run_back)](const Tensor& x, Rng& rng) {
      return value_evidence(run_back(x.to(device_, dtype()), rng), "weights of paths run back", {x.size(0)});
    };
  return weights;
}

}  // namespace samplerbench::harness
