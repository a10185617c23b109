// TorchScript modules as targets: values, scores and Hessian-vector products against closed forms, dtypes,
// and what is refused. The modules are made here, by LibTorch.
#include <ATen/core/op_registration/op_registration.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/pickle.h>
#include <torch/version.h>

#include <functional>
#include <limits>

#include "core/error.h"
#include "tests/complaint.h"
#include "tests/foreign/scripted.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// The target of a module that is saved in folder/energy.pt.
Problem problem_of(const std::string& bytes, bool vouched_for = true) {
  return make_problem("torchscript", Json::object(), OneFile("energy.pt", bytes, "folder/", vouched_for));
}
Problem problem_of(const torch::jit::Module& module) { return problem_of(saved(module)); }

std::string complaint_of(const torch::jit::Module& module) {
  return complaint([&] { problem_of(module); });
}

// A plane density with that forward.
torch::jit::Module plane(const std::string& expression, const Attributes& more = {}) {
  Attributes attributes{{"dim", 2}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return scripted({forward_of(expression)}, attributes);
}

class StoredAs : public ::testing::TestWithParam<torch::ScalarType> {
 protected:
  Problem problem_ = problem_of(scripted_normal(GetParam()));
};

TEST_P(StoredAs, HoldsToWhatEveryTargetDoes) {
  const Target& target = *problem_.target;
  const Tensor x = examined_points(problem_, 200);
  EXPECT_TRUE(score_is_gradient(target, x));
  EXPECT_TRUE(value_and_score_agrees(target, x));
  EXPECT_TRUE(rows_are_independent(target, x));
  EXPECT_TRUE(hessian_vector_products_agree(target, x));
  EXPECT_TRUE(single_precision_agrees(target, x));
  EXPECT_TRUE(never_nan(target));
  for (const int64_t n : {1, 7}) {
    const Tensor some = examined_points(problem_, n);
    EXPECT_TRUE(value_and_score_agrees(OnPlainBuffers(target), some));
    EXPECT_TRUE(single_precision_agrees(OnPlainBuffers(target), some));
    EXPECT_TRUE(score_alone_agrees(target, some));
  }
}

TEST_P(StoredAs, ItsOwnDrawsAndLogZAreTaken) {
  Rng rng = Rng(21).split("draws");
  const Tensor draws = problem_.reference.exact_draws(50000, rng);
  EXPECT_TRUE(stein_identities_hold(draws, problem_.target->score(draws)));
  // The control: scores of another law.
  EXPECT_FALSE(stein_identities_hold(draws, 1.1 * problem_.target->score(draws)));
  EXPECT_TRUE(draws_are_reproducible(problem_.reference, 2));
  EXPECT_TRUE(integral_agrees(*problem_.target, *problem_.reference.log_z, draws));
  EXPECT_FALSE(integral_agrees(*problem_.target, *problem_.reference.log_z + 1e-4, draws));
  EXPECT_THAT(problem_.reference.source, HasSubstr("folder/energy.pt"));
}

TEST_P(StoredAs, SaysTheDtypeOfItsFile) { EXPECT_EQ(problem_.stored_as, GetParam()); }

INSTANTIATE_TEST_SUITE_P(Dtypes, StoredAs, ::testing::Values(torch::kFloat, torch::kDouble),
                         [](const auto& info) { return std::string(c10::toString(info.param)); });

// -x' P x / 2 - sum x^4 / 10: score -P x - 2 x^3 / 5, and Hessian-vector products -P v - 6 x^2 v / 5.
TEST(Torchscript, IsItsClosedForm) {
  const Problem problem = problem_of(plane("-0.5 * (x * x.mm(self.precision)).sum(1) - 0.1 * x.pow(4).sum(1)",
                                           {{"precision", normal_precision().to(torch::kFloat)}}));
  const Target& target = *problem.target;
  EXPECT_EQ(target.dim(), 2);
  EXPECT_FALSE(problem.reference.log_z);
  EXPECT_FALSE(problem.reference.exact_draws);
  Rng rng(3);
  const Tensor x = rng.normal({40, 2}, torch::kDouble), v = rng.normal({40, 2}, torch::kDouble);
  const Tensor value = -0.5 * (x * x.mm(normal_precision())).sum(1) - 0.1 * x.pow(4).sum(1);
  const Tensor score = -x.mm(normal_precision()) - 0.4 * x.pow(3);
  const Tensor product = -v.mm(normal_precision()) - 1.2 * x.square() * v;
  for (const auto dtype : {torch::kDouble, torch::kFloat}) {
    const double tolerance = dtype == torch::kDouble ? 1e-12 : 1e-5;
    const auto close = [&](const Tensor& found, const Tensor& expected) {
      return found.scalar_type() == dtype &&
             torch::allclose(found.to(torch::kDouble), expected, tolerance, tolerance);
    };
    EXPECT_TRUE(close(target.log_density(x.to(dtype)), value));
    EXPECT_FALSE(close(target.log_density(1.001 * x.to(dtype)), value));
    EXPECT_TRUE(close(target.score(x.to(dtype)), score));
    // Three times, since LibTorch's default executor would compile in the first ones.
    for (int i = 0; i < 3; ++i) {
      const Tensor tracked = x.to(dtype).clone().requires_grad_();
      const Tensor tracked_score = target.score(tracked);
      EXPECT_TRUE(close(torch::autograd::grad({tracked_score}, {tracked}, {v.to(dtype)})[0], product));
    }
  }
}

TEST(Torchscript, ItsParametersTakeNoGradient) {
  torch::jit::Module module("scripted");
  module.register_attribute("dim", c10::IntType::get(), 2);
  module.register_parameter("scale", torch::tensor({2.0f, 0.5f}).requires_grad_(), false);
  module.define(forward_of("-(self.scale * x).pow(2).sum(1)"));
  const Problem problem = problem_of(module);
  const Tensor x = torch::ones({3, 2}, torch::kDouble);
  EXPECT_FALSE(problem.target->log_density(x).requires_grad());
  EXPECT_TRUE(problem.target->log_density(x.clone().requires_grad_()).requires_grad());
  EXPECT_TRUE(torch::allclose(problem.target->score(x)[0], torch::tensor({-8.0, -0.5}, torch::kDouble)));
}

// LibTorch's own conversion would make floating numbers of indices too.
TEST(Torchscript, IndicesStayWholeNumbersWhereOtherTensorsAreConverted) {
  const Problem problem = problem_of(
      plane("-(self.scale * x.index_select(1, self.order)).pow(2).sum(1)",
            {{"order", torch::tensor({1, 0}, torch::kLong)}, {"scale", torch::tensor({2.0f, 0.5f})}}));
  const Tensor x = torch::tensor({1.0, 3.0}, torch::kDouble).view({1, 2});
  EXPECT_DOUBLE_EQ(problem.target->log_density(x).item<double>(), -(36 + 0.25));
}

TEST(Torchscript, HalfPrecisionIsConvertedToo) {
  const Problem problem = problem_of(
      plane("-(self.scale * x).pow(2).sum(1)", {{"scale", torch::tensor({2.0f, 0.5f}).to(torch::kHalf)}}));
  EXPECT_EQ(problem.stored_as, torch::kHalf);
  for (const auto dtype : {torch::kFloat, torch::kDouble})
    EXPECT_EQ(problem.target->log_density(torch::ones({1, 2}, dtype)).item<double>(), -4.25);
}

// The choice of an executor is the thread's.
TEST(Torchscript, LeavesTheExecutorOfTheThreadAsItWas) {
  ASSERT_TRUE(torch::jit::getGraphExecutorOptimize());
  const Problem problem = problem_of(scripted_normal());
  problem.target->score(torch::zeros({2, 2}, torch::kDouble));
  EXPECT_TRUE(torch::jit::getGraphExecutorOptimize());
  const torch::jit::GraphOptimizerEnabledGuard plain(false);
  problem.target->score(torch::zeros({2, 2}, torch::kDouble));
  EXPECT_FALSE(torch::jit::getGraphExecutorOptimize());
}

TEST(Torchscript, TakesConstantsAndWholeNumbersForReals) {
  EXPECT_EQ(*problem_of(plane("-x.pow(2).sum(1)", {{"log_z", 3}})).reference.log_z, 3);
  torch::jit::Module module("scripted");
  module.type()->addConstant("dim", c10::IValue(2));
  module.define(forward_of("-x.pow(2).sum(1)"));
  EXPECT_EQ(problem_of(module).target->dim(), 2);
}

TEST(Torchscript, MayBeMinusInfinityOutsideOfItsSupport) {
  const Problem problem = problem_of(plane("torch.log((x[:, 0] > 0.1).to(x)) - x.pow(2).sum(1)"));
  EXPECT_EQ(problem.target->log_density(torch::zeros({1, 2}, torch::kDouble)).item<double>(), -kInfinite);
}

// What a caller may have wrong, and what is said.

struct Wrong {
  std::string name;
  std::function<torch::jit::Module()> module;
  std::string says;
};

const std::string kSquare = "-x.pow(2).sum(1)";

Wrong wrong_plane(const std::string& name, const std::string& expression, const std::string& says) {
  return {name, [expression] { return plane(expression); }, says};
}

Wrong wrong_attributes(const std::string& name, const Attributes& attributes, const std::string& says) {
  return {name, [attributes] { return scripted({forward_of(kSquare)}, attributes); }, says};
}

Wrong wrong_forward(const std::string& name, const std::vector<std::string>& methods,
                    const std::string& says) {
  return {name, [methods] { return scripted(methods, {{"dim", 2}}); }, says};
}

Wrong wrong_sample(const std::string& name, const std::string& argument, const std::string& expression,
                   const std::string& says) {
  return {name,
          [=] {
            return scripted(
                {forward_of(kSquare), "def sample(self, " + argument + "):\n    return " + expression + "\n"},
                {{"dim", 2}});
          },
          says};
}

std::vector<Wrong> wrong_modules() {
  const std::string valid_forward = "forward(self, x: Tensor) -> Tensor is valid";
  return {
      wrong_attributes("NoDim", {}, "no attribute 'dim'"),
      wrong_attributes("DimIsAReal", {{"dim", 2.5}}, "dim = 2.5 is not valid"),
      wrong_attributes("DimIsText", {{"dim", "two"}}, "a whole number of 1 or more"),
      wrong_attributes("DimIsZero", {{"dim", 0}}, "dim = 0 is not valid"),
      wrong_forward("NoForward", {}, "it has no forward; forward(self, x: Tensor)"),
      wrong_forward("TwoArguments", {"def forward(self, x, y):\n    return (x * y).sum(1)\n"}, valid_forward),
      wrong_forward("TakesANumber", {"def forward(self, x: float):\n    return x\n"}, valid_forward),
      wrong_plane("TwoResults", "x.sum(1), x", valid_forward),
      wrong_plane("Column", "-x.pow(2).sum(1, True)", "forward of [8, 2] float32 returned [8, 1] float32"),
      wrong_plane("OneNumber", "-x.pow(2).sum()", "forward([N, dim]) -> [N]"),
      wrong_plane("WholeNumbers", "x.argsort(1).sum(1)", "returned [8] int64"),
      wrong_plane("OfOtherDim", "-x.mm(torch.ones([3, 3]).to(x)).sum(1)",
                  "forward of [8, 2] float32 fails: RuntimeError: mat1 and mat2 shapes"),
      wrong_plane("NanAtTheOrigin", "(x / x).sum(1)", "NaN at the origin"),
      wrong_plane("NanElsewhere", "(0.5 - x * x).sqrt().sum(1)", "NaN at a draw of N(0, I)"),
      wrong_plane("Infinite", "(1.0 / (x * x)).sum(1)", "inf at the origin"),
      wrong_plane("NoGradient", "-x.detach().pow(2).sum(1)", "no gradient reaches its argument"),
      wrong_plane("NanGradient", "(x * 0.0).sqrt().sum(1)", "the gradient of forward is NaN"),
      wrong_plane("RowsMix", "-x.pow(2).sum(1) - x.mean()", "another value alone than among others"),
      wrong_plane("Random", "-x.pow(2).sum(1) + torch.randn_like(x).sum(1)", "nor on random numbers"),
      wrong_sample("SampleOfOneDimension", "n: int", "torch.randn([n])",
                   "sample(3) returned [3]; sample(n) -> [n, dim], which is [3, 2]"),
      wrong_sample("SampleOfAReal", "n: float", "torch.randn([2, 2]) * n",
                   "sample(self, n: int) -> Tensor is valid"),
      wrong_sample("SampleIsNotFinite", "n: int", "torch.randn([n, 2]) / 0.0", "not finite"),
      wrong_sample("SampleFails", "n: int", "torch.randn([n, 2]).mm(torch.ones([3, 3]))",
                   "sample fails: RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x2 and 3x3)"),
      wrong_attributes("LogZIsNan", {{"dim", 2}, {"log_z", kNoNumber}},
                       "log_z = nan is not valid: it takes a finite"),
      wrong_attributes("LogZIsInfinite", {{"dim", 2}, {"log_z", kInfinite}}, "log_z = inf"),
      wrong_attributes("LogZIsText", {{"dim", 2}, {"log_z", "0"}}, "log_z = \"0\""),
      wrong_attributes("LogZIsATensor", {{"dim", 2}, {"log_z", torch::ones({1})}}, "log_z = a Tensor")};
}

class WrongModule : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongModule, IsRefusedInOneLineThatNamesTheFile) {
  const std::string said = complaint_of(GetParam().module());
  EXPECT_THAT(said, AllOf(HasSubstr("folder/energy.pt: "), HasSubstr(GetParam().says)));
  EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  EXPECT_LT(said.size(), 800U);
}

