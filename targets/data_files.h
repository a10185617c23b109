#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace samplerbench::targets {

// The files that problems are made from. A name is a path below the data folder
// ("covertype/covtype.data.gz") or the path of a user's file.
class DataFiles {
 public:
  virtual ~DataFiles() = default;

  // Passes the contents of the file to `take` in pieces of any size; gzip is decompressed. Throws InputError
  // if the file is missing (the message says how to get it), cannot be read or is damaged.
  virtual void read(const std::string& name, const std::function<void(std::string_view)>& take) const = 0;

  // Whether the SHA-256 of the file was stated beforehand, by a publication or by a record beside it, and is
  // right. What no reader can check while it reads may be made from such files alone.
  virtual bool is_vouched_for(const std::string& name) const { return false; }

  // The absolute path of the file, for what the system itself opens, such as a shared object. Throws
  // InputError as `read` does, and where the file has no path.
  virtual std::string place(const std::string& name) const;

  // The name of the file in messages: "data/covertype/covtype.data.gz".
  virtual std::string shown(const std::string& name) const { return name; }
};

// The whole contents of a file, gzip decompressed. Throws as DataFiles::read does.
std::string read_all(const std::string& name, const DataFiles& files);

// No files, for problems that read none.
const DataFiles& no_data_files();

}  // namespace samplerbench::targets
