#include "core/nets/adam.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/nets/blocks.h"
#include "core/rng.h"

namespace samplerbench {
namespace {

const auto kPlacement = torch::TensorOptions().dtype(torch::kDouble);

TEST(Adam, EqualsTheTextbook) {
  const AdamSettings settings{
      .learning_rate = 0.03, .beta1 = 0.8, .beta2 = 0.95, .clip = 0.5, .weight_decay = 0.7};
  Rng rng(9);
  Tensor parameters = rng.normal({6}, kPlacement);
  Adam adam(parameters, settings);
  std::vector<double> theta(6), m(6, 0.0), v(6, 0.0);
  for (size_t i = 0; i < 6; ++i) theta[i] = parameters[i].item<double>();
  for (int t = 1; t <= 20; ++t) {
    const Tensor gradient = t % 2 ? rng.normal({6}, kPlacement) : 1e-3 * rng.normal({6}, kPlacement);
    const double rate = 1.0 / t, norm = gradient.norm().item<double>();
    adam.gradient().copy_(gradient);
    EXPECT_NEAR(adam.update(parameters, rate).item<double>(), norm, 1e-12);
    for (int64_t i = 0; i < 6; ++i) {
      const double g = gradient[i].item<double>() * std::min(1.0, settings.clip / norm);
      m[i] = settings.beta1 * m[i] + (1 - settings.beta1) * g;
      v[i] = settings.beta2 * v[i] + (1 - settings.beta2) * g * g;
      const double m_hat = m[i] / (1 - std::pow(settings.beta1, t)),
                   v_hat = v[i] / (1 - std::pow(settings.beta2, t));
      theta[i] -= rate * settings.learning_rate *
                  (m_hat / (std::sqrt(v_hat) + settings.epsilon) + settings.weight_decay * theta[i]);
      EXPECT_NEAR(parameters[i].item<double>(), theta[i], 1e-12);
    }
  }
}

// A tensor of several blocks and a rest, and the same numbers in pieces of one block each.
TEST(Adam, WorksOnBlocksAsOnPiecesOfThem) {
  Rng rng(9);
  Tensor whole = rng.normal({2 * kBlock + 5}, torch::kFloat);
  std::vector<Tensor> pieces = whole.clone().split(kBlock);
  Adam adam(whole, {.weight_decay = 0.1});
  std::vector<Adam> others;
  for (const Tensor& piece : pieces) others.emplace_back(piece, AdamSettings{.weight_decay = 0.1});
  for (int update = 0; update < 3; ++update) {
    const Tensor gradient = rng.normal({2 * kBlock + 5}, torch::kFloat);
    adam.gradient().copy_(gradient);
    adam.update(whole);
    for (size_t i = 0; i < pieces.size(); ++i) {
      others[i].gradient().copy_(gradient.split(kBlock)[i]);
      others[i].update(pieces[i]);
    }
  }
  EXPECT_TRUE(torch::equal(whole, torch::cat(pieces)));
}

TEST(Adam, GoesOnInAnotherProcess) {
  Rng rng(9);
  Tensor parameters = rng.normal({6}, kPlacement);
  Adam adam(parameters, {});
  const auto walk = [](Adam& adam, Tensor& parameters, int64_t updates) {
    for (int64_t i = 0; i < updates; ++i) {
      adam.gradient().copy_(parameters.sin());
      adam.update(parameters);
    }
  };
  walk(adam, parameters, 3);
  Archive archive;
  adam.save(archive);
  Tensor copy = parameters.clone();
  Adam loaded(copy, {});
  loaded.load(Archive::parse(archive.serialise(), "a test"));
  EXPECT_EQ(loaded.updates(), 3);
  walk(adam, parameters, 4);
  walk(loaded, copy, 4);
  EXPECT_TRUE(torch::equal(parameters, copy));
}

}  // namespace
}  // namespace samplerbench
