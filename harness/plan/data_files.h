#pragma once

#include <cstdint>
#include <string>

#include "harness/data/data_folder.h"
#include "harness/records/experiment.h"
#include "targets/affine_map.h"
#include "targets/problem.h"

namespace samplerbench::harness {

struct Catalog;

// The affine map whose mean and factor two .npy files hold, by name. Throws InputError that names the file
// where one is missing, is not such a file, holds another shape or a number that is not finite, or where the
// factor is not lower triangular with a positive diagonal.
targets::AffineMap read_map(const std::string& mean, const std::string& factor, const DataFolder& files);

// How messages name a choice: where the spec states it, its kind and its label.
std::string owner_of(const Choice& choice, const std::string& kind);

// "owner: option 'model': message", where the message begins with the file that this one of the options
// names, by its name, as it is shown or by its absolute path; "owner: message" where no option does.
std::string blamed(const std::string& owner, const std::string& message, const Json& options,
                   const DataFolder& files);

// The target of this choice, as Catalog::problem() makes it. Its InputError is blamed() on the owner.
targets::Problem made_target(const Choice& target, const std::string& owner, const Catalog& catalog,
                             const DataFolder& files, uint64_t seed = 0);

// Notes the hashes of the data files of every target, of every sampler and of its affine coordinates, which
// enter the keys of their runs. Throws InputError where a file is missing or is not as published, and where
// coordinates cannot be read; try_targets() reads the other files.
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
