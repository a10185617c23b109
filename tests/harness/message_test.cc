// How messages are taken from bytes and become bytes, whichever pieces these come in.
#include "harness/run/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/support/memory_limit.h"

namespace samplerbench::harness {
namespace {

using ::testing::HasSubstr;

// What the BadMessage says that `act` throws; empty where it throws none.
std::string fault_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const BadMessage& fault) {
    return fault.what();
  }
  return "";
}

// Thrown where no more bytes come.
struct NothingLeft : std::runtime_error {
  NothingLeft() : std::runtime_error("nothing left") {}
};

// Hands out `bytes` in pieces of that size.
MessageReader reader_of(const std::string& bytes, size_t piece) {
  const auto at = std::make_shared<size_t>(0);
  return MessageReader([bytes, piece, at](char* into, size_t most) {
    const size_t n = std::min({piece, most, bytes.size() - *at});
    if (n == 0) throw NothingLeft();
    std::copy_n(bytes.data() + *at, n, into);
    *at += n;
    return n;
  });
}

std::string text_of_bytes(const Message& message) { return {message.bytes.begin(), message.bytes.end()}; }

class Pieces : public ::testing::TestWithParam<size_t> {};

TEST_P(Pieces, MessagesArriveWhole) {
  const std::string array(70000, '\n');  // bytes of an array are no ends of lines
  const std::string first = R"({"type": "one", "bytes": 70000})", second = R"({"type": "two", "n": 3})";
  MessageReader reader = reader_of(first + "\n" + array + second + "\n", GetParam());
  const Message one = reader.next(), two = reader.next();
  EXPECT_EQ(one.type, "one");
  EXPECT_EQ(text_of_bytes(one), array);
  EXPECT_EQ(two.type, "two");
  EXPECT_TRUE(two.bytes.empty());
  EXPECT_EQ(two.whole_number("n", 0, 3), 3);
  EXPECT_EQ(reader.waiting(), "");
  EXPECT_THROW(reader.next(), NothingLeft);
}

TEST_P(Pieces, AWrongLineIsRefusedAndTheNextIsTaken) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"what?", "cannot be read: not JSON"},
      {"", "cannot be read"},
      {"[1]", "is no object with a 'type', a text: [1]"},
      {R"({"type": 1})", "is no object with a 'type'"},
      {R"({"type": "a", "bytes": -1})", "has bytes = -1, and a whole number from 1 to 1073741824 is valid"},
      {R"({"type": "a", "bytes": 8, "memory": true})", "puts 8 bytes into shared memory, of which it has 0"},
      {std::string(65537, 'x'), "is a line of more than 65536 bytes: xxx"},
      {std::string(300000, 'x'), "is a line of more than 65536 bytes: xxx"}};
  for (const auto& [line, cause] : cases) {
    MessageReader reader = reader_of(line + "\n" + R"({"type": "next"})" + "\n", GetParam());
    EXPECT_THAT(fault_of([&] { reader.next(); }), HasSubstr(cause));
    EXPECT_EQ(reader.next().type, "next") << cause;
  }
}

// The longest that is none of them.
TEST_P(Pieces, ALineMayHave65536Bytes) {
  std::string line = R"({"type": "long"})";
  line.append(65536 - line.size(), ' ');
  MessageReader reader = reader_of(line + "\n", GetParam());
  EXPECT_EQ(reader.next().type, "long");
}

INSTANTIATE_TEST_SUITE_P(Sizes, Pieces, ::testing::Values(1, 7, 4096, 1000000));

TEST(MessageReader, TakesAnArrayFromSharedMemory) {
  const std::string memory = "abcdef", first = R"({"type": "a", "bytes": 4, "memory": true})";
  MessageReader reader = reader_of(first + "\n" + R"({"type": "b"})" + "\n", 100);
  EXPECT_EQ(text_of_bytes(reader.next(memory)), "abcd");
  EXPECT_EQ(reader.next(memory).type, "b");
}

// A gibibyte that is announced and never comes takes no memory.
TEST(MessageReader, AnAnnouncedArrayTakesNoMemory) {
  MessageReader reader = reader_of(R"({"type": "a", "bytes": 1073741824})" "\nabc", 100);
  const MemoryLimit limit(256);
  EXPECT_THROW(reader.next(), NothingLeft);
}

TEST(MessageReader, TakesFirstWhatArrivedElsewhere) {
  const std::string beginning = R"({"type": )", rest = R"("a"})";
  MessageReader reader = reader_of(rest + "\n", 100);
  reader.add(beginning);
  EXPECT_EQ(reader.waiting(), beginning);
  EXPECT_EQ(reader.next().type, "a");
}

TEST(WriteMessage, IsReadBackAndSmallArraysGoWithTheirLine) {
  for (const auto& [size, pieces] : std::vector<std::pair<size_t, size_t>>{{0, 1}, {48, 1}, {200000, 2}}) {
    const std::string array(size, 'z');
    std::vector<std::string> written;
    write_message(Json{{"type", "a"}}, array,
                  [&](std::span<const char> piece) { written.emplace_back(piece.begin(), piece.end()); });
    EXPECT_EQ(written.size(), pieces) << size;
    std::string all;
    for (const std::string& piece : written) all += piece;
    const Message message = reader_of(all, 1000).next();
    EXPECT_EQ(message.type, "a");
    EXPECT_EQ(text_of_bytes(message), array);
    EXPECT_EQ(message.header.contains("bytes"), size > 0);
  }
}

TEST(Message, MembersOfAnotherKindAreRefused) {
  const Message message{.type = "a",
                        .header = Json{{"number", 3}, {"text", "t"}, {"flag", true}, {"real", 0.5}}};
  EXPECT_EQ(message.whole_number("number", 3, 3), 3);
  EXPECT_EQ(message.text("text"), "t");
  EXPECT_TRUE(message.flag("flag"));
  EXPECT_FALSE(message.flag("none"));
  EXPECT_EQ(message.text_or("none", "else"), "else");
  EXPECT_EQ(fault_of([&] { message.whole_number("number", 4, 9); }),
            "'a' has number = 3, and a whole number from 4 to 9 is valid");
  EXPECT_EQ(fault_of([&] { message.whole_number("real", 0, 9); }),
            "'a' has real = 0.5, and a whole number from 0 to 9 is valid");
  EXPECT_EQ(fault_of([&] { message.whole_number("none", 0, 9); }),
            "'a' has none = null, and a whole number from 0 to 9 is valid");
  EXPECT_EQ(fault_of([&] { message.text("number"); }), "'a' has number = 3, and a text is valid");
  EXPECT_EQ(fault_of([&] { message.text_or("flag", "else"); }), "'a' has flag = true, and a text is valid");
  EXPECT_EQ(fault_of([&] { message.flag("text"); }), "'a' has text = \"t\", and true or false is valid");
}

}  // namespace
}  // namespace samplerbench::harness
