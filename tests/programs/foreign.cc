// A sampler that is a program of its own and uses no library of the suite: unadjusted Langevin chains that
// keep to harness/run/PROTOCOL.md, and every way of breaking it. Its options are those of Settings; `how`
// says the way.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::json;
using Numbers = std::vector<double>;

[[noreturn]] void wait_for_ever() {
  while (true) ::pause();
}

// Works until this thread has spent so many CPU seconds.
void burn(double seconds) {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  const double begin = static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  do ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  while (static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec) < begin + seconds);
}

// The numbers of all files that are open here, in order.
std::string open_files() {
  std::string numbers;
  for (int number = 0; number < 1024; ++number)
    if (::fcntl(number, F_GETFD) >= 0) numbers += std::to_string(number) + " ";
  return numbers;
}

int descriptor_named(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? -1 : std::atoi(value);
}

// Messages from and to the suite.
class Pipe {
 public:
  // The next message; its array is in numbers(). Ends the program where there is none.
  Json hear() {
    std::string line;
    for (char letter = 0; letter != '\n';) {
      read_all(&letter, 1);
      if (letter != '\n') line += letter;
    }
    Json header = Json::parse(line);
    std::string bytes(header.value("bytes", size_t{0}), '\0');
    if (header.value("memory", false))
      std::memcpy(bytes.data(), memory_, bytes.size());
    else
      read_all(bytes.data(), bytes.size());
    unpack(bytes);
    return header;
  }

  const Numbers& numbers() const { return numbers_; }

  void take(const Json& hello, bool by_memory) {
    single_ = hello.at("dtype") == "float32";
    if (!by_memory) return;
    const Json& offer = hello.at("shared_memory");
    const size_t bytes = offer.at("bytes");
    memory_ = static_cast<char*>(
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, offer.at("descriptor").get<int>(), 0));
    memory_bytes_ = bytes;
  }

  // `header` with an array of this shape.
  void say(Json header, const std::vector<size_t>& shape, const Numbers& numbers) {
    const std::string bytes = packed(numbers);
    header["shape"] = shape;
    header["dtype"] = single_ ? "float32" : "float64";
    header["bytes"] = bytes.size();
    if (bytes.size() <= memory_bytes_) {
      std::memcpy(memory_, bytes.data(), bytes.size());
      header["memory"] = true;
      return say(header.dump() + "\n");
    }
    say(header.dump() + "\n" + bytes);
  }
  void say(const Json& header) { say(header.dump() + "\n"); }

  void say(const std::string& bytes) {
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(out, bytes.data() + done, std::min(bytes.size() - done, piece));
      if (n <= 0) std::_Exit(91);
      done += static_cast<size_t>(n);
    }
  }

  const int in = descriptor_named("SAMPLERBENCH_IN"), out = descriptor_named("SAMPLERBENCH_OUT");
  size_t piece = SIZE_MAX;  // bytes that are written at once

 private:
  void read_all(char* into, size_t count) {
    while (count > 0) {
      const ssize_t n = ::read(in, into, count);
      if (n <= 0) std::_Exit(92);
      into += n;
      count -= static_cast<size_t>(n);
    }
  }

  template <class T>
  static void append(std::string& bytes, T number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }

  std::string packed(const Numbers& numbers) const {
    std::string bytes;
    for (const double number : numbers) {
      if (single_)
        append(bytes, static_cast<float>(number));
      else
        append(bytes, number);
    }
    return bytes;
  }

  template <class T>
  void unpack_as(const std::string& bytes) {
    numbers_.clear();
    for (size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
      T number;
      std::memcpy(&number, bytes.data() + i, sizeof(T));
      numbers_.push_back(static_cast<double>(number));
    }
  }
  void unpack(const std::string& bytes) {
    return single_ ? unpack_as<float>(bytes) : unpack_as<double>(bytes);
  }

  bool single_ = false;
  char* memory_ = nullptr;
  size_t memory_bytes_ = 0;
  Numbers numbers_;
};

struct Settings {
  explicit Settings(const Json& options)
      : how(options.value("how", "not")),
        chains(options.value("chains", size_t{16})),
        step_size(options.value("step_size", 0.1)),
        noise(options.value("noise", "")),
        burn_s(options.value("burn_s", 0.0)),
        memory(options.value("memory", false)),
        keeps(options.value("keeps", false)) {}

  static Json names() { return {"how", "chains", "step_size", "noise", "burn_s", "memory", "keeps"}; }

  std::string how;
  size_t chains;
  double step_size;
  std::string noise;  // file of the normals, doubles one after the other; without one the noise is 0
  double burn_s;      // CPU seconds of a step
  bool memory;        // arrays go by shared memory
  bool keeps;         // the states of its chains
};

