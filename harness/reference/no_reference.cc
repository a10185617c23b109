#include "harness/reference/no_reference.h"

namespace samplerbench::harness {
namespace {

constexpr const char* kPrefix = "no reference posterior (";

}  // namespace

NoReference::NoReference(const std::string& why) : std::runtime_error(kPrefix + why + ")") {}

bool lacks_reference(const EndLine& end) {
  return end.status == Status::skipped && end.reason.starts_with(kPrefix);
}

}  // namespace samplerbench::harness
