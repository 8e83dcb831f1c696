// SPDX-License-Identifier: BSL-1.0
// Columns of data, each for a symbol or for a group of symbols: tg::rows(t = times, y = values); and which of
// their rows a sum is taken over.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <exception>

#include "../../support/compiler/exceptions.hpp"
#include "../function.hpp"

namespace tg {

/// What rows() throws. (std::invalid_argument would bring the string library into every translation unit.)
struct unequal_columns : std::exception {
  const char* what() const noexcept override {
    return "rows: the columns have different lengths; give every symbol as many values.";
  }
};

/// What a sum throws for rows that the data lack.
struct unfit_rows : std::exception {
  const char* what() const noexcept override {
    return "sum_over: the data lack some of the rows; the first and the one after the last, or each number "
           "in a list, count from 0.";
  }
};

namespace detail {

inline constexpr called rows_call{"rows", "rows(t = times, y = values)"};

/// The values of one symbol: numbers at equal distances, or element k of arrays in a row.
template <class T>
struct flat_column {
  const T* first;
  std::ptrdiff_t stride;
  constexpr const T& operator()(std::size_t row) const {
    return first[static_cast<std::ptrdiff_t>(row) * stride];
  }
};
template <class Array>
struct nested_column {
  const Array* first;
  std::size_t k;
  constexpr const auto& operator()(std::size_t row) const { return first[row][k]; }
};

/// What is bound to Width symbols, as columns.
template <int Width, class A>
struct column_memory {
  static constexpr bool fits = false;
};
template <int Width, Memory A>
struct column_memory<Width, A> {
  using element = std::remove_cvref_t<decltype(std::declval<A&>()[0])>;
  static constexpr bool nested = Memory<const element>;
  static constexpr bool fits = !nested || group_length<element> == Width || group_length<element> < 0;
  /// -1: the numbers do not make whole rows.
  static constexpr std::ptrdiff_t rows(const A& a) {
    const auto size = static_cast<std::ptrdiff_t>(std::size(a));
    if constexpr (nested) {
      for (const element& row : a)
        if (static_cast<int>(std::size(row)) != Width) return -1;
      return size;
    } else {
      return size % Width == 0 ? size / Width : -1;
    }
  }
  static constexpr auto column(const A& a, int k) {
    if constexpr (nested)
      return nested_column<element>{std::data(a), static_cast<std::size_t>(k)};
    else
      return flat_column<element>{std::size(a) == 0 ? std::data(a) : std::data(a) + k, Width};
  }
};
template <int Width, MatrixLike A>
struct column_memory<Width, A> {
  using element = std::remove_cvref_t<decltype(*std::declval<const A&>().data())>;
  static constexpr bool fits = true;
  static std::ptrdiff_t rows(const A& a) {
    if (A::IsVectorAtCompileTime && Width == 1) return static_cast<std::ptrdiff_t>(a.size());
    return static_cast<std::ptrdiff_t>(a.cols()) == Width ? static_cast<std::ptrdiff_t>(a.rows()) : -1;
  }
  static auto column(const A& a, int k) {
    std::ptrdiff_t inner = 1, outer = static_cast<std::ptrdiff_t>(A::IsRowMajor ? a.cols() : a.rows());
    if constexpr (requires { a.innerStride(), a.outerStride(); })
      inner = static_cast<std::ptrdiff_t>(a.innerStride()),
      outer = static_cast<std::ptrdiff_t>(a.outerStride());
    const bool by_rows = A::IsRowMajor && !A::IsVectorAtCompileTime;
    return flat_column<element>{a.data() + k * (by_rows ? inner : outer), by_rows ? outer : inner};
  }
};

template <class B>
struct bound_column;
template <auto Name, class T>
struct bound_column<binding<Name, T>> {
  using symbols = symbol_list<formula<node::leaf::variable<Name>>>;
  using memory = column_memory<1, T>;
};
template <auto Stem, int N, class T>
struct bound_column<group_binding<Stem, N, T>> {
  using symbols = symbols_of_t<symbol_group<Stem, N>>;
  using memory = column_memory<N, T>;
};

/// Which rows: those from one on, or those of a list of numbers.
struct row_range {
  std::size_t first, count;
  constexpr std::size_t size() const { return count; }
  constexpr std::size_t operator()(std::size_t k) const { return first + k; }
};
template <class Index>
struct row_choice {
  std::span<const Index> numbers;
  constexpr std::size_t size() const { return numbers.size(); }
  constexpr std::size_t operator()(std::size_t k) const { return static_cast<std::size_t>(numbers[k]); }
};
template <class Index, std::size_t N>
row_choice(std::span<Index, N>) -> row_choice<std::remove_const_t<Index>>;

}  // namespace detail

/// Columns of data, each bound to a symbol, or as many as it has elements to a group: tg::rows(t = times, x =
/// positions). A vector, an array or a matrix is copied, a std::span and a map of Eigen are referred to.
template <class... B>
struct row_data {
  using symbols = typename detail::joined_lists<typename detail::bound_column<B>::symbols...>::type;
  list<B...> bound;

