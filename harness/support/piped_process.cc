#include "harness/support/piped_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

extern char** environ;

namespace samplerbench::harness {
namespace {

constexpr int kFirstFree = 10;       // descriptors below have a meaning in the program
constexpr int kPipeBytes = 1 << 20;  // that a pipe holds, where the machine allows it
constexpr int kCannotStart = 127;    // exit code of a process that became no program

[[noreturn]] void fail_to_start(int error, const std::string& program) {
  throw std::system_error(error, std::generic_category(), "cannot start " + program);
}

struct PipeEnds {
  Descriptor read, write;

  explicit PipeEnds(const std::string& program) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) fail_to_start(errno, program);
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
};

// A list of texts as exec takes it.
class TextList {
 public:
  explicit TextList(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  TextList(const TextList&) = delete;
  TextList& operator=(const TextList&) = delete;

  char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

// The environment of this program, but for these variables.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!variables.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : variables) all.push_back(name + "=" + value);
  return all;
}

// All that a process needs to become the program. Made before the process is, since it may allocate nothing.
struct Becoming {
  int in, out, log, memory, fault;  // open files; `fault` takes the error number where it fails
  char* const* words;
  char* const* environment;
  const char* folder;
  pid_t parent;
};

// In the new process: becomes the program.
[[noreturn]] void become(const Becoming& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(kCannotStart);  // the parent ended before that line
  // Out of the way of the numbers that they are to have.
  const int in = ::fcntl(plan.in, F_DUPFD_CLOEXEC, kFirstFree);
  const int out = ::fcntl(plan.out, F_DUPFD_CLOEXEC, kFirstFree);
  const int log = ::fcntl(plan.log, F_DUPFD_CLOEXEC, kFirstFree);
  const int fault = ::fcntl(plan.fault, F_DUPFD_CLOEXEC, kFirstFree);
  const int memory = plan.memory < 0 ? -1 : ::fcntl(plan.memory, F_DUPFD_CLOEXEC, kFirstFree);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::dup2(in, PipedProcess::kIn);
  ::dup2(out, PipedProcess::kOut);
  if (memory < 0)
    ::close(PipedProcess::kMemory);
  else
    ::dup2(memory, PipedProcess::kMemory);
  ::close_range(PipedProcess::kMemory + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_DFL);
  if (::chdir(plan.folder) == 0) ::execvpe(plan.words[0], plan.words, plan.environment);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(fault, &error, sizeof(error));
  ::_exit(kCannotStart);
}

void set_up_own_end(const Descriptor& end) {
  ::fcntl(end.number(), F_SETFL, ::fcntl(end.number(), F_GETFL) | O_NONBLOCK);
  ::fcntl(end.number(), F_SETPIPE_SZ, kPipeBytes);
}

}  // namespace

PipedProcess::PipedProcess(const PipedCommand& command) {
  ::signal(SIGPIPE, SIG_IGN);
  hear_of_children();
  start(command);
  for (const Descriptor* end : {&to_, &from_, &log_}) set_up_own_end(*end);
}

void PipedProcess::start(const PipedCommand& command) {
  const std::string& program = command.words.at(0);
  PipeEnds in(program), out(program), log(program), fault(program);
  const TextList words(command.words), environment(environment_with(command.variables));
  const Becoming plan{.in = in.read.number(),
                      .out = out.write.number(),
                      .log = log.write.number(),
                      .memory = command.memory,
                      .fault = fault.write.number(),
                      .words = words.data(),
                      .environment = environment.data(),
                      .folder = command.folder.c_str(),
                      .parent = ::getpid()};
  process_ = ::fork();
  if (process_ < 0) fail_to_start(errno, program);
  if (process_ == 0) become(plan);
  ::setpgid(process_, process_);
  fault.write.close();
  int error = 0;
  ssize_t told = 0;
  while ((told = ::read(fault.read.number(), &error, sizeof(error))) < 0 && errno == EINTR) {
  }
  if (told == static_cast<ssize_t>(sizeof(error))) {
    kill();
    fail_to_start(error, program);
  }
  clockid_t clock{};
  if (::clock_getcpuclockid(process_, &clock) == 0) clock_ = clock;
  to_ = std::move(in.write);
  from_ = std::move(out.read);
  log_ = std::move(log.read);
}

PipedProcess::~PipedProcess() { kill(); }

std::optional<ChildEnd> PipedProcess::poll() {
  siginfo_t info{};
  const bool told =
      !end_ && ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
  if (told && info.si_pid == process_) kill();
  return end_;
}

// The group has its id as long as its leader is not waited for, so that no other group is meant.
void PipedProcess::kill() {
  if (end_) return;
  cpu_seconds();
  ::kill(-process_, SIGKILL);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  end_ = ChildEnd::of_status(status);
}

double PipedProcess::cpu_seconds() {
  timespec time{};
  if (!end_ && clock_ && ::clock_gettime(*clock_, &time) == 0)
    cpu_s_ = static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  return cpu_s_;
}

}  // namespace samplerbench::harness
