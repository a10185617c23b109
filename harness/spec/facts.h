#pragma once

#include <string>
#include <vector>

#include "harness/records/choice.h"
#include "harness/records/reference_settings.h"
#include "metrics/metric.h"

namespace samplerbench::harness {

struct Catalog;
struct Experiment;

// What the catalog states of choices, for code that needs nothing else of it.

bool has_exact_draws(const Choice& target, const Catalog& catalog);
bool has_noise_floor(const Choice& metric, const Catalog& catalog);
metrics::Better better_of(const Choice& metric, const Catalog& catalog);
ReferenceRevisions revisions_of_reference(ReferenceBy by, const Catalog& catalog);

// Sets `timed_metrics`: the labels of metrics that the catalog states to be timed. A metric that it does not
// have is none.
void mark_timed_metrics(Experiment& experiment, const Catalog& catalog);

// Sets `display` of samplers and metrics: the name that the spec gave, else the registry's. A label that
// begins with the registered name keeps its rest ("svgd-50" is "SVGD-50"), any other label is a name of its
// own, and so is one whose registered name another entry has. A metric gets its unit, the options in its
// label and the arrow of its better direction: "KSD (IMQ) ↓".
void name_for_readers(Experiment& experiment, const Catalog& catalog);

// Sets `counted` of samplers: which metrics are shares of independent trials of a step, and of how many.
void count_trials(Experiment& experiment, const Catalog& catalog);

}  // namespace samplerbench::harness
