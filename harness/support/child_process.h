#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace samplerbench::harness {

// A program to run as a child process.
struct Command {
  std::vector<std::string> words;      // its name and its arguments
  std::filesystem::path program = {};  // the executable; where empty, PATH is searched for the name
  std::string input = {};              // what it reads from standard input
  // Files that take its standard output and standard error, which may be the same one; where one is empty,
  // that output goes to this program's standard error.
  std::filesystem::path output = {};
  std::filesystem::path errors = {};
  std::filesystem::path folder = {};  // where it runs; here where this is empty
  bool keeps_files = false;           // what is open here, beside the streams, stays open there
};

// How a child process ended.
struct ChildEnd {
  int exit_code = 0;  // meaningful where no signal ended it
  int signal = 0;     // 0 where it exited by itself

  // Of what waitpid() says.
  static ChildEnd of_status(int status);

  // As a shell states it: the exit code, or 128 + the signal.
  int shell_code() const { return signal == 0 ? exit_code : 128 + signal; }
};

// A running child process, spawned (not forked) in a process group of its own, so that a terminal's Ctrl-C
// does not reach it.
class ChildProcess {
 public:
  // Throws std::system_error where the program cannot be started.
  explicit ChildProcess(const Command& command);
  ~ChildProcess();  // kills it, with its own children, where it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // How it ended; nothing while it runs.
  std::optional<ChildEnd> poll();

  // Waits until it has ended.
  ChildEnd wait();

  // Sends a signal to its process group: to it and those of its own children that did not leave the group.
  void send(int signal) const;

 private:
  pid_t process_ = -1;
  std::optional<ChildEnd> end_;
};

// From here on, children of this process can be waited for. Where SIGCHLD is ignored, as a program that
// started this one may have left it, they cannot.
void hear_of_children();

// From here on, a process below this one becomes a child of this one when its parent ends, even where it left
// the session.
void adopt_descendants();

// Kills every process below this one, and waits until they are gone; for ten seconds at most.
void kill_descendants();

}  // namespace samplerbench::harness