INSTANTIATE_TEST_SUITE_P(Table, WrongModule, ::testing::ValuesIn(wrong_modules()),
                         [](const auto& info) { return info.param.name; });

// The control: the forward of many cases above, with all that is needed.
TEST(Torchscript, WhatIsRightIsTaken) { EXPECT_EQ(complaint_of(plane(kSquare, {{"log_z", 1.0}})), ""); }

TEST(Torchscript, AFileOfSomethingElseIsRefused) {
  c10::Dict<std::string, Tensor> state;
  state.insert("weight", torch::ones({2}));
  const std::vector<char> pickle = torch::jit::pickle_save(state);
  const std::string good = saved(scripted_normal());
  const auto said = [](const std::string& bytes) { return complaint([&] { problem_of(bytes); }); };
  EXPECT_THAT(said({pickle.begin(), pickle.end()}),
              AllOf(HasSubstr("folder/energy.pt: not a TorchScript module but a pickle"),
                    HasSubstr("torch.jit.script(module).save")));
  EXPECT_THAT(said("energy = -x ** 2"), HasSubstr("torch.jit.script(module).save"));
  EXPECT_THAT(said(""), HasSubstr("not a TorchScript module"));
  EXPECT_THAT(said(good.substr(0, good.size() - 100)), HasSubstr("not a TorchScript module, or damaged"));
  EXPECT_EQ(said(good), "");
}

