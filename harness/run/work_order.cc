#include "harness/run/work_order.h"

#include "harness/run/context.h"

namespace samplerbench::harness {

BeginLine begin_line(const WorkOrder& order, std::map<std::string, Convention> conventions, int64_t dim) {
  Json context = machine_context();
  context["threads"] = order.job.work.threads;
  context["device"] = order.job.work.device.value_or("cpu");
  context["jobs"] = order.jobs;
  if (order.calibration) context["calibration"] = json_of(*order.calibration);
  return {.kind = order.job.kind(),
          .key = order.job.key,
          .experiment = order.experiment,
          .job = order.job.work,
          .dim = dim,
          .conventions = std::move(conventions),
          .limits = order.limits,
          .context = std::move(context)};
}

}  // namespace samplerbench::harness
