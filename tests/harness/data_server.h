#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/harness/process.h"

namespace samplerbench::testing {

// bad_server.py, serving `folder` on this machine while it lives.
class DataServer {
 public:
  explicit DataServer(const std::filesystem::path& folder)
      : log_(scratch_ / "log"),
        process_({.words = {"python3", SAMPLERBENCH_SOURCE "/tests/harness/bad_server.py", folder.string(),
                            log_.string()},
                  .output = scratch_ / "port"}) {
    while (!port_.ends_with('\n')) {
      if (process_.poll()) throw std::runtime_error("python3 could not serve");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      port_ = slurp(scratch_ / "port");
    }
    port_.pop_back();
  }

  // The address of its folder, served in this way: "http://127.0.0.1:1234/truncate".
  std::string address(const std::string& mode) const { return "http://127.0.0.1:" + port_ + "/" + mode; }

  // A line a request: the path and the range asked for.
  std::string log() const { return slurp(log_); }

 private:
  Scratch scratch_;
  std::filesystem::path log_;
  harness::ChildProcess process_;
  std::string port_;
};

}  // namespace samplerbench::testing
