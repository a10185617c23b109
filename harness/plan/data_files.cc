#include "harness/plan/data_files.h"

#include <fmt/format.h>

#include "core/error.h"
#include "harness/data/map_files.h"
#include "harness/spec/catalog.h"

namespace samplerbench::harness {

namespace {

// Notes and reads what `read` reads of the files `names`, for `owner`.
template <class Read>
void note(Choice& choice, const std::string& owner, const std::vector<std::string>& names,
          const DataFolder& files, const Read& read) {
  try {
    for (const std::string& name : names) choice.files[name] = files.sha256(name);
    if (!choice.files.empty()) read();
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", owner, error.what()));
  }
}

}  // namespace

void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files) {
  for (Choice& target : experiment.targets) {
    const std::string owner = "target " + target.label;
    note(target, owner, catalog.files(target.name, target.options, owner), files,
         [&] { catalog.problem(target.name, target.options, owner, files); });
  }
  for (SamplerChoice& sampler : experiment.samplers)
    if (const std::optional<MapFiles>& map = sampler.map_files)
      note(sampler, "sampler " + sampler.label, {map->mean, map->factor}, files,
           [&] { read_map(map->mean, map->factor, files); });
}

}  // namespace samplerbench::harness
