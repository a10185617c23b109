#include "harness/worker.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <fstream>
#include <functional>
#include <optional>

#include "harness/clock.h"
#include "harness/context.h"
#include "harness/data/data_folder.h"
#include "harness/judge.h"
#include "harness/kept_images.h"
#include "harness/record_file.h"
#include "harness/reference_record.h"
#include "targets/laplace.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t sample_size = 400;  // draws kept in a record for scatter plots

constexpr int64_t warm_up_draws = 256;  // of a sampler that does all its work in draw()

// How a run ended: a status of the closed set, and why.
struct Ending {
  std::string status;
  std::string reason;
};

// The target that the document names. Throws InputError where its data files are not those that were planned
// with.
targets::Problem make_problem(const Json& document, const Catalog& catalog,
                              const std::filesystem::path& data) {
  const Json& choice = document.at("target");
  const DataFolder files(catalog.data, data);
  files.require(choice.value("files", Json::object()));
  const std::string name = choice.at("name");
  return catalog.problem(name, choice.at("options"), "target " + name, files,
                         document.value("seed", uint64_t{0}));
}

// The same with what its reference posterior says of it, where the job needs one. Throws NoReference.
targets::Problem make_judged_problem(const WorkOrder& order, const Catalog& catalog) {
  targets::Problem problem = make_problem(order.job.document, catalog, order.data);
  if (order.job.needs_reference())
    complete(problem, order.results / reference_record(order.job), order.job.document.at("reference"));
  return problem;
}

std::vector<Measure> measures_of(const Json& document, const Catalog& catalog) {
  std::vector<Choice> choices;
  for (const Json& metric : document.at("metrics"))
    choices.push_back(
        {.label = metric.at("label"), .name = metric.at("name"), .options = metric.at("options")});
  return make_measures(choices, catalog);
}

// Streams are named after the target, not its label, so that equal work gets equal numbers.
Rng stream_of_target(const Json& document, uint64_t seed) {
  return Rng(seed).split(document.at("target").at("name").get<std::string>() +
                         canonical(document.at("target").at("options")));
}

// First two coordinates of up to `sample_size` draws, four significant digits.
Json sample_of(const Tensor& draws) {
  const Tensor some = draws.slice(0, 0, sample_size).slice(1, 0, 2).contiguous();
  Json sample = Json::array();
  for (int64_t i = 0; i < some.size(0); ++i) {
    Json point = Json::array();
    for (int64_t j = 0; j < some.size(1); ++j)
      point.push_back(number_to_json(std::stod(fmt::format("{:.4g}", some[i][j].item<double>()))));
    sample.push_back(std::move(point));
  }
  return sample;
}

// Reports memory exhaustion as bad_alloc, whatever the allocator that met it threw.
bool is_out_of_memory(const std::exception& error) {
  const std::string text = error.what();
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
         text.find("can't allocate memory") != std::string::npos ||
         text.find("out of memory") != std::string::npos ||
         text.find("Cannot allocate memory") != std::string::npos;
}

// One run: the sampler is stepped until its budget is spent, and judged at geometric checkpoints off the
// clock.
class Run {
 public:
  Run(const WorkOrder& order, const Catalog& catalog)
      : document_(order.job.document),
        catalog_(catalog),
        problem_(make_judged_problem(order, catalog)),
        measures_(measures_of(document_, catalog)),
        budget_(budget_from_json(document_.at("budget"), "budget")),
        device_(document_.at("device").get<std::string>()),
        stream_(stream_of_target(document_, document_.at("seed").get<uint64_t>())) {}

  int64_t dim() const { return problem_.target->dim(); }
  Json conventions() const { return harness::conventions(measures_); }
  const Tensor& last_draws() const { return last_draws_; }
  const targets::Problem& problem() const { return problem_; }
  const samplers::Sampler* sampler() const { return sampler_.get(); }

  Ending carry_out(RecordFile& record) {
    try {
      if (budget_.data_passes && problem_.target->data_share() == 0)
        throw InputError("the budget counts passes over the data, and this target has none");
      warm_up();
      see_target();
      sampler_ = make_sampler(*seen_);
      return loop(record);
    } catch (const Diverged& error) {
      return {"diverged", brief(error)};
    } catch (const InputError& error) {
      return {"skipped", brief(error)};
    }
  }

 private:
  torch::Dtype dtype() const {
    return document_.at("dtype") == "float64" ? torch::kFloat64 : torch::kFloat32;
  }

