// Generators of PyTorch as samplers of one step: the law of their draws, what their authors declare, and what
// is refused. EverySampler in conformance_test.cc has the rest.
#include <ATen/Context.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/complaint.h"
#include "tests/foreign/scripted.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"
#include "tests/targets/one_file.h"

namespace samplerbench::testing {
namespace {

using samplers::Sampler;
using ::testing::AllOf;
using ::testing::HasSubstr;

const FunctionTarget& plane_target() {
  static const FunctionTarget target = standard_normal(2);
  return target;
}

std::unique_ptr<Sampler> make(const std::string& bytes, torch::ScalarType dtype = torch::kDouble,
                              const targets::Target& target = plane_target()) {
  const auto& entry = all_samplers().at("torchscript-generator");
  const Options options(entry.options, Json::object(), entry.name);
  const Rng init(1);
  const OneFile file("generator.pt", bytes, "folder/");
  return entry.make({.target = target,
                     .options = options,
                     .init = init,
                     .placement = torch::TensorOptions().dtype(dtype),
                     .files = file});
}
std::unique_ptr<Sampler> make(const torch::jit::Module& module) { return make(saved(module)); }

std::string refusal_of(const torch::jit::Module& module) {
  return complaint([&] { make(module); });
}

// A generator in the plane of that expression in the latents x.
torch::jit::Module generator_of(const std::string& expression, const Attributes& more = {}) {
  Attributes attributes{{"latent", 3}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return scripted({forward_of(expression)}, attributes);
}

// Draws are the generator of the stream's own normals, in the dtype of the run.
TEST(TorchscriptGenerator, DrawsAreItsForwardOfStandardNormals) {
  const std::string bytes = saved(scripted_generator());
  for (const auto dtype : {torch::kDouble, torch::kFloat}) {
    Rng rng(4), same(4);
    const Tensor draws = make(bytes, dtype)->draw(500, rng);
    const Tensor latents = same.normal({500, 3}, dtype);
    const Tensor expected = latents.mm(generator_matrix().to(dtype)) + generator_shift().to(dtype);
    ASSERT_EQ(draws.scalar_type(), dtype);
    EXPECT_TRUE(torch::allclose(draws, expected, 1e-6, 1e-6));
    EXPECT_FALSE(torch::allclose(draws, 1.001 * expected, 1e-6, 1e-6));
  }
}

// More draws than one call of the module makes: means and covariances at a false-alarm rate of 1e-6.
TEST(TorchscriptGenerator, DrawsHaveTheMeanAndTheCovarianceOfTheirLaw) {
  Rng rng(5);
  const Tensor draws = make(saved(scripted_generator()))->draw(20000, rng);
  ASSERT_EQ(draws.sizes(), at::IntArrayRef({20000, 2}));
  EXPECT_TRUE(mean_is(draws, generator_shift()));
  EXPECT_FALSE(mean_is(draws, generator_shift() + 0.1));
  const Tensor centred = draws - generator_shift();
  const Tensor products = (centred.unsqueeze(2) * centred.unsqueeze(1)).flatten(1);
  const Tensor covariance = generator_matrix().t().mm(generator_matrix()).flatten();
  EXPECT_TRUE(mean_is(products, covariance));
  EXPECT_FALSE(mean_is(products, 1.1 * covariance));
}

TEST(TorchscriptGenerator, NoiseOfItsOwnComesFromTheStreamToo) {
  const std::string bytes = saved(generator_of("x[:, :2] + torch.randn_like(x[:, :2])"));
  const auto state = [] { return at::globalContext().defaultGenerator(torch::kCPU).get_state(); };
  const Tensor before = state();
  const auto sampler = make(bytes);
  Rng rng(6), same(6), other(7);
  const Tensor draws = sampler->draw(20000, rng);
  EXPECT_TRUE(torch::equal(draws, sampler->draw(20000, same)));
  EXPECT_FALSE(torch::equal(draws, sampler->draw(20000, other)));
  EXPECT_TRUE(torch::equal(before, state()));
  // The sum of two independent normals.
  EXPECT_TRUE(mean_is(draws.square(), 2 * torch::ones({2}, torch::kDouble)));
}

TEST(TorchscriptGenerator, SaysWhatItsAuthorDeclares) {
  const auto whole = make(scripted_generator({{"cost_cpu_s", 12.5}, {"cost_evaluations", 3000}}));
  ASSERT_TRUE(whole->declared_cost());
  EXPECT_EQ(whole->declared_cost()->cpu_s, 12.5);
  EXPECT_EQ(whole->declared_cost()->evaluations, 3000);
  const auto silent = make(scripted_generator());
  ASSERT_TRUE(silent->declared_cost());
  EXPECT_FALSE(silent->declared_cost()->cpu_s);
  EXPECT_FALSE(silent->declared_cost()->evaluations);
  EXPECT_FALSE(make_sampler("dsvi", Json::object(), plane_target())->declared_cost());
}

TEST(TorchscriptGenerator, SaysTheDtypeOfItsFile) {
  EXPECT_EQ(make(scripted_generator())->stored_as(), torch::kFloat);
  EXPECT_EQ(make(scripted_generator({}, torch::kDouble))->stored_as(), torch::kDouble);
  EXPECT_FALSE(make(generator_of("x[:, :2] * 2.0"))->stored_as());
}

TEST(TorchscriptGenerator, AKeptOneIsOfItsFileAlone) {
  Archive archive;
  make(scripted_generator())->save(archive);
  const Archive kept = Archive::parse(archive.serialise(), "kept");
  EXPECT_EQ(complaint([&] { make(scripted_generator())->load(kept); }), "");
  const torch::jit::Module other = scripted_generator({{"cost_cpu_s", 1.0}});
  EXPECT_THAT(complaint([&] { make(other)->load(kept); }),
              AllOf(HasSubstr("folder/generator.pt"), HasSubstr("not the module")));
}

TEST(TorchscriptGenerator, WhatIsWrongIsRefusedByName) {
  const auto refused = [](const torch::jit::Module& module, const std::string& says) {
    EXPECT_THAT(refusal_of(module), AllOf(HasSubstr("folder/generator.pt: "), HasSubstr(says)));
  };
  refused(scripted({forward_of("x")}), "no attribute 'latent'");
  refused(scripted({forward_of("x")}, {{"latent", 0}}), "latent = 0 is not valid");
  refused(scripted({}, {{"latent", 3}}), "it has no forward");
  refused(generator_of("x.sum(1)"), "forward of [8, 3] float32 returned [8] float32");
  refused(generator_of("x"), "it makes points of 3 coordinates, and this target has 2");
  refused(generator_of("x[:, :2] / 0.0"), "not finite");
  refused(generator_of("x.mm(torch.ones([4, 2]).to(x))"), "fails: RuntimeError");
  refused(generator_of("x.mm(torch.ones([3, 2]))"), "it takes float32 alone and cannot be converted");
  refused(scripted_generator({{"cost_cpu_s", -1.0}}), "cost_cpu_s = -1");
  refused(scripted_generator({{"cost_cpu_s", std::numeric_limits<double>::infinity()}}), "cost_cpu_s = inf");
  refused(scripted_generator({{"cost_evaluations", -3}}), "cost_evaluations = -3 is not valid");
  refused(scripted_generator({{"cost_evaluations", 2.5}}), "cost_evaluations = 2.5 is not valid");
  EXPECT_EQ(refusal_of(scripted_generator()), "");
  EXPECT_THAT(complaint([] { make("no module"); }),
              HasSubstr("folder/generator.pt: not a TorchScript module"));
}

TEST(TorchscriptGenerator, TakesTargetsOfItsOwnDimensionAlone) {
  const FunctionTarget line = standard_normal(1);
  EXPECT_THAT(complaint([&] { make(saved(scripted_generator()), torch::kFloat, line); }),
              HasSubstr("it makes points of 2 coordinates, and this target has 1"));
}

// It is no match for samplers that are measured, by its entry.
TEST(TorchscriptGenerator, ItsEntrySaysThatItWasTrainedElsewhere) {
  const samplers::SamplerFacts facts = all_samplers().at("torchscript-generator").facts;
  EXPECT_EQ(facts.information, samplers::Information::elsewhere);
  EXPECT_FALSE(facts.sees_reference());
  EXPECT_FALSE(facts.works());
  EXPECT_TRUE(all_samplers().at("dft").facts.works());
  EXPECT_FALSE(all_samplers().at("start").facts.works());
  EXPECT_EQ(word_of(samplers::Information::elsewhere), "elsewhere");
}

}  // namespace
}  // namespace samplerbench::testing
