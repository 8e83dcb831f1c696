// SPDX-License-Identifier: BSL-1.0
// Lengths, strides and sizes of arrays as values: sums of products of a number and run-time extents, each
// kept once, so that equal lengths have equal numbers. A call computes all of them in one loop.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../graph/builder.hpp"

namespace tg::detail {

/// factor * (the run-time extents of a product) + (another length).
struct length {
  std::int64_t factor = 0;
  int product = 0, more = 0;
};

class length_table {
 public:
  static constexpr int zero = 0, one = 1;

  constexpr length_table() {
    entries.push_back({});
    entries.push_back({1, 0, zero});
  }

  constexpr int of(const extent& e) {
    if (e.name == nullptr) return constant(e.size);
    buffer<extent> name;
    name.push_back(e);
    return find({1, products.find(name), zero});
  }
  constexpr int constant(std::int64_t v) { return v == 0 ? zero : find({v, 0, zero}); }

  constexpr int times(int x, int y) {
    if (x == one || y == one) return x == one ? y : x;
    int sum = zero;
    for (int i = x; i != zero; i = entries[i].more)
      for (int k = y; k != zero; k = entries[k].more) sum = plus(sum, product_of_terms(i, k));
    return sum;
  }
  /// Terms stand by their products, the first one last.
  constexpr int plus(int x, int y) {
    if (x == zero || y == zero) return x + y;
    if (entries[x].product < entries[y].product) return plus(y, x);
    const length u = entries[x], v = entries[y];
    if (u.product > v.product) return find({u.factor, u.product, plus(u.more, y)});
    const int rest = plus(u.more, v.more);
    return u.factor + v.factor == 0 ? rest : find({u.factor + v.factor, u.product, rest});
  }

  buffer<length> entries;
  extent_lists products;  // lists of run-time extents; 0: the number 1

 private:
  constexpr int find(const length& l) {
    for (int k = 1; k < entries.used; ++k)
      if (entries[k].factor == l.factor && entries[k].product == l.product && entries[k].more == l.more)
        return k;
    entries.push_back(l);
    return entries.used - 1;
  }
  constexpr int product_of_terms(int x, int y) {
    buffer<extent> both, more;
    products.read(entries[x].product, both);
    products.read(entries[y].product, more);
    for (const extent& e : more) both.push_back(e);
    sort(both.items, both.used, [](const extent& p, const extent& q) { return p.name->name < q.name->name; });
    return find({entries[x].factor * entries[y].factor, products.find(both), zero});
  }
};

/// Where the elements of an array are: in a buffer, from an offset on, with a stride for each axis; offset,
/// extents and strides are lengths.
struct array_view {
  int buffer = 0, offset = length_table::zero, rank = 0;
  int extent[8]{}, stride[8]{};

  constexpr bool operator==(const array_view&) const = default;
};

/// Views of the arrays of a graph, with the table of their lengths.
class views_of_arrays {
 public:
  constexpr explicit views_of_arrays(const builder& graph) : b{graph} {}

  /// The elements of a shape that lie in a row, the last axis fastest.
  constexpr array_view contiguous(int buffer_number, int shape) {
    array_view v{.buffer = buffer_number, .rank = b.lists.rank(shape)};
    for (int axis = v.rank - 1, size = length_table::one; axis >= 0; --axis) {
      v.extent[axis] = lengths.of(b.lists.at(shape, axis));
      v.stride[axis] = size;
      size = lengths.times(size, v.extent[axis]);
    }
    return v;
  }
  /// How many elements a whole array has, as a length.
  constexpr int elements_of(const array_view& v) {
    return v.rank == 0 ? length_table::one : lengths.times(v.extent[0], v.stride[0]);
  }
  /// The part of a view that begins at `first` of an axis.
  constexpr array_view part_of(array_view v, int axis, int first, int extent) {
    v.offset = lengths.plus(v.offset, lengths.times(first, v.stride[axis]));
    v.extent[axis] = extent;
    return v;
  }

  const builder& b;
  length_table lengths;
};

/// Joins neighbouring axes that all operands pass through as one, and drops those of length 1. An axis is
/// `width` numbers, its extent and its strides.
constexpr void merge_axes(length_table& lengths, buffer<int>& axes, int width) {
  int kept = 0;
  for (int from = 0; from < axes.used; from += width) {
    if (axes[from] == length_table::one) continue;
    bool joins = kept > 0;
    for (int k = 1; k < width && joins; ++k)
      joins = axes[kept - width + k] == lengths.times(axes[from + k], axes[from]);
    const int to = joins ? kept - width : kept, outer = joins ? axes[to] : length_table::one;
    for (int k = 0; k < width; ++k) axes[to + k] = axes[from + k];
    axes[to] = lengths.times(outer, axes[to]);
    kept = to + width;
  }
  axes.used = kept;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
