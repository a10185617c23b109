#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "core/printable.h"
#include "harness/command_line.h"
#include "harness/spec/catalog.h"
#include "report_fixture.h"

// What a caller can get wrong: arguments, options, specs, files, records, the environment. Each case is
// refused with exit code 2 and one line that names the cause, in the program's own words. The command line is
// called within this process, so that a case costs milliseconds.
namespace samplerbench::harness {
namespace {

using ::testing::HasSubstr;
using Scratch = samplerbench::testing::Scratch;
using samplerbench::testing::spit;
using Words = std::vector<std::string>;

struct Answer {
  int code = -1;
  std::string out;
  std::string err;
};

Answer answer_to(Words words) {
  words.insert(words.begin(), "samplerbench");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Answer answer;
  answer.code = run_command_line(static_cast<int>(argv.size()), argv.data(), catalog());
  std::cout.flush();
  std::fflush(nullptr);
  answer.out = ::testing::internal::GetCapturedStdout();
  answer.err = ::testing::internal::GetCapturedStderr();
  return answer;
}

// Words of libraries' exceptions, and of crashes.
const std::vector<std::string> foreign{"json.exception",
                                       "std::",
                                       "c10",
                                       "at::",
                                       "toml::",
                                       "boost",
                                       "terminate",
                                       "Exception",
                                       "basic_string",
                                       "stoi",
                                       "stoull",
                                       "stod",
                                       "bad_alloc",
                                       "filesystem error",
                                       "regex",
                                       "vector::",
                                       "map::at",
                                       "invalid_argument",
                                       "out_of_range",
                                       "enforce",
                                       "failed:"};

// How many cases were tried, by all tests of this file.
int64_t& tried() {
  static int64_t count = 0;
  return count;
}

// Whether a message is lines of the program's own, of printable characters.
void expect_plain(const std::string& err) {
  EXPECT_TRUE(err.ends_with('\n')) << err;
  EXPECT_LT(err.size(), 4000U) << err.substr(0, 300);
  std::string text = err;
  std::replace(text.begin(), text.end(), '\n', ' ');
  EXPECT_EQ(printable(text, std::string::npos), text);
  for (const std::string& word : foreign)
    EXPECT_EQ(err.find(word), std::string::npos) << word << " in: " << err;
}

void expect_refused(const Words& words, const std::string& cause, int code = 2) {
  ++tried();
  std::string shown;
  for (const std::string& word : words) shown += printable(word, 60) + " ";
  SCOPED_TRACE(shown);
  const Answer answer = answer_to(words);
  EXPECT_EQ(answer.code, code) << answer.err;
  EXPECT_TRUE(answer.err.starts_with("samplerbench: ")) << answer.err;
  EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 1) << answer.err;
  EXPECT_THAT(answer.err, HasSubstr(cause));
  expect_plain(answer.err);
}

// What is not known to be wrong: taken, or refused as above.
void expect_taken_or_refused(const Words& words) {
  ++tried();
  const Answer answer = answer_to(words);
  EXPECT_TRUE(answer.code == 0 || answer.code == 2) << answer.code << answer.err;
  if (answer.code != 2) return;
  EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 1) << answer.err;
  expect_plain(answer.err);
}

struct Case {
  Words words;
  std::string cause;
};

// "$D" in a word is the folder.
Words placed(Words words, const Scratch& folder) {
  for (std::string& word : words)
    if (const size_t at = word.find("$D"); at != std::string::npos)
      word.replace(at, 2, folder.path().string());
  return words;
}

void expect_all_refused(const std::vector<Case>& cases, const Scratch& folder) {
  for (const Case& one : cases) expect_refused(placed(one.words, folder), one.cause);
}

// Arguments.

