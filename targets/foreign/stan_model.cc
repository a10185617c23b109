#include "targets/foreign/stan_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::targets {
namespace {

constexpr bool kPropto = false, kJacobian = true;
constexpr bool kTransformed = true, kGenerated = false;  // parameters that are reported
constexpr double kNowhere = -std::numeric_limits<double>::infinity();
constexpr size_t kMostOfMessage = 500;  // bytes of what a model says

// Where a call puts its message.
class StanMessage {
 public:
  explicit StanMessage(const StanLibrary& library) : library_(library) {}
  ~StanMessage() {
    if (text_ != nullptr) library_.free_message(text_);
  }
  StanMessage(const StanMessage&) = delete;
  StanMessage& operator=(const StanMessage&) = delete;

  char** place() { return &text_; }

  // On one line.
  std::string words() const {
    if (text_ == nullptr) return "it does not say why";
    std::string line = text_;
    std::replace(line.begin(), line.end(), '\n', ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    return printable(line, kMostOfMessage);
  }

 private:
  const StanLibrary& library_;
  char* text_ = nullptr;
};

// A model's print statements would stand amid what the program writes to standard output.
void drop_print(const char*, size_t) {}

bool all_finite(const double* values, int64_t count) {
  return std::all_of(values, values + count, [](double one) { return std::isfinite(one); });
}

std::vector<std::string> names_between_commas(const char* text) {
  std::vector<std::string> names;
  const std::string all = text == nullptr ? "" : text;
  for (size_t begin = 0; begin < all.size();) {
    const size_t end = std::min(all.find(',', begin), all.size());
    names.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

}  // namespace

StanModel::StanModel(StanLibrary library, const std::string& data, unsigned seed)
    : library_(std::move(library)) {
  StanMessage message(library_);
  library_.set_print(drop_print, message.place());
  StanMessage refusal(library_);
  model_ = library_.construct(data.c_str(), seed, refusal.place());
  if (model_ == nullptr)
    throw InputError(fmt::format("{}: the model cannot be made: {}", library_.path, refusal.words()));
  try {
    take_names();
  } catch (...) {
    library_.destruct(model_);
    throw;
  }
  has_hessian_vector_ = library_.hessian_vector != nullptr && !refuses_hessian_vectors();
}

StanModel::~StanModel() { library_.destruct(model_); }

void StanModel::take_names() {
  dim_ = library_.dim(model_);
  own_parameters_ = library_.parameter_count(model_, false, false);
  coordinates_ = names_between_commas(library_.coordinate_names(model_));
  parameters_ = names_between_commas(library_.parameter_names(model_, kTransformed, kGenerated));
  const int64_t reported = library_.parameter_count(model_, kTransformed, kGenerated);
  if (dim_ < 1)
    throw InputError(
        fmt::format("{}: the model has no parameters, and a target needs at least one", library_.path));
  if (std::ssize(coordinates_) != dim_ || std::ssize(parameters_) != reported || own_parameters_ > reported)
    throw InputError(fmt::format("{}: the model names {} of {} unconstrained parameters and {} of {} others",
                                 library_.path, coordinates_.size(), dim_, parameters_.size(), reported));
}

// Whether the library only has the function's name: it fails at a point at which there is a score.
bool StanModel::refuses_hessian_vectors() const {
  const auto size = static_cast<size_t>(dim_);
  const std::vector<double> origin(size), ones(size, 1.0);
  std::vector<double> out(size);
  double value = 0;
  StanMessage score_message(library_), message(library_);
  return library_.gradient(model_, kPropto, kJacobian, origin.data(), &value, out.data(),
                           score_message.place()) == 0 &&
         library_.hessian_vector(model_, kPropto, kJacobian, origin.data(), ones.data(), &value, out.data(),
                                 message.place()) != 0;
}

void StanModel::require_own_thread() const {
  if (std::this_thread::get_id() != thread_)
    throw std::logic_error("a Stan model was called from another thread than the one that made it");
}

double StanModel::log_density(const double* x) const {
  require_own_thread();
  StanMessage message(library_);
  double value = 0;
  const int code = library_.log_density(model_, kPropto, kJacobian, x, &value, message.place());
  if (code == 0 && value < std::numeric_limits<double>::infinity()) return value;  // not where it is NaN
  ++work_.failed;
  return kNowhere;
}

double StanModel::value_and_score(const double* x, double* score) const {
  require_own_thread();
  StanMessage message(library_);
  double value = 0;
  const int code = library_.gradient(model_, kPropto, kJacobian, x, &value, score, message.place());
  if (code == 0 && value < std::numeric_limits<double>::infinity() && all_finite(score, dim_)) return value;
  std::fill_n(score, dim_, 0.0);
  ++work_.failed;
  return kNowhere;
}

void StanModel::hessian_vector(const double* x, const double* v, double* product) const {
  if (!has_hessian_vector_) return difference(x, v, product);
  require_own_thread();
  StanMessage message(library_);
  double value = 0;
  const int code =
      library_.hessian_vector(model_, kPropto, kJacobian, x, v, &value, product, message.place());
  if (code == 0 && all_finite(product, dim_)) return;
  std::fill_n(product, dim_, 0.0);
  ++work_.failed;
}

// (s(x + h v) - s(x - h v)) / (2 h), with the h at which truncation and rounding cost about the same.
void StanModel::difference(const double* x, const double* v, double* product) const {
  std::fill_n(product, dim_, 0.0);
  double longest = 0, farthest = 1;
  for (int64_t i = 0; i < dim_; ++i) {
    longest = std::max(longest, std::abs(v[i]));
    farthest = std::max(farthest, std::abs(x[i]));
  }
  if (longest == 0) return;
  const double step = std::cbrt(std::numeric_limits<double>::epsilon()) * farthest / longest;
  std::vector<double> ahead(x, x + dim_), behind(x, x + dim_), ahead_score(ahead.size()),
      behind_score(ahead.size());
  for (int64_t i = 0; i < dim_; ++i) {
    ahead[i] += step * v[i];
    behind[i] -= step * v[i];
  }
  const double ahead_value = value_and_score(ahead.data(), ahead_score.data());
  const double behind_value = value_and_score(behind.data(), behind_score.data());
  work_.scores += 2;
  if (ahead_value == kNowhere || behind_value == kNowhere) return;
  for (int64_t i = 0; i < dim_; ++i) product[i] = (ahead_score[i] - behind_score[i]) / (2 * step);
}

template <class Act>
Tensor StanModel::row_by_row(const Tensor& x, int64_t width, const char* done, const Act& act) const {
  require_own_thread();
  const Tensor rows = x.detach().to(torch::kCPU, torch::kDouble).contiguous();
  const int64_t n = rows.size(0), given = rows.size(1);
  Tensor made = torch::empty({n, width}, torch::kDouble);
  for (int64_t i = 0; i < n; ++i) {
    StanMessage message(library_);
    if (act(rows.data_ptr<double>() + i * given, made.data_ptr<double>() + i * width, message.place()) != 0)
      throw std::runtime_error(
          fmt::format("{}: parameters cannot be {}: {}", library_.path, done, message.words()));
  }
  return made;
}

Tensor StanModel::parameters_at(const Tensor& x) const {
  return row_by_row(
      x, std::ssize(parameters_), "constrained", [this](const double* row, double* made, char** message) {
        return library_.constrain(model_, kTransformed, kGenerated, row, made, nullptr, message);
      });
}

Tensor StanModel::coordinates_at(const Tensor& parameters) const {
  return row_by_row(parameters, dim_, "unconstrained",
                    [this](const double* row, double* made, char** message) {
                      return library_.unconstrain(model_, row, made, message);
                    });
}

}  // namespace samplerbench::targets
