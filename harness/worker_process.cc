#include "harness/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <iterator>
#include <system_error>

#include "harness/clock.h"
#include "harness/record_file.h"

extern char** environ;

namespace samplerbench::harness {
namespace {

// An anonymous file that holds `text`, at its beginning: the worker's standard input, which no reader can
// block on.
int file_with(const std::string& text) {
  const int file = ::memfd_create("work order", MFD_CLOEXEC);
  if (file < 0 || ::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::lseek(file, 0, SEEK_SET) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot pass a work order");
  return file;
}

// posix_spawn of /proc/self/exe worker, with `input` as standard input and a process group of its own.
pid_t spawn(int input) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::array<std::string, 2> words{"samplerbench", "worker"};
  std::array<char*, 3> arguments{words[0].data(), words[1].data(), nullptr};
  pid_t process = -1;
  const int error = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot start a worker");
  return process;
}

}  // namespace

WorkerProcess::WorkerProcess(const WorkOrder& order) : order_(order), started_(steady_seconds()) {
  Json document = to_json(order);
  document["parent"] = ::getpid();
  const int input = file_with(document.dump());
  try {
    process_ = spawn(input);
  } catch (...) {
    ::close(input);
    throw;
  }
  ::close(input);
}

WorkerProcess::~WorkerProcess() {
  if (process_ < 0) return;
  ::kill(-process_, SIGKILL);
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

double WorkerProcess::elapsed_s() const { return steady_seconds() - started_; }

std::optional<WorkerEnd> WorkerProcess::poll() {
  if (!timed_out_ && elapsed_s() > order_.limits.time_s) {
    timed_out_ = true;
    ::kill(process_, SIGKILL);
  }
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  process_ = -1;
  return WorkerEnd{.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                   .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                   .timed_out = timed_out_};
}

int worker_main(const Catalog& catalog) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    throw InputError("worker: standard input holds no work order; `run` starts workers by itself");
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (json.value("parent", 0) != ::getppid()) return worker_busy;  // the scheduler died before this line
  try {
    work(work_order_from_json(json), catalog);
  } catch (const RecordBusy&) {
    return worker_busy;
  } catch (const CannotWrite& error) {
    fmt::print(stderr, "samplerbench: {}\n", error.what());
    return worker_cannot_write;
  }
  return worker_done;
}

}  // namespace samplerbench::harness
