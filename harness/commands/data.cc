#include <fmt/format.h>

#include <algorithm>

#include "harness/commands/arguments.h"
#include "harness/data/fetch.h"
#include "harness/data/file_hash.h"
#include "harness/spec/catalog.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

using Sets = std::vector<const PublishedSet*>;

// present, damaged (its SHA-256 is wrong), missing or unreadable.
std::string state_of(const PublishedFile& file, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / file.path;
  if (!std::filesystem::exists(path)) return "missing";
  try {
    return sha256_of_file(path) == file.sha256 ? "present" : "damaged";
  } catch (const InputError&) {
    return "unreadable";
  }
}

// {"name", "state", "summary", ..., "files": [{"path", "state", ...}]}. The state of a set is that of its
// files, or incomplete where some of them are missing.
Json described(const PublishedSet& set, const std::filesystem::path& folder) {
  Json json{{"name", set.name},         {"state", ""},
            {"summary", set.summary},   {"licence", set.licence},
            {"citation", set.citation}, {"files", Json::array()}};
  if (!set.elsewhere.empty()) json["elsewhere"] = set.elsewhere;
  std::string worst;
  for (const PublishedFile& file : set.files) {
    const std::string state = state_of(file, folder);
    json["files"].push_back(
        {{"path", file.path}, {"state", state}, {"sha256", file.sha256}, {"mirrors", file.mirrors}});
    if (worst.empty() || state == "damaged" || state == "unreadable")
      worst = state;
    else if (worst != state && (worst == "present" || worst == "missing"))
      worst = "incomplete";
  }
  json["state"] = worst;
  return json;
}

// Where a file comes from, in words.
std::string origin(const Json& set, const Json& file) {
  return file["mirrors"].empty() ? set.value("elsewhere", "") : file["mirrors"][0].get<std::string>();
}

void print(const Json& document) {
  write_out("data folder: {}\n\n{:<17} {:<11} {}\n", document["folder"].get<std::string>(), "name", "state",
            "files and where they come from");
  for (const Json& set : document["sets"]) {
    write_out("{:<17} {:<11} {} ({})\n", set["name"].get<std::string>(), set["state"].get<std::string>(),
              set["summary"].get<std::string>(), set["licence"].get<std::string>());
    for (const Json& file : set["files"])
      write_out("{:<17} {:<11} {}: {}\n", "", set["files"].size() > 1 ? file["state"].get<std::string>() : "",
                file["path"].get<std::string>(), origin(set, file));
  }
}

Json table_of(const Sets& sets, const std::filesystem::path& folder) {
  Json document{{"folder", folder.string()}, {"sets", Json::array()}};
  for (const PublishedSet* set : sets) document["sets"].push_back(described(*set, folder));
  return document;
}

// How to get what is missing of a set, or not as it was published.
std::string way_to(const PublishedSet& set) {
  const bool fetchable = std::any_of(set.files.begin(), set.files.end(),
                                     [](const PublishedFile& file) { return !file.mirrors.empty(); });
  return fetchable ? fmt::format("`samplerbench data fetch {}` gets it", set.name) : set.elsewhere;
}

// Verifies what was asked for by name; of all sets, those that are there, of which there must be one. Says on
// standard error what is missing or damaged. The exit code.
int verify(const Sets& sets, bool by_name, const std::filesystem::path& folder, bool as_json) {
  const Json document = table_of(sets, folder);
  if (as_json)
    write_json(document);
  else
    print(document);
  bool good = true, any = false;
  for (size_t i = 0; i < sets.size(); ++i) {
    const std::string state = document["sets"][i]["state"];
    any |= state != "missing";
    good &= state == "present" || (!by_name && state == "missing");
    if (state != "present") say("samplerbench: {}: {}: {}", sets[i]->name, state, way_to(*sets[i]));
  }
  if (!any) say("samplerbench: none of {} data sets is in {}", sets.size(), folder.string());
  return good && any ? 0 : 1;
}

