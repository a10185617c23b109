#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/report/tables/table.h"

namespace samplerbench::harness::reporting {

// Remembers which notes a reader has seen: a note of several tables is printed once, under the first of them.
class ShownNotes {
 public:
  // The notes of a table that no earlier one had.
  std::vector<std::string> new_notes(const Table& table) {
    std::vector<std::string> notes;
    for (const std::string& note : table.notes)
      if (shown_.insert(note).second) notes.push_back(note);
    return notes;
  }

 private:
  std::set<std::string> shown_;
};

}  // namespace samplerbench::harness::reporting
