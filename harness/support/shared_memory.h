#pragma once

#include <cstddef>

#include "harness/support/descriptor.h"

namespace samplerbench::harness {

// Memory that this program shares with one that it starts, as an open file without a name. Nobody can change
// its size. Memory that is not touched takes no room.
class SharedMemory {
 public:
  // Is empty where the machine does not give so much.
  explicit SharedMemory(size_t bytes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  size_t bytes() const { return bytes_; }  // 0 where it is empty
  char* data() const { return data_; }

  // Of the file, below 0 where it is empty.
  int descriptor() const { return file_.number(); }

 private:
  Descriptor file_;
  size_t bytes_ = 0;
  char* data_ = nullptr;
};

}  // namespace samplerbench::harness
