#include "samplers/exact_oracle.h"

#include "core/error.h"
#include "samplers/even_choice.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kMostRounds = 10000;  // batches of exact draws in search of a rare mode

targets::Reference reference_of(const SamplerInput& input) {
  if (input.reference == nullptr || !input.reference->exact_draws)
    throw InputError("exact-oracle needs a target with exact draws");
  return *input.reference;
}

}  // namespace

ExactOracle::ExactOracle(const SamplerInput& input, const ExactOracleSettings& settings)
    : reference_(reference_of(input)), settings_(settings), placement_(input.placement) {
  const bool knows_modes = reference_.modes && reference_.modes->weights.numel() >= 2;
  if (settings.first_mode_weight >= 0 && !knows_modes)
    throw InputError("option 'first_mode_weight' needs a target with at least two known modes");
  Rng rng = input.init.split("pool");
  pool_ = fresh_pool(rng);
}

Tensor ExactOracle::mode_weights() const {
  Tensor weights = reference_.modes->weights.clone();
  const double rest = weights.slice(0, 1).sum().item<double>();
  weights.slice(0, 1).mul_((1 - settings_.first_mode_weight) / rest);
  weights[0] = settings_.first_mode_weight;
  return weights;
}

// Every row's mode is drawn by the weights asked for, then filled with an exact draw of that mode.
Tensor ExactOracle::fresh_pool(Rng& rng) const {
  if (settings_.first_mode_weight < 0) return reference_.exact_draws(settings_.pool, rng).to(placement_);
  const Tensor steps = mode_weights().cumsum(0).slice(0, 0, -1).contiguous();
  const Tensor wanted =
      torch::searchsorted(steps, rng.uniform({settings_.pool}, torch::kDouble), false, true);
  Tensor pool;
  Tensor missing = torch::ones({settings_.pool}, torch::kBool);
  for (int64_t round = 0; round < kMostRounds; ++round) {
    const Tensor draws = reference_.exact_draws(settings_.pool, rng);
    if (!pool.defined()) pool = torch::empty_like(draws);
    const Tensor modes = reference_.modes->assign(draws);
    for (int64_t mode = 0; mode < reference_.modes->weights.size(0); ++mode) {
      const Tensor rows = missing.logical_and(wanted == mode).nonzero().squeeze(1);
      const Tensor found = (modes == mode).nonzero().squeeze(1);
      const int64_t count = std::min(rows.size(0), found.size(0));
      if (count == 0) continue;
      pool.index_copy_(0, rows.slice(0, 0, count), draws.index_select(0, found.slice(0, 0, count)));
      missing.index_fill_(0, rows.slice(0, 0, count), false);
    }
    if (!missing.any().item<bool>()) return pool.to(placement_);
  }
  throw InputError("exact-oracle found no exact draws of a mode");
}

Json ExactOracle::step(Rng& rng) {
  pool_ = fresh_pool(rng);
  return Json::object();
}

Tensor ExactOracle::draw(int64_t n, Rng& rng) {
  return pool_.index_select(0, even_choice(n, pool_.size(0), rng).to(pool_.device()));
}

void ExactOracle::save(Archive& archive) const { archive.put("pool", pool_); }

void ExactOracle::load(const Archive& archive) {
  const Tensor saved = archive.get("pool");
  if (saved.dim() != 2 || saved.size(0) < 1 || saved.size(1) != pool_.size(1))
    throw InputError("the saved pool is not of this sampler and target");
  pool_ = saved.to(pool_.options());
}

void add_exact_oracle(SamplerRegistry& registry) {
  registry.add(
      {.name = "exact-oracle",
       .summary = "exact draws, whose modes may be given wrong weights: shows what metrics see of that",
       .citation = "a choice of this suite",
       .facts = {"Exact draws", DrawsAre::trained, Information::truth},
       .options = {Option::real("first_mode_weight", -1,
                                "probability of the target's first mode; -1 for the target's own")
                       .at_least(0)
                       .at_most(1)
                       .or_just(-1),
                   Option::integer("pool", 10000, "exact draws held, renewed at every step").at_least(1)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<ExactOracle>(
             input, ExactOracleSettings{.first_mode_weight = input.options.real("first_mode_weight"),
                                        .pool = input.options.integer("pool")});
       }});
}

}  // namespace samplerbench::samplers
