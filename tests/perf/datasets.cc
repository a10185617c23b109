#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <zlib.h>

#include <unistd.h>

#include <filesystem>

#include "harness/data/data_folder.h"
#include "targets/bayes/datasets.h"

// Loading Covertype's full layout, 581,012 rows of 54 one-hot columns and a class, from gzip: hashing,
// inflating, parsing and scaling.
namespace samplerbench {
namespace {

namespace fs = std::filesystem;

constexpr int64_t rows = 581012;

// Rows of plausible numbers, each with its one wilderness area and soil type.
std::string row(int64_t i) {
  std::string text = fmt::format("{},{},{},{},{},{},{},{},{},{}", 1859 + i * 7 % 1999, i * 11 % 360,
                                 i * 13 % 66, i * 17 % 1397, i * 19 % 600 - 100, i * 23 % 7117, i * 29 % 254,
                                 i * 31 % 254, i * 37 % 254, i * 41 % 7173);
  for (int64_t k = 0; k < 4; ++k) text += k == i % 4 ? ",1" : ",0";
  for (int64_t k = 0; k < 40; ++k) text += k == i % 40 ? ",1" : ",0";
  return text + fmt::format(",{}\n", 1 + i % 7);
}

// A data folder that holds the file, made once and removed at the end.
class MadeFolder {
 public:
  MadeFolder() : folder_(fs::temp_directory_path() / fmt::format("samplerbench-perf-{}", getpid())) {
    fs::create_directories(folder_ / "covertype");
    const gzFile file = gzopen((folder_ / "covertype/covtype.data.gz").c_str(), "wb6");
    for (int64_t i = 0; i < rows; ++i) {
      const std::string line = row(i);
      gzwrite(file, line.data(), static_cast<unsigned>(line.size()));
    }
    gzclose(file);
  }
  ~MadeFolder() { fs::remove_all(folder_); }
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;

  const fs::path& path() const { return folder_; }

 private:
  fs::path folder_;
};

void load_covertype(benchmark::State& state) {
  static const MadeFolder folder;
  const harness::PublishedData none;
  for (auto _ : state) {
    const harness::DataFolder files(none, folder.path());
    benchmark::DoNotOptimize(targets::load_dataset("covertype", "", files));
  }
  state.counters["rows_per_s"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(load_covertype)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace samplerbench
