// Data of Stan models.
#include "targets/foreign/stan_data.h"

#include "tests/fuzz/fuzz.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {R"({"J": 8, "y": [28, 8, -3], "sigma": [15.5, NaN, -Infinity], "name \"NaN": "Inf"})",
          R"({"X": [[1, 2], [3, 4]], "z": [1.5, 0.25]})", "{}"};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const OneFile file("data.json", text_of_input(data, size));
  expect_taken_or_refused("data.json", [&] { samplerbench::targets::read_stan_data("data.json", file); });
  return 0;
}
