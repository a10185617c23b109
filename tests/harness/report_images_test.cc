// Targets on images: what their records keep, and what a report makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <limits>
#include <set>

#include "core/error.h"
#include "harness/records/kept_files.h"
#include "harness/records/kept_images.h"
#include "harness/records/packing.h"
#include "harness/report/analysis/verdict.h"
#include "harness/report/report.h"
#include "harness/report/tables/report_tables.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "report_fixture.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string misbehaving = SAMPLERBENCH_MISBEHAVING;

TEST(KeptImages, AreTheFirstHundredDrawsAsBytes) {
  const Scratch scratch;
  Tensor draws = torch::linspace(0, 1, 256, torch::kDouble).unsqueeze(1).repeat({1, 6});
  draws[0] = torch::tensor({-7.0, 0.0, 1.0, 9.0, 0.5, std::numeric_limits<double>::quiet_NaN()});
  const KeptImages kept = keep_images(draws, {.height = 2, .width = 3}, scratch / "abc.jsonl");
  const std::string bytes = slurp(beside(scratch / "abc.jsonl", kImagesExtension));
  EXPECT_EQ(json_of(kept), Json({{"file", "abc.images.npy"},
                                 {"height", 2},
                                 {"width", 3},
                                 {"n", 100},
                                 {"bytes", bytes.size()},
                                 {"sha256", sha256(bytes)}}));
  const Tensor images = read_npy_bytes(beside(scratch / "abc.jsonl", kImagesExtension));
  ASSERT_EQ(images.sizes(), (std::vector<int64_t>{100, 2, 3}));
  EXPECT_TRUE(torch::equal(images[0], torch::tensor({{0, 0, 255}, {255, 128, 0}}, torch::kByte)));
  for (int64_t i = 1; i < 100; ++i) EXPECT_EQ(images[i][1][2].item<int64_t>(), i);
  const Ended numpy =
      run("/usr/bin/python3", "-c \"import numpy as n; x = n.load('" + scratch.path().string() +
                                  "/abc.images.npy'); assert x.dtype == n.uint8 and x.shape == "
                                  "(100, 2, 3) and x[7, 0, 0] == 7, x\"");
  EXPECT_EQ(numpy.code, 0) << numpy.err;
}

TEST(KeptImages, AreGreyLevelsOfPoints) {
  const Scratch scratch;
  const targets::Images images{
      .height = 2, .width = 3, .grey_levels = [](const Tensor& x) { return x + 0.2; }};
  keep_images(torch::zeros({3, 6}), images, scratch / "abc.jsonl");
  const Tensor bytes = read_npy_bytes(beside(scratch / "abc.jsonl", kImagesExtension));
  EXPECT_TRUE(torch::equal(bytes, torch::full({3, 2, 3}, 51, torch::kByte)));
}

TEST(KeptImages, AreNoDraws) {
  const Scratch scratch;
  keep_images(torch::zeros({3, 6}), {.height = 2, .width = 3}, scratch / "abc.jsonl");
  EXPECT_THROW(read_npy(scratch / "abc.images.npy"), InputError);
  write_npy(scratch / "draws.npy", torch::zeros({3, 6}));
  EXPECT_THROW(read_npy_bytes(scratch / "draws.npy"), InputError);
}

std::filesystem::path only(const std::filesystem::path& folder, const std::string& ending) {
  std::filesystem::path found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.path().string().ends_with(ending)) continue;
    EXPECT_TRUE(found.empty()) << found << " and " << entry.path();
    found = entry.path();
  }
  return found;
}

Json last_line(const std::filesystem::path& record) {
  const std::string text = slurp(record);
  return Json::parse(text.substr(text.rfind('\n', text.size() - 2) + 1));
}

std::string pictures_spec(const std::string& name) {
  return "name = \"" + name +
         "\"\nstart = false\nseeds = 1\ndraws = 120\ncheckpoints = 3\nfloor_replications = 5\ntargets = "
         "[\"pictures\"]\n"
         "metrics = [\"sliced_wasserstein\"]\n[[samplers]]\nname = \"ula\"\noptions = { chains = 120 }\n"
         "budget = { steps = 40 }\n";
}

Ended run_pictures(const Scratch& scratch, const std::string& name) {
  return run_trial_toml(misbehaving, scratch, pictures_spec(name), "--json");
}