const std::vector<Case> arguments{
    {{"nonsense"}, "unknown command 'nonsense'"},
    {{"rnu"}, "did you mean 'run'?"},
    {{""}, "unknown command ''"},
    {{"--nonsense"}, "--nonsense"},
    {{std::string(5000, 'x')}, "unknown command 'xxx"},
    {{"\xff\xfe"}, "is not UTF-8"},
    {{"check"}, "SPEC is missing"},
    {{"check", "smoke", "quick"}, "too many words"},
    {{"check", "quik"}, "did you mean 'quick'?"},
    {{"completion"}, "SHELL is missing"},
    {{"completion", "zhs"}, "did you mean 'zsh'?"},
    {{"help", "rnu"}, "did you mean 'run'?"},
    {{"help", "run", "--man"}, "leave out run"},
    {{"new"}, "KIND is missing"},
    {{"new", "sampler"}, "NAME is missing"},
    {{"new", "sampelr", "mine"}, "did you mean 'sampler'?"},
    {{"new", "sampler", "A\x1b[31m"}, "NAME A\\x1b[31m: needs lower-case words"},
    {{"new", "sampler", "ula"}, "is a sampler already"},
    {{"new", "sampler", "mine", "--out", "/proc/none"},
     "--out /proc/none: No such file or directory; a place that can be written is needed"},
    {{"new", "sampler", "mine", "--out", std::string(300, 'a')},
     "File name too long; a place that can be written is needed"},
    {{"run"}, "SPEC is missing"},
    {{"run", "smoke", "quick"}, "too many words"},
    {{"run", "smoke", "--nonsense"}, "unknown flag '--nonsense'"},
    {{"run", "smoke", "--seedz", "3"}, "did you mean '--seeds'?"},
    {{"run", "smoke", "--seeds"}, "--seeds"},
    {{"run", "smoke", "--seeds", "0"}, "--seeds 0"},
    {{"run", "smoke", "--seeds", "-1"}, "--seeds"},
    {{"run", "smoke", "--seeds=-1"}, "--seeds -1"},
    {{"run", "smoke", "--seeds", "1.5"}, "--seeds 1.5"},
    {{"run", "smoke", "--seeds", "1e3"}, "--seeds 1e3"},
    {{"run", "smoke", "--seeds", "ten"}, "--seeds ten"},
    {{"run", "smoke", "--seeds", "99999999999999999999"}, "--seeds 99999999999999999999"},
    {{"run", "smoke", "--seeds", "1", "--seeds", "2"}, "--seeds"},
    {{"run", "smoke", "--seeds="}, "--seeds"},
    {{"run", "smoke", "--jobs", "0"}, "--jobs 0"},
    {{"run", "smoke", "--jobs", "1025"}, "--jobs 1025"},
    {{"run", "smoke", "--jobs", "all"}, "--jobs all"},
    {{"run", "smoke", "--shard", "0/1"}, "--shard 0/1"},
    {{"run", "smoke", "--shard", "2/1"}, "--shard 2/1"},
    {{"run", "smoke", "--shard", "1"}, "--shard 1"},
    {{"run", "smoke", "--shard", "1/"}, "--shard 1/"},
    {{"run", "smoke", "--shard", "/2"}, "--shard /2"},
    {{"run", "smoke", "--shard", "1/2/3"}, "--shard 1/2/3"},
    {{"run", "smoke", "--shard", "a/b"}, "--shard a/b"},
    {{"run", "smoke", "--shard", " 1/2"}, "--shard  1/2"},
    {{"run", "smoke", "--shard", "1/99999999999999999999"}, "--shard 1/99999999999999999999"},
    {{"run", "smoke", "--shard=-1/2"}, "--shard -1/2"},
    {{"run", "smoke", "--shares", "$D/none.json"}, "none.json"},
    {{"run", "smoke", "--shares", "/dev/null"}, "holds no shares"},
    {{"run", "smoke", "--shares="}, "--shares"},
    {{"run", "smoke", "--threads", "0"}, "--threads 0"},
    {{"run", "smoke", "--threads", "1000000"}, "--threads 1000000"},
    {{"run", "smoke", "--threads", "two"}, "--threads two"},
    {{"run", "smoke", "--device", "gpu"}, "--device gpu"},
    {{"run", "smoke", "--device", ""}, "--device"},
    {{"run", "smoke", "--repeat", "nonsense"}, "unknown --repeat status 'nonsense'"},
    {{"run", "smoke", "--repeat", "crash"}, "did you mean 'crashed'?"},
    {{"run", "smoke", "--synthetic"}, "no target of this experiment reads data"},
    {{"run", "nosuchspec"}, "unknown experiment (and no such file) 'nosuchspec'"},
    {{"run", "quik"}, "did you mean 'quick'?"},
    {{"run", "$D"}, "is a folder"},
    {{"run", "$D/none.toml"}, "none.toml"},
    {{"run", "/dev/null"}, "/dev/null"},
    {{"run", std::string(5000, 'a') + ".toml"}, "unknown experiment"},
    {{"run", "strokes-energy"}, "strokes-energy"},
    {{"slurm"}, "SPEC is missing"},
    {{"slurm", "quik"}, "did you mean 'quick'?"},
    {{"slurm", "$D/none.toml"}, "none.toml"},
    {{"slurm", "smoke", "--tasks", "0"}, "--tasks 0"},
    {{"slurm", "smoke", "--tasks", "many"}, "--tasks many"},
    {{"slurm", "smoke", "--repeats=-1"}, "--repeats -1"},
    {{"slurm", "smoke", "--time", "1h"}, "--time 1h"},
    {{"slurm", "smoke", "--time", ":30"}, "--time :30"},
    {{"slurm", "smoke", "--partition="}, "--partition"},
    {{"slurm", "smoke", "--threads", "0"}, "--threads 0"},
    {{"slurm", "smoke", "--device", "gpu"}, "--device gpu"},
    {{"slurm", "smoke", "--seeds", "0"}, "--seeds 0"},
    {{"slurm", "smoke", "--shard", "1/2"}, "unknown flag '--shard'"},
    {{"slurm", "smoke", "--gather", "--dry-run"}, "--gather"},
    {{"slurm", "smoke", "--results", "a\\b", "--dry-run"}, "backslash"},
    {{"slurm", "smoke", "--results", "a\nb", "--dry-run"}, "control character"},
    {{"slurm", "smoke", "--data", "a\nb", "--dry-run"}, "control character"},
    {{"slurm", "smoke", "--results", "/dev/null"}, "--results /dev/null"},
    {{"describe"}, "NAME is missing"},
    {{"describe", ""}, "NAME is an empty word"},
    {{"describe", ":"}, "a name is missing"},
    {{"describe", "nonsense"}, "unknown name 'nonsense'"},
    {{"describe", "donot"}, "did you mean 'donut'?"},
    {{"describe", "GAUSSIAN"}, "unknown name 'GAUSSIAN'"},
    {{"describe", "../gaussian"}, "unknown name '../gaussian'"},
    {{"describe", "donut "}, "did you mean 'donut'?"},
    {{"describe", "don\nut"}, "don\\nut"},
    {{"describe", "\x1b[31mdonut"}, "\\x1b[31mdonut"},
    {{"describe", std::string(100000, 'z')}, "unknown name"},
    {{"describe", "gaussian:"}, "option=value"},
    {{"describe", "gaussian:correlation"}, "'correlation' is not of the form option=value"},
    {{"describe", "gaussian:=1"}, "option=value"},
    {{"describe", "gaussian:correlation=0.5,"}, "option=value"},
    {{"describe", "gaussian:,correlation=0.5"}, "option=value"},
    {{"describe", "gaussian:correlation=0,correlation=0"}, "given twice"},
    {{"describe", "gaussian:correlation=\"0.5"}, "a quote is not closed"},
    {{"describe", "gaussian:correlation=\"0.5\"x"}, "follows a closed quote"},
    {{"describe", "gaussian:corelation=0.5"}, "did you mean 'correlation'?"},
    {{"describe", "donut:radius=3"}, "target donut: unknown option 'radius'"},
    {{"describe", "smoke:unknown=1"}, "unknown"},
    {{"describe", "strokes-energy:unknown=1"}, "unknown"},
    {{"describe", "donut", "gaussian"}, "too many words"},
    {{"describe", "score-decoy:distance=3"}, "option 'distance' = 3 is not valid"},
    {{"describe", "dft:refits=1,output=sigmoid"}, "sampler dft: refits: coordinates move"},
    {{"describe", "ebflow-trained:model=missing"},
     "target ebflow-trained: option 'model': missing: no such file"},
    {{"describe", "classifier-energy:model=models/none.pt"}, "option 'model': models/none.pt: no such file"},
    {{"describe", "donut", "--jsn"}, "did you mean '--json'?"},
    {{"list", "nonsense"}, "unknown kind 'nonsense'"},
    {{"list", "target"}, "did you mean 'targets'?"},
    {{"list", "targets", "samplers"}, "too many words"},
    {{"list", "--all"}, "unknown flag '--all'"},
    {{"list", "--json=yes"}, "--json"},
    {{"report"}, "DIR is missing"},
    {{"report", "$D/none"}, "experiment.json"},
    {{"report", "$D"}, "experiment.json"},
    {{"report", "/dev/null"}, "experiment.json"},
    {{"report", std::string(5000, 'a')}, "cannot be read"},
    {{"pack"}, "DIR is missing"},
    {{"pack", "$D/none"}, "experiment.json"},
    {{"pack", "$D"}, "experiment.json"},
    {{"draw"}, "RECORD is missing"},
    {{"draw", "$D/none.jsonl"}, "--out is missing"},
    {{"draw", "$D/none.jsonl", "--out", "$D/x.npy"},
     "none.jsonl: cannot be read; the record (.jsonl) of a run, or the sampler (.safetensors) beside it, is "
     "valid"},
    {{"draw", "$D", "--out", "$D/x.npy"}, "is a folder"},
    {{"draw", "/dev/null", "--out", "$D/x.npy"},
     "/dev/null:1: damaged record: the file is empty; the record (.jsonl) of a run"},
    {{"draw", "$D/none.jsonl", "--out", "$D"}, "is a folder; a file is needed"},
    {{"draw", "$D/none.jsonl", "--out", "/proc/none/x.npy"},
     "--out /proc/none: No such file or directory; a place that can be written is needed"},
    {{"draw", "$D/none.jsonl", "--out", "$D/x.npy", "-n", "0"}, "--n 0"},
    {{"draw", "$D/none.jsonl", "--out", "$D/x.npy", "-n", "many"}, "--n many"},
    {{"draw", "$D/none.jsonl", "--out", "$D/x.npy", "--seed=-1"}, "--seed -1"},
    {{"draw", "$D/none.jsonl", "--out", "$D/x.npy", "--seed", "9223372036854775808"}, "--seed"},
    {{"export"}, "TARGET is missing"},
    {{"export", "donut"}, "--bridgestan is missing"},
    {{"export", "donot", "--bridgestan", "$D/x.so"}, "did you mean 'donut'?"},
    {{"export", "deep_ebm", "--bridgestan", "$D/x.so"}, "holds no data"},
    {{"export", "donut", "--bridgestan", "$D"}, "--bridgestan"},
    {{"serve"}, "TARGET is missing"},
    {{"serve", "donot"}, "did you mean 'donut'?"},
    {{"serve", "gaussian:correlation=2"}, "correlation = 2"},
    {{"serve", "donut", "--seed=-1"}, "--seed -1"},
    {{"serve", "donut", "--threads", "0"}, "--threads 0"},
    {{"serve", "donut", "donut"}, "too many words"},
    {{"serve", "logistic_regression:data=/none.csv,label=y"}, "/none.csv"},
    {{"score"}, "DRAWS is missing"},
    {{"score", "$D/x.npy"}, "--target is missing"},
    {{"score", "$D/x.npy", "--target", "nonsense"}, "unknown target 'nonsense'"},
    {{"score", "$D/x.npy", "--target", ""}, "--target is an empty word"},
    {{"score", "$D/x.npy", "--target", "gaussian:correlation=2"}, "correlation = 2"},
    {{"score", "$D/x.npy", "--target", "gaussian", "--metric", "nonsense"}, "unknown metric 'nonsense'"},
    {{"score", "$D/x.npy", "--target", "gaussian", "--metric", "mmd:nonsense=1"}, "nonsense"},
    {{"score", "$D/x.npy", "--target", "gaussian", "--replications", "1"}, "--replications 1"},
    {{"score", "$D/x.npy", "--target", "gaussian", "--replications", "lots"}, "--replications lots"},
    {{"score", "$D/x.npy", "--target", "gaussian", "--seed", "x"}, "--seed x"},
    {{"score", "$D/none.npy", "--target", "gaussian", "--metric", "mmd"}, "none.npy"},
    {{"score", "$D", "--target", "gaussian", "--metric", "mmd"}, "is a folder"},
    {{"fit"}, "SPEC is missing"},
    {{"fit", "nonsense"}, "unknown fit"},
    {{"fit", "smoke"}, "unknown fit"},
    {{"fit", "strokes-energy", "--steps", "0"}, "--steps 0"},
    {{"fit", "strokes-energy", "--steps", "1e4"}, "--steps 1e4"},
    {{"fit", "strokes-energy", "--models", "/dev/null"}, "--models /dev/null"},
    {{"fit", "strokes-energy", "--device", "tpu"}, "--device tpu"},
    {{"fit", "strokes-energy", "--threads", "-1"}, "--threads"},
    {{"run", "$D/loop"}, "symbolic links"},
    {{"fit", "$D/loop"}, "symbolic links"},
    {{"report", "$D/loop"}, "experiment.json"},
    {{"pack", "$D/loop"}, "loop"},
    {{"draw", "$D/loop", "--out", "$D/x.npy"}, "loop"},
    {{"score", "$D/loop", "--target", "gaussian", "--metric", "mmd"}, "loop"},
    {{"fit", "strokes-energy", "--models", "$D/loop"}, "loop"},
    {{"describe", "logistic_regression:data=$D/loop,label=y"}, "loop"},
    {{"fit", "strokes-energy", "--models", "/proc/none"}, "--models /proc/none"},
    {{"fit", "strokes-energy", "--models", std::string(5000, 'a')}, "--models aaa"},
    {{"data", "fetch", "german", "--data", "/dev/null/x"}, "--data /dev/null/x"},
    {{"data", "verify", "--data", std::string(5000, 'a')}, "name too long"},
    {{"run", "smoke", "--results", ""}, "--results is an empty word"},
    {{"run", "smoke", "--data", ""}, "--data is an empty word"},
    {{"run", ""}, "SPEC is an empty word"},
    {{"report", ""}, "DIR is an empty word"},
    {{"draw", "", "--out", "x"}, "RECORD is an empty word"},
    {{"draw", "x", "--out", ""}, "--out is an empty word"},
    {{"score", "", "--target", "gaussian"}, "DRAWS is an empty word"},
    {{"fit", "strokes-energy", "--models", ""}, "--models is an empty word"},
    {{"run", "smoke", "--results", "/dev/null"}, "--results /dev/null"},
    {{"compare", "$D"}, "NEW is missing"},
    {{"compare", "$D/none", "$D/none"}, "experiment.json"},
    {{"compare", "$D", "$D", "--threshold", "-1"}, "--threshold -1"},
    {{"compare", "$D", "$D", "--alpha", "nan"}, "--alpha nan"},
    {{"compare", "$D", "$D", "--junit", "$D"}, "is a folder; a file is needed"},
    {{"compare", "$D", "$D", "--benchmark-json", "/proc/none/x"}, "--benchmark-json /proc/none"},
    {{"compare", "$D", "$D", "--junit", "$D/x", "--markdown", "$D/./x"}, "--markdown names the same file"},
    {{"report", "$D", "--markdown", "$D"}, "--markdown"},
    {{"report", "$D", "--format", "svg,tiff"}, "--format svg,tiff"},
    {{"report", "$D", "--accept-dirty"}, "add --publish"},
    {{"pack", "$D", "--no-figures"}, "add --publish"},
    {{"run", "smoke", "--check-claims", "--dry-run"}, "--check-claims"},
    {{"tune", "smoke", "--dry-run"}, "no sampler declares what to search"},
    {{"tune", "paper-planar", "--trials", "1", "--dry-run"}, "--trials 1"},
    {{"tune", "paper-planar", "--metric", "none", "--dry-run"}, "unknown --metric 'none'"},
    {{"tune", "paper-planar", "--out", "$D", "--dry-run"}, "is a folder; a file is needed"},
    {{"run", "smoke", "--results", "/proc/none"}, "--results /proc/none"},
    {{"describe", "donut", "--all=3"}, "--all"},
    {{"data", "nonsense"}, "unknown action 'nonsense'"},
    {{"data", "fetch", "nonsense"}, "nonsense"},
    {{"data", "verify", "nonsense"}, "nonsense"},
    {{"data", "fetch", "--from", "/media/data"}, "--from /media/data"},
    {{"data", "fetch", "--stall-seconds", "0"}, "--stall-seconds 0"},
    {{"data", "fetch", "--stall-seconds", "inf"}, "--stall-seconds inf"},
};

