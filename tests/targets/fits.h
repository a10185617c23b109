#pragma once

#include <memory>
#include <string>

#include "targets/energy/model_fits.h"

namespace samplerbench::testing {

// The registered fit of that name on embedded data.
inline std::unique_ptr<targets::ModelFit> make_fit(const std::string& name, const Json& options,
                                                   int64_t steps) {
  targets::ModelFitRegistry fits("fit");
  targets::add_model_fits(fits);
  const auto& entry = fits.at(name);
  const Options resolved(entry.options, options, "fit");
  const Rng init(1);
  return entry.make(
      {.options = resolved, .files = targets::no_data_files(), .init = init, .planned_steps = steps});
}

// The steps `from` to `to` - 1, each with a stream of its own, as `samplerbench fit` makes them. Returns what
// the last one told.
inline Json train(targets::ModelFit& fit, int64_t from, int64_t to) {
  Json told;
  for (int64_t step = from; step < to; ++step) {
    Rng rng = Rng(2).split(static_cast<uint64_t>(step));
    told = fit.step(rng);
  }
  return told;
}

}  // namespace samplerbench::testing
