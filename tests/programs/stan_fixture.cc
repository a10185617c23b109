// A shared object with the functions of BridgeStan's C ABI, in place of a compiled Stan model: what the tests
// of the target `stan` open. Parameters: scale > 0, effect (a vector of one number) and share in (0, 1);
// product = scale * effect is a transformed parameter, noise a generated quantity. In the coordinates u = log
// scale, v = effect and w = logit share the density is e^log_z times the normal density of ((u - location) /
// spread, v) with that correlation, over spread, times the logistic density of w.
//
// The data set the constants above and switches:
//   fail_above, nan_above   evaluations where v is above it fail, or give NaN
//   print                   every evaluation prints a line
//   refuse                  the model cannot be made
//   empty                   the model has no parameters
//   no_hessian              products with the Hessian always fail: the library has the function's name alone
// FIXTURE_WITHOUT_HESSIAN, _GRADIENT and _VERSION leave out functions; FIXTURE_MAJOR is the version.
#include <pthread.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#ifndef FIXTURE_MAJOR
#define FIXTURE_MAJOR 2
#endif

namespace {

using Print = void (*)(const char*, size_t);

Print print_callback = nullptr;
int live_messages = 0, printed_lines = 0;

struct Model {
  double correlation, location, spread, log_z, fail_above, nan_above;
  bool prints, is_empty, has_hessian;
  pthread_t thread = pthread_self();
};

// The number after "key": in a flat JSON object.
double number_of(const std::string& data, const std::string& key, double fallback) {
  const size_t at = data.find("\"" + key + "\"");
  return at == std::string::npos ? fallback : std::strtod(data.c_str() + data.find(':', at) + 1, nullptr);
}

int failure(char** message, const char* text) {
  *message = strdup(text);
  ++live_messages;
  return -1;
}

const Model& model_of(const void* model) { return *static_cast<const Model*>(model); }

double logistic(double w) { return 1 / (1 + std::exp(-w)); }

double log_logistic(double w) { return w < 0 ? w - std::log1p(std::exp(w)) : -std::log1p(std::exp(-w)); }

// What goes wrong with an evaluation at x; 0 if nothing does.
int fault(const Model& model, const double* x, char** message) {
  if (pthread_equal(model.thread, pthread_self()) == 0) return failure(message, "another thread");
  if (model.prints) {
    const char line[] = "a line of the model\n";
    ++printed_lines;
    if (print_callback != nullptr)
      print_callback(line, sizeof(line) - 1);
    else
      std::fputs(line, stdout);
  }
  return x[1] > model.fail_above ? failure(message, "Exception: effect is too large\n") : 0;
}

double constant(const Model& m) {
  return m.log_z - std::log(2 * M_PI * m.spread * std::sqrt(1 - m.correlation * m.correlation));
}

double density(const Model& m, bool propto, bool jacobian, const double* x) {
  const double r = m.correlation, p = (x[0] - m.location) / m.spread, q = x[1];
  double value = -x[0] - (p * p - 2 * r * p * q + q * q) / (2 * (1 - r * r));
  if (!propto) value += constant(m);
  if (jacobian) value += x[0] + log_logistic(x[2]) + log_logistic(-x[2]);
  return x[1] > m.nan_above ? std::nan("") : value;
}

[[maybe_unused]] void slope(const Model& m, bool jacobian, const double* x, double* score) {
  const double r = m.correlation, p = (x[0] - m.location) / m.spread, q = x[1];
  score[0] = -(p - r * q) / (m.spread * (1 - r * r)) - (jacobian ? 0 : 1);
  score[1] = -(q - r * p) / (1 - r * r);
  score[2] = jacobian ? 1 - 2 * logistic(x[2]) : 0;
}

[[maybe_unused]] void curvature_times(const Model& m, bool jacobian, const double* x, const double* v,
                                      double* product) {
  const double r = m.correlation, s = m.spread, d = 1 - r * r, share = logistic(x[2]);
  product[0] = (-v[0] / s + r * v[1]) / (s * d);
  product[1] = (r * v[0] / s - v[1]) / d;
  product[2] = jacobian ? -2 * share * (1 - share) * v[2] : 0;
}

}  // namespace

