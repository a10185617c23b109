#include "harness/fit.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <optional>

#include "harness/clock.h"
#include "harness/context.h"
#include "harness/data/file_pieces.h"
#include "harness/progress.h"
#include "harness/read_input.h"
#include "harness/record_file.h"
#include "harness/stop_signals.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* progress_name = "fit.progress";  // in a checkpoint, beside the fit's own tensors

constexpr const char* begin_anew = "--fresh begins anew";

Tensor as_bytes(const std::string& text) {
  return torch::tensor(at::ArrayRef<uint8_t>(reinterpret_cast<const uint8_t*>(text.data()), text.size()),
                       torch::kUInt8);
}

std::string as_text(const Tensor& bytes) {
  const Tensor plain = bytes.contiguous();
  if (plain.scalar_type() != torch::kUInt8 || plain.dim() != 1) return "";
  return {reinterpret_cast<const char*>(plain.data_ptr<uint8_t>()), static_cast<size_t>(plain.numel())};
}

// One process at a time fits a model.
class FitLock {
 public:
  explicit FitLock(fs::path path) : path_(std::move(path)) {
    make_folder(path_.parent_path());
    file_ = open_locked(path_);
  }
  ~FitLock() {
    ::unlink(path_.c_str());
    ::close(file_);
  }
  FitLock(const FitLock&) = delete;
  FitLock& operator=(const FitLock&) = delete;

 private:
  fs::path path_;
  int file_;
};

// How far a fit is, on standard error: a line that renews itself on a terminal, else one at each evaluation.
class FitLine {
 public:
  FitLine(std::string name, int64_t steps) : name_(std::move(name)), steps_(steps) {}
  ~FitLine() { close(); }
  FitLine(const FitLine&) = delete;
  FitLine& operator=(const FitLine&) = delete;

  void show(int64_t step, double loss, double left_s) {
    if (!terminal_ || steady_seconds() - shown_ < 0.5) return;
    shown_ = steady_seconds();
    fmt::print(stderr, "\r\033[K{} {}/{}, loss {:.4g}   {} left", name_, step, steps_, loss,
               in_words(left_s));
    std::fflush(stderr);
    open_ = true;
  }

  void evaluated(const Json& entry, double left_s) {
    close();
    std::string figures;
    for (const auto& [name, value] : entry.at("figures").items())
      figures += fmt::format(", {} {:.4g}", name, number_from_json(value));
    fmt::print(stderr, "{} {}/{}, loss {:.4g}{}, {:.0f} s{}\n", name_, entry.at("step").get<int64_t>(),
               steps_, number_from_json(entry.at("loss")), figures, entry.at("wall_s").get<double>(),
               left_s > 0 ? ", " + in_words(left_s) + " left" : "");
  }

 private:
  void close() {
    if (open_) fmt::print(stderr, "\r\033[K");
    open_ = false;
  }

  std::string name_;
  int64_t steps_;
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool open_ = false;
  double shown_ = 0;
};

// What is known of a fit beside its tensors; kept in checkpoints, and the most of a model's record.
struct FitHistory {
  Json entries = Json::array();  // {"step", "wall_s", "loss", "figures"}; loss: mean since the entry before
  Usage spent;
  int64_t resumed = 0;
  double loss_sum = 0;  // since the last entry
  int64_t loss_count = 0;
};

Json to_json(const FitHistory& history) {
  return {{"entries", history.entries},      {"steps", history.spent.steps}, {"wall_s", history.spent.wall_s},
          {"cpu_s", history.spent.cpu_s},    {"resumed", history.resumed},   {"loss_sum", history.loss_sum},
          {"loss_count", history.loss_count}};
}

FitHistory history_from(const Json& json) {
  FitHistory history{.entries = json.at("entries"),
                     .resumed = json.at("resumed"),
                     .loss_sum = json.at("loss_sum"),
                     .loss_count = json.at("loss_count")};
  history.spent.steps = json.at("steps");
  history.spent.wall_s = json.at("wall_s");
  history.spent.cpu_s = json.at("cpu_s");
  return history;
}

// The record of a finished model; null where there is none, or one that is not whole.
Json record_of(const fs::path& weights, const fs::path& record) {
  if (!fs::exists(weights) || !fs::exists(record)) return nullptr;
  const Json json = Json::parse(read_input(record), nullptr, /*allow_exceptions=*/false);
  const bool whole = json.is_object() && json.contains("sha256") && json.contains("figures");
  return whole && json.at("sha256") == sha256_of_file(weights) ? json : Json();
}

// One fit from its first step, or its last checkpoint, to its model and record.
class Fit {
 public:
  Fit(const FitPlan& plan, const Catalog& catalog, const DataFolder& files)
      : plan_(plan),
        spec_(plan.spec),
        key_(key_of(spec_)),
        device_(plan.placement.device),
        stream_(Rng(spec_.seed).split("fit")),
        fit_(make(catalog, files)) {
    if (!plan_.fresh) resume();
  }

  FitOutcome carry_out() {
    const StopSignals signals;
    FitLine line(spec_.name, spec_.steps);
    started_ = last_kept_ = steady_seconds();
    started_step_ = history_.spent.steps;
    try {
      while (history_.spent.steps < spec_.steps) {
        if (signals.asked()) {
          keep();
          return {.status = "interrupted", .weights = file(".pt")};
        }
        step(line);
      }
      return finish();
    } catch (const Diverged& error) {
      return {.status = "diverged", .reason = brief(error), .weights = file(".pt")};
    }
  }

