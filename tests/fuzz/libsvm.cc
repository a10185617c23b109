// LIBSVM's sparse text.
#include "targets/bayes/libsvm_text.h"

#include "tests/fuzz/fuzz.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {"+1 1:1 3:2 # first\n-1 3:2\n\t-1  2:4   3:2\r\n1 1:2", "2\n1 4:3e-3\n", "0 1:1\n1 1000:-2\n"};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  constexpr int64_t kMostValues = 1 << 22;  // an input of a few bytes may announce as many as are allowed
  const OneFile file("input.svm", text_of_input(data, size));
  expect_taken_or_refused("input.svm",
                          [&] { samplerbench::targets::read_libsvm(file, "input.svm", kMostValues); });
  return 0;
}
