// A Stan model that Stan translated to C++, behind the functions of BridgeStan's C ABI 2.x. The translation
// is included before this file; it defines new_model(). tests/stan/compile takes Stan 2.21 of Debian's
// r-cran-rstan, tests/peers/clients.py a newer one from PyPI. Nothing of Stan or of BridgeStan is copied
// here: the ABI and Stan's own headers are what is built against.
#include <nlohmann/json.hpp>
#include <stan/io/array_var_context.hpp>
#include <stan/math.hpp>
#include <stan/model/model_base.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <vector>

#define EXPORTED extern "C" __attribute__((visibility("default")))

using Json = nlohmann::json;
using Vector = Eigen::VectorXd;
using Print = void (*)(const char*, size_t);

// The random numbers that models take, which are others in newer versions of Stan.
template <class T>
T numbers_of(void (stan::model::model_base::*)(T&, Vector&, Vector&, bool, bool, std::ostream*) const);
using Numbers = decltype(numbers_of(&stan::model::model_base::write_array));

struct bs_model {
  std::unique_ptr<stan::model::model_base> base;
  std::string name, unconstrained;
  std::string names[2][2];  // by [transformed][generated]
  int counts[2][2];
  int dim = 0;
};

struct bs_rng {
  Numbers numbers;
};

namespace {

// What models print goes to the callback, or to standard output where there is none.
class Printer : public std::streambuf {
 public:
  Print callback = nullptr;

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    if (callback != nullptr)
      callback(text, static_cast<size_t>(size));
    else
      std::cout.write(text, size);
    return size;
  }
  int overflow(int c) override {
    const char one = static_cast<char>(c);
    if (c != EOF) xsputn(&one, 1);
    return c;
  }
};

Printer printer;
std::ostream printed(&printer);

// The tape of this thread: every function that differentiates needs one.
void need_tape() { static thread_local stan::math::ChainableStack tape; }

template <class Act>
int code_of(char** message, const Act& act) {
  try {
    need_tape();
    act();
    return 0;
  } catch (const std::exception& error) {
    if (message != nullptr) *message = strdup(error.what());
  } catch (...) {
    if (message != nullptr) *message = strdup("something was thrown that is no std::exception");
  }
  return -1;
}

// ------------------------------------------------------------------------------------------------------ data

// One variable of a JSON document, with its values by columns: the first index runs fastest.
struct Variable {
  std::vector<size_t> dims;
  std::vector<double> values;
  bool whole = true;  // all values are integers
};

double number_of(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json.is_boolean()) return json.get<bool>() ? 1 : 0;
  const std::string word = json.is_string() ? json.get<std::string>() : json.dump();
  if (word == "NaN" || word == "nan") return std::nan("");
  if (word == "Inf" || word == "Infinity" || word == "+Inf" || word == "+inf") return HUGE_VAL;
  if (word == "-Inf" || word == "-Infinity" || word == "-inf") return -HUGE_VAL;
  throw std::invalid_argument("the data have a value that is no number: " + word);
}

// Writes the values of a nested list, which begin at `offset` of the first index and are `stride` apart.
void fill(const Json& json, size_t depth, size_t offset, size_t stride, Variable& variable) {
  if (depth == variable.dims.size()) {
    variable.whole = variable.whole && (json.is_number_integer() || json.is_boolean());
    variable.values[offset] = number_of(json);
    return;
  }
  if (!json.is_array() || json.size() != variable.dims[depth])
    throw std::invalid_argument("the data have a list whose parts are of unequal sizes");
  for (size_t i = 0; i < json.size(); ++i)
    fill(json[i], depth + 1, offset + i * stride, stride * variable.dims[depth], variable);
}

Variable variable_of(const Json& json) {
  Variable variable;
  size_t size = 1;
  for (const Json* part = &json; part->is_array(); part = &part->front()) {
    variable.dims.push_back(part->size());
    size *= part->size();
    if (part->empty()) break;
  }
  variable.values.resize(size);
  if (size > 0) fill(json, 0, 0, 1, variable);
  return variable;
}

stan::io::array_var_context context_of(const Json& document) {
  if (!document.is_object()) throw std::invalid_argument("the data must be a JSON object");
  std::vector<std::string> real_names, whole_names;
  std::vector<double> reals;
  std::vector<int> wholes;
  std::vector<std::vector<size_t>> real_dims, whole_dims;
  for (auto member = document.begin(); member != document.end(); ++member) {
    const Variable variable = variable_of(member.value());
    if (variable.whole) {
      whole_names.push_back(member.key());
      whole_dims.push_back(variable.dims);
      wholes.insert(wholes.end(), variable.values.begin(), variable.values.end());
    } else {
      real_names.push_back(member.key());
      real_dims.push_back(variable.dims);
      reals.insert(reals.end(), variable.values.begin(), variable.values.end());
    }
  }
  return stan::io::array_var_context(real_names, reals, real_dims, whole_names, wholes, whole_dims);
}

