// A shared object by itself, not a part of the floor: a target of this suite behind the functions of
// BridgeStan's C ABI, so that every client of BridgeStan can sample it. Clients may need every function: all
// 22 symbols of version 2.7 are here, and bs_param_initialize, which newer clients look for. Parameters are
// the coordinates, without constraints: propto and jacobian change nothing. The ABI:
// https://roualdes.github.io/bridgestan/latest/languages/c-api.html
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/options.h"
#include "core/rng.h"
#include "targets/foreign/exported_target.h"
#include "targets/laplace.h"
#include "targets/targets.h"

struct bs_model {
  samplerbench::targets::Problem problem;
  std::string name, info, names;
  int64_t dim = 0;

  const samplerbench::targets::Target& target() const { return *problem.target; }
};

struct bs_rng {
  samplerbench::Rng numbers;
};

namespace {

using samplerbench::InputError;
using samplerbench::Json;
using samplerbench::Tensor;
namespace targets = samplerbench::targets;

[[gnu::used]] constinit targets::ExportRoom export_room = targets::empty_export_room();

// What a copy of this library has in its room. Through volatile, since the compiler sees an empty one.
std::string exported_text() {
  const volatile char* text = export_room.text;
  std::string copied;
  for (size_t i = 0; i + 1 < sizeof(export_room.text) && text[i] != '\0'; ++i) copied += text[i];
  return copied;
}

const targets::TargetRegistry& suite_targets() {
  static const targets::TargetRegistry registry = [] {
    targets::TargetRegistry all("target");
    targets::add_targets(all);
    return all;
  }();
  return registry;
}

void hand_over(char** message, const std::string& text) {
  if (message != nullptr) *message = ::strdup(text.c_str());
}

// Carries `act` out. Whether nothing was thrown; what was is handed over.
template <class Act>
bool succeeds(char** message, const Act& act) {
  try {
    act();
    return true;
  } catch (const std::exception& error) {
    hand_over(message, samplerbench::brief(error));
  } catch (...) {
    hand_over(message, "something was thrown that is no std::exception");
  }
  return false;
}

template <class Act>
int code_of(char** message, const Act& act) {
  return succeeds(message, act) ? 0 : -1;
}

std::string names_of(int64_t dim) {
  std::string names;
  for (int64_t d = 1; d <= dim; ++d) names += fmt::format("{}x.{}", d == 1 ? "" : ",", d);
  return names;
}

std::unique_ptr<bs_model> make_model(const char* data) {
  const std::string given = data == nullptr ? "" : data;
  if (!given.empty() && given != "{}")
    throw InputError("this library is a target of samplerbench, which takes no data");
  const std::string text = exported_text();
  if (text.empty())
    throw InputError(
        "this library holds no target; `samplerbench export TARGET --bridgestan FILE.so` makes copies that "
        "do");
  const Json chosen = samplerbench::parse_json(text);
  const auto name = chosen.at("name").get<std::string>();
  const auto& entry = suite_targets().at(name);
  auto model = std::make_unique<bs_model>();
  model->problem = entry.make({samplerbench::Options::resolved(entry.options, chosen.at("options"), name)});
  model->dim = model->target().dim();
  model->name = chosen.at("label").get<std::string>();
  model->names = names_of(model->dim);
  model->info = fmt::format("target {} of samplerbench: {}\nSTAN_THREADS=true (several threads may call)",
                            model->name, entry.summary);
  return model;
}

Tensor copied(const double* numbers, at::IntArrayRef sizes) {
  return torch::from_blob(const_cast<double*>(numbers), sizes, torch::kDouble).clone();
}

void copy_out(const Tensor& values, double* out) {
  const Tensor plain = values.detach().to(torch::kDouble).contiguous();
  std::memcpy(out, plain.data_ptr<double>(), static_cast<size_t>(plain.numel()) * sizeof(double));
}

double value_at(const bs_model* model, const double* x) {
  std::vector<double> score(static_cast<size_t>(model->dim));
  double value = 0;
  model->target().evaluate(1, x, &value, score.data());
  return value;
}

Tensor hessian_vector(const bs_model* model, const double* x, const double* v) {
  const torch::AutoGradMode enabled(true);
  const Tensor point = copied(x, {1, model->dim}).requires_grad_();
  return torch::autograd::grad({model->target().score(point)}, {point}, {copied(v, {1, model->dim})})[0];
}

// {"x": [1, 2]}
void read_point(const bs_model* model, const char* json, double* x) {
  const Json document = samplerbench::parse_json(json == nullptr ? "" : json);
  const Json numbers = document.is_object() ? document.value("x", Json()) : Json();
  if (!numbers.is_array() || static_cast<int64_t>(numbers.size()) != model->dim)
    throw InputError(fmt::format("an object with a list 'x' of {} numbers is needed", model->dim));
  for (const Json& number : numbers) *x++ = samplerbench::number_from_json(number);
}

// A point of the cube of that radius at which the density is not 0.
void draw_point(const bs_model* model, bs_rng* rng, double radius, int tries, double* x) {
  if (rng == nullptr) throw InputError("random numbers are needed for a starting point");
  for (int i = 0; i < tries; ++i) {
    rng->numbers.fill_uniform(x, model->dim);
    for (int64_t d = 0; d < model->dim; ++d) x[d] = radius * (2 * x[d] - 1);
    if (std::isfinite(value_at(model, x))) return;
  }
  throw InputError(fmt::format("no point with a finite log density was found in {} tries", tries));
}

}  // namespace

