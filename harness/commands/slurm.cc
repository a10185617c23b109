#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <initializer_list>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/plan/shard.h"
#include "harness/run/known_records.h"
#include "harness/support/builtin.h"
#include "harness/support/child_process.h"
#include "harness/support/escape.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOwnProgram = "/proc/self/exe";

// A job of Slurm, as sbatch takes it. What the suite calls jobs are runs, noise floors and references.
struct BatchJob {
  Words options;
  std::string script;
};

// What is submitted: an array that makes records, and the batch job that follows it.
struct Submission {
  std::string experiment;
  fs::path results;     // absolute
  Words grid;           // SPEC and the flags that decide which jobs there are, for any command
  Words slurm;          // flags of `slurm` alone, without --repeats
  Words resources;      // options of sbatch for both
  int64_t tasks = 1;    // of the array, at most
  int64_t repeats = 0;  // further arrays for what has no record
  int64_t jobs = 1;     // runs at a time in a task
  bool pack = false;    // runs as they finish, a file a task

  fs::path folder() const { return results / experiment; }  // of the records

  fs::path own_folder() const { return folder() / "slurm"; }  // of shares, and of what batch jobs print
};

// The jobs that have no record, dealt out, in a file whose name tells its contents.
struct DealtWork {
  Shares shares;
  fs::path file;
  std::string text;

  int64_t tasks() const { return std::ssize(shares.records); }
};

