#include "harness/support/child_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <system_error>

#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::comes_true;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;

Command shell(const std::string& script) { return {.words = {"sh", "-c", script}}; }

TEST(ChildProcess, SaysHowItEnded) {
  EXPECT_EQ(ChildProcess(shell("exit 0")).wait().shell_code(), 0);
  const ChildEnd failed = ChildProcess(shell("exit 3")).wait();
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_EQ(failed.signal, 0);
  const ChildEnd killed = ChildProcess(shell("kill -TERM $$")).wait();
  EXPECT_EQ(killed.signal, SIGTERM);
  EXPECT_EQ(killed.shell_code(), 128 + SIGTERM);
  ChildProcess twice(shell("exit 4"));
  EXPECT_EQ(twice.wait().exit_code, 4);
  EXPECT_EQ(twice.wait().exit_code, 4);
  EXPECT_EQ(twice.poll()->exit_code, 4);
}

TEST(ChildProcess, APollDoesNotWait) {
  ChildProcess process(shell("exec sleep 60"));
  EXPECT_FALSE(process.poll());
  process.send(SIGKILL);
  EXPECT_EQ(process.wait().signal, SIGKILL);
}

TEST(ChildProcess, ReadsItsInputAndWritesIntoFiles) {
  const Scratch scratch;
  Command command = shell("pwd; cat; echo wrong >&2");
  command.input = "some text\n";
  command.output = scratch / "out";
  command.errors = scratch / "err";
  command.folder = scratch.path();
  EXPECT_EQ(ChildProcess(command).wait().exit_code, 0);
  EXPECT_EQ(slurp(scratch / "out"), std::filesystem::canonical(scratch.path()).string() + "\nsome text\n");
  EXPECT_EQ(slurp(scratch / "err"), "wrong\n");
  command.errors = command.output;
  EXPECT_EQ(ChildProcess(command).wait().exit_code, 0);
  EXPECT_TRUE(slurp(scratch / "out").ends_with("some text\nwrong\n"));
}

// A lock of the caller's, say, which a process that lives on would hold.
TEST(ChildProcess, HasNoFileThatIsOpenHereUnlessItIsToKeepThem) {
  const Scratch scratch;
  spit(scratch / "lock", "");
  const int lock = ::open((scratch / "lock").c_str(), O_RDONLY);
  ASSERT_GT(lock, STDERR_FILENO);
  Command command = shell("readlink /proc/self/fd/" + std::to_string(lock));
  command.output = scratch / "out";
  EXPECT_NE(ChildProcess(command).wait().exit_code, 0);
  EXPECT_EQ(slurp(scratch / "out"), "");
  command.keeps_files = true;  // the control
  EXPECT_EQ(ChildProcess(command).wait().exit_code, 0);
  EXPECT_THAT(slurp(scratch / "out"), ::testing::EndsWith("/lock\n"));
  ::close(lock);
}

TEST(ChildProcess, IsKilledWithItsOwnChildrenWhenItIsDestroyed) {
  const Scratch scratch;
  Command command = shell("sleep 60 & echo $!; wait");
  command.output = scratch / "out";
  {
    const ChildProcess process(command);
    ASSERT_TRUE(comes_true([&] { return slurp(scratch / "out").ends_with('\n'); }));
  }
  // The command line of a process that is gone or a zombie is empty.
  const std::string grandchild = "/proc/" + std::to_string(std::stoi(slurp(scratch / "out"))) + "/cmdline";
  EXPECT_TRUE(comes_true([&] { return slurp(grandchild).empty(); }));
}

TEST(ChildProcess, AMissingProgramIsAnError) {
  EXPECT_THROW(ChildProcess({.words = {"no-such-program-anywhere"}}), std::system_error);
  EXPECT_THROW(ChildProcess({.words = {"sh"}, .program = "/no/such/program"}), std::system_error);
}

}  // namespace
}  // namespace samplerbench::harness
