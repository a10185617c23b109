#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/npy.h"
#include "harness/read_input.h"
#include "harness/record_file.h"

namespace samplerbench::harness {
namespace {

// The job in the first line of a record. Throws InputError for anything else.
Json job_of(const std::string& record) {
  const std::string text = read_input(record);
  const Json begin = Json::parse(text.substr(0, text.find('\n')), nullptr, /*allow_exceptions=*/false);
  if (!begin.is_object() || begin.value("type", "") != "begin" || !begin.contains("job"))
    throw InputError(record + ":1: not the first line of a record");
  const Json& job = begin["job"];
  if (!job.contains("sampler"))
    throw InputError(record + ": this record is of no sampler that could be drawn from");
  for (const char* name : {"target", "sampler"})
    if (!job.contains(name) || !job[name].is_object() || !job[name].value("name", Json()).is_string() ||
        !job[name].value("options", Json()).is_object() ||
        !job[name].value("revision", Json()).is_number_integer())
      throw InputError(
          fmt::format("{}:1: damaged: its {} is not named with options and revision", record, name));
  return job;
}

template <class Factory>
void require_revision(const Entry<Factory>& entry, const Json& choice, const std::string& record) {
  const int made_by = choice.at("revision");
  if (entry.revision != made_by)
    throw InputError(fmt::format("{}: made by revision {} of {}, and this program has revision {}", record,
                                 made_by, entry.name, entry.revision));
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
  const Json job = job_of(record);
  const std::filesystem::path archive = std::filesystem::path(record).replace_extension(".pt");

  const auto& target_entry = catalog.targets.at(job.at("target").at("name"));
  const auto& sampler_entry = catalog.samplers.at(job.at("sampler").at("name"));
  require_revision(target_entry, job["target"], record);
  require_revision(sampler_entry, job["sampler"], record);
  const DataFolder data = data_folder(arguments, catalog);
  data.require(job["target"].value("files", Json::object()));
  const targets::Problem problem = catalog.problem(target_entry.name, job["target"]["options"], record, data,
                                                   job.value("seed", uint64_t{0}));
  const Rng init(0);
  const auto dtype = job.value("dtype", Json()) == "float64" ? torch::kFloat64 : torch::kFloat32;
  const auto sampler =
      catalog.sampler(sampler_entry.name, job["sampler"]["options"], record, problem, *problem.target,
                      {.init = init, .placement = torch::TensorOptions().dtype(dtype)});
  sampler->load(Archive::parse(read_input(archive, ": this run kept no sampler (see `keep` in the spec)"),
                               archive.string()));
  Rng rng(static_cast<uint64_t>(seed));
  try {
    write_npy(arguments.text("out"), sampler->draw(n, rng));
  } catch (const CannotWrite& error) {
    throw InputError(fmt::format("--out {}: {}", arguments.text("out"), error.what()));
  }
  fmt::print("{} draws in {}\n", n, arguments.text("out"));
  return 0;
}

}  // namespace samplerbench::harness
