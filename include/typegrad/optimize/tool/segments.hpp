// SPDX-License-Identifier: BSL-1.0
// A vector of parameters in parts: layers, or the weights that feed one unit, which some optimizers and
// treatments take one by one.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../../support/compiler/exceptions.hpp"

namespace tg::detail {

/// One part of a vector.
struct segment {
  std::size_t begin, length;
};

/// The parts of a vector of `size` numbers, by their lengths in order; without any length the whole vector is
/// one part. To be looped over: `for (const segment part : segments(lengths, size))`.
class segments {
 public:
  segments(const std::vector<std::size_t>& lengths, std::size_t size) : lengths_(lengths), size_(size) {}

  class iterator {
   public:
    iterator(const segments& of, std::size_t index) : of_(of), index_(index) {}
    segment operator*() const { return {begin_, of_.lengths_.empty() ? of_.size_ : of_.lengths_[index_]}; }
    iterator& operator++() {
      begin_ += (**this).length;
      ++index_;
      return *this;
    }
    bool operator==(const iterator& other) const { return index_ == other.index_; }

   private:
    const segments& of_;
    std::size_t index_, begin_ = 0;
  };

  iterator begin() const { return {*this, 0}; }
  iterator end() const { return {*this, lengths_.empty() ? 1 : lengths_.size()}; }

  /// Throws std::invalid_argument unless the lengths are positive and sum to the size.
  void check(std::string_view of) const {
    if (lengths_.empty()) return;
    std::size_t left = size_;
    bool fit = true;
    for (const std::size_t length : lengths_) {
      if (length == 0)
        detail::raise(std::invalid_argument(std::string(of) + ": a segment has length 0; leave it out."));
      fit = fit && length <= left;
      left -= fit ? length : 0;
    }
    if (fit && left == 0) return;
    detail::raise(std::invalid_argument(
        std::string(of) + ": the lengths of the segments do not sum to the " + std::to_string(size_) +
        " numbers of the vector; give one length for each layer or unit, in order."));
  }

 private:
  const std::vector<std::size_t>& lengths_;
  std::size_t size_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
