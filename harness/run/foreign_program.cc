#include "harness/run/foreign_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/dtype_words.h"
#include "core/error.h"
#include "core/printable.h"
#include "core/suggest.h"
#include "harness/data/file_hash.h"
#include "harness/run/message_array.h"
#include "harness/run/program_failed.h"
#include "harness/spec/contract.h"
#include "harness/support/clock.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kMostCounted = int64_t{1} << 50;       // points, by a program itself
constexpr uint64_t kSeedBits = (uint64_t{1} << 53) - 1;  // whole numbers that every language's numbers hold
constexpr size_t kMostSaid = 300;                        // bytes of a program's own words in a message

bool is_request(const std::string& type) { return asks_for_values(type) || type == "start"; }

void require_planned_files(const Program& program, const std::filesystem::path& folder) {
  for (const auto& [name, hash] : program.files) {
    std::string found;
    try {
      found = sha256_of_file(folder / name);
    } catch (const InputError& error) {
      throw ProgramFailed(Status::error, error.what());
    }
    if (found != hash)
      throw ProgramFailed(Status::error,
                          fmt::format("{} has changed since the run was planned", printable(name, 80)));
  }
}

// Libraries that take threads of their own take as many as the run has.
PipedCommand command_of(const Program& program, const std::filesystem::path& folder, int threads) {
  require_planned_files(program, folder);
  PipedCommand command{.words = program.command,
                       .folder = folder,
                       .variables = {{"SAMPLERBENCH_IN", std::to_string(PipedProcess::kIn)},
                                     {"SAMPLERBENCH_OUT", std::to_string(PipedProcess::kOut)}}};
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "JULIA_NUM_THREADS"})
    command.variables[name] = std::to_string(threads);
  return command;
}

// How far two densities differ at some points, relative to the size of their values: the largest difference
// after a constant is removed, and the largest of scores, in Euclidean norm. NaN where one is not finite.
struct Disagreement {
  double log_density, score;
};

// `own` [m, 1 + D] has the log density first, then the score; all in float64.
Disagreement disagreement(const Tensor& own, const Tensor& value, const Tensor& score) {
  const Tensor off = own.select(1, 0) - value;
  const Tensor of_values = (off - off[0]).abs().max() / (1 + value.abs().max());
  const Tensor norms = score.square().sum(1).sqrt();
  const Tensor differences = (own.slice(1, 1) - score).square().sum(1).sqrt();
  const Tensor of_scores = (differences / (norms + norms.mean() + 1e-12)).max();
  return {of_values.item<double>(), of_scores.item<double>()};
}

}  // namespace

ForeignProgram::ForeignProgram(const Choice& sampler, const std::filesystem::path& folder,
                               const ProgramBrief& brief, const Limits& limits, double deadline,
                               const std::filesystem::path& log)
    : brief_(brief),
      self_counted_(sampler.program.value().self_counted),
      started_(steady_seconds()),
      pipe_(command_of(*sampler.program, folder, brief.threads), limits, deadline, log) {
  meet(sampler.options);
}

// ---- Meeting it

void ForeignProgram::meet(const Json& options) {
  Json hello{{"type", "hello"},
             {"protocol", kProgramProtocol},
             {"dim", brief_.dim},
             {"dtype", dtype_words(dtype())},
             {"threads", brief_.threads},
             {"start_scale", brief_.start_scale},
             {"budget", json_of(brief_.budget)},
             {"options", options},
             {"self_counted", self_counted_}};
  if (self_counted_) hello["target"] = brief_.target;
  if (pipe_.shared_bytes() > 0)
    hello["shared_memory"] = Json{{"descriptor", PipedProcess::kMemory}, {"bytes", pipe_.shared_bytes()}};
  const Message answer = answer_to(hello, "hello", nullptr);
  const int64_t protocol = whole_number(answer, "protocol", 0, kMostCounted);
  if (protocol != kProgramProtocol)
    refuse(fmt::format("the program speaks version {} of the protocol, and this suite speaks version {}",
                       protocol, kProgramProtocol));
  const auto text = [&](const char* member) {
    return read_from_program([&] { return printable(answer.text(member), 100); });
  };
  const auto flag = [&](const char* member) {
    return read_from_program([&] { return answer.flag(member); });
  };
  facts_.name = text("name");
  facts_.version = text("version");
  require_options(options, answer);
  keeps_chains_ = flag("chains");
  if (flag("shared_memory")) pipe_.use_shared_memory();
}

