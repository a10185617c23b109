#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/archive.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// The archive in the file `name`. Throws InputError "<file>: <refusal>" for a file that holds none.
Archive read_archive(const std::string& name, const DataFiles& files, const std::string& refusal);

// The numbers beside the weights in the archive of a model. Those that read throw InputError, which names the
// number, if it is missing or something else.

void put_integer(Archive& archive, const std::string& name, int64_t value);
void put_integers(Archive& archive, const std::string& name, const std::vector<int64_t>& values);
void put_real(Archive& archive, const std::string& name, double value);

int64_t get_integer(const Archive& archive, const std::string& name);
std::vector<int64_t> get_integers(const Archive& archive, const std::string& name);
double get_positive(const Archive& archive, const std::string& name);  // finite and above 0

}  // namespace samplerbench::targets
