#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.h"

namespace samplerbench::testing {

// A few numbers of a few draws, by the target that they are of.
using DrawsByTarget = std::map<std::string, std::vector<double>>;

// The first draws of a registered sampler after a few short steps on every small target that it takes, in
// float64 and at small sizes. `factor` multiplies the length of a step, or the learning rate.
DrawsByTarget first_draws(const std::string& sampler, double factor = 1);

// The kept draws of every sampler, with the revision that made them: a JSON file.
class GoldenDraws {
 public:
  // Reads `file`; empty where there is none.
  explicit GoldenDraws(std::string file);

  // The revision whose draws are kept; 0 where none are.
  int revision(const std::string& sampler) const;
  DrawsByTarget draws(const std::string& sampler) const;

  // Keeps `draws` in place of those of another revision and for targets that have none, and writes the file.
  // Draws of the same revision stay.
  void add(const std::string& sampler, int revision, const DrawsByTarget& draws);

 private:
  void write() const;

  std::string file_;
  Json kept_ = Json::object();
};

// Where `found` is not `expected` to within a few roundings: "donut: 0.5 instead of 0.4, ..."; empty where it
// is.
std::string difference(const DrawsByTarget& found, const DrawsByTarget& expected);

}  // namespace samplerbench::testing
