// What stands in a results folder beside its records: experiment.json.
#include "harness/report/analysis/results.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  const harness::Catalog catalog = harness::Catalog::standard();
  std::vector<std::string> inputs;
  for (const char* name : {"smoke", "blr-smoke"})
    inputs.push_back(to_json(harness::load_experiment(name, catalog)).dump());
  return inputs;
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const std::filesystem::path file = input_folder() / "experiment.json";
  spit(file, text_of_input(data, size));
  expect_taken_or_refused(file.string(),
                          [] { samplerbench::harness::reporting::read_results(input_folder()); });
  return 0;
}
