#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/tensor.h"

namespace samplerbench {

// The safetensors format of named tensors, which Python's package of that name reads and writes: eight bytes
// with the length of a JSON header, the header, and the numbers, little end first. Of its types: F64, F32,
// I64, I32, U8 and BOOL.

// CPU tensors, in order of name. Throws InputError for a tensor of another type.
std::string to_safetensors(const std::map<std::string, Tensor>& tensors);

// Every length, type, shape and offset is checked before a number is copied: a tensor lies within the bytes,
// and the tensors cover them without a gap or an overlap. Throws InputError that says what is wrong.
std::map<std::string, Tensor> from_safetensors(std::string_view bytes);

}  // namespace samplerbench
