#include "targets/foreign/stan.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <numbers>
#include <stdexcept>
#include <string>
#include <thread>

#include "core/error.h"
#include "targets/foreign/reference_draws.h"
#include "targets/metered_target.h"
#include "tests/complaint.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// The target `stan` with shared objects that tests/programs/stan_fixture.cc makes.
namespace samplerbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using torch::autograd::grad;

const std::string kWhole = "fixture.so", kWithoutHessian = "fixture_without_hessian.so";

// The libraries, and documents in memory.
class FixtureFiles : public targets::DataFiles {
 public:
  explicit FixtureFiles(std::string data, std::string draws = "")
      : data_(std::move(data)), draws_(std::move(draws)) {}

  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override {
    if (name != "data.json" && name != "draws.json") throw InputError(name + ": no such file");
    take(name == "data.json" ? data_ : draws_);
  }
  std::string place(const std::string& name) const override {
    return std::string(SAMPLERBENCH_STAN_FIXTURES "/") + name;
  }

 private:
  std::string data_, draws_;
};

Problem stan_problem(const Json& data = Json::object(), const std::string& library = kWhole) {
  return make_problem("stan", {{"library", library}, {"data", "data.json"}}, FixtureFiles(data.dump()));
}

// A function of the library that is no part of the ABI.
int counted_by(const char* function, const std::string& library = kWhole) {
  void* const opened =
      ::dlopen((std::string(SAMPLERBENCH_STAN_FIXTURES "/") + library).c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (opened == nullptr) throw std::logic_error(library + " is not loaded");
  return reinterpret_cast<int (*)()>(::dlsym(opened, function))();
}

// The fixture's density, written once more: with u, v, w = x and p = (u - 0.5) / 0.7, Z = e^1.25.
Tensor formula(const Tensor& x) {
  constexpr double r = 0.6;
  const Tensor p = (x.select(1, 0) - 0.5) / 0.7, q = x.select(1, 1), w = x.select(1, 2);
  const Tensor square = (p * p - 2 * r * p * q + q * q) / (2 * (1 - r * r));
  const double constant = 1.25 - std::log(2 * std::numbers::pi * 0.7 * std::sqrt(1 - r * r));
  return constant - square + at::log_sigmoid(w) + at::log_sigmoid(-w);
}

Tensor slope_of_formula(const Tensor& x) {
  const Tensor tracked = x.clone().requires_grad_();
  return grad({formula(tracked).sum()}, {tracked})[0];
}

Tensor curvature_of_formula(const Tensor& x, const Tensor& v) {
  const Tensor tracked = x.clone().requires_grad_();
  const Tensor slope = grad({formula(tracked).sum()}, {tracked}, {}, true, true)[0];
  return grad({slope}, {tracked}, {v})[0];
}

Tensor some_points(int64_t n) { return 1.5 * Rng(61).normal({n, 3}, torch::kDouble); }

// Draws of u, v, w: [n, 3].
Tensor exact_points(int64_t n, Rng& rng) {
  const Tensor normals = rng.normal({n, 2}, torch::kDouble), uniform = rng.uniform({n}, torch::kDouble);
  const Tensor p = normals.select(1, 0), q = 0.6 * p + 0.8 * normals.select(1, 1);
  return torch::stack({0.5 + 0.7 * p, q, (uniform / (1 - uniform)).log()}, 1);
}

bool agree(const Tensor& a, const Tensor& b, double tolerance) {
  return torch::allclose(a, b, tolerance, tolerance);
}

TEST(Stan, DensityAndScoreAreThoseOfTheFormula) {
  const Problem problem = stan_problem();
  const Tensor x = some_points(300);
  const targets::ValueAndScore both = problem.target->value_and_score(x);
  EXPECT_EQ(problem.target->dim(), 3);
  EXPECT_TRUE(agree(problem.target->log_density(x), formula(x), 1e-12));
  EXPECT_TRUE(agree(both.value, formula(x), 1e-12));
  EXPECT_TRUE(agree(both.score, slope_of_formula(x), 1e-12));
  // The controls: without the Jacobian, of log scale and of logit share, and without the constants.
  const Tensor share = x.select(1, 2);
  const Tensor jacobian = x.select(1, 0) + at::log_sigmoid(share) + at::log_sigmoid(-share);
  EXPECT_FALSE(agree(both.value, formula(x) - jacobian, 1e-3));
  EXPECT_FALSE(agree(both.value, formula(x) - 1.25, 1e-3));
}

// The data reach the model.
TEST(Stan, DataSetTheConstants) {
  const Tensor x = some_points(10), value = stan_problem().target->log_density(x);
  const Problem heavier = stan_problem({{"log_z", 2.25}}), other = stan_problem({{"correlation", -0.3}});
  EXPECT_TRUE(agree(heavier.target->log_density(x), value + 1, 1e-12));
  EXPECT_FALSE(agree(other.target->log_density(x), value, 1e-3));
}

// The trapezoidal rule, which is exponentially exact for smooth integrands that vanish at both ends.
TEST(Stan, LogZHasAllConstantsAndTheJacobian) {
  const Tensor first = torch::linspace(0.5 - 5.6, 0.5 + 5.6, 65, torch::kDouble);
  const Tensor second = torch::linspace(-8, 8, 65, torch::kDouble);
  const Tensor third = torch::linspace(-36, 36, 121, torch::kDouble);
  const std::vector<Tensor> grid = torch::meshgrid({first, second, third}, "ij");
  const Tensor points = torch::stack({grid[0].flatten(), grid[1].flatten(), grid[2].flatten()}, 1);
  const double cell = (11.2 / 64) * (16.0 / 64) * (72.0 / 120);
  const Tensor log_sum = stan_problem().target->log_density(points).logsumexp(0);
  EXPECT_NEAR(log_sum.item<double>() + std::log(cell), 1.25, 1e-9);
}

// What every target is held to, with a library that has products with the Hessian and one that does not.
class StanConformance : public ::testing::TestWithParam<std::string> {
 protected:
  Problem problem_ = stan_problem(Json::object(), GetParam());
  const Target& target_ = *problem_.target;
};

TEST_P(StanConformance, DensityAndScore) {
  const Tensor x = examined_points(problem_, 200);
  EXPECT_TRUE(score_is_gradient(target_, x));
  EXPECT_TRUE(value_and_score_agrees(target_, x));
  EXPECT_TRUE(rows_are_independent(target_, x));
  EXPECT_TRUE(single_precision_agrees(target_, x));
  EXPECT_TRUE(never_nan(target_));
}

TEST_P(StanConformance, PlainBuffers) {
  const OnPlainBuffers plain(target_);
  EXPECT_TRUE(target_.evaluates_plainly());
  for (const int64_t n : {1, 7, 1200}) {
    SCOPED_TRACE(n);
    const Tensor x = examined_points(problem_, n);
    EXPECT_TRUE(value_and_score_agrees(plain, x));
    EXPECT_TRUE(single_precision_agrees(plain, x));
    EXPECT_TRUE(score_alone_agrees(target_, x));
  }
  EXPECT_TRUE(never_nan(plain));
}

TEST_P(StanConformance, HessianVectorProducts) {
  EXPECT_TRUE(hessian_vector_products_agree(target_, examined_points(problem_, 200)));
}

TEST_P(StanConformance, NoPointsAtAll) {
  const Tensor none = torch::empty({0, 3}, torch::kDouble);
  EXPECT_EQ(target_.log_density(none).sizes(), at::IntArrayRef({0}));
  EXPECT_EQ(target_.score(none).sizes(), none.sizes());
}

INSTANTIATE_TEST_SUITE_P(Libraries, StanConformance, ::testing::Values(kWhole, kWithoutHessian),
                         [](const auto& info) {
                           return std::string(info.param == kWhole ? "Whole" : "WithoutHessian");
                         });

// Products with the Hessian, by the library or by differences, and what the target counts beside.
struct Products {
  double tolerance;
  int64_t scores;     // a row
  std::string words;  // of the source
};

void expect_products(const Problem& problem, const Products& expected) {
  SCOPED_TRACE(expected.words);
  const Tensor x = some_points(20), v = Rng(62).normal({20, 3}, torch::kDouble);
  const Tensor tracked = x.clone().requires_grad_();
  Meter meter;
  const targets::MeteredTarget metered(*problem.target, meter);
  const Tensor product = grad({metered.score(tracked)}, {tracked}, {v})[0];
  EXPECT_TRUE(agree(product, curvature_of_formula(x, v), expected.tolerance));
  EXPECT_FALSE(agree(product, curvature_of_formula(x + 0.01, v), expected.tolerance));
  EXPECT_EQ(meter.hessian_vector.load(), 20);
  EXPECT_EQ(problem.target->own_work().scores, 20 * expected.scores);
  EXPECT_EQ(problem.target->own_work().failed, 0);
  EXPECT_THAT(problem.reference.source, HasSubstr(expected.words));
}

TEST(Stan, HessianVectorProductsAreTheLibrarysOrDifferences) {
  const Products differences{1e-7, 2, "central differences of its score"};
  expect_products(stan_problem(), {1e-12, 0, "its own function"});
  expect_products(stan_problem(Json::object(), kWithoutHessian), differences);
  expect_products(stan_problem({{"no_hessian", 1}}), differences);
}

TEST(Stan, ADirectionOfZerosHasAProductOfZeros) {
  const Problem problem = stan_problem(Json::object(), kWithoutHessian);
  const Tensor x = some_points(3).requires_grad_();
  const Tensor product = grad({problem.target->score(x)}, {x}, {torch::zeros({3, 3}, torch::kDouble)})[0];
  EXPECT_TRUE(torch::equal(product, torch::zeros({3, 3}, torch::kDouble)));
}

TEST(Stan, RefusesThirdDerivatives) {
  const Problem problem = stan_problem();
  const Tensor x = some_points(3).requires_grad_();
  const Tensor score = problem.target->score(x);
  EXPECT_THAT(complaint([&] { grad({score.sum()}, {x}, {}, true, /*create_graph=*/true); }),
              HasSubstr("differentiated once"));
  EXPECT_EQ(complaint([&] { grad({score.sum()}, {x}, {}, true, /*create_graph=*/false); }), "");
}

// ------------------------------------------------------------------------------------------------ failures

void expect_failures(const std::string& option) {
  SCOPED_TRACE(option);
  const Problem problem = stan_problem({{option, 0.5}}), whole = stan_problem();
  const Tensor x = some_points(100), fails = x.select(1, 1) > 0.5;
  const int64_t count = fails.sum().item<int64_t>();
  ASSERT_GT(count, 10);
  ASSERT_LT(count, 90);
  const auto expect_split = [&](const Tensor& value, const Tensor& score) {
    EXPECT_TRUE(torch::equal(value.isinf(), fails));
    EXPECT_TRUE(torch::equal(score.abs().sum(1) == 0, fails));
    const Tensor good = fails.logical_not().nonzero().squeeze(1);
    EXPECT_TRUE(agree(value.index_select(0, good), formula(x).index_select(0, good), 1e-12));
    EXPECT_TRUE(agree(score.index_select(0, good), slope_of_formula(x).index_select(0, good), 1e-12));
  };
  const targets::ValueAndScore both = problem.target->value_and_score(x);
  expect_split(both.value, both.score);
  EXPECT_EQ(problem.target->own_work().failed, count);
  expect_split(problem.target->log_density(x), problem.target->score(x));
  EXPECT_EQ(problem.target->own_work().failed, 3 * count);
  const targets::ValueAndScore plain = OnPlainBuffers(*problem.target).value_and_score(x);
  expect_split(plain.value, plain.score);
  EXPECT_EQ(problem.target->own_work().failed, 4 * count);
  whole.target->value_and_score(x);
  EXPECT_EQ(whole.target->own_work().failed, 0) << "the control";
}

TEST(Stan, AFailedEvaluationHasNoDensityAndIsCounted) {
  expect_failures("fail_above");
  expect_failures("nan_above");
}

// A product with the Hessian that fails is zero and counted, by either way.
TEST(Stan, AFailedProductIsZeroAndCounted) {
  for (const std::string& library : {kWhole, kWithoutHessian}) {
    SCOPED_TRACE(library);
    const Problem problem = stan_problem({{"fail_above", 0.5}}, library);
    const Tensor x =
        torch::tensor({0.1, 0.2, 0.3, 0.1, 0.7, 0.3}, torch::kDouble).view({2, 3}).requires_grad_();
    const Tensor score = problem.target->score(x);
    const int64_t before = problem.target->own_work().failed;
    const Tensor product = grad({score.sum()}, {x})[0];
    EXPECT_GT(product[0].abs().sum().item<double>(), 0);
    EXPECT_EQ(product[1].abs().sum().item<double>(), 0);
    EXPECT_GT(problem.target->own_work().failed, before);
  }
}

TEST(Stan, FreesEveryMessage) {
  const Problem problem = stan_problem({{"fail_above", -100}});
  problem.target->value_and_score(some_points(50));
  EXPECT_EQ(problem.target->own_work().failed, 50);
  EXPECT_EQ(counted_by("fixture_live_messages"), 0);
  complaint([] { stan_problem({{"refuse", 1}}); });
  EXPECT_EQ(counted_by("fixture_live_messages"), 0);
}

TEST(Stan, DropsWhatTheModelPrints) {
  const Problem problem = stan_problem({{"print", 1}});
  const int before = counted_by("fixture_printed_lines");
  const auto printed = [&] {
    ::testing::internal::CaptureStdout();
    problem.target->value_and_score(some_points(5));
    std::fflush(stdout);
    return ::testing::internal::GetCapturedStdout();
  };
  EXPECT_EQ(printed(), "");
  EXPECT_EQ(counted_by("fixture_printed_lines"), before + 5);
  const targets::StanLibrary library = targets::open_stan_library(FixtureFiles("").place(kWhole));
  library.set_print(nullptr, nullptr);
  EXPECT_THAT(printed(), HasSubstr("a line of the model")) << "the control";
}

TEST(Stan, IsForOneThread) {
  const Problem problem = stan_problem();
  const Tensor x = some_points(1);
  bool refused = false;
  std::thread([&] {
    try {
      problem.target->value_and_score(x);
    } catch (const std::logic_error&) {
      refused = true;
    }
  }).join();
  EXPECT_TRUE(refused);
  problem.target->value_and_score(x);
  EXPECT_EQ(problem.target->own_work().failed, 0);
}

// ---------------------------------------------------------------------------------------------- parameters

TEST(Stan, ParametersHaveTheModelsNamesAndScale) {
  const Problem problem = stan_problem();
  const targets::Parameters& parameters = problem.reference.parameters.value();
  EXPECT_THAT(parameters.coordinates, ElementsAre("scale", "effect.1", "share"));
  EXPECT_THAT(parameters.names, ElementsAre("scale", "effect.1", "share", "product"));
  const Tensor x = some_points(20), scale = x.select(1, 0).exp(), effect = x.select(1, 1);
  const Tensor expected = torch::stack({scale, effect, x.select(1, 2).sigmoid(), scale * effect}, 1);
  EXPECT_TRUE(agree(parameters.values(x), expected, 1e-13));
  EXPECT_TRUE(agree(parameters.values(x.to(torch::kFloat)), expected, 1e-5));
  EXPECT_FALSE(parameters.moments);
}

// Chains of draws of the parameters as posteriordb has them; each state stays for `repeats` draws.
std::string draws_document(int64_t chains, int64_t states, int64_t repeats) {
  Rng rng(63);
  Json document = Json::array();
  for (int64_t chain = 0; chain < chains; ++chain) {
    const Tensor x = exact_points(states, rng).repeat_interleave(repeats, 0);
    const Tensor scale = x.select(1, 0).exp();
    document.push_back({{"scale", targets::numbers_of(scale)},
                        {"effect[1]", targets::numbers_of(x.select(1, 1))},
                        {"share", targets::numbers_of(x.select(1, 2).sigmoid())},
                        {"product", targets::numbers_of(scale * x.select(1, 1))}});
  }
  return document.dump();
}

Problem problem_with_draws(const std::string& document) {
  return make_problem("stan", {{"library", kWhole}, {"reference", "draws.json"}}, FixtureFiles("", document));
}

// Of the lognormal scale, the normal effect and the uniform share; the moments of the coordinates.
TEST(Stan, ReferenceDrawsGiveMomentsOfParametersAndCoordinates) {
  const Problem problem = problem_with_draws(draws_document(4, 400, 1));
  const targets::Parameters& parameters = problem.reference.parameters.value();
  std::map<std::string, int64_t> place;
  for (int64_t k = 0; k < parameters.known.size(0); ++k)
    place[parameters.names[static_cast<size_t>(parameters.known[k].item<int64_t>())]] = k;
  ASSERT_EQ(place.size(), 4u);
  const double bound = 1.2 * z_bound(kFalseAlarm, 6);  // with room for errors that are estimated themselves
  const auto expect_moment = [&](const targets::Moments& moments, int64_t k, double mean, double sd) {
    EXPECT_LT(std::abs(moments.mean[k].item<double>() - mean), bound * moments.mean_error[k].item<double>());
    EXPECT_LT(std::abs(moments.sd[k].item<double>() - sd), bound * moments.sd_error[k].item<double>());
    EXPECT_LT(moments.mean_error[k].item<double>(), sd / 20);
  };
  const double variance = 0.49, mean = std::exp(0.5 + variance / 2);
  expect_moment(*parameters.moments, place.at("scale"), mean, mean * std::sqrt(std::expm1(variance)));
  expect_moment(*parameters.moments, place.at("effect.1"), 0, 1);
  expect_moment(*parameters.moments, place.at("share"), 0.5, std::sqrt(1.0 / 12));
  const targets::Moments& own = problem.reference.moments.value();
  expect_moment(own, 0, 0.5, 0.7);
  expect_moment(own, 1, 0, 1);
  expect_moment(own, 2, 0, std::numbers::pi / std::sqrt(3.0));
}

TEST(Stan, ReferenceDrawsAreExactDraws) {
  const Problem problem = problem_with_draws(draws_document(4, 400, 1));
  EXPECT_EQ(problem.reference.pool, 1600);
  Rng rng(64);
  const Tensor draws = problem.reference.exact_draws(1500, rng);
  EXPECT_TRUE(stein_identities_hold(draws, problem.target->score(draws)));
  EXPECT_FALSE(stein_identities_hold(draws + 0.3, problem.target->score(draws + 0.3)));
  EXPECT_THAT(complaint([&] { problem.reference.exact_draws(1601, rng); }), HasSubstr("1601"));
}

// Independent draws have errors of sd / sqrt(n); where each state stays for ten draws, sqrt(10) times that.
TEST(Stan, MonteCarloErrorsCountCorrelation) {
  const auto ratio = [](int64_t states, int64_t repeats) {
    const Problem problem = problem_with_draws(draws_document(4, states, repeats));
    const targets::Moments& moments = problem.reference.moments.value();
    const double of_independent = std::sqrt(4.0 * static_cast<double>(states * repeats));
    return (moments.mean_error / moments.sd * of_independent)[1].item<double>();
  };
  EXPECT_GT(ratio(400, 1), 1 / 1.5);
  EXPECT_LT(ratio(400, 1), 1.5);
  EXPECT_GT(ratio(40, 10), 2);
}

// Draws of some parameters tell of these alone; those that never vary tell nothing.
TEST(Stan, ReferenceDrawsOfSomeParametersAreNoExactDraws) {
  const std::string document = R"([{"share": [0.1, 0.2, 0.6, 0.3], "effect[1]": [1, 1, 1, 1]},
                                   {"share": [0.4, 0.2, 0.1, 0.5], "effect[1]": [1, 1, 1, 1]}])";
  const Problem problem = problem_with_draws(document);
  const targets::Parameters& parameters = problem.reference.parameters.value();
  ASSERT_EQ(parameters.known.sizes(), at::IntArrayRef({1}));
  EXPECT_EQ(parameters.known[0].item<int64_t>(), 2);
  EXPECT_NEAR(parameters.moments->mean[0].item<double>(), 0.3, 1e-12);
  EXPECT_FALSE(problem.reference.moments);
  EXPECT_FALSE(problem.reference.exact_draws);
}

