// Writes the TorchScript modules of tests/foreign/open-door.toml into a folder, each with the record of
// its SHA-256, without Python. All are of the law banana:curvature=0.25,sd=2. banana.pt is its density, with
// log Z and exact draws; generator.pt maps two normals onto that law; unbent-generator.pt leaves out the
// bend.
//
// usage: door_modules FOLDER
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numbers>
#include <stdexcept>
#include <string>

#include "core/json.h"
#include "tests/foreign/scripted.h"

namespace {

namespace fs = std::filesystem;

using samplerbench::Json;
using samplerbench::testing::Attributes;
using samplerbench::testing::saved;
using samplerbench::testing::scripted;

constexpr double kSd = 2, kCurvature = 0.25;

Attributes constants(double curvature) { return {{"sd", kSd}, {"curvature", curvature}}; }

// The end of a method that returns s e1 and e2 + c (x1^2 - s^2) of the normals e [n, 2] of that name: [n, 2].
std::string return_of_map(const std::string& normals) {
  return "    first = self.sd * " + normals + ".select(1, 0)\n" + "    second = " + normals +
         ".select(1, 1) + self.curvature * (first * first - self.sd * self.sd)\n" +
         "    return torch.stack([first, second], 1)\n";
}

torch::jit::Module energy() {
  const std::string forward =
      "def forward(self, x):\n"
      "    first = x.select(1, 0)\n"
      "    bent = x.select(1, 1) - self.curvature * (first * first - self.sd * self.sd)\n"
      "    return -0.5 * (first * first / (self.sd * self.sd) + bent * bent)\n";
  const std::string sample =
      "def sample(self, n: int):\n    normals = torch.randn([n, 2])\n" + return_of_map("normals");
  Attributes attributes = constants(kCurvature);
  attributes.emplace_back("dim", int64_t{2});
  attributes.emplace_back("log_z", std::log(2 * std::numbers::pi * kSd));
  return scripted({forward, sample}, attributes);
}

// Nothing was spent on it: it was written down, not trained.
torch::jit::Module generator(double curvature) {
  Attributes attributes = constants(curvature);
  attributes.emplace_back("latent", int64_t{2});
  attributes.emplace_back("cost_cpu_s", 0.0);
  attributes.emplace_back("cost_evaluations", int64_t{0});
  const std::string forward = "def forward(self, z):\n" + return_of_map("z");
  return scripted({forward}, attributes);
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error(file.string() + " cannot be written");
}

void write_module(const fs::path& file, const torch::jit::Module& module) {
  const std::string bytes = saved(module);
  write(file, bytes);
  write(fs::path(file).replace_extension(".json"), Json{{"sha256", samplerbench::sha256(bytes)}}.dump());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: door_modules FOLDER\n";
    return 2;
  }
  try {
    const fs::path folder = argv[1];
    write_module(folder / "banana.pt", energy());
    write_module(folder / "generator.pt", generator(kCurvature));
    write_module(folder / "unbent-generator.pt", generator(0));
  } catch (const std::exception& error) {
    std::cerr << "door_modules: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