TEST(BadInput, Arguments) {
  const Scratch folder;
  std::filesystem::create_symlink("loop", folder / "loop");
  expect_all_refused(arguments, folder);
}

// Options.

// Values that an option refuses, as a command line has them.
std::vector<std::string> refused_values(const Option& option) {
  if (option.fallback.is_boolean()) return {"maybe", "1", "", "TRUE", "[]"};
  if (!option.choices.empty()) return {"nonsense", "", "7", "{}"};
  if (option.fallback.is_string()) return {"\x1b[31m", "a\nb"};
  std::vector<std::string> values{"x",      "",      "true", "nan",  "inf", "1e308",
                                  "-1e308", "1e999", "[1]",  "0x10", "--1"};
  if (option.fallback.is_number_integer())
    values.insert(values.end(),
                  {"1.5", "9223372036854775807", "-9223372036854775808", "99999999999999999999"});
  else
    values.insert(values.end(), {"1e-320", "1e-400"});
  if (option.minimum) {
    const double under = *option.minimum - 1;
    values.push_back(fmt::format("{}", option.apart == under ? under - 1 : under));
  }
  if (option.minimum && option.above_minimum) values.push_back(fmt::format("{}", *option.minimum));
  if (option.maximum) values.push_back(fmt::format("{}", *option.maximum + 1));
  if (option.maximum && option.below_maximum) values.push_back(fmt::format("{}", *option.maximum));
  return values;
}

