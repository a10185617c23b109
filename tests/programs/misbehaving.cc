// The suite with samplers that fail in every way a run can fail: what the scheduler is tested with.
#include <csignal>
#include <thread>

#include "core/error.h"
#include "harness/command_line.h"

namespace {

using namespace samplerbench;

class Misbehaving : public samplers::Sampler {
 public:
  Misbehaving(const samplers::SamplerInput& input)
      : how_(input.options.text("how")), draws_(input.start(1000)) {
    if (how_ == "refuse") throw InputError("this sampler does not take this target");
  }

  Json step(Rng&) override {
    if (++steps_ < 5) return Json::object();
    if (how_ == "throw") throw std::runtime_error("a sampler's own <error> & message");
    if (how_ == "diverge") throw Diverged("the loss is not finite");
    if (how_ == "nan") draws_.fill_(std::nan(""));
    if (how_ == "kill") raise(SIGKILL);
    if (how_ == "abort") std::abort();
    if (how_ == "exit") std::_Exit(9);
    if (how_ == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
    if (how_ == "hoard") {
      Tensor hoard = torch::zeros({int64_t{1} << 30});
      draws_.add_(hoard.sum());
    }
    return Json::object();
  }

  Tensor draw(int64_t n, Rng&) override { return draws_.slice(0, 0, n).clone(); }
  void save(Archive& archive) const override { archive.put("draws", draws_); }
  void load(const Archive& archive) override { draws_ = archive.get("draws"); }

 private:
  std::string how_;
  Tensor draws_;
  int steps_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  auto catalog = harness::Catalog::standard();
  catalog.samplers.add(
      {.name = "misbehaving",
       .summary = "fails as it is told",
       .citation = "",
       .options = {Option::choice(
           "how", "not",
           {"not", "refuse", "throw", "diverge", "nan", "kill", "abort", "exit", "hang", "hoard"},
           "how it fails")},
       .make = [](const samplers::SamplerInput& input) { return std::make_unique<Misbehaving>(input); }});
  return harness::run_command_line(argc, argv, catalog);
}
