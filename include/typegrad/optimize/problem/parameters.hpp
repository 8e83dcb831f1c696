// SPDX-License-Identifier: BSL-1.0
// What the optimizers ask of a vector of parameters: std::array, std::vector and Eigen's vectors are all
// taken, and a result is of the type of the start.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../stop_reason.hpp"
#include "vector_view.hpp"

namespace tg {

namespace detail {

template <class V>
using number_in = number_of<const V>;

/// The length that the type tells, or std::dynamic_extent.
template <class V>
inline constexpr std::size_t fixed_size = std::dynamic_extent;
template <class T, std::size_t n>
inline constexpr std::size_t fixed_size<std::array<T, n>> = n;
template <class V>
requires(V::SizeAtCompileTime >
         0) inline constexpr std::size_t fixed_size<V> = static_cast<std::size_t>(V::SizeAtCompileTime);

}  // namespace detail

/// A copyable vector of floating-point numbers in one piece of memory that it owns: `data()`, `size()`,
/// `v[i]`.
template <class V>
concept ParameterVector = std::copyable<V> && requires(V& v, const V& fixed) {
  { v.size() } -> std::convertible_to<std::size_t>;
  { v.data() } -> std::same_as<detail::number_in<V>*>;
  { fixed.data() } -> std::same_as<const detail::number_in<V>*>;
  requires std::floating_point<detail::number_in<V>>;
};

namespace detail {

/// What holds n parameters and n x n numbers in a result: arrays where n is known, else vectors.
template <class T, std::size_t n>
struct storage_for {
  using vector = std::array<T, n>;
  using matrix = std::array<std::array<T, n>, n>;
  static matrix square(std::size_t) { return {}; }
};
template <class T>
struct storage_for<T, std::dynamic_extent> {
  using vector = std::vector<T>;
  using matrix = std::vector<std::vector<T>>;
  static matrix square(std::size_t size) { return matrix(size, std::vector<T>(size)); }
};

template <class V>
std::size_t size_of(const V& v) {
  return static_cast<std::size_t>(v.size());
}

/// The numbers of v as a vector, and back into one of v's type and size.
template <class V>
std::vector<number_in<V>> numbers_of_vector(const V& v) {
  return {v.data(), v.data() + v.size()};
}
template <class V, class T>
void assign_numbers(V& to, std::span<const T> from) {
  for (std::size_t i = 0; i < from.size(); ++i) to.data()[i] = from[i];
}

/// What ends a run at once: the loops let it pass, and minimize turns it into a result.
struct problem_error : std::exception {
  problem_error(stop_reason why, std::string text) : reason(why), sentence(std::move(text)) {}
  const char* what() const noexcept override { return sentence.c_str(); }

  stop_reason reason;
  std::string sentence;
};

inline void require_size(std::size_t found, std::size_t needed, const char* what) {
  if (found != needed)
    detail::raise(problem_error(stop_reason::wrong_size, "minimize: " + std::string(what) + " has " +
                                                             std::to_string(found) + " numbers where " +
                                                             std::to_string(needed) + " are needed"));
}

/// Calls progress with what it is to see; true where it asks to stop.
template <class Progress, class Record>
bool stopped_by(Progress& progress, const Record& now) {
  if constexpr (std::is_same_v<decltype(progress(now)), bool>) {
    return !progress(now);
  } else {
    progress(now);
    return false;
  }
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
