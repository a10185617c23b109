// Targets exported as shared objects, opened as any client of BridgeStan does.
#include <dlfcn.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "targets/foreign/stan.h"
#include "targets/laplace.h"
#include "tests/all_targets.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

using samplerbench::testing::complaint;
using samplerbench::testing::Ended;
using samplerbench::testing::make_problem;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kProgram = SAMPLERBENCH_PROGRAM;

Tensor some_points(int64_t dim) { return 1.5 * Rng(71).normal({40, dim}, torch::kDouble); }

bool agree(const Tensor& a, const Tensor& b, double tolerance) {
  return torch::allclose(a, b, tolerance, tolerance);
}

class Export : public ::testing::Test {
 protected:
  std::string exported(const std::string& target, const std::string& file) const {
    const std::string path = (scratch_ / file).string();
    const Ended ended = run(kProgram, fmt::format("export '{}' --bridgestan '{}'", target, path));
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr(target + " in "));
    return path;
  }

  static std::shared_ptr<const targets::StanModel> opened(const std::string& path,
                                                          const std::string& data = "") {
    return std::make_shared<const targets::StanModel>(targets::open_stan_library(path), data, 0);
  }

  Scratch scratch_;
};

// A function of an exported library, for those that the target `stan` does not call.
template <class Function>
Function* function_of(const std::string& path, const char* name) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

TEST_F(Export, IsTheTarget) {
  for (const std::string name : {"donut", "funnel-10", "mog2"}) {
    SCOPED_TRACE(name);
    const targets::Problem own = make_problem(name);
    const auto target = targets::stan_density(opened(exported(name, name + ".so")));
    const Tensor x = some_points(own.target->dim());
    ASSERT_EQ(target->dim(), own.target->dim());
    const targets::ValueAndScore expected = own.target->value_and_score(x);
    const targets::ValueAndScore found = target->value_and_score(x);
    EXPECT_TRUE(agree(found.value, expected.value, 1e-11));
    EXPECT_TRUE(agree(found.score, expected.score, 1e-11));
    EXPECT_TRUE(agree(target->log_density(x), expected.value, 1e-11));
    const Tensor v = Rng(72).normal(x.sizes(), torch::kDouble);
    const auto product = [&](const targets::Target& of) {
      const Tensor tracked = x.clone().requires_grad_();
      return torch::autograd::grad({of.score(tracked)}, {tracked}, {v})[0];
    };
    EXPECT_TRUE(agree(product(*target), product(*own.target), 1e-9));
    EXPECT_EQ(target->own_work().failed, 0);
  }
}

// Each has code and data of its own, and its own options.
TEST_F(Export, TwoLiveInOneProcess) {
  const auto first = targets::stan_density(opened(exported("gaussian:correlation=0.3", "first.so")));
  const auto second = targets::stan_density(opened(exported("gaussian:correlation=0.9", "second.so")));
  const Tensor x = some_points(2);
  const auto expected = [&](double correlation) {
    return make_problem("gaussian", {{"correlation", correlation}}).target->log_density(x);
  };
  EXPECT_TRUE(agree(first->log_density(x), expected(0.3), 1e-12));
  EXPECT_TRUE(agree(second->log_density(x), expected(0.9), 1e-12));
  EXPECT_TRUE(agree(first->log_density(x), expected(0.3), 1e-12));
  EXPECT_FALSE(agree(first->log_density(x), expected(0.9), 1e-3));
}

TEST_F(Export, NeedsNothingElseAndMayBeMoved) {
  const std::string path = exported("donut", "donut.so");
  fs::create_directories(scratch_ / "elsewhere");
  fs::rename(path, scratch_ / "elsewhere/moved.so");
  const auto model = opened((scratch_ / "elsewhere/moved.so").string());
  fs::remove(scratch_ / "elsewhere/moved.so");
  EXPECT_EQ(model->name(), "donut");
  EXPECT_THAT(model->coordinates(), ElementsAre("x.1", "x.2"));
  EXPECT_THAT(model->parameters(), ElementsAre("x.1", "x.2"));
  const Tensor x = some_points(2);
  EXPECT_TRUE(torch::equal(model->parameters_at(x), x));
  EXPECT_TRUE(torch::equal(model->coordinates_at(x), x));
}

