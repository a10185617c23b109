#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "harness/commands/commands.h"
#include "harness/data/data_folder.h"
#include "harness/plan/job.h"

namespace samplerbench::harness {

namespace po = boost::program_options;

// The flags and positional words of one command.
struct Syntax {
  std::string usage;                                             // "samplerbench run SPEC [options]"
  std::vector<std::pair<std::string, std::string>> positionals;  // name and help; all of them single
  size_t required = 0;                                           // how many positionals must be there
  bool repeats = false;  // the last positional takes every word that is left
  po::options_description flags{"options"};
};

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

// Makes the folder that a flag names. Throws InputError, which names both, where it cannot be made.
void make_named_folder(const std::string& flag, const std::filesystem::path& folder);

// The value of a whole-number flag. Throws InputError where it is not in [minimum, maximum].
int64_t whole_number(const Arguments& arguments, const std::string& flag, int64_t minimum, int64_t maximum);

// The value of --threads. Throws InputError where it is not from 1 to four times the cores.
int64_t thread_count(const Arguments& arguments);

// Where and on how many threads the flags --device and --threads, which the command must have, put the work.
// Throws InputError for a device that is not there.
Placement placement_from(const Arguments& arguments);

// The flag --data DIR, and the folder that it, or its default, names.
void add_data_flag(po::options_description& flags);
DataFolder data_folder(const Arguments& arguments, const Catalog& catalog);

}  // namespace samplerbench::harness