// `data`: the path of a file that ends in .json, a document, or nothing.
Json document_of(const char* data) {
  const std::string given = data == nullptr ? "" : data;
  if (given.empty()) return Json::object();
  if (given.size() < 5 || given.compare(given.size() - 5, 5, ".json") != 0) return Json::parse(given);
  std::ifstream file(given);
  if (!file) throw std::invalid_argument(given + ": cannot be read");
  return Json::parse(file);
}

// ----------------------------------------------------------------------------------------------------- names

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

void take_names(bs_model& model) {
  std::vector<std::string> names;
  model.name = model.base->model_name();
  model.base->unconstrained_param_names(names, false, false);
  model.unconstrained = joined(names);
  model.dim = static_cast<int>(model.base->num_params_r());
  for (const bool transformed : {false, true})
    for (const bool generated : {false, true}) {
      names.clear();
      model.base->constrained_param_names(names, transformed, generated);
      model.names[transformed][generated] = joined(names);
      model.counts[transformed][generated] = static_cast<int>(names.size());
    }
}

// ----------------------------------------------------------------------------------------------- evaluations

template <bool propto, bool jacobian>
struct Density {
  const stan::model::model_base& base;

  template <class T>
  T operator()(const Eigen::Matrix<T, Eigen::Dynamic, 1>& x) const {
    Eigen::Matrix<T, Eigen::Dynamic, 1> point = x;
    return base.template log_prob<propto, jacobian>(point, &printed);
  }
};

Vector vector_of(const double* x, int size) { return Eigen::Map<const Vector>(x, size); }

// Calls `act` with the density that the flags name.
template <class Act>
void with_density(const bs_model* model, bool propto, bool jacobian, const Act& act) {
  const stan::model::model_base& base = *model->base;
  if (propto && jacobian) act(Density<true, true>{base});
  if (propto && !jacobian) act(Density<true, false>{base});
  if (!propto && jacobian) act(Density<false, true>{base});
  if (!propto && !jacobian) act(Density<false, false>{base});
}

double gradient(const bs_model* model, bool propto, bool jacobian, const Vector& x, Vector& score) {
  double value = 0;
  with_density(model, propto, jacobian,
               [&](const auto& density) { stan::math::gradient(density, x, value, score); });
  return value;
}

// Constants can be told from the rest only where parameters are variables of the tape.
double value_at(const bs_model* model, bool propto, bool jacobian, const Vector& x) {
  Vector score;
  if (propto) return gradient(model, propto, jacobian, x, score);
  double value = 0;
  with_density(model, propto, jacobian, [&](const auto& density) { value = density(x); });
  return value;
}

// (s(x + h v) - s(x - h v)) / (2 h)
Vector difference(const bs_model* model, bool propto, bool jacobian, const Vector& x, const Vector& v) {
  const double longest = v.cwiseAbs().maxCoeff();
  if (longest == 0) return Vector::Zero(x.size());
  const double step = 6e-6 * std::max(1.0, x.cwiseAbs().maxCoeff()) / longest;
  Vector ahead, behind;
  gradient(model, propto, jacobian, x + step * v, ahead);
  gradient(model, propto, jacobian, x - step * v, behind);
  return (ahead - behind) / (2 * step);
}

// The values of parameters, which come first among all names, as the model reads starting points.
stan::io::array_var_context context_of_parameters(const bs_model* model, const double* parameters) {
  std::vector<std::string> names, own_names;
  std::vector<std::vector<size_t>> dims, own_dims;
  model->base->get_param_names(names);
  model->base->get_dims(dims);
  const size_t count = static_cast<size_t>(model->counts[0][0]);
  for (size_t i = 0, taken = 0; i < names.size() && taken < count; ++i) {
    size_t size = 1;
    for (const size_t dim : dims[i]) size *= dim;
    taken += size;
    own_names.push_back(names[i]);
    own_dims.push_back(dims[i]);
  }
  const std::vector<double> values(parameters, parameters + count);
  return stan::io::array_var_context(own_names, values, own_dims);
}

void unconstrain(const bs_model* model, const stan::io::var_context& context, double* x) {
  Vector point;
  model->base->transform_inits(context, point, &printed);
  std::copy(point.data(), point.data() + point.size(), x);
}

}  // namespace

