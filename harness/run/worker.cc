#include "harness/run/worker.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include <optional>

#include "harness/records/kept_files.h"
#include "harness/records/kept_images.h"
#include "harness/reference/reference_record.h"
#include "harness/run/context.h"
#include "harness/run/judged_problem.h"
#include "harness/run/sampler_run.h"
#include "harness/support/clock.h"
#include "harness/support/files.h"
#include "harness/support/memory_limit.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kSampleSize = 400;  // draws kept in a record for scatter plots

// First two coordinates of up to `kSampleSize` draws, four significant digits.
Points sample_of(const Tensor& draws) {
  const Tensor some = draws.slice(0, 0, kSampleSize).slice(1, 0, 2).contiguous();
  const auto rounded = [&](int64_t i, int64_t j) {
    return std::stod(fmt::format("{:.4g}", some[i][j].item<double>()));
  };
  Points sample;
  for (int64_t i = 0; i < some.size(0); ++i)
    sample.push_back({rounded(i, 0), some.size(1) > 1 ? rounded(i, 1) : 0.0});
  return sample;
}

// Adds something to look at, where there are draws: images beside the record, else a few points.
void show_draws(EndLine& end, const Tensor& draws, const targets::Problem& problem,
                const std::filesystem::path& record) {
  if (!draws.defined()) return;
  if (problem.reference.images)
    end.images = keep_images(draws, *problem.reference.images, record);
  else
    end.sample = sample_of(draws);
}

// Nothing where the spec keeps none of this kind, and of a program, whose state is its own.
std::optional<KeptFile> keep_sampler(const samplers::Sampler& sampler, const WorkOrder& order) {
  if (order.job.work.sampler->program) return std::nullopt;
  if (order.keep == Keep::none || (order.keep == Keep::trained && sampler.chains())) return std::nullopt;
  Archive archive;
  sampler.save(archive);
  const std::string bytes = archive.serialise();
  write_atomically(beside(order.record(), kSamplerExtension), bytes);
  return KeptFile::of(bytes);
}

EndLine work_on_run(const WorkOrder& order, const Catalog& catalog, const RecordLines& record,
                    double started) {
  std::optional<SamplerRun> run;
  std::optional<KeptFile> sampler;
  Ending ending;
  try {
    run.emplace(order, catalog, started);
    record.append(begin_line(order, run->conventions(), run->dim()));
    ending = run->carry_out(record);
    if (ending.status == Status::finished) sampler = keep_sampler(*run->sampler(), order);
  } catch (const std::exception& error) {
    if (!run) record.append(begin_line(order));
    ending = ending_of(error, order.limits);
  }
  EndLine end = end_line(ending, started);
  end.sampler = sampler;
  if (!run) return end;
  end.disturbed = run->disturbed();
  end.program = run->program();
  if (end.program) end.peak_memory_mib += end.program->peak_memory_mib;
  // What stands beside a record that stays is not touched.
  if (ending.status == Status::finished || !order.only_if_finished)
    show_draws(end, run->last_draws(), run->problem(), order.record());
  return end;
}

EndLine work_on_floor(const WorkOrder& order, const Catalog& catalog, const RecordLines& record,
                      double started) {
  const Work& work = order.job.work;
  std::optional<targets::Problem> problem;
  Ending ending{Status::finished, "replications"};
  Tensor draws;
  try {
    const std::vector<Measure> measures = make_measures(*work.metrics, catalog);
    problem = make_judged_problem(order.job, catalog, order.results, order.data);
    const Rng rng = stream_of_target(work, 0).split("floor");
    record.append(begin_line(order, conventions(measures), problem->target->dim()));
    record.append(noise_floor(measures, *problem, *work.draws, *work.replications, rng));
    Rng sample = rng.split("sample");
    if (problem->reference.exact_draws) draws = problem->reference.exact_draws(*work.draws, sample);
  } catch (const std::exception& error) {
    if (!problem) record.append(begin_line(order));
    ending = ending_of(error, order.limits);
  }
  EndLine end = end_line(ending, started);
  if (problem) show_draws(end, draws, *problem, order.record());
  return end;
}

EndLine work_on_reference(const WorkOrder& order, const Catalog& catalog, const RecordLines& record,
                          double started) {
  const Work& work = order.job.work;
  const Rng rng = stream_of_target(work, *work.seed).split("reference posterior");
  std::optional<targets::Problem> problem;
  Ending ending;
  try {
    problem = make_problem(work, catalog, order.data);
    record.append(begin_line(order, {}, problem->target->dim()));
    const auto& model = problem->reference.parameters;
    const ReferencePosterior posterior =
        reference_posterior(*problem->target, *work.settings, rng,
                            model ? model->values : std::function<Tensor(const Tensor&)>());
    const ReferenceLine line = keep_reference(posterior, *work.settings, order.record());
    record.append(line);
    ending = {Status::finished, reference_words(line)};
  } catch (const std::exception& error) {
    if (!problem) record.append(begin_line(order));
    ending = ending_of(error, order.limits);
  }
  return end_line(ending, started);
}

EndLine work_on(const WorkOrder& order, const Catalog& catalog, const RecordLines& record, double started) {
  switch (order.job.kind()) {
    case JobKind::floor:
      return work_on_floor(order, catalog, record, started);
    case JobKind::reference:
      return work_on_reference(order, catalog, record, started);
    case JobKind::run:
      break;
  }
  return work_on_run(order, catalog, record, started);
}

}  // namespace

void work(const WorkOrder& order, const Catalog& catalog, const RecordLines& record) {
  const double started = steady_seconds();
  set_threads(order.job.work.threads);
  // Far-off states and their activations are full of subnormal numbers, which slow arithmetic a hundredfold.
  at::globalContext().setFlushDenormal(true);
  warm_up_blas(order.job.work.threads);
  EndLine end;
  {
    const MemoryLimit limit(order.limits.memory_mib);
    end = work_on(order, catalog, record, started);
  }
  record.append(end);
}

}  // namespace samplerbench::harness
