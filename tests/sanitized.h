#pragma once

namespace samplerbench::testing {

// Whether the address sanitizer watches the program. It wants to be loaded before all others, ends a program
// that gets no memory, and keeps freed memory for a while.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace samplerbench::testing