class Fixture {
 public:
  Fixture() : hello_(pipe_.hear()), settings_(hello_.at("options")), dim_(hello_.at("dim")) { meet(); }

  [[noreturn]] void work() {
    while (true) answer(pipe_.hear());
  }

 private:
  bool is(const char* way) const { return settings_.how == way; }

  // ---- Meeting the suite

  void meet() {
    end_here("hello");
    if (is("close_out")) {
      ::close(pipe_.out);
      wait_for_ever();
    }
    if (is("not_json")) pipe_.say(std::string("hello there\n"));
    if (is("empty_line")) pipe_.say(std::string("\n"));
    if (is("long_line")) pipe_.say(std::string(100000, 'x'));
    if (is("list")) pipe_.say(std::string("[1, 2]\n"));
    if (is("no_type")) pipe_.say(std::string("{}\n"));
    if (is("number_type")) pipe_.say(std::string("{\"type\": 1}\n"));
    if (is("latin")) pipe_.say(std::string("{\"type\": \"hello\", \"name\": \"\xff\"}\n"));
    if (is("deep")) pipe_.say("{\"type\": " + std::string(200, '[') + std::string(200, ']') + "}\n");
    if (is("huge_number")) pipe_.say(std::string("{\"type\": \"hello\", \"protocol\": 1e999}\n"));
    if (is("wrong_type")) pipe_.say(Json{{"type", "done"}});
    if (is("score_at_hello")) pipe_.say(Json{{"type", "score"}});
    pipe_.say(own_hello().dump() + "\n" + (is("hello_twice") ? own_hello().dump() + "\n" : ""));
    pipe_.take(hello_, settings_.memory);
    if (is("slow")) pipe_.piece = 7;
    if (is("deaf")) std::signal(SIGTERM, SIG_IGN);
  }

  Json own_hello() const {
    Json own{{"type", "hello"},
             {"protocol", 1},
             {"name", "fixture"},
             {"version", "1.2"},
             {"options", Settings::names()},
             {"shared_memory", settings_.memory},
             {"chains", settings_.keeps}};
    if (is("protocol_2")) own["protocol"] = 2;
    if (is("protocol_text")) own["protocol"] = "1";
    if (is("no_protocol")) own.erase("protocol");
    if (is("no_name")) own.erase("name");
    if (is("name_number")) own["name"] = 7;
    if (is("options_text")) own["options"] = "how";
    if (is("options_numbers")) own["options"] = {1, 2};
    if (is("options_none")) own.erase("options");
    if (is("chains_number")) own["chains"] = 1;
    return own;
  }

  // ---- Working

  void answer(const Json& question) {
    const std::string type = question.at("type");
    if (type == "begin") begin(question.at("seed"));
    if (type == "step") step();
    if (type == "draw") draw(question.at("n"));
    if (type == "chains") chains();
    if (type == "check") check();
    if (type == "stop" && is("deaf")) wait_for_ever();
    if (type == "stop") std::exit(0);
  }

  void begin(double seed) {
    seed_ = seed;
    steps_ = 0;
    history_.clear();
    if (!settings_.noise.empty()) noise_ = std::ifstream(settings_.noise, std::ios::binary);
    pipe_.say(Json{{"type", "start"}, {"n", settings_.chains}});
    pipe_.hear();
    state_ = pipe_.numbers();
    ++begun_;
    if (is("seeded") || is("own_seeded") || is("idle") || is("resting")) state_[0] += 1e-16 * seed_;
    if (is("unrepeatable")) state_[0] += begun_;
    pipe_.say(Json{{"type", "done"}});
  }

  void step() {
    end_here("step");
    break_step();
    is("burn_child") ? burn_in_child() : burn(settings_.burn_s);
    const Numbers score = is("idle")    ? Numbers(state_.size(), 1.0)
                          : is_of_own() ? own_score(state_)
                                        : asked_for("score", state_);
    for (size_t i = 0; i < state_.size() && !is("resting"); ++i) {
      double noise = 0;
      if (noise_.is_open()) noise_.read(reinterpret_cast<char*>(&noise), sizeof(noise));
      state_[i] += settings_.step_size / 2 * score[i];
      state_[i] += std::sqrt(settings_.step_size) * noise;
    }
    if (settings_.keeps) history_.push_back(state_);
    ++steps_;
    if (is("close_in")) ::close(pipe_.in);
    const std::string done = finished_step().dump() + "\n";
    pipe_.say(is("done_twice") ? done + done : done);
    if (is("close_in")) wait_for_ever();
  }

