#include "harness/reference/tempered_chains.h"

#include <algorithm>
#include <limits>

namespace samplerbench::harness {
namespace {

constexpr int64_t kShortestHistory = 2;  // the states are kept here, not in the sampler's own bounded history

samplers::ParallelTemperingSettings tempering_settings(const ReferenceSettings& settings) {
  samplers::ParallelTemperingSettings tempering{
      .powers = {}, .warmup = settings.warmup, .history = kShortestHistory};
  for (int64_t rung = 0; rung < settings.temperatures; ++rung)
    tempering.powers.push_back(static_cast<double>(rung) / static_cast<double>(settings.temperatures - 1));
  return tempering;
}

}  // namespace

TemperedChains::TemperedChains(const targets::Target& target, const ReferenceSettings& settings,
                               const Rng& rng)
    : ladders_(settings.chains / kIndependentRuns), dim_(target.dim()) {
  const samplers::ParallelTemperingSettings tempering = tempering_settings(settings);
  for (int64_t k = 0; k < kIndependentRuns; ++k) {
    const Rng own = rng.split(static_cast<uint64_t>(k));
    Rng normals = own.split("start");
    const Tensor start =
        settings.start_scale * normals.normal({settings.temperatures * ladders_, dim_}, torch::kDouble);
    runs_.push_back({own.split("scans"), std::make_unique<samplers::ParallelTempering>(
                                             target, start, settings.start_scale, tempering)});
  }
  for (Run& run : runs_)
    for (int64_t i = 0; i < settings.warmup; ++i) run.sampler->step(run.rng);
}

Tensor TemperedChains::visit(int64_t transitions, ReferencePosterior& posterior) {
  Tensor states = torch::empty({kIndependentRuns * ladders_, transitions, dim_}, torch::kDouble);
  double accept = 0;
  posterior.transitions = transitions;
  posterior.round_trips = std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < runs_.size(); ++k) {
    Run& run = runs_[k];
    const Tensor own = states.narrow(0, static_cast<int64_t>(k) * ladders_, ladders_);
    const int64_t trips = run.sampler->round_trips();
    for (int64_t i = 0; i < transitions; ++i) {
      accept += run.sampler->step(run.rng).at("accept").get<double>();
      own.select(1, i).copy_(run.sampler->state());
    }
    posterior.round_trips = std::min(
        posterior.round_trips,
        static_cast<double>(run.sampler->round_trips() - trips) / static_cast<double>(ladders_));
  }
  posterior.accept = accept / static_cast<double>(transitions * kIndependentRuns);
  posterior.usage.steps += transitions;
  return states;
}

}  // namespace samplerbench::harness
