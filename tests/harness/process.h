#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "harness/support/child_process.h"
#include "harness/support/proc.h"

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

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
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

// The processes that were started by a command with `mark` in its environment and whose command line holds
// `word`; without the dead.
inline std::vector<pid_t> processes(const std::string& mark, const std::string& word = "") {
  std::vector<pid_t> found;
  for (const pid_t process : harness::all_processes()) {
    const std::filesystem::path folder = "/proc/" + std::to_string(process);
    if (slurp(folder / "environ").find(mark) != std::string::npos &&
        slurp(folder / "cmdline").find(word) != std::string::npos)
      found.push_back(process);
  }
  return found;
}

// How many there are with `mark`.
inline int64_t processes_with(const std::string& mark) {
  return static_cast<int64_t>(processes(mark).size());
}

// Waits until `holds`; two minutes at most, since other tests may keep the machine busy.
template <class Condition>
bool comes_true(const Condition& holds) {
  for (int i = 0; i < 12000 && !holds(); ++i) ::usleep(10000);
  return holds();
}

// Runs `program arguments` in a shell and waits for it.
inline Ended run(const std::string& program, const std::string& arguments) {
  const Scratch scratch;
  harness::ChildProcess shell({.words = {"/bin/sh", "-c", "exec '" + program + "' " + arguments},
                               .output = scratch / "out",
                               .errors = scratch / "err",
                               .keeps_files = true});
  const int code = shell.wait().shell_code();
  return {.code = code, .out = slurp(scratch / "out"), .err = slurp(scratch / "err")};
}

// `program run FLAGS` on this spec, which becomes trial.toml of the folder, with its results in `out` there.
inline Ended run_trial_toml(const std::string& program, const Scratch& scratch, const std::string& spec,
                            const std::string& flags) {
  spit(scratch / "trial.toml", spec);
  return run(program, "run '" + (scratch / "trial.toml").string() + "' --results '" +
                          (scratch / "out").string() + "' " + flags);
}

// A Python that has the module; empty where there is none.
inline std::string python_with(const std::string& module) {
  for (const char* python : {"/usr/bin/python3", "python3"})
    if (run("/bin/sh", std::string("-c '") + python + " -c \"import " + module + "\"'").code == 0)
      return python;
  return "";
}

}  // namespace samplerbench::testing
