// SPDX-License-Identifier: BSL-1.0
// A quick look at a sum or product, by which most are spared the work of pass/shorten.hpp.
#pragma once
#include "../support/compiler/begin.hpp"

#include "polynomial.hpp"

namespace tg::detail {

template <class Graph>
class quick_look {
 public:
  constexpr explicit quick_look(const Graph& graph) : b{graph} {}

  bool compare = false;  // whether polynomials of sums have to be compared, after is_promising()

  /// Whether a factor occurs twice, two sums are of the same symbols, two denominators have symbols in
  /// common, or there are numbers such as sqrt(3): else nothing can come of it.
  constexpr bool is_promising(int id) {
    bases_.used = masks_.used = terms_.used = numbers_ = term_ = 0;
    compare = found_ = false;
    masks_of_.resize(b.size());
    find_bases(id, true, false);
    return found_ || numbers_ > 1 || compare;
  }

 private:
  constexpr void find_bases(int id, bool through_sums, bool below) {
    const vertex& v = b.vertices.items[id];
    int base = id;
    switch (v.op->what) {
      case kind::constant:
        return;
      case kind::add:
        if (!through_sums) break;
        [[fallthrough]];
      case kind::negate:
      case kind::multiply:
      case kind::divide: {
        const kind what = v.op->what;
        const int first = v.first, count = v.count;
        for (int k = 0; k < count && bases_.used < 24; ++k) {
          if (what == kind::add) ++term_;
          find_bases(b.operands.items[first + k], through_sums && (what == kind::add || what == kind::negate),
                     (what == kind::divide && k == 1) != below);
        }
        return;
      }
      case kind::power:
      case kind::root:
        base = b.operands.items[v.first];
        break;
      default:
        break;
    }
    if (const vertex& f = b.vertices.items[base]; f.count == 1 && is_of_angle(f.op))
      base = b.operands.items[f.first];
    if (b.vertices.items[base].op->what == kind::constant) {
      ++numbers_;
      return;
    }
    const std::uint64_t mask = mask_of(base);
    const bool sum = b.what(base) == kind::add || b.what(base) == kind::multiply;
    if (sum && (mask & with_number) != 0) compare = true;
    for (int k = 0; k < bases_.used; ++k) {
      if (bases_.items[k] == base) {
        found_ = true;
        return;
      }
      const std::uint64_t other = masks_.items[k];
      if (sum && (other & is_sum) != 0 && (other & symbols) == (mask & symbols)) compare = true;
      if (below && (other & is_below) != 0 && (mask & other & symbols) != 0 && terms_.items[k] != term_)
        found_ = true;
    }
    bases_.push_back(base);
    terms_.push_back(term_);
    masks_.push_back(mask | (below ? is_below : 0) | (sum ? is_sum : 0));
  }
  static constexpr std::uint64_t is_sum = 1, is_below = 2, with_number = 4, symbols = ~std::uint64_t{7};
  /// A bit for each symbol and function that a sum is made of.
  constexpr std::uint64_t mask_of(int id) {
    if (masks_of_.items[id] != 0) return masks_of_.items[id];
    std::uint64_t mask = 0;
    const vertex& v = b.vertices.items[id];
    const kind what = v.op->what;
    if (what == kind::function && is_of_angle(v.op))
      mask = std::uint64_t{8} << b.vertices.items[b.operands.items[v.first]].hash % 61;
    else if (what == kind::add || what == kind::multiply || what == kind::divide || what == kind::negate ||
             what == kind::power || what == kind::root)
      for (int k = v.first; k < v.first + v.count; ++k) mask |= mask_of(b.operands.items[k]);
    else if (!v.fixed)
      mask = std::uint64_t{8} << v.hash % 61;
    if (v.fixed && v.count > 0) mask |= with_number;
    return masks_of_.items[id] = mask;
  }

  const Graph& b;
  buffer<int> bases_, terms_;
  buffer<std::uint64_t> masks_, masks_of_;
  int numbers_ = 0, term_ = 0;
  bool found_ = false;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