extern "C" {

extern const int bs_major_version, bs_minor_version, bs_patch_version;
const int bs_major_version = 2, bs_minor_version = 7, bs_patch_version = 0;

bs_model* bs_model_construct(const char* data, unsigned, char** message) {
  std::unique_ptr<bs_model> model;
  succeeds(message, [&] { model = make_model(data); });
  return model.release();
}

void bs_model_destruct(bs_model* model) { delete model; }

void bs_free_error_msg(char* message) { std::free(message); }

const char* bs_name(const bs_model* model) { return model->name.c_str(); }

const char* bs_model_info(const bs_model* model) { return model->info.c_str(); }

const char* bs_param_names(const bs_model* model, bool, bool) { return model->names.c_str(); }

const char* bs_param_unc_names(const bs_model* model) { return model->names.c_str(); }

int bs_param_num(const bs_model* model, bool, bool) { return static_cast<int>(model->dim); }

int bs_param_unc_num(const bs_model* model) { return static_cast<int>(model->dim); }

int bs_param_constrain(const bs_model* model, bool, bool, const double* x, double* parameters, bs_rng*,
                       char**) {
  std::memcpy(parameters, x, static_cast<size_t>(model->dim) * sizeof(double));
  return 0;
}

int bs_param_unconstrain(const bs_model* model, const double* parameters, double* x, char**) {
  std::memcpy(x, parameters, static_cast<size_t>(model->dim) * sizeof(double));
  return 0;
}

int bs_param_unconstrain_json(const bs_model* model, const char* json, double* x, char** message) {
  return code_of(message, [&] { read_point(model, json, x); });
}

int bs_param_initialize(const bs_model* model, const char* json, bs_rng* rng, double radius, int tries, bool,
                        double* x, char** message) {
  return code_of(message, [&] {
    if (json != nullptr && *json != '\0')
      read_point(model, json, x);
    else
      draw_point(model, rng, radius, tries, x);
  });
}

int bs_log_density(const bs_model* model, bool, bool, const double* x, double* value, char** message) {
  return code_of(message, [&] { *value = value_at(model, x); });
}

int bs_log_density_gradient(const bs_model* model, bool, bool, const double* x, double* value, double* score,
                            char** message) {
  return code_of(message, [&] { model->target().evaluate(1, x, value, score); });
}

int bs_log_density_hessian(const bs_model* model, bool, bool, const double* x, double* value, double* score,
                           double* hessian, char** message) {
  return code_of(message, [&] {
    model->target().evaluate(1, x, value, score);
    copy_out(targets::hessian(model->target(), copied(x, {model->dim})), hessian);
  });
}

int bs_log_density_hessian_vector_product(const bs_model* model, bool, bool, const double* x, const double* v,
                                          double* value, double* product, char** message) {
  return code_of(message, [&] {
    *value = value_at(model, x);
    copy_out(hessian_vector(model, x, v), product);
  });
}

bs_rng* bs_rng_construct(unsigned seed, char** message) {
  std::unique_ptr<bs_rng> rng;
  succeeds(message, [&] { rng.reset(new bs_rng{samplerbench::Rng(seed)}); });
  return rng.release();
}

void bs_rng_destruct(bs_rng* rng) { delete rng; }

// A target prints nothing.
int bs_set_print_callback(void (*)(const char*, size_t), char**) { return 0; }

}  // extern "C"
