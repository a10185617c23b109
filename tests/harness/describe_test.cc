#include <gmock/gmock.h>

#include <algorithm>

#include "core/json.h"
#include "tests/harness/process.h"

namespace samplerbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kProgram = SAMPLERBENCH_PROGRAM;

std::string described(const std::string& words) {
  const Ended ended = run(kProgram, "describe " + words);
  EXPECT_EQ(ended.code, 0) << ended.err;
  return ended.out;
}

// Lines that name an option: indented by four columns.
int64_t options_in(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  return std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("    ") && line.size() > 4 && line[4] != ' ' && !line.starts_with("    option ");
  });
}

TEST(Describe, ShowsOptionsInGroupsOnOneScreen) {
  const std::string text = described("dft --all");
  for (const char* group : {"  training\n", "  generator\n", "  score network\n", "  noise levels\n",
                            "  weights\n", "  blur\n", "  Fisher divergence\n"})
    EXPECT_THAT(text, HasSubstr(group));
  EXPECT_EQ(options_in(text), 50);
  EXPECT_LE(lines_of(text).size(), 63u);
  for (const std::string& line : lines_of(text)) EXPECT_LE(line.size(), 100u) << line;
}

// Of implicit samplers those that most users set, ten at most.
TEST(Describe, ShowsTheUsualOptionsFirst) {
  for (const std::string sampler : {"dft", "fisher", "kl"}) {
    const std::string text = described(sampler);
    const Json all = Json::parse(described("--json " + sampler)).at("options");
    const int64_t essential =
        std::count_if(all.begin(), all.end(),
                      [](const Json& option) { return option.at("essential").get<bool>(); });
    EXPECT_EQ(options_in(text), essential);
    EXPECT_EQ(essential, sampler == "kl" ? 9 : 10);
    EXPECT_THAT(text, HasSubstr("  " + std::to_string(static_cast<int64_t>(all.size()) - essential) +
                                " more options, which few users need; --all shows them\n"));
  }
  EXPECT_THAT(described("hmc"), Not(HasSubstr("--all")));
}

TEST(Describe, SaysWhatWakesAnOption) {
  const std::string text = described("dft --all");
  EXPECT_THAT(text, HasSubstr("with gradient=family:"));
  EXPECT_THAT(text, HasSubstr("with sigma_schedule=anneal or log_uniform:"));
  const Json json = Json::parse(described("--json dft"));
  for (const Json& option : json.at("options")) {
    const Json& name = option.at("name");
    EXPECT_TRUE(name != "tau" || option.at("needs") == "blur=true") << option;
    EXPECT_FALSE(name == "sigma" && option.contains("needs")) << option;
    EXPECT_FALSE(option.at("group").get<std::string>().empty()) << option;
  }
}

TEST(Describe, ShowsTheDifferencesOfAPreset) {
  const std::string text = described("dft-blur");
  EXPECT_THAT(text, HasSubstr("preset of dft"));
  EXPECT_EQ(options_in(text), 10);
  EXPECT_THAT(text, HasSubstr("sigma_schedule"));
  EXPECT_THAT(text, Not(HasSubstr("batch")));
  EXPECT_EQ(options_in(described("dft-blur --all")), 50);
  const Json json = Json::parse(described("--json dft-blur"));
  EXPECT_EQ(json.at("preset_of"), "dft");
  EXPECT_EQ(json.at("preset").size(), 10);
  EXPECT_FALSE(Json::parse(described("--json dft")).contains("preset_of"));
}

TEST(Describe, SaysWhatASamplerMayAskFor) {
  EXPECT_THAT(described("dft"), HasSubstr("; may ask for log density, score\n"));
  EXPECT_THAT(described("ebflow"), HasSubstr("; may ask for exact draws\n"));
  EXPECT_THAT(described("exact-oracle"), HasSubstr("; may ask for all that is known: never ranked\n"));
  EXPECT_THAT(described("start"), HasSubstr("; may ask for nothing\n"));
}

TEST(Describe, RefusesOptionsThatTheThingDoesNotTake) {
  const auto complaint = [](const std::string& words) {
    const Ended ended = run(kProgram, "describe " + words);
    EXPECT_EQ(ended.code, 2) << words;
    return ended.err;
  };
  EXPECT_THAT(complaint("dft:alpha=0.9"), HasSubstr("alpha = 0.9 has no effect: it needs gradient=family"));
  EXPECT_THAT(complaint("hmc:step_sise=0.9"), HasSubstr("did you mean 'step_size'?"));
  EXPECT_EQ(run(kProgram, "describe dft:gradient=family,alpha=0.9").code, 0);
}

TEST(Describe, GivesTheFormulaOfATarget) {
  const std::string text = described("donut");
  EXPECT_THAT(text, HasSubstr("  density: log q(x) = -(|x| - R)^2 / w\n"));
  EXPECT_THAT(text, HasSubstr("  constants: R = 2.6; w = 0.033\n"));
  EXPECT_THAT(text, HasSubstr("  modes: all points of the circle |x| = R\n"));
  EXPECT_THAT(text, HasSubstr("  dim 2; log Z 1.6601"));
  const Json json = Json::parse(described("--json rosenbrock:a=2"));
  EXPECT_EQ(json.at("definition").at("constants"), Json({{"a", 2.0}, {"b", 5.0}}));
  EXPECT_EQ(json.at("definition").at("modes"), "one, at (1, 1)");
}

TEST(Describe, SaysThatATargetHasNoDensity) {
  const std::string text = described("image-data:data=strokes");
  EXPECT_THAT(text, HasSubstr("  dim 784; no density; log Z not known; exact draws: yes\n"));
  EXPECT_THAT(text, HasSubstr("10000 test images of strokes; methods learn from 8334 others"));
  EXPECT_EQ(Json::parse(described("--json image-data:data=strokes")).at("facts").at("density"), false);
  EXPECT_EQ(Json::parse(described("--json donut")).at("facts").at("density"), true);
}

// Those with the longest formulas and the most constants; files of data and models need not be there.
TEST(Describe, KeepsFormulasWithinTheScreen) {
  for (const char* target :
       {"gmm40", "many-well-32", "logistic_regression:data=covertype", "deep_ebm --data /none",
        "image-data:preprocessing=logit --data /none"}) {
    const std::string text = described(target);
    for (const char* what : {"  density: log q(", "  constants: ", "  modes: "})
      EXPECT_THAT(text, HasSubstr(what)) << target;
    for (const std::string& line : lines_of(text)) EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST(List, MarksPresets) {
  EXPECT_THAT(run(kProgram, "list samplers").out, HasSubstr("(preset of dft) "));
  const Json json = Json::parse(run(kProgram, "list samplers --json").out);
  for (const Json& sampler : json.at("samplers"))
    EXPECT_EQ(sampler.value("preset_of", ""), sampler.at("name") == "dft-amortised"   ? "dft"
                                              : sampler.at("name") == "dft-blur"      ? "dft"
                                              : sampler.at("name") == "dft-images"    ? "dft"
                                              : sampler.at("name") == "fisher-images" ? "fisher"
                                              : sampler.at("name") == "kl-amortised"  ? "kl"
                                              : sampler.at("name") == "kl-blur"       ? "kl"
                                              : sampler.at("name") == "kl-images"     ? "kl"
                                                                                      : "")
        << sampler;
}

}  // namespace
}  // namespace samplerbench::testing