  // On the clock, since control variates need the mode.
  void see_target() {
    {
      const Timed timed(spent_, device_);
      seen_ = seen_target(meter_, stream_);
    }
    read_meter(spent_);
  }

  // What the sampler sees of the target: metered, and on random minibatches where the spec says so.
  std::unique_ptr<const targets::Target> seen_target(Meter& meter, const Rng& rng) const {
    auto metered = std::make_unique<targets::MeteredTarget>(*problem_.target, meter);
    const int64_t size = document_.value("minibatch", 0);
    if (size == 0) return metered;
    const bool centred = document_.value("control_variates", false);
    const Tensor centre = centred ? targets::laplace_fit(*metered).mode : Tensor();
    return std::make_unique<targets::MinibatchedTarget>(std::move(metered), size, rng.split("minibatch"),
                                                        centre);
  }

  std::unique_ptr<samplers::Sampler> make_sampler(const targets::Target& target) const {
    const Json& choice = document_.at("sampler");
    const std::string name = choice.at("name");
    const Rng init = stream_.split("init");
    return catalog_.sampler(name, choice.at("options"), "sampler " + name, problem_, target,
                            {.init = init,
                             .placement = torch::TensorOptions().dtype(dtype()).device(device_),
                             .planned_steps = budget_.steps.value_or(0),
                             .start_scale = document_.at("start_scale")});
  }

  // One untimed step and draw of a throw-away sampler on a throw-away meter: first calls load code and fill
  // caches.
  void warm_up() const {
    Meter meter;
    Rng rng = stream_.split("warm-up");
    const auto target = seen_target(meter, rng);
    const auto sampler = make_sampler(*target);
    sampler->step(rng);
    const auto draws = document_.at("draws").get<int64_t>();
    sampler->draw(sampler->works_in_draw() ? std::min(draws, warm_up_draws) : draws, rng);
  }

  Ending loop(RecordFile& record) {
    Rng rng = stream_.split("sampler");
    const int64_t checkpoints = document_.at("checkpoints");
    const double ratio = document_.value("checkpoint_ratio", 2.0);
    // Checkpoint k of K stands where the share ratio^(k + 1 - K) of the budget is spent, the last where all
    // of it is.
    const auto due = [&](int64_t k) {
      return budget_.spent(spent_) >= std::pow(ratio, static_cast<double>(k + 1 - checkpoints));
    };
    for (int64_t index = 0;;) {
      Json diagnostics;
      {
        const Timed timed(spent_, device_);
        diagnostics = sampler_->step(rng);
      }
      ++spent_.steps;
      read_meter(spent_);
      const auto reached = budget_.reached(spent_);
      if (reached || due(index)) {
        record.append(checkpoint(index, diagnostics));
        while (index < checkpoints - 1 && due(index)) ++index;
      }
      if (reached) return {"finished", *reached};
    }
  }

  // Moves the meter's counts since the last reading to `ledger`.
  void read_meter(Usage& ledger) {
    ledger.density += meter_.density.exchange(0);
    ledger.score += meter_.score.exchange(0);
    ledger.hessian_vector += meter_.hessian_vector.exchange(0);
    ledger.data_passes += meter_.data_passes.exchange(0);
  }

  Json checkpoint(int64_t index, const Json& diagnostics) {
    const int64_t n = document_.at("draws");
    Usage draw;
    Tensor draws;
    Rng rng = stream_.split("draw");
    {
      const Timed timed(draw, device_);
      draws = sampler_->draw(n, rng);
    }
    read_meter(draw);
    last_draws_ = as_evidence(draws);
    if (!last_draws_.isfinite().all().item<bool>()) throw Diverged("draws are not finite");
    Json line{{"type", "checkpoint"},
              {"index", index},
              {"progress", std::min(1.0, budget_.spent(spent_))},
              {"train", to_json(spent_)},
              {"draw", to_json(draw)},
              {"metrics", judge(measures_, evidence(), stream_.split("evaluate"))},
              {"diagnostics", Json::object()}};
    line["draw"]["n"] = n;
    for (const auto& [name, value] : diagnostics.items())
      line["diagnostics"][name] = value.is_number() ? number_to_json(value.get<double>()) : value;
    return line;
  }

