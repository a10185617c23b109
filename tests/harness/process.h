#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "harness/support/child_process.h"

namespace samplerbench::testing {

struct Ended {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void spit(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// A folder that is gone when the test ends.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "samplerbench-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// How many processes were started by a command with this word in its environment; the dead do not count.
inline int64_t processes_with(const std::string& word) {
  int64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    if (slurp(entry.path() / "environ").find(word) != std::string::npos) ++count;
  return count;
}

// Waits until `holds`; 30 s at most.
template <class Condition>
bool comes_true(const Condition& holds) {
  for (int i = 0; i < 3000 && !holds(); ++i) ::usleep(10000);
  return holds();
}

// Runs `program arguments` in a shell and waits for it.
inline Ended run(const std::string& program, const std::string& arguments) {
  const Scratch scratch;
  harness::ChildProcess shell({.words = {"/bin/sh", "-c", "exec '" + program + "' " + arguments},
                               .output = scratch / "out",
                               .errors = scratch / "err"});
  const int code = shell.wait().shell_code();
  return {.code = code, .out = slurp(scratch / "out"), .err = slurp(scratch / "err")};
}

}  // namespace samplerbench::testing
