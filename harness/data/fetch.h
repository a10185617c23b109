#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/data/published.h"

namespace samplerbench::harness {

// Thrown where no mirror supplies a file. The message has a line for each mirror, with the reason.
class FetchFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct FetchOptions {
  std::string from;        // the URL of a folder laid out as the data folder, tried first; may be empty
  int stall_seconds = 30;  // a transfer slower than 1 KiB/s for so long is given up
  // Called now and then with the bytes that are here and those that the file has, 0 where that is not known.
  std::function<void(int64_t there, int64_t all)> progress = [](int64_t, int64_t) {};
};

// Gets a published file into the data folder, from the first mirror that supplies it. Returns that mirror's
// URL. The file grows as `<path>.part`, which a later attempt continues, and is renamed when its SHA-256 is
// right. Throws FetchFailed, FileBusy where another process fetches the file, and CannotWrite.
std::string fetch(const PublishedFile& file, const std::filesystem::path& folder,
                  const FetchOptions& options = {});

}  // namespace samplerbench::harness
