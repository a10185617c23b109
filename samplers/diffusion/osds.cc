#include "samplers/diffusion/osds.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/error.h"
#include "samplers/diffusion/dis.h"
#include "samplers/mean_of_z.h"

namespace samplerbench::samplers {
namespace {

// The share of the schedule over which the distillation's weight grows: 2,500 of 60,000 steps in published
// code.
constexpr double kDistillationRamp = 2500.0 / 60000;
constexpr int64_t kMostWeighedCoordinates = 64;  // D from which on draws are not weighed

ShortcutSchedule shortcut_schedule(const SamplerInput& input) {
  return {.start_sd = input.start_scale,
          .first_rate = input.options.real("first_rate"),
          .last_rate = input.options.real("last_rate")};
}

ControlNet shortcut_net(const SamplerInput& input) {
  Rng rng = input.init.split("control");
  return {ControlNetShape::of(input.options, input.target.dim(), input.start_scale),
          shortcut_schedule(input).nodes(input.options.integer("steps")), rng, input.placement};
}

// A step of a flow with what is compared of it.
struct ProbedStep {
  Tensor x;        // [N, D]
  Tensor log_det;  // [N], to first order along the signs
  Tensor slope;    // [N, D], J v
};

ProbedStep probed_step(const ShortcutStep& step, const ControlNet& net, const Distillation::Points& points) {
  const DenseLayers::Jet jet =
      net.at({step.node}).jet(0, points.x, points.score, points.signs.unsqueeze(0));
  const Tensor slope = jet.derivative.squeeze(0);
  return {.x = step.after(points.x, jet.value),
          .log_det = step.growth * static_cast<double>(points.x.size(1)) +
                     step.control * (points.signs * slope).sum(1),
          .slope = slope};
}

}  // namespace

double ShortcutSchedule::rate(double time) const {
  const double cosine = std::cos(std::numbers::pi / 2 * time);
  return last_rate + (first_rate - last_rate) * cosine * cosine;
}

PathProcess ShortcutSchedule::process(int64_t count) const {
  return dis_process(count, start_sd, [this](double time) { return rate(time); });
}

std::vector<ControlNode> ShortcutSchedule::nodes(int64_t count) const {
  std::vector<ControlNode> nodes;
  for (const ShortcutStep& step : steps(count)) nodes.push_back(step.node);
  nodes.push_back({.time = 1, .length = 1 / static_cast<double>(count)});
  return nodes;
}

ShortcutStep ShortcutSchedule::step(double time, double length) const {
  const double beta = rate(time);
  return {.growth = beta * length / 2,
          .control = std::sqrt(beta) * start_sd * length / 2,
          .node = {.time = time, .length = length, .guide = dis_guide(time, beta, start_sd)}};
}

std::vector<ShortcutStep> ShortcutSchedule::steps(int64_t count) const {
  const double length = 1 / static_cast<double>(count);
  std::vector<ShortcutStep> all;
  for (int64_t k = 0; k < count; ++k) all.push_back(step(static_cast<double>(k) * length, length));
  return all;
}

OptionTable Distillation::options() {
  const Distillation fallback;
  return {Option::real("volume", fallback.volume,
                       "of the squared difference of log determinants in the distillation's loss")
              .at_least(0)
              .unless("distillation", 0.0),
          Option::real("jacobian", fallback.jacobian, "of the squared derivative of the control in it")
              .at_least(0)
              .unless("distillation", 0.0)};
}

Distillation Distillation::of(const Options& options) {
  return {.volume = options.real("volume"), .jacobian = options.real("jacobian")};
}

Tensor Distillation::loss(const ShortcutSchedule& schedule, double time, double length, const Points& points,
                          const ControlNet& student, const ControlNet& teacher,
                          const std::function<Tensor(const Tensor&)>& score) const {
  Tensor x, log_det;  // of the teacher
  {
    torch::NoGradGuard no_grad;
    const ShortcutStep first = schedule.step(time, length / 2),
                       second = schedule.step(time + length / 2, length / 2);
    const ProbedStep middle = probed_step(first, teacher, points);
    const ProbedStep end =
        probed_step(second, teacher, {.x = middle.x, .score = score(middle.x), .signs = points.signs});
    x = end.x;
    log_det = middle.log_det + end.log_det;
  }
  const ProbedStep whole = probed_step(schedule.step(time, length), student, points);
  const double square = schedule.start_sd * schedule.start_sd;
  return (whole.x - x).square().mean(1) / square + volume * (whole.log_det - log_det).square() +
         jacobian * square * whole.slope.square().mean(1);
}

namespace {

// How many lengths of steps are distilled, where paths have so many steps, a power of two.
int64_t doublings(int64_t steps) {
  return static_cast<int64_t>(std::countr_zero(static_cast<uint64_t>(steps)));
}

// A net that is trained on paths in T steps, as `dis`, and by distillation for steps twice, four times, ... T
// times as long, each from multiples of its length. The length enters the net beside time. A step of the
// sampler is two updates of the same Adam: by the loss over paths, then by the distillation from states of
// these paths as they are. In the latter each length has an equal share of the paths and a start at random;
// published code draws a length and a start for each path. Its gradient goes by autograd, through one pass of
// the net with tangents for each length; the teacher is the average of the weights. Its weight in the loss is
// that of a gradient before Adam, which nearly undoes it, as in published code.
//
// Draws are images of normal starts by the flow in `draw_steps` steps. They ask the target for draw_steps - 1
// scores each: at the start the guide is that of r alone. Where D is at most 64 they are weighed when
// somebody asks for log Z or weights, which is no part of drawing.
class Osds : public PathSampler {
 public:
  explicit Osds(const SamplerInput& input)
      : PathSampler(input, shortcut_schedule(input).process(input.options.integer("steps")),
                    shortcut_net(input), input.options.real("weight_decay")),
        target_(input.target),
        flow_(shortcut_schedule(input)),
        distillation_(Distillation::of(input.options)),
        steps_(input.options.integer("steps")),
        weight_(input.options.real("distillation")),
        score_cap_(input.options.real("score_cap")),
        map_(input.target, flow_.steps(input.options.integer("draw_steps")), flow_.start_sd, score_cap_) {}

