#pragma once

namespace samplerbench::targets {

// What the targets `sine`, `swirl` and `checkerboard` have in common: N(0, s^2 I) is added to each point of
// the data sets of the same names.
inline constexpr double kToySd = 0.375;  // s

inline constexpr const char* kToyCitation =
    "a data set of Chao et al. 2023, arXiv 2305.15267; its density and score are this suite's";

}  // namespace samplerbench::targets
