#pragma once

#include <cstddef>

namespace samplerbench::targets {

// Room within a shared object for a text that says which target a copy of the object stands for. The text is
// written into the file itself, in place of the zeros behind the mark. It is then mapped with the code: a
// copy needs no file beside it, does not look for its own path, and works after it was moved or stripped.
struct ExportRoom {
  char mark[64];
  char text[1 << 16];  // JSON {"name", "options", "label"}, ended by NUL; empty before a target is written
};

// The room as it is compiled: the mark, and zeros.
constexpr ExportRoom empty_export_room() {
  constexpr char kMark[] = "samplerbench: room for an exported target";
  ExportRoom room{};
  for (size_t i = 0; kMark[i] != '\0'; ++i) room.mark[i] = kMark[i];
  return room;
}

}  // namespace samplerbench::targets
