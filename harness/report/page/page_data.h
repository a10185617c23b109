#pragma once

#include <cstddef>
#include <string>

#include "core/json.h"
#include "harness/report/analysis/profile.h"

namespace samplerbench::harness::reporting {

// Beyond this many bytes the data of a page hold fewer checkpoints, then means over the seeds alone.
inline constexpr size_t kPageDataLimit = 2'000'000;

// What the page draws its matrix and its curves from, as JSON for the content of a <script
// type="application/json">: every <, > and & of it is an escape of JSON, so that no label ends the element.
// Numbers have four significant digits. Its members:
//   name, seeds (their number), draws (of a checkpoint), statuses (words), reduced (what was left out, in
//   words; empty where nothing was), t975 (by a count of values, the 97.5 % quantile of Student's t)
//   mixed: why seconds of these runs do not compare, in words; empty where they do. The page then shows no
//   seconds, and answers are empty
//   targets: {label, name}; samplers: {label, name, oracle}; metrics: {label, name, better, quality, text}
//   entrants: {name, samplers, oracle, start}, the methods with their variants
//   floors[target][metric]: null or [mean, q05, q95] of one exact set against another
//   times: seconds that answers are for; answers[clock, cpu or wall][metric][target][time]: null or [best
//   entrant, whether it is at the floor, entrants level with it, the second, lead, its interval's ends,
//   whether the lead is a ratio]; profile[clock]: {times, lines: {entrant, budget, share, low, high}} runs:
//   [target, sampler, seed, status, [cpu, wall, gradients], {metric: values}], all by index; a clock holds
//   seconds of process CPU time, seconds, or gradients, of training and the draws, by checkpoint; a value is
//   null where there is none or it is not finite. Of means over the seeds the seed is null and a last member
//   holds the half-widths of their 95 % intervals.
std::string page_data(const TimeAnswers& times, size_t limit = kPageDataLimit);

// `json` as text that may stand in a <script type="application/json">.
std::string script_text(const Json& json);

}  // namespace samplerbench::harness::reporting
