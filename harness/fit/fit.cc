#include "harness/fit/fit.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <optional>

#include "harness/data/file_hash.h"
#include "harness/fit/fit_history.h"
#include "harness/fit/fit_line.h"
#include "harness/run/context.h"
#include "harness/spec/catalog.h"
#include "harness/support/clock.h"
#include "harness/support/files.h"
#include "harness/support/read_input.h"
#include "harness/support/stop_signals.h"
#include "harness/support/timed.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgressName = "fit.progress";  // in a checkpoint, beside the fit's own tensors

constexpr const char* kModelExtension = ".safetensors";
constexpr const char* kBeginAnew = "--fresh begins anew";

Tensor as_bytes(const std::string& text) {
  return torch::tensor(at::ArrayRef<uint8_t>(reinterpret_cast<const uint8_t*>(text.data()), text.size()),
                       torch::kByte);
}

std::string as_text(const Tensor& bytes) {
  const Tensor plain = bytes.contiguous();
  if (plain.scalar_type() != torch::kByte || plain.dim() != 1) return "";
  return {reinterpret_cast<const char*>(plain.data_ptr<uint8_t>()), static_cast<size_t>(plain.numel())};
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
    started_step_ = history_.steps;
    try {
      while (history_.steps < spec_.steps) {
        if (signals.asked()) {
          keep();
          return {.end = FitEnd::interrupted, .weights = file(kModelExtension)};
        }
        step(line);
      }
      return finish();
    } catch (const Diverged& error) {
      return {.end = FitEnd::diverged, .reason = brief(error), .weights = file(kModelExtension)};
    }
  }

 private:
  fs::path file(const std::string& extension) const { return plan_.models / (spec_.name + extension); }

  std::unique_ptr<targets::ModelFit> make(const Catalog& catalog, const DataFolder& files) const {
    const auto& entry = catalog.fits.at(spec_.fit.name);
    const std::string owner = "fit " + spec_.fit.name;
    const Options options = Options::resolved(entry.options, spec_.fit.options, owner);
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
      kept = Json::parse(as_text(archive.get(kProgressName)));
      if (kept.at("key") == key_) {
        history_ = from_json_of<FitHistory>(kept.at("history"));
        fit_->load(archive);
      }
    } catch (const std::exception& error) {
      throw InputError(
          fmt::format("{}: not a checkpoint of a fit, or damaged; {}", path.string(), kBeginAnew));
    }
    if (kept.at("key") != key_)
      throw InputError(
          fmt::format("{}: a checkpoint of another spec, other data or another number of steps; {}",
                      path.string(), kBeginAnew));
    ++history_.resumed;
  }

  // Every step has a stream of its own, so that going on needs no generator's state.
  void step(FitLine& line) {
    const int64_t index = history_.steps;
    Rng rng = stream_.split("step").split(static_cast<uint64_t>(index));
    Json diagnostics;
    Usage usage;
    {
      const Timed timed(usage, device_);
      diagnostics = fit_->step(rng);
    }
    history_.wall_s += usage.wall_s;
    history_.cpu_s += usage.cpu_s;
    ++history_.steps;
    const double loss = diagnostics.at("loss");
    history_.loss_sum += loss;
    ++history_.loss_count;
    line.show(index + 1, loss, left_s());
    if ((index + 1) % spec_.evaluate_every == 0 || index + 1 == spec_.steps) evaluate(line);
    if (steady_seconds() - last_kept_ >= spec_.checkpoint_s) keep();
  }

  void evaluate(FitLine& line) {
    FitEvaluation evaluation{.step = history_.steps,
                             .wall_s = history_.wall_s,
                             .loss = history_.loss_sum / static_cast<double>(history_.loss_count)};
    const Json figures = fit_->evaluate();
    for (const auto& [name, value] : figures.items()) evaluation.figures[name] = value.get<double>();
    history_.entries.push_back(std::move(evaluation));
    history_.loss_sum = 0;
    history_.loss_count = 0;
    line.evaluated(history_.entries.back(), left_s());
  }

  double left_s() const {
    const auto done = static_cast<double>(history_.steps - started_step_);
    return (steady_seconds() - started_) / done * static_cast<double>(spec_.steps - history_.steps);
  }

  void keep() {
    Archive archive;
    fit_->save(archive);
    archive.put(kProgressName, as_bytes(Json{{"key", key_}, {"history", json_of(history_)}}.dump()));
    write_atomically(file(".checkpoint"), archive.serialise());
    last_kept_ = steady_seconds();
  }

  FitOutcome finish() {
    const std::string bytes = fit_->model().serialise();
    const Json record = this->record(bytes);
    // The record last: weights without their record are refused.
    write_atomically(file(kModelExtension), bytes);
    write_atomically(file(".json"), record.dump(1) + "\n");
    fs::remove(file(".checkpoint"));
    return {.end = FitEnd::finished, .weights = file(kModelExtension), .record = record};
  }

  Json record(const std::string& bytes) const {
    Json record = to_json(spec_);
    record["schema"] = 1;
    record["key"] = key_;
    record["facts"] = fit_->facts();
    record["history"] = json_of(history_.entries);
    record["figures"] = json_of(history_.entries.back().figures);
    record["wall_s"] = history_.wall_s;
    record["cpu_s"] = history_.cpu_s;
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
  make_folder(plan.models);
  const FileLock lock(plan.models / (plan.spec.name + ".lock"));  // one process at a time fits a model
  const fs::path weights = plan.models / (plan.spec.name + kModelExtension);
  const fs::path record = plan.models / (plan.spec.name + ".json");
  if (!plan.fresh) {
    const Json there = record_of(weights, record);
    if (there.is_object() && there.value("key", "") == key_of(plan.spec))
      return {.end = FitEnd::found, .weights = weights, .record = there};
    if (there.is_object())
      throw InputError(
          fmt::format("{}: a model of another spec, other data or another number of steps; --fresh "
                      "replaces it when the new one is done",
                      weights.string()));
  }
  return Fit(plan, catalog, files).carry_out();
}

}  // namespace samplerbench::harness
