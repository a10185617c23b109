#include "targets/foreign/reference_draws.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "core/error.h"
#include "core/json.h"
#include "core/printable.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kFewestDraws = 4;  // of a chain: two batches of two

// "theta.1.2" for "theta[1,2]"
std::string stan_name(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (c == '[' || c == ',')
      plain += '.';
    else if (c != ']' && c != ' ')
      plain += c;
  }
  return plain;
}

// Reads one file, whose name begins every message.
class DrawsReader {
 public:
  DrawsReader(const std::string& name, const DataFiles& files) : shown_(files.shown(name)) {
    const std::string text = read_all(name, files);
    try {
      json_ = parse_json(text);
    } catch (const InputError& error) {
      refuse(error.what());
    }
    if (!json_.is_array() || json_.empty() || !json_.front().is_object() || json_.front().empty())
      refuse("a list of chains is needed, each an object that has a list of draws for every parameter");
  }

  ReferenceDraws read() const {
    ReferenceDraws draws;
    std::vector<std::string> keys;
    for (const auto& [key, values] : json_.front().items()) {
      keys.push_back(key);
      draws.names.push_back(stan_name(key));
    }
    const auto length = static_cast<int64_t>(json_.front().at(keys.front()).size());
    if (length < kFewestDraws)
      refuse(fmt::format("{} draws a chain, and at least {} are needed", length, kFewestDraws));
    // Before memory is taken: a short list in one place does not announce what others lack.
    for (size_t chain = 0; chain < json_.size(); ++chain) check(chain, keys, length);
    draws.chains = torch::empty({std::ssize(json_), length, std::ssize(keys)}, torch::kDouble);
    auto* out = draws.chains.data_ptr<double>();
    for (size_t chain = 0; chain < json_.size(); ++chain)
      for (size_t column = 0; column < keys.size(); ++column)
        copy(chain, keys[column],
             out + static_cast<int64_t>(chain) * length * std::ssize(keys) + static_cast<int64_t>(column),
             std::ssize(keys));
    return draws;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError(fmt::format("{}: not reference draws as posteriordb has them: {}", shown_, what));
  }

  static std::string place(size_t chain) { return fmt::format("chain {}", chain + 1); }

  // A chain has a list of that length for each key, and no other members.
  void check(size_t chain, const std::vector<std::string>& keys, int64_t length) const {
    const Json& all = json_[chain];
    for (const std::string& key : keys) {
      const auto found = all.find(key);
      if (!all.is_object() || found == all.end())
        refuse(fmt::format("{} has no parameter {}", place(chain), printable(key)));
      if (!found->is_array() || static_cast<int64_t>(found->size()) != length)
        refuse(fmt::format("{}, {}: a list of {} draws is needed", place(chain), printable(key), length));
    }
    if (all.size() != keys.size()) refuse(place(chain) + " has more parameters than the first");
  }

  // The draws of one parameter in one chain, `stride` numbers apart.
  void copy(size_t chain, const std::string& key, double* out, int64_t stride) const {
    for (const Json& value : json_[chain].at(key)) {
      if (!value.is_number())
        refuse(fmt::format("{}, {}: {} is no number", place(chain), printable(key), printable(value.dump())));
      *out = value.get<double>();
      out += stride;
    }
  }

  std::string shown_;
  Json json_;
};

}  // namespace

ReferenceDraws read_reference_draws(const std::string& name, const DataFiles& files) {
  return DrawsReader(name, files).read();
}

Moments moments_of_chains(const Tensor& chains) {
  const int64_t count = chains.size(0), length = chains.size(1), width = chains.size(2);
  const auto batch = static_cast<int64_t>(std::sqrt(static_cast<double>(length)));
  const int64_t batches = length / batch;  // of a chain
  const auto error_of_mean = [&](const Tensor& values) {
    const Tensor whole = values.narrow(1, 0, batches * batch);
    const Tensor means = whole.reshape({count * batches, batch, width}).mean(1);
    return means.std(0, true) / std::sqrt(static_cast<double>(count * batches));
  };
  const Tensor flat = chains.reshape({-1, width});
  Moments moments{flat.mean(0), flat.std(0, true)};
  moments.mean_error = error_of_mean(chains);
  moments.sd_error = error_of_mean((chains - moments.mean).square()) / (2 * moments.sd);
  return moments;
}

void add_known_moments(const Moments& all, const Tensor& places, Parameters& parameters) {
  const Tensor vary = (all.sd > 0).nonzero().squeeze(1);
  if (vary.size(0) == 0) return;
  const auto of_those = [&vary](const Tensor& values) { return values.index_select(0, vary); };
  parameters.known = of_those(places);
  parameters.moments =
      Moments{of_those(all.mean), of_those(all.sd), of_those(all.mean_error), of_those(all.sd_error)};
}

}  // namespace samplerbench::targets