// Underflow makes 0 of "1e-400", which some options take.
bool is_taken(const Option& option, const std::string& value) { return value == "1e-400" && option.takes(0); }

template <class Factory>
void refuse_options(const Registry<Factory>& registry) {
  for (const auto& [name, entry] : registry)
    for (const Option& option : entry.options)
      for (const std::string& value : refused_values(option))
        if (!is_taken(option, value))
          expect_refused({"describe", fmt::format("{}:{}={}", name, option.name, value)},
                         option.name + " = ");
}

TEST(BadInput, OptionsOfTargets) { refuse_options(catalog().targets); }

TEST(BadInput, OptionsOfMetrics) { refuse_options(catalog().metrics); }

TEST(BadInput, OptionsOfSamplers) { refuse_options(catalog().samplers); }

// Specs.

// Lines of a spec that is good, by their keys.
const std::vector<std::pair<std::string, std::string>> good_spec{{"name", "name = 'trial'"},
                                                                 {"targets", "targets = ['gaussian']"},
                                                                 {"metrics", "metrics = ['mmd']"},
                                                                 {"samplers", "samplers = ['ula', 'mala']"},
                                                                 {"budget", "budget = { steps = 5 }"}};

// The good spec with other lines for a key.
std::string spec_with(const std::string& key, const std::string& lines) {
  std::string text;
  for (const auto& [name, line] : good_spec)
    if (name != key) text += line + "\n";
  return text + lines + "\n";
}

// Plans a spec, which needs no worker.
Words plan_of(const Scratch& folder, const std::string& text) {
  spit(folder / "spec.toml", text);
  return {"run", (folder / "spec.toml").string(), "--dry-run", "--results", (folder / "out").string()};
}

struct Spec {
  std::string key;  // whose lines are replaced
  std::string lines;
  std::string cause;
};

