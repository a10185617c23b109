#include "targets/flow/flow_learner.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/error.h"
#include "core/nets/rms_prop.h"
#include "core/nets/schedule.h"
#include "core/suggest.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMostSkippedInARow = 10;

}  // namespace

const std::vector<std::string>& flow_optimisers() {
  static const std::vector<std::string> names{"rmsprop", "adam"};
  return names;
}

FlowOptimiser flow_optimiser(const std::string& name, const Tensor& weights, const AdamSettings& settings) {
  if (name == "adam") return std::make_unique<Adam>(weights, settings);
  if (name != "rmsprop") throw InputError(unknown_name("optimiser", name, flow_optimisers()));
  return std::make_unique<RmsProp>(
      weights, RmsPropSettings{.learning_rate = settings.learning_rate, .clip = settings.clip});
}

FlowLearner::FlowLearner(const FlowNetwork& network, Tensor weights, FlowOptimiser optimiser,
                         double averaging)
    : weights_(std::move(weights)),
      averaged_(weights_.clone()),
      optimiser_(std::move(optimiser)),
      averaging_(averaging),
      leaves_(leaves_at(network.unflatten(weights_))) {
  collect_gradient(leaves_, network.unflatten(optimiser_->gradient()));
}

Json FlowLearner::step(const Loss& loss, double rate) {
  if (const std::optional<Slope> slope = slope_of(loss)) {
    last_ = *slope;
    update(rate, slope->length);
  } else {
    skip();
  }
  return {{"loss", last_.loss}, {"gradient", last_.length}, {"skipped_steps", skipped_}};
}

std::optional<FlowLearner::Slope> FlowLearner::slope_of(const Loss& loss) {
  torch::AutoGradMode enabled(true);
  const Tensor value = loss(leaves_);
  const double read = value.item<double>();
  if (!std::isfinite(read)) return std::nullopt;
  const Tensor gradient = optimiser_->gradient().zero_();
  torch::autograd::backward({value}, {});
  const double length = gradient.norm().item<double>();
  if (!std::isfinite(length)) return std::nullopt;
  return Slope{read, length};
}

void FlowLearner::update(double rate, double length) {
  optimiser_->update(weights_, rate, length);
  average_into(averaged_, weights_, averaging_, optimiser_->updates());
  in_a_row_ = 0;
}

void FlowLearner::skip() {
  ++skipped_;
  if (++in_a_row_ >= kMostSkippedInARow)
    throw Diverged(fmt::format("the loss or its gradient is not finite, {} steps in a row", in_a_row_));
}

void FlowLearner::save(Archive& archive) const {
  archive.put("weights", weights_);
  archive.put("averaged", averaged_);
  optimiser_->save(archive);
  archive.put("skipped", torch::tensor(std::vector<int64_t>{skipped_, in_a_row_}, torch::kLong));
  archive.put("last", torch::tensor(std::vector<double>{last_.loss, last_.length}, torch::kDouble));
}

void FlowLearner::load(const Archive& archive) {
  archive.restore("weights", weights_);
  archive.restore("averaged", averaged_);
  optimiser_->load(archive);
  Tensor skipped = torch::zeros({2}, torch::kLong), last = torch::zeros({2}, torch::kDouble);
  archive.restore("skipped", skipped);
  archive.restore("last", last);
  skipped_ = skipped[0].item<int64_t>();
  in_a_row_ = skipped[1].item<int64_t>();
  last_ = {last[0].item<double>(), last[1].item<double>()};
}

}  // namespace samplerbench::targets