  metrics::Evidence evidence() const {
    metrics::Evidence evidence{.problem = problem_, .draws = last_draws_, .usage = spent_};
    if (problem_.reference.exact_draws) {
      Rng rng = stream_.split("reference");
      evidence.reference = problem_.reference.exact_draws(last_draws_.size(0), rng);
    }
    if (const auto chains = sampler_->chains()) evidence.chains = as_evidence(*chains);
    if (const auto log_density = sampler_->log_density()) evidence.log_density = as_evidence(log_density);
    if (const auto model = sampler_->score_model())
      evidence.score_model = {.sigma = model->sigma,
                              .score = as_evidence(model->score),
                              .noiseless_draws = [draws = model->noiseless_draws](int64_t n, Rng& rng) {
                                return harness::as_evidence(draws(n, rng));
                              }};
    return evidence;
  }

  // A sampler's function of points, [N, D], as metrics call it: float64 on the CPU on both sides.
  std::function<Tensor(const Tensor&)> as_evidence(std::function<Tensor(const Tensor&)> function) const {
    return [this, function = std::move(function)](const Tensor& x) {
      return harness::as_evidence(function(x.to(device_, dtype())));
    };
  }
  static Tensor as_evidence(const Tensor& draws) { return harness::as_evidence(draws); }

  const Json& document_;
  const Catalog& catalog_;
  targets::Problem problem_;
  std::vector<Measure> measures_;
  Budget budget_;
  torch::Device device_;
  Rng stream_;
  Meter meter_;
  std::unique_ptr<const targets::Target> seen_;
  std::unique_ptr<samplers::Sampler> sampler_;
  Usage spent_;
  Tensor last_draws_;
};

Json end_line(const Ending& ending, double started) {
  return {{"type", "end"},
          {"status", ending.status},
          {"reason", ending.reason},
          {"peak_memory_mib", peak_memory_mib()},
          {"wall_s", steady_seconds() - started}};
}

// The same with something to look at, where there are draws: images beside the record, else a few points.
Json end_line(const Ending& ending, double started, const Tensor& draws,
              const std::optional<targets::Images>& images, const std::filesystem::path& record) {
  Json line = end_line(ending, started);
  if (draws.defined() && images)
    line["images"] = keep_images(draws, *images, record);
  else if (draws.defined())
    line["sample"] = sample_of(draws);
  return line;
}

void keep_sampler(const samplers::Sampler* sampler, const WorkOrder& order,
                  const std::filesystem::path& record) {
  if (sampler == nullptr || order.keep == "none" || (order.keep == "trained" && sampler->chains())) return;
  Archive archive;
  sampler->save(archive);
  write_atomically(std::filesystem::path(record).replace_extension(".pt"), archive.serialise());
}

// What an exception of a run makes of it. Rethrows what concerns the record itself.
Ending ending_of(const std::exception& error, const WorkOrder& order) {
  if (dynamic_cast<const CannotWrite*>(&error) != nullptr) throw;
  if (is_out_of_memory(error))
    return {"out_of_memory", fmt::format("more than {} MiB", order.limits.memory_mib)};
  if (dynamic_cast<const NoReference*>(&error) != nullptr) return {"skipped", brief(error)};
  return {"error", brief(error)};
}

void work_on_run(const WorkOrder& order, const Catalog& catalog, RecordFile& record, double started) {
  std::optional<Run> run;
  Ending ending;
  try {
    run.emplace(order, catalog);
    record.append(begin_line(order, run->conventions(), run->dim()));
    ending = run->carry_out(record);
    if (ending.status == "finished") keep_sampler(run->sampler(), order, order.results / order.job.record);
  } catch (const std::exception& error) {
    if (!run) record.append(begin_line(order, Json::object(), 0));
    ending = ending_of(error, order);
  }
  record.append(run ? end_line(ending, started, run->last_draws(), run->problem().reference.images,
                               order.results / order.job.record)
                    : end_line(ending, started));
  record.finish();
}