// A client may need all functions, and loads nothing beside them into its process.
TEST_F(Export, ShowsTheWholeAbiAndNothingElse) {
  const std::string path = exported("donut", "donut.so");
  const std::vector<std::string> abi{"bs_major_version",
                                     "bs_minor_version",
                                     "bs_patch_version",
                                     "bs_model_construct",
                                     "bs_model_destruct",
                                     "bs_free_error_msg",
                                     "bs_name",
                                     "bs_model_info",
                                     "bs_param_names",
                                     "bs_param_unc_names",
                                     "bs_param_num",
                                     "bs_param_unc_num",
                                     "bs_param_constrain",
                                     "bs_param_unconstrain",
                                     "bs_param_unconstrain_json",
                                     "bs_log_density",
                                     "bs_log_density_gradient",
                                     "bs_log_density_hessian",
                                     "bs_log_density_hessian_vector_product",
                                     "bs_rng_construct",
                                     "bs_rng_destruct",
                                     "bs_set_print_callback"};
  ASSERT_EQ(abi.size(), 22u);
  for (const std::string& name : abi) EXPECT_TRUE(function_of<void()>(path, name.c_str()) != nullptr) << name;
  EXPECT_TRUE(function_of<void()>(path, "bs_no_such_function") == nullptr) << "the control";
  // add_donut(TargetRegistry&) and the like would be found under names that hold those of our namespace.
  const Ended symbols = run("/usr/bin/nm", "-D --defined-only '" + path + "'");
  ASSERT_EQ(symbols.code, 0) << symbols.err;
  EXPECT_THAT(symbols.out, HasSubstr(" bs_name\n"));
  EXPECT_EQ(symbols.out.find("samplerbench"), std::string::npos);
}

// What the target `stan` does not call.
TEST_F(Export, HasHessiansStartingPointsAndDocuments) {
  const std::string path = exported("rosenbrock", "rosenbrock.so");
  const auto construct = function_of<void*(const char*, unsigned, char**)>(path, "bs_model_construct");
  const auto destruct = function_of<void(void*)>(path, "bs_model_destruct");
  using Hessian = int(const void*, bool, bool, const double*, double*, double*, double*, char**);
  using Read = int(const void*, const char*, double*, char**);
  using Initialise = int(const void*, const char*, void*, double, int, bool, double*, char**);
  const auto hessian = function_of<Hessian>(path, "bs_log_density_hessian");
  const auto read = function_of<Read>(path, "bs_param_unconstrain_json");
  const auto initialise = function_of<Initialise>(path, "bs_param_initialize");
  const auto free_message = function_of<void(char*)>(path, "bs_free_error_msg");
  char* message = nullptr;
  void* const model = construct(nullptr, 1, &message);
  ASSERT_NE(model, nullptr);
  const targets::Problem own = make_problem("rosenbrock");
  const Tensor x = torch::tensor({0.3, -0.8}, torch::kDouble);
  double value = 0, score[2], curvature[4];
  ASSERT_EQ(hessian(model, false, true, x.data_ptr<double>(), &value, score, curvature, &message), 0);
  EXPECT_NEAR(value, own.target->log_density(x.unsqueeze(0)).item<double>(), 1e-12);
  const Tensor expected = targets::hessian(*own.target, x);
  for (int64_t i = 0; i < 4; ++i) EXPECT_NEAR(curvature[i], expected.flatten()[i].item<double>(), 1e-9);
  double point[2] = {};
  EXPECT_EQ(read(model, R"({"x": [1.5, -2]})", point, &message), 0);
  EXPECT_EQ(point[0], 1.5);
  EXPECT_EQ(point[1], -2);
  EXPECT_EQ(read(model, R"({"x": [1.5]})", point, &message), -1);
  ASSERT_NE(message, nullptr);
  EXPECT_THAT(message, HasSubstr("a list 'x' of 2 numbers"));
  free_message(message);
  const auto make_rng = function_of<void*(unsigned, char**)>(path, "bs_rng_construct");
  void* const rng = make_rng(3, &message);
  ASSERT_EQ(initialise(model, nullptr, rng, 2, 10, true, point, &message), 0);
  EXPECT_LE(std::max(std::abs(point[0]), std::abs(point[1])), 2);
  EXPECT_NE(point[0], 1.5);
  function_of<void(void*)>(path, "bs_rng_destruct")(rng);
  destruct(model);
}

TEST_F(Export, RefusesDataAndALibraryWithoutATarget) {
  const std::string path = exported("donut", "donut.so");
  EXPECT_THAT(complaint([&] { opened(path, R"({"N": 3})"); }), HasSubstr("takes no data"));
  EXPECT_EQ(complaint([&] { opened(path, "{}"); }), "");
  const std::string without = (fs::path(kProgram).parent_path() / "samplerbench-bridgestan.so").string();
  EXPECT_THAT(complaint([&] { opened(without); }), HasSubstr("holds no target"));
}

TEST_F(Export, LeavesAFileThatIsThere) {
  const std::string path = (scratch_ / "spec.toml").string();
  spit(path, "name = \"mine\"\n");
  const Ended ended = run(kProgram, "export donut --bridgestan '" + path + "'");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("this file exists"));
  EXPECT_EQ(slurp(path), "name = \"mine\"\n");
}

// The program opens what it exported.
TEST_F(Export, MakesARoundTrip) {
  const std::string path = exported("gaussian:correlation=0.5", "gaussian.so");
  const Ended ended = run(kProgram, "describe --json 'stan:library=" + path + "'");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json facts = Json::parse(ended.out)["facts"];
  EXPECT_EQ(facts["dim"], 2);
  EXPECT_THAT(facts["source"].get<std::string>(),
              AllOf(HasSubstr("model gaussian:correlation=0.5 of BridgeStan 2.7.0"),
                    HasSubstr("its own function")));
}

}  // namespace
}  // namespace samplerbench::harness
