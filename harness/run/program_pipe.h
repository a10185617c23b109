#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "core/json.h"
#include "harness/records/limits.h"
#include "harness/records/status.h"
#include "harness/run/message.h"
#include "harness/support/piped_process.h"
#include "harness/support/program_log.h"
#include "harness/support/shared_memory.h"

namespace samplerbench::harness {

// Carries messages to and from a user's program, as PROTOCOL.md says, and watches the program while it waits
// for it: its end, the time limit, and the memory of its process group. What it prints goes to a log.
// Whatever goes wrong kills the whole group and throws ProgramFailed, whose message ends in what the program
// printed last.
class ProgramPipe {
 public:
  // Starts the program. It must have answered by `deadline` (steady_seconds), which ends the time that
  // `limits` give. `log` is the file that takes what it prints; none does where it is empty.
  ProgramPipe(PipedCommand command, const Limits& limits, double deadline, const std::filesystem::path& log);
  ~ProgramPipe();  // asks it to stop, and kills what is left of it a moment later
  ProgramPipe(const ProgramPipe&) = delete;
  ProgramPipe& operator=(const ProgramPipe&) = delete;

  // Sends the message `header`, with these bytes of an array.
  void send(Json header, std::span<const char> bytes = {});

  // The next message.
  Message receive();

  // Bytes of the memory that it shares with the program; 0 where there is none.
  size_t shared_bytes() const { return memory_.bytes(); }

  // From here on, arrays go by shared memory, in either direction, where they fit.
  void use_shared_memory() { by_memory_ = memory_.bytes() > 0; }

  // CPU seconds of the program and of all that it started within its group, so far; those that watching it
  // took of this process are taken off.
  double cpu_seconds() noexcept;

  // The largest memory of its group that was seen, now or before.
  double peak_memory_mib();

  // Kills it. The reason gets what the program printed last.
  [[noreturn]] void fail(Status status, const std::string& reason);

 private:
  void refuse_early_word();
  void write(std::span<const char> bytes);
  size_t read_some(char* into, size_t most);
  void wait_for(int descriptor, short events);
  void read_log();
  void look() noexcept;
  void wait_for_end();
  void stop();
  [[noreturn]] void fail_of_end();

  Limits limits_;
  double deadline_;
  SharedMemory memory_;
  ProgramLog log_;
  std::optional<PipedProcess> process_;
  bool by_memory_ = false;
  bool log_is_open_ = true;
  bool has_ended_ = false;       // as far as it was seen
  std::string asked_ = "start";  // type of the last message to it
  MessageReader reader_;         // of what it writes
  // Of its group, at the last look.
  double looked_ = 0;  // steady_seconds
  bool is_alone_ = true;
  double others_cpu_s_ = 0;
  double looking_cpu_s_ = 0;  // that all looks took
  int64_t memory_kib_ = 0;
  int64_t peak_memory_kib_ = 0;
};

}  // namespace samplerbench::harness
