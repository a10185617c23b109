#include "harness/plan/data_files.h"

#include <fmt/format.h>

#include "core/error.h"
#include "harness/spec/catalog.h"

namespace samplerbench::harness {

void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files) {
  for (Choice& target : experiment.targets) {
    const std::string owner = "target " + target.label;
    try {
      for (const std::string& name : catalog.files(target.name, target.options, owner))
        target.files[name] = files.sha256(name);
      if (!target.files.empty()) catalog.problem(target.name, target.options, owner, files);
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", owner, error.what()));
    }
  }
}

}  // namespace samplerbench::harness
