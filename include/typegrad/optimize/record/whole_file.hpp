// SPDX-License-Identifier: BSL-1.0
// A file that is whole or not there: written beside the old one, brought to the disk, and put in its place at
// once.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstdio>
#include <string>
#include <string_view>

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace tg::detail {

/// Waits until what was written to an open file, or the names in a folder, are on the disk; where there is no
/// such thing, nothing.
inline bool to_disk([[maybe_unused]] std::FILE* file) {
#if __has_include(<unistd.h>)
  return fsync(fileno(file)) == 0;
#else
  return true;
#endif
}
inline void folder_to_disk([[maybe_unused]] const std::string& path) {
#if __has_include(<unistd.h>)
  const std::size_t last = path.rfind('/');
  const int folder = open(last == std::string::npos ? "." : path.substr(0, last + 1).c_str(), O_RDONLY);
  if (folder < 0) return;
  (void)fsync(folder);
  (void)close(folder);
#endif
}

/// Whether there is something at path that is no file, such as a folder or a device, which none may replace.
inline bool is_no_file([[maybe_unused]] const std::string& path) {
#if __has_include(<unistd.h>)
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
#else
  return false;
#endif
}

/// Writes "path.new" and renames it to path, so that a crash leaves the old file or the new one. What is
/// written is what `write` gives, piece by piece, to the function that it is called with. Returns what went
/// wrong, to stand behind the file's name, or nothing.
template <class Write>
std::string write_whole(const std::string& path, Write write) {
  if (is_no_file(path)) return "is no file; give the name of one, or of none yet";
  const std::string beside = path + ".new";
  std::FILE* const file = std::fopen(beside.c_str(), "wb");
  bool written = file != nullptr;
  if (file != nullptr) {
    write([&](std::string_view piece) {
      written =
          written && (piece.empty() || std::fwrite(piece.data(), 1, piece.size(), file) == piece.size());
    });
    written = written && std::fflush(file) == 0 && to_disk(file);
    written = std::fclose(file) == 0 && written;
  }
  const bool in_place = written && std::rename(beside.c_str(), path.c_str()) == 0;
  if (file != nullptr && !in_place) std::remove(beside.c_str());
  if (!written) return "cannot be written; check the folder and the space on the disk";
  if (!in_place) return "cannot be replaced; check the folder's permissions";
  folder_to_disk(path);
  return {};
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
