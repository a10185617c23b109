#include "harness/run/program_pipe.h"

#include <fmt/format.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <system_error>
#include <utility>

#include "core/printable.h"
#include "harness/run/program_failed.h"
#include "harness/support/clock.h"
#include "harness/support/process_group.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kSharedBytes = size_t{64} << 20;
constexpr double kGlance_s = 0.1;     // the longest wait without a look at the program's end
constexpr double kLookEvery_s = 0.2;  // between two looks at its group
constexpr double kGoodbye_s = 1;      // in which it ends when it is asked to, or has closed its pipe
constexpr int kMostLogRounds = 64;    // of a program that prints for ever

// "with exit code 3", "by signal 11 (Segmentation fault)"
std::string words_of_end(const ChildEnd& end) {
  return end.signal == 0 ? fmt::format("with exit code {}", end.exit_code)
                         : fmt::format("by signal {} ({})", end.signal, ::strsignal(end.signal));
}

}  // namespace

ProgramPipe::ProgramPipe(PipedCommand command, const Limits& limits, double deadline,
                         const std::filesystem::path& log)
    : limits_(limits),
      deadline_(deadline),
      memory_(kSharedBytes),
      log_(log),
      reader_([this](char* into, size_t most) { return read_some(into, most); }),
      looked_(steady_seconds()) {
  command.memory = memory_.descriptor();
  try {
    process_.emplace(command);
  } catch (const std::system_error& error) {
    throw ProgramFailed(
        Status::error,
        fmt::format("{} cannot be started: {}", printable(command.words.at(0), 80), error.code().message()));
  }
}

ProgramPipe::~ProgramPipe() {
  try {
    stop();
  } catch (const std::exception&) {
    process_->kill();
  }
}

void ProgramPipe::stop() {
  if (process_->poll()) return;
  send(Json{{"type", "stop"}});
  wait_for_end();
  read_log();
  process_->kill();
}

// ---- To the program

void ProgramPipe::send(Json header, std::span<const char> bytes) {
  asked_ = header.at("type").get<std::string>();
  refuse_early_word();
  if (by_memory_ && !bytes.empty() && bytes.size() <= memory_.bytes()) {
    std::copy(bytes.begin(), bytes.end(), memory_.data());
    header["bytes"] = bytes.size();
    header["memory"] = true;
    bytes = {};
  }
  write_message(std::move(header), bytes, [this](std::span<const char> piece) { write(piece); });
}

// It speaks when it is asked, so that nothing of it waits to be read now.
void ProgramPipe::refuse_early_word() {
  if (reader_.waiting().empty()) {
    std::array<char, 256> piece;
    const ssize_t n = ::read(process_->from(), piece.data(), piece.size());
    if (n == 0) fail_of_end();
    if (n > 0) reader_.add({piece.data(), static_cast<size_t>(n)});
  }
  if (!reader_.waiting().empty())
    fail(Status::error, fmt::format("the program speaks out of turn, before '{}': {}", asked_,
                                    printable(reader_.waiting())));
}

void ProgramPipe::write(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(process_->to(), bytes.data(), bytes.size());
    if (n >= 0) {
      bytes = bytes.subspan(static_cast<size_t>(n));
    } else if (errno == EAGAIN) {
      wait_for(process_->to(), POLLOUT);
      refuse_early_word();
    } else if (errno != EINTR) {
      fail_of_end();
    }
  }
}

// ---- From the program

Message ProgramPipe::receive() {
  const size_t shared = by_memory_ ? memory_.bytes() : 0;
  try {
    return reader_.next({memory_.data(), shared});
  } catch (const BadMessage& fault) {
    fail(Status::error, fmt::format("the answer to '{}' {}", asked_, fault.what()));
  }
}

// At least one byte.
size_t ProgramPipe::read_some(char* into, size_t most) {
  while (true) {
    const ssize_t n = ::read(process_->from(), into, most);
    if (n > 0) return static_cast<size_t>(n);
    if (n == 0) fail_of_end();
    if (errno == EAGAIN)
      wait_for(process_->from(), POLLIN);
    else if (errno != EINTR)
      fail_of_end();
  }
}

