#include "targets/data_files.h"

#include "core/error.h"

namespace samplerbench::targets {
namespace {

class NoDataFiles : public DataFiles {
 public:
  void read(const std::string& name, const std::function<void(std::string_view)>&) const override {
    throw InputError(name + ": there is no data folder here");
  }
};

}  // namespace

std::string DataFiles::place(const std::string& name) const {
  throw InputError(name + ": is not a file on disk, which is needed here");
}

std::string read_all(const std::string& name, const DataFiles& files) {
  std::string bytes;
  files.read(name, [&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

const DataFiles& no_data_files() {
  static const NoDataFiles none;
  return none;
}

}  // namespace samplerbench::targets
