#pragma once

namespace samplerbench::harness {

extern const char* const version;  // of the program
extern const char* const
    git_commit;  // with "-dirty" where the tree had changes; "unknown" outside a checkout
extern const char* const build_type;

}  // namespace samplerbench::harness
