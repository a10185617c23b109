#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace samplerbench::harness {

// Whether a file's name ends as those of trained models do: .safetensors, or .pt for older ones and
// TorchScript.
bool may_be_model(const std::filesystem::path& file);

// Whether a data file's name is one of a trained model: "models/<name>.safetensors" or "models/<name>.pt".
bool is_model_name(const std::string& name);

// Where a model lies that the suite is published with, by its name as a data file: beside the installed
// program, in the folder of installation, or in the sources; nothing where none of them holds it.
std::optional<std::filesystem::path> published_model(const std::string& name);

// Whether the record of a model, the file beside it that ends in .json, holds this SHA-256. Throws InputError
// where it holds another, and where it is `required` and missing or something else.
bool agrees_with_record(const std::filesystem::path& model, const std::string& sha256, bool required);

}  // namespace samplerbench::harness
