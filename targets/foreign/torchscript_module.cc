#include "targets/foreign/torchscript_module.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/version.h>

#include <cmath>
#include <functional>
#include <new>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "core/dtype_words.h"
#include "core/error.h"
#include "core/json.h"
#include "core/placed.h"
#include "core/printable.h"
#include "targets/foreign/torchscript_file.h"

namespace samplerbench::targets {
namespace {

constexpr const char* kForward = "forward(self, x: Tensor) -> Tensor";
constexpr const char* kSample = "sample(self, n: int) -> Tensor";

// Replaces every tensor of the module and of its parts by what `change` makes of it.
void change_tensors(const torch::jit::Module& module, const std::function<Tensor(const Tensor&)>& change) {
  for (const torch::jit::Module& part : module.modules()) {
    const auto object = part._ivalue();
    for (size_t slot = 0; slot < object->slots().size(); ++slot) {
      const c10::IValue value = object->getSlot(slot);
      if (value.isTensor() && value.toTensor().defined()) object->setSlot(slot, change(value.toTensor()));
    }
  }
}

torch::jit::Module converted_module(const torch::jit::Module& module, const torch::TensorOptions& options) {
  const auto dtype = c10::typeMetaToScalarType(options.dtype());
  torch::jit::Module copy = module.deepcopy();
  change_tensors(copy, [&](const Tensor& value) {
    return value.to(options.device(), value.is_floating_point() ? dtype : value.scalar_type());
  });
  return copy;
}

[[noreturn]] void refuse_bytes(const std::string& bytes, const std::string& source) {
  const bool pickle = bytes.starts_with("PK\x03\x04") || bytes.starts_with("\x80");
  throw InputError(fmt::format(
      "{}: not a TorchScript module{}; torch.jit.script(module).save(\"energy.pt\") in Python writes one",
      source, pickle ? " but a pickle, such as torch.save writes of a state dict" : ""));
}

[[noreturn]] void refuse_module(const std::exception& error, const std::string& source) {
  const std::string cause = torchscript_cause(error), whole = error.what();
  const bool unknown = whole.find("Unknown builtin op") != std::string::npos;
  if (unknown || whole.find("may be too old") != std::string::npos)
    throw InputError(fmt::format(
        "{}: LibTorch {}, the one here, does not know {}: {}; the module was saved by a newer one{}; save it "
        "with PyTorch {} or older",
        source, TORCH_VERSION, unknown ? "an operator of the module" : "the module's format", cause,
        unknown ? ", or needs an extension" : "", TORCH_VERSION));
  throw InputError(fmt::format("{}: not a TorchScript module, or damaged: {}", source, cause));
}

torch::jit::Module read_module(const std::string& bytes, const std::string& source) {
  try {
    std::istringstream stream(bytes);
    torch::jit::Module module = torch::jit::load(stream, torch::Device(torch::kCPU));
    module.eval();
    change_tensors(module, [](const Tensor& value) { return value.detach(); });
    return module;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    refuse_module(error, source);
  }
}

// Throws InputError where the method takes something else than one argument of that kind, beside those with
// defaults, or returns something else than one tensor. `valid` is its name and signature.
void require_method(const torch::jit::Method& method, c10::TypeKind argument, const char* valid,
                    const std::string& source) {
  const c10::FunctionSchema& schema = method.function().getSchema();
  const auto& arguments = schema.arguments();  // the first of them is the module
  const auto& returns = schema.returns();
  bool good = arguments.size() >= 2 && arguments[1].type()->kind() == argument && returns.size() == 1 &&
              returns[0].type()->kind() == c10::TypeKind::TensorType;
  for (size_t i = 2; good && i < arguments.size(); ++i) good = arguments[i].default_value().has_value();
  if (good) return;
  std::ostringstream found;
  found << schema;
  throw InputError(
      fmt::format("{}: its method is {}; {} is valid", source, printable(found.str(), 200), valid));
}

// How a value is called in Python.
std::string value_words(const c10::IValue& value) {
  if (value.isInt()) return fmt::format("{}", value.toInt());
  if (value.isDouble()) return fmt::format("{}", value.toDouble());
  if (value.isString()) return fmt::format("\"{}\"", printable(value.toStringRef()));
  return "a " + value.tagKind();
}

bool is_of_sizes(const Tensor& value, at::IntArrayRef sizes) {
  if (value.dim() != static_cast<int64_t>(sizes.size())) return false;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] >= 0 && value.size(static_cast<int64_t>(i)) != sizes[i]) return false;
  return true;
}

std::string tensor_words(const Tensor& value) {
  return fmt::format("[{}] {}", fmt::join(value.sizes(), ", "), dtype_words(value.scalar_type()));
}

}  // namespace

struct TorchscriptModule::Loaded {
  Loaded(std::string file, const std::string& bytes)
      : source(std::move(file)),
        hash(samplerbench::sha256(bytes)),
        saved(read_module(bytes, source)),
        placed([this](const torch::TensorOptions& options) { return converted_module(saved, options); }) {}

  // The method of `module`, which is `saved` or a copy, by LibTorch's plain executor. The optimising one, the
  // default, compiles anew for each shape, dtype and order of differentiation, in each of its first three or
  // four calls, and every such call takes 10 to 140 ms: no warm-up meets all that a sampler will ask for, so
  // that its clock would count them. The plain one takes 2 to 5 ms in its first call, which is a check's, and
  // is as fast in the end. The choice is of a thread, so that it is made and undone around each call.
  c10::IValue run(const torch::jit::Module& module, const char* method, const c10::IValue& argument) const {
    const torch::jit::GraphOptimizerEnabledGuard plain(false);
    return module.get_method(method)({argument});
  }

