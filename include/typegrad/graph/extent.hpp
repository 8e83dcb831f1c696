// SPDX-License-Identifier: BSL-1.0
// Shapes as values. An extent is a length that is known now, or the name of one that is known when a function
// is called. A graph keeps each list of extents once; nodes point to their shapes, and structural primitives
// to their attributes (axes, labels, lengths), which are such lists too.
#pragma once
#include "../support/compiler/begin.hpp"

#include "record.hpp"

namespace tg {

/// An extent that is known only when a function is called: tg::rows is extent<"rows">.
template <auto Name>
struct extent_name {
  static constexpr auto name = Name;
  constexpr bool operator==(const extent_name&) const = default;
};

/// After the extents of a square matrix: it is equal to its transpose.
struct symmetric_t {
  constexpr bool operator==(const symmetric_t&) const = default;
};
inline constexpr symmetric_t symmetric{};

namespace op {

/// A run-time extent as a number, in formulas such as a mean; its record is also the extent's name in shapes.
template <auto Name>
struct extent {
  static constexpr std::string_view name = Name.view();
  static constexpr int arity = 0;
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .calls = 0};
};

}  // namespace op

namespace detail {

/// After the extents of an array of indices.
struct integers_t {
  constexpr bool operator==(const integers_t&) const = default;
};

/// An element of a list: a number, or where `name` is set a run-time extent.
struct extent {
  int size = 0;
  const record* name = nullptr;
  constexpr bool operator==(const extent&) const = default;
  constexpr bool is(int known_size) const { return name == nullptr && size == known_size; }
};

constexpr extent as_extent(int size) { return {size, nullptr}; }
constexpr extent as_extent(symmetric_t) { return {}; }
constexpr extent as_extent(integers_t) { return {}; }
template <auto Name>
constexpr extent as_extent(extent_name<Name>) {
  return {-1, known<op::extent<Name>>};
}

/// The lists of a graph, each once; list 0 is empty.
class extent_lists {
 public:
  constexpr int find(const buffer<extent>& list) {
    if (list.used == 0) return 0;
    for (int k = 0; k < first.used; ++k)
      if (count.items[k] == list.used && same(k, list)) return k + 1;
    first.push_back(entries.used);
    count.push_back(list.used);
    for (int i = 0; i < list.used; ++i) entries.push_back(list.items[i]);
    return first.used;
  }
  constexpr int rank(int list) const { return list == 0 ? 0 : count.items[list - 1]; }
  constexpr const extent& at(int list, int k) const { return entries.items[first.items[list - 1] + k]; }
  constexpr void read(int list, buffer<extent>& to) const {
    to.clear();
    for (int k = 0; k < rank(list); ++k) to.push_back(at(list, k));
  }
  /// The same list here.
  constexpr int copy(const extent_lists& from, int list) {
    if (list == 0) return 0;
    buffer<extent> elements;
    from.read(list, elements);
    return find(elements);
  }
  constexpr std::uint64_t hash(int list) const {
    std::uint64_t h = 0x452821e638d01377u;
    for (int k = 0; k < rank(list); ++k) {
      const extent& e = at(list, k);
      h = (h ^ (e.name != nullptr ? e.name->key : static_cast<std::uint64_t>(e.size) + 16)) *
          0x9e3779b97f4a7c15u;
      h ^= h >> 31;
    }
    return h;
  }

 private:
  constexpr bool same(int k, const buffer<extent>& list) const {
    for (int i = 0; i < list.used; ++i)
      if (!(entries.items[first.items[k] + i] == list.items[i])) return false;
    return true;
  }
  buffer<extent> entries;
  buffer<int> first, count;
};

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