TEST(ImageRuns, KeepImagesInPlaceOfPointsAndShowThem) {
  const Scratch scratch;
  const Ended ended = run_pictures(scratch, "trial");
  ASSERT_EQ(ended.code, 0) << ended.err;
  for (const char* kind : {"sampler-ula", "floor"}) {
    const auto image_file = only(scratch / "out/trial/pictures" / kind, ".images.npy");
    const Json end = last_line(only(scratch / "out/trial/pictures" / kind, ".jsonl"));
    EXPECT_FALSE(end.contains("sample"));
    EXPECT_EQ(end["images"]["file"], image_file.filename().string());
    const Tensor images = read_npy_bytes(image_file);
    EXPECT_EQ(images.sizes(), (std::vector<int64_t>{100, 4, 3}));
    const bool training = kind == std::string("floor");  // each image of one grey level
    EXPECT_EQ(torch::equal(images.amin({1, 2}), images.amax({1, 2})), training);
  }
  if (!has_gnuplot()) GTEST_SKIP() << "the figures need gnuplot";
  const auto figures = scratch / "out/trial/report/figures";
  EXPECT_TRUE(std::filesystem::exists(figures / "images.svg"));
  EXPECT_TRUE(std::filesystem::exists(figures / "sliced_wasserstein-seconds.svg"));
  EXPECT_FALSE(std::filesystem::exists(figures / "draws.gp"));
}

TEST(ImageRuns, TakenOverBringTheirImages) {
  const Scratch scratch;
  ASSERT_EQ(run_pictures(scratch, "trial").code, 0);
  const Ended second = run_pictures(scratch, "other");
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(Json::parse(second.out)["taken_over"], 2);
  EXPECT_EQ(slurp(only(scratch / "out/other/pictures/sampler-ula", ".images.npy")),
            slurp(only(scratch / "out/trial/pictures/sampler-ula", ".images.npy")));
}

// A checkpoint of a sampler that does nothing until it draws: `gradients` of them for 1,000 draws.
CheckpointLine drawing_checkpoint(double fid, double draw_s, int64_t gradients) {
  CheckpointLine checkpoint = FakeResults::checkpoint(0, {{"fid", {fid}}}, 1e-6, draw_s);
  checkpoint.train = {.wall_s = 1e-6, .cpu_s = 1e-6};
  checkpoint.draw.score = gradients;
  return checkpoint;
}

EndLine end_with(const KeptImages& images) {
  EndLine end = FakeResults::end();
  end.sample.clear();
  end.images = images;
  return end;
}

// On images of 5 rows of 7: "one-step" (grey 200), "chains-20" and "chains-200" (which draw for 0.1 and 1 s),
// "lost", of which no seed finished. One-step trains for 100 s and draws in 0.001 s.
void image_experiment(FakeResults& fake, uint64_t seeds = 2) {
  fake.seeds(seeds);
  fake.target("pictures");
  fake.metric("fid");
  fake.sampler("one-step");
  for (const char* label : {"chains-20", "chains-200"}) fake.sampler(label, DrawsAre::fresh);
  fake.sampler("lost");
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const double shift = 0.1 * static_cast<double>(seed);
    const auto add = [&](const std::string& label, std::vector<Line> checkpoints, const EndLine& end) {
      checkpoints.insert(checkpoints.begin(), fake.begin("pictures", label, seed));
      checkpoints.push_back(end);
      fake.record(checkpoints);
    };
    add("one-step",
        {FakeResults::checkpoint(0, {{"fid", {80 + shift}}}, 50),
         FakeResults::checkpoint(1, {{"fid", {8 + shift}}}, 100)},
        end_with(fake.images(200, 5, 7)));
    add("chains-20", {drawing_checkpoint(20 + shift, 0.1, 20000)}, end_with(fake.images(20, 5, 7)));
    add("chains-200", {drawing_checkpoint(10 + 3 * shift, 1, 200000)}, end_with(fake.images(220, 5, 7)));
    add("lost", {}, FakeResults::end(Status::diverged, "not finite"));
  }
  const FloorValue floor{.mean = 4, .sd = 0.5, .q05 = 3, .q95 = 5.2};
  fake.record({fake.floor_begin("pictures"), FloorLine{{{"fid", floor}}}, end_with(fake.images(255, 5, 7))});
}

ReportSummary report(FakeResults& fake) {
  fake.close();
  return write_report({fake.results(), fake.out(), catalog(), true});
}

