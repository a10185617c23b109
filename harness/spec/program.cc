#include "harness/spec/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "core/printable.h"
#include "harness/data/file_hash.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// The texts of a list; a word of a command line holds no byte 0.
std::vector<std::string> read_list_of_words(TomlTable& entry, const std::string& name) {
  const Json list = entry.member(name);
  const auto is_word = [](const Json& word) {
    return word.is_string() && word.get_ref<const std::string&>().find('\0') == std::string::npos;
  };
  const bool good = list.is_array() && !list.empty() && std::all_of(list.begin(), list.end(), is_word);
  if (!good || list.front().get_ref<const std::string&>().empty())
    entry.fail(name, fmt::format("= {}: needs a list of words, such as [\"python3\", \"my_sampler.py\"]",
                                 printable(list.dump(), 80)));
  return list.get<std::vector<std::string>>();
}

// Absolute: the program runs there, wherever this one runs.
fs::path folder_of_spec(const TomlTable& entry) {
  const fs::path folder = fs::path(entry.source_of("command")).parent_path();
  return folder.empty() ? fs::current_path() : fs::absolute(folder);
}

// The places of the words that are files. The first is one where it has a '/'; else it is looked for in PATH.
std::vector<size_t> places_of_files(const std::vector<std::string>& command, const fs::path& folder) {
  std::vector<size_t> places;
  for (size_t i = 0; i < command.size(); ++i) {
    std::error_code unknown;
    const bool in_path = i == 0 && command[0].find('/') == std::string::npos;
    if (!in_path && !command[i].empty() && fs::is_regular_file(folder / command[i], unknown))
      places.push_back(i);
  }
  return places;
}

// "my_sampler.py": the name of the first argument that is a file, else of the program itself.
std::string name_of_program(const std::vector<std::string>& command, const std::vector<size_t>& files) {
  const auto argument = std::find_if(files.begin(), files.end(), [](size_t place) { return place > 0; });
  const std::string name = fs::path(command[argument == files.end() ? 0 : *argument]).filename();
  return printable(name.empty() ? "program" : name, std::string::npos);
}

Program read_program(TomlTable& entry, std::string& name) {
  Program program{.command = read_list_of_words(entry, "command"), .folder = folder_of_spec(entry)};
  const std::vector<size_t> places = places_of_files(program.command, program.folder);
  name = name_of_program(program.command, places);
  for (const size_t place : places)
    program.files[program.command[place]] = sha256_of_file(program.folder / program.command[place]);
  if (entry.has("files")) {
    for (const std::string& file : read_list_of_words(entry, "files")) {
      std::error_code unknown;
      if (!fs::is_regular_file(program.folder / file, unknown))
        entry.fail("files", fmt::format("names {}, and there is no such file in {}", printable(file, 80),
                                        printable(program.folder.string(), 200)));
      program.files[file] = sha256_of_file(program.folder / file);
    }
  }
  program.self_counted = entry.checked_or_default(Option::flag("self_counted", false, ""));
  return program;
}

void require_plain_options(const TomlTable& entry, const Json& options) {
  for (const auto& [name, value] : options.items()) {
    const bool finite = !value.is_number_float() || std::isfinite(value.get<double>());
    if (finite && (value.is_number() || value.is_boolean() || value.is_string())) continue;
    entry.fail("options", fmt::format("{} = {}: a program takes numbers, texts, true and false",
                                      printable(name), printable(shown(value), 80)));
  }
}

// "python3 my_sampler.py, step_size=0.1"
std::string settings_of_program(const Program& program, const Json& options) {
  std::string settings = printable(fmt::format("{}", fmt::join(program.command, " ")), 200);
  for (const auto& [name, value] : options.items())
    settings += fmt::format(",{}={}", printable(name), printable(shown(value), 80));
  return settings + (program.self_counted ? ",counted by itself" : "");
}

}  // namespace

bool names_program(const TomlTable& entry) { return entry.has("command"); }

std::vector<ChoiceAt> program_choices(TomlTable& entry, const std::string& label) {
  if (entry.has("name"))
    entry.fail("name", "stands beside 'command': a sampler is a registered one or a program; leave one out");
  std::string name;
  const Program program = read_program(entry, name);
  std::vector<ChoiceAt> choices;
  for (const GridPoint& point : option_grid(entry.table("options").all(), entry.at("options"))) {
    require_plain_options(entry, point.options);
    const std::string own = label.empty() ? name : label, separator = label.empty() ? ":" : " ";
    choices.push_back({.choice = {.label = point.suffix.empty() ? own : own + separator + point.suffix,
                                  .name = name,
                                  .options = point.options,
                                  .revision = kProgramProtocol,
                                  .settings = settings_of_program(program, point.options),
                                  .program = program},
                       .point = point});
  }
  return choices;
}

samplers::SamplerFacts program_facts(TomlTable& entry) {
  const auto draws = entry.word_or("draws_are", samplers::DrawsAre::chains);
  if (draws == samplers::DrawsAre::start)
    entry.fail("draws_are",
               "= \"start\": that word means the starting law; a program's draws are chains, "
               "particles, trained, guided or fresh");
  return {draws, entry.word_or("information", samplers::Information::target)};
}

void refuse_for_program(const TomlTable& entry, const SamplerChoice& sampler, bool is_tuned) {
  if (entry.has("tune"))
    entry.fail(
        "tune",
        "asks for a search, and the options of a program are not known here; list values in `options`");
  if (is_tuned)
    entry.fail("", "the settings of a program stand in its entry, and the file `tuned` has some for it");
  if (!sampler.self_counted()) return;
  for (const char* view : {"minibatch", "coordinates"})
    if (entry.has(view))
      entry.fail(
          view,
          "stands beside self_counted = true: such a program evaluates the density by itself, as it is");
}

}  // namespace samplerbench::harness
