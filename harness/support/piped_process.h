#pragma once

#include <sys/types.h>

#include <ctime>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/support/child_process.h"
#include "harness/support/descriptor.h"

namespace samplerbench::harness {

// A program that is to talk with this one.
struct PipedCommand {
  std::vector<std::string>
      words;  // its name, which PATH is searched for where it has no '/', and its arguments
  std::filesystem::path folder;                       // where it runs
  std::map<std::string, std::string> variables = {};  // of its environment, in place of those of this program
  int memory = -1;                                    // an open file that it gets, too; below 0: none
};

// A running program with a pipe in either direction beside its standard streams, in a process group of its
// own. It reads nothing from standard input; what it prints arrives at log(). It ends when the thread ends
// that started it, however that ends. From the first one on this process ignores SIGPIPE.
class PipedProcess {
 public:
  // The numbers of its open files.
  static constexpr int kIn = 3, kOut = 4, kMemory = 5;

  // Throws std::system_error where the program cannot be started.
  explicit PipedProcess(const PipedCommand& command);
  ~PipedProcess();  // kills it, with its group
  PipedProcess(const PipedProcess&) = delete;
  PipedProcess& operator=(const PipedProcess&) = delete;

  // The ends of this side, which never block: to what it reads as kIn, and from what it writes to kOut.
  int to() const { return to_.number(); }
  int from() const { return from_.number(); }

  // What it prints to standard output and standard error.
  int log() const { return log_.number(); }

  // How it ended; nothing while it runs. Kills what is left of its group when it has ended.
  std::optional<ChildEnd> poll();

  // Kills its group and waits for it.
  void kill();

  // CPU seconds of the program itself, all its threads together; the last that were known where it has ended.
  double cpu_seconds();

  // Its process id, which is that of its group.
  pid_t group() const { return process_; }

 private:
  void start(const PipedCommand& command);

  Descriptor to_, from_, log_;
  pid_t process_ = -1;
  std::optional<clockid_t> clock_;
  double cpu_s_ = 0;
  std::optional<ChildEnd> end_;
};

}  // namespace samplerbench::harness
