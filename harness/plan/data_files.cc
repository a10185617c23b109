#include "harness/plan/data_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "core/error.h"
#include "harness/spec/catalog.h"
#include "harness/support/npy.h"

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
    throw InputError(blamed(owner, error.what(), choice.options, files));
  }
}

// Notes the hashes of the files that `names` returns the names of.
template <class Names>
void note(Choice& choice, const std::string& owner, const DataFolder& files, const Names& names) {
  for_owner(choice, owner, files, [&] {
    for (const std::string& name : names()) choice.files[name] = files.sha256(name);
  });
}

}  // namespace

std::string owner_of(const Choice& choice, const std::string& kind) {
  return fmt::format("{}{}{} {}", choice.at, choice.at.empty() ? "" : ": ", kind, choice.label);
}

std::string blamed(const std::string& owner, const std::string& message, const Json& options,
                   const DataFolder& files) {
  for (const auto& [name, value] : options.items()) {
    if (!value.is_string() || value == "") continue;
    const auto file = value.get<std::string>();
    const std::filesystem::path path = files.path(file);
    if (message.starts_with(file + ":") || message.starts_with(path.string() + ":") ||
        message.starts_with(std::filesystem::absolute(path).string() + ":"))
      return fmt::format("{}: option '{}': {}", owner, name, message);
  }
  return owner + ": " + message;
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

targets::Problem made_target(const Choice& target, const std::string& owner, const Catalog& catalog,
                             const DataFolder& files, uint64_t seed) {
  return for_owner(target, owner, files,
                   [&] { return catalog.problem(target.name, target.options, owner, files, seed); });
}

void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files) {
  for (Choice& target : experiment.targets) {
    const std::string owner = owner_of(target, "target");
    note(target, owner, files, [&] { return catalog.files(target.name, target.options, owner); });
  }
  for (SamplerChoice& sampler : experiment.samplers) {
    const std::string owner = owner_of(sampler, "sampler");
    if (const std::optional<MapFiles>& map = sampler.map_files) {
      note(sampler, owner, files, [&] { return std::vector{map->mean, map->factor}; });
      for_owner(sampler, owner, files, [&] { return read_map(map->mean, map->factor, files); });
    }
    if (sampler.program) continue;  // the spec noted its files
    note(sampler, owner, files, [&] { return catalog.sampler_files(sampler.name, sampler.options, owner); });
  }
}

}  // namespace samplerbench::harness
