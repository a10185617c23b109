#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace samplerbench::harness {

// Whether a data file's name is one of a trained model: "models/<name>.pt".
bool is_model_name(const std::string& name);

// Where a model lies that the suite is published with, by its name as a data file: beside the installed
// program, in the folder of installation, or in the sources; nothing where none of them holds it.
std::optional<std::filesystem::path> published_model(const std::string& name);

// Throws InputError where `sha256`, that of the model, is not the one in its record, the file beside it that
// ends in .json. Where the record is missing or something else, throws only where it is `required`.
void require_record(const std::filesystem::path& model, const std::string& sha256, bool required);

}  // namespace samplerbench::harness
