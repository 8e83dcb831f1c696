// SPDX-License-Identifier: BSL-1.0
// Sound from WAV files: RIFF chunks, numbers of 8, 16, 24 or 32 bits or floating, also by
// WAVE_FORMAT_EXTENSIBLE.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "../file/byte_source.hpp"
#include "../file/element_type.hpp"
#include "../file/little_endian.hpp"
#include "block.hpp"

namespace tg::data {

/// A WAV file that is open for reading, piece by piece. Throws tg::bad_file.
class wav_reader {
 public:
  explicit wav_reader(const std::string& path) : in_(path) {
    char head[12];
    const std::size_t got = in_.read(head, sizeof head);
    if (got < sizeof head || std::string_view(head, 4) != "RIFF" || std::string_view(head + 8, 4) != "WAVE")
      in_.refuse("is no WAV file: it begins otherwise");
    for (bool has_format = false;;) {
      char chunk[8];
      if (in_.read(chunk, 8) < 8)
        in_.refuse(has_format ? "has no chunk of data" : "has no chunk of a format");
      const std::string_view name(chunk, 4);
      const std::uint64_t size = detail::little_endian(chunk + 4, 4), left = in_.size() - in_.place();
      if (name == "data") {
        if (!has_format) in_.refuse("has no chunk of a format before its data");
        // Programs that write to a pipe do not know the size, and say 2^32-1 or 0.
        const std::uint64_t bytes = size >= 0xfffffff0U || size == 0 ? left : size;
        if (bytes > left) in_.refuse("ends too early; it is not whole");
        frames_ = static_cast<std::size_t>(bytes / (channels_ * width_));
        return;
      }
      if (size > left) in_.refuse("is damaged: a chunk is longer than the file");
      const std::uint64_t next = in_.place() + size + size % 2;
      if (name == "fmt ") read_format(size), has_format = true;
      in_.seek(next);
    }
  }

  std::size_t rate() const { return rate_; }  ///< frames in a second
  std::size_t channels() const { return channels_; }
  std::size_t frames() const { return frames_; }

  /// The next frames, at most `count`, as (channels, frames): numbers in [-1, 1), as torchaudio.load gives
  /// them.
  block<float> read(std::size_t count) {
    count = std::min(count, frames_ - next_);
    next_ += count;
    block<float> all{{channels_, count}, std::vector<float>(channels_ * count)};
    std::vector<char> frame(channels_ * width_);
    for (std::size_t k = 0; k < count; ++k) {
      in_.read_all(frame.data(), frame.size());
      for (std::size_t c = 0; c < channels_; ++c)
        all.numbers[c * count + k] = number(frame.data() + c * width_);
    }
    return all;
  }

 private:
  void read_format(std::uint64_t size) {
    constexpr std::uint64_t whole = 1, floating = 3, extensible = 0xfffe;
    char format[40]{};
    if (size < 16) in_.refuse("is damaged: its format has only " + std::to_string(size) + " bytes");
    in_.read_all(format, static_cast<std::size_t>(std::min<std::uint64_t>(size, sizeof format)));
    std::uint64_t kind = detail::little_endian(format, 2);
    const std::uint64_t bits = detail::little_endian(format + 14, 2),
                        block_bytes = detail::little_endian(format + 12, 2);
    if (kind == extensible && size >= 26) kind = detail::little_endian(format + 24, 2);
    channels_ = static_cast<std::size_t>(detail::little_endian(format + 2, 2));
    rate_ = static_cast<std::size_t>(detail::little_endian(format + 4, 4));
    width_ = static_cast<std::size_t>(bits / 8);
    is_floating_ = kind == floating;
    const bool is_known = is_floating_
                              ? bits == 32 || bits == 64
                              : kind == whole && (bits == 8 || bits == 16 || bits == 24 || bits == 32);
    if (!is_known)
      in_.refuse("has sound of the kind " + std::to_string(kind) + " with " + std::to_string(bits) +
                 " bits; write it as PCM of 8, 16, 24 or 32 bits, or as floating numbers");
    if (channels_ == 0 || block_bytes != channels_ * width_)
      in_.refuse("is damaged: its " + std::to_string(channels_) + " channels of " + std::to_string(bits) +
                 " bits do not fill frames of " + std::to_string(block_bytes) + " bytes");
  }
  float number(const char* bytes) const {
    const std::uint64_t bits = detail::little_endian(bytes, width_);
    if (is_floating_)
      return width_ == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                         : static_cast<float>(std::bit_cast<double>(bits));
    if (width_ == 1) return (static_cast<float>(bits) - 128) / 128;
    // The sign bit to the top.
    const auto whole = static_cast<std::int32_t>(static_cast<std::uint32_t>(bits << (32 - 8 * width_)));
    return static_cast<float>(whole) * 0x1p-31f;
  }

  detail::file_source in_;
  std::size_t rate_ = 0, channels_ = 1, width_ = 1, frames_ = 0, next_ = 0;
  bool is_floating_ = false;
};

/// A whole WAV file.
struct sound {
  std::size_t rate;
  block<float> samples;  ///< (channels, frames)
};
inline sound read_wav(const std::string& path) {
  wav_reader in(path);
  return {in.rate(), in.read(in.frames())};
}

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
