#pragma once

#include <hwy/targets.h>
#include <cstdint>
#include <string>

namespace samplerbench::testing {

// As long as it lives, all kernels run on one instruction set: one of hwy::SupportedAndGeneratedTargets().
class InstructionSet {
 public:
  explicit InstructionSet(int64_t target) { hwy::SetSupportedTargetsForTest(target); }
  ~InstructionSet() { hwy::SetSupportedTargetsForTest(0); }
  InstructionSet(const InstructionSet&) = delete;
  InstructionSet& operator=(const InstructionSet&) = delete;
};

// Its usual name: Highway calls AVX-512 "AVX3".
inline std::string instruction_set_name(int64_t target) {
  return target == HWY_AVX3 ? "AVX-512" : hwy::TargetName(target);
}

}  // namespace samplerbench::testing
