#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/records/kept_files.h"
#include "harness/records/record.h"
#include "harness/spec/catalog.h"
#include "harness/spec/contract.h"
#include "harness/support/files.h"
#include "harness/support/npy.h"
#include "harness/support/progress.h"
#include "harness/support/read_input.h"
#include "samplers/affine_sampler.h"

namespace samplerbench::harness {
namespace {

// The record of a sampler that was kept. Throws InputError for anything else.
Record record_of(const std::string& file) {
  Record record = parse_record(read_input(file));
  if (!record.is_whole())
    throw InputError(fmt::format("{}:{}: damaged record: {}", file, record.fault_line, record.fault));
  if (!record.begin->job.sampler)
    throw InputError(fmt::format("{}:1: this record is of no sampler that could be drawn from", file));
  return record;
}

// The bytes of the sampler that was kept beside `file`, as its record vouches for them.
std::string kept_bytes(const std::filesystem::path& archive, const Record& record) {
  const std::string bytes = read_input(archive, ": this run kept no sampler (see `keep` in the spec)");
  const std::string fault = record.end->sampler.value_or(KeptFile{}).fault_of(bytes);
  if (!fault.empty())
    throw InputError(fmt::format("{}: {}: it is damaged, or another run's", archive.string(), fault));
  return bytes;
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
  torch::ScalarType dtype;
};

// n draws, [n, D]. Throws BrokenContract for anything else that the sampler returns.
Tensor draws_of(const KeptSampler& kept, int64_t n, Rng& rng) {
  const Tensor draws = kept.sampler->draw(n, rng);
  require_tensor(draws, fmt::format("draw({})", n), {n, kept.problem.target->dim()}, kept.dtype);
  if (!draws.isfinite().all().item<bool>())
    throw BrokenContract(fmt::format("draw({}) returned draws that are not finite", n));
  return draws;
}

KeptSampler load_sampler(const std::string& record, const Catalog& catalog, const DataFolder& data) {
  const Record whole = record_of(record);
  const Work& work = whole.begin->job;
  const std::filesystem::path archive = beside(record, kSamplerExtension);
  const std::string bytes = kept_bytes(archive, whole);
  const Choice &target = work.target, &choice = *work.sampler;
  require_revision(catalog.targets.at(target.name), target, record);
  require_revision(catalog.samplers.at(choice.name), choice, record);
  data.require(target.files);
  data.require(choice.files);
  KeptSampler kept{catalog.problem(target.name, target.options, record, data, work.seed.value_or(0)), nullptr,
                   work.dtype == "float64" ? torch::kDouble : torch::kFloat};
  const Rng init(0);
  kept.sampler =
      catalog.sampler(choice.name, choice.options, record, *kept.problem.target, kept.problem.reference,
                      {.init = init, .placement = torch::TensorOptions().dtype(kept.dtype), .files = data});
  if (work.coordinates != Coordinates::own)
    kept.sampler = std::make_unique<samplers::AffineSampler>(
        std::move(kept.sampler), targets::AffineMap::scaled(kept.problem.target->dim(), 1));
  kept.sampler->load(Archive::parse(bytes, archive.string()));
  return kept;
}

}  // namespace

int draw_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{
      .usage = "samplerbench draw RECORD --out X.npy [-n N] [--seed S]",
      .positionals = {{"RECORD",
                       "the record (.jsonl) of a run whose sampler was kept beside it (.safetensors)"}},
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
  const std::string record = arguments.text("RECORD"), out = arguments.text("out");
  const KeptSampler kept = load_sampler(record, catalog, data_folder(arguments, catalog));
  Rng rng(static_cast<uint64_t>(seed));
  try {
    write_npy(out, draws_of(kept, n, rng));
  } catch (const CannotWrite& error) {
    if (is_standard_output(out)) throw;
    throw InputError(fmt::format("--out {}: {}", out, error.what()));
  }
  if (is_standard_output(out))
    say("{} draws in {}", n, out);
  else
    write_out("{} draws in {}\n", n, out);
  return 0;
}

}  // namespace samplerbench::harness
