#pragma once

#include <string>
#include <utility>

#include "core/error.h"
#include "targets/data_files.h"

namespace samplerbench::testing {

// One file, held in memory, in the folder that messages show.
class OneFile : public targets::DataFiles {
 public:
  OneFile(std::string name, std::string bytes, std::string folder = "")
      : name_(std::move(name)), bytes_(std::move(bytes)), folder_(std::move(folder)) {}

  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override {
    if (name != name_) throw InputError(name + ": no such file");
    take(bytes_);
  }
  std::string shown(const std::string& name) const override { return folder_ + name; }

 private:
  std::string name_, bytes_, folder_;
};

}  // namespace samplerbench::testing
