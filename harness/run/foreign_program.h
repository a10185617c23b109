#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/budget.h"
#include "core/tensor.h"
#include "core/usage.h"
#include "harness/records/choice.h"
#include "harness/run/program_pipe.h"
#include "targets/target.h"

namespace samplerbench::harness {

// What a program is told of the run that it works for.
struct ProgramBrief {
  int64_t dim = 0;
  torch::TensorOptions placement;  // dtype and device of the run
  int threads = 1;
  double start_scale = 1;  // standard deviation of the starting points
  Budget budget;
  Json target = {};  // name, options and the seed that splits its data; for a program that counts by itself
};

// What a program may ask for while it works.
struct ProgramSource {
  const targets::Target& target;
  std::function<Tensor(int64_t)> start;  // n -> starting points [n, D]
  Meter& meter;                          // takes what a program counts by itself
};

// A user's program that samples, and what is said between it and the suite: PROTOCOL.md. All functions throw
// ProgramFailed where it does not keep to that, ends, takes too long or too much memory, or says that it has
// failed; InputError where it says that it cannot take the target, and Diverged where it says that it
// diverged.
class ForeignProgram {
 public:
  // Points at which its own density is held against the target's.
  static constexpr int64_t kPointsCompared = 32;

  // Starts the program of `sampler` in `folder`, and meets it. It must end its work by `deadline`
  // (steady_seconds); see ProgramPipe for `limits` and `log`.
  ForeignProgram(const Choice& sampler, const std::filesystem::path& folder, const ProgramBrief& brief,
                 const Limits& limits, double deadline, const std::filesystem::path& log);

  // Compares the density that it evaluates by itself with the target's, at `points` [m, D]: the scores, and
  // the log densities but for a constant.
  void require_density(const targets::Target& target, const Tensor& points);

  // Lets it begin from nothing, with this seed, of which it is told 53 bits.
  void begin(uint64_t seed, const ProgramSource& source);

  // One step, where the share `spent` of the budget is spent. Returns its diagnostics.
  Json step(double spent, const ProgramSource& source);

  // n draws: [n, D].
  Tensor draw(int64_t n, uint64_t seed, const ProgramSource& source);

  // The kept states of its chains, [C, T, D]; nothing where it keeps none.
  std::optional<Tensor> chains();

  // CPU seconds of its process group.
  double cpu_seconds() noexcept { return pipe_.cpu_seconds(); }

  // Wall-clock seconds within the target since the last call.
  double take_target_seconds();

  // Its start ends here: what comes is on clocks.
  void end_start();

  ProgramFacts facts();

 private:
  void meet(const Json& options);
  void require_options(const Json& options, const Message& hello);

  // The message of type `type` that answers `question`, which may have an array. What the program asks
  // meanwhile is answered from `source`; it may ask nothing where that is null.
  Message answer_to(const Json& question, const std::string& type, const ProgramSource* source,
                    std::span<const char> array = {});
  [[noreturn]] void give_up(const Message& message);

  void supply(const Message& request, const ProgramSource& source);
  Tensor asked_for(const Message& request, const ProgramSource& source);
  Tensor evaluate(const std::string& what, const Tensor& points, const targets::Target& target);
  void count(const Message& message, const ProgramSource& source);

  // What `read` reads of a message of the program, which fails where that is bad.
  template <class Read>
  auto read_from_program(const Read& read) {
    try {
      return read();
    } catch (const BadMessage& fault) {
      refuse(std::string("the program's ") + fault.what());
    }
  }
  int64_t whole_number(const Message& message, const std::string& member, int64_t least, int64_t most);
  Tensor array_of(const Message& message, const std::vector<int64_t>& sizes);

  torch::ScalarType dtype() const { return c10::typeMetaToScalarType(brief_.placement.dtype()); }
  [[noreturn]] void refuse(const std::string& what) { pipe_.fail(Status::error, what); }

  ProgramBrief brief_;
  bool self_counted_;
  double started_;  // steady_seconds
  ProgramPipe pipe_;
  ProgramFacts facts_;
  bool keeps_chains_ = false;
  double target_s_ = 0;
};

}  // namespace samplerbench::harness
