#pragma once

#include <dlfcn.h>

namespace samplerbench::harness {

// A function of the BLAS in use, by its type (int()) and name; null where the library has none of that name.
// No header declares these: which library it is turns out when the program is loaded.
template <class Function>
Function* of_blas(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// Whether it is an OpenBLAS with threads of its own, which does not listen to OpenMP.
inline bool blas_has_own_threads() {
  constexpr int kOwnThreads = 1;  // what openblas_get_parallel() says of such a library; 2 is OpenMP
  const auto parallel = of_blas<int()>("openblas_get_parallel");
  return parallel != nullptr && parallel() == kOwnThreads;
}

}  // namespace samplerbench::harness