  // Diagnostics: those of the paths; of the distillation `distilled`, its loss, and `distilled_gradient`.
  Json step(Rng& rng) override {
    starts_ = log_weights_ = Tensor();
    Json diagnostics = PathSampler::step(rng);
    if (weight_ > 0) diagnostics.update(distil(rng));
    return diagnostics;
  }

  Tensor draw(int64_t n, Rng& rng) override {
    starts_ = map_.starts(n, rng, placement());
    log_weights_ = Tensor();
    const Tensor draws = map_.images(starts_, averaged());
    if (!std::isfinite(draws.sum().item<double>())) throw Diverged("a draw left the finite numbers");
    return draws;
  }

  // Not a number where a draw's own weight is none.
  std::optional<LogZ> log_z() const override {
    const auto weights = path_weights();
    if (!weights) return std::nullopt;
    return mean_weight(weights->log_weights.to(torch::kCPU));
  }

  // In float64. As ShortcutMap::log_weights() says, with NaN where the map folds; starts of given points are
  // not known.
  std::optional<PathWeights> path_weights() const override {
    if (!starts_.defined() || dim() > kMostWeighedCoordinates) return std::nullopt;
    if (!log_weights_.defined())
      log_weights_ = map_.log_weights(starts_.to(torch::kDouble),
                                      averaged().with(averaged().parameters().to(torch::kDouble)));
    return PathWeights{.log_weights = log_weights_.clone(), .run_back = {}};
  }

 private:
  Json distil(Rng& rng) {
    torch::AutoGradMode recording(true);
    const Tensor leaf = net().parameters().detach().requires_grad_();
    const Tensor loss = distillation_loss(net().with(leaf), rng);
    const Tensor gradient = torch::autograd::grad({loss}, {leaf})[0];
    const double length = descend(gradient * (weight_ * std::min(1.0, progress() / kDistillationRamp)));
    return {{"distilled", loss.item<double>()}, {"distilled_gradient", length}};
  }

