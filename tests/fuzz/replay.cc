// Runs the reader that it is linked with on valid inputs and on mutations of them, which depend on the seed
// and the number of the input alone. A child process reads. This one waits, and keeps the input at which the
// child crashed, hung or met something that the reader must never do.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <random>

#include "harness/support/clock.h"
#include "harness/support/memory_limit.h"
#include "tests/fuzz/fuzz.h"

namespace samplerbench::testing {
namespace {

constexpr int64_t kMemory_mib = 2048;    // that an input may take
constexpr double kSecondsOfOne = 60;     // after which a reader hangs
constexpr size_t kLongest = 1 << 18;     // bytes of an input
constexpr uint64_t kMostEdits = 6;       // of an input
constexpr uint64_t kLongestRange = 200;  // bytes that one edit moves

// What the child tells while it works.
struct Progress {
  std::atomic<int64_t> input{-1};  // that is being read
  std::atomic<int64_t> refused{0};
};

struct Plan {
  std::string reader;
  int64_t inputs = 2000;
  uint64_t seed = 1;
  std::filesystem::path findings = ".";
};

// What readers stumble over, put into inputs as it is.
const std::vector<std::string>& tokens() {
  static const std::vector<std::string> all{"0",
                                            "-1",
                                            "1e999",
                                            "-1e-999",
                                            "nan",
                                            "Infinity",
                                            "2147483648",
                                            "4294967296",
                                            "9223372036854775807",
                                            "99999999999999999999",
                                            "\"",
                                            "'",
                                            "\"\"\"",
                                            "[",
                                            "]",
                                            "{",
                                            "}",
                                            "(",
                                            ")",
                                            ",",
                                            ":",
                                            ".",
                                            "=",
                                            "\\",
                                            "\\u0000",
                                            "\n",
                                            "\r",
                                            "\t",
                                            std::string(1, '\0'),
                                            std::string(8, '\xff'),
                                            "\xed\xa0\x80",
                                            "\xe2\x80\xae",
                                            "\xef\xbb\xbf",
                                            std::string(300, '['),
                                            std::string(300, '9'),
                                            "null",
                                            "true",
                                            "<script>",
                                            "../../"};
  return all;
}

// Edits of one input.
class Mutation {
 public:
  Mutation(const std::vector<std::string>& valid, uint64_t seed, int64_t index)
      : valid_(valid), random_(seed * 1000003 + static_cast<uint64_t>(index)) {}

  std::string make() {
    std::string bytes = one_of(valid_);
    for (uint64_t edits = 1 + below(kMostEdits); edits > 0; --edits) edit(bytes);
    bytes.resize(std::min(bytes.size(), kLongest));
    return bytes;
  }

 private:
  uint64_t below(uint64_t end) { return end == 0 ? 0 : random_() % end; }

  const std::string& one_of(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }

  // Some bytes of a text.
  std::string part_of(const std::string& text) {
    return text.substr(below(text.size() + 1), 1 + below(kLongestRange));
  }

  void edit(std::string& bytes) {
    const size_t at = below(bytes.size() + 1);
    switch (below(8)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = static_cast<char>(below(256));
        break;
      case 2:
        bytes.erase(at, 1 + below(kLongestRange));
        break;
      case 3:
        bytes.insert(at, part_of(bytes));
        break;
      case 4:
        bytes.insert(at, part_of(one_of(valid_)));
        break;
      case 5:
        bytes.insert(at, one_of(tokens()));
        break;
      case 6: {
        const std::string& token = one_of(tokens());
        bytes.replace(at, token.size(), token);
        break;
      }
      default:
        if (below(8) == 0) bytes.resize(at);  // a torn file
    }
  }

