#include "harness/support/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace samplerbench::harness {

SharedMemory::SharedMemory(size_t bytes) {
  Descriptor file(::memfd_create("samplerbench", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  // A file that the other program cut would end this one with SIGBUS.
  if (!file.is_open() || ::ftruncate(file.number(), static_cast<off_t>(bytes)) != 0 ||
      ::fcntl(file.number(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return;
  void* place = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (place == MAP_FAILED) return;
  file_ = std::move(file);
  bytes_ = bytes;
  data_ = static_cast<char*>(place);
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace samplerbench::harness
