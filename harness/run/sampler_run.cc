#include "harness/run/sampler_run.h"

#include <algorithm>
#include <cmath>

#include "harness/run/judged_problem.h"
#include "harness/support/timed.h"
#include "targets/laplace.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kWarmUpDraws = 256;  // of a sampler that does all its work in draw()

}  // namespace

SamplerRun::SamplerRun(const WorkOrder& order, const Catalog& catalog)
    : work_(order.job.work),
      catalog_(catalog),
      problem_(make_judged_problem(order.job, catalog, order.results, order.data)),
      measures_(make_measures(work_.metrics, catalog)),
      budget_(work_.budget.value()),
      device_(work_.device.value()),
      stream_(stream_of_target(work_, work_.seed.value())) {}

Ending SamplerRun::carry_out(RecordFile& record) {
  try {
    if (budget_.data_passes && problem_.target->data_share() == 0)
      throw InputError("the budget counts passes over the data, and this target has none");
    warm_up();
    see_target();
    sampler_ = make_sampler(*seen_);
    return loop(record);
  } catch (const Diverged& error) {
    return {Status::diverged, brief(error)};
  } catch (const InputError& error) {
    return {Status::skipped, brief(error)};
  }
}

torch::ScalarType SamplerRun::dtype() const {
  return work_.dtype == "float64" ? torch::kDouble : torch::kFloat;
}

void SamplerRun::see_target() {
  {
    const Timed timed(spent_, device_);
    seen_ = seen_target(meter_, stream_);
  }
  read_meter(spent_);
}

std::unique_ptr<const targets::Target> SamplerRun::seen_target(Meter& meter, const Rng& rng) const {
  auto metered = std::make_unique<targets::MeteredTarget>(*problem_.target, meter);
  if (work_.minibatch == 0) return metered;
  const Tensor centre = work_.control_variates ? targets::laplace_fit(*metered).mode : Tensor();
  return std::make_unique<targets::MinibatchedTarget>(std::move(metered), work_.minibatch,
                                                      rng.split("minibatch"), centre);
}

std::unique_ptr<samplers::Sampler> SamplerRun::make_sampler(const targets::Target& target) const {
  const Choice& sampler = *work_.sampler;
  const Rng init = stream_.split("init");
  return catalog_.sampler(sampler.name, sampler.options, "sampler " + sampler.name, problem_, target,
                          {.init = init,
                           .placement = torch::TensorOptions().dtype(dtype()).device(device_),
                           .planned_steps = budget_.steps.value_or(0),
                           .start_scale = *work_.start_scale});
}

void SamplerRun::warm_up() const {
  Meter meter;
  Rng rng = stream_.split("warm-up");
  const auto target = seen_target(meter, rng);
  const auto sampler = make_sampler(*target);
  sampler->step(rng);
  const bool fresh = catalog_.samplers.at(work_.sampler->name).facts.draws == samplers::DrawsAre::fresh;
  sampler->draw(fresh ? std::min(*work_.draws, kWarmUpDraws) : *work_.draws, rng);
}

Ending SamplerRun::loop(RecordFile& record) {
  Rng rng = stream_.split("sampler");
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
      const Timed timed(spent_, device_);
      diagnostics = sampler_->step(rng);
    }
    ++spent_.steps;
    read_meter(spent_);
    const auto reached = budget_.reached(spent_);
    if (reached || due(index)) {
      record.append(checkpoint(index, diagnostics));
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
}

CheckpointLine SamplerRun::checkpoint(int64_t index, const Json& diagnostics) {
  CheckpointLine line{.index = index, .progress = std::min(1.0, budget_.spent(spent_)), .train = spent_};
  line.draw.n = *work_.draws;
  last_draws_ = timed_draws(line.draw);
  if (!last_draws_.isfinite().all().item<bool>()) throw Diverged("draws are not finite");
  line.metrics = judge(measures_, evidence(), stream_.split("evaluate"));
  for (const auto& [name, value] : diagnostics.items())
    line.diagnostics[name] = value.is_number() ? number_to_json(value.get<double>()) : value;
  return line;
}

Tensor SamplerRun::timed_draws(DrawUsage& usage) {
  Rng rng = stream_.split("draw");
  Tensor draws;
  {
    const Timed timed(usage, device_);
    draws = sampler_->draw(usage.n, rng);
  }
  read_meter(usage);
  return as_evidence(draws);
}

metrics::Evidence SamplerRun::evidence() const {
  metrics::Evidence evidence{.problem = problem_, .draws = last_draws_, .usage = spent_};
  if (problem_.reference.exact_draws) {
    Rng rng = stream_.split("reference");
    evidence.reference = problem_.reference.exact_draws(last_draws_.size(0), rng);
  }
  if (const auto chains = sampler_->chains()) evidence.chains = as_evidence(*chains);
  if (const auto log_density = sampler_->log_density()) evidence.log_density = as_evidence(log_density);
  if (const auto model = sampler_->score_model())
    evidence.score_model = {.sigma = model->sigma,
                            .score = as_evidence(model->score),
                            .noiseless_draws = [draws = model->noiseless_draws](int64_t n, Rng& rng) {
                              return harness::as_evidence(draws(n, rng));
                            }};
  return evidence;
}

std::function<Tensor(const Tensor&)> SamplerRun::as_evidence(
    std::function<Tensor(const Tensor&)> function) const {
  return [this, function = std::move(function)](const Tensor& x) {
    return harness::as_evidence(function(x.to(device_, dtype())));
  };
}

}  // namespace samplerbench::harness
