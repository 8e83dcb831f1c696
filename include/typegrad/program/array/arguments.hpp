// SPDX-License-Identifier: BSL-1.0
// The arguments of an array function: what counts as an array, its elements and, where its type tells them,
// its axes; and the exception for one that does not fit.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstdint>
#include <exception>

#include "../../support/compiler/exceptions.hpp"
#include "../function.hpp"

namespace tg {

/// What a call of an array function throws for an argument that does not fit, before anything is written.
struct unfit_array : std::exception {
  char sentence[200] = {};
  const char* what() const noexcept override { return sentence; }

  /// Adds to the sentence.
  unfit_array& operator<<(std::string_view words) noexcept {
    for (const char letter : words)
      if (end_ + 1 < sizeof sentence) sentence[end_++] = letter;
    return *this;
  }
  unfit_array& operator<<(std::ptrdiff_t count) noexcept {
    char digits[24];
    std::size_t first = sizeof digits;
    for (auto rest = static_cast<std::uintmax_t>(count); rest > 0 || first == sizeof digits; rest /= 10)
      digits[--first] = static_cast<char>('0' + rest % 10);
    return *this << std::string_view{digits + first, sizeof digits - first};
  }

 private:
  std::size_t end_ = 0;
};

namespace detail {

/// An array as it was given.
template <class T>
struct given_array {
  T* data = nullptr;
  std::ptrdiff_t size = 0;
  int rank = 1;  // of the type; one of rank 1 stands for any shape
  std::ptrdiff_t extent[8] = {};
  bool in_one_piece = true;
};

/// A matrix type that knows its rows and columns, such as those of Eigen.
template <class A>
concept MatrixLike = requires(const A& a) {
  a.data(), a.rows(), a.cols(), A::IsRowMajor, A::IsVectorAtCompileTime;
};
/// What an array function takes as an array: a matrix type, or numbers in a row, or arrays in a row.
template <class A>
concept ArrayArgument = MatrixLike<A> || Memory<A>;

template <class A>
using element_in_row = std::remove_cv_t<std::remove_reference_t<decltype(std::span{std::declval<A&>()}[0])>>;

/// The type of an array's numbers, its rank, and whether it is stored by columns.
template <class A>
struct array_type {
  using number = A;
  static constexpr int rank = 0;
  static constexpr bool by_columns = false;
};
template <ArrayArgument A>
struct array_type<A> {
  using number = typename array_type<element_in_row<A>>::number;
  static constexpr int rank = 1 + array_type<element_in_row<A>>::rank;
  static constexpr bool by_columns = false;
};
template <MatrixLike A>
struct array_type<A> {
  using number = std::remove_cvref_t<decltype(*std::declval<A&>().data())>;
  static constexpr int rank = A::IsVectorAtCompileTime ? 1 : 2;
  static constexpr bool by_columns = rank == 2 && !A::IsRowMajor;
};
template <class A>
using array_type_of = array_type<std::remove_cvref_t<A>>;

template <class T, class A>
void read_array(A& a, given_array<T>& to, int axis) {
  if constexpr (MatrixLike<A>) {
    to.data = const_cast<T*>(a.data());
    to.size = static_cast<std::ptrdiff_t>(a.size());
    to.extent[0] = array_type_of<A>::rank == 1 ? to.size : static_cast<std::ptrdiff_t>(a.rows());
    to.extent[1] = static_cast<std::ptrdiff_t>(a.cols());
    if constexpr (requires { a.innerStride(), a.outerStride(); })
      to.in_one_piece = a.innerStride() == 1 && (a.rows() < 2 || a.cols() < 2 ||
                                                 a.outerStride() == (A::IsRowMajor ? a.cols() : a.rows()));
  } else {
    const std::span row{a};
    to.extent[axis] = static_cast<std::ptrdiff_t>(row.size());
    if constexpr (array_type_of<A>::rank == 1) {
      to.data = const_cast<T*>(row.data());
      to.size = to.extent[axis];
    } else {
      if (!row.empty()) read_array<T>(row[0], to, axis + 1);
      to.size *= to.extent[axis];
    }
  }
}
/// The first number of an array.
template <class A>
auto* data_of(A& a) {
  if constexpr (MatrixLike<A>)
    return a.data();
  else if constexpr (array_type_of<A>::rank == 1)
    return std::span{a}.data();
  else
    return data_of(std::span{a}[0]);
}

template <class T, class A>
given_array<T> read_array(A& a) {
  given_array<T> to{.rank = array_type_of<A>::rank};
  read_array<T>(a, to, 0);
  return to;
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