  // Over all lengths, each on its share of the last step's paths: [].
  Tensor distillation_loss(const ControlNet& student, Rng& rng) {
    const int64_t lengths = doublings(steps_), paths = last_paths().x(0).size(0);
    const double h = 1 / static_cast<double>(steps_);
    std::vector<Tensor> losses;
    for (int64_t k = 0; k < lengths; ++k) {
      const int64_t first = paths * k / lengths, rows = paths * (k + 1) / lengths - first;
      const int64_t length = int64_t{2} << k;
      const int64_t node = length * rng.integers(steps_ / length, {1}, torch::kLong).item<int64_t>();
      const Tensor& score = last_paths().score(node);
      const Tensor x = last_paths().x(node).narrow(0, first, rows);
      const Distillation::Points points{.x = x,
                                        .score = node == 0 ? Tensor() : score.narrow(0, first, rows),
                                        .signs = random_signs(x, rng)};
      losses.push_back(distillation_.loss(flow_, static_cast<double>(node) * h,
                                          static_cast<double>(length) * h, points, student, averaged(),
                                          [this](const Tensor& middle) {
                                            return cut_scores(target_.score(middle), score_cap_);
                                          }));
    }
    return torch::cat(losses).mean();
  }

  static Tensor random_signs(const Tensor& like, Rng& rng) {
    return rng.integers(2, like.sizes(), like.options()).to(like.scalar_type()).mul_(2).sub_(1);
  }

  const targets::Target& target_;
  ShortcutSchedule flow_;
  Distillation distillation_;
  int64_t steps_;  // T
  double weight_;
  double score_cap_;
  ShortcutMap map_;
  Tensor starts_;               // [n, D], of the last draws; undefined after a step
  mutable Tensor log_weights_;  // [n], of these; undefined until somebody asks
};

// Throws InputError for numbers of steps between which no doubling leads, and for batches in which a length
// has no path.
void check_osds(const Options& options) {
  const int64_t steps = options.integer("steps"), draw_steps = options.integer("draw_steps");
  if (steps < 2 || !std::has_single_bit(static_cast<uint64_t>(steps)))
    throw InputError(fmt::format("option 'steps' ({}) must be a power of two from 2 on", steps));
  if (draw_steps > steps || !std::has_single_bit(static_cast<uint64_t>(draw_steps)))
    throw InputError(fmt::format("option 'draw_steps' ({}) must be a power of two, and at most 'steps' ({})",
                                 draw_steps, steps));
  const int64_t batch = options.integer("batch"), lengths = doublings(steps);
  if (options.real("distillation") > 0 && batch < lengths)
    throw InputError(fmt::format(
        "option 'batch' ({}) must be at least {}, a path for each length of a step that is distilled", batch,
        lengths));
}

OptionTable osds_options() {
  const OptionTable paths{
      Option::integer("draw_steps", 1, "steps of the flow to a draw; a power of two, as `steps` is")
          .at_least(1),
      Option::real("first_rate", 5.0, "noise a unit of time where paths start").above(0),
      Option::real("last_rate", 0.005, "the same where they end").above(0)};
  return joined(
      {with_defaults(path_options(paths), {{"steps", 32}, {"batch", 256}}),
       grouped("training",
               {Option::real("weight_decay", 0.1,
                             "Adam's: an update takes this times its rate off each weight")
                    .at_least(0)}),
       grouped("distillation",
               joined({{Option::real("distillation", 0.25, "weight of its loss; 0 for none").at_least(0)},
                       Distillation::options()}))});
}

}  // namespace

void add_osds(SamplerRegistry& registry) {
  registry.add(
      {.name = "osds",
       .summary = "one-step diffusion sampler: a diffusion distilled into a flow of one or a few steps",
       .citation = "One-Step Diffusion Samplers via Self-Distillation and Deterministic Flow (2025), arXiv "
                   "2512.05251",
       .facts = {"OSDS", DrawsAre::guided},
       .options = osds_options(),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         check_osds(input.options);
         return std::make_unique<Osds>(input);
       },
       .check = check_osds});
}

}  // namespace samplerbench::samplers
