// NumPy's files: draws, and grey levels of images.
#include "harness/support/npy.h"

#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  const std::filesystem::path file = input_folder() / "valid.npy";
  std::vector<std::string> inputs;
  for (const Tensor& values :
       {torch::arange(6, torch::kDouble).reshape({3, 2}), torch::zeros({0, 3}, torch::kFloat),
        torch::ones({2, 1, 2}, torch::kFloat), torch::full({2, 3, 4}, 200, torch::kByte)}) {
    harness::write_npy(file, values);
    inputs.push_back(slurp(file));
  }
  return inputs;
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const std::string bytes = text_of_input(data, size);
  const std::filesystem::path file = input_folder() / "input.npy";
  spit(file, bytes);
  expect_taken_or_refused(file.string(), [&] {
    if (bytes.find("|u1") == std::string::npos)
      samplerbench::harness::read_npy(file);
    else
      samplerbench::harness::read_npy_bytes(file);
  });
  return 0;
}