  /// The number of rows.
  constexpr std::size_t size() const {
    return static_cast<std::size_t>(
        bound.unpack([](const auto& first, const auto&...) { return rows_in(first); }));
  }
  /// Whether all columns have as many rows.
  constexpr bool fits() const {
    return bound.unpack([](const auto& first, const auto&... more) {
      return rows_in(first) >= 0 && ((rows_in(first) == rows_in(more)) && ...);
    });
  }
  /// Calls use(column...) with the column of each symbol.
  template <class Use>
  constexpr decltype(auto) with_columns(Use&& use) const {
    return [&]<int... K>(std::integer_sequence<int, K...>)->decltype(auto) {
      return use(column<place.of[K], place.element[K]>()...);
    }
    (std::make_integer_sequence<int, symbols::size>{});
  }

 private:
  template <class One>
  static constexpr std::ptrdiff_t rows_in(const One& one) {
    return detail::bound_column<One>::memory::rows(detail::bound_value(one));
  }
  static constexpr auto place = [] {
    struct {
      int of[symbols::size]{}, element[symbols::size]{};
    } p;
    int at = 0, which = 0;
    for (const int size : {detail::bound_column<B>::symbols::size...}) {
      for (int k = 0; k < size; ++k) p.of[at] = which, p.element[at++] = k;
      ++which;
    }
    return p;
  }();
  template <int Which, int Element>
  constexpr auto column() const {
    const auto& one = list<B...>::template at<Which>(bound);
    return detail::bound_column<std::remove_cvref_t<decltype(one)>>::memory::column(detail::bound_value(one),
                                                                                    Element);
  }
};

/// Called, it binds columns of data to symbols, and to groups of N symbols matrices of N columns: numbers row
/// by row, arrays of N, or a matrix of Eigen. Columns of different lengths are refused with
/// tg::unequal_columns. As an extent of an array, tg::array<"x", tg::rows, 64>, it is one that is known when
/// a function is called.
struct rows_t {
  static constexpr text name = "rows";
  template <detail::Binding... B>
  requires(sizeof...(B) > 0) constexpr auto operator()(const B&... columns) const;
  /// What it says to arguments that it cannot take; below.
  template <class Absent = detail::absent, class... More>
  constexpr auto operator()(detail::binding_place<detail::rows_call> = Absent{}, const More&... more) const;
};
inline constexpr rows_t rows{};

template <detail::Binding... B>
requires(sizeof...(B) > 0) constexpr auto rows_t::operator()(const B&... columns) const {
  static_assert((detail::bound_column<B>::memory::fits && ...),
                "typegrad: rows: every column must be a vector, an array or a span of numbers; for a group "
                "also of arrays of its "
                "size, or a matrix of as many columns.");
  static_assert(detail::symbols_distinct<detail::rows_call, typename row_data<B...>::symbols>::check());
  row_data<B...> data{{columns...}};
  if (!data.fits()) detail::raise(unequal_columns{});
  return data;
}

// What it says to other arguments.
// clang-format off
template <class Absent, class... More>
constexpr auto rows_t::operator()(detail::binding_place<detail::rows_call>, const More&... more) const { return detail::refuse_bindings<detail::rows_call>(more...); }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
