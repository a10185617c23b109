#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/records/experiment.h"
#include "harness/records/line.h"
#include "harness/report/analysis/grid.h"
#include "harness/spec/catalog.h"
#include "harness/support/npy.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {

using samplers::DrawsAre;
using Metrics = std::map<std::string, Outcome>;

inline Outcome skipped(const std::string& reason) { return {.value = {}, .skipped = reason}; }
inline Outcome failed(const std::string& message) { return {.value = {}, .error = message}; }

inline const Catalog& catalog() {
  static const Catalog standard = Catalog::standard();
  return standard;
}

inline bool has_gnuplot() { return std::system("gnuplot --version > /dev/null 2>&1") == 0; }

// A results folder of made-up records with known numbers, in a temporary folder that goes with it.
class FakeResults {
 public:
  FakeResults() {
    experiment.name = "fake";
    experiment.draws = 1000;
  }

  Experiment experiment;
  std::map<std::string, Convention> conventions;  // of every record that follows

  std::filesystem::path results() const { return folder_ / "results"; }
  std::filesystem::path out() const { return folder_ / "out"; }

  void target(const std::string& label, const std::string& name = "gaussian") {
    experiment.targets.push_back({.label = label, .name = name});
  }
  SamplerChoice& sampler(const std::string& label, DrawsAre draws = DrawsAre::trained) {
    SamplerChoice sampler;
    sampler.label = sampler.name = label;
    sampler.budget.steps = 3000;
    sampler.draws = draws;
    return experiment.samplers.emplace_back(sampler);
  }
  void metric(const std::string& label) { experiment.metrics.push_back({.label = label, .name = label}); }
  void seeds(uint64_t count) {
    for (uint64_t seed = 0; seed < count; ++seed) experiment.seeds.push_back(seed);
  }

  BeginLine begin(const std::string& target, const std::string& sampler, uint64_t seed) const {
    BeginLine line{.key = fmt::format("{}/{}/{}", target, sampler, seed),
                   .conventions = conventions,
                   .context = {{"git", "abc"}, {"utc", "2026-01-01T00:00:00Z"}}};
    line.job.target.label = target;
    line.job.sampler = Choice{.label = sampler};
    line.job.seed = seed;
    return line;
  }

  static CheckpointLine checkpoint(int64_t index, const Metrics& metrics, double train_s = 1,
                                   double draw_s = 0.001) {
    CheckpointLine line{.index = index,
                        .progress = 1,
                        .train = {.steps = 10,
                                  .density = 5,
                                  .score = 100 * (index + 1),
                                  .hessian_vector = 20,
                                  .wall_s = train_s,
                                  .cpu_s = train_s},
                        .metrics = metrics};
    line.draw.n = 1000;
    line.draw.wall_s = line.draw.cpu_s = draw_s;
    return line;
  }

  static EndLine end(Status status = Status::finished, const std::string& reason = "steps") {
    return {.status = status,
            .reason = reason,
            .peak_memory_mib = 100,
            .wall_s = 2,
            .sample = {{0.1, 0.2}, {-0.5, 0.4}, {1.0, -1.0}}};
  }

  // A record file of these lines; returns its path below the results folder.
  std::string record(const std::vector<Line>& lines) {
    std::string text;
    for (const Line& line : lines) text += text_of(line) + "\n";
    return record_of_text(text);
  }
  std::string record_of_text(const std::string& text) {
    const std::string name = fmt::format("records/{:05}.jsonl", count_++);
    write(name, text);
    return name;
  }

  // A run that ended with one checkpoint.
  void run(const std::string& target, const std::string& sampler, uint64_t seed, const Metrics& metrics,
           double train_s = 1, double draw_s = 0.001) {
    record({begin(target, sampler, seed), checkpoint(0, metrics, train_s, draw_s), end()});
  }

  // Images of one grey level, [100, height, width], beside the next record; what its end line says of them.
  KeptImages images(int grey, int64_t height, int64_t width) {
    const std::string name = fmt::format("{:05}.images.npy", count_);
    std::filesystem::create_directories(results() / "records");
    write_npy(results() / "records" / name, torch::full({100, height, width}, grey, torch::kByte));
    return {.file = name, .height = height, .width = width, .n = 100};
  }

  BeginLine floor_begin(const std::string& target) const {
    BeginLine line = begin(target, "", 0);
    line.kind = JobKind::floor;
    line.key = target + "/floor";
    line.job.sampler = {};
    return line;
  }
  void floor(const std::string& target, const std::map<std::string, FloorValue>& metrics) {
    record({floor_begin(target), FloorLine{metrics}, end()});
  }

  // Writes experiment.json: the last thing before a report.
  void close() { write("experiment.json", to_json(experiment).dump() + "\n"); }

  void write(const std::string& name, const std::string& text) {
    samplerbench::testing::spit(results() / name, text);
  }
  // A file of the report; empty where there is none.
  std::string read(const std::string& name) const { return samplerbench::testing::slurp(out() / name); }

 private:
  samplerbench::testing::Scratch folder_;
  int64_t count_ = 0;
};

// Read records with the grid over them.
struct Loaded {
  explicit Loaded(FakeResults& fake)
      : results((fake.close(), reporting::read_results(fake.results()))), grid(results, warnings) {}

  reporting::Results results;
  std::vector<std::string> warnings;
  reporting::Grid grid;
};

}  // namespace samplerbench::harness
