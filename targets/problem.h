#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/options.h"
#include "core/registry.h"
#include "targets/data_files.h"
#include "targets/target.h"

namespace samplerbench::targets {

struct Moments {
  Tensor mean;  // [D] float64
  Tensor sd;    // [D] float64, standard deviations
  // Monte Carlo standard errors of the two, [D] float64; undefined where the moments are exact.
  Tensor mean_error = {};
  Tensor sd_error = {};
};

// Separate modes. `assign` says which mode each draw belongs to.
struct Modes {
  Tensor weights;  // [M] float64, sums to 1
  // [N, D] -> [N] int64 in [0, M), or below 0 for a draw that is not finite or is farther from every mode
  // than an exact draw ever is.
  std::function<Tensor(const Tensor&)> assign;
  // Exact draws of one mode, which may be too rare to be met: (mode, n) -> [n, D] float64, independent.
  // Empty: they are found among exact draws of all modes.
  std::function<Tensor(int64_t, int64_t, Rng&)> draws = {};
};

// Held-out labels that draws predict.
struct TestSet {
  Tensor labels;  // [T] float64, 0 or 1
  // Posterior predictive probability of label 1, the mean over the draws: [n, D] -> [T] float64.
  std::function<Tensor(const Tensor&)> predict;
  // The log of the predictive probability of the label that each row has, to full precision where that is
  // near 0: [n, D] -> [T] float64. Empty: it is made from `predict`.
  std::function<Tensor(const Tensor&)> log_predict = {};
};

// The outputs of a classifier for images: rows of grey levels in [0, 1], [N, D] float32 on the CPU.
struct ImageFeatures {
  std::function<Tensor(const Tensor&)> features;       // [N, D] -> [N, F] float64
  std::function<Tensor(const Tensor&)> probabilities;  // [N, D] -> [N, C] float64, of the classes
  std::string name;                                    // the name of its file and the start of its SHA-256
};

// Test images as points of a target.
struct TestPoints {
  Tensor points;     // [n, D] float64
  Tensor labels;     // [n] int64 in [0, C)
  Tensor log_slope;  // [n] float64, log |det dx / dv| of each point x in its grey levels v, in [0, 256)^D
};

// The images that an energy model was trained on, or that a target is the law of, and others of the same
// kind.
struct Images {
  int64_t height = 0, width = 0;  // D = height * width, row by row
  Tensor training;                // [T, D] uint8, grey levels
  Tensor test;                    // [M, D] uint8, never trained on
  int64_t classes = 0;            // C
  ImageFeatures network;          // its functions are empty if there is none

  // n -> the first n test images, or all where there are fewer, with their labels. Noise that is always the
  // same makes their grey levels continuous. Empty where the target does not say what points images are.
  std::function<TestPoints(int64_t)> test_points = {};

  // Points of the target -> grey levels in [0, 1]: [N, D] -> [N, D]. The result is not for writing: the next
  // call with the same tensor may return it again. Empty: points are grey levels.
  std::function<Tensor(const Tensor&)> grey_levels = {};

  Tensor as_grey(const Tensor& points) const { return grey_levels ? grey_levels(points) : points; }
};

// Points with the classes that they are of.
struct LabelledDraws {
  Tensor points;  // [n, D]
  Tensor labels;  // [n] int64 in [0, C)
};

// A law of points in C classes, all equally likely, or nearly so where points are data. The target is the
// density of one class, or of all points.
struct Classes {
  int64_t count = 0;              // C
  std::optional<int64_t> chosen;  // whose density the target is; empty: that of all points
  // n -> independent points of all classes in float64, whichever class the target is, for methods that learn
  // from them. None of them is among what metrics compare with.
  std::function<LabelledDraws(int64_t, Rng&)> draws;
};

// The parameters of the model whose density a target is, on the scale on which the model states them, or what
// else is to be known of its points. The target's coordinates are another scale, and may be fewer.
struct Parameters {
  std::vector<std::string> coordinates;         // [D] the model's names of the coordinates
  std::vector<std::string> names;               // [P]
  std::function<Tensor(const Tensor&)> values;  // of the parameters: [n, D] -> [n, P] float64
  // Moments of K of the parameters, and their places among the names: [K] int64. Empty if none are known.
  std::optional<Moments> moments = {};
  Tensor known = {};
};

// Facts that only a metric may see. An empty member means "not known", never a default.
struct Reference {
  std::optional<double> log_z;                       // log of the integral of exp(log_density)
  std::optional<Moments> moments;                    // empty if they do not exist or are not known
  std::function<Tensor(int64_t, Rng&)> exact_draws;  // n -> [n, D] float64, independent; empty if none
  std::optional<Modes> modes;
  std::optional<TestSet> test_set;
  std::optional<Images> images;    // of a target on images
  std::optional<Classes> classes;  // of a target that stands for a class, or for all of them
  std::optional<Parameters> parameters;  // of a target that is a model's density
  // Distances between the particles whose places a point holds, one for each of P pairs: [N, D] float64 ->
  // [N, P] float64. Empty where points hold no particles.
  std::function<Tensor(const Tensor&)> pair_distances = {};
  std::string source;              // where these facts come from
  // exact_draws takes its draws without replacement from a pool of this size, so two calls may share some.
  // 0: every call makes new draws.
  int64_t pool = 0;
  // n -> [n, D] float64: what methods that learn from draws are given, apart from all that metrics compare
  // with. Empty: exact_draws, unless these come from a pool.
  std::function<Tensor(int64_t, Rng&)> training_draws = {};
};

// A target and what is known about it.
struct Problem {
  std::unique_ptr<const Target> target;
  Reference reference;
  // The dtype of the numbers in the user's file that it is made from, which are converted to that of a run;
  // empty where there is no such file.
  std::optional<torch::ScalarType> stored_as = {};
};

// All that a problem is made of.
struct ProblemInput {
  const Options& options;  // resolved
  const DataFiles& files = no_data_files();
  uint64_t seed = 0;  // of the run: splits data into a training and a test set
};

using ProblemFactory = std::function<Problem(const ProblemInput&)>;

// Whether the Reference of a target has exact draws.
enum class ExactDraws { known, unknown };

// Whether a target has a log density with a score, as Target::has_density() says, or is known by its draws
// alone.
enum class Density { known, unknown };

// What a target is, in ASCII, for a reader who wants to compute it.
struct Definition {
  std::string density;  // a formula: "log q(x) = -(|x| - R)^2 / w"
  // The values of its symbols: numbers, points as [D], lists of points as [M, D], names of files as text.
  std::vector<std::pair<std::string, Json>> constants;
  std::string modes;  // where the density is highest, in words
};

// The numbers of a tensor in nested lists.
inline Json numbers_of(const Tensor& values) {
  Json numbers = Json::array();
  for (int64_t i = 0; i < values.size(0); ++i)
    numbers.push_back(values.dim() == 1 ? Json(values[i].item<double>()) : numbers_of(values[i]));
  return numbers;
}

// What every entry of a target states of it.
struct TargetFacts {
  TargetFacts(ExactDraws exact_draws, std::function<Definition(const Options&)> definition = {},
              Density density = Density::known)
      : exact_draws(exact_draws), definition(std::move(definition)), density(density) {}

  ExactDraws exact_draws;
  std::function<Definition(const Options&)> definition;  // from resolved options; empty: not stated
  Density density;  // unknown: experiments refuse samplers and metrics that ask for it
};

using TargetRegistry = Registry<ProblemFactory>;

}  // namespace samplerbench::targets

template <>
struct samplerbench::FactsOf<samplerbench::targets::ProblemFactory> {
  using Type = targets::TargetFacts;
};
