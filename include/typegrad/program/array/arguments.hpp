// SPDX-License-Identifier: BSL-1.0
// The arguments of an array function: what counts as an array, its elements and, where its type tells them,
// its axes; and the exception for one that does not fit.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>
#include <cstdint>
#include <exception>
#include <span>

#include "../../support/compiler/exceptions.hpp"
#include "../function.hpp"

namespace tg {

namespace detail {

/// What add_to makes: memory as a call's argument.
template <class A>
struct added_memory {
  A memory;
};
template <class A>
inline constexpr bool is_added = false;
template <class A>
inline constexpr bool is_added<added_memory<A>> = true;
/// The argument itself.
template <class A>
constexpr auto& memory_of(A& argument) {
  if constexpr (is_added<std::remove_cv_t<A>>)
    return argument.memory;
  else
    return argument;
}
template <class A>
using memory_type = std::remove_cvref_t<decltype(memory_of(std::declval<A&>()))>;

}  // namespace detail

/// Memory for an output of a call of an array function, to which the output is added instead of taking its
/// place: the gradients of a large batch are summed over parts of it by run(part, weights,
/// tg::add_to(slopes)). Products and loops add as they go, without another pass over memory. Outputs that are
/// numbers are returned, and added by the caller.
template <class A>
constexpr detail::added_memory<A> add_to(A&& memory) {
  return {static_cast<A&&>(memory)};
}

/// What a call of an array function throws for an argument that does not fit, before anything is written.
struct unfit_array : std::exception {
  char sentence[200] = {};
  const char* what() const noexcept override { return sentence; }

  /// Adds to the sentence, out of the way of calls that fit.
  [[gnu::cold, gnu::noinline]] unfit_array& operator<<(std::string_view words) noexcept {
    for (const char letter : words)
      if (end_ + 1 < sizeof sentence) sentence[end_++] = letter;
    return *this;
  }
  [[gnu::cold, gnu::noinline]] unfit_array& operator<<(std::ptrdiff_t count) noexcept {
    if (count < 0) *this << "-";
    char digits[24];
    std::size_t first = sizeof digits;
    for (auto rest = static_cast<std::uintmax_t>(count < 0 ? -count : count);
         rest > 0 || first == sizeof digits; rest /= 10)
      digits[--first] = static_cast<char>('0' + rest % 10);
    return *this << std::string_view{digits + first, sizeof digits - first};
  }

 private:
  std::size_t end_ = 0;
};

/// Numbers in a row seen as an array of so many axes, by rows; made by tg::shaped.
template <class T, std::size_t Axes>
struct shaped_view {
  using element_type = T;
  std::span<T> numbers;
  std::array<std::ptrdiff_t, Axes> lengths;

  static constexpr std::size_t rank() { return Axes; }
  static constexpr std::size_t static_extent(std::size_t) { return std::dynamic_extent; }
  constexpr T* data_handle() const { return numbers.data(); }
  constexpr std::ptrdiff_t extent(std::size_t axis) const { return lengths[axis]; }
  constexpr std::ptrdiff_t stride(std::size_t axis) const {
    std::ptrdiff_t all = 1;
    while (++axis < Axes) all *= lengths[axis];
    return all;
  }
};
/// Numbers in a row as an argument with these lengths, where several run-time extents do not follow from how
/// many numbers there are: fn(tg::shaped(x, 2, 5, 8), ...) for an x of shape (batch, time, 8). The view
/// refers to them. Errors: tg::unfit_array if the product of the lengths is not how many there are.
template <class Numbers, std::convertible_to<std::ptrdiff_t>... Lengths>
requires(sizeof...(Lengths) > 0) constexpr auto shaped(Numbers&& numbers, Lengths... lengths) {
  const std::span row{numbers};
  std::ptrdiff_t rest = static_cast<std::ptrdiff_t>(row.size());
  bool fits = ((lengths >= 0) && ...);
  if (rest == 0)
    fits = fits && ((lengths == 0) || ...);
  else
    ((fits = fits && lengths > 0 && rest % static_cast<std::ptrdiff_t>(lengths) == 0,
      rest = fits ? rest / static_cast<std::ptrdiff_t>(lengths) : 0),
     ...);
  if (!fits || rest > 1)
    detail::raise(unfit_array{} << "shaped: the lengths are not those of "
                                << static_cast<std::ptrdiff_t>(row.size()) << " numbers.");
  return shaped_view<typename decltype(row)::element_type, sizeof...(Lengths)>{
      row, {static_cast<std::ptrdiff_t>(lengths)...}};
}

namespace detail {

/// An array as it was given.
template <class T>
struct given_array {
  T* data = nullptr;
  std::ptrdiff_t size = 0;
  int rank = 1;  // of the type; one of rank 1 stands for any shape
  std::ptrdiff_t extent[8] = {};
  bool in_one_piece = true;
  int integers = 0;  // of an index, whose data are none of T: the bytes of one, negative with a sign