Words operator+(Words left, const Words& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

// A path for batch jobs in any folder. Throws InputError for what does not fit into one line of a script, and
// for what a terminal acts on, which --dry-run prints the script to.
std::string path_for_batch(const std::string& what, const fs::path& path) {
  std::string text = fs::absolute(path).string();
  if (!is_printable(text))
    throw InputError(fmt::format("{} {}: its path holds a control character or a mark of the direction of "
                                 "writing; choose another",
                                 what, printable(text, 200)));
  return text;
}

// The folder for results, below which Slurm makes files. It takes a backslash for a sign of its own.
fs::path results_for_batch(const Arguments& arguments) {
  const std::string text = path_for_batch("--results", arguments.text("results"));
  if (text.find('\\') != std::string::npos)
    throw InputError(fmt::format("--results {}: its path holds a backslash, and Slurm writes no files there; "
                                 "choose another",
                                 printable(text, 200)));
  return text;
}

// The spec as batch jobs name it.
std::string spec_for_batch(const std::string& spec) {
  if (builtin_experiments().contains(spec)) return spec;
  if (!fs::is_regular_file(spec))
    throw InputError(fmt::format("{}: is no file that a batch job could read again", printable(spec, 200)));
  return path_for_batch("SPEC", spec);
}

// The words of these flags, as far as they are given.
Words words_of_flags(const Arguments& arguments, std::initializer_list<const char*> flags) {
  Words words;
  for (const char* flag : flags)
    if (arguments.has(flag)) words = std::move(words) + Words{std::string("--") + flag, arguments.text(flag)};
  return words;
}

// The value of --time in one of Slurm's forms: minutes, MM:SS, HH:MM:SS, D-HH, D-HH:MM, D-HH:MM:SS.
std::string time_from(const Arguments& arguments) {
  const std::string text = arguments.text("time");
  if (text.find_first_not_of("0123456789:-") != std::string::npos || text.find_first_of(":-") == 0)
    throw InputError(fmt::format("--time {}: minutes, HH:MM:SS or D-HH:MM:SS are needed, as Slurm has them",
                                 printable(text)));
  return text;
}

Submission submission_from(const Arguments& arguments, const Placement& placement,
                           const std::string& experiment) {
  const fs::path results = results_for_batch(arguments);
  Submission submission{.experiment = experiment,
                        .results = results,
                        .tasks = whole_number(arguments, "tasks", 1, 100000),
                        .repeats = whole_number(arguments, "repeats", 0, 100),
                        .jobs = whole_number(arguments, "jobs", 1, 1024)};
  submission.grid = Words{spec_for_batch(arguments.text("SPEC")), "--results", results.string()} +
                    words_of_flags(arguments, {"seeds", "jobs", "threads", "device"});
  if (arguments.has("data"))
    submission.grid = submission.grid + Words{"--data", path_for_batch("--data", arguments.text("data"))};
  if (arguments.has("synthetic")) submission.grid.emplace_back("--synthetic");
  submission.slurm = words_of_flags(arguments, {"tasks", "partition", "time"});
  submission.pack = arguments.has("pack");
  if (submission.pack) submission.slurm.emplace_back("--pack");
  submission.resources = {"--parsable", "--open-mode=append", "--requeue", "--nodes=1", "--ntasks=1",
                          fmt::format("--cpus-per-task={}", placement.threads * submission.jobs)};
  if (arguments.has("partition"))
    submission.resources.push_back("--partition=" + arguments.text("partition"));
  if (arguments.has("time")) submission.resources.push_back("--time=" + time_from(arguments));
  return submission;
}

DealtWork dealt(const Submission& submission, const OpenJobs& open) {
  DealtWork work;
  const int64_t tasks = std::min<int64_t>(submission.tasks, std::ssize(open.jobs));
  work.shares = deal(open.jobs, open.costs, tasks);
  work.text = json_of(work.shares).dump() + "\n";
  const std::string hash = sha256(work.text).substr(0, kKeyLetters);
  work.file = submission.own_folder() / fmt::format("shares-{}.json", hash);
  return work;
}

// A space and a word of a shell's command line for each of the words.
std::string shell_words(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += " " + shell_word(word);
  return text;
}

// A script that becomes the program, so that signals reach it; `more` follows as the shell reads it.
std::string script_of(const Words& words, const std::string& more = "") {
  return "#!/bin/sh\nexec" + shell_words(words) + more + "\n";
}

// The option by which Slurm writes what a batch job prints; `name` has its signs for numbers.
std::string output_option(const Submission& submission, const std::string& name) {
  std::string folder;
  for (const char c : submission.own_folder().string())
    folder += c == '%' ? std::string("%%") : std::string(1, c);
  return fmt::format("--output={}/{}", folder, name);
}

std::string own_program() { return path_for_batch("the program", fs::read_symlink(kOwnProgram)); }

// `samplerbench run` on the whole grid, by the name of the program.
Words run_words(const Submission& submission, const std::string& program) {
  const Words pack = submission.pack ? Words{"--pack"} : Words{};
  return Words{program, "run"} + submission.grid + pack;
}

BatchJob array_job(const Submission& submission, const DealtWork& work) {
  const Words command = run_words(submission, own_program()) +
                        Words{"--no-report", "--shares", work.file.string(), "--shard"};
  return {.options = submission.resources + Words{"--job-name=" + submission.experiment,
                                                  fmt::format("--array=1-{}", work.tasks()),
                                                  output_option(submission, "array-%A-%a.log")},
          .script = script_of(command, fmt::format(" \"$SLURM_ARRAY_TASK_ID/{}\"", work.tasks()))};
}

// The batch job that looks at the records when the array has ended, however that ended.
BatchJob gathering_job(const Submission& submission, const std::string& array) {
  const Words command = Words{own_program(), "slurm"} + submission.grid + submission.slurm +
                        Words{"--repeats", std::to_string(submission.repeats), "--gather"};
  return {.options = submission.resources + Words{"--job-name=" + submission.experiment + "-gather",
                                                  "--dependency=afterany:" + array,
                                                  output_option(submission, "gather-%j.log")},
          .script = script_of(command)};
}

std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

// Hands it to sbatch. Returns its number. Throws InputError, with what sbatch says, where it takes none.
std::string submit(const BatchJob& job, const Submission& submission) {
  const fs::path answer = submission.own_folder() / "sbatch.out";
  const fs::path complaint = submission.own_folder() / "sbatch.err";
  ChildEnd end;
  try {
    end = ChildProcess({.words = Words{"sbatch"} + job.options,
                        .input = job.script,
                        .output = answer,
                        .errors = complaint})
              .wait();
  } catch (const std::system_error& error) {
    throw InputError(fmt::format("sbatch cannot be started ({}): this machine submits no jobs to Slurm; "
                                 "--dry-run prints them",
                                 error.code().message()));
  }
  if (end.shell_code() != 0)
    throw InputError(fmt::format("sbatch takes no job (exit code {}): {}", end.shell_code(),
                                 printable(first_line_of(read_input(complaint)), 500)));
  const std::string line = first_line_of(read_input(answer));
  const std::string number = line.substr(0, line.find(';'));  // behind it stands a cluster's name
  if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
    throw std::runtime_error(fmt::format("sbatch answers '{}', and a job's number is due", printable(line)));
  return number;
}

std::string submit_gathering(const Submission& submission, const std::string& array) {
  try {
    return submit(gathering_job(submission, array), submission);
  } catch (const InputError& error) {
    throw InputError(fmt::format("array {} is submitted, and the job that follows it is not: {}; give the "
                                 "same command again when the array has ended",
                                 array, error.what()));
  }
}

// "8 tasks for 40 runs, the longest about 3 min 20 s"
std::string words_of_size(const Submission& submission, const DealtWork& work, size_t open) {
  const double longest_s = *std::max_element(work.shares.seconds.begin(), work.shares.seconds.end());
  return fmt::format("{} tasks for {} runs, the longest about {}", work.tasks(), open,
                     in_words(longest_s / static_cast<double>(submission.jobs)));
}

void submit_all(const Submission& submission, const OpenJobs& open) {
  const DealtWork work = dealt(submission, open);
  try {
    write_atomically(work.file, work.text);
  } catch (const CannotWrite& error) {
    refuse_output("results", submission.results, error);
  }
  const std::string array = submit(array_job(submission, work), submission);
  const std::string gathering = submit_gathering(submission, array);
  write_out("array {}: {}\njob {} follows it: repeats what has no record, and reports\nwhat they print: "
            "{}\n",
            array, words_of_size(submission, work, open.jobs.size()), gathering,
            submission.own_folder().string());
}

// As a shell would submit it.
void print_job(const BatchJob& job) {
  write_text(fmt::format("sbatch{} <<'END'\n{}END\n", shell_words(job.options), job.script));
}

void print_all(const Submission& submission, const OpenJobs& open) {
  const DealtWork work = dealt(submission, open);
  write_out("# {}; {} will hold the shares.\n", words_of_size(submission, work, open.jobs.size()),
            shell_word(work.file.string()));
  print_job(array_job(submission, work));
  write_out("\n# The job that follows; NUMBER is that of the array.\n");
  print_job(gathering_job(submission, "NUMBER"));
}

// Becomes `samplerbench run` on the whole grid, which runs what has no record, and reports.
[[noreturn]] void run_the_grid(const Submission& submission) {
  Words words = run_words(submission, "samplerbench");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::cout.flush();
  ::execv(kOwnProgram, arguments.data());
  throw std::system_error(errno, std::generic_category(), "cannot start `samplerbench run`");
}

// The report of what there is, where no array is left to make the rest.
int report_what_there_is(const Submission& submission, const std::vector<Job>& open, size_t all,
                         const Catalog& catalog) {
  say("samplerbench: {} of {} runs have no record that stands, such as {}: `samplerbench slurm` submits them "
      "again",
      open.size(), all, open.front().title());
  write_out("page: {}\n", report_beside(submission.folder(), catalog).page.string());
  return 1;
}

// What the batch job does that follows an array. It goes by the records, not by what Slurm says of tasks.
int gather(Submission submission, const OpenJobs& open, size_t all, const Catalog& catalog) {
  if (open.jobs.empty()) run_the_grid(submission);
  if (submission.repeats == 0) return report_what_there_is(submission, open.jobs, all, catalog);
  --submission.repeats;
  try {
    submit_all(submission, open);
  } catch (const InputError& error) {
    say("samplerbench: {}; what has no record is run here", error.what());
    run_the_grid(submission);
  }
  return 0;
}

}  // namespace

