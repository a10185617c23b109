#include "harness/spec/toml_table.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"
#include "core/suggest.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kLongestName = 100;  // of a file or a folder

}  // namespace

TomlTable::TomlTable(const std::string& text, const std::string& source) {
  const auto document = std::make_shared<const TomlDocument>(text, source);
  layers_.push_back({document, "", document->root()});
}

TomlTable::TomlTable(std::vector<Layer> layers) : layers_(std::move(layers)) {
  for (const Layer& layer : layers_)
    if (!layer.json.is_object())
      throw InputError(layer.document->at(layer.path) + ": a table is needed here");
}

void TomlTable::inherit(const TomlTable& other) {
  layers_.insert(layers_.end(), other.layers_.begin(), other.layers_.end());
}

void TomlTable::forget(const std::string& name) {
  for (Layer& layer : layers_) layer.json.erase(name);
}

const TomlTable::Layer* TomlTable::find(const std::string& name) const {
  for (const Layer& layer : layers_)
    if (layer.json.contains(name)) return &layer;
  return nullptr;
}

std::string TomlTable::at(const std::string& name) const {
  if (const Layer* layer = find(name)) return layer->document->at(layer->path_of(name));
  return layers_.front().document->at(layers_.front().path);
}

const std::string& TomlTable::source_of(const std::string& name) const {
  const Layer* layer = find(name);
  return (layer == nullptr ? layers_.front() : *layer).document->source();
}

const Json& TomlTable::member(const std::string& name) {
  asked_.insert(name);
  const Layer* layer = find(name);
  if (layer == nullptr) fail("", fmt::format("'{}' is missing", name));
  return layer->json.at(name);
}

Json TomlTable::member_or(const std::string& name, Json fallback) {
  asked_.insert(name);
  return has(name) ? member(name) : fallback;
}

std::string TomlTable::text(const std::string& name) {
  const Json& value = member(name);
  if (!value.is_string() || value.get<std::string>().empty())
    fail(name, fmt::format("= {}: text is needed", printable(value.dump())));
  return value.get<std::string>();
}

std::string TomlTable::text_or(const std::string& name, const std::string& fallback) {
  asked_.insert(name);
  return has(name) ? text(name) : fallback;
}

std::string TomlTable::plain_name(const std::string& name, const std::string& what) {
  std::string value = text(name);
  if (value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") !=
      std::string::npos)
    fail(name, fmt::format("= \"{}\": letters, digits, '-' and '_' only, since it names a {}",
                           printable(value), what));
  if (value.size() > kLongestName)
    fail(name, fmt::format("= \"{}\": {} letters, and at most {} are valid, since it names a {}",
                           printable(value), value.size(), kLongestName, what));
  return value;
}

Json TomlTable::checked_or_default(const Option& option) {
  return option.checked(member_or(option.name, option.fallback), at(option.name));
}

TomlTable TomlTable::table(const std::string& name) {
  asked_.insert(name);
  std::vector<Layer> layers;
  for (const Layer& layer : layers_) {
    if (!layer.json.contains(name)) continue;
    const Json& member = layer.json.at(name);
    if (!layers.empty() && !member.is_object()) break;  // the table stands in its place
    layers.push_back({layer.document, layer.path_of(name), member});
  }
  if (layers.empty())
    layers.push_back({layers_.front().document, layers_.front().path_of(name), Json::object()});
  return TomlTable(std::move(layers));
}

std::vector<TomlTable> TomlTable::entries(const std::string& name) {
  const Json& list = member(name);
  if (!list.is_array()) fail(name, "needs a list");
  std::vector<TomlTable> entries;
  for (const Json& item : list) entries.push_back(entry(*find(name), name, entries.size(), item));
  return entries;
}

TomlTable TomlTable::entry(const Layer& list, const std::string& name, size_t index, const Json& item) const {
  const std::string path = fmt::format("{}[{}]", list.path_of(name), index);
  if (!item.is_string()) return TomlTable(std::vector<Layer>{{list.document, path, item}});
  try {
    Call call = parse_call(item.get<std::string>());
    const Json json{{"name", call.name}, {"options", call.options}};
    TomlTable table(std::vector<Layer>{{list.document, path, json}});
    table.call_ = std::move(call);
    return table;
  } catch (const InputError& error) {
    throw InputError(list.document->at(path) + ": " + error.what());
  }
}

std::vector<std::string> TomlTable::names() const {
  std::set<std::string> names;
  for (const Layer& layer : layers_)
    for (const auto& [name, value] : layer.json.items()) names.insert(name);
  return {names.begin(), names.end()};
}

Json TomlTable::all() {
  Json all = Json::object();
  for (const std::string& name : names()) all[name] = member(name);
  return all;
}

void TomlTable::refuse_the_rest() const {
  for (const std::string& name : names())
    if (!asked_.contains(name))
      throw InputError(at(name) + ": " + unknown_name("key", name, {asked_.begin(), asked_.end()}));
}

void TomlTable::fail(const std::string& name, const std::string& message) const {
  throw InputError(fmt::format("{}{} {}", at(name), has(name) ? "" : ":", message));
}

}  // namespace samplerbench::harness
