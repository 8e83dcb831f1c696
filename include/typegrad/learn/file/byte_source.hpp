// SPDX-License-Identifier: BSL-1.0
// Bytes that are read one after the other: of a file, of memory, or, with <typegrad/gzip.hpp>, of what is
// compressed in either.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bad_file.hpp"

namespace tg::detail {

/// Where bytes come from.
class byte_source {
 public:
  explicit byte_source(std::string path) : path_(std::move(path)) {}
  byte_source(const byte_source&) = delete;
  virtual ~byte_source() = default;

  /// Reads up to `count` bytes; fewer are the last ones.
  virtual std::size_t read(char* to, std::size_t count) = 0;

  /// How many bytes there are, where that is known before they are read.
  virtual std::optional<std::uint64_t> known_size() const { return std::nullopt; }
  /// The next byte read is that at `place`.
  virtual void seek(std::uint64_t) { refuse("is compressed, and can only be read from its beginning on"); }

  /// Reads `count` bytes, or says that the file ends too early.
  void read_all(char* to, std::size_t count) {
    if (read(to, count) != count) refuse("ends too early; it is not whole");
  }
  const std::string& path() const { return path_; }
  [[noreturn]] void refuse(const std::string& what) const { refuse_bytes(path_, what); }

 private:
  std::string path_;
};

/// A file that is open for reading.
class file_source : public byte_source {
 public:
  explicit file_source(const std::string& path)
      : byte_source(path), file_(std::fopen(path.c_str(), "rb"), &std::fclose) {
    if (file_ == nullptr) refuse("cannot be opened; give the path of a file that can be read");
    if (std::fseek(file_.get(), 0, SEEK_END) == 0) {
      const auto end = std::ftell(file_.get());
      // A folder can be opened, and is longer than any file.
      size_ = end < 0 ? 0 : static_cast<std::uint64_t>(end);
      std::rewind(file_.get());
    }
    if (std::fgetc(file_.get()) == EOF && std::ferror(file_.get()) != 0)
      refuse("cannot be read; is it a file?");
    std::rewind(file_.get());
  }
  std::uint64_t size() const { return size_; }
  std::uint64_t place() const { return place_; }  ///< where the next byte read is
  std::size_t read(char* to, std::size_t count) override {
    const std::size_t got = std::fread(to, 1, count, file_.get());
    if (got < count && std::ferror(file_.get()) != 0) refuse("could not be read to its end");
    place_ += got;
    return got;
  }
  std::optional<std::uint64_t> known_size() const override { return size_; }
  void seek(std::uint64_t place) override {
    if (std::fseek(file_.get(), static_cast<long>(place), SEEK_SET) != 0) refuse("could not be read");
    place_ = place;
  }
  void read_at(std::uint64_t place, char* to, std::size_t count) {
    seek(place);
    read_all(to, count);
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::uint64_t size_ = 0, place_ = 0;
};

/// Bytes in memory, of the file `path`.
class memory_source : public byte_source {
 public:
  memory_source(const std::string& path, std::vector<char> bytes)
      : byte_source(path), bytes_(std::move(bytes)) {}
  std::size_t read(char* to, std::size_t count) override {
    count = std::min(count, bytes_.size() - next_);
    if (count > 0) std::memcpy(to, bytes_.data() + next_, count);
    next_ += count;
    return count;
  }

 private:
  std::vector<char> bytes_;
  std::size_t next_ = 0;
};

using byte_source_pointer = std::unique_ptr<byte_source>;

/// Opens what is compressed, with gzip's frame or `bare`; null unless <typegrad/gzip.hpp> is included.
inline byte_source_pointer (*open_compressed)(byte_source_pointer from, bool bare) = nullptr;

inline byte_source_pointer decompressed(byte_source_pointer from, bool bare) {
  if (open_compressed == nullptr)
    from->refuse("is compressed; include <typegrad/gzip.hpp> and link with -lz to read it");
  return open_compressed(std::move(from), bare);
}

/// Opens a file; one in gzip's format is read as what is compressed in it.
inline byte_source_pointer open_bytes(const std::string& path) {
  auto file = std::make_unique<file_source>(path);
  char begin[2]{};
  const bool is_compressed =
      file->read(begin, 2) == 2 && begin[0] == '\x1f' && static_cast<unsigned char>(begin[1]) == 0x8b;
  file->seek(0);
  if (is_compressed) return decompressed(std::move(file), false);
  return file;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
