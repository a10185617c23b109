#include "harness/plan/data_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/dtype_words.h"
#include "core/error.h"
#include "harness/spec/catalog.h"
#include "harness/support/npy.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

Tensor read_finite(const std::filesystem::path& path) {
  const Tensor values = read_npy(path);
  if (!values.isfinite().all().item<bool>())
    throw InputError(fmt::format("{}: holds numbers that are not finite", path.string()));
  return values;
}

// The same call, whose InputError then names the owner and the option whose file it is about.
template <class Call>
auto for_owner(const Choice& choice, const std::string& owner, const DataFolder& files, const Call& call) {
  try {
    return call();
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("{}: {}{}", owner, option_behind(error.what(), choice.options, files), error.what()));
  }
}

// Notes the hashes of the files that `names` returns the names of.
template <class Names>
void note(Choice& choice, const std::string& owner, const DataFolder& files, const Names& names) {
  for_owner(choice, owner, files, [&] {
    for (const std::string& name : names()) choice.files[name] = files.sha256(name);
  });
}

// Reads the affine coordinates of a sampler.
void try_map(const MapFiles& map, const std::string& owner, const DataFolder& files) {
  try {
    read_map(map.mean, map.factor, files);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", owner, error.what()));
  }
}

// Says so where the numbers of a user's file have another dtype than the runs.
void tell_of_conversion(const std::string& owner, std::optional<torch::ScalarType> stored,
                        const Experiment& experiment) {
  if (!stored || dtype_words(*stored) == experiment.dtype) return;
  say("samplerbench: {}: its file holds numbers in {}, which are converted to {}, the dtype of the runs",
      owner, dtype_words(*stored), experiment.dtype);
}

// Whether only the target's file tells if it has exact draws.
bool has_draws_by_its_file(const Choice& target, const Catalog& catalog) {
  return !target.files.empty() &&
         catalog.targets.at(target.name).facts.exact_draws == targets::ExactDraws::unknown;
}

// What only the file of a target tells.
void read_target(const Choice& target, const std::string& owner, Experiment& experiment,
                 const Catalog& catalog, const DataFolder& files) {
  const targets::Problem problem = for_owner(
      target, owner, files, [&] { return catalog.problem(target.name, target.options, owner, files); });
  tell_of_conversion("target " + target.label, problem.stored_as, experiment);
  if (experiment.reference && problem.reference.exact_draws)
    std::erase(experiment.reference->targets, target.label);
}

// Makes the sampler on one target after another, until one is of the points that its files are of. Throws
// InputError where none is.
void read_sampler(const SamplerChoice& sampler, const std::string& owner, const Experiment& experiment,
                  const Catalog& catalog, const DataFolder& files) {
  const Rng init(0);
  const auto dtype = experiment.dtype == "float64" ? torch::kDouble : torch::kFloat;
  std::string refusal;
  for (const Choice& target : experiment.targets) {
    const targets::Problem problem =
        catalog.problem(target.name, target.options, "target " + target.label, files);
    try {
      const auto made =
          catalog.sampler(sampler.name, sampler.options, owner, *problem.target, problem.reference,
                          {.init = init, .placement = torch::TensorOptions().dtype(dtype), .files = files});
      return tell_of_conversion("sampler " + sampler.label, made->stored_as(), experiment);
    } catch (const InputError& error) {
      refusal = error.what();
    }
  }
  throw InputError(fmt::format("{}: {}{}", owner, option_behind(refusal, sampler.options, files), refusal));
}

}  // namespace

std::string owner_of(const Choice& choice, const std::string& kind) {
  return fmt::format("{}{}{} {}", choice.at, choice.at.empty() ? "" : ": ", kind, choice.label);
}

std::string option_behind(const std::string& message, const Json& options, const DataFolder& files) {
  for (const auto& [name, value] : options.items()) {
    if (!value.is_string() || value == "") continue;
    const auto file = value.get<std::string>();
    if (message.starts_with(file + ":") || message.starts_with(files.shown(file) + ":"))
      return fmt::format("option '{}': ", name);
  }
  return "";
}

targets::AffineMap read_map(const std::string& mean, const std::string& factor, const DataFolder& files) {
  const std::filesystem::path mean_file = files.path(mean), factor_file = files.path(factor);
  const targets::AffineMap map{read_finite(mean_file), read_finite(factor_file)};
  if (map.mean.dim() != 1 || map.mean.numel() == 0)
    throw InputError(fmt::format("{}: has the shape [{}], and the mean of affine coordinates has [D]",
                                 mean_file.string(), fmt::join(map.mean.sizes(), ", ")));
  const int64_t dim = map.mean.size(0);
  if (map.factor.sizes() != at::IntArrayRef({dim, dim}))
    throw InputError(
        fmt::format("{}: has the shape [{}], and beside a mean of {} numbers the factor has [{}, {}]",
                    factor_file.string(), fmt::join(map.factor.sizes(), ", "), dim, dim, dim));
  const bool lower = map.factor.equal(map.factor.tril());
  if (!lower || !map.factor.diagonal().gt(0).all().item<bool>())
    throw InputError(
        fmt::format("{}: is not lower triangular with a positive diagonal, as a Cholesky factor of the "
                    "covariance is",
                    factor_file.string()));
  return map;
}

void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files) {
  for (Choice& target : experiment.targets) {
    const std::string owner = owner_of(target, "target");
    note(target, owner, files, [&] { return catalog.files(target.name, target.options, owner); });
    if (has_draws_by_its_file(target, catalog)) read_target(target, owner, experiment, catalog, files);
  }
  for (SamplerChoice& sampler : experiment.samplers) {
    const std::string owner = owner_of(sampler, "sampler");
    if (const std::optional<MapFiles>& map = sampler.map_files) {
      note(sampler, owner, files, [&] { return std::vector{map->mean, map->factor}; });
      try_map(*map, owner, files);
    }
    if (sampler.program) continue;  // the spec noted its files
    const std::vector<std::string> own = catalog.sampler_files(sampler.name, sampler.options, owner);
    if (own.empty()) continue;
    note(sampler, owner, files, [&] { return own; });
    read_sampler(sampler, owner, experiment, catalog, files);
  }
}

}  // namespace samplerbench::harness
