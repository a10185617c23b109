#pragma once

#include <array>
#include <utility>

namespace samplerbench::harness {

// How a job ended. The last three are never written to a record: they say what a reader finds.
enum class Status {
  finished,
  diverged,       // a state, a loss or the draws are not finite
  skipped,        // the sampler cannot take the target, or the reference posterior is missing
  error,          // an exception
  out_of_memory,  // more than the memory limit
  timeout,        // more than the time limit
  crashed,        // a signal or an unexpected exit
  interrupted,    // stopped by the user
  damaged,        // the record breaks off or cannot be read
  missing,        // there is no record
  busy,           // another process works on it
};

inline auto words(Status) {
  return std::to_array<std::pair<Status, const char*>>({{Status::finished, "finished"},
                                                        {Status::diverged, "diverged"},
                                                        {Status::skipped, "skipped"},
                                                        {Status::error, "error"},
                                                        {Status::out_of_memory, "out_of_memory"},
                                                        {Status::timeout, "timeout"},
                                                        {Status::crashed, "crashed"},
                                                        {Status::interrupted, "interrupted"},
                                                        {Status::damaged, "damaged"},
                                                        {Status::missing, "missing"},
                                                        {Status::busy, "busy"}});
}

}  // namespace samplerbench::harness
