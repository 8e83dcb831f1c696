// SPDX-License-Identifier: BSL-1.0
// Writes a file so that whoever reads it, at any moment and after any crash, finds the old one or the new one
// whole: the bytes go to "path.new", are brought to the disk, and take the place of `path` at once.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "bad_file.hpp"

namespace tg::detail {

class replacing_file {
 public:
  explicit replacing_file(std::string path)
      : path_(std::move(path)), beside_(path_ + ".new"), file_(std::fopen(beside_.c_str(), "wb")) {
    if (file_ == nullptr) refuse_bytes(path_, "cannot be written; check the folder");
  }
  replacing_file(const replacing_file&) = delete;
  /// What was not put in place leaves nothing behind.
  ~replacing_file() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::remove(beside_.c_str());
  }

  void write(std::string_view bytes) {
    if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
  }
  /// Now it is the file `path`.
  void put_in_place() {
    if (std::fflush(file_) != 0 || fsync(fileno(file_)) != 0) fail();
    if (std::fclose(std::exchange(file_, nullptr)) != 0 || std::rename(beside_.c_str(), path_.c_str()) != 0) {
      std::remove(beside_.c_str());
      fail();
    }
    // That it has another name now is a matter of the folder, which not every system brings to the disk.
    const std::size_t end = path_.rfind('/');
    const std::string folder = end == path_.npos ? "." : path_.substr(0, end + 1);
    if (const int opened = open(folder.c_str(), O_RDONLY); opened >= 0) fsync(opened), close(opened);
  }

 private:
  [[noreturn]] void fail() const {
    refuse_bytes(path_, "cannot be written; check the folder and the space on the disk");
  }

  std::string path_, beside_;
  std::FILE* file_;
};

/// Makes a file of these bytes, or replaces it, at once.
inline void replace_file(const std::string& path, std::string_view bytes) {
  replacing_file file(path);
  file.write(bytes);
  file.put_in_place();
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