Syntax slurm_syntax() {
  Syntax syntax{.usage = "samplerbench slurm SPEC|NAME [options]",
                .positionals = {{"SPEC", "a TOML file, or the name of a built-in experiment"}},
                .required = 1};
  add_seeds_flag(syntax.flags);
  add_grid_flags(syntax);
  syntax.flags.add_options()  //
      ("tasks", po::value<std::string>()->default_value("16"),
       "tasks of the array, at most; what has no record is dealt out to them by how long it is expected to "
       "take")                                                                                             //
      ("partition", po::value<std::string>(), "partition of the jobs (default: Slurm's)")                  //
      ("time", po::value<std::string>(), "time limit of each job, as Slurm has it (default: Slurm's)")     //
      ("pack", "put runs, as they finish, into one file a task in place of a file each")                   //
      ("repeats", po::value<std::string>()->default_value("2"),
       "further arrays for what still has no record when an array has ended")                              //
      ("gather", "what the job does that follows an array: submit what has no record again, else report")  //
      ("dry-run", "print the jobs, and submit none");
  syntax.offers["SPEC"] = {.names = {Names::experiments}, .files = true};
  return syntax;
}

int slurm_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, slurm_syntax());
  if (arguments.help) return 0;
  if (arguments.has("gather") && arguments.has("dry-run"))
    throw InputError("--gather: it belongs to the job that follows an array; --dry-run submits none");
  // The nodes have what this machine may lack.
  const Placement placement{.device = device_word(arguments),
                            .threads = static_cast<int>(whole_number(arguments, "threads", 1, 1024))};
  Experiment asked = experiment_from(arguments, catalog);
  const Submission submission = submission_from(arguments, placement, asked.name);
  const PlannedExperiment whole =
      planned(arguments, placement, std::move(asked), catalog, data_folder(arguments, catalog));
  const Schedule schedule{.results = submission.results};
  const OpenJobs open = KnownRecords(schedule, whole.experiment).open_jobs(whole.jobs);
  if (open.jobs.empty() && !arguments.has("gather")) {
    write_out("{}: every run has its record; `samplerbench report {}` reports\n", submission.experiment,
              shell_word(submission.folder().string()));
    return 0;
  }
  if (arguments.has("dry-run")) {
    print_all(submission, open);
    return 0;
  }
  write_experiment(whole.experiment, submission.results);
  if (arguments.has("gather")) return gather(submission, open, whole.jobs.size(), catalog);
  submit_all(submission, open);
  return 0;
}

}  // namespace samplerbench::harness
