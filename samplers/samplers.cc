#include "samplers/samplers.h"

#include "samplers/mcmc/hmc.h"
#include "samplers/mcmc/langevin.h"
#include "samplers/neural/dft.h"
#include "samplers/neural/kl.h"
#include "samplers/particle/svgd.h"

namespace samplerbench::samplers {

void add_samplers(SamplerRegistry& registry) {
  add_dft(registry);
  add_hmc(registry);
  add_kl(registry);
  add_mala(registry);
  add_svgd(registry);
  add_ula(registry);
}

}  // namespace samplerbench::samplers