FigureChoice figure(FigureKind kind) {
  return {.kind = kind, .samplers = {"one-step", "chains-20", "chains-200", "lost"}, .targets = {"pictures"}};
}

TEST(ReportImages, APanelForTheDataAndEverySampler) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  image_experiment(fake);
  fake.experiment.figures = {figure(FigureKind::images)};
  const ReportSummary summary = report(fake);
  EXPECT_THAT(summary.warnings, ElementsAre());
  // Ten rows of ten images with gaps of two pixels: 68 by 88.
  const std::string sheets = fake.read("figures/images.u8");
  ASSERT_EQ(sheets.size(), 4U * 68 * 88);
  const std::vector<int> greys{255, 200, 20, 220};
  for (size_t panel = 0; panel < 4; ++panel) {
    const auto pixel = [&](size_t y, size_t x) {
      return static_cast<int>(static_cast<unsigned char>(sheets[(panel * 68 + y) * 88 + x]));
    };
    for (const auto& [y, x] : {std::pair(0, 0), std::pair(4, 6), std::pair(67, 87), std::pair(7, 9)})
      EXPECT_EQ(pixel(static_cast<size_t>(y), static_cast<size_t>(x)), greys[panel]) << panel << " " << y;
    EXPECT_EQ(pixel(5, 0), 255);
    EXPECT_EQ(pixel(0, 7), 255);
  }
  const std::string script = fake.read("figures/images.gp");
  EXPECT_THAT(script,
              AllOf(HasSubstr("'images of the data'"), HasSubstr("'chains-200'"), HasSubstr("'diverged'")));
  EXPECT_THAT(fake.read("report.md"), HasSubstr("none was chosen"));
  EXPECT_EQ(summary.figures, 2);  // the profile leads
  const std::string picture = fake.read("figures/images.svg");
  EXPECT_THAT(picture, HasSubstr("<image style='image-rendering:pixelated' "));
  size_t images = 0;
  for (size_t at = 0; (at = picture.find("<image ", at)) != std::string::npos; ++at) ++images;
  EXPECT_EQ(images, 4U);
  for (const char* format : {"png", "pdf"})
    EXPECT_GT(fake.read(std::string("figures/images.") + format).size(), 500U) << format;
  EXPECT_THAT(fake.read("index.html"), HasSubstr("id=\"figure-images\""));
}

TEST(ReportImages, AreTheDefaultWherePointsWouldBe) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  image_experiment(fake);
  EXPECT_THAT(report(fake).warnings, ElementsAre());
  EXPECT_NE(fake.read("figures/images.gp"), "");
  EXPECT_EQ(fake.read("figures/draws.gp"), "");
  // Samplers that work when they draw have no curve.
  EXPECT_THAT(fake.read("figures/fid-seconds.dat"), HasSubstr("chains-200 on pictures"));
}

TEST(ReportImages, WhatCannotBeReadIsNamedAndTheRestShown) {
  if (!has_gnuplot()) GTEST_SKIP() << "needs gnuplot";
  FakeResults fake;
  image_experiment(fake, 1);
  fake.experiment.figures = {figure(FigureKind::images)};
  const auto damaged = fake.results() / "records/00001.images.npy";  // of chains-20
  spit(damaged, slurp(damaged).substr(0, 1000));
  write_npy(fake.results() / "records/00002.images.npy", torch::zeros({100, 7, 5}, torch::kByte));
  const ReportSummary summary = report(fake);
  EXPECT_THAT(summary.warnings,
              ElementsAre(AllOf(HasSubstr("chains-20"), HasSubstr("00001.images.npy: truncated")),
                          AllOf(HasSubstr("chains-200"), HasSubstr("not images of 5 x 7"))));
  EXPECT_EQ(fake.read("figures/images.u8").size(), 2U * 68 * 88);
}

