#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/tensor.h"
#include "targets/foreign/stan_library.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A Stan model with its data. Its log density is that of the unconstrained parameters x in R^D: all constants
// are kept (propto = false), so that log Z means something, and the Jacobian of the transform is included.
// What the model prints is dropped. For one thread: autodiff keeps its tape where another thread finds none.
class StanModel {
 public:
  // `data`: a JSON document; empty for none. `seed`: of random numbers in its transformed data. Throws
  // InputError with the model's message where it cannot be made, and for a model without parameters.
  StanModel(StanLibrary library, const std::string& data, unsigned seed);
  ~StanModel();
  StanModel(const StanModel&) = delete;
  StanModel& operator=(const StanModel&) = delete;

  int64_t dim() const { return dim_; }
  std::string name() const { return library_.name(model_); }
  const StanLibrary& library() const { return library_; }

  // The names of the unconstrained parameters, [D], and of the parameters and then transformed parameters on
  // the model's scale, [P]: "theta.1". The first Q are those of parameters.
  const std::vector<std::string>& coordinates() const { return coordinates_; }
  const std::vector<std::string>& parameters() const { return parameters_; }
  int64_t own_parameters() const { return own_parameters_; }  // Q

  // At one point x [D]: the log density, and the score [D]. Where the library reports a failure, or a number
  // is NaN or infinite, the log density is -inf and the score 0, and the failure is counted. A log density of
  // -inf with a finite score is no failure.
  double log_density(const double* x) const;
  double value_and_score(const double* x, double* score) const;

  // The Hessian of the log density times v [D], by the library's own function or else by central differences
  // of the score, which take two scores. 0 where it fails, which is counted.
  void hessian_vector(const double* x, const double* v, double* product) const;
  bool has_hessian_vector() const { return has_hessian_vector_; }

  // [n, D] -> [n, P] float64, and [n, Q] -> [n, D] float64. Throw std::runtime_error with the model's
  // message.
  Tensor parameters_at(const Tensor& x) const;
  Tensor coordinates_at(const Tensor& parameters) const;
  bool can_unconstrain() const { return library_.unconstrain != nullptr; }

  OwnWork own_work() const { return work_; }

 private:
  void take_names();
  bool refuses_hessian_vectors() const;
  void difference(const double* x, const double* v, double* product) const;
  void require_own_thread() const;

  // What act(row, made, message) makes of each row of x, [n, K] -> [n, width] float64. Throws
  // std::runtime_error "parameters cannot be DONE" with the model's message where it does not return 0.
  template <class Act>
  Tensor row_by_row(const Tensor& x, int64_t width, const char* done, const Act& act) const;

  StanLibrary library_;
  void* model_ = nullptr;
  std::thread::id thread_ = std::this_thread::get_id();
  int64_t dim_ = 0, own_parameters_ = 0;
  std::vector<std::string> coordinates_, parameters_;
  bool has_hessian_vector_ = false;
  mutable OwnWork work_;
};

}  // namespace samplerbench::targets
