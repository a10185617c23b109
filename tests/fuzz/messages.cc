// What a user's program says to the suite: harness/run/PROTOCOL.md.
#include "harness/run/message.h"

#include <algorithm>
#include <span>
#include <string>

#include "harness/run/message_array.h"
#include "harness/spec/contract.h"
#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {
namespace {

// Thrown where no more bytes come.
struct NothingLeft {};

std::string written(const Json& header, const std::string& bytes = "") {
  std::string all;
  harness::write_message(header, bytes,
                         [&](std::span<const char> piece) { all.append(piece.begin(), piece.end()); });
  return all;
}

// Reads all messages, as the suite does with one that has draws, and with members of other messages.
void read_all_messages(const std::string& bytes) {
  size_t at = 0;
  harness::MessageReader reader([&](char* into, size_t most) {
    const size_t n = std::min({most, bytes.size() - at, size_t{977}});
    if (n == 0) throw NothingLeft();
    std::copy_n(bytes.data() + at, n, into);
    at += n;
    return n;
  });
  const std::string shared(64, 's');
  try {
    while (true) {
      const harness::Message message = reader.next(shared);
      message.whole_number("score", 0, 1000000);
      message.text_or("message", "");
      message.flag("chains");
      if (message.type == "draws") harness::tensor_of(message, {harness::kAnySize, 2}, torch::kFloat);
    }
  } catch (const NothingLeft&) {
  } catch (const harness::BadMessage& fault) {
    throw InputError(std::string("the answer ") + fault.what());
  }
}

}  // namespace

std::vector<std::string> valid_inputs() {
  const Json hello{{"type", "hello"}, {"name", "a"}, {"options", {"step_size"}}, {"chains", true},
                   {"score", 0}};
  const Json done{{"type", "done"}, {"score", 12}, {"diagnostics", {{"accept", 0.5}}}};
  const Json draws{{"type", "draws"}, {"score", 1}, {"shape", {3, 2}}, {"dtype", "float32"}};
  const Json failed{{"type", "failed"}, {"score", 2}, {"message", "no reason"}};
  const Json shared{{"type", "score"}, {"score", 3}, {"memory", true}, {"bytes", 16}};
  return {written(hello) + written(done), written(draws, std::string(24, 'd')) + written(failed),
          written(shared)};
}

}  // namespace samplerbench::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace samplerbench::testing;
  const std::string bytes = text_of_input(data, size);
  expect_taken_or_refused("the answer", [&] { read_all_messages(bytes); });
  return 0;
}
