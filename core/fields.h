#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/printable.h"

namespace samplerbench {

// JSON of plain structs. A struct describes itself once:
//
//   struct Claim {
//     std::string id;
//     double factor = 1;
//     static auto fields() { return std::tuple{field("id", &Claim::id), field_or("factor", &Claim::factor)};
//     }
//   };
//
// and `json_of(claim)` and `from_json_of<Claim>(json)` follow. Numbers that are not finite are written as
// number_to_json does. Members that the struct does not describe are ignored.

template <class Struct, class Member>
struct Field {
  const char* name;
  Member Struct::*member;
  bool required;        // when read
  bool always_written;  // else left out where it has its default value
};

// A member that is always written. Reading throws InputError if it is absent.
template <class Struct, class Member>
constexpr Field<Struct, Member> field(const char* name, Member Struct::*member) {
  return {name, member, true, true};
}

// A member that is always written. If it is absent, reading gives it its default.
template <class Struct, class Member>
constexpr Field<Struct, Member> field_or(const char* name, Member Struct::*member) {
  return {name, member, false, true};
}

// A member that is written unless it has its default. If it is absent, reading gives it its default.
template <class Struct, class Member>
constexpr Field<Struct, Member> rare_field(const char* name, Member Struct::*member) {
  return {name, member, false, false};
}

template <class Type>
concept Described = requires {
  Type::fields();
};

// A type that is not a plain object writes and reads itself: `Json json() const` and `static Type from(const
// Json&)`.
template <class Type>
concept SelfWritten = requires(const Type& value, const Json& json) {
  value.json();
  Type::from(json);
};

// An enumeration that is written as a word: `words(Kind{})` in its namespace returns pairs of value and word.
template <class Type>
concept Worded = std::is_enum_v<Type> && requires(Type value) {
  words(value);
};

template <Worded Enum>
std::string word_of(Enum value) {
  for (const auto& [one, word] : words(value))
    if (one == value) return word;
  throw std::logic_error("an enumeration's value has no word");
}

// Throws InputError for an unknown word; the message lists the known ones.
template <Worded Enum>
Enum from_word(const std::string& word) {
  std::string known;
  for (const auto& [one, name] : words(Enum{})) {
    if (name == word) return one;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw InputError("'" + printable(word) + "' is not one of " + known);
}

template <class Type>
Json json_of(const Type& value);
template <class Type>
Type from_json_of(const Json& json);

namespace fields_detail {

template <class Type>
struct IsOptional : std::false_type {};
template <class Type>
struct IsOptional<std::optional<Type>> : std::true_type {};
template <class Type>
struct IsList : std::false_type {};
template <class Type>
struct IsList<std::vector<Type>> : std::true_type {};
template <class Type>
struct IsList<std::set<Type>> : std::true_type {};
template <class Type>
struct IsMap : std::false_type {};
template <class Type>
struct IsMap<std::map<std::string, Type>> : std::true_type {};

template <class Type>
bool is_default(const Type& value, const Type& fallback) {
  if constexpr (IsOptional<Type>::value)
    return !value.has_value();
  else if constexpr (IsList<Type>::value || IsMap<Type>::value)  // by default empty
    return value.empty();
  else if constexpr (std::equality_comparable<Type>)
    return value == fallback;
  else
    return false;
}

template <class Struct>
Json write(const Struct& value) {
  static const Struct defaults{};
  Json json = Json::object();
  const auto write_one = [&](const auto& one) {
    const auto& member = value.*one.member;
    if (one.always_written || !is_default(member, defaults.*one.member)) json[one.name] = json_of(member);
  };
  std::apply([&](const auto&... one) { (write_one(one), ...); }, Struct::fields());
  return json;
}

[[noreturn]] inline void refuse(const Json& json, const char* needed) {
  throw InputError(std::string(needed) + " is needed, not " + printable(json.dump()));
}

template <std::integral Number>
Number read_integer(const Json& json) {
  const bool fits = json.is_number_unsigned()
                        ? std::in_range<Number>(json.get<uint64_t>())
                        : json.is_number_integer() && std::in_range<Number>(json.get<int64_t>());
  if (!fits) refuse(json, "a whole number in range");
  return json.get<Number>();
}

// Of types for which nlohmann's library has the rule.
template <class Type>
Type read_other(const Json& json) {
  try {
    return json.get<Type>();
  } catch (const Json::exception&) {
    refuse(json, "another value");
  }
}

template <class Struct>
Struct read(const Json& json) {
  if (!json.is_object()) refuse(json, "an object");
  Struct value{};
  const auto read_one = [&](const auto& one) {
    const auto found = json.find(one.name);
    if (found == json.end()) {
      if (one.required) throw InputError(std::string("the member '") + one.name + "' is missing");
      return;
    }
    try {
      value.*one.member = from_json_of<std::decay_t<decltype(value.*one.member)>>(*found);
    } catch (const std::exception& error) {
      throw InputError(std::string(one.name) + ": " + error.what());
    }
  };
  std::apply([&](const auto&... one) { (read_one(one), ...); }, Struct::fields());
  return value;
}

}  // namespace fields_detail

template <class Type>
Json json_of(const Type& value) {
  using namespace fields_detail;
  if constexpr (SelfWritten<Type>) {
    return value.json();
  } else if constexpr (Described<Type>) {
    return write(value);
  } else if constexpr (Worded<Type>) {
    return word_of(value);
  } else if constexpr (std::is_same_v<Type, double>) {
    return number_to_json(value);
  } else if constexpr (std::is_same_v<Type, std::filesystem::path>) {
    return value.string();
  } else if constexpr (IsOptional<Type>::value) {
    return value ? json_of(*value) : Json();
  } else if constexpr (IsList<Type>::value) {
    Json list = Json::array();
    for (const auto& item : value) list.push_back(json_of(item));
    return list;
  } else if constexpr (IsMap<Type>::value) {
    Json object = Json::object();
    for (const auto& [name, item] : value) object[name] = json_of(item);
    return object;
  } else {
    static_assert(!std::is_enum_v<Type>, "an enumeration is written as a word: give it words()");
    return value;
  }
}

// Throws InputError, for a value of a wrong type or out of the type's range too.
template <class Type>
Type from_json_of(const Json& json) {
  using namespace fields_detail;
  if constexpr (SelfWritten<Type>) {
    return Type::from(json);
  } else if constexpr (Described<Type>) {
    return read<Type>(json);
  } else if constexpr (Worded<Type>) {
    return from_word<Type>(from_json_of<std::string>(json));
  } else if constexpr (std::is_same_v<Type, double>) {
    return number_from_json(json);
  } else if constexpr (std::is_same_v<Type, std::filesystem::path>) {
    return from_json_of<std::string>(json);
  } else if constexpr (IsOptional<Type>::value) {
    if (json.is_null()) return std::nullopt;
    return from_json_of<typename Type::value_type>(json);
  } else if constexpr (IsList<Type>::value) {
    if (!json.is_array()) refuse(json, "a list");
    Type list;
    for (const Json& item : json) list.insert(list.end(), from_json_of<typename Type::value_type>(item));
    return list;
  } else if constexpr (IsMap<Type>::value) {
    if (!json.is_object()) refuse(json, "an object");
    Type object;
    for (const auto& [name, item] : json.items())
      object[name] = from_json_of<typename Type::mapped_type>(item);
    return object;
  } else if constexpr (std::is_same_v<Type, Json>) {
    return json;
  } else if constexpr (std::is_same_v<Type, bool>) {
    if (!json.is_boolean()) refuse(json, "true or false");
    return json.get<bool>();
  } else if constexpr (std::is_same_v<Type, std::string>) {
    if (!json.is_string()) refuse(json, "text");
    return json.get<std::string>();
  } else if constexpr (std::integral<Type>) {
    return read_integer<Type>(json);
  } else {
    return read_other<Type>(json);
  }
}

}  // namespace samplerbench
