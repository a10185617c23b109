#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/dtype_words.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/records/kept_files.h"
#include "harness/records/packed_records.h"
#include "harness/records/record.h"
#include "harness/spec/catalog.h"
#include "harness/spec/contract.h"
#include "harness/support/escape.h"
#include "harness/support/files.h"
#include "harness/support/npy.h"
#include "harness/support/numbers.h"
#include "harness/support/progress.h"
#include "harness/support/read_input.h"
#include "samplers/affine_sampler.h"

namespace samplerbench::harness {
namespace {

constexpr const char* kValidRecord =
    "the record (.jsonl) of a run, or the sampler (.safetensors) beside it, is valid";

// The text of the record `file`, which stands there or in the packed file of its experiment.
std::string record_text(const std::filesystem::path& file) {
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown))
    if (const auto packed = find_packed(file)) return packed->text;
  return read_input(file, std::string("; ") + kValidRecord);
}

// The record of a run of a sampler of the suite. Throws InputError for anything else.
Record record_of(const std::string& file) {
  Record record = parse_record(record_text(file));
  if (!record.is_whole())
    throw InputError(
        fmt::format("{}:{}: damaged record: {}; {}", file, record.fault_line, record.fault, kValidRecord));
  const BeginLine& begin = *record.begin;
  if (!begin.job.sampler)
    throw InputError(fmt::format("{}:1: this record is of a {}, which has no sampler; {}", file,
                                 begin.kind == JobKind::reference ? "reference posterior" : "noise floor",
                                 kValidRecord));
  if (begin.job.sampler->program)
    throw InputError(fmt::format("{}:1: this run is of a program, whose state is not kept; samplers of the "
                                 "suite are kept, as `keep` in the spec says",
                                 file));
  return record;
}

// The bytes of the sampler that was kept beside `file`, as its record vouches for them.
std::string kept_bytes(const std::filesystem::path& archive, const Record& record) {
  const std::string bytes = read_input(archive,
                                       "; this run kept no sampler: `keep = \"all\"` in the spec and `run "
                                       "--repeat finished` make one that does");
  const std::string fault = record.end->sampler.value_or(KeptFile{}).fault_of(bytes);
  if (!fault.empty())
    throw InputError(
        fmt::format("{}: {}: it is damaged, or another run's; `run --repeat finished` makes it anew",
                    archive.string(), fault));
  return bytes;
}

// Throws InputError unless this program has what `record` was made with, in the same revision.
template <class Factory>
void require_same(const Registry<Factory>& registry, const Choice& choice, const BeginLine& begin,
                  const std::string& record) {
  const auto refuse = [&](const std::string& what) {
    throw InputError(fmt::format("{}: {}; the program that made the run, of commit {}, draws from it", record,
                                 what, printable(begin.commit())));
  };
  const std::string name = printable(choice.name);
  if (!registry.contains(choice.name))
    refuse(fmt::format("is of the {} {}, which this program does not have", registry.kind(), name));
  const int revision = registry.at(choice.name).revision;
  if (revision != choice.revision)
    refuse(fmt::format("made by revision {} of {}, and this program has revision {}", choice.revision, name,
                       revision));
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
  require_same(catalog.targets, target, *whole.begin, record);
  require_same(catalog.samplers, choice, *whole.begin, record);
  data.require(target.files);
  data.require(choice.files);
  KeptSampler kept{catalog.problem(target.name, target.options, record, data, work.seed.value_or(0)), nullptr,
                   dtype_named(work.dtype.value_or("float32"))};
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

// The path of the record that a caller names, by itself or by the sampler beside it.
std::string record_named(const std::filesystem::path& named) {
  return named.extension() == kSamplerExtension ? beside(named, ".jsonl").string() : named.string();
}

// What is written: columns with their names.
struct Columns {
  std::vector<std::string> names;
  Tensor values;  // [n, columns]
};

// The draws themselves, in the target's coordinates.
Columns coordinate_columns(const KeptSampler& kept, const Tensor& draws) {
  if (const auto& parameters = kept.problem.reference.parameters) return {parameters->coordinates, draws};
  Columns columns{.names = {}, .values = draws};
  for (int64_t d = 0; d < draws.size(1); ++d) columns.names.push_back(fmt::format("x.{}", d + 1));
  return columns;
}

// The same as parameters of the model on its own scale, in float64. Throws InputError where there is no
// model.
Columns parameter_columns(const KeptSampler& kept, const Tensor& draws, const std::string& record) {
  const auto& parameters = kept.problem.reference.parameters;
  if (!parameters)
    throw InputError(
        fmt::format("--constrained: {} is of a target without constraints; only parameters of a model, as "
                    "those of the target stan, have a scale beside that of the coordinates",
                    record));
  return {parameters->names, parameters->values(draws)};
}

// A line of names, then a line a draw.
std::string csv_of(const Columns& columns) {
  std::string text;
  for (const std::string& name : columns.names) text += (text.empty() ? "" : ",") + escape_csv(name);
  text += '\n';
  const Tensor rows = columns.values.to(torch::kDouble).contiguous();
  const double* value = rows.data_ptr<double>();
  for (int64_t i = 0; i < rows.size(0); ++i)
    for (int64_t j = 0; j < rows.size(1); ++j) {
      text += exact_number(*value++);
      text += j + 1 < rows.size(1) ? ',' : '\n';
    }
  return text;
}

void write_columns(const std::filesystem::path& out, const Columns& columns) {
  if (out.extension() == ".csv")
    write_atomically(out, csv_of(columns));
  else
    write_npy(out, columns.values);
}

}  // namespace

Syntax draw_syntax() {
  Syntax syntax{
      .usage = "samplerbench draw RECORD --out X.npy|X.csv [-n N] [--seed S] [--constrained]",
      .positionals = {{"RECORD",
                       "the record (.jsonl) of a run whose sampler was kept beside it, also where the record "
                       "was packed; or that sampler (.safetensors)"}},
      .required = 1};
  syntax.flags.add_options()                                                       //
      ("n,n", po::value<std::string>()->default_value("1000"), "number of draws")  //
      ("out", po::value<std::string>(),
       "file to write: .npy of shape (n, D), or .csv with a line of names")  //
      ("constrained",
       "parameters and transformed parameters of the model, on its own scale, in place of coordinates")  //
      ("seed", po::value<std::string>()->default_value("0"), "seed of the draws");
  add_data_flag(syntax.flags);
  return syntax;
}

int draw_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, draw_syntax());
  if (arguments.help) return 0;
  if (!arguments.has("out")) throw InputError("--out is missing; usage: " + draw_syntax().usage);
  const int64_t n = whole_number(arguments, "n", 1, 1000000000);
  const int64_t seed = whole_number(arguments, "seed", 0, INT64_MAX);
  const std::string record = record_named(arguments.text("RECORD")), out = output_file(arguments, "out");
  const KeptSampler kept = load_sampler(record, catalog, data_folder(arguments, catalog));
  Rng rng(static_cast<uint64_t>(seed));
  try {
    const Tensor draws = draws_of(kept, n, rng);
    write_columns(out, arguments.has("constrained") ? parameter_columns(kept, draws, record)
                                                    : coordinate_columns(kept, draws));
  } catch (const CannotWrite& error) {
    if (is_standard_output(out)) throw;
    refuse_output("out", out, error);
  }
  if (is_standard_output(out))
    say("{} draws in {}", n, out);
  else
    write_out("{} draws in {}\n", n, out);
  return 0;
}

}  // namespace samplerbench::harness
