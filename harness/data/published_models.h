#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace samplerbench::harness {

// Whether a data file's name is one of a trained model: "models/<name>.pt".
bool is_model_name(const std::string& name);

// A model that the suite is published with, by its name as a data file: beside the installed program, where
// the suite was to be installed, or in the sources; nothing where none of these holds it.
std::optional<std::filesystem::path> published_model(const std::string& name);

// Holds a model to its record, the file beside it that ends in .json: `sha256` is the model's, and must be
// that which the record names. Without a record only a user's own file passes, which `required` = false says.
// Throws InputError.
void require_record(const std::filesystem::path& model, const std::string& sha256, bool required);

}  // namespace samplerbench::harness