TEST(ReportImages, AreThoseOfTheFirstSeedThatWasPackedWithSome) {
  FakeResults fake;
  image_experiment(fake);
  fake.close();
  const auto shown = [&] {
    const Loaded loaded(fake);
    const reporting::Run* run = loaded.grid.run_with_images("pictures", "one-step");
    return run == nullptr ? "no images kept" : "seed " + std::to_string(run->seed);
  };
  const auto shown_without = [&](const std::set<std::string>& images) {
    pack(fake.results(), {.unshown = UnshownRuns{.images = images}});
    return shown();
  };
  // A loose file that is lost is no such choice: its panel says that it cannot be read.
  std::filesystem::rename(fake.results() / "records/00000.images.npy", fake.results() / "lost");
  EXPECT_EQ(shown(), "seed 0");
  std::filesystem::rename(fake.results() / "lost", fake.results() / "records/00000.images.npy");
  EXPECT_EQ(shown_without({}), "seed 0");
  EXPECT_EQ(shown_without({"pictures/one-step/0"}), "seed 1");
  EXPECT_EQ(shown_without({"pictures/one-step/0", "pictures/one-step/1"}), "no images kept");
  const Loaded loaded(fake);
  EXPECT_EQ(loaded.grid.word_without_draws("pictures", "one-step", "none"), "none");
  EXPECT_EQ(loaded.grid.word_without_draws("pictures", "lost", "none"), "diverged");
  EXPECT_TRUE(loaded.grid.on_images("pictures"));
}

TEST(ReportImages, AFileNameOfARecordLeadsNowhereElse) {
  FakeResults fake;
  image_experiment(fake, 1);
  const std::string record = "records/00000.jsonl";
  std::string text = slurp(fake.results() / record);
  text.replace(text.find("00000.images.npy"), 16, "../../../etc/passwd");
  spit(fake.results() / record, text);
  fake.close();
  const reporting::Results results = reporting::read_results(fake.results());
  EXPECT_EQ(results.runs.front().images->file, fake.results() / "records/passwd");
}

TEST(ReportCurves, LinesAcrossAreFinalValuesWithTheirIntervals) {
  FakeResults fake;
  image_experiment(fake);
  FigureChoice curves = figure(FigureKind::curves);
  curves.samplers = {"one-step", "chains-20"};
  curves.lines = {"chains-200"};
  fake.experiment.figures = {curves};
  report(fake);
  // Mean 10.15, half-width 12.706 x 0.15, from one edge of the panel to the other.
  const std::string data = fake.read("figures/fid-seconds.dat");
  const std::string level = data.substr(data.find("# index 2: chains-200 on pictures\n"));
  EXPECT_EQ(std::count(level.begin(), level.end(), '\n'), 3);
  size_t lines = 0;
  for (size_t at = 0; (at = level.find(" 10.15 8.24407 12.0559  # 2 seeds\n", at)) != std::string::npos; ++at)
    ++lines;
  EXPECT_EQ(lines, 2U);
  const std::string script = fake.read("figures/fid-seconds.gp");
  EXPECT_THAT(script,
              AllOf(HasSubstr("set logscale y"), HasSubstr("with lines linestyle 3 title 'chains-200'"),
                    HasSubstr("with linespoints linestyle 1 title 'one-step'")));
  EXPECT_THAT(fake.read("report.md"), HasSubstr("Across: chains-200 at the end of the budget"));
}

TEST(ReportCost, SamplersThatWorkWhenTheyDrawAreYardsticks) {
  FakeResults fake;
  image_experiment(fake);
  const auto columns = [](const reporting::Table& table, size_t row) {
    const auto& cells = table.rows[row];
    return std::pair(cells[cells.size() - 2], cells.back());
  };
  const reporting::Table usual = reporting::cost_table(Loaded(fake).grid);
  EXPECT_EQ(usual.columns[usual.columns.size() - 2].title, "speed-up of a draw");
  const auto [speed, even] = columns(usual, 0);
  EXPECT_NEAR(*speed.order, 1000, 0.1);                        // 1 s for 0.001 s: the best of the chains
  EXPECT_NEAR(*even.order, 100 / (1e-3 + 1e-9 - 1e-6), 1e-3);  // 100 s of training for 1 ms less a draw
  EXPECT_EQ(columns(usual, 1).second.text, "no training");
  EXPECT_EQ(columns(usual, 2).second.text, "yardstick");
  EXPECT_EQ(columns(usual, 3).first.text, "—");
  EXPECT_THAT(usual.notes, Contains(HasSubstr("each of a chain of its own")));
  fake.experiment.cost = Cost{"chains-20"};
  const reporting::Table named = reporting::cost_table(Loaded(fake).grid);
  EXPECT_NEAR(*columns(named, 0).first.order, 100, 0.01);
  EXPECT_NEAR(*columns(named, 2).first.order, 0.1, 1e-4);
  EXPECT_THAT(named.notes, Contains(HasSubstr("chains-20, which the spec names")));
  const auto& names = named.data.front();
  const auto column = std::find(names.begin(), names.end(), "speed_up") - names.begin();
  EXPECT_NEAR(std::stod(named.data[1].at(static_cast<size_t>(column))), 100, 0.01);
}

