// SPDX-License-Identifier: BSL-1.0
// The sentence about shapes that do not fit.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::detail {

class misfit_writer {
 public:
  constexpr misfit_writer(const builder& graph, buffer<int>& to) : b{graph}, letters_{to} {}

  constexpr void write() {
    const auto& m = b.misfit;
    put(m.function);
    if (m.second >= 0) return put_two_shapes(m.first, m.second, m.x, m.y);
    put(": the shape ");
    put_shape(m.first);
    if (m.second == builder::no_index)
      return put(" is that of no index; declare one by tg::index<\"i\", ...>.");
    if (m.second == builder::an_index) return put(" is that of an index; nothing is differentiated by it.");
    if (m.second == builder::too_large)
      return put(" has more than 8 axes or more elements than fit into memory.");
    put(m.second == builder::open_axis          ? " must have a number as the length of axis "
        : m.second == builder::short_axis       ? " is too short along axis "
        : m.second == builder::indivisible_axis ? " cannot be divided along axis "
                                                : " has no axis ");
    put_number(m.axis);
    if (m.second == builder::short_axis || m.second == builder::indivisible_axis) {
      put(m.second == builder::short_axis ? ": there must be at least " : " into this many parts: ");
      put_number(m.x.size);
    }
    put(".");
  }

 private:
  constexpr void put(std::string_view text_of_part) {
    for (char letter : text_of_part) letters_.push_back(letter);
  }
  constexpr void put_number(int size) {
    if (size < 0) put("-"), size = -size;
    int digits = 1;
    while (digits <= size / 10) digits *= 10;
    for (; digits > 0; size %= digits, digits /= 10) letters_.push_back('0' + size / digits);
  }
  constexpr void put_extent(const extent& e) { e.name != nullptr ? put(e.name->name) : put_number(e.size); }
  constexpr void put_shape(int shape) {
    put("(");
    for (int k = 0; k < b.lists.rank(shape); ++k) {
      if (k > 0) put(", ");
      put_extent(b.lists.at(shape, k));
    }
    put(")");
  }
  constexpr void put_two_shapes(int first, int second, extent x, extent y) {
    put(": the shapes ");
    put_shape(first);
    put(" and ");
    put_shape(second);
    put(" do not fit");
    for (int k = 1; x == y && k <= b.lists.rank(first) && k <= b.lists.rank(second); ++k) {
      const extent p = b.lists.at(first, b.lists.rank(first) - k),
                   q = b.lists.at(second, b.lists.rank(second) - k);
      if (!(p == q) && !p.is(1) && !q.is(1)) x = p, y = q;
    }
    if (!(x == y)) {
      put(": ");
      put_extent(x);
      put(" against ");
      put_extent(y);
    }
    put(".");
  }

  const builder& b;
  buffer<int>& letters_;
};

constexpr void describe_misfit(const builder& b, buffer<int>& letters) { misfit_writer(b, letters).write(); }

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