// {"set", "path", "state": present, fetched or failed, "from" or "reason"}
Json fetched(const PublishedSet& set, const PublishedFile& file, const std::filesystem::path& folder,
             FetchOptions options) {
  Json json{{"set", set.name}, {"path", file.path}, {"state", "present"}};
  if (state_of(file, folder) == "present") return json;
  try {
    if (file.mirrors.empty() && options.from.empty()) throw FetchFailed(file.path + ": " + set.elsewhere);
    StatusLine line;
    options.progress = [&](int64_t there, int64_t all) {
      line.show(fmt::format("{}: {:.1f}{} MB", file.path, static_cast<double>(there) * 1e-6,
                            all > 0 ? fmt::format(" of {:.1f}", static_cast<double>(all) * 1e-6) : ""));
    };
    json["from"] = fetch(file, folder, options);
    json["state"] = "fetched";
  } catch (const FetchFailed& error) {
    json["state"] = "failed";
    json["reason"] = error.what();
  } catch (const FileBusy& error) {
    json["state"] = "failed";
    json["reason"] = error.what();
  }
  return json;
}

void print_fetched(const Json& file) {
  const std::string set = file["set"], path = file["path"], state = file["state"];
  if (state == "failed")
    say("samplerbench: {}: {}", set, file["reason"].get<std::string>());
  else
    write_out("{}: {} {}{}\n", set, path, state,
              state == "fetched" ? " from " + file["from"].get<std::string>() : "");
}

// Fetches what was asked for by name; of all sets, those that some address is known of. The exit code.
int fetch_sets(const Sets& sets, bool by_name, const std::filesystem::path& folder,
               const FetchOptions& options, bool as_json) {
  Json document{{"folder", folder.string()}, {"files", Json::array()}};
  bool good = true;
  for (const PublishedSet* set : sets) {
    for (const PublishedFile& file : set->files) {
      if (!by_name && file.mirrors.empty() && options.from.empty()) continue;
      document["files"].push_back(fetched(*set, file, folder, options));
      good &= document["files"].back()["state"] != "failed";
      if (!as_json) print_fetched(document["files"].back());
    }
  }
  if (as_json) write_json(document);
  return good ? 0 : 1;
}

FetchOptions fetch_options(const Arguments& arguments) {
  FetchOptions options{.from = arguments.text("from"),
                       .stall_seconds = static_cast<int>(whole_number(arguments, "stall-seconds", 1, 3600))};
  if (!options.from.empty() && options.from.find("://") == std::string::npos)
    throw InputError(fmt::format(
        "--from {}: a URL is needed, such as https://example.org/data or file:///media/data", options.from));
  return options;
}

}  // namespace

Syntax data_syntax() {
  Syntax syntax{.usage = "samplerbench data [fetch|verify] [NAME...] [options]",
                .positionals = {{"ACTION", "fetch or verify; where absent, a table of what is there"},
                                {"NAME", "data sets; all of them where absent, or by the word all"}},
                .repeats = true};
  add_data_flag(syntax.flags);
  syntax.flags.add_options()  //
      ("from", po::value<std::string>()->default_value(""),
       "fetch: URL of a folder laid out as the data folder, tried before the mirrors; file:///... too")  //
      ("stall-seconds", po::value<std::string>()->default_value("30"),
       "fetch: give up a mirror that sends less than 1 KiB/s for so long")  //
      ("json", "one JSON document on standard output");
  syntax.offers["ACTION"] = {.words = {"fetch", "verify"}};
  syntax.offers["NAME"] = {.names = {Names::data_sets}, .words = {"all"}};
  return syntax;
}

int data_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, data_syntax());
  if (arguments.help) return 0;
  const std::string action = arguments.has("ACTION") ? arguments.text("ACTION") : "";
  if (!action.empty() && action != "fetch" && action != "verify")
    throw InputError(unknown_name("action", action, {"fetch", "verify"}));
  Words names = arguments.words("NAME");
  const bool by_name = !names.empty() && names != Words{"all"};
  Sets sets;
  if (by_name)
    for (const std::string& name : names) sets.push_back(&catalog.data.at(name));
  else
    for (const auto& [name, set] : catalog.data) sets.push_back(&set);
  const FetchOptions options = fetch_options(arguments);
  const std::filesystem::path folder = data_folder(arguments, catalog).folder();
  const bool as_json = arguments.has("json");
  if (action == "fetch") {
    make_named_folder("data", folder);
    return fetch_sets(sets, by_name, folder, options, as_json);
  }
  if (action == "verify") return verify(sets, by_name, folder, as_json);
  if (as_json)
    write_json(table_of(sets, folder));
  else
    print(table_of(sets, folder));
  return 0;
}

}  // namespace samplerbench::harness