  Json finished_step() const {
    Json done{{"type", "done"}, {"diagnostics", {{"seed", seed_}, {"steps", steps_}}}};
    if (is("diagnostics_list")) done["diagnostics"] = {1, 2};
    if (is("diagnostics_text")) done["diagnostics"] = {{"loss", "low"}};
    if (is("diagnostics_nan")) done["diagnostics"] = {{"loss", "nan"}};
    if (is_of_own() && !is("own_no_count"))
      done["score"] = is("own_negative") ? -1 : static_cast<int>(settings_.chains);
    return done;
  }

  void draw(size_t n) {
    end_here("draw");
    if (is("draws_done")) pipe_.say(Json{{"type", "done"}});
    Numbers draws;
    for (size_t i = 0; i < n * dim_; ++i) draws.push_back(is("draws_nan") ? NAN : state_[i % state_.size()]);
    if (is("draws_few")) draws.resize((n - 1) * dim_);
    if (is("draws_few")) pipe_.say(Json{{"type", "draws"}}, {n - 1, dim_}, draws);
    if (is("draws_wide")) pipe_.say(Json{{"type", "draws"}}, {n / 2, 2 * dim_}, draws);
    if (is("draws_flat")) pipe_.say(Json{{"type", "draws"}}, {n * dim_}, draws);
    pipe_.say(Json{{"type", "draws"}}, {n, dim_}, draws);
  }

  // [C, T, D]
  void chains() {
    if (is("chains_done")) pipe_.say(Json{{"type", "done"}});
    if (is("chains_score")) asked_for("score", state_);
    Numbers all;
    for (size_t chain = 0; chain < settings_.chains; ++chain)
      for (const Numbers& states : history_)
        for (size_t d = 0; d < dim_; ++d) all.push_back(states[chain * dim_ + d]);
    if (is("chains_flat"))
      pipe_.say(Json{{"type", "chains"}}, {settings_.chains * history_.size(), dim_}, all);
    pipe_.say(Json{{"type", "chains"}}, {settings_.chains, history_.size(), dim_}, all);
  }

  Numbers asked_for(const char* what, const Numbers& points) {
    pipe_.say(Json{{"type", what}}, {points.size() / dim_, dim_}, points);
    pipe_.hear();
    return pipe_.numbers();
  }

  // ---- Its own density: the suite's target "gaussian"

  bool is_of_own() const { return settings_.how.starts_with("own") && !is("own_asks"); }

  double correlation() const { return hello_.at("target").at("options").at("correlation"); }

  Numbers own_score(const Numbers& x) const {
    const double rho = correlation();
    Numbers score;
    for (size_t i = 0; i < x.size(); i += 2) {
      score.push_back((rho * x[i + 1] - x[i]) / (1 - rho * rho));
      score.push_back((rho * x[i] - x[i + 1]) / (1 - rho * rho));
    }
    return score;
  }

  // Rows of the log density and the score.
  void check() {
    const Numbers x = pipe_.numbers(), score = own_score(x);
    Numbers answer;
    for (size_t i = 0; i < x.size(); i += 2) {
      const double own = (x[i] * score[i] + x[i + 1] * score[i + 1]) / 2;
      const double wrong = is("own_wrong_density") ? 0.01 * x[i] : is("own_nan") ? NAN : 0;
      const double factor = is("own_wrong_score") ? 1.01 : 1;
      answer.insert(answer.end(),
                    {own + wrong + (is("own_shifted") ? 1000 : 0), factor * score[i], score[i + 1]});
    }
    pipe_.say(Json{{"type", "check"}}, {x.size() / 2, 3}, answer);
  }

  // ---- Ways of ending and of breaking the protocol

  // "step_exit", "hello_segfault" and the like.
  void end_here(const std::string& phase) {
    const auto ends = [&](const char* how) { return settings_.how == phase + "_" + how; };
    if (ends("exit_0")) std::exit(0);
    if (ends("segfault")) std::raise(SIGSEGV);
    if (ends("kill")) std::raise(SIGKILL);
    if (ends("hang")) wait_for_ever();
    if (!ends("exit_3")) return;
    std::fputs("Traceback:\nModuleNotFoundError: no module named 'numpy'\n\n", stderr);
    std::exit(3);
  }

  // A request with the points of three zeros, of which `change` changes the header.
  template <class Change>
  void ask_wrongly(const Change& change, const std::string& bytes = std::string(48, '\0')) {
    Json header{{"type", "score"}, {"shape", {3, 2}}, {"dtype", "float64"}, {"bytes", 48}};
    change(header);
    pipe_.say(header.dump() + "\n" + bytes);
    wait_for_ever();
  }

