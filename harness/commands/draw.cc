#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/records/kept_files.h"
#include "harness/records/line.h"
#include "harness/spec/catalog.h"
#include "harness/support/files.h"
#include "harness/support/npy.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

// The work in the first line of a record. Throws InputError for anything else.
Work work_of(const std::string& record) {
  const std::string text = read_input(record);
  try {
    const Line line = parse_line(text.substr(0, text.find('\n')));
    const auto* begin = std::get_if<BeginLine>(&line);
    if (begin == nullptr) throw InputError("not the first line of a record");
    if (!begin->job.sampler) throw InputError("this record is of no sampler that could be drawn from");
    return begin->job;
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}:1: {}", record, error.what()));
  }
}

template <class Factory>
void require_revision(const Entry<Factory>& entry, const Choice& choice, const std::string& record) {
  if (entry.revision != choice.revision)
    throw InputError(fmt::format("{}: made by revision {} of {}, and this program has revision {}", record,
                                 choice.revision, entry.name, entry.revision));
}

// The sampler that was kept beside `record`, and the problem that it was made for.
struct KeptSampler {
  targets::Problem problem;
  std::unique_ptr<samplers::Sampler> sampler;
};

KeptSampler load_sampler(const std::string& record, const Catalog& catalog, const DataFolder& data) {
  const Work work = work_of(record);
  const Choice &target = work.target, &choice = *work.sampler;
  require_revision(catalog.targets.at(target.name), target, record);
  require_revision(catalog.samplers.at(choice.name), choice, record);
  data.require(target.files);
  KeptSampler kept{catalog.problem(target.name, target.options, record, data, work.seed.value_or(0)),
                   nullptr};
  const Rng init(0);
  const auto dtype = work.dtype == "float64" ? torch::kDouble : torch::kFloat;
  kept.sampler = catalog.sampler(choice.name, choice.options, record, kept.problem, *kept.problem.target,
                                 {.init = init, .placement = torch::TensorOptions().dtype(dtype)});
  const std::filesystem::path archive = beside(record, kSamplerExtension);
  kept.sampler->load(Archive::parse(
      read_input(archive, ": this run kept no sampler (see `keep` in the spec)"), archive.string()));
  return kept;
}

}  // namespace

int draw_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{
      .usage = "samplerbench draw RECORD --out X.npy [-n N] [--seed S]",
      .positionals = {{"RECORD", "the record (.jsonl) of a run whose sampler was kept beside it (.pt)"}},
      .required = 1};
  syntax.flags.add_options()                                                       //
      ("n,n", po::value<std::string>()->default_value("1000"), "number of draws")  //
      ("out", po::value<std::string>(), ".npy file to write, of shape (n, D)")     //
      ("seed", po::value<std::string>()->default_value("0"), "seed of the draws");
  add_data_flag(syntax.flags);
  const Arguments arguments = parse_arguments(words, syntax);
  if (arguments.help) return 0;
  if (!arguments.has("out")) throw InputError("--out is missing; usage: " + syntax.usage);
  const int64_t n = whole_number(arguments, "n", 1, 1000000000);
  const int64_t seed = whole_number(arguments, "seed", 0, INT64_MAX);
  const std::string record = arguments.text("RECORD");
  const KeptSampler kept = load_sampler(record, catalog, data_folder(arguments, catalog));
  Rng rng(static_cast<uint64_t>(seed));
  try {
    write_npy(arguments.text("out"), kept.sampler->draw(n, rng));
  } catch (const CannotWrite& error) {
    throw InputError(fmt::format("--out {}: {}", arguments.text("out"), error.what()));
  }
  fmt::print("{} draws in {}\n", n, arguments.text("out"));
  return 0;
}

}  // namespace samplerbench::harness
