#pragma once

namespace samplerbench::harness {

// Of the program.
extern const char* const version;
extern const char* const build_type;

// With "-dirty" where the tree had changes; "unknown" outside a checkout.
extern const char* const git_commit;

}  // namespace samplerbench::harness
