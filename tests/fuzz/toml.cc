// Specs of experiments and of fits.
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/spec/fit_spec.h"
#include "harness/support/builtin.h"
#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {
namespace {

const harness::Catalog& standard_catalog() {
  static const harness::Catalog catalog = harness::Catalog::standard();
  return catalog;
}

}  // namespace

std::vector<std::string> valid_inputs() {
  std::vector<std::string> inputs;
  for (const char* name : {"smoke", "quick", "blr-smoke", "images-smoke"})
    inputs.push_back(harness::builtin_experiments().at(name));
  inputs.push_back(harness::builtin_fits().at("strokes-energy"));
  return inputs;
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const std::string text = text_of_input(data, size);
  // What a spec is like may stand in another file.
  expect_taken_or_refused(".toml", [&] {
    if (text.find("\nfit = ") == std::string::npos)
      samplerbench::harness::parse_experiment(text, "input.toml", standard_catalog());
    else
      samplerbench::harness::parse_fit_spec(text, "input.toml", standard_catalog());
  });
  return 0;
}
