#include "harness/command_line.h"

#include <ATen/Parallel.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iostream>

#include "core/error.h"
#include "core/printable.h"
#include "harness/commands/commands.h"
#include "harness/run/context.h"
#include "harness/run/worker_process.h"
#include "harness/spec/catalog.h"
#include "harness/support/progress.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

int dispatch(const Words& words, const Catalog& catalog) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    help_command({}, catalog);
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "--version") {
    write_out("samplerbench {} ({})\n", version, git_commit);
    return 0;
  }
  if (words[0] == "worker") return worker_main(catalog);
  return command_named(words[0]).carry_out({words.begin() + 1, words.end()}, catalog);
}

void require_utf8(const Words& words) {
  for (const std::string& word : words)
    if (!is_utf8(word))
      throw InputError(
          fmt::format("'{}' is not UTF-8; words of a command line must be", printable(word, 80)));
}

// A run that lacks a file in its middle is a crash, which is kept; so none begins where there are too few.
void require_open_files() {
  constexpr rlim_t kLeast = 64;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < kLeast)
    throw InputError(fmt::format("the limit of open files is {} (ulimit -n), and at least {} are needed",
                                 limit.rlim_cur, kLeast));
}

// Opens those of the standard streams that the caller closed, so that no file takes their numbers. Standard
// output opens for reading alone: writing to it still fails.
void open_missing_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

// `code`; 1 instead of 0 where standard output could not be written.
int code_with_output(int code) {
  const int error = output_error();
  if (error == 0) return code;
  say("samplerbench: standard output cannot be written: {}", strerror(error));
  return std::max(code, 1);
}

// How many threads OpenBLAS starts with: as many as `environment` or the machine allows. At most 64, Debian's
// own bound.
int64_t blas_threads(char** environment) {
  cpu_set_t allowed;
  int64_t threads = ::sched_getaffinity(0, sizeof(allowed), &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
  for (const char* name : {"OPENBLAS_NUM_THREADS=", "GOTO_NUM_THREADS=", "OMP_NUM_THREADS="})
    for (char** entry = environment; *entry != nullptr; ++entry)
      if (const size_t length = strlen(name); strncmp(*entry, name, length) == 0)
        if (const int64_t asked = atoi(*entry + length); asked > 0) threads = std::min(threads, asked);
  return std::min<int64_t>(threads, 64);
}

// Ends the process with exit code 1 and a message where the caller's limit of virtual memory (ulimit -v)
// leaves too little for the libraries, which abort or hang then: OpenBLAS takes 128 MiB a thread when it is
// loaded, and tries for ever where it gets none. So this runs before any library begins, and calls nothing
// but the C library.
void require_memory(int, char**, char** environment) {
  constexpr size_t kMiB = size_t{1} << 20;
  const size_t least = (256 + 128 * blas_threads(environment)) * kMiB;
  void* room = ::mmap(nullptr, least, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room != MAP_FAILED) {
    ::munmap(room, least);
    return;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_AS, &limit);
  char text[400];
  const int size =
      snprintf(text, sizeof(text),
               "samplerbench: the limit of virtual memory is too small: `ulimit -v %llu` leaves less "
               "than %zu MiB beside the program and the code of its libraries; raise it, or limit the "
               "memory of runs by `limits.memory_mib` of their spec\n",
               static_cast<unsigned long long>(limit.rlim_cur / 1024), least / kMiB);
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, size);
  ::_exit(1);
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const before_libraries)(int, char**,
                                                                             char**) = require_memory;

}  // namespace

int run_command_line(int argc, char** argv, const Catalog& catalog) {
  open_missing_streams();
  ::signal(SIGXFSZ, SIG_IGN);  // so does writing beyond the caller's limit of a file's size
  ::signal(SIGPIPE, SIG_IGN);  // writing to a closed pipe fails as any other writing does
  set_threads(1);
  const Words words(argv + std::min(argc, 1), argv + argc);
  const int code = code_of([&] {
    require_utf8(words);
    require_open_files();
    return dispatch(words, catalog);
  });
  const bool is_worker = !words.empty() && words[0] == "worker";  // whose output is its samplers' alone
  return is_worker ? code : code_with_output(code);
}

}  // namespace samplerbench::harness
