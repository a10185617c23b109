#include "harness/spec/selection.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/suggest.h"

namespace samplerbench::harness {
namespace {

std::vector<std::string> labels_of(const std::vector<Choice>& choices) {
  std::vector<std::string> labels;
  for (const Choice& choice : choices) labels.push_back(choice.label);
  return labels;
}

// The labels of the choices of which `part` is `word`.
std::vector<std::string> labels_where(const std::vector<Choice>& choices, std::string Choice::*part,
                                      const std::string& word) {
  std::vector<std::string> labels;
  for (const Choice& choice : choices)
    if (choice.*part == word) labels.push_back(choice.label);
  return labels;
}

std::string require_label(const TomlTable& table, const std::string& name, const std::string& label,
                          const std::vector<Choice>& choices) {
  const std::vector<std::string> known = labels_of(choices);
  if (std::find(known.begin(), known.end(), label) == known.end())
    throw InputError(table.at(name) + ": " + unknown_name("label", label, known));
  return label;
}

// The words of the list `name`.
std::vector<std::string> read_words(TomlTable& table, const std::string& name) {
  const Json& list = table.member(name);
  if (!list.is_array() || list.empty()) table.fail(name, "needs a list with at least one entry");
  std::vector<std::string> words;
  for (const Json& item : list) words.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  return words;
}

}  // namespace

std::string read_label(TomlTable& table, const std::string& name, const std::vector<Choice>& choices) {
  return require_label(table, name, table.text(name), choices);
}

std::vector<std::string> read_labels(TomlTable& table, const std::string& name,
                                     const std::vector<Choice>& choices) {
  if (!table.has(name)) return labels_of(choices);
  std::vector<std::string> labels;
  for (const std::string& word : read_words(table, name))
    labels.push_back(require_label(table, name, word, choices));
  return labels;
}

std::vector<std::string> read_selection(TomlTable& table, const std::string& name,
                                        const std::vector<Choice>& choices) {
  if (!table.has(name)) return labels_of(choices);
  std::set<std::string> chosen;
  for (const std::string& word : read_words(table, name)) {
    std::vector<std::string> meant = labels_where(choices, &Choice::label, word);
    if (meant.empty()) meant = labels_where(choices, &Choice::entry, word);
    if (meant.empty()) meant = labels_where(choices, &Choice::name, word);
    if (meant.empty()) meant = {require_label(table, name, word, choices)};
    chosen.insert(meant.begin(), meant.end());
  }
  std::vector<std::string> selected;
  for (const Choice& choice : choices)
    if (chosen.contains(choice.label)) selected.push_back(choice.label);
  return selected;
}

}  // namespace samplerbench::harness
