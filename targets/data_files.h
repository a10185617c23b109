#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace samplerbench::targets {

// The files that problems are made from, whatever holds them. A name is a path below the data folder
// ("covertype/covtype.data.gz"), or of the user's own.
class DataFiles {
 public:
  virtual ~DataFiles() = default;

  // Hands the contents of the file, decompressed where it is gzip, to `take` in pieces of any size. Throws
  // InputError where the file is missing (what supplies it is said), cannot be read, or is damaged.
  virtual void read(const std::string& name, const std::function<void(std::string_view)>& take) const = 0;

  // The file as messages name it: "data/covertype/covtype.data.gz".
  virtual std::string shown(const std::string& name) const { return name; }
};

// Holds no file: for problems that read none.
const DataFiles& no_data_files();

}  // namespace samplerbench::targets
