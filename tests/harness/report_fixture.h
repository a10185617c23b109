#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/json.h"
#include "harness/npy.h"

namespace samplerbench::harness {

// A results folder of made-up records with known numbers, in a temporary folder that goes with it.
class FakeResults {
 public:
  FakeResults() {
    std::string pattern = (std::filesystem::temp_directory_path() / "samplerbench-report-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    spec_ = {{"schema", 1},
             {"name", "fake"},
             {"summary", ""},
             {"seeds", Json::array()},
             {"draws", 1000},
             {"targets", Json::array()},
             {"samplers", Json::array()},
             {"metrics", Json::array()},
             {"claims", Json::array()}};
  }
  ~FakeResults() { std::filesystem::remove_all(folder_); }
  FakeResults(const FakeResults&) = delete;
  FakeResults& operator=(const FakeResults&) = delete;

  std::filesystem::path results() const { return folder_ / "results"; }
  std::filesystem::path out() const { return folder_ / "out"; }

  Json& spec() { return spec_; }
  void target(const std::string& label, const std::string& name = "gaussian") {
    spec_["targets"].push_back({{"label", label}, {"name", name}, {"options", Json::object()}});
  }
  void sampler(const std::string& label, const Json& options = Json::object(),
               const std::string& settings = "") {
    spec_["samplers"].push_back({{"label", label},
                                 {"name", label},
                                 {"options", options},
                                 {"settings", settings},
                                 {"budget", {{"steps", 3000}}}});
  }
  void metric(const std::string& label) { spec_["metrics"].push_back({{"label", label}, {"name", label}}); }
  void seeds(int64_t count) {
    for (int64_t seed = 0; seed < count; ++seed) spec_["seeds"].push_back(seed);
  }

  Json begin(const std::string& target, const std::string& sampler, int64_t seed) const {
    return {{"type", "begin"},
            {"schema", 1},
            {"kind", "run"},
            {"job", {{"target", {{"label", target}}}, {"sampler", {{"label", sampler}}}, {"seed", seed}}},
            {"conventions", conventions},
            {"context", {{"git", "abc"}, {"utc", "2026-01-01T00:00:00Z"}}}};
  }

  static Json checkpoint(int64_t index, const Json& metrics, double train_s = 1, double draw_s = 0.001) {
    return {{"type", "checkpoint"},
            {"index", index},
            {"progress", 1.0},
            {"train",
             {{"steps", 10},
              {"density", 5},
              {"score", 100 * (index + 1)},
              {"hessian_vector", 20},
              {"wall_s", train_s},
              {"cpu_s", train_s}}},
            {"draw",
             {{"n", 1000},
              {"wall_s", draw_s},
              {"cpu_s", draw_s},
              {"density", 0},
              {"score", 0},
              {"hessian_vector", 0}}},
            {"metrics", metrics}};
  }

  static Json end(const std::string& status = "finished", const std::string& reason = "steps") {
    return {{"type", "end"},    {"status", status},
            {"reason", reason}, {"peak_memory_mib", 100.0},
            {"wall_s", 2.0},    {"sample", {{0.1, 0.2}, {-0.5, 0.4}, {1.0, -1.0}}}};
  }

  // A record file of these lines; returns its path below the results folder.
  std::string record(const std::vector<std::string>& lines) {
    const std::string name = fmt::format("records/{:05}.jsonl", count_++);
    write(name, lines);
    return name;
  }

  // A run that ended with one checkpoint.
  void run(const std::string& target, const std::string& sampler, int64_t seed, const Json& metrics,
           double train_s = 1, double draw_s = 0.001) {
    record(
        {begin(target, sampler, seed).dump(), checkpoint(0, metrics, train_s, draw_s).dump(), end().dump()});
  }

  // Images of one grey level, [100, height, width], beside the next record; what its end line says of them.
  Json images(int grey, int64_t height, int64_t width) {
    const std::string name = fmt::format("{:05}.images.npy", count_);
    std::filesystem::create_directories(results() / "records");
    write_npy(results() / "records" / name, torch::full({100, height, width}, grey, torch::kUInt8));
    return {{"file", name}, {"height", height}, {"width", width}, {"n", 100}};
  }

  void floor(const std::string& target, const Json& metrics) {
    Json head = begin(target, "", 0);
    head["kind"] = "floor";
    head["job"].erase("sampler");
    record({head.dump(), Json{{"type", "floor"}, {"metrics", metrics}}.dump(), end().dump()});
  }

  // Writes experiment.json: the last thing before a report.
  void close() { write("experiment.json", {spec_.dump()}); }

  void write(const std::string& name, const std::vector<std::string>& lines) {
    std::filesystem::create_directories((results() / name).parent_path());
    std::ofstream stream(results() / name);
    for (const std::string& line : lines) stream << line << "\n";
  }

  std::string read(const std::string& name) const {
    std::ifstream stream(out() / name);
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
  }

  Json conventions = Json::object();

 private:
  std::filesystem::path folder_;
  Json spec_;
  int64_t count_ = 0;
};

}  // namespace samplerbench::harness