 private:
  fs::path file(const std::string& extension) const { return plan_.models / (spec_.name + extension); }

  std::unique_ptr<targets::ModelFit> make(const Catalog& catalog, const DataFolder& files) const {
    const auto& entry = catalog.fits.at(spec_.fit.name);
    const std::string owner = "fit " + spec_.fit.name;
    const Options options(entry.options, spec_.fit.options, owner);
    const Rng init = stream_.split("init");
    try {
      return entry.make({.options = options,
                         .files = files,
                         .init = init,
                         .planned_steps = spec_.steps,
                         .device = device_});
    } catch (const InputError& error) {
      throw InputError(owner + ": " + error.what());
    }
  }

  void resume() {
    const fs::path path = file(".checkpoint");
    if (!fs::exists(path)) return;
    Json kept;
    try {
      const Archive archive = Archive::parse(read_input(path), path.string());
      kept = Json::parse(as_text(archive.get(progress_name)));
      if (kept.at("key") == key_) {
        history_ = history_from(kept.at("history"));
        fit_->load(archive);
      }
    } catch (const std::exception& error) {
      throw InputError(
          fmt::format("{}: not a checkpoint of a fit, or damaged; {}", path.string(), begin_anew));
    }
    if (kept.at("key") != key_)
      throw InputError(
          fmt::format("{}: a checkpoint of another spec, other data or another number of steps; {}",
                      path.string(), begin_anew));
    ++history_.resumed;
  }

  // Every step has a stream of its own, so that going on needs no generator's state.
  void step(FitLine& line) {
    const int64_t index = history_.spent.steps;
    Rng rng = stream_.split("step").split(static_cast<uint64_t>(index));
    Json diagnostics;
    {
      const Timed timed(history_.spent, device_);
      diagnostics = fit_->step(rng);
    }
    ++history_.spent.steps;
    const double loss = diagnostics.at("loss");
    history_.loss_sum += loss;
    ++history_.loss_count;
    line.show(index + 1, loss, left_s());
    if ((index + 1) % spec_.evaluate_every == 0 || index + 1 == spec_.steps) evaluate(line);
    if (steady_seconds() - last_kept_ >= spec_.checkpoint_s) keep();
  }

  void evaluate(FitLine& line) {
    Json figures = fit_->evaluate();
    for (auto& value : figures) value = number_to_json(value.get<double>());
    history_.entries.push_back(
        {{"step", history_.spent.steps},
         {"wall_s", history_.spent.wall_s},
         {"loss", number_to_json(history_.loss_sum / static_cast<double>(history_.loss_count))},
         {"figures", figures}});
    history_.loss_sum = 0;
    history_.loss_count = 0;
    line.evaluated(history_.entries.back(), left_s());
  }

  double left_s() const {
    const auto done = static_cast<double>(history_.spent.steps - started_step_);
    return (steady_seconds() - started_) / done * static_cast<double>(spec_.steps - history_.spent.steps);
  }

  void keep() {
    Archive archive;
    fit_->save(archive);
    archive.put(progress_name, as_bytes(Json{{"key", key_}, {"history", to_json(history_)}}.dump()));
    write_atomically(file(".checkpoint"), archive.serialise());
    last_kept_ = steady_seconds();
  }

  FitOutcome finish() {
    const std::string bytes = fit_->model().serialise();
    const Json record = this->record(bytes);
    // The record last: weights without their record are refused.
    write_atomically(file(".pt"), bytes);
    write_atomically(file(".json"), record.dump(1) + "\n");
    fs::remove(file(".checkpoint"));
    return {.status = "finished", .weights = file(".pt"), .record = record};
  }

  Json record(const std::string& bytes) const {
    Json record = to_json(spec_);
    record["schema"] = 1;
    record["key"] = key_;
    record["facts"] = fit_->facts();
    record["history"] = history_.entries;
    record["figures"] = history_.entries.back().at("figures");
    record["wall_s"] = history_.spent.wall_s;
    record["cpu_s"] = history_.spent.cpu_s;
    record["resumed"] = history_.resumed;
    record["threads"] = plan_.placement.threads;
    record["device"] = plan_.placement.device;
    record["peak_memory_mib"] = peak_memory_mib();
    record["context"] = machine_context();
    record["sha256"] = sha256(bytes);
    record["bytes"] = bytes.size();
    return record;
  }

  const FitPlan& plan_;
  const FitSpec& spec_;
  std::string key_;
  torch::Device device_;
  Rng stream_;
  std::unique_ptr<targets::ModelFit> fit_;
  FitHistory history_;
  double started_ = 0, last_kept_ = 0;
  int64_t started_step_ = 0;
};

}  // namespace

FitOutcome carry_out_fit(const FitPlan& plan, const Catalog& catalog, const DataFolder& files) {
  at::set_num_threads(plan.placement.threads);
  const FitLock lock(plan.models / (plan.spec.name + ".lock"));
  const fs::path weights = plan.models / (plan.spec.name + ".pt");
  const fs::path record = plan.models / (plan.spec.name + ".json");
  if (!plan.fresh) {
    const Json there = record_of(weights, record);
    if (there.is_object() && there.value("key", "") == key_of(plan.spec))
      return {.status = "found", .weights = weights, .record = there};
    if (there.is_object())
      throw InputError(
          fmt::format("{}: a model of another spec, other data or another number of steps; --fresh "
                      "replaces it when the new one is done",
                      weights.string()));
  }
  return Fit(plan, catalog, files).carry_out();
}

}  // namespace samplerbench::harness
