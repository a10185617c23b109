#include "harness/spec/catalog.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "core/printable.h"
#include "core/suggest.h"
#include "harness/commands/arguments.h"
#include "harness/run/ending.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

int first_output_error = 0;  // what the system said when standard output could not be written

std::vector<std::string> flag_names(const po::options_description& flags) {
  std::vector<std::string> names;
  for (const auto& flag : flags.options()) names.push_back("--" + flag->long_name());
  return names;
}

void print_help(const Syntax& syntax, const po::options_description& flags) {
  std::cout << "usage: " << syntax.usage << "\n\n";
  for (const auto& [name, help] : syntax.positionals) write_out("  {:<10} {}\n", name, help);
  std::cout << (syntax.positionals.empty() ? "" : "\n") << flags;
}

void refuse_empty_words(const Arguments& arguments, const Syntax& syntax) {
  for (const auto& [name, value] : arguments.values) {
    const auto* const flag = syntax.flags.find_nothrow(name, /*approx=*/false);
    const bool is_switch = flag != nullptr && flag->semantic()->max_tokens() == 0;  // its value is empty text
    const auto* const text = boost::any_cast<std::string>(&value.value());
    if (is_switch || value.defaulted() || text == nullptr || !text->empty()) continue;
    throw InputError(
        fmt::format("{}{} is an empty word; usage: {}", flag == nullptr ? "" : "--", name, syntax.usage));
  }
}

// Throws InputError where both flags name one file, of which the second would leave nothing of the first.
void refuse_one_file(const char* flag, const std::filesystem::path& file, const char* other_flag,
                     const std::filesystem::path& other) {
  if (file.empty() || other.empty()) return;
  std::error_code unknown;
  const auto real = [&](const std::filesystem::path& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path), unknown);
  };
  const bool is_device =
      std::filesystem::exists(file, unknown) && !std::filesystem::is_regular_file(file, unknown);
  if (!is_device && real(file) == real(other))
    throw InputError(fmt::format("--{} {}: --{} names the same file; each needs one of its own", other_flag,
                                 printable(other.string(), 200), flag));
}

}  // namespace

int code_of(const std::function<int()>& act) {
  try {
    return act();
  } catch (const InputError& error) {
    say("samplerbench: {}", error.what());
    return 2;
  } catch (const std::filesystem::filesystem_error& error) {
    say("samplerbench: {}: {}", printable(error.path1().string(), 80), error.code().message());
    return 2;
  } catch (const std::exception& error) {
    say("samplerbench: failed: {}", is_out_of_memory(error) ? "the memory does not suffice" : brief(error));
    return 1;
  }
}

void write_text(const std::string& text) {
  if (!std::cout.good()) return;
  errno = 0;
  std::cout << text;
  if (!std::cout.good()) first_output_error = errno;
}

int output_error() {
  errno = first_output_error;
  const bool written = std::cout.flush().good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  return written ? 0 : errno == 0 ? EIO : errno;
}

void note_output_error(int error) {
  if (error == 0) return;
  first_output_error = error;
  std::cout.setstate(std::ios::badbit);
}

// In ASCII, so that no terminal acts on what stands in it.
void write_json(const Json& document) {
  write_text(document.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n");
}

po::options_description flags_with_help(const Syntax& syntax) {
  po::options_description flags = syntax.flags;
  flags.add_options()("help,h", "show this help");
  return flags;
}

Arguments parse_arguments(const Words& words, const Syntax& syntax) {
  const po::options_description visible = flags_with_help(syntax);
  po::options_description all = visible;
  po::positional_options_description positions;
  for (const auto& [name, help] : syntax.positionals) {
    const bool repeats = syntax.repeats && name == syntax.positionals.back().first;
    if (repeats)
      all.add_options()(name.c_str(), po::value<Words>());
    else
      all.add_options()(name.c_str(), po::value<std::string>());
    positions.add(name.c_str(), repeats ? -1 : 1);
  }
  Arguments arguments;
  try {
    po::store(po::command_line_parser(words)
                  .options(all)
                  .positional(positions)
                  .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
                  .run(),
              arguments.values);
  } catch (const po::unknown_option& error) {
    throw InputError(unknown_name("flag", error.get_option_name(), flag_names(visible)));
  } catch (const po::too_many_positional_options_error&) {
    throw InputError("too many words; usage: " + syntax.usage);
  } catch (const po::error& error) {
    throw InputError(fmt::format("{}; usage: {}", error.what(), syntax.usage));
  }
  if (arguments.has("help")) {
    print_help(syntax, visible);
    arguments.help = true;
    return arguments;
  }
  refuse_empty_words(arguments, syntax);
  for (size_t i = 0; i < syntax.required; ++i)
    if (!arguments.has(syntax.positionals[i].first))
      throw InputError(fmt::format("{} is missing; usage: {}", syntax.positionals[i].first, syntax.usage));
  return arguments;
}

void refuse_output(const std::string& flag, const std::filesystem::path& path, const CannotWrite& error) {
  throw InputError(fmt::format("--{} {}: {}; a place that can be written is needed", flag,
                               printable(path.string(), 200), error.code().message()));
}

void make_named_folder(const std::string& flag, const std::filesystem::path& folder) {
  try {
    make_folder(folder);
  } catch (const CannotWrite& error) {
    refuse_output(flag, folder, error);
  }
}

int64_t whole_number(const Arguments& arguments, const std::string& flag, int64_t minimum, int64_t maximum) {
  const std::string text = arguments.text(flag);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < minimum || value > maximum)
    throw InputError(fmt::format("--{} {}: a whole number from {} to {} is needed", flag, printable(text),
                                 minimum, maximum));
  return value;
}

