#include "samplers/samplers.h"

#include "samplers/diffusion/cmcd.h"
#include "samplers/diffusion/ddpm.h"
#include "samplers/diffusion/dds.h"
#include "samplers/diffusion/dis.h"
#include "samplers/diffusion/osds.h"
#include "samplers/diffusion/pis.h"
#include "samplers/exact_oracle.h"
#include "samplers/foreign/torchscript_generator.h"
#include "samplers/learners/aligned_classifier.h"
#include "samplers/learners/ddpm_from_samples.h"
#include "samplers/learners/ebflow.h"
#include "samplers/learners/erm_choice.h"
#include "samplers/mcmc/annealed_hmc.h"
#include "samplers/mcmc/annealed_langevin.h"
#include "samplers/mcmc/chees.h"
#include "samplers/mcmc/hmc.h"
#include "samplers/mcmc/langevin.h"
#include "samplers/mcmc/microcanonical.h"
#include "samplers/mcmc/nuts.h"
#include "samplers/neural/dft.h"
#include "samplers/neural/fisher.h"
#include "samplers/neural/kl.h"
#include "samplers/neural/sliced_wasserstein_oracle.h"
#include "samplers/neural/stein_critic.h"
#include "samplers/neural/stein_ksd.h"
#include "samplers/particle/annealed_particles.h"
#include "samplers/particle/parallel_tempering.h"
#include "samplers/particle/svgd.h"
#include "samplers/start.h"
#include "samplers/variational/coupling_flow.h"
#include "samplers/variational/dsvi.h"
#include "samplers/variational/fab.h"
#include "samplers/variational/gmmvi.h"
#include "samplers/variational/normal_law.h"
#include "samplers/variational/pathfinder.h"

namespace samplerbench::samplers {

void add_samplers(SamplerRegistry& registry) {
  add_ais(registry);
  add_aligned_classifier(registry);
  add_annealed_hmc(registry);
  add_annealed_langevin(registry);
  add_chees(registry);
  add_cmcd(registry);
  add_coupling_flow(registry);
  add_ddpm(registry);
  add_ddpm_from_samples(registry);
  add_dds(registry);
  add_dft(registry);
  add_dis(registry);
  add_dsvi(registry);
  add_ebflow(registry);
  add_erm_choice(registry);
  add_exact_oracle(registry);
  add_fab(registry);
  add_fisher(registry);
  add_gmmvi(registry);
  add_hmc(registry);
  add_kl(registry);
  add_mala(registry);
  add_mams(registry);
  add_mclmc(registry);
  add_normal_laws(registry);
  add_nuts(registry);
  add_osds(registry);
  add_parallel_tempering(registry);
  add_pathfinder(registry);
  add_pis(registry);
  add_sgld(registry);
  add_sliced_wasserstein_oracle(registry);
  add_smc(registry);
  add_start(registry);
  add_stein_critic(registry);
  add_stein_ksd(registry);
  add_svgd(registry);
  add_torchscript_generator(registry);
  add_ula(registry);
}

}  // namespace samplerbench::samplers