TEST(Stan, RefusesOtherReferenceDraws) {
  const auto refusal = [](const std::string& document) {
    return complaint([&] { problem_with_draws(document); });
  };
  EXPECT_THAT(refusal("{}"), HasSubstr("draws.json: not reference draws"));
  EXPECT_THAT(refusal("[]"), HasSubstr("a list of chains"));
  EXPECT_THAT(refusal("[{"), HasSubstr("breaks off"));
  EXPECT_THAT(refusal(R"([{"share": [0.1, 0.2, 0.3]}])"), HasSubstr("at least 4"));
  EXPECT_THAT(refusal(R"([{"share": [0.1, 0.2, 0.3, "x"]}])"), HasSubstr("is no number"));
  EXPECT_THAT(refusal(R"([{"share": [0.1, 0.2, 0.3, 0.4]}, {"share": [0.1, 0.2, 0.3]}])"),
              HasSubstr("chain 2, share: a list of 4 draws"));
  EXPECT_THAT(refusal(R"([{"share": [0.1, 0.2, 0.3, 0.4]}, {"effect[1]": [1, 2, 3, 4]}])"),
              HasSubstr("chain 2 has no parameter share"));
  EXPECT_THAT(refusal(R"([{"shore": [0.1, 0.2, 0.3, 0.4]}])"), HasSubstr("did you mean 'share'"));
  EXPECT_THAT(refusal(R"([{"scale": [1, 2, 3, -4], "effect[1]": [1, 2, 3, 4], "share": [0.1, 0.2, 0.3, 0.4]
                          }])"),
              HasSubstr("parameters break their constraints"));
}

