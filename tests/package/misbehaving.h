// Samplers and targets that break every rule that they can break.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "core/error.h"
#include "samplers/sampler.h"

namespace misbehaving {

using namespace samplerbench;

// The ways of the sampler, all from its fifth step on.
inline std::vector<std::string> sampler_ways() {
  return {"not",
          "refuse",
          "throw",
          "throw_number",
          "diverge",
          "nan",
          "infinity",
          "kill",
          "abort",
          "segfault",
          "exit",
          "exit_0",
          "exit_3",
          "exit_4",
          "hang",
          "stop",
          "deaf",
          "hoard",
          "few_rows",
          "no_rows",
          "wide",
          "flat",
          "integers",
          "doubles",
          "undefined",
          "chains_wide",
          "chains_flat",
          "chains_empty",
          "chains_integers",
          "chains_undefined",
          "chains_nan",
          "chains_infinity",
          "loss_nan",
          "loss_infinity",
          "loss_words",
          "loss_list",
          "fork",
          "fork_session",
          "fork_twin",
          "fork_overrun",
          "shell",
          "change_folder",
          "close_files",
          "show_files",
          "leave_thread",
          "kill_group",
          "density_wide",
          "doze"};
}

class Sampler : public samplers::Sampler {
 public:
  explicit Sampler(const samplers::SamplerInput& input)
      : how_(input.options.text("how")), draws_(input.start(1000)) {
    if (how_ == "refuse") throw InputError("this sampler does not take this target");
  }

  Json step(Rng&) override {
    if (++steps_ < 5) return Json::object();
    end();
    if (steps_ == 5) multiply();
    if (how_ == "nan") draws_.fill_(std::nan(""));
    if (how_ == "infinity") draws_.slice(0, 3, 4).fill_(INFINITY);
    if (how_ == "change_folder" && ::chdir("/") != 0) throw std::runtime_error("no folder");
    if (how_ == "close_files") ::close_range(3, ~0U, 0);
    if (how_ == "doze") doze();
    if (how_ == "leave_thread") std::thread([] { ::pause(); }).detach();
    return diagnostics();
  }

  Tensor draw(int64_t n, Rng&) override {
    const Tensor right = draws_.slice(0, 0, n).clone();
    if (steps_ < 5) return right;
    if (how_ == "few_rows") return right.slice(0, 0, n / 2);
    if (how_ == "no_rows") return right.slice(0, 0, 0);
    if (how_ == "wide") return torch::cat({right, right.slice(1, 0, 1)}, 1);
    if (how_ == "flat") return right.flatten();
    if (how_ == "integers") return right.to(torch::kLong);
    if (how_ == "doubles") return right.to(torch::kDouble);
    if (how_ == "undefined") return {};
    return right;
  }

  std::optional<Tensor> chains() const override {
    if (!how_.starts_with("chains") || steps_ < 5) return std::nullopt;
    const Tensor right = draws_.slice(0, 0, 40).reshape({4, 10, -1});
    if (how_ == "chains_wide") return torch::cat({right, right}, 2);
    if (how_ == "chains_flat") return right.flatten(0, 1);
    if (how_ == "chains_empty") return right.slice(1, 0, 0);
    if (how_ == "chains_integers") return right.to(torch::kLong);
    if (how_ == "chains_undefined") return Tensor();
    return right.clone().fill_(how_ == "chains_nan" ? std::nan("") : INFINITY);
  }

  LogDensity log_density() const override {
    if (how_ != "density_wide" || steps_ < 5) return {};
    return [](const Tensor& x) { return x.sum(1, /*keepdim=*/true); };
  }

  void save(Archive& archive) const override { archive.put("draws", draws_); }
  void load(const Archive& archive) override { draws_ = archive.get("draws"); }

 private:
  // The ways that end the process, or the run.
  void end() {
    if (how_ == "throw") throw std::runtime_error("a sampler's own <error> & message");
    if (how_ == "throw_number") throw 7;
    if (how_ == "show_files") throw std::runtime_error("open files: " + open_files() + "end");
    if (how_ == "diverge") throw Diverged("the loss is not finite");
    if (how_ == "kill") std::raise(SIGKILL);
    if (how_ == "abort") std::abort();
    if (how_ == "segfault") std::raise(SIGSEGV);
    if (how_ == "exit") std::_Exit(9);
    if (how_ == "exit_0") std::exit(0);
    if (how_ == "exit_3") ::_exit(3);
    if (how_ == "exit_4") ::_exit(4);
    if (how_ == "kill_group") ::kill(0, SIGKILL);
    if (how_ == "stop") std::raise(SIGSTOP);
    if (how_ == "deaf")
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
    if (how_ == "hang" || how_ == "deaf") wait_for_ever();
    if (how_ == "hoard") draws_.add_(torch::zeros({int64_t{1} << 30}).sum());
  }

  // The files that this process has open beside its streams, and one that it opens here.
  static std::string open_files() {
    ::open("/dev/null", O_RDONLY);
    std::string names;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const std::string number = entry.path().filename(), name = std::filesystem::read_symlink(entry, gone);
      if (std::stoi(number) > STDERR_FILENO) names += name + " ";
    }
    return names;
  }