void add_publish_flags(po::options_description& flags, const char* publish_help) {
  flags.add_options()("publish", publish_help)  //
      ("accept-dirty",
       "publish records of several commits, or with uncommitted changes, with a warning on the page");
}

bool accepts_dirty(const Arguments& arguments) {
  if (arguments.has("accept-dirty") && !arguments.has("publish"))
    throw InputError("--accept-dirty: it concerns what is published; add --publish, or leave it out");
  return arguments.has("accept-dirty");
}

void add_ci_flags(po::options_description& flags) {
  flags.add_options()  //
      ("markdown", po::value<std::string>(),
       "append a summary to this file, such as $GITHUB_STEP_SUMMARY; the file holds at most 1 MiB")  //
      ("junit", po::value<std::string>(), "write claims, failed runs or comparisons as JUnit XML")   //
      ("benchmark-json", po::value<std::string>(),
       "write CPU seconds, and metrics of which lower is better, for github-action-benchmark "
       "(customSmallerIsBetter)");
}

std::filesystem::path output_file(const Arguments& arguments, const std::string& flag) {
  if (!arguments.has(flag)) return {};
  const std::filesystem::path file = arguments.text(flag);
  std::error_code unknown;  // of a name too long, say: writing tells
  if (std::filesystem::is_directory(file, unknown))
    throw InputError(
        fmt::format("--{} {}: is a folder; a file is needed", flag, printable(file.string(), 200)));
  make_named_folder(flag, std::filesystem::absolute(file).parent_path());
  return file;
}

CiFiles ci_files(const Arguments& arguments) {
  const CiFiles files{.markdown = output_file(arguments, "markdown"),
                      .junit = output_file(arguments, "junit"),
                      .benchmark_json = output_file(arguments, "benchmark-json")};
  refuse_one_file("markdown", files.markdown, "junit", files.junit);
  refuse_one_file("markdown", files.markdown, "benchmark-json", files.benchmark_json);
  refuse_one_file("junit", files.junit, "benchmark-json", files.benchmark_json);
  return files;
}

void add_claims_flag(po::options_description& flags) {
  flags.add_options()("check-claims", "exit 1 where a claim with must_hold = true is not reproduced");
}

bool breaks_claims(const Arguments& arguments, const std::vector<std::string>& broken) {
  if (!arguments.has("check-claims")) return false;
  for (const std::string& claim : broken)
    say("samplerbench: this claim must hold: {}", printable(claim, 1000));
  return !broken.empty();
}

void add_data_flag(po::options_description& flags) {
  flags.add_options()("data", po::value<std::string>(),
                      "folder of data files (default: SAMPLERBENCH_DATA, else ~/.local/share/samplerbench)");
}

int64_t thread_count(const Arguments& arguments) {
  const int64_t cores = std::max(1u, std::thread::hardware_concurrency());
  return whole_number(arguments, "threads", 1, 4 * cores);
}

std::string device_word(const Arguments& arguments) {
  const std::string device = arguments.text("device");
  if (device != "cpu" && device != "cuda")
    throw InputError(fmt::format("--device {}: cpu or cuda is needed", device));
  return device;
}

Placement placement_from(const Arguments& arguments) {
  const int64_t threads = thread_count(arguments);
  const Placement placement{.device = device_word(arguments), .threads = static_cast<int>(threads)};
  if (placement.device == "cuda" && !at::hasCUDA())
    throw InputError("--device cuda: this LibTorch finds no CUDA device; --device cpu works everywhere");
  return placement;
}

DataFolder data_folder(const Arguments& arguments, const Catalog& catalog) {
  const std::filesystem::path folder =
      arguments.has("data") ? std::filesystem::path(arguments.text("data")) : default_data_folder();
  if (!is_utf8(folder.string()))
    throw InputError(
        fmt::format("the data folder {}: its name is not UTF-8 (SAMPLERBENCH_DATA, XDG_DATA_HOME or HOME "
                    "names it); --data DIR names another",
                    printable(folder.string(), 200)));
  return {catalog.data, folder};
}

}  // namespace samplerbench::harness