void ForeignProgram::require_options(const Json& options, const Message& hello) {
  std::vector<std::string> known;
  const Json list = hello.header.contains("options") ? hello.header["options"] : Json::array();
  if (!list.is_array()) refuse("the program's 'options' are no list of the names that it knows");
  for (const Json& name : list) {
    if (!name.is_string()) refuse("the program's 'options' are no list of the names that it knows");
    known.push_back(name.get<std::string>());
  }
  for (const auto& [name, value] : options.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      refuse("the program takes other options: " + unknown_name("option", name, known));
}

void ForeignProgram::require_density(const targets::Target& target, const Tensor& points) {
  const Tensor sent = points.to(torch::kCPU, dtype()).contiguous();
  const Message answer = answer_to(header_of("check", sent), "check", nullptr, bytes_of(sent));
  const Tensor own = array_of(answer, {sent.size(0), brief_.dim + 1}).to(torch::kDouble);
  const Tensor right =
      evaluate("value_and_score", sent.to(brief_.placement.device()), target).to(torch::kDouble);
  const Tensor finite = right.isfinite().all(1).nonzero().squeeze(1);
  if (finite.size(0) < 2)
    refuse("the target is not finite at two of the points at which densities are compared");
  const Tensor known = right.index_select(0, finite);
  const Disagreement found = disagreement(own.index_select(0, finite), known.select(1, 0), known.slice(1, 1));
  const double tolerance = dtype() == torch::kDouble ? 1e-6 : 1e-3;
  if (!(found.log_density <= tolerance))
    refuse(fmt::format(
        "the program's own log density is not the target's: but for a constant it is off by {:.2g} of "
        "its size, and {:g} is allowed",
        found.log_density, tolerance));
  if (!(found.score <= tolerance))
    refuse(fmt::format(
        "the program's own score is not the target's: it is off by {:.2g} of its size, and {:g} is "
        "allowed",
        found.score, tolerance));
}

// ---- Its work

void ForeignProgram::begin(uint64_t seed, const ProgramSource& source) {
  count(answer_to(Json{{"type", "begin"}, {"seed", seed & kSeedBits}}, "done", &source), source);
}

Json ForeignProgram::step(double spent, const ProgramSource& source) {
  const Message done = answer_to(Json{{"type", "step"}, {"spent", spent}}, "done", &source);
  if (self_counted_ && !done.header.contains("score"))
    refuse("the program's 'done' after 'step' has no 'score', how many it evaluated, and counts by itself");
  count(done, source);
  Json diagnostics = Json::object();
  if (!done.header.contains("diagnostics")) return diagnostics;
  const Json& told = done.header["diagnostics"];
  if (!told.is_object()) refuse("the program's 'diagnostics' are no object: " + printable(told.dump()));
  for (const auto& [name, value] : told.items()) {
    const bool is_number = value.is_number() || value == "nan" || value == "inf" || value == "-inf";
    if (!is_number)
      refuse(fmt::format("the program's diagnostic '{}' is no number: {}", printable(name),
                         printable(value.dump())));
    diagnostics[name] = number_from_json(value);
  }
  return diagnostics;
}

Tensor ForeignProgram::draw(int64_t n, uint64_t seed, const ProgramSource& source) {
  const Message answer =
      answer_to(Json{{"type", "draw"}, {"n", n}, {"seed", seed & kSeedBits}}, "draws", &source);
  count(answer, source);
  return array_of(answer, {n, brief_.dim}).to(brief_.placement.device());
}

std::optional<Tensor> ForeignProgram::chains() {
  if (!keeps_chains_) return std::nullopt;
  const Message answer = answer_to(Json{{"type", "chains"}}, "chains", nullptr);
  return array_of(answer, {kAnySize, kAnySize, brief_.dim}).to(brief_.placement.device());
}

Message ForeignProgram::answer_to(const Json& question, const std::string& type, const ProgramSource* source,
                                  std::span<const char> array) {
  const auto asked = question.at("type").get<std::string>();
  pipe_.send(question, array);
  while (true) {
    Message message = pipe_.receive();
    if (message.type == type) return message;
    if (message.type == "failed") give_up(message);
    if (!is_request(message.type))
      refuse(fmt::format("the program answers '{}' to '{}', and '{}' is right", printable(message.type),
                         asked, type));
    if (source == nullptr)
      refuse(fmt::format("the program asks for '{}' after '{}', where it may ask for nothing", message.type,
                         asked));
    supply(message, *source);
  }
}

void ForeignProgram::give_up(const Message& message) {
  const auto text_or = [&](const char* member, const char* fallback) {
    return read_from_program([&] { return message.text_or(member, fallback); });
  };
  const std::string why = printable(text_or("message", "it gives no reason"), kMostSaid);
  const std::string status = text_or("status", "error");
  if (status == "skipped") throw InputError(why);
  if (status == "diverged") throw Diverged(why);
  if (status != "error")
    refuse(fmt::format("the program's 'failed' has the status '{}', and error, skipped or diverged is valid",
                       printable(status)));
  refuse("the program failed: " + why);
}

void ForeignProgram::count(const Message& message, const ProgramSource& source) {
  if (!self_counted_) return;
  const auto told = [&](const char* member) {
    return message.header.contains(member) ? whole_number(message, member, 0, kMostCounted) : 0;
  };
  const int64_t scores = told("score");
  source.meter.score += scores;
  source.meter.density += told("density");
  source.meter.data_passes += static_cast<double>(scores) * source.target.data_share();
}

// ---- What it asks for

void ForeignProgram::supply(const Message& request, const ProgramSource& source) {
  const Tensor values = asked_for(request, source).contiguous();
  pipe_.send(header_of(request.type, values), bytes_of(values));
}

Tensor ForeignProgram::asked_for(const Message& request, const ProgramSource& source) {
  if (request.type == "start")
    return source.start(whole_number(request, "n", 1, most_points(brief_.dim, dtype()))).cpu();
  if (self_counted_)
    refuse(fmt::format(
        "the program asks for '{}', and one that counts by itself evaluates the density by itself",
        request.type));
  const Tensor points = array_of(request, {kAnySize, brief_.dim}).to(brief_.placement.device());
  return evaluate(request.type, points, source.target);
}

Tensor ForeignProgram::evaluate(const std::string& what, const Tensor& points,
                                const targets::Target& target) {
  const double begin = steady_seconds();
  const Tensor values = values_at(what, points, target).cpu();
  target_s_ += steady_seconds() - begin;
  return values;
}

int64_t ForeignProgram::whole_number(const Message& message, const std::string& member, int64_t least,
                                     int64_t most) {
  return read_from_program([&] { return message.whole_number(member, least, most); });
}

Tensor ForeignProgram::array_of(const Message& message, const std::vector<int64_t>& sizes) {
  return read_from_program([&] { return tensor_of(message, sizes, dtype()); });
}

// ---- What is known of it

void ForeignProgram::end_start() {
  facts_.start_s = steady_seconds() - started_;
  target_s_ = 0;
}

double ForeignProgram::take_target_seconds() { return std::exchange(target_s_, 0); }

ProgramFacts ForeignProgram::facts() {
  ProgramFacts facts = facts_;
  facts.peak_memory_mib = pipe_.peak_memory_mib();
  return facts;
}

}  // namespace samplerbench::harness
