#include "harness/reference_record.h"

#include <fmt/format.h>

#include <fstream>

#include "core/error.h"
#include "harness/npy.h"
#include "harness/read_input.h"
#include "harness/record_file.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

Json numbers(const Tensor& values) {
  Json list = Json::array();
  for (int64_t i = 0; i < values.size(0); ++i) list.push_back(number_to_json(values[i].item<double>()));
  return list;
}

Tensor numbers_from(const Json& list) {
  std::vector<double> values;
  for (const Json& value : list) values.push_back(number_from_json(value));
  return torch::tensor(values, torch::kFloat64);
}

constexpr const char* prefix = "no reference posterior (";

// The line of the reference posterior in a record, after its begin and end lines have been found good.
Json reference_line(const fs::path& record, const std::string& key) {
  std::ifstream file(record);
  if (!file) throw NoReference("it has not been computed");
  Json found, end;
  for (std::string text; std::getline(file, text);) {
    Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    const std::string type = line.is_object() ? line.value("type", "") : "";
    if (type == "begin" && line.value("key", "") != key) throw NoReference("its record is of other settings");
    if (type == "reference")
      found = std::move(line);
    else if (type == "end")
      end = std::move(line);
  }
  if (!end.is_object()) throw NoReference("its record is damaged");
  if (end.value("status", "") != "finished" || !found.is_object())
    throw NoReference(fmt::format("{}: {}", end.value("status", ""), end.value("reason", "")));
  return found;
}

Tensor kept_draws(const fs::path& record, const Json& line) {
  const fs::path file = draws_beside(record);
  if (!fs::exists(file)) throw NoReference("its draws are missing");
  if (sha256(read_input(file)) != line.at("draws_sha256").get<std::string>())
    throw NoReference("its draws are damaged");
  return read_npy(file);
}

std::function<Tensor(int64_t, Rng&)> chosen_from(const Tensor& pool) {
  return [pool](int64_t n, Rng& rng) {
    if (n > pool.size(0))
      throw InputError(
          fmt::format("{} exact draws are asked for, and the reference posterior keeps {}: a larger "
                      "'draws' in the spec's [reference] makes it keep more",
                      n, pool.size(0)));
    return pool.index_select(0, rng.permutation(pool.size(0)).slice(0, 0, n));
  };
}

}  // namespace

NoReference::NoReference(const std::string& why) : std::runtime_error(prefix + why + ")") {}

bool has_draws(const fs::path& record) { return fs::exists(draws_beside(record)); }

bool lacks_reference(const fs::path& record) {
  const Json end = record_end(record);
  return end.is_object() && end.value("status", "") == "skipped" &&
         end.value("reason", "").starts_with(prefix);
}

fs::path draws_beside(fs::path record) { return record.replace_extension(".npy"); }

Json keep_reference(const ReferencePosterior& posterior, const ReferenceSettings& settings,
                    const fs::path& record) {
  const fs::path file = draws_beside(record);
  write_npy(file, posterior.draws.to(torch::kFloat32).contiguous());
  return {{"type", "reference"},
          {"chains", settings.chains},
          {"transitions", posterior.transitions},
          {"rhat", number_to_json(posterior.rhat)},
          {"ess_bulk", number_to_json(posterior.ess_bulk)},
          {"ess_tail", number_to_json(posterior.ess_tail)},
          {"ess_spread", number_to_json(posterior.ess_spread)},
          {"divergences", posterior.divergences},
          {"accept", number_to_json(posterior.accept)},
          {"newton_steps", posterior.newton_steps},
          {"usage", to_json(posterior.usage)},
          {"mean", numbers(posterior.moments.mean)},
          {"sd", numbers(posterior.moments.sd)},
          {"mean_error", numbers(posterior.moments.mean_error)},
          {"sd_error", numbers(posterior.moments.sd_error)},
          {"draws", posterior.draws.size(0)},
          {"draws_sha256", sha256(read_input(file))}};
}

void complete(targets::Problem& problem, const fs::path& record, const std::string& key) {
  targets::Reference& reference = problem.reference;
  if (reference.exact_draws) return;
  try {
    const Json line = reference_line(record, key);
    const Tensor pool = kept_draws(record, line);
    if (pool.dim() != 2 || pool.size(1) != problem.target->dim())
      throw NoReference("its draws do not fit the target");
    if (!reference.moments)
      reference.moments =
          targets::Moments{numbers_from(line.at("mean")), numbers_from(line.at("sd")),
                           numbers_from(line.at("mean_error")), numbers_from(line.at("sd_error"))};
    reference.exact_draws = chosen_from(pool);
    reference.pool = pool.size(0);
    reference.source += (reference.source.empty() ? "" : "; ") +
                        reference_words(line.at("chains"), number_from_json(line.at("rhat")),
                                        number_from_json(line.at("ess_bulk")));
  } catch (const Json::exception&) {
    throw NoReference("its record is damaged");
  } catch (const InputError& error) {
    throw NoReference(brief(error));
  }
}

}  // namespace samplerbench::harness