  void break_step() {
    if (is("spin"))
      while (true) burn(1);
    if (is("flood")) std::fputs(std::string(size_t{4} << 20, '.').c_str(), stdout);
    if (is("babble"))
      while (true) pipe_.say(std::string(4096, 'x'));
    if (is("unknown")) ask_wrongly([](Json& h) { h["type"] = "hessian"; });
    if (is("points_wide")) ask_wrongly([](Json& h) { h["shape"] = {2, 3}; });
    if (is("points_flat")) ask_wrongly([](Json& h) { h["shape"] = {6}; });
    if (is("points_single")) ask_wrongly([](Json& h) { h["dtype"] = "float32"; });
    if (is("points_no_dtype")) ask_wrongly([](Json& h) { h.erase("dtype"); });
    if (is("points_no_shape")) ask_wrongly([](Json& h) { h.erase("shape"); });
    if (is("points_shape_text")) ask_wrongly([](Json& h) { h["shape"] = {"three", 2}; });
    if (is("points_negative")) ask_wrongly([](Json& h) { h["shape"] = {-3, 2}; });
    if (is("points_none")) ask_wrongly([](Json& h) { h["shape"] = {0, 2}; });
    if (is("points_more")) ask_wrongly([](Json& h) { h["shape"] = {4, 2}; });
    if (is("points_no_bytes")) ask_wrongly([](Json& h) { h.erase("bytes"); }, "");
    if (is("points_torn")) ask_wrongly([](Json&) {}, std::string(20, '\0'));
    if (is("bytes_negative")) ask_wrongly([](Json& h) { h["bytes"] = -48; });
    if (is("bytes_huge")) ask_wrongly([](Json& h) { h["bytes"] = int64_t{1} << 62; });
    if (is("bytes_text")) ask_wrongly([](Json& h) { h["bytes"] = "48"; });
    if (is("memory_unasked")) ask_wrongly([](Json& h) { h["memory"] = true; }, "");
    if (is("start_none")) ask_wrongly([](Json& h) { h = {{"type", "start"}, {"n", 0}}; }, "");
    if (is("start_huge")) ask_wrongly([](Json& h) { h = {{"type", "start"}, {"n", int64_t{1} << 40}}; }, "");
    if (is("start_text")) ask_wrongly([](Json& h) { h = {{"type", "start"}, {"n", "ten"}}; }, "");
    if (is("own_asks")) ask_wrongly([](Json&) {});
    if (is("asks_twice")) {
      const std::string request = Json{{"type", "start"}, {"n", 1}}.dump() + "\n";
      pipe_.say(request + request);
      wait_for_ever();
    }
    if (is("torn_exit")) {
      pipe_.say(Json{{"type", "score"}, {"shape", {3, 2}}, {"dtype", "float64"}, {"bytes", 48}}.dump() +
                "\nxx");
      std::exit(6);
    }
    if (is("failed")) pipe_.say(Json{{"type", "failed"}, {"message", "the step size\nis 0"}});
    if (is("show_files"))
      pipe_.say(Json{{"type", "failed"}, {"message", "open files: " + open_files() + "end"}});
    if (is("failed_silent")) pipe_.say(Json{{"type", "failed"}});
    if (is("failed_word")) pipe_.say(Json{{"type", "failed"}, {"status", "tired"}});
    if (is("skipped"))
      pipe_.say(Json{{"type", "failed"}, {"status", "skipped"}, {"message", "takes one dimension"}});
    if (is("diverged"))
      pipe_.say(Json{{"type", "failed"}, {"status", "diverged"}, {"message", "a chain left"}});
    if (is("hoard")) hoard();
    if (settings_.how.starts_with("child") && steps_ == 0) leave_child(is("child_session"));
    if (is("child")) std::exit(5);
    if (is("child_hang")) wait_for_ever();
  }

  static void hoard() {
    static char* volatile memory = nullptr;  // which no compiler leaves out
    constexpr size_t kBytes = size_t{400} << 20;
    memory = static_cast<char*>(std::malloc(kBytes));
    std::memset(memory, 1, kBytes);
    wait_for_ever();
  }

  static void leave_child(bool in_own_session) {
    if (::fork() != 0) return;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
    if (in_own_session) ::setsid();
    wait_for_ever();
  }

  void burn_in_child() const {
    const pid_t child = ::fork();
    if (child == 0) {
      burn(settings_.burn_s);
      std::_Exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }

  Pipe pipe_;
  Json hello_;
  Settings settings_;
  size_t dim_;
  double seed_ = 0;
  int steps_ = 0;
  int begun_ = 0;
  Numbers state_;                 // [C, D]
  std::vector<Numbers> history_;  // states after each step
  std::ifstream noise_;
};

}  // namespace

int main() { Fixture().work(); }
