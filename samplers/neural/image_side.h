#pragma once

#include <cstdint>
#include <string>

namespace samplerbench::samplers {

// The side of square images of `dim` pixels that can be halved twice. Throws InputError, which names `option`
// as what asks for them, where there is none.
int64_t image_side(int64_t dim, const std::string& option);

}  // namespace samplerbench::samplers
