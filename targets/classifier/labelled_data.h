#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "targets/data_files.h"
#include "targets/problem.h"

namespace samplerbench::targets {

inline constexpr const char* kClassMixtureData = "class-mixture";

// Points with labels that a classifier is fitted to, and others that it is judged on. All points are float32
// and, as the labels, on the device that they were asked for on.
struct LabelledData {
  std::string name;
  int64_t dim = 0;                                    // D
  int64_t classes = 0;                                // C
  std::function<LabelledDraws(int64_t, Rng&)> batch;  // n -> random points to learn from
  LabelledDraws test;                                 // never learnt from
  // The score of the density of each point's class: [N, D], [N] -> [N, D]; empty where it is not known.
  std::function<Tensor(const Tensor&, const Tensor&)> scores;
};

// Loads "class-mixture", whose points are drawn anew for every batch, or the images of a name that
// load_images() knows, as grey levels in [0, 1]. Throws InputError as that does.
LabelledData load_labelled_data(const std::string& name, const DataFiles& files, torch::Device device);

// The names that load_labelled_data knows.
std::vector<std::string> labelled_data_names();

// The files that load_labelled_data reads, by their names in DataFiles.
std::vector<std::string> labelled_files(const std::string& name);

}  // namespace samplerbench::targets
