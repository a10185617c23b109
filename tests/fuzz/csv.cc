// Users' tables with a header line.
#include "targets/bayes/labelled_table.h"
#include "tests/fuzz/fuzz.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {"a,b,y\n1,2,0\n-1.5,3e2,1\n0.25,+7,1\n", "y,\"a \"\"b\"\"\"\r\nyes, 1 \r\nno,\"2\"\r\n\r\n",
          "\xef\xbb\xbfx,y\n1,-1\n2,1"};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const OneFile file("input.csv", text_of_input(data, size));
  expect_taken_or_refused("input.csv", [&] { samplerbench::targets::read_csv(file, "input.csv", "y"); });
  return 0;
}
