#include <ATen/Parallel.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include "core/call.h"
#include "core/dtype_words.h"
#include "core/error.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/plan/data_files.h"
#include "harness/records/program.h"
#include "harness/run/ending.h"
#include "harness/run/message.h"
#include "harness/run/message_array.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/spec/contract.h"
#include "harness/support/descriptor.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kMostOfReason = 2000;  // bytes

// Thrown where no more questions come.
class NoMoreQuestions : public std::exception {};

// At least one byte of standard input. Throws NoMoreQuestions at its end.
size_t read_question(char* into, size_t most) {
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, into, most);
    if (n > 0) return static_cast<size_t>(n);
    if (n == 0 || errno != EINTR) throw NoMoreQuestions();
  }
}

// Standard output as it was given, for answers alone: as long as this object lives, what libraries print goes
// to standard error. Throws std::system_error.
class AnswerStream {
 public:
  AnswerStream() : given_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)) {
    if (!given_.is_open() || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) fail();
  }
  ~AnswerStream() {
    std::cout.flush();
    std::fflush(stdout);
    ::dup2(given_.number(), STDOUT_FILENO);
  }
  AnswerStream(const AnswerStream&) = delete;
  AnswerStream& operator=(const AnswerStream&) = delete;

  void write(std::span<const char> bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(given_.number(), bytes.data(), bytes.size());
      if (n >= 0)
        bytes = bytes.subspan(static_cast<size_t>(n));
      else if (errno != EINTR)
        fail();
    }
  }

 private:
  [[noreturn]] static void fail() {
    throw std::system_error(errno, std::generic_category(), "standard output");
  }

  Descriptor given_;
};

// Answers questions about one target, one after the other: PROTOCOL.md.
class TargetService {
 public:
  TargetService(const std::string& label, const targets::Problem& problem, const AnswerStream& answers)
      : label_(label), problem_(problem), answers_(answers) {}

  // Until no more come. What cannot be answered is said so, and the next question is taken.
  void work() {
    MessageReader reader(read_question);
    while (true) {
      try {
        const Message question = reader.next();
        if (question.type == "stop") return;
        answer(question);
      } catch (const NoMoreQuestions&) {
        return;
      } catch (const BadMessage& fault) {
        say_failed(std::string("the message ") + fault.what(), 2);
      } catch (const InputError& error) {
        say_failed(error.what(), 2);
      } catch (const std::exception& error) {
        say_failed(is_out_of_memory(error) ? "the memory does not suffice" : brief(error), 1);
      }
    }
  }

 private:
  void answer(const Message& question) {
    if (question.type == "hello") return greet(question);
    if (!dtype_) throw BadMessage(fmt::format("'{}' comes before 'hello'", printable(question.type)));
    if (question.type == "draw") return send_array("draws", exact_draws(question));
    if (!asks_for_values(question.type))
      throw BadMessage(
          fmt::format("'{}' is none of draw, hello, log_density, score, stop and value_and_score",
                      printable(question.type)));
    const Tensor points = tensor_of(question, {kAnySize, problem_.target->dim()}, *dtype_);
    const int64_t most = most_points(problem_.target->dim(), *dtype_);
    if (points.size(0) > most)
      throw BadMessage(
          fmt::format("'{}' has {} points, and {} are the most", question.type, points.size(0), most));
    send_array(question.type, values_at(question.type, points, *problem_.target));
  }

  void greet(const Message& hello) {
    const int64_t protocol = hello.whole_number("protocol", 0, INT64_MAX);
    if (protocol != kProgramProtocol)
      throw BadMessage(
          fmt::format("'hello' is of version {} of the protocol, and this program speaks version {}",
                      protocol, kProgramProtocol));
    const std::string dtype = hello.text_or("dtype", "float64");
    if (dtype != "float32" && dtype != "float64")
      throw BadMessage(
          fmt::format("'hello' has dtype = {}, and float32 or float64 is valid", printable(dtype)));
    dtype_ = dtype_named(dtype);
    const targets::Reference& reference = problem_.reference;
    Json facts{{"type", "hello"},
               {"protocol", kProgramProtocol},
               {"name", "samplerbench"},
               {"version", version},
               {"target", label_},
               {"dim", problem_.target->dim()},
               {"dtype", dtype},
               {"has_density", problem_.target->has_density()},
               {"exact_draws", static_cast<bool>(reference.exact_draws)}};
    if (reference.log_z) facts["log_z"] = number_to_json(*reference.log_z);
    send(facts);
  }

  Tensor exact_draws(const Message& question) const {
    const int64_t n = question.whole_number("n", 1, most_points(problem_.target->dim(), *dtype_));
    const int64_t seed = question.whole_number("seed", 0, INT64_MAX);
    if (!problem_.reference.exact_draws)
      throw InputError(fmt::format("{}: no exact draws of this target are known", label_));
    Rng rng(static_cast<uint64_t>(seed));
    return problem_.reference.exact_draws(n, rng).to(*dtype_);
  }

  void say_failed(const std::string& why, int exit_code) {
    send(Json{{"type", "failed"}, {"message", printable(why, kMostOfReason)}, {"exit_code", exit_code}});
  }

  void send_array(const std::string& type, const Tensor& values) {
    const Tensor sent = values.contiguous();
    send(header_of(type, sent), bytes_of(sent));
  }

  void send(const Json& header, std::span<const char> bytes = {}) {
    write_message(header, bytes, [this](std::span<const char> piece) { answers_.write(piece); });
  }

  const std::string label_;
  const targets::Problem& problem_;
  const AnswerStream& answers_;
  std::optional<torch::ScalarType> dtype_;  // as the client says in 'hello'
};

}  // namespace

Syntax serve_syntax() {
  Syntax syntax{.usage = "samplerbench serve TARGET [options]",
                .positionals = {{"TARGET", "the target, such as donut or gaussian:correlation=0.95"}},
                .required = 1};
  syntax.flags.add_options()                                                               //
      ("seed", po::value<std::string>()->default_value("0"), "seed of the split of data")  //
      ("threads", po::value<std::string>()->default_value("1"), "threads to evaluate with");
  add_data_flag(syntax.flags);
  syntax.offers["TARGET"] = {.names = {Names::targets}};
  return syntax;
}

int serve_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, serve_syntax());
  if (arguments.help) return 0;
  const Choice target = choose(catalog.targets, parse_call(arguments.text("TARGET")), "TARGET");
  const int64_t seed = whole_number(arguments, "seed", 0, INT64_MAX);
  at::set_num_threads(static_cast<int>(thread_count(arguments)));
  const DataFolder data = data_folder(arguments, catalog);
  const AnswerStream answers;
  const targets::Problem problem =
      made_target(target, "TARGET " + target.name, catalog, data, static_cast<uint64_t>(seed));
  TargetService(target.label, problem, answers).work();
  return 0;
}

}  // namespace samplerbench::harness
