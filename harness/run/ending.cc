#include "harness/run/ending.h"

#include <fmt/format.h>

#include <new>

#include "core/error.h"
#include "harness/reference/no_reference.h"
#include "harness/run/context.h"
#include "harness/run/program_failed.h"
#include "harness/support/clock.h"
#include "harness/support/files.h"

namespace samplerbench::harness {

bool is_out_of_memory(const std::exception& error) {
  const std::string text = error.what();
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
         text.find("can't allocate memory") != std::string::npos ||
         text.find("out of memory") != std::string::npos ||
         text.find("Cannot allocate memory") != std::string::npos;
}

Ending ending_of(const std::exception& error, const Limits& limits) {
  if (dynamic_cast<const CannotWrite*>(&error) != nullptr) throw;
  if (const auto* failed = dynamic_cast<const ProgramFailed*>(&error))
    return {failed->status(), brief(error)};
  if (is_out_of_memory(error))
    return {Status::out_of_memory, fmt::format("more than {} MiB", limits.memory_mib)};
  if (dynamic_cast<const NoReference*>(&error) != nullptr) return {Status::skipped, brief(error)};
  return {Status::error, brief(error)};
}

EndLine end_line(const Ending& ending, double started) {
  return {.status = ending.status,
          .reason = ending.reason,
          .peak_memory_mib = peak_memory_mib(),
          .wall_s = steady_seconds() - started};
}

}  // namespace samplerbench::harness