extern "C" {

#ifndef FIXTURE_WITHOUT_VERSION
int bs_major_version = FIXTURE_MAJOR;
int bs_minor_version = 7;
int bs_patch_version = 0;
#endif

void* bs_model_construct(const char* data, unsigned, char** message) {
  const std::string text = data == nullptr ? "" : data;
  if (number_of(text, "refuse", 0) != 0) {
    failure(message, "Exception: variable does not exist\n  in its data block\n");
    return nullptr;
  }
  return new Model{.correlation = number_of(text, "correlation", 0.6),
                   .location = number_of(text, "location", 0.5),
                   .spread = number_of(text, "spread", 0.7),
                   .log_z = number_of(text, "log_z", 1.25),
                   .fail_above = number_of(text, "fail_above", HUGE_VAL),
                   .nan_above = number_of(text, "nan_above", HUGE_VAL),
                   .prints = number_of(text, "print", 0) != 0,
                   .is_empty = number_of(text, "empty", 0) != 0,
                   .has_hessian = number_of(text, "no_hessian", 0) == 0};
}

void bs_model_destruct(void* model) { delete static_cast<Model*>(model); }

void bs_free_error_msg(char* message) {
  std::free(message);
  --live_messages;
}

const char* bs_name(const void*) { return "fixture"; }

int bs_param_unc_num(const void* model) { return model_of(model).is_empty ? 0 : 3; }

const char* bs_param_unc_names(const void* model) {
  return model_of(model).is_empty ? "" : "scale,effect.1,share";
}

int bs_param_num(const void* model, bool transformed, bool generated) {
  return model_of(model).is_empty ? 0 : 3 + (transformed ? 1 : 0) + (generated ? 1 : 0);
}

const char* bs_param_names(const void* model, bool transformed, bool generated) {
  if (model_of(model).is_empty) return "";
  if (transformed) return generated ? "scale,effect.1,share,product,noise" : "scale,effect.1,share,product";
  return generated ? "scale,effect.1,share,noise" : "scale,effect.1,share";
}

int bs_log_density(const void* model, bool propto, bool jacobian, const double* x, double* value,
                   char** message) {
  if (fault(model_of(model), x, message) != 0) return -1;
  *value = density(model_of(model), propto, jacobian, x);
  return 0;
}

#ifndef FIXTURE_WITHOUT_GRADIENT
int bs_log_density_gradient(const void* model, bool propto, bool jacobian, const double* x, double* value,
                            double* score, char** message) {
  if (fault(model_of(model), x, message) != 0) return -1;
  *value = density(model_of(model), propto, jacobian, x);
  slope(model_of(model), jacobian, x, score);
  return 0;
}
#endif

#ifndef FIXTURE_WITHOUT_HESSIAN
int bs_log_density_hessian_vector_product(const void* model, bool propto, bool jacobian, const double* x,
                                          const double* v, double* value, double* product, char** message) {
  const Model& m = model_of(model);
  if (!m.has_hessian) return failure(message, "this library has first derivatives only");
  if (fault(m, x, message) != 0) return -1;
  *value = density(m, propto, jacobian, x);
  curvature_times(m, jacobian, x, v, product);
  return 0;
}
#endif

int bs_param_constrain(const void* model, bool transformed, bool generated, const double* x,
                       double* parameters, void* random, char** message) {
  if (generated && random == nullptr) return failure(message, "generated quantities need random numbers");
  parameters[0] = std::exp(x[0]);
  parameters[1] = x[1];
  parameters[2] = logistic(x[2]);
  if (transformed) parameters[3] = parameters[0] * parameters[1];
  return 0;
}

int bs_param_unconstrain(const void*, const double* parameters, double* x, char** message) {
  if (!(parameters[0] > 0 && parameters[2] > 0 && parameters[2] < 1))
    return failure(message, "parameters break their constraints");
  x[0] = std::log(parameters[0]);
  x[1] = parameters[1];
  x[2] = std::log(parameters[2] / (1 - parameters[2]));
  return 0;
}

int bs_set_print_callback(Print callback, char**) {
  print_callback = callback;
  return 0;
}

// Messages that were handed out and not freed yet, and lines printed so far.
int fixture_live_messages() { return live_messages; }
int fixture_printed_lines() { return printed_lines; }

}  // extern "C"