TEST(Torchscript, NeedsItsHashBeforehand) {
  const std::string good = saved(scripted_normal());
  EXPECT_THAT(complaint([&] { problem_of(good, /*vouched_for=*/false); }),
              AllOf(HasSubstr("folder/energy.pt"), HasSubstr("folder/energy.json"), HasSubstr("sha256sum")));
}

// Its matrix is a constant in float32. One of sums and products alone is converted where it is used.
TEST(Torchscript, AFrozenModuleIsRefusedWhereItCannotBeConverted) {
  const std::vector<std::string> kept{"dim"};
  const torch::jit::Module frozen = torch::jit::freeze(scripted_normal(), kept);
  EXPECT_THAT(complaint_of(frozen), AllOf(HasSubstr("folder/energy.pt: it takes float32 alone"),
                                          HasSubstr("save it without torch.jit.freeze")));
  EXPECT_THAT(complaint_of(torch::jit::freeze(scripted_normal())),
              HasSubstr("torch.jit.freeze, which drops"));
  const torch::jit::Module plain = torch::jit::freeze(plane("-(2.0 * x).pow(2).sum(1)"), kept);
  EXPECT_EQ(complaint_of(plain), "");
}

// What LibTorch itself says, of a module and of an operation.
TEST(Torchscript, AMessageIsQuotedByItsTellingLine) {
  const auto said = [](const auto& act) -> std::string {
    try {
      act();
    } catch (const std::exception& error) {
      return brief(error);
    }
    return "";
  };
  const torch::jit::Module module = plane("x.mm(torch.ones([3, 3]))");
  const Tensor x = torch::ones({2, 2});
  const std::string cause = "mat1 and mat2 shapes cannot be multiplied (2x2 and 3x3)";
  EXPECT_EQ(said([&] { module.get_method("forward")({x}); }), "RuntimeError: " + cause);
  EXPECT_EQ(said([&] { x.mm(torch::ones({3, 3})); }), cause);
}

// An operator is registered while the module is saved, and is gone when it is read.
std::string module_of_newer_libtorch() {
  const auto newer = c10::RegisterOperators().op("aten::samplerbench_newer(Tensor x) -> Tensor");
  return saved(plane("-torch.samplerbench_newer(x).pow(2).sum(1)"));
}

TEST(Torchscript, AnOperatorThatThisLibTorchLacksIsNamed) {
  const std::string bytes = module_of_newer_libtorch();
  EXPECT_THAT(complaint([&] { problem_of(bytes); }),
              AllOf(HasSubstr("folder/energy.pt: LibTorch " TORCH_VERSION), HasSubstr("samplerbench_newer"),
                    HasSubstr("saved by a newer one")));
}

}  // namespace
}  // namespace samplerbench::testing