const std::vector<Spec> specs{
    {"name", "", "'name' is missing"},
    {"targets", "", "'targets' is missing"},
    {"metrics", "", "'metrics' is missing"},
    {"samplers", "", "'samplers' is missing"},
    {"budget", "", "'budget' is missing"},
    {"name", "name = '../up'", "letters, digits"},
    {"name", "name = 'a b'", "letters, digits"},
    {"name", "name = 'é'", "letters, digits"},
    {"name", "name = '" + std::string(300, 'n') + "'", "at most 100"},
    {"name", "name = \"a\\u0000b\"", "letters, digits"},
    {"", "nonsense = 1", "unknown key 'nonsense'"},
    {"", "summry = 'x'", "did you mean 'summary'?"},
    {"", "\"key with \\u001b\" = 1", "unknown key"},
    {"targets", "targets = []", "at least one entry"},
    {"targets", "targets = ['nonsense']", "unknown target 'nonsense'"},
    {"targets", "targets = ['donut', 'donut']", "is taken"},
    {"targets", "targets = [{}]", "'name' is missing"},
    {"targets", "targets = [{ name = 'donut', nonsense = 1 }]", "unknown key 'nonsense'"},
    {"targets", "targets = [{ name = 'donut', options = { radius = 1 } }]",
     ": targets[0]: target donut: unknown option 'radius'"},
    {"targets", "targets = [{ name = 'gaussian', options = { correlation = [] } }]", "at least one value"},
    {"targets", "targets = [{ name = 'gaussian', options = { correlation = [0.1, 0.1] } }]", "is taken"},
    {"targets", "targets = [{ name = 'gaussian', options = { correlation = [[0.1]] } }]", "correlation"},
    {"targets", "targets = [{ name = 'gaussian', options = { correlation = { x = 1 } } }]", "correlation"},
    {"targets", "targets = [{ name = 'gaussian', options = 3 }]", "a table is needed"},
    {"targets", "targets = [{ name = 'gaussian', label = '' }]", "text is needed"},
    {"targets", "targets = [{ name = 'gaussian', label = 3 }]", "text is needed"},
    {"targets", "targets = [{ name = 'gaussian', label = 'a/b' }]", "label"},
    {"targets", "targets = [{ name = 'gaussian', label = \"a\\nb\" }]", "label"},
    {"targets", "targets = [{ name = 'gaussian', label = '" + std::string(1000, 'x') + "' }]", "1000 bytes"},
    {"targets", "targets = [{ name = 'gaussian' }, { name = 'donut', label = 'gaussian' }]", "is taken"},
    {"targets", "targets = ['logistic_regression:data=/none.csv,label=y']", "/none.csv"},
    {"targets", "targets = ['logistic_regression:data=synthetic,truth=inference-gym,prior=hierarchical']",
     ""},
    {"targets", "targets = ['gaussian', 'score-decoy:distance=3']",
     "spec.toml:5: targets[1]: target score-decoy:distance=3.0: option 'distance' = 3 is not valid: it must "
     "be above the threshold 3.7"},
    {"targets", "targets = ['rare-mode:eta=1']",
     ": targets[0]: target rare-mode: eta = 1 is not valid: it takes a number above 0 and below 1"},
    {"targets", "targets = ['ebflow-trained:model=/none.pt']",
     ": targets[0]: target ebflow-trained:model=/none.pt: option 'model': /none.pt: no such file"},
    {"targets", "targets = ['gaussian:correlation=']", "correlation"},
    {"targets", "targets = ['gaussian:correlation=nan']", "correlation"},
    {"targets", "targets = ['image-data:data=strokes']", "'ula', which asks for log densities and scores"},
    {"targets", "targets = ['image-data:data=strks']", "one of mnist, strokes"},
    {"targets", "targets = ['image-data:preprocessing=whiten']", "one of none, logit"},
    {"metrics", "metrics = []", "at least one entry"},
    {"metrics", "metrics = ['nonsense']", "unknown metric 'nonsense'"},
    {"metrics", "metrics = ['mmd', 'mmd']", "is taken"},
    {"metrics", "metrics = ['ula']", "unknown metric 'ula'"},
    {"samplers", "samplers = []", "at least one entry"},
    {"samplers", "samplers = ['nonsense']", "unknown sampler 'nonsense'"},
    {"samplers", "samplers = ['ula', 'ula']", "is taken"},
    {"samplers", "samplers = ['ula:step_size=0']", "step_size = 0"},
    {"samplers", "samplers = ['ebflow:training_draws=1']", "training_draws = 1 is not valid"},
    {"samplers", "samplers = ['ula', 'ddpm:horizon=1,stop=1']",
     "spec.toml:5: samplers[1]: sampler ddpm: option 'stop' (1) must be below 'horizon' (1)"},
    {"samplers", "samplers = [{ name = 'ula', label = 'floor' }]", "the noise floor"},
    {"samplers", "samplers = [{ name = 'ula', budget = 3 }]", "a budget is a table"},
    {"samplers", "samplers = [{ name = 'ula', minibatch = 0 }]", "minibatch = 0"},
    {"samplers", "samplers = [{ name = 'ula', minibatch = 1.5 }]", "minibatch = 1.5"},
    {"samplers", "samplers = [{ name = 'ula', control_variates = true }]", "'minibatch' is missing"},
    {"samplers", "samplers = [{ name = 'ula', control_variates = 1 }]", "control_variates = 1"},
    {"samplers", "samplers = [{ name = 'ula', control_variates = 'third' }]", "\"first\" or \"second\""},
    {"samplers", "samplers = [{ name = 'ula', coordinates = 'polar' }]", "own, fisher, laplace"},
    {"samplers", "samplers = [{ name = 'ula', coordinates = 'files' }]", "needs their names"},
    {"samplers", "samplers = [{ name = 'ula', coordinates = { mean = 'm.npy' } }]", "factor"},
    {"samplers", "samplers = [{ name = 'exact-oracle', coordinates = 'fisher' }]",
     "coordinates change nothing"},
    {"samplers", "samplers = [{ name = 'ula', like = 'nonsense' }]", "nonsense"},
    {"samplers", "samplers = [{ name = 'ula', options = { step_size = ['x'] } }]", "step_size"},
    {"samplers",
     "samplers = [{ name = 'dft', options = { batch = [" + std::string(4000, ' ') +
         "1,2,3,4,5,6,7,8,9,10,11], width = [1,2,3,4,5,6,7,8,9,10,11], layers = [1,2,3,4,5,6,7,8,9,10,11], "
         "learning_rate = [1,2,3,4,5,6,7,8,9,10,11], sigma = [1,2,3,4,5,6,7,8,9,10,11] } }]",
     "more than 10000 choices"},
    {"budget", "budget = {}", "at least one of"},
    {"budget", "budget = { step = 5 }", "budget.step"},
    {"budget", "budget = { steps = 0 }", "budget.steps = 0"},
    {"budget", "budget = { steps = 5, nonsense = 1 }", "nonsense"},
    {"budget", "budget = { cpu_s = 0 }", "budget.cpu_s = 0: a limit is a number of CPU seconds above 0"},
    {"budget", "budget = { cpu_s = '1 min' }", "budget.cpu_s"},
    {"budget", "budget = { cpu_s = '3' }", "budget.cpu_s = \"3\": a limit is a number"},
    {"samplers", "samplers = ['ula', { name = 'start', budget = { score = 5 } }]",
     "the starting law does no work"},
    {"samplers", "samplers = ['ula', { name = 'start', budget = { cpu_s = 1 } }]", "one with steps is valid"},
    {"samplers", "samplers = [{ name = 'ula', label = 'start' }]", "samplers has the label 'start'"},
    {"samplers", "samplers = [{ name = 'ula', display = '  ' }]", "not of spaces alone"},
    {"samplers", "samplers = [{ name = 'ula', display = 'A' }, { name = 'mala', display = 'A' }]",
     "samplers[1].display = \"A\": an entry before this one has that name"},
    {"metrics", "metrics = [{ name = 'mmd', display = 'A' }, { name = 'ksd_imq_v', display = 'A' }]",
     "metrics[1].display = \"A\": an entry before this one has that name"},
    {"samplers", "samplers = [{ name = 'ula', entrant = ' ' }]", "not of spaces alone"},
    {"samplers", "samplers = [{ name = 'ula', entrant = 'floor' }]", "the noise floor"},
    {"samplers", "samplers = [{ name = 'ula', entrant = '" + std::string(151, 'x') + "' }]",
     "at most 150 bytes"},
    {"", "tuned = '/dev/zero'", "tuned = \"/dev/zero\": settings have at most"},
    {"", "seeds = []", "seeds"},
    {"", "seeds = [1, 1]", "twice"},
    {"", "seeds = [-1]", "seeds"},
    {"", "seeds = 1000001", "seeds"},
    {"", "dtype = 'float16'", "dtype = float16"},
    {"", "keep = 'nonsense'", "keep = nonsense"},
    {"", "like = 'nonsense'", "nonsense"},
    {"", "like = 'spec.toml'", "leads back to itself"},
    {"", "limits = { time = 3 }", "unknown key 'time'"},
    {"", "settle = {}", "'metric' is missing"},
    {"", "settle = { metric = 'nonsense' }", "unknown label 'nonsense'"},
    {"", "settle = { metric = 'mmd', within = 0 }", "within = 0"},
    {"", "settle = { metric = 'mmd', within = 1, at_most = 1 }", "by 'within' or by 'at_most', not by both"},
    {"", "cost = {}", "'yardstick' is missing"},
    {"", "cost = { yardstick = 'hmc' }", "unknown label 'hmc'"},
    {"", "reference = { draws = 10 }", "draws = 10"},
    {"", "reference = { chains = 2, transitions = 20 }", "leave fewer"},
    {"", "reference = { rhat = 1 }", "rhat = 1"},
    {"", "reference = { nonsense = 1 }", "unknown key 'nonsense'"},
    {"", "[[claims]]", "'id' is missing"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'", "'metric' is missing"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'nonsense'", "unknown label 'nonsense'"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'hmc'\nright = 1", "unknown label 'hmc'"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'ula'\nright = 'hmc'",
     "unknown label 'hmc'"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'ula'\nright = nan", "must be finite"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'ula'\nright = []", "text is needed"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'ula'\nright = 1\nfactor = -1",
     "factor = -1"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'ula'\nright = 1\ndirection = 'up'",
     "direction = up"},
    {"", "[[claims]]\nid = 'a'\ntext = 'b'\nmetric = 'mmd'\nleft = 'ula'\nright = 1\ntargets = []",
     "at least one"},
    {"", "[[figures]]\nkind = 'nonsense'", "kind = nonsense"},
    {"", "[[figures]]\nkind = 'sweep'", "'option' is missing"},
    {"", "[[figures]]\nkind = 'sweep'\noption = 'nonsense'", "nonsense"},
    {"samplers", "samplers = ['ula']\n[[figures]]\nkind = 'sweep'\noption = 'step_size'", "one value"},
    {"", "[[figures]]\nkind = 'curves'\nlines = ['ula', 'mala']", "leaves no sampler"},
    {"", "[[figures]]\nkind = 'curves'\nsamplers = ['hmc']", "unknown label 'hmc'"},
    {"", "[[figures]]\nkind = 'curves'\nsamplers = [3]", "unknown label '3'"},
    {"", "[[figures]]\nkind = 'curves'\nmetrics = ['hmc']", "unknown label 'hmc'"},
    {"", "[[figures]]\nkind = 'draws'\nmetrics = ['mmd']", "unknown key 'metrics'"},
    {"", "[[figures]]\nkind = 'curves'\ntitle = 3", "text is needed"},
    {"", "defaults = 3", "a table is needed"},
    {"", "draws = 1979-05-27", "no dates"},
    {"", "draws = 07:32:00", "no dates"},
    {"", "draws = 1979-05-27T07:32:00Z", "no dates"},
    {"", "draws = 99999999999999999999", "spec.toml:6"},
    {"", "draws = 0x", "spec.toml:6"},
    {"", "draws = ", "spec.toml:6"},
    {"", "draws", "spec.toml:6"},
    {"", "= 3", "spec.toml:6"},
    {"", "draws = 3\ndraws = 4", "spec.toml:7"},
    {"", "summary = 'a", "spec.toml:6"},
    {"", "summary = \"\\q\"", "spec.toml:6"},
    {"", "summary = \"\"\"a", "spec.toml"},
    {"", "[a", "spec.toml:6"},
    {"", "[budget]\nx = 1", "spec.toml"},
    {"", "[]", "spec.toml:6"},
    {"", "x = " + std::string(3000, '[') + std::string(3000, ']'), "spec.toml:6"},
    {"", "x = {y = " + std::string(200, '{'), "spec.toml:6"},
    {"", std::string("summary = 'a\0b'", 15), "NUL"},
    {"", "summary = 'a\x01'", "spec.toml:6"},
    {"", "summary = '\xff\xfe'", "utf-8"},
    {"", "summary = '\xed\xa0\x80'", "utf-8"},
};