// ---- Waiting and watching

// Returns when the descriptor is ready, when the program speaks, or after a moment.
void ProgramPipe::wait_for(int descriptor, short events) {
  if (has_ended_) fail_of_end();
  const double left_s = deadline_ - steady_seconds();
  if (left_s <= 0)
    fail(Status::timeout, fmt::format("more than {} s (no answer to '{}')", limits_.time_s, asked_));
  std::array<pollfd, 3> waited{pollfd{descriptor, events, 0}, pollfd{process_->from(), POLLIN, 0},
                               pollfd{log_is_open_ ? process_->log() : -1, POLLIN, 0}};
  const int ready =
      ::poll(waited.data(), waited.size(), static_cast<int>(std::ceil(1000 * std::min(left_s, kGlance_s))));
  if (waited[2].revents != 0) read_log();
  // What it wrote before its end is read first.
  const bool is_due = steady_seconds() - looked_ > kLookEvery_s;
  if (ready == 0 || is_due) has_ended_ = process_->poll().has_value();
  if (is_due) look();
  if (memory_kib_ > limits_.memory_mib * 1024)
    fail(Status::out_of_memory,
         fmt::format("more than {} MiB in the program's processes", limits_.memory_mib));
}

void ProgramPipe::read_log() {
  std::array<char, 1 << 14> piece;
  for (int round = 0; round < kMostLogRounds && log_is_open_; ++round) {
    const ssize_t n = ::read(process_->log(), piece.data(), piece.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) log_is_open_ = false;
    if (n > 0) log_.take({piece.data(), static_cast<size_t>(n)});
  }
}

// Where there is no memory for a look, what was known is still true.
void ProgramPipe::look() noexcept {
  const double before = harness::cpu_seconds();
  GroupUse use{.processes = is_alone_ ? 1 : 2, .others_cpu_s = others_cpu_s_, .memory_kib = memory_kib_};
  try {
    use = use_of_group(process_->group());
  } catch (const std::exception&) {
  }
  // A process that ends without being waited for takes its seconds away.
  others_cpu_s_ = std::max(others_cpu_s_, use.others_cpu_s);
  is_alone_ = use.processes <= 1 && others_cpu_s_ == 0;
  memory_kib_ = use.memory_kib;
  peak_memory_kib_ = std::max(peak_memory_kib_, memory_kib_);
  looked_ = steady_seconds();
  looking_cpu_s_ += harness::cpu_seconds() - before;
}

double ProgramPipe::peak_memory_mib() {
  look();
  return static_cast<double>(peak_memory_kib_) / 1024;
}

double ProgramPipe::cpu_seconds() noexcept {
  if (!is_alone_ || steady_seconds() - looked_ > kLookEvery_s) look();
  return process_->cpu_seconds() + others_cpu_s_ - looking_cpu_s_;
}

// ---- The end

void ProgramPipe::fail(Status status, const std::string& reason) {
  process_->kill();
  read_log();
  const std::string last = log_.last_words();
  throw ProgramFailed(status, last.empty() ? reason : fmt::format("{}; it printed last: {}", reason, last));
}

// Waits for a moment at most, and reads what it prints meanwhile.
void ProgramPipe::wait_for_end() {
  for (const double begin = steady_seconds(); !process_->poll() && steady_seconds() < begin + kGoodbye_s;) {
    read_log();
    ::usleep(500);
  }
}

// Its pipe is closed, which it may have done without ending.
void ProgramPipe::fail_of_end() {
  wait_for_end();
  const std::optional<ChildEnd> end = process_->poll();
  if (!end) fail(Status::error, fmt::format("the program closed its pipe after '{}'", asked_));
  fail(Status::crashed, fmt::format("the program ended {} after '{}'", words_of_end(*end), asked_));
}

}  // namespace samplerbench::harness
