// The suite with samplers that fail in every way a run can fail, what the scheduler is tested with, and with
// a small data set, a target made from a file, one on images and targets of which nothing is known.
#include "tests/package/misbehaving.h"
#include "harness/command_line.h"

namespace {

using namespace samplerbench;

// The Gaussian, made from a data file whose contents do not matter.
void add_from_file(harness::Catalog& catalog) {
  const std::string contents = "x,y\n0.5,1\n-0.5,0\n";
  catalog.data.add({.name = "tiny",
                    .summary = "two rows",
                    .licence = "CC0",
                    .citation = "none",
                    .files = {{.path = "tiny/tiny.csv",
                               .sha256 = sha256(contents),
                               .bytes = static_cast<int64_t>(contents.size())}},
                    .elsewhere = "its address is not known"});
  catalog.targets.add({.name = "from-file",
                       .summary = "the Gaussian, made from a data file",
                       .citation = "none",
                       .facts = targets::ExactDraws::known,
                       .options = {Option::text("data", "tiny/tiny.csv", "the file")},
                       .make =
                           [gaussian = catalog.targets.at("gaussian")](const targets::ProblemInput& input) {
                             input.files.read(input.options.text("data"), [](std::string_view) {});
                             return gaussian.make({Options(gaussian.options, Json::object(), "gaussian")});
                           },
                       .files = [](const Options& options) { return std::vector{options.text("data")}; }});
}

class Ridge : public targets::Target {
 public:
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override { return -x.select(1, 0).square() / 2; }
};

// The Gaussian without what is known of it, or a density that is flat in one direction.
void add_veiled(harness::Catalog& catalog) {
  catalog.targets.add(
      {.name = "veiled",
       .summary = "a density of which nothing is known",
       .citation = "none",
       .facts = targets::ExactDraws::unknown,
       .options = {Option::flag("flat", false, "flat in one direction")},
       .make = [gaussian = catalog.targets.at("gaussian")](const targets::ProblemInput& input) {
         if (input.options.flag("flat")) return targets::Problem{.target = std::make_unique<Ridge>()};
         targets::Problem problem = gaussian.make({Options(gaussian.options, Json::object(), "gaussian")});
         problem.reference = {};
         return problem;
       }});
}

// Grey levels about the middle, as images of 4 rows of 3.
class Grey : public targets::Target {
 public:
  int64_t dim() const override { return 12; }
  Tensor log_density(const Tensor& x) const override { return -12.5 * (x - 0.5).square().sum(1); }
};

// The same with the images that it would have been trained on, each of one grey level.
void add_pictures(harness::Catalog& catalog) {
  catalog.targets.add(
      {.name = "pictures",
       .summary = "a density of images",
       .citation = "none",
       .facts = targets::ExactDraws::known,
       .options = {},
       .make = [](const targets::ProblemInput&) {
         const Tensor training = torch::arange(256).to(torch::kByte).unsqueeze(1).repeat({1, 12});
         targets::Problem problem{.target = std::make_unique<Grey>()};
         problem.reference.images =
             targets::Images{.height = 4, .width = 3, .training = training, .test = training};
         problem.reference.pool = training.size(0);
         problem.reference.exact_draws = [training](int64_t n, Rng& rng) {
           const Tensor some = rng.permutation(training.size(0)).slice(0, 0, n);
           return training.index_select(0, some).to(torch::kDouble) / 255;
         };
         return problem;
       }});
}

}  // namespace

int main(int argc, char** argv) {
  auto catalog = harness::Catalog::standard();
  misbehaving::add(catalog);
  add_from_file(catalog);
  add_veiled(catalog);
  add_pictures(catalog);
  return harness::run_command_line(argc, argv, catalog);
}