  constexpr std::ptrdiff_t bytes() const {
    return size * (integers == 0 ? static_cast<int>(sizeof(T)) : integers < 0 ? -integers : integers);
  }
};

/// A view with extents and strides, as std::mdspan.
template <class A>
concept MdspanLike = requires(const A& a) {
  { a.data_handle() } -> std::convertible_to<const typename A::element_type*>;
  a.extent(std::size_t{}), a.stride(std::size_t{}), A::rank(), A::static_extent(std::size_t{});
};
/// What an array function takes as an array: a matrix type, a view, or numbers in a row, or arrays in a row.
template <class A>
concept ArrayArgument = MatrixLike<A> || MdspanLike<A> || Memory<A>;

template <class A>
using element_in_row = std::remove_cv_t<std::remove_reference_t<decltype(std::span{std::declval<A&>()}[0])>>;

/// Whether the rows of an array of arrays lie one after the other; those of vectors or spans need not.
template <class A>
constexpr bool rows_lie_apart() {
  if constexpr (MatrixLike<A> || MdspanLike<A> || !Memory<A>) {
    return false;
  } else {
    using row = element_in_row<A>;
    if constexpr (!ArrayArgument<row>)
      return false;
    else if constexpr (std::is_array_v<row> || requires { std::tuple_size<row>::value; })
      return rows_lie_apart<row>();
    else
      return true;
  }
}
/// Whether a view's layout, made for extents that are 2 where they are not known, is that of columns.
template <class A>
constexpr bool is_stored_by_columns() {
  if constexpr (requires {
                  requires std::is_constructible_v<typename A::mapping_type, typename A::extents_type>;
                }) {
    std::array<typename A::index_type, A::rank()> lengths{};
    for (std::size_t k = 0; k < A::rank(); ++k)
      lengths[k] = A::static_extent(k) == std::dynamic_extent
                       ? 2
                       : static_cast<typename A::index_type>(A::static_extent(k));
    const typename A::mapping_type mapping{typename A::extents_type(lengths)};
    return A::rank() > 1 && mapping.stride(0) == 1 && mapping.stride(A::rank() - 1) != 1;
  } else {
    return false;
  }
}

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
template <MdspanLike A>
struct array_type<A> {
  using number = std::remove_cv_t<typename A::element_type>;
  static constexpr int rank = static_cast<int>(A::rank());
  static constexpr bool by_columns = is_stored_by_columns<A>();
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
  } else if constexpr (MdspanLike<A>) {
    to.data = const_cast<T*>(a.data_handle());
    to.size = 1;
    constexpr int rank = array_type_of<A>::rank;
    for (int done = 0; done < rank; ++done) {
      const int k = array_type_of<A>::by_columns ? done : rank - 1 - done;
      to.extent[k] = static_cast<std::ptrdiff_t>(a.extent(static_cast<std::size_t>(k)));
      to.in_one_piece =
          to.in_one_piece && (to.extent[k] < 2 || a.stride(static_cast<std::size_t>(k)) == to.size);
      to.size *= to.extent[k];
    }
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
  else if constexpr (MdspanLike<A>)
    return a.data_handle();
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
/// An array of integers, whose data keep their place alone.
template <class T, class A>
given_array<T> read_indices(A& a) {
  using number = typename array_type_of<A>::number;
  const given_array<number> own = read_array<number>(a);
  given_array<T> to{reinterpret_cast<T*>(own.data), own.size, own.rank};
  for (int k = 0; k < own.rank; ++k) to.extent[k] = own.extent[k];
  to.in_one_piece = own.in_one_piece;
  to.integers = static_cast<int>(sizeof(number)) * (std::is_signed_v<number> ? -1 : 1);
  return to;
}

/// The number type of the first argument that is an array, and no index if there are others; void if there is
/// none.
template <class... A>
struct first_number {
  using type = void;
};
template <class A, class... More>
struct first_number<A, More...> : first_number<More...> {};
template <class A, class... More>
requires ArrayArgument<std::remove_cvref_t<A>>
struct first_number<A, More...> {
  using type = typename array_type_of<A>::number;
};
/// Integers may be an index beside others.
template <class A, class... More>
requires(ArrayArgument<std::remove_cvref_t<A>>&&
             std::integral<typename array_type_of<A>::number>) struct first_number<A, More...> {
  using others = typename first_number<More...>::type;
  using type = std::conditional_t<std::is_void_v<others>, typename array_type_of<A>::number, others>;
};

/// Whether an array holds what an index may be.
template <class A, class Number = typename array_type_of<A>::number>
inline constexpr bool is_index_number = std::integral<Number> && (sizeof(Number) == 4 || sizeof(Number) == 8);

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
