#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

#include "tests/harness/process.h"

extern char** environ;

namespace samplerbench::testing {

// bad_server.py, serving `folder` on this machine while it lives.
class DataServer {
 public:
  explicit DataServer(const std::filesystem::path& folder) : log_(scratch_ / "log") {
    std::array<int, 2> input{}, output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::array<std::string, 4> words{
        "python3", (std::filesystem::path(__FILE__).parent_path() / "bad_server.py").string(),
        folder.string(), log_.string()};
    std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                                   nullptr};
    const int error = posix_spawnp(&process_, "python3", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    for (char c; error == 0 && ::read(output[0], &c, 1) == 1 && c != '\n';) port_ += c;
    ::close(output[0]);
    if (port_.empty()) throw std::runtime_error("python3 could not serve");
  }
  ~DataServer() {
    ::close(input_);
    ::waitpid(process_, nullptr, 0);
  }
  DataServer(const DataServer&) = delete;
  DataServer& operator=(const DataServer&) = delete;

  // The address of its folder, served in this way: "http://127.0.0.1:1234/truncate".
  std::string address(const std::string& mode) const { return "http://127.0.0.1:" + port_ + "/" + mode; }

  // A line a request: the path and the range asked for.
  std::string log() const { return slurp(log_); }

 private:
  Scratch scratch_;
  std::filesystem::path log_;
  pid_t process_ = -1;
  int input_ = -1;
  std::string port_;
};

}  // namespace samplerbench::testing
