#pragma once

#include <map>
#include <string>

#include "harness/report/tables/table.h"

namespace samplerbench::harness::reporting {

// The claims table as a matrix of verdicts: a row a sentence, a column a target, with its key beneath. A cell
// holds the place of its line in `claims`. Empty where `claims` has no rows.
std::string claims_matrix(const Table& claims, const std::map<std::string, std::string>& names);

// The same as a pipe table, with what its marks mean.
std::string claims_matrix_markdown(const Table& claims, const std::map<std::string, std::string>& names);

}  // namespace samplerbench::harness::reporting