// 60 kB that announce 3000 x 3000 x 3000 draws, 200 GB.
TEST(Stan, ReferenceDrawsTakeNoMemoryBeforeTheyAreThere) {
  std::string document = R"([{"a": [)";
  for (int i = 0; i < 3000; ++i) document += i == 0 ? "1" : ",1";
  document += "]";
  for (int i = 0; i < 3000; ++i) document += fmt::format(R"(,"b{}":0)", i);
  document += "}";
  for (int i = 0; i < 3000; ++i) document += ",0";
  EXPECT_THAT(complaint([&] { problem_with_draws(document + "]"); }),
              HasSubstr("chain 1, b0: a list of 3000 draws is needed"));
}

// ------------------------------------------------------------------------------------------------ refusals

TEST(Stan, RefusesWhatIsNoModelOfBridgeStan2) {
  const auto refusal = [](const std::string& library) {
    return complaint([&] { stan_problem(Json::object(), library); });
  };
  EXPECT_THAT(refusal("no_such_file.so"), HasSubstr("cannot be opened as a shared object"));
  EXPECT_THAT(refusal("../CTestTestfile.cmake"), HasSubstr("cannot be opened as a shared object"));
  EXPECT_THAT(refusal("fixture_without_gradient.so"), HasSubstr("no symbol bs_log_density_gradient"));
  EXPECT_THAT(refusal("fixture_without_version.so"),
              AllOf(HasSubstr("no symbol bs_major_version"), HasSubstr("BridgeStan 1")));
  EXPECT_THAT(refusal("fixture_of_version_3.so"), HasSubstr("BridgeStan 3.7.0, and version 2 is needed"));
  EXPECT_EQ(refusal(kWhole), "");
}