TEST(BadInput, Specs) {
  const Scratch folder;
  for (const Spec& spec : specs) {
    SCOPED_TRACE(printable(spec.lines, 200));
    expect_refused(plan_of(folder, spec_with(spec.key, spec.lines)), spec.cause);
  }
}

TEST(BadInput, TheGoodSpecIsTaken) {
  const Scratch folder;
  const Answer answer = answer_to(plan_of(folder, spec_with("", "")));
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("gaussian / ula / seed 0"));
}

// Files that are no models.
TEST(BadInput, Models) {
  const Scratch folder;
  const std::string file = (folder / "bad.safetensors").string();
  spit(file, "no tensors");
  for (const std::string target : {"ebflow-trained", "classifier-energy"}) {
    const std::string call = target + ":model=" + file;
    expect_refused({"describe", call}, file + ": not the weights of a");
    expect_refused(
        plan_of(folder, spec_with("targets", "targets = ['" + call + "']")),
        fmt::format(": targets[0]: target {}: option 'model': {}: not the weights of a", call, file));
    EXPECT_EQ(answer_to({"describe", target}).code, 0) << "the default file need not be there";
  }
}

// Whole files that are no specs.
TEST(BadInput, FilesThatAreNoSpecs) {
  const Scratch folder;
  std::string utf16 = "\xff\xfe";
  for (const char c : spec_with("", "")) utf16 += {c, '\0'};
  std::string with_cr;
  for (const char c : spec_with("", "")) with_cr += c == '\n' ? '\r' : c;
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("# nothing\n"), utf16, with_cr, std::string(1000, '\0'),
        std::string("\x1f\x8b\x08"), std::string("PK\x03\x04"), std::string("{\"name\": 1}"),
        std::string("<html>"), std::string(5 << 20, '#')}) {
    SCOPED_TRACE(printable(text));
    expect_refused(plan_of(folder, text), "spec.toml");
  }
}

// Wrong values by the kind of a member.
std::vector<std::string> wrong_values(const std::string& kind) {
  std::vector<std::string> values{"true", "{ x = 1 }", "1979-05-27"};
  const auto add = [&values](std::vector<std::string> more) {
    values.insert(values.end(), more.begin(), more.end());
  };
  if (kind == "count")
    add({"'x'", "''", "[1]", "[]", "-1", "0", "1.5", "1e308", "nan", "inf", "9223372036854775807"});
  if (kind == "real")
    add({"'x'", "''", "[1.0]", "[]", "-1", "0", "-1e308", "nan", "inf", "-inf", "1e-320", "1e308"});
  if (kind == "text") add({"1", "1.5", "''", "[]", "['x']"});
  if (kind == "list") add({"1", "'x'", "[[]]", "[1]", "['']", "[true]", "[1979-05-27]"});
  if (kind == "table") {
    std::erase(values, "{ x = 1 }");
    add({"1", "'x'", "[]", "[{}]", "{ nonsense = 1 }"});
  }
  return values;
}

// Members of a spec: "%" stands for the value.
const std::vector<std::array<std::string, 4>> members{
    {"", "draws = %", "draws", "count"},
    {"", "checkpoints = %", "checkpoints", "count"},
    {"", "checkpoint_ratio = %", "checkpoint_ratio", "real"},
    {"", "floor_replications = %", "floor_replications", "count"},
    {"", "start_scale = %", "start_scale", "real"},
    {"", "limits = { time_s = % }", "limits.time_s", "real"},
    {"", "limits = { memory_mib = % }", "limits.memory_mib", "count"},
    {"budget", "budget = { steps = % }", "budget.steps", "count"},
    {"budget", "budget = { score = % }", "budget.score", "count"},
    {"", "reference = { chains = % }", "reference.chains", "count"},
    {"", "reference = { warmup = % }", "reference.warmup", "count"},
    {"", "reference = { transitions = % }", "reference", "count"},
    {"", "reference = { max_rounds = % }", "reference.max_rounds", "count"},
    {"", "reference = { rhat = % }", "reference.rhat", "real"},
    {"", "reference = { coordinates = % }", "reference.coordinates", "text"},
    {"", "reference = { ess = % }", "reference.ess", "real"},
    {"", "settle = { metric = 'mmd', within = % }", "settle.within", "real"},
    {"", "settle = { metric = 'mmd', at_most = % }", "settle.at_most", "real"},
    {"", "settle = { metric = % }", "settle.metric", "text"},
    {"", "cost = { yardstick = % }", "cost.yardstick", "text"},
    {"name", "name = %", "name", "text"},
    {"", "summary = %", "summary", "text"},
    {"", "dtype = %", "dtype", "text"},
    {"", "keep = %", "keep", "text"},
    {"", "like = %", "like", "text"},
    {"targets", "targets = %", "targets", "list"},
    {"metrics", "metrics = %", "metrics", "list"},
    {"samplers", "samplers = %", "samplers", "list"},
    {"", "claims = %", "claims", "list"},
    {"", "figures = %", "figures", "list"},
    {"budget", "budget = %", "budget", "table"},
    {"", "limits = %", "limits", "table"},
    {"", "reference = %", "reference", "table"},
    {"", "settle = %", "settle", "table"},
    {"", "cost = %", "cost", "table"},
};

TEST(BadInput, EveryMemberOfASpecByEveryWrongValue) {
  const Scratch folder;
  for (const auto& [key, form, place, kind] : members) {
    for (const std::string& value : wrong_values(kind)) {
      std::string line = form;
      line.replace(line.find('%'), 1, value);
      SCOPED_TRACE(line);
      expect_refused(plan_of(folder, spec_with(key, line)), place);
    }
  }
}

// One byte of a good spec, deleted, doubled or replaced: taken, or refused in words.
TEST(BadInput, SpecsWithASlip) {
  const Scratch folder;
  const std::string good =
      spec_with("", "seeds = [1, 2]\nlimits = { time_s = 3.5 }\n[[figures]]\nkind = 'draws'");
  std::mt19937 random(7);
  const std::string bytes =
      "\"'[]{}=,.#\n\t\\\x00\x7f\xff"
      "09azTZ-+_e:";
  for (int i = 0; i < 150; ++i) {
    std::string text = good;
    const size_t at = random() % text.size();
    const char byte = bytes[random() % bytes.size()];
    if (i % 3 == 0) text.erase(at, 1 + random() % 3);
    if (i % 3 == 1) text.insert(at, 1, byte);
    if (i % 3 == 2) text[at] = byte;
    SCOPED_TRACE(printable(text, 400));
    expect_taken_or_refused(plan_of(folder, text));
  }
}

// Specs of fits.