  const std::vector<std::string>& valid_;
  std::mt19937_64 random_;
};

std::string input(const std::vector<std::string>& valid, const Plan& plan, int64_t index) {
  if (index < std::ssize(valid)) return valid[static_cast<size_t>(index)];
  return Mutation(valid, plan.seed, index).make();
}

// In the child: reads all inputs.
void read_inputs(const Plan& plan, Progress& progress) {
  const std::vector<std::string> valid = valid_inputs();
  const harness::MemoryLimit limit(kMemory_mib);
  for (int64_t index = 0; index < plan.inputs; ++index) {
    const std::string bytes = input(valid, plan, index);
    progress.input = index;
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    if (index < std::ssize(valid) && tally().refused > 0)
      finding("a valid input is refused: " + tally().last_refusal);
    progress.refused = tally().refused;
  }
}

// Waits for the child. Returns why it did not come to its end; empty where it did.
std::string wait_for(pid_t child, const Progress& progress) {
  int status = 0;
  int64_t seen = progress.input;
  double since = harness::steady_seconds();
  while (::waitpid(child, &status, WNOHANG) == 0) {
    ::usleep(10000);
    if (const int64_t now = progress.input; now != seen) {
      seen = now;
      since = harness::steady_seconds();
    } else if (harness::steady_seconds() - since > kSecondsOfOne) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return "it hangs";
    }
  }
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "exit code " + std::to_string(WEXITSTATUS(status));
}

// The exit code.
int replay(const Plan& plan) {
  const Scratch scratch;
  ::setenv("TMPDIR", scratch.path().c_str(), 1);  // what a crash leaves goes with it
  void* const memory =
      ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  Progress& progress = *new (memory) Progress;
  const double begin = harness::steady_seconds();
  const pid_t child = ::fork();
  if (child < 0) throw std::bad_alloc();
  if (child == 0) {
    read_inputs(plan, progress);
    std::exit(0);
  }
  const std::string end = wait_for(child, progress);
  const int64_t last = progress.input, refused = progress.refused;
  if (!end.empty()) {
    const std::filesystem::path file =
        plan.findings / (plan.reader + "-" + std::to_string(last) + ".finding");
    spit(file, last < 0 ? "" : input(valid_inputs(), plan, last));
    std::printf("%s: finding at input %lld (%s), which is kept as %s\n", plan.reader.c_str(),
                static_cast<long long>(last), end.c_str(), file.c_str());
    return 1;
  }
  std::printf("%s: %lld inputs, %lld refused, no finding, %.1f s\n", plan.reader.c_str(),
              static_cast<long long>(last + 1), static_cast<long long>(refused),
              harness::steady_seconds() - begin);
  // Mutations that a reader takes to the last one are no test of it.
  return refused > 0 ? 0 : 1;
}

// Writes the valid inputs as files, which libFuzzer begins from.
int write_corpus(const std::filesystem::path& folder) {
  const std::vector<std::string> valid = valid_inputs();
  for (size_t i = 0; i < valid.size(); ++i) spit(folder / ("valid-" + std::to_string(i)), valid[i]);
  return 0;
}

// The reader that a program is named after: stan_data of replay_stan_data.
std::string reader_of(const std::filesystem::path& program) {
  const std::string name = program.filename().string();
  return name.substr(name.find('_') + 1);
}

int carry_out(const std::filesystem::path& program, const std::vector<std::string>& words) {
  Plan plan{.reader = reader_of(program)};
  for (size_t i = 0; i + 1 < words.size(); i += 2) {
    const std::string &flag = words[i], &value = words[i + 1];
    if (flag == "--corpus") return write_corpus(value);
    if (flag == "--inputs") plan.inputs = std::stoll(value);
    if (flag == "--seed") plan.seed = std::stoull(value);
    if (flag == "--findings") plan.findings = value;
  }
  return replay(plan);
}

}  // namespace
}  // namespace samplerbench::testing

// usage: replay_READER [--inputs N] [--seed S] [--findings FOLDER]
//        replay_READER --corpus FOLDER
int main(int argc, char** argv) {
  return samplerbench::testing::carry_out(argv[0], {argv + 1, argv + argc});
}
