#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/plan/expected_costs.h"
#include "harness/plan/job.h"
#include "harness/records/packed_records.h"
#include "harness/records/record.h"
#include "harness/run/schedule.h"

namespace samplerbench::harness {

// How a job stands that need not be carried out.
struct Standing {
  Status status = Status::finished;
  bool disturbed = false;  // Record::disturbed
  bool loose = false;      // in a file of its own
  double wall_s = 0;       // of the whole job; 0 where its record does not say
};

// Which jobs of an experiment must be carried out, and how long they are expected to take.
struct OpenJobs {
  std::vector<Job> jobs;
  ExpectedCosts costs;  // by all records of the experiment, also those of jobs that it no longer has
};

// The records that an experiment has in its results folder, loose or packed, and those of other experiments
// in that folder: equal work has equal keys, so an experiment may take over what another has run.
class KnownRecords {
 public:
  // Throws InputError where a packed file of the experiment is damaged. `schedule` and `experiment` must
  // outlive it.
  KnownRecords(const Schedule& schedule, const Experiment& experiment);

  // Nothing where the job must be carried out. A record stands if a report would call it whole, its status is
  // not one to repeat, nor that it was disturbed, it is no failure by a smaller limit than today's, and it
  // does not lack a reference posterior that may be there by now.
  std::optional<Standing> standing(const Job& job) const;

  // Those of `jobs` that do not stand, in their order. Reads each record of the experiment once.
  OpenJobs open_jobs(const std::vector<Job>& jobs) const;

  // Whether there is a finished record of the job that is repeated because it was disturbed.
  bool holds_disturbed(const Job& job) const;

  // Copies the record of equal work by another experiment, and what is kept beside it, to where `job` has its
  // own, under the job's labels. Returns its first line as it is now; nothing where no such record stands.
  // Throws CannotWrite.
  std::optional<BeginLine> take_over(const Job& job);

  // Sees to it that the record of a reference posterior and its draws stand loose, as runs read them: from
  // a packed file, or from the experiment that it was taken over from. False where the draws are nowhere.
  // Throws CannotWrite.
  bool provide(const Job& reference);

  // What was passed over in the folders of other experiments.
  const std::vector<LeftOut>& left_out() const { return left_out_; }

 private:
  // What of a record decides whether it stands.
  struct Brief {
    explicit Brief(const Record& record);

    Status status = Status::damaged;
    Limits limits;  // under which it was made
    bool disturbed = false;
    bool without_reference = false;  // which was missing then
    double wall_s = 0;               // of the whole job
    std::string began = {};          // of a packed one: PackedRecord::began
  };

  std::optional<Standing> standing(const Job& job, const std::filesystem::path& file,
                                   const Record& record) const;
  std::optional<Standing> standing_packed(const Job& job) const;
  std::optional<Standing> standing(const Job& job, const Brief& brief, bool has_draws) const;
  bool failed_by_smaller_limit(const Brief& brief) const;
  void read_own();
  void look_around();
  void look_into(const std::filesystem::path& folder);
  std::optional<BeginLine> write_as_own(const Job& job, PackedRecord record) const;

  const Schedule& schedule_;
  const Experiment& experiment_;
  std::map<std::string, Brief> packed_;  // by key
  PackedRecords references_;             // of the packed ones, those of reference posteriors
  ExpectedCosts packed_costs_;           // what the packed ones tell
  std::set<std::string> lost_;           // keys of packed references whose draws are nowhere
  bool looked_around_ = false;
  std::multimap<std::string, std::filesystem::path>
      loose_elsewhere_;  // by file name, which is made from the key
  std::vector<PackedRecords> packed_elsewhere_;
  std::vector<LeftOut> left_out_;
};

}  // namespace samplerbench::harness
