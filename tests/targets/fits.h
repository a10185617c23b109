#pragma once

#include <gtest/gtest.h>

#include <functional>
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

// Whether a fit that is saved after `some` of `all` steps, and goes on as another object, ends as one that was
// never stopped, and that is not where it was saved.
inline void expect_goes_on(const std::function<std::unique_ptr<targets::ModelFit>()>& make, int64_t some,
                           int64_t all) {
  const auto whole = make(), first = make(), second = make();
  train(*whole, 0, all);
  train(*first, 0, some);
  Archive archive;
  first->save(archive);
  second->load(Archive::parse(archive.serialise(), "checkpoint"));
  train(*second, some, all);
  EXPECT_EQ(whole->model().serialise(), second->model().serialise());
  EXPECT_EQ(whole->evaluate(), second->evaluate());
  EXPECT_NE(whole->model().serialise(), first->model().serialise());
  EXPECT_NE(whole->evaluate(), first->evaluate());
}

}  // namespace samplerbench::testing
