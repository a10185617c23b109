// Files of MNIST: images in three dimensions, labels in one.
#include "targets/energy/idx_file.h"

#include "tests/fuzz/fuzz.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03", 16) + std::string(12, '\x7f'),
          std::string("\0\0\x08\x01\0\0\0\x04\x01\x02\x03\x04", 12)};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const OneFile file("input.idx", text_of_input(data, size));
  const int64_t dimensions = size > 3 && data[3] == 1 ? 1 : 3;
  expect_taken_or_refused("input.idx",
                          [&] { samplerbench::targets::read_idx(file, "input.idx", dimensions); });
  return 0;
}
