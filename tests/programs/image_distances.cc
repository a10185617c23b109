// usage: image_distances X.npy Y.npy      distances between two sets of features, as JSON
#include <fmt/format.h>

#include <exception>

#include "core/json.h"
#include "harness/support/npy.h"
#include "metrics/fid.h"
#include "metrics/kid.h"

int main(int argc, char** argv) {
  using namespace samplerbench;
  if (argc != 3) {
    fmt::print(stderr, "usage: {} X.npy Y.npy\n", argv[0]);
    return 2;
  }
  try {
    const Tensor x = harness::read_npy(argv[1]), y = harness::read_npy(argv[2]);
    const metrics::FeatureMoments of_x = metrics::feature_moments(x), of_y = metrics::feature_moments(y);
    const metrics::KernelDistance kernel = metrics::squared_kernel_distance(x, y);
    const Json distances{{"fid", metrics::squared_frechet_distance(of_x, of_y)},
                         {"rank", metrics::covariance_rank(of_x.covariance)},
                         {"kid", kernel.value},
                         {"kid_standard_error", kernel.standard_error}};
    fmt::print("{}\n", distances.dump());
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
