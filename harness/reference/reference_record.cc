#include "harness/reference/reference_record.h"

#include <fmt/format.h>

#include "core/error.h"
#include "harness/records/kept_files.h"
#include "harness/records/record.h"
#include "harness/support/npy.h"
#include "harness/support/numbers.h"
#include "harness/support/read_input.h"
#include "targets/foreign/reference_draws.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

std::vector<double> numbers(const Tensor& values) {
  const Tensor plain = values.to(torch::kCPU, torch::kDouble).contiguous();
  return {plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel()};
}

Tensor tensor_of(const std::vector<double>& values) { return torch::tensor(values, torch::kDouble); }

// The line of the reference posterior in a record.
ReferenceLine reference_line(const fs::path& file, const std::string& key) {
  if (!fs::exists(file)) throw NoReference("it has not been computed");
  const Record record = read_record(file);
  if (record.begin && record.begin->key != key) throw NoReference("its record is of other settings");
  if (!record.is_whole()) throw NoReference("its record is damaged");
  if (record.end->status != Status::finished || !record.reference)
    throw NoReference(fmt::format("{}: {}", word_of(record.end->status), record.end->reason));
  return *record.reference;
}

Tensor kept_draws(const fs::path& record, const ReferenceLine& line) {
  const fs::path file = beside(record, kDrawsExtension);
  if (!fs::exists(file)) throw NoReference("its draws are missing");
  if (sha256(read_input(file)) != line.draws_sha256) throw NoReference("its draws are damaged");
  return read_npy(file);
}

// Nothing where the record has no moments of parameters, or of others.
void complete_parameters(const ReferenceLine& line, targets::Parameters& parameters) {
  if (parameters.moments || line.parameter_mean.size() != parameters.names.size()) return;
  const targets::Moments all{tensor_of(line.parameter_mean), tensor_of(line.parameter_sd),
                             tensor_of(line.parameter_mean_error), tensor_of(line.parameter_sd_error)};
  targets::add_known_moments(all, torch::arange(all.mean.size(0), torch::kLong), parameters);
}

std::function<Tensor(int64_t, Rng&)> chosen_from(const Tensor& pool) {
  return [pool](int64_t n, Rng& rng) {
    if (n > pool.size(0))
      throw InputError(
          fmt::format("{} exact draws are asked for, and the reference posterior keeps {}: a larger "
                      "'draws' in the spec's [reference] makes it keep more",
                      n, pool.size(0)));
    return pool.index_select(0, rng.permutation(pool.size(0)).slice(0, 0, n));
  };
}

}  // namespace

ReferenceLine keep_reference(const ReferencePosterior& posterior, const ReferenceSettings& settings,
                             const fs::path& record) {
  const fs::path file = beside(record, kDrawsExtension);
  write_npy(file, posterior.draws.to(torch::kFloat).contiguous());
  ReferenceLine line{.by = settings.by,
                     .coordinates = settings.coordinates,
                     .chains = settings.chains,
                     .transitions = posterior.transitions,
                     .rhat = posterior.rhat,
                     .ess_bulk = posterior.ess_bulk,
                     .ess_tail = posterior.ess_tail,
                     .ess_spread = posterior.ess_spread,
                     .divergences = posterior.divergences,
                     .round_trips = posterior.round_trips,
                     .accept = posterior.accept,
                     .newton_steps = posterior.newton_steps,
                     .usage = posterior.usage,
                     .mean = numbers(posterior.moments.mean),
                     .sd = numbers(posterior.moments.sd),
                     .mean_error = numbers(posterior.moments.mean_error),
                     .sd_error = numbers(posterior.moments.sd_error),
                     .draws = posterior.draws.size(0),
                     .draws_sha256 = sha256(read_input(file))};
  if (const auto& parameters = posterior.parameters) {
    line.parameter_mean = numbers(parameters->mean);
    line.parameter_sd = numbers(parameters->sd);
    line.parameter_mean_error = numbers(parameters->mean_error);
    line.parameter_sd_error = numbers(parameters->sd_error);
  }
  return line;
}

std::string reference_words(const ReferenceLine& line) {
  const bool nuts = line.by == ReferenceBy::nuts;
  return fmt::format("{} chains of {}, R-hat {:.3f}, bulk ESS {}{}", line.chains,
                     nuts ? "NUTS" : "parallel tempering", line.rhat, grouped(line.ess_bulk),
                     nuts ? "" : fmt::format(", {:.0f} round trips a ladder", line.round_trips));
}

void complete(targets::Problem& problem, const fs::path& record, const std::string& key) {
  targets::Reference& reference = problem.reference;
  if (reference.exact_draws) return;
  try {
    const ReferenceLine line = reference_line(record, key);
    const Tensor pool = kept_draws(record, line);
    if (pool.dim() != 2 || pool.size(1) != problem.target->dim())
      throw NoReference("its draws do not fit the target");
    if (!reference.moments)
      reference.moments = targets::Moments{tensor_of(line.mean), tensor_of(line.sd),
                                           tensor_of(line.mean_error), tensor_of(line.sd_error)};
    if (reference.parameters) complete_parameters(line, *reference.parameters);
    reference.exact_draws = chosen_from(pool);
    reference.pool = pool.size(0);
    reference.source += (reference.source.empty() ? "" : "; ") + reference_words(line);
  } catch (const InputError& error) {
    throw NoReference(brief(error));
  }
}

}  // namespace samplerbench::harness
