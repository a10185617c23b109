#include "harness/command_line.h"
#include "misbehaving.h"
#include "random_walk.h"

int main(int argc, char** argv) {
  auto catalog = harness::Catalog::standard();
  catalog.samplers.add({.name = "random-walk",
                        .summary = "random-walk Metropolis",
                        .citation = "Metropolis et al. 1953",
                        .facts = samplers::DrawsAre::chains,
                        .options = {Option::real("scale", 0.5, "standard deviation of a proposal").above(0)},
                        .make = [](const auto& input) { return std::make_unique<RandomWalk>(input); }});
  misbehaving::add(catalog);
  return harness::run_command_line(argc, argv, catalog);
}
