// usage: chains TARGET SAMPLER WARMUP TRANSITIONS DATA OUT.npy [SEED]
//        chains TARGET SAMPLER DIAGNOSTIC=VALUE DRAWS DATA OUT.npy [SEED]
// The first: every state of the chains of SAMPLER, such as nuts:chains=100,warmup=300, on TARGET, after
// WARMUP transitions: float64 [chains, TRANSITIONS, D] in OUT.npy. The second, for a sampler that comes to an
// end: steps until that diagnostic has that value, such as passes=1, then float64 [DRAWS, D]. Both print what
// their two parts took, as JSON: process CPU seconds, and gradients per point. The second prints the
// diagnostics of the last step too, and the ELBO of the draws where the sampler knows their density. DATA is
// the data folder, SEED a whole number from 1 on, 1 by default.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <memory>
#include <string>

#include "core/error.h"
#include "harness/data/data_folder.h"
#include "harness/run/context.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/support/clock.h"
#include "harness/support/npy.h"
#include "samplers/mcmc/chain_sampler.h"
#include "targets/metered_target.h"

namespace samplerbench {
namespace {

// Clock and meter since the last reading.
class Ledger {
 public:
  explicit Ledger(Meter& meter) : meter_(meter) {}

  Json read() {
    const double began = since_;
    since_ = harness::cpu_seconds();
    return {{"cpu_s", since_ - began}, {"gradients", meter_.score.exchange(0)}};
  }

 private:
  Meter& meter_;
  double since_ = harness::cpu_seconds();
};

// What to sample, and how much.
struct Task {
  std::string until;  // a number of transitions, or DIAGNOSTIC=VALUE
  int64_t count;      // transitions or draws after that
  std::string data;
  std::string out;
  uint64_t seed;
};

// The states of `transitions` transitions: [C, transitions, D].
Tensor next_states(samplers::ChainSampler& chains, int64_t transitions, Rng& rng) {
  Tensor states = torch::empty({chains.state().size(0), transitions, chains.state().size(1)}, torch::kDouble);
  for (int64_t i = 0; i < transitions; ++i) {
    chains.step(rng);
    states.select(1, i).copy_(chains.state());
  }
  return states;
}

Json with_states(samplers::ChainSampler& chains, const Task& task, Ledger& ledger, Rng& rng) {
  const int64_t warmup = std::stoll(task.until);
  for (int64_t i = 0; i < warmup; ++i) chains.step(rng);
  const Json warming = ledger.read();
  const Tensor states = next_states(chains, task.count, rng);
  const Json drawing = ledger.read();
  harness::write_npy(task.out, states);
  return {{"warmup", warming}, {"draw", drawing}};
}

// Steps until the diagnostic `name` is `value`. Returns the diagnostics of the last step.
Json step_until(samplers::Sampler& sampler, const std::string& name, double value, Rng& rng) {
  while (true) {
    const Json diagnostics = sampler.step(rng);
    if (!diagnostics.contains(name)) throw InputError("a step of this sampler has no diagnostic " + name);
    if (diagnostics.at(name).get<double>() == value) return diagnostics;
  }
}

// The mean of log q - log p over draws of p, [N, D], and its standard error. `law` is log p.
Json elbo_of(const targets::Target& target, const LogDensity& law, const Tensor& draws) {
  torch::NoGradGuard no_grad;
  const Tensor gaps = target.log_density(draws).to(torch::kDouble) - law(draws).to(torch::kDouble);
  const double error = gaps.std().item<double>() / std::sqrt(static_cast<double>(gaps.size(0)));
  return {{"mean", number_to_json(gaps.mean().item<double>())}, {"standard_error", number_to_json(error)}};
}

Json with_draws(samplers::Sampler& sampler, const targets::Target& target, const Task& task, Ledger& ledger,
                Rng& rng) {
  const size_t equals = task.until.find('=');
  const Json diagnostics =
      step_until(sampler, task.until.substr(0, equals), std::stod(task.until.substr(equals + 1)), rng);
  const Json stepping = ledger.read();
  const Tensor draws = sampler.draw(task.count, rng).contiguous();
  Json told{{"warmup", stepping}, {"draw", ledger.read()}, {"diagnostics", diagnostics}};
  harness::write_npy(task.out, draws);
  if (const LogDensity law = sampler.log_density()) told["elbo"] = elbo_of(target, law, draws);
  return told;
}

void run(const harness::Catalog& catalog, const harness::Choice& target, const harness::Choice& sampler,
         const Task& task) {
  const targets::Problem problem = catalog.problem(target.name, target.options, target.label,
                                                   harness::DataFolder(catalog.data, task.data));
  Meter meter;
  const targets::MeteredTarget metered(*problem.target, meter);
  const Rng init(2 * task.seed - 1);
  Rng rng(2 * task.seed);
  const auto make = [&] {
    return catalog.sampler(sampler.name, sampler.options, sampler.label, metered, problem.reference,
                           {.init = init, .placement = torch::dtype(torch::kDouble)});
  };
  Ledger ledger(meter);
  Rng other(0);
  make()->step(other);  // what a process does once is no part of a sampler's time
  ledger.read();
  const std::unique_ptr<samplers::Sampler> made = make();
  Json told = task.until.find('=') == std::string::npos
                  ? with_states(dynamic_cast<samplers::ChainSampler&>(*made), task, ledger, rng)
                  : with_draws(*made, *problem.target, task, ledger, rng);
  told["context"] = harness::machine_context();
  fmt::print("{}\n", told.dump());
}

}  // namespace
}  // namespace samplerbench

int main(int argc, char** argv) {
  using namespace samplerbench;
  if (argc != 7 && argc != 8) {
    fmt::print(stderr, "usage: {} TARGET SAMPLER WARMUP|DIAGNOSTIC=VALUE COUNT DATA OUT.npy [SEED]\n",
               argv[0]);
    return 2;
  }
  try {
    at::set_num_threads(1);
    const auto catalog = harness::Catalog::standard();
    run(catalog, harness::choose(catalog.targets, parse_call(argv[1]), "TARGET"),
        harness::choose(catalog.samplers, parse_call(argv[2]), "SAMPLER"),
        {.until = argv[3],
         .count = std::stoll(argv[4]),
         .data = argv[5],
         .out = argv[6],
         .seed = argc == 8 ? std::stoull(argv[7]) : 1});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
