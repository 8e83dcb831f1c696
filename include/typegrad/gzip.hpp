// SPDX-License-Identifier: BSL-1.0
// Opt-in: with this header, files that are compressed are read as what is in them, by zlib (link with -lz):
// data in gzip's format (data.csv.gz, train-images-idx3-ubyte.gz), arrays of numpy.savez_compressed.
#pragma once
#include "support/compiler/begin.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "learn/file/byte_source.hpp"

namespace tg::detail {

class inflating_source : public byte_source {
 public:
  inflating_source(byte_source_pointer from, bool bare)
      : byte_source(from->path()), from_(std::move(from)), bare_(bare), packed_(1 << 16) {
    // Window bits: negative for a bare stream, 16 more for gzip's frame.
    if (inflateInit2(&stream_, bare ? -MAX_WBITS : MAX_WBITS + 16) != Z_OK)
      refuse("needs more memory than there is");
  }
  ~inflating_source() override { inflateEnd(&stream_); }

  std::size_t read(char* to, std::size_t count) override {
    std::size_t done = 0;
    while (done < count && !at_end_) {
      if (stream_.avail_in == 0) refill();
      const auto piece = static_cast<uInt>(std::min<std::size_t>(count - done, 1 << 30));
      stream_.next_out = reinterpret_cast<Bytef*>(to + done);
      stream_.avail_out = piece;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      done += piece - stream_.avail_out;
      if (status == Z_STREAM_END)
        end_of_member();
      else if (status != Z_OK)
        refuse("is damaged: what is compressed in it cannot be read");
    }
    return done;
  }

 private:
  bool refill() {
    const std::size_t got = from_->read(packed_.data(), packed_.size());
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_in = static_cast<uInt>(got);
    if (got == 0 && !between_members_) refuse("ends too early; it is not whole");
    return got > 0;
  }
  /// A file of gzip may be several, one behind the other.
  void end_of_member() {
    between_members_ = true;
    at_end_ = bare_ || (stream_.avail_in == 0 && !refill());
    between_members_ = false;
    if (!at_end_) inflateReset(&stream_);
  }

  byte_source_pointer from_;
  bool bare_, at_end_ = false, between_members_ = false;
  std::vector<char> packed_;
  z_stream stream_{};
};

/// Makes the reader known to what opens files.
inline const bool compressed_is_read = [] {
  open_compressed = [](byte_source_pointer from, bool bare) -> byte_source_pointer {
    return std::make_unique<inflating_source>(std::move(from), bare);
  };
  return true;
}();

}  // namespace tg::detail

#include "support/compiler/end.hpp"