  // The same, with errors that name the file.
  Tensor call(const torch::jit::Module& module, const char* method, const c10::IValue& argument) const {
    try {
      return run(module, method, argument).toTensor();
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}: {} fails: {}", source, method, torchscript_cause(error)));
    }
  }

  std::string source, hash;
  torch::jit::Module saved;
  Placed<torch::jit::Module> placed;
};

TorchscriptModule::TorchscriptModule(const std::string& name, const DataFiles& files) {
  const std::string bytes = read_all(name, files);
  if (!is_torchscript(bytes)) refuse_bytes(bytes, files.shown(name));
  require_vouched_for(name, files);
  loaded_ = std::make_unique<const Loaded>(files.shown(name), bytes);
  const auto method = loaded_->saved.find_method("forward");
  if (!method) throw InputError(fmt::format("{}: it has no forward; {} is needed", source(), kForward));
  require_method(*method, c10::TypeKind::TensorType, kForward, source());
}

TorchscriptModule::~TorchscriptModule() = default;

const std::string& TorchscriptModule::source() const { return loaded_->source; }

const std::string& TorchscriptModule::hash() const { return loaded_->hash; }

std::optional<torch::ScalarType> TorchscriptModule::stored_as() const {
  for (const c10::IValue& value : loaded_->saved.attributes())
    if (value.isTensor() && value.toTensor().defined() && value.toTensor().is_floating_point())
      return value.toTensor().scalar_type();
  return std::nullopt;
}

std::optional<int64_t> TorchscriptModule::integer(const std::string& name, int64_t least) const {
  const c10::IValue value = loaded_->saved.attr(name, c10::IValue());
  if (value.isNone()) return std::nullopt;
  if (value.isInt() && value.toInt() >= least) return value.toInt();
  throw InputError(
      fmt::format("{}: its attribute {} = {} is not valid: it takes a whole number of {} or more", source(),
                  name, value_words(value), least));
}

std::optional<double> TorchscriptModule::real(const std::string& name, double least) const {
  const c10::IValue value = loaded_->saved.attr(name, c10::IValue());
  if (value.isNone()) return std::nullopt;
  if (value.isInt() || value.isDouble()) {
    const double number = value.isInt() ? static_cast<double>(value.toInt()) : value.toDouble();
    if (std::isfinite(number) && number >= least) return number;
  }
  throw InputError(fmt::format("{}: its attribute {} = {} is not valid: it takes a finite number{}", source(),
                               name, value_words(value),
                               std::isfinite(least) ? fmt::format(" of {} or more", least) : ""));
}

int64_t TorchscriptModule::needed_integer(const std::string& name, int64_t least) const {
  if (const std::optional<int64_t> found = integer(name, least)) return *found;
  throw InputError(
      fmt::format("{}: it has no attribute '{}', a whole number of {} or more: set self.{} in __init__, and "
                  "save the module without torch.jit.freeze, which drops attributes",
                  source(), name, least, name));
}

bool TorchscriptModule::has_sample() const {
  const auto method = loaded_->saved.find_method("sample");
  if (!method) return false;
  require_method(*method, c10::TypeKind::IntType, kSample, source());
  return true;
}

Tensor TorchscriptModule::forward(const Tensor& x) const {
  return loaded_->call(loaded_->placed.like(x), "forward", x);
}

Tensor TorchscriptModule::sample(int64_t n) const {
  torch::NoGradGuard no_grad;
  return loaded_->call(loaded_->saved, "sample", n).to(torch::kCPU, torch::kDouble);
}

std::string TorchscriptModule::fault(const Tensor& x, at::IntArrayRef sizes) const {
  try {
    const Tensor found = loaded_->run(loaded_->placed.like(x), "forward", x).toTensor();
    if (is_of_sizes(found, sizes) && found.scalar_type() == x.scalar_type()) return "";
    return fmt::format("forward of {} returned {}", tensor_words(x), tensor_words(found));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return fmt::format("forward of {} fails: {}", tensor_words(x), torchscript_cause(error));
  }
}

void TorchscriptModule::require_forward(const Tensor& x, at::IntArrayRef sizes,
                                        const std::string& valid) const {
  torch::NoGradGuard no_grad;
  const std::string in_single = fault(x.to(torch::kFloat), sizes);
  const std::string in_double = fault(x.to(torch::kDouble), sizes);
  if (in_single.empty() && in_double.empty()) return;
  if (!in_single.empty() && !in_double.empty())
    throw InputError(fmt::format("{}: {}; {} in the dtype of its argument is valid", source(),
                                 stored_as() == torch::kDouble ? in_double : in_single, valid));
  const bool single = in_single.empty();
  throw InputError(
      fmt::format("{}: it takes {} alone and cannot be converted ({}), as is so of what torch.jit.freeze "
                  "makes and of tensors that stand in the code; samplers and metrics need float32 and "
                  "float64: save it without torch.jit.freeze, with its tensors as parameters or buffers",
                  source(), single ? "float32" : "float64", single ? in_double : in_single));
}

uint64_t next_seed(Rng& rng) {
  return static_cast<uint64_t>(
      rng.integers(std::numeric_limits<int64_t>::max(), {1}, torch::kLong).item<int64_t>());
}

}  // namespace samplerbench::targets
