// SPDX-License-Identifier: BSL-1.0
// A view with the interface of std::mdspan, which standard libraries before C++23 lack: as much of it as
// functions of arrays ask for.
#pragma once
#include <array>
#include <cstddef>
#include <span>

namespace view {

template <std::size_t... E>
struct extents {
  using index_type = int;
  static constexpr std::size_t rank() { return sizeof...(E); }
  static constexpr std::size_t static_extent(std::size_t k) { return std::array{E...}[k]; }
  std::array<int, sizeof...(E)> length{};

  constexpr extents() = default;
  constexpr explicit extents(const std::array<int, sizeof...(E)>& given) : length{given} {}
  constexpr int extent(std::size_t k) const { return length[k]; }
};

struct layout_right {
  template <class Extents>
  struct mapping {
    Extents of;
    constexpr mapping(const Extents& e) : of{e} {}
    constexpr int stride(std::size_t k) const {
      int all = 1;
      for (std::size_t axis = k + 1; axis < Extents::rank(); ++axis) all *= of.extent(axis);
      return all;
    }
  };
};
struct layout_left {
  template <class Extents>
  struct mapping {
    Extents of;
    constexpr mapping(const Extents& e) : of{e} {}
    constexpr int stride(std::size_t k) const {
      int all = 1;
      for (std::size_t axis = 0; axis < k; ++axis) all *= of.extent(axis);
      return all;
    }
  };
};
struct layout_stride {
  template <class Extents>
  struct mapping {
    Extents of;
    std::array<int, Extents::rank()> strides;
    constexpr mapping(const Extents& e, const std::array<int, Extents::rank()>& s) : of{e}, strides{s} {}
    constexpr int stride(std::size_t k) const { return strides[k]; }
  };
};

template <class T, class Extents, class Layout = layout_right>
class mdspan {
 public:
  using element_type = T;
  using extents_type = Extents;
  using index_type = typename Extents::index_type;
  using layout_type = Layout;
  using mapping_type = typename Layout::template mapping<Extents>;

  constexpr mdspan(T* data, const mapping_type& mapping) : data_{data}, mapping_{mapping} {}
  static constexpr std::size_t rank() { return Extents::rank(); }
  static constexpr std::size_t static_extent(std::size_t k) { return Extents::static_extent(k); }
  constexpr index_type extent(std::size_t k) const { return mapping_.of.extent(k); }
  constexpr index_type stride(std::size_t k) const { return mapping_.stride(k); }
  constexpr const mapping_type& mapping() const { return mapping_; }
  constexpr T* data_handle() const { return data_; }

 private:
  T* data_;
  mapping_type mapping_;
};

}  // namespace view
