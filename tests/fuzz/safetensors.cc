// Saved samplers and models.
#include "core/archive.h"
#include "core/safetensors.h"
#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  return {to_safetensors({{"weights", torch::arange(6, torch::kFloat).reshape({2, 3})},
                          {"steps", torch::tensor(int64_t{7})},
                          {"mask", torch::zeros({0, 4}, torch::kBool)}}),
          to_safetensors({})};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const std::string bytes = text_of_input(data, size);
  expect_taken_or_refused("input.safetensors",
                          [&] { samplerbench::Archive::parse(bytes, "input.safetensors"); });
  return 0;
}