const std::vector<std::pair<std::string, std::string>> fit_specs{
    {"", "'name' is missing"},
    {"name = 'a'", "'fit' is missing"},
    {"name = 'a'\nfit = 'nonsense'", "unknown"},
    {"name = 'a'\nfit = 'denoising-score-matching'", "'steps' is missing"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 0", "steps = 0"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 2000000000", "steps = 2000000000"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 'x'", "steps = \"x\""},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 3\nseed = -1", "seed = -1"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 3\nevaluate_every = 0", "evaluate_every = 0"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 3\ncheckpoint_s = nan", "checkpoint_s = nan"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 3\nnonsense = 1", "unknown key 'nonsense'"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 3\noptions = { batch = 0 }", "batch = 0"},
    {"name = 'a'\nfit = 'denoising-score-matching'\nsteps = 3\noptions = 4", "a table is needed"},
    {"name = 'a/b'\nfit = 'denoising-score-matching'\nsteps = 3", "letters, digits"},
};

TEST(BadInput, SpecsOfFits) {
  const Scratch folder;
  for (const auto& [text, cause] : fit_specs) {
    SCOPED_TRACE(text);
    spit(folder / "fit.toml", text);
    expect_refused({"fit", (folder / "fit.toml").string(), "--models", (folder / "models").string()}, cause);
  }
}

// Draws.

std::string npy(const std::string& header, size_t data) {
  std::string text = header;
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return bytes + text + std::string(data, '\0');
}

std::string header(const std::string& dtype, const std::string& shape, const std::string& order = "False") {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", dtype, order, shape);
}

const std::vector<std::pair<std::string, std::string>>& npy_files() {
  static const std::vector<std::pair<std::string, std::string>> files{
      {"", "not a NumPy .npy file"},
      {"NUMPY", "not a NumPy .npy file"},
      {"x,y\n1,2\n", "not a NumPy .npy file"},
      {"PK\x03\x04 and more bytes", "not a NumPy .npy file"},
      {std::string("\x93NUMPY\x01\x00", 8), "not a NumPy .npy file"},
      {std::string("\x93NUMPY\x09\x00\x10\x00          ", 20), "format 9"},
      {std::string("\x93NUMPY\x01\x00\xff\xff          ", 20), "header"},
      {std::string("\x93NUMPY\x01\x00\x60\x00          ", 20), "truncated"},
      {npy("", 0), "not one dictionary"},
      {npy("{'descr': '<f8'}", 0), "fortran_order"},
      {npy(header("<i8", "(2, 2)"), 32), "'<i8' is not supported"},
      {npy(header(">f8", "(2, 2)"), 32), "'>f8' is not supported"},
      {npy(header("|O", "(2, 2)"), 32), "'|O' is not supported"},
      {npy(header("<f2", "(2, 2)"), 8), "'<f2' is not supported"},
      {npy(header("<c16", "(2, 2)"), 64), "'<c16' is not supported"},
      {npy(header("\x1b[31m", "(2, 2)"), 64), "is not supported"},
      {npy(header("<f8", "(2, 2)", "True"), 32), "Fortran"},
      {npy(header("<f8", "()"), 8), "its shape is ()"},
      {npy(header("<f8", "(4,)"), 32), "its shape is (4)"},
      {npy(header("<f8", "(4, 3)"), 96), "its shape is (4, 3)"},
      {npy(header("<f8", "(1, 1, 2, 2)"), 32), "its shape is (1, 1, 2, 2)"},
      {npy(header("<f8", "(1, 2)"), 16), "at least 2 draws"},
      {npy(header("<f8", "(0, 2)"), 0), "at least 2 draws"},
      {npy(header("<f8", "(0, 5, 2)"), 0), "at least 2 draws"},
      {npy(header("<f8", "(-2, 2)"), 32), "its shape is damaged"},
      {npy(header("<f8", "(2.0, 2)"), 32), "its shape is damaged"},
      {npy(header("<f8", "(x, 2)"), 32), "its shape is damaged"},
      {npy(header("<f8", "(9999999999999999999, 2)"), 32), "its shape is damaged"},
      {npy(header("<f8", "(99999999999999, 99999999999999)"), 32), "truncated"},
      {npy(header("<f8", "(4611686018427387904, 2)"), 32), "shape"},
      {npy(header("<f8", "(3, 2)"), 32), "truncated"},
      {npy(header("<f8", "(3, 2)"), 47), "truncated"},
      {npy(header("<f8", "(3, 2)"), 49), "too many"},
      {npy(header("<f8", "(3, 2)").substr(0, 30), 48), "not one dictionary"},
      {npy(header("<f8", "(3, 2)"), 40) + "\xff\xff\xff\xff\xff\xff\xff\x7f", "not finite"},
      {npy(header("<f4", "(3, 2)"), 20) + std::string("\x00\x00\x80\x7f", 4), "not finite"},
  };
  return files;
}

TEST(BadInput, Draws) {
  const Scratch folder;
  for (const auto& [bytes, cause] : npy_files()) {
    SCOPED_TRACE(printable(bytes, 120));
    spit(folder / "x.npy", bytes);
    expect_refused({"score", (folder / "x.npy").string(), "--target", "gaussian", "--metric", "mmd"}, cause);
  }
}

// One byte of a header, deleted or replaced: taken, or refused in words.
TEST(BadInput, DrawsWithASlip) {
  const Scratch folder;
  const std::string good = npy(header("<f8", "(3, 2)"), 48);
  std::mt19937 random(8);
  for (int i = 0; i < 60; ++i) {
    std::string bytes = good;
    const size_t at = random() % 128;
    if (i % 2 == 0) bytes.erase(at, 1);
    if (i % 2 == 1) bytes[at] = static_cast<char>(random() % 256);
    SCOPED_TRACE(printable(bytes, 300));
    spit(folder / "x.npy", bytes);
    expect_taken_or_refused({"score", (folder / "x.npy").string(), "--target", "gaussian", "--metric",
                             "energy_distance", "--replications", "2"});
  }
}

// Data.

struct Table {
  std::string file;
  std::string bytes;
  std::string cause;
  std::string label = "label=y";
};

