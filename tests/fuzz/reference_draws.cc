// Reference draws in posteriordb's form.
#include "targets/foreign/reference_draws.h"

#include "tests/fuzz/fuzz.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {R"([{"mu":[0.1,0.2,0.3,0.4],"theta[1]":[1,2,3,4]},{"mu":[1,1,2,-3.5],"theta[1]":[0,1e-3,2,4]}])",
          R"([ {"Sigma[1,2]": [1, 2, 3, 4, 5]} ])"};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const OneFile file("draws.json", text_of_input(data, size));
  expect_taken_or_refused("draws.json",
                          [&] { samplerbench::targets::read_reference_draws("draws.json", file); });
  return 0;
}
