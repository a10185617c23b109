// Packed records: the lines as they are, which the reader of gzip takes too, so that mutations come to them.
#include "harness/records/packed_records.h"

#include "harness/support/gzip.h"
#include "tests/fuzz/fuzz.h"
#include "tests/harness/report_fixture.h"

namespace samplerbench::testing {

std::vector<std::string> valid_inputs() {
  const harness::FakeResults fake;
  harness::PackedRecords records;
  for (const char* sampler : {"hmc", "ula"}) {
    const harness::BeginLine begin = fake.begin("donut", sampler, 0);
    records[begin.key] = {
        .text = harness::text_of(begin) + "\n" + harness::text_of(harness::FakeResults::end()) + "\n",
        .kept = {{harness::kImagesExtension, std::string(300, '\x01')}, {harness::kDrawsExtension, ""}}};
  }
  harness::write_packed(input_folder(), records);
  const std::string packed = slurp(input_folder() / harness::kPackedName);
  return {harness::read_gzip(input_folder() / harness::kPackedName), packed};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  spit(input_folder() / samplerbench::harness::kPackedName, text_of_input(data, size));
  expect_taken_or_refused(samplerbench::harness::kPackedName,
                          [] { samplerbench::harness::read_packed(input_folder()); });
  return 0;
}
