#include "harness/support/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "harness/support/files.h"
#include "harness/support/proc.h"

extern char** environ;

namespace samplerbench::harness {
namespace {

void require(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

// The parent of a process; 0 where it is gone.
pid_t parent_of(pid_t process) {
  char state = 0;
  pid_t parent = 0;
  stat_fields(process) >> state >> parent;
  return parent;
}

std::vector<pid_t> children() {
  std::vector<pid_t> children = all_processes();
  std::erase_if(children, [](pid_t process) { return parent_of(process) != ::getpid(); });
  return children;
}

// An anonymous file that holds `text`, closed at the end: as standard input it never blocks its reader.
class InputFile {
 public:
  explicit InputFile(const std::string& text) : file_(::memfd_create("input", MFD_CLOEXEC)) {
    if (file_ < 0) require(errno, "cannot make an input");
    write_all(file_, text, "the input of a child process");
    if (::lseek(file_, 0, SEEK_SET) != 0) require(errno, "cannot make an input");
  }
  ~InputFile() { ::close(file_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const { return file_; }

 private:
  int file_;
};

// What posix_spawn does between the two programs.
class Actions {
 public:
  Actions(const Command& command, const InputFile& input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_adddup2(&actions_, input.descriptor(), STDIN_FILENO);
    direct(STDOUT_FILENO, command.output);
    direct(STDERR_FILENO, command.errors);
    if (!command.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions_, command.folder.c_str());
    if (!command.keeps_files) posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  const posix_spawn_file_actions_t* files() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  // Appending, so that two outputs of one file do not overwrite each other.
  void direct(int output, const std::filesystem::path& file) {
    if (!file.empty())
      posix_spawn_file_actions_addopen(&actions_, output, file.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
    else if (output != STDERR_FILENO)
      posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, output);
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

ChildEnd ChildEnd::of_status(int status) {
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

ChildProcess::ChildProcess(const Command& command) {
  hear_of_children();
  const InputFile input(command.input);
  const Actions actions(command, input);
  std::vector<std::string> words = command.words;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string program = command.program.empty() ? words.at(0) : command.program.string();
  require(posix_spawnp(&process_, program.c_str(), actions.files(), actions.attributes(), arguments.data(),
                       environ),
          "cannot start " + words.at(0));
}

ChildProcess::~ChildProcess() {
  if (end_) return;
  send(SIGKILL);
  wait();
}

std::optional<ChildEnd> ChildProcess::poll() {
  int status = 0;
  if (!end_ && ::waitpid(process_, &status, WNOHANG) == process_) end_ = ChildEnd::of_status(status);
  return end_;
}

ChildEnd ChildProcess::wait() {
  int status = 0;
  while (!end_) {
    const pid_t ended = ::waitpid(process_, &status, 0);
    if (ended == process_)
      end_ = ChildEnd::of_status(status);
    else if (errno != EINTR)
      require(errno, "cannot wait for a child process");
  }
  return *end_;
}

void ChildProcess::send(int signal) const { ::kill(-process_, signal); }

void hear_of_children() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);
}

void adopt_descendants() {
  hear_of_children();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void kill_descendants() {
  constexpr int kMostRounds = 2000;
  for (int round = 0; round < kMostRounds; ++round) {
    pid_t ended = 0;
    while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (ended < 0 && errno == ECHILD) return;
    for (const pid_t child : children()) ::kill(child, SIGKILL);
    ::usleep(round < 10 ? 500 : 5000);
  }
}

}  // namespace samplerbench::harness
