#pragma once

#include <string>
#include <utility>

#include "core/error.h"
#include "targets/data_files.h"

namespace samplerbench::testing {

// One file, held in memory, in the folder that messages show, whose SHA-256 counts as stated beforehand or
// not.
class OneFile : public targets::DataFiles {
 public:
  OneFile(std::string name, std::string bytes, std::string folder = "", bool vouched_for = true)
      : name_(std::move(name)),
        bytes_(std::move(bytes)),
        folder_(std::move(folder)),
        vouched_for_(vouched_for) {}

  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override {
    if (name != name_) throw InputError(name + ": no such file");
    take(bytes_);
  }
  bool is_vouched_for(const std::string&) const override { return vouched_for_; }
  std::string shown(const std::string& name) const override { return folder_ + name; }

 private:
  std::string name_, bytes_, folder_;
  bool vouched_for_;
};

}  // namespace samplerbench::testing
