// usage: chains TARGET SAMPLER WARMUP TRANSITIONS DATA OUT.npy
// Every state of the chains of SAMPLER, such as nuts:chains=100,warmup=300, on TARGET, after WARMUP
// transitions: float64 [chains, TRANSITIONS, D] in OUT.npy. Prints what both parts took, as JSON: process CPU
// seconds, and gradients per point. DATA is the data folder.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <exception>
#include <string>

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

void run(const harness::Catalog& catalog, const harness::Choice& target, const harness::Choice& sampler,
         int64_t warmup, int64_t transitions, const std::string& data, const std::string& out) {
  const targets::Problem problem =
      catalog.problem(target.name, target.options, target.label, harness::DataFolder(catalog.data, data));
  Meter meter;
  const targets::MeteredTarget metered(*problem.target, meter);
  const Rng init(1);
  Rng rng(2);
  Ledger ledger(meter);
  const auto made = catalog.sampler(sampler.name, sampler.options, sampler.label, metered, problem.reference,
                                    {.init = init, .placement = torch::dtype(torch::kDouble)});
  auto& chains = dynamic_cast<samplers::ChainSampler&>(*made);
  for (int64_t i = 0; i < warmup; ++i) made->step(rng);
  const Json warming = ledger.read();
  Tensor states = torch::empty({chains.state().size(0), transitions, problem.target->dim()}, torch::kDouble);
  for (int64_t i = 0; i < transitions; ++i) {
    made->step(rng);
    states.select(1, i).copy_(chains.state());
  }
  const Json drawing = ledger.read();
  harness::write_npy(out, states);
  fmt::print("{}\n",
             Json{{"warmup", warming}, {"draw", drawing}, {"context", harness::machine_context()}}.dump());
}

}  // namespace
}  // namespace samplerbench

int main(int argc, char** argv) {
  using namespace samplerbench;
  if (argc != 7) {
    fmt::print(stderr, "usage: {} TARGET SAMPLER WARMUP TRANSITIONS DATA OUT.npy\n", argv[0]);
    return 2;
  }
  try {
    at::set_num_threads(1);
    const auto catalog = harness::Catalog::standard();
    run(catalog, harness::choose(catalog.targets, parse_call(argv[1]), "TARGET"),
        harness::choose(catalog.samplers, parse_call(argv[2]), "SAMPLER"), std::stoll(argv[3]),
        std::stoll(argv[4]), argv[5], argv[6]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
