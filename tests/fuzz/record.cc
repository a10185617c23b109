// One record, line by line.
#include "harness/records/record.h"

#include "tests/fuzz/fuzz.h"
#include "tests/harness/report_fixture.h"

namespace samplerbench::testing {

using harness::FakeResults;

std::vector<std::string> valid_inputs() {
  const FakeResults fake;
  const std::vector<harness::Line> run{fake.begin("donut", "hmc", 3),
                                       FakeResults::checkpoint(0, {{"mmd", {0.5}}}), FakeResults::end()};
  const std::vector<harness::Line> floor{
      fake.floor_begin("donut"),
      harness::FloorLine{{{"mmd", {.mean = 1, .sd = 2, .q05 = 0.5, .q95 = 3, .replications = 9}}}, {}},
      FakeResults::end()};
  std::vector<std::string> inputs(2);
  for (const harness::Line& line : run) inputs[0] += harness::text_of(line) + "\n";
  for (const harness::Line& line : floor) inputs[1] += harness::text_of(line) + "\n";
  return inputs;
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench;
  const std::string text = testing::text_of_input(data, size);
  // What is wrong with a record is a member of it.
  testing::expect_taken_or_refused("input.jsonl", [&] {
    const harness::Record record = harness::parse_record(text);
    if (!record.is_whole())
      throw InputError(fmt::format("input.jsonl:{}: {}", record.fault_line, record.fault));
    record.disturbed();
  });
  return 0;
}