  // Waits without work, or ends as the environment says.
  static void doze() {
    const char* end = std::getenv("TRIAL_END");
    if (end == nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(40));
    if (end != nullptr && std::string(end) == "diverge") throw Diverged("the loss is not finite");
    if (end != nullptr && std::string(end) == "kill") std::raise(SIGKILL);
  }

  // The ways that make processes.
  void multiply() {
    if (how_ == "fork" || how_ == "fork_overrun")
      if (::fork() == 0) wait_for_ever();
    if (how_ == "fork_overrun") wait_for_ever();
    if (how_ == "fork_session") leave_session();
    if (how_ == "fork_twin") ::fork();
    if (how_ == "shell" && std::system("sleep 1000 &") != 0) throw std::runtime_error("no shell");
  }

  static void leave_session() {
    const pid_t between = ::fork();
    if (between > 0) ::waitpid(between, nullptr, 0);
    if (between != 0) return;
    ::setsid();
    if (::fork() == 0) wait_for_ever();
    ::_exit(0);
  }

  [[noreturn]] static void wait_for_ever() {
    while (true) ::pause();
  }

  Json diagnostics() const {
    if (how_ == "loss_nan") return {{"loss", std::nan("")}};
    if (how_ == "loss_infinity") return {{"loss", INFINITY}};
    if (how_ == "loss_words") return {{"loss", "low"}};
    if (how_ == "loss_list") return Json::array({1, 2});
    return Json::object();
  }

  std::string how_;
  Tensor draws_;
  int steps_ = 0;
};

// The ways of the target.
inline std::vector<std::string> target_ways() {
  return {"not",          "density_column", "density_scalar", "density_doubles", "density_undefined",
          "score_flat",   "exact_wide",     "exact_few",      "exact_floats",    "exact_nan",
          "modes_beyond", "exit_3",         "make_throws",    "score_scaled",    "rows_coupled",
          "value_stale",  "exact_global",   "exact_same",     "make_once"};
}

// A standard normal law in two dimensions.
class Target : public targets::Target {
 public:
  explicit Target(std::string how) : how_(std::move(how)) {}

  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override {
    const Tensor right = -x.square().sum(1) / 2;
    if (how_ == "exit_3") ::_exit(3);
    if (how_ == "density_column") return right.unsqueeze(1);
    if (how_ == "density_scalar") return right.sum();
    if (how_ == "density_doubles")
      return right.to(x.scalar_type() == torch::kFloat ? torch::kDouble : torch::kFloat);
    if (how_ == "density_undefined") return {};
    return how_ == "rows_coupled" ? right - 1e-3 * x.mean() : right;
  }
  Tensor score(const Tensor& x) const override {
    if (how_ == "score_scaled") return -1.01 * x;
    return how_ == "score_flat" ? -x.flatten() : -x;
  }
  targets::ValueAndScore value_and_score(const Tensor& x) const override {
    const Tensor value = log_density(x.detach());
    return {how_ == "value_stale" ? value + 1e-3 : value, score(x.detach())};
  }

 private:
  std::string how_;
};

inline targets::Problem target_problem(const std::string& how) {
  if (how == "make_throws") throw std::runtime_error("a target's own message");
  static bool made_once = false;  // in this process
  if (how == "make_once" && std::exchange(made_once, true)) throw std::runtime_error("it was made again");
  targets::Problem problem{.target = std::make_unique<Target>(how)};
  problem.reference.exact_draws = [how](int64_t n, Rng& rng) {
    const int64_t rows = how == "exact_few" ? n / 2 : n, columns = how == "exact_wide" ? 3 : 2;
    if (how == "exact_global") return torch::randn({rows, columns}, torch::kDouble);
    if (how == "exact_same") return torch::ones({rows, columns}, torch::kDouble);
    const Tensor draws = rng.normal({rows, columns}, how == "exact_floats" ? torch::kFloat : torch::kDouble);
    return how == "exact_nan" ? draws.fill_(std::nan("")) : draws;
  };
  problem.reference.modes =
      targets::Modes{.weights = torch::ones({1}, torch::kDouble), .assign = [how](const Tensor& x) {
                       return torch::full({x.size(0)}, how == "modes_beyond" ? 5 : 0, torch::kLong);
                     }};
  return problem;
}

// Both, as the sampler "misbehaving" and the target "crooked".
template <class Catalog>
void add(Catalog& catalog) {
  catalog.samplers.add(
      {.name = "misbehaving",
       .summary = "fails as it is told",
       .citation = "",
       .facts = samplers::DrawsAre::trained,
       .options = {Option::choice("how", "not", sampler_ways(), "how it fails")},
       .make = [](const samplers::SamplerInput& input) { return std::make_unique<Sampler>(input); }});
  catalog.targets.add(
      {.name = "crooked",
       .summary = "fails as it is told",
       .citation = "",
       .facts = targets::ExactDraws::known,
       .options = {Option::choice("how", "not", target_ways(), "how it fails")},
       .make = [](const targets::ProblemInput& input) { return target_problem(input.options.text("how")); }});
}

}  // namespace misbehaving
