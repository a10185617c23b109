#pragma once

#include <string>
#include <vector>

#include "harness/records/choice.h"

namespace samplerbench::harness {

struct Catalog;

// What the catalog states of choices, for code that needs nothing else of it.

bool has_exact_draws(const Choice& target, const Catalog& catalog);
bool has_noise_floor(const Choice& metric, const Catalog& catalog);
int revision_of_nuts(const Catalog& catalog);

}  // namespace samplerbench::harness
