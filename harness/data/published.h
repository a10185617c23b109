#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace samplerbench::harness {

// A data file as its publisher made it.
struct PublishedFile {
  std::string path;                       // below the data folder
  std::string sha256;                     // 64 hexadecimal digits
  int64_t bytes = 0;                      // 0 where it is not known
  std::vector<std::string> mirrors = {};  // whole URLs, tried in turn; none: it cannot be downloaded
};

// A data set that the suite knows by name.
struct PublishedSet {
  std::string name;
  std::string summary;  // one line: what it is, rows and columns
  std::string licence;
  std::string citation;
  std::vector<PublishedFile> files;
  std::string elsewhere = "";  // where files without mirrors can be found
};

// Data sets by name.
class PublishedData {
 public:
  // Throws std::logic_error for a name or a path that is taken.
  void add(PublishedSet set);

  // Throws InputError with the nearest known name.
  const PublishedSet& at(const std::string& name) const;

  // The set and the file of that path below the data folder; null where it is none of these.
  const PublishedSet* set_of(const std::string& path) const;
  const PublishedFile* file(const std::string& path) const;

  auto begin() const { return sets_.begin(); }
  auto end() const { return sets_.end(); }

 private:
  std::map<std::string, PublishedSet> sets_;
};

// The data sets whose addresses and hashes the suite knows.
PublishedData published_data();

}  // namespace samplerbench::harness
