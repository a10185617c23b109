#include "targets/foreign/stan_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::targets {
namespace {

constexpr int kMajorVersion = 2;
constexpr size_t kMostOfError = 300;  // bytes of what the system says

void* open_library(const std::string& path) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library != nullptr) return library;
  const char* const error = ::dlerror();
  throw InputError(fmt::format("{}: cannot be opened as a shared object: {}", path,
                               printable(error == nullptr ? "no reason is known" : error, kMostOfError)));
}

// The function of that name, or null.
template <class Function>
void look_up(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, symbol));
}

template <class Function>
void look_up_or_refuse(void* library, const std::string& path, const char* symbol, Function& function) {
  look_up(library, symbol, function);
  if (function == nullptr)
    throw InputError(
        fmt::format("{}: has no symbol {}, which every Stan model has that BridgeStan {} compiled", path,
                    symbol, kMajorVersion));
}

// The number that the library holds under that name, or 0.
int number_in(void* library, const char* symbol) {
  const auto* const number = static_cast<const int*>(::dlsym(library, symbol));
  return number == nullptr ? 0 : *number;
}

std::string version_of(void* library, const std::string& path) {
  if (::dlsym(library, "bs_major_version") == nullptr)
    throw InputError(
        fmt::format("{}: has no symbol bs_major_version: it is no Stan model that BridgeStan compiled, or "
                    "one by BridgeStan 1, and version {} is needed",
                    path, kMajorVersion));
  const int major = number_in(library, "bs_major_version");
  const std::string version = fmt::format("{}.{}.{}", major, number_in(library, "bs_minor_version"),
                                          number_in(library, "bs_patch_version"));
  if (major != kMajorVersion)
    throw InputError(fmt::format("{}: was compiled by BridgeStan {}, and version {} is needed", path, version,
                                 kMajorVersion));
  return version;
}

}  // namespace

StanLibrary open_stan_library(const std::string& path) {
  void* const library = open_library(path);
  StanLibrary opened{.path = path, .version = version_of(library, path)};
  const auto need = [&](const char* symbol, auto& function) {
    look_up_or_refuse(library, path, symbol, function);
  };
  need("bs_model_construct", opened.construct);
  need("bs_model_destruct", opened.destruct);
  need("bs_free_error_msg", opened.free_message);
  need("bs_name", opened.name);
  need("bs_param_unc_num", opened.dim);
  need("bs_param_unc_names", opened.coordinate_names);
  need("bs_param_num", opened.parameter_count);
  need("bs_param_names", opened.parameter_names);
  need("bs_log_density", opened.log_density);
  need("bs_log_density_gradient", opened.gradient);
  need("bs_param_constrain", opened.constrain);
  need("bs_set_print_callback", opened.set_print);
  look_up(library, "bs_log_density_hessian_vector_product", opened.hessian_vector);
  look_up(library, "bs_param_unconstrain", opened.unconstrain);
  return opened;
}

}  // namespace samplerbench::targets
