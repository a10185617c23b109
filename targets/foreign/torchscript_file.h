#pragma once

#include <exception>
#include <string>

#include "targets/data_files.h"

namespace samplerbench::targets {

// Whether these bytes are a TorchScript module: every one holds a table of constants, and no archive does.
bool is_torchscript(const std::string& bytes);

// Throws InputError where the SHA-256 of the TorchScript module in the file `name` was not stated beforehand:
// LibTorch reads such files without checking them.
void require_vouched_for(const std::string& name, const DataFiles& files);

// Why LibTorch could not read a module, or why the module failed: the line of its message that says so,
// without traces.
std::string torchscript_cause(const std::exception& error);

}  // namespace samplerbench::targets