const std::vector<Table>& tables() {
  static const std::vector<Table> tables{
      {"a.csv", "", "a.csv"},
      {"a.csv", "\n\n", "a.csv"},
      {"a.csv", "x,y\n", "a.csv"},
      {"a.csv", "x,y\n1,0\n", "a.csv"},
      {"a.csv", "x,y\n1,0\n2,0\n3,0\n", "class"},
      {"a.csv", "x,y\n1,0\n2,1\n3,2\n", "a.csv"},
      {"a.csv", "x,y\n1,0\nq,1\n3,0\n", "'q'"},
      {"a.csv", "x,y\n1,0\n,1\n3,0\n", "a.csv"},
      {"a.csv", "x,y\n1,0\nnan,1\n3,0\n", "nan"},
      {"a.csv", "x,y\n1,0\ninf,1\n3,0\n", "inf"},
      {"a.csv", "x,y\n1,0\n1e999,1\n3,0\n", "1e999"},
      {"a.csv", "x,y\n1,0\n2\n3,0\n", "a.csv:3"},
      {"a.csv", "x,y\n1,0\n2,1,5\n3,0\n", "a.csv:3"},
      {"a.csv", "x,y\n1,0\n\"2,1\n3,0\n", "a.csv"},
      {"a.csv", "x,x,y\n1,2,0\n2,3,1\n", "called 'x'"},
      {"a.csv", "x,,y\n1,2,0\n2,3,1\n", "no name"},
      {"a.csv", "x,z\n1,0\n2,1\n", "'y'"},
      {"a.csv", "x,y\n1,0\n2,1\n", "label", ""},
      {"a.csv", "y\n0\n1\n0\n1\n", "a.csv"},
      {"a.csv", std::string("x,y\n1,0\n2,\0\n", 12), "a.csv"},
      {"a.csv", "x,y\r1,0\r2,1\r", "a.csv"},
      {"a.csv", "\xff\xfex\0,\0y\0", "UTF-16"},
      {"a.csv.gz", "\x1f\x8b\x08 and no more", "a.csv.gz"},
      {"a.csv.gz", "\x1f\x8b", "a.csv.gz"},
      {"a.svm", "", "a.svm"},
      {"a.svm", "1\n-1\n", "a.svm"},
      {"a.svm", "1 1:0.5\n-1 0:2\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 x:2\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 2:1 1:2\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 1:two\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 1\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 1:nan\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 99999999999999999999:2\n", "a.svm:2"},
      {"a.svm", "1 1:0.5\n-1 2000000000:2\n", "a.svm"},
      {"a.svm", "1 1:0.5\n2 1:1\n3 1:2\n", "a.svm"},
  };
  return tables;
}

TEST(BadInput, Data) {
  const Scratch folder;
  for (const Table& table : tables()) {
    SCOPED_TRACE(table.file + " " + printable(table.bytes, 120));
    const std::filesystem::path file = folder / table.file;
    spit(file, table.bytes);
    std::string call = "logistic_regression:data=" + file.string();
    if (table.file != "a.svm" && !table.label.empty()) call += "," + table.label;
    expect_refused({"describe", call}, table.cause);
  }
}

// Results.

const std::vector<std::string> experiments{
    "",
    "{",
    "[]",
    "1",
    "null",
    "\"x\"",
    "nan",
    "{}",
    "{\"name\":1}",
    "{\"name\":\"a\"}",
    "{'name':'a'}",
    "{\"name\":\"a\",\"seeds\":3,\"targets\":[],\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\",\"seeds\":[-1],\"targets\":[],\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\",\"seeds\":[1.5],\"targets\":[],\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[1],\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[{\"label\":1}],\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":{},\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[],\"samplers\":[],\"metrics\":[],\"draws\":\"x\"}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[],\"samplers\":[],\"metrics\":[],\"draws\":1e30}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[],\"samplers\":[],\"metrics\":[],\"keep\":\"x\"}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[],\"samplers\":[],\"metrics\":[],\"limits\":[]}",
    "{\"name\":\"a\",\"seeds\":[1],\"targets\":[],\"samplers\":[],\"metrics\":[],\"figures\":[{\"kind\":"
    "\"x\"}]}",
    "{\"name\":\"a\",\"seeds\":[1e999],\"targets\":[],\"samplers\":[],\"metrics\":[]}",
    "{\"name\":\"a\"} and more",
    "{\"name\":\"\xff\"}",
    "\xff\xfe{\0}\0",
    std::string(100000, '['),
    "{\"name\":\"a\",}",
};

TEST(BadInput, FoldersOfResults) {
  const Scratch folder;
  for (const std::string& text : experiments) {
    SCOPED_TRACE(printable(text, 120));
    spit(folder / "experiment.json", text);
    expect_refused({"report", folder.path().string()}, "experiment.json");
  }
  std::filesystem::remove(folder / "experiment.json");
  std::filesystem::create_directory(folder / "experiment.json");
  expect_refused({"report", folder.path().string()}, "experiment.json");
}

// A record's lines with one of them damaged.
std::vector<std::string> damaged_records() {
  const FakeResults fake;
  const Json begin = json_of(fake.begin("t", "s", 0)), end = json_of(FakeResults::end());
  const auto lines = [](Json first, Json last) {
    first["type"] = first.contains("type") ? first["type"] : Json("begin");
    last["type"] = "end";
    return first.dump() + "\n" + last.dump() + "\n";
  };
  std::vector<std::string> records{"",
                                   "\n",
                                   "{",
                                   "[]\n",
                                   "1\n",
                                   "null\n",
                                   "{}\n",
                                   "{\"type\":1}\n",
                                   "nonsense\n",
                                   "{\"type\":\"nonsense\"}\n",
                                   std::string(50000, '[') + "\n",
                                   "\xff\xfe\n",
                                   "{\"type\":\"begin\",\"schema\":1e999}\n",
                                   std::string(4096, '\0')};
  for (const auto& [name, value] : begin.items())
    for (const Json& wrong : {Json(-1), Json("x"), Json::array({1}), Json(1.5)})
      if (wrong.type() != value.type() && name != "context" && !value.is_null()) {
        Json damaged = begin;
        damaged[name] = wrong;
        records.push_back(lines(damaged, end));
      }
  for (const Json& wrong :
       {Json("x"), Json::array({Json{{"a", 1}, {"b", 2}}, Json::array({"x", "y"})}), Json(3)}) {
    Json damaged = end;
    damaged["sample"] = wrong;
    records.push_back(lines(begin, damaged));
  }
  return records;
}

// The report tells where the damage is, and goes on.
TEST(BadInput, Records) {
  for (const std::string& text : damaged_records()) {
    FakeResults results;
    results.seeds(1);
    results.target("t");
    results.sampler("s");
    results.metric("q");
    results.record_of_text(text);
    results.close();
    SCOPED_TRACE(printable(text, 300));
    ++tried();
    const Answer answer = answer_to({"report", results.results().string(), "--no-figures"});
    EXPECT_EQ(answer.code, 2) << answer.err;
    EXPECT_THAT(answer.err, HasSubstr("damaged record: "));
    EXPECT_THAT(answer.err, HasSubstr("00000.jsonl:"));
    expect_plain(answer.err);
    expect_refused({"draw", (results.results() / "records/00000.jsonl").string(), "--out", "/dev/null"},
                   "00000.jsonl");
  }
}

// The environment.

// Sets a variable while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(BadInput, TheEnvironment) {
  const Scratch folder;
  const std::string spec = spec_with("targets", "targets = ['logistic_regression:data=covertype']");
  for (const std::string& place : {(folder / "none").string(), std::string("/dev/null"),
                                   std::string(5000, 'd'), std::string("\x1b[31m")}) {
    const Variable data("SAMPLERBENCH_DATA", place);
    SCOPED_TRACE(printable(place));
    expect_refused(plan_of(folder, spec), "");
  }
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.sampler("s");
  fake.metric("q");
  fake.run("t", "s", 0, {{"q", {1.0}}});
  fake.close();
  const Variable temporary("TMPDIR", (folder / "none").string());
  expect_refused({"report", fake.results().string(), "--publish"}, "TMPDIR");
}

// Runs last in this file: 300 cases and more were tried, where no filter left some out.
TEST(BadInput, ZCasesAreMany) {
  if (::testing::UnitTest::GetInstance()->test_to_run_count() < 15) GTEST_SKIP() << "a filter is set";
  ::testing::Test::RecordProperty("cases", std::to_string(tried()));
  EXPECT_GE(tried(), 300);
}

}  // namespace
}  // namespace samplerbench::harness