extern "C" {
extern __attribute__((visibility("default"))) const int bs_major_version, bs_minor_version, bs_patch_version;
const int bs_major_version = 2, bs_minor_version = 7, bs_patch_version = 0;
}

EXPORTED bs_model* bs_model_construct(const char* data, unsigned seed, char** message) {
  std::unique_ptr<bs_model> model;
  code_of(message, [&] {
    auto made = std::make_unique<bs_model>();
    auto context = context_of(document_of(data));
    made->base.reset(&new_model(context, seed, &printed));
    take_names(*made);
    model = std::move(made);
  });
  return model.release();
}

EXPORTED void bs_model_destruct(bs_model* model) { delete model; }
EXPORTED void bs_free_error_msg(char* message) { std::free(message); }
EXPORTED const char* bs_name(const bs_model* model) { return model->name.c_str(); }
EXPORTED const char* bs_model_info(const bs_model*) { return "translated to C++ by Stan"; }
EXPORTED const char* bs_param_unc_names(const bs_model* model) { return model->unconstrained.c_str(); }
EXPORTED int bs_param_unc_num(const bs_model* model) { return model->dim; }

EXPORTED const char* bs_param_names(const bs_model* model, bool transformed, bool generated) {
  return model->names[transformed][generated].c_str();
}

EXPORTED int bs_param_num(const bs_model* model, bool transformed, bool generated) {
  return model->counts[transformed][generated];
}

EXPORTED int bs_param_constrain(const bs_model* model, bool transformed, bool generated, const double* x,
                                double* parameters, bs_rng* rng, char** message) {
  return code_of(message, [&] {
    if (generated && rng == nullptr) throw std::invalid_argument("generated quantities need random numbers");
    Numbers none(1);
    Numbers& numbers = rng == nullptr ? none : rng->numbers;
    Vector point = vector_of(x, model->dim), out;
    model->base->write_array(numbers, point, out, transformed, generated, &printed);
    std::copy(out.data(), out.data() + out.size(), parameters);
  });
}

EXPORTED int bs_param_unconstrain(const bs_model* model, const double* parameters, double* x,
                                  char** message) {
  return code_of(message, [&] { unconstrain(model, context_of_parameters(model, parameters), x); });
}

EXPORTED int bs_param_unconstrain_json(const bs_model* model, const char* json, double* x, char** message) {
  return code_of(message, [&] { unconstrain(model, context_of(Json::parse(json)), x); });
}

EXPORTED int bs_log_density(const bs_model* model, bool propto, bool jacobian, const double* x, double* value,
                            char** message) {
  return code_of(message,
                 [&] { *value = value_at(model, propto, jacobian, vector_of(x, model->dim)); });
}

EXPORTED int bs_log_density_gradient(const bs_model* model, bool propto, bool jacobian, const double* x,
                                     double* value, double* score, char** message) {
  return code_of(message, [&] {
    Vector slope;
    *value = gradient(model, propto, jacobian, vector_of(x, model->dim), slope);
    std::copy(slope.data(), slope.data() + slope.size(), score);
  });
}

EXPORTED int bs_log_density_hessian_vector_product(const bs_model* model, bool propto, bool jacobian,
                                                   const double* x, const double* v, double* value,
                                                   double* product, char** message) {
  return code_of(message, [&] {
    const Vector point = vector_of(x, model->dim);
    *value = value_at(model, propto, jacobian, point);
    const Vector out = difference(model, propto, jacobian, point, vector_of(v, model->dim));
    std::copy(out.data(), out.data() + out.size(), product);
  });
}

EXPORTED int bs_log_density_hessian(const bs_model* model, bool propto, bool jacobian, const double* x,
                                    double* value, double* score, double* hessian, char** message) {
  return code_of(message, [&] {
    const Vector point = vector_of(x, model->dim);
    Vector slope;
    *value = gradient(model, propto, jacobian, point, slope);
    std::copy(slope.data(), slope.data() + slope.size(), score);
    for (int i = 0; i < model->dim; ++i) {
      const Vector column = difference(model, propto, jacobian, point, Vector::Unit(model->dim, i));
      std::copy(column.data(), column.data() + column.size(), hessian + i * model->dim);
    }
  });
}

EXPORTED bs_rng* bs_rng_construct(unsigned seed, char**) { return new bs_rng{Numbers(seed)}; }
EXPORTED void bs_rng_destruct(bs_rng* rng) { delete rng; }

EXPORTED int bs_set_print_callback(Print callback, char**) {
  printer.callback = callback;
  return 0;
}
