#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "harness/commands/arguments.h"
#include "harness/npy.h"

namespace samplerbench::harness {
namespace {

std::string read_file(const std::filesystem::path& path, const std::string& hint) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    throw InputError(fmt::format("{}: cannot be read{}", path.string(), hint));
  return text.str();
}

// The job in the first line of a record. Throws InputError for anything else.
Json job_of(const std::string& record) {
  const std::string text = read_file(record, "");
  const Json begin = Json::parse(text.substr(0, text.find('\n')), nullptr, /*allow_exceptions=*/false);
  if (!begin.is_object() || begin.value("type", "") != "begin" || !begin.contains("job"))
    throw InputError(record + ":1: not the first line of a record");
  if (!begin["job"].contains("sampler"))
    throw InputError(record + ": a noise floor has no sampler to draw from");
  return begin["job"];
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
  if (sampler_entry.revision != job["sampler"].value("revision", 0))
    throw InputError(fmt::format("{}: made by revision {} of {}, and this program has revision {}", record,
                                 job["sampler"].value("revision", 0), sampler_entry.name,
                                 sampler_entry.revision));
  const Options target_options(target_entry.options, job["target"]["options"], record);
  const Options sampler_options(sampler_entry.options, job["sampler"]["options"], record);
  const targets::Problem problem = target_entry.make({target_options});
  const Rng init(0);
  const auto dtype = job.value("dtype", "float32") == "float64" ? torch::kFloat64 : torch::kFloat32;
  const auto sampler = sampler_entry.make({.target = *problem.target,
                                           .options = sampler_options,
                                           .init = init,
                                           .placement = torch::TensorOptions().dtype(dtype)});
  sampler->load(Archive::parse(read_file(archive, ": this run kept no sampler (see `keep` in the spec)"),
                               archive.string()));
  Rng rng(static_cast<uint64_t>(seed));
  try {
    write_npy(arguments.text("out"), sampler->draw(n, rng));
  } catch (const std::system_error& error) {
    throw InputError(fmt::format("--out {}: {}", arguments.text("out"), error.what()));
  }
  fmt::print("{} draws in {}\n", n, arguments.text("out"));
  return 0;
}

}  // namespace samplerbench::harness
