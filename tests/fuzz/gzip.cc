// Files that may be compressed, and the compressed files within packed records.
#include "harness/support/gzip.h"

#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {harness::gzipped("some text, some text, some text\n"),
          harness::gzipped("") + harness::gzipped("two members"), harness::gzipped(std::string(5000, 'a')),
          "no gzip", harness::packed_text("some bytes"), harness::packed_text(std::string(3000, '\0'))};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const std::string bytes = text_of_input(data, size);
  if (size > 0 && data[0] >= '0' && data[0] <= '9') {
    // It is part of a line, which the reader of packed records names.
    expect_taken_or_refused("", [&] { samplerbench::harness::unpacked_bytes(bytes); });
    return 0;
  }
  const std::filesystem::path file = input_folder() / "input.gz";
  spit(file, bytes);
  expect_taken_or_refused(file.string(), [&] { samplerbench::harness::read_gzip(file); });
  return 0;
}
