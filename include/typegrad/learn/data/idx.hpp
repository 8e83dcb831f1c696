// SPDX-License-Identifier: BSL-1.0
// The format IDX of MNIST and its relatives: two zeros, the type, the number of axes, an extent for each, and
// the numbers, all big-endian (yann.lecun.com/exdb/mnist, "the IDX file format").
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../file/byte_source.hpp"
#include "../file/element_type.hpp"
#include "block.hpp"

namespace tg::data {

/// An IDX file that is open for reading, row after row, or at any row. Throws tg::bad_file.
class idx_reader {
 public:
  explicit idx_reader(const std::string& path) : in_(detail::open_bytes(path)) {
    unsigned char head[4];
    in_->read_all(reinterpret_cast<char*>(head), 4);
    type_ = type_of(head[2]);
    if (head[0] != 0 || head[1] != 0 || type_ == element_type::unknown || head[3] == 0)
      in_->refuse("is no IDX file: it begins otherwise");
    std::uint64_t bytes = detail::numbers_of(type_).bytes;
    for (unsigned k = 0; k < head[3]; ++k) {
      unsigned char extent[4];
      in_->read_all(reinterpret_cast<char*>(extent), 4);
      shape_.push_back(std::size_t{extent[0]} << 24 | std::size_t{extent[1]} << 16 |
                       std::size_t{extent[2]} << 8 | extent[3]);
      if (shape_.back() != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / 2 / shape_.back())
        in_->refuse("is damaged: its extents are too large");
      bytes *= shape_.back();
      if (k > 0) row_size_ *= shape_.back();
    }
    begin_ = 4 + 4 * std::uint64_t{head[3]};
    if (const auto size = in_->known_size(); size && *size - begin_ != bytes)
      in_->refuse("is damaged: it has " + std::to_string(*size - begin_) + " bytes of numbers, not " +
                  std::to_string(bytes) + " as its extents say");
  }

  const std::vector<std::size_t>& shape() const { return shape_; }
  element_type type() const { return type_; }
  std::size_t rows() const { return shape_[0]; }
  std::size_t row_size() const { return row_size_; }

  /// Reads the next rows, at most `count`, and says how many; T holds the numbers of the file's type. They
  /// stand behind what `to` has already.
  template <class T>
  std::size_t read(std::size_t count, std::vector<T>& to) {
    count = std::min(count, rows() - next_);
    next_ += count;
    if (row_size_ == 0) return count;
    // Of a compressed file nobody knows how long it is; it may not be as long as it says.
    for (std::size_t left = count * row_size_; left > 0;) {
      const std::size_t piece = std::min<std::size_t>(left, in_->known_size() ? left : 1 << 20),
                        old = to.size();
      to.resize(old + piece);
      read_numbers(std::span(to).subspan(old));
      left -= piece;
    }
    return count;
  }
  /// Reads one row, of a file that is not compressed.
  template <class T>
  void read_row(std::size_t row, std::span<T> to) {
    if (row >= rows() || to.size() != row_size_)
      in_->refuse("has " + std::to_string(rows()) + " rows of " + std::to_string(row_size_) +
                  " numbers; row " + std::to_string(row) + " of " + std::to_string(to.size()) +
                  " was asked for");
    in_->seek(begin_ + std::uint64_t{row} * row_size_ * detail::numbers_of(type_).bytes);
    next_ = row + 1;
    read_numbers(to);
  }

 private:
  static element_type type_of(unsigned code) {
    constexpr std::pair<unsigned, element_type> types[] = {
        {0x08, element_type::u8},  {0x09, element_type::i8},  {0x0B, element_type::i16},
        {0x0C, element_type::i32}, {0x0D, element_type::f32}, {0x0E, element_type::f64}};
    for (const auto& [of, type] : types)
      if (of == code) return type;
    return element_type::unknown;
  }
  template <class T>
  void read_numbers(std::span<T> to) {
    if (!detail::holds_all<T>(type_))
      in_->refuse("has numbers of " + std::string(detail::numbers_of(type_).name) + ", which " +
                  std::string(detail::numbers_of(detail::type_of<T>()).name) + " does not hold");
    const std::size_t width = detail::numbers_of(type_).bytes;
    if constexpr (sizeof(T) == 1)
      if (detail::type_of<T>() == type_) return in_->read_all(reinterpret_cast<char*>(to.data()), to.size());
    piece_.resize(1 << 16);
    for (std::size_t done = 0; done < to.size();) {
      const std::size_t count = std::min(to.size() - done, piece_.size() / width);
      in_->read_all(piece_.data(), count * width);
      if constexpr (std::endian::native == std::endian::little)
        if (width > 1)
          for (std::size_t k = 0; k < count; ++k)
            std::reverse(piece_.data() + k * width, piece_.data() + (k + 1) * width);
      detail::numbers_from(piece_.data(), type_, to.subspan(done, count));
      done += count;
    }
  }

  detail::byte_source_pointer in_;
  element_type type_ = element_type::unknown;
  std::vector<std::size_t> shape_;
  std::size_t row_size_ = 1, next_ = 0;
  std::uint64_t begin_ = 0;
  std::vector<char> piece_;
};

/// Reads a whole IDX file; with <typegrad/gzip.hpp> compressed ones too. T holds the numbers of its type.
///     const auto images = tg::data::read_idx<unsigned char>("train-images-idx3-ubyte.gz");
template <class T>
block<T> read_idx(const std::string& path) {
  idx_reader in(path);
  block<T> all{in.shape(), {}};
  in.read(in.rows(), all.numbers);
  return all;
}

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