TEST(Stan, RefusesDataAsTheModelDoes) {
  const std::string refusal = complaint([] { stan_problem({{"refuse", 1}}); });
  EXPECT_THAT(refusal,
              AllOf(HasSubstr("the model cannot be made: Exception: "), HasSubstr("in its data block")));
  EXPECT_EQ(refusal.find('\n'), std::string::npos);
  EXPECT_THAT(complaint([] { stan_problem({{"empty", 1}}); }), HasSubstr("the model has no parameters"));
  const auto with_data = [](const std::string& name, const std::string& text) {
    return complaint(
        [&] { make_problem("stan", {{"library", kWhole}, {"data", name}}, FixtureFiles(text)); });
  };
  EXPECT_THAT(with_data("data.json", ""), HasSubstr("data.json: is empty"));
  EXPECT_THAT(with_data("data.json", "[1, 2]"), HasSubstr("data.json: data of a Stan model are one JSON"));
  EXPECT_THAT(with_data("data.json", "/tmp/of/another.json"), HasSubstr("data.json: not JSON"));
  EXPECT_THAT(with_data("data.json", std::string("{\"n\": 1}\0 more", 14)), HasSubstr("data.json: not JSON"));
  EXPECT_THAT(with_data("data.json", "{\"n\": 1"), HasSubstr("data.json: not whole"));
  EXPECT_THAT(with_data("data.json", "{\"n\": Nan}"), HasSubstr("data.json: not JSON"));
  EXPECT_EQ(with_data("data.json", R"({"n\"NaN": [NaN, -Infinity, Inf, "\\", 1e3], "s": "Inf"})"), "");
  EXPECT_THAT(with_data("elsewhere.json", "{}"), HasSubstr("elsewhere.json: no such file"));
  EXPECT_EQ(with_data("", ""), "");
}

TEST(Stan, NeedsAFileOnDisk) {
  EXPECT_THAT(complaint([] { make_problem("stan"); }), HasSubstr("model.so"));
}

TEST(Stan, NamesItsFiles) {
  const auto& entry = all_targets().at("stan");
  const auto files = [&](const Json& options) {
    return entry.files(Options(entry.options, options, "stan"));
  };
  EXPECT_THAT(files(Json::object()), ElementsAre("model.so"));
  EXPECT_THAT(files({{"library", "a.so"}, {"data", "b.json"}, {"reference", "c.json"}}),
              ElementsAre("a.so", "b.json", "c.json"));
}

}  // namespace
}  // namespace samplerbench::testing
