#pragma once

#include <array>
#include <boost/program_options.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/commands/commands.h"
#include "harness/data/data_folder.h"
#include "harness/plan/job.h"
#include "harness/report/report.h"
#include "harness/support/files.h"

namespace samplerbench::harness {

namespace po = boost::program_options;

// Kinds of names that completion by a shell knows.
enum class Names { targets, samplers, metrics, experiments, fits, data_sets, commands };

inline auto words(Names) {
  return std::to_array<std::pair<Names, const char*>>({{Names::targets, "targets"},
                                                       {Names::samplers, "samplers"},
                                                       {Names::metrics, "metrics"},
                                                       {Names::experiments, "experiments"},
                                                       {Names::fits, "fits"},
                                                       {Names::data_sets, "data_sets"},
                                                       {Names::commands, "commands"}});
}

// What completion by a shell offers in one place of a command line.
struct Offer {
  std::vector<Names> names = {};  // all names of these kinds
  Words words = {};               // and these
  bool files = false;             // and files
};

// The flags and positional words of one command.
struct Syntax {
  std::string usage;                                             // "samplerbench run SPEC [options]"
  std::vector<std::pair<std::string, std::string>> positionals;  // name and help; all of them single
  size_t required = 0;                                           // how many positionals must be there
  bool repeats = false;  // the last positional takes every word that is left
  po::options_description flags{"options"};
  // By the name of a positional word or of a flag that takes a value; files where nothing is said.
  std::map<std::string, Offer> offers = {};
};

// The flags with --help, as --help prints them.
po::options_description flags_with_help(const Syntax& syntax);

struct Arguments {
  po::variables_map values;
  bool help = false;  // --help was asked and has been answered

  bool has(const std::string& name) const { return values.count(name) > 0; }
  std::string text(const std::string& name) const { return values[name].as<std::string>(); }
  // Of a positional that repeats; may be empty.
  Words words(const std::string& name) const { return has(name) ? values[name].as<Words>() : Words(); }
};

// Throws InputError that names the flag, its value and what would be valid.
Arguments parse_arguments(const Words& words, const Syntax& syntax);

// Throws InputError that says why what a flag names cannot be written, and what would be valid.
[[noreturn]] void refuse_output(const std::string& flag, const std::filesystem::path& path,
                                const CannotWrite& error);

// Makes the folder that a flag names. Throws InputError, which names both, where it cannot be made.
void make_named_folder(const std::string& flag, const std::filesystem::path& folder);

// The value of a whole-number flag. Throws InputError where it is not in [minimum, maximum].
int64_t whole_number(const Arguments& arguments, const std::string& flag, int64_t minimum, int64_t maximum);

// The value of --threads. Throws InputError where it is not from 1 to four times the cores.
int64_t thread_count(const Arguments& arguments);

// Where and on how many threads the flags --device and --threads, which the command must have, put the work.
// Throws InputError for a device that is not there.
Placement placement_from(const Arguments& arguments);

// The value of --device, cpu or cuda, whether this machine has one or not. Throws InputError for others.
std::string device_word(const Arguments& arguments);

// The flags --publish and --accept-dirty, of commands on a folder of records.
void add_publish_flags(po::options_description& flags, const char* publish_help);

// Whether records of several commits or with uncommitted changes are published all the same. Throws
// InputError where nothing is published.
bool accepts_dirty(const Arguments& arguments);

// The flags --markdown, --junit and --benchmark-json, and the files that they name. Throws InputError for
// folders, and where two flags name one file.
void add_ci_flags(po::options_description& flags);
CiFiles ci_files(const Arguments& arguments);

// The file that a flag names and that the command writes at its end; empty where the flag is not given. Makes
// its folder. Throws InputError where it is a folder itself.
std::filesystem::path output_file(const Arguments& arguments, const std::string& flag);

// Of commands on an experiment, whose positional is SPEC: the flags that decide which jobs it has, how many
// run at a time, and where records and data are.
void add_grid_flags(Syntax& syntax);

// Those, and the other flags of commands that carry an experiment out.
void add_run_flags(Syntax& syntax);

// The flag --seeds, and the experiment that SPEC names with the seeds that it asks for.
void add_seeds_flag(po::options_description& flags);
Experiment experiment_from(const Arguments& arguments, const Catalog& catalog);

// An experiment whose data files are noted, whose targets were tried, and which knows the keys of its jobs.
struct PlannedExperiment {
  Experiment experiment;
  std::vector<Job> jobs;
};

// Plans the experiment as the flags of add_grid_flags say, and warns of what is odd. Throws InputError for
// what cannot be made.
PlannedExperiment planned(const Arguments& arguments, const Placement& placement, Experiment experiment,
                          const Catalog& catalog, const DataFolder& data);

// Writes the experiment beside its records. Throws InputError for a folder that cannot be written.
void write_experiment(const Experiment& experiment, const std::filesystem::path& results);

// Makes the report in the folder `report` beside the records, and says its warnings.
ReportSummary report_beside(const std::filesystem::path& records, const Catalog& catalog);

// What became of an experiment.
struct CarriedOut {
  std::filesystem::path folder;  // of its records
  bool whole = false;            // neither interrupted nor given up
  // A run did whose sampler may not: a failure, but for trials of a search, which expects it.
  bool diverged = false;
  int code = 0;                  // exit code for all other failures
  Json summary;                  // null after --dry-run
  std::vector<std::string> broken_claims;
};

// Carries the experiment out as the flags say, and reports. Throws InputError for flags that are wrong.
CarriedOut carry_out(const Arguments& arguments, Experiment experiment, const Catalog& catalog,
                     const DataFolder& data);

// Prints the summary, as --json says.
void print(const CarriedOut& done, const Arguments& arguments);

// The flag --check-claims; says which claims that must hold do not, and returns whether one does not.
void add_claims_flag(po::options_description& flags);
bool breaks_claims(const Arguments& arguments, const std::vector<std::string>& broken);

// The flag --data DIR, and the folder that it, or its default, names.
void add_data_flag(po::options_description& flags);
DataFolder data_folder(const Arguments& arguments, const Catalog& catalog);

}  // namespace samplerbench::harness