void work_on_floor(const WorkOrder& order, const Catalog& catalog, RecordFile& record, double started) {
  const Json& document = order.job.document;
  std::optional<targets::Problem> problem;
  Ending ending{"finished", "replications"};
  Tensor draws;
  try {
    const std::vector<Measure> measures = measures_of(document, catalog);
    problem = make_judged_problem(order, catalog);
    const int64_t n = document.at("draws");
    const Rng rng = stream_of_target(document, 0).split("floor");
    record.append(begin_line(order, conventions(measures), problem->target->dim()));
    record.append({{"type", "floor"},
                   {"metrics", noise_floor(measures, *problem, n, document.at("replications"), rng)}});
    Rng sample = rng.split("sample");
    if (problem->reference.exact_draws) draws = problem->reference.exact_draws(n, sample);
  } catch (const std::exception& error) {
    if (!problem) record.append(begin_line(order, Json::object(), 0));
    ending = ending_of(error, order);
  }
  record.append(
      problem ? end_line(ending, started, draws, problem->reference.images, order.results / order.job.record)
              : end_line(ending, started));
  record.finish();
}

void work_on_reference(const WorkOrder& order, const Catalog& catalog, RecordFile& record, double started) {
  const Json& document = order.job.document;
  const ReferenceSettings settings = reference_settings_from_json(document.at("settings"));
  const Rng rng = stream_of_target(document, document.at("seed")).split("reference posterior");
  std::optional<targets::Problem> problem;
  Ending ending;
  try {
    problem = make_problem(document, catalog, order.data);
    record.append(begin_line(order, Json::object(), problem->target->dim()));
    const ReferencePosterior posterior = reference_posterior(*problem->target, settings, rng);
    record.append(keep_reference(posterior, settings, order.results / order.job.record));
    ending = {"finished", reference_words(settings.chains, posterior.rhat, posterior.ess_bulk)};
  } catch (const std::exception& error) {
    if (!problem) record.append(begin_line(order, Json::object(), 0));
    ending = ending_of(error, order);
  }
  record.append(end_line(ending, started));
  record.finish();
}

// From here on, allocating more than `mib` beyond what the program itself has mapped fails.
void limit_memory(int64_t mib) {
  std::ifstream status("/proc/self/status");
  int64_t mapped_kib = 0;
  for (std::string word; status >> word;)
    if (word == "VmData:") status >> mapped_kib;
  rlimit limit{};
  getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = static_cast<rlim_t>(mapped_kib) * 1024 + static_cast<rlim_t>(mib) * 1024 * 1024;
  setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace

Json to_json(const WorkOrder& order) {
  return {{"kind", order.job.kind},
          {"document", order.job.document},
          {"key", order.job.key},
          {"record", order.job.record.string()},
          {"results", order.results.string()},
          {"experiment", order.experiment},
          {"keep", order.keep},
          {"jobs", order.jobs},
          {"time_s", order.limits.time_s},
          {"memory_mib", order.limits.memory_mib},
          {"data", order.data.string()}};
}

WorkOrder work_order_from_json(const Json& json) {
  return {.job = {.kind = json.at("kind"),
                  .document = json.at("document"),
                  .key = json.at("key"),
                  .record = json.at("record").get<std::string>()},
          .results = json.at("results").get<std::string>(),
          .experiment = json.at("experiment"),
          .keep = json.at("keep"),
          .jobs = json.at("jobs"),
          .limits = {.time_s = json.at("time_s"), .memory_mib = json.at("memory_mib")},
          .data = json.at("data").get<std::string>()};
}

Json begin_line(const WorkOrder& order, const Json& conventions, int64_t dim) {
  Json context = machine_context();
  context["threads"] = order.job.document.at("threads");
  context["device"] = order.job.document.value("device", "cpu");
  context["jobs"] = order.jobs;
  return {{"type", "begin"},
          {"schema", 1},
          {"kind", order.job.kind},
          {"key", order.job.key},
          {"experiment", order.experiment},
          {"job", order.job.document},
          {"dim", dim},
          {"conventions", conventions},
          {"limits", {{"time_s", order.limits.time_s}, {"memory_mib", order.limits.memory_mib}}},
          {"context", context}};
}

void work(const WorkOrder& order, const Catalog& catalog) {
  const double started = steady_seconds();
  RecordFile record(order.results / order.job.record);
  record.clear();
  at::set_num_threads(order.job.document.at("threads"));
  // Subnormal numbers, which far-off states and their activations are full of, slow arithmetic down a
  // hundredfold.
  at::globalContext().setFlushDenormal(true);
  limit_memory(order.limits.memory_mib);
  if (order.job.kind == "floor")
    work_on_floor(order, catalog, record, started);
  else if (order.job.kind == "reference")
    work_on_reference(order, catalog, record, started);
  else
    work_on_run(order, catalog, record, started);
}

}  // namespace samplerbench::harness
