#pragma once

#include <cstddef>
#include <string>

namespace samplerbench::targets {

// The functions of one shared object that BridgeStan 2 compiled, as far as they are called here. The C ABI:
// https://roualdes.github.io/bridgestan/latest/languages/c-api.html
struct StanLibrary {
  using Print = void (*)(const char* text, size_t size);

  std::string path;
  std::string version;  // of BridgeStan: "2.7.0"

  // A function that fails returns -1, `construct` null, and hands over a message that free_message frees.
  void* (*construct)(const char* data, unsigned seed, char** message) = nullptr;
  void (*destruct)(void* model) = nullptr;
  void (*free_message)(char* message) = nullptr;
  const char* (*name)(const void* model) = nullptr;
  int (*dim)(const void* model) = nullptr;
  const char* (*coordinate_names)(const void* model) = nullptr;
  int (*parameter_count)(const void* model, bool transformed, bool generated) = nullptr;
  const char* (*parameter_names)(const void* model, bool transformed, bool generated) = nullptr;
  int (*log_density)(const void* model, bool propto, bool jacobian, const double* x, double* value,
                     char** message) = nullptr;
  int (*gradient)(const void* model, bool propto, bool jacobian, const double* x, double* value,
                  double* score, char** message) = nullptr;
  int (*constrain)(const void* model, bool transformed, bool generated, const double* x, double* parameters,
                   void* random, char** message) = nullptr;
  int (*set_print)(Print print, char** message) = nullptr;

  // Null where the library has none.
  int (*hessian_vector)(const void* model, bool propto, bool jacobian, const double* x, const double* v,
                        double* value, double* product, char** message) = nullptr;
  int (*unconstrain)(const void* model, const double* parameters, double* x, char** message) = nullptr;
};

// Opens the shared object at the absolute `path`, until the process ends: code that was loaded is never
// unloaded, since threads and destructors may still run in it. Throws InputError for a file that is no shared
// object, a function that is missing, and another major version than 2. BridgeStan 1 is refused, since its
// functions take other arguments.
StanLibrary open_stan_library(const std::string& path);

}  // namespace samplerbench::targets