// Where no sampler works when it draws and no yardstick is named, the table is as it was.
TEST(ReportCost, OtherExperimentsHaveNoSpeedUp) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s", DrawsAre::chains);
  fake.run("t", "s", 0, {{"q", {1.0}}});
  const reporting::Table table = reporting::cost_table(Loaded(fake).grid);
  for (const reporting::Column& column : table.columns) EXPECT_THAT(column.title, Not(HasSubstr("speed-up")));
}

TEST(ImageClaims, AFactorOfTheSecondsThatDrawingTakes) {
  FakeResults fake;
  image_experiment(fake);
  const auto verdict = [&](const std::string& metric, double factor) {
    return judge(Loaded(fake).grid, Claim{.id = "c",
                                          .target = "pictures",
                                          .metric = metric,
                                          .left = "one-step",
                                          .right = "chains-200",
                                          .factor = factor})
        .finding;
  };
  EXPECT_EQ(verdict("draw.wall_s", 0.01), reporting::Finding::reproduced);  // 0.001 s < 1 s / 100
  EXPECT_EQ(verdict("draw.wall_s", 1e-4), reporting::Finding::not_reproduced);
  EXPECT_EQ(verdict("draw.score", 0.01), reporting::Finding::reproduced);  // none for 200,000
}

TEST(ReportMetric, OnImagesAMultipleOfTheFloorIsSaid) {
  FakeResults fake;
  image_experiment(fake);
  const reporting::Table table = reporting::metric_table(Loaded(fake).grid, "fid");
  EXPECT_EQ(table.rows[0][2].note, "2.01 × exact");  // 8.05 / 4
  EXPECT_EQ(table.rows[0][5].note, "diverged 2/2");
  EXPECT_THAT(table.notes, Contains(HasSubstr("× exact")));
}

std::string figure_spec(const std::string& more) {
  return "name = \"trial\"\nbudget = { steps = 4 }\ntargets = [\"gaussian\"]\nmetrics = [\"mmd\"]\nsamplers "
         "= "
         "[\"ula\", \"mala\"]\n" +
         more;
}

Json parsed(const std::string& more) {
  return to_json(parse_experiment(figure_spec(more), "trial.toml", catalog()));
}

std::string refusal(const std::string& more) {
  return complaint([&] { parsed(more); });
}

TEST(ImageSpec, FiguresLinesAndYardstickAreRead) {
  const Json json = parsed(
      "[cost]\nyardstick = \"mala\"\n[[figures]]\nkind = \"images\"\n[[figures]]\nlines = [\"mala\"]\n");
  EXPECT_EQ(json["cost"], Json({{"yardstick", "mala"}}));
  EXPECT_EQ(json["figures"][0]["kind"], "images");
  EXPECT_FALSE(json["figures"][0].contains("lines"));
  EXPECT_EQ(json["figures"][1]["samplers"], Json({"ula"}));
  EXPECT_EQ(json["figures"][1]["lines"], Json({"mala"}));
  EXPECT_FALSE(parsed("").contains("cost"));
}

TEST(ImageSpec, WhatMakesNoSenseIsRefused) {
  EXPECT_THAT(refusal("[[figures]]\nlines = [\"malla\"]\n"), HasSubstr("did you mean 'mala'?"));
  EXPECT_THAT(refusal("[[figures]]\nlines = [\"mala\", \"ula\"]\n"), HasSubstr("leaves no sampler"));
  EXPECT_THAT(refusal("[[figures]]\nkind = \"images\"\nlines = [\"mala\"]\n"), HasSubstr("lines"));
  EXPECT_THAT(refusal("[[figures]]\nkind = \"images\"\nmetrics = [\"mmd\"]\n"), HasSubstr("metrics"));
  EXPECT_THAT(refusal("[cost]\nyardstick = \"nuts\"\n"), HasSubstr("nuts"));
  EXPECT_THAT(refusal("[cost]\nyardstik = \"mala\"\n"), HasSubstr("yardsti"));
}

}  // namespace
}  // namespace samplerbench::harness
