// SPDX-License-Identifier: BSL-1.0
// Points whose coordinates are the elements of arrays: tg::at(w = weights, b = shifts), each with a name such
// as w[3, 7]; and functions of arrays as the validator asks them, vectors of numbers in and out.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "../program/array/bound_symbols.hpp"
#include "formula.hpp"

namespace tg {

namespace detail {

template <class B>
inline constexpr bool binds_parameters = false;
template <class P, class T>
inline constexpr bool binds_parameters<parameter_binding<P, T>> = true;

}  // namespace detail

/// A point by the names of arrays and numbers, or by parameters: tg::at(theta = weights). The arrays are
/// copied, but for spans.
template <class... B>
struct array_point {
  std::tuple<B...> bindings;
};

template <class... B>
requires((detail::Binding<B> || detail::binds_parameters<B>)&&...) &&
    (!(detail::binds_numbers<B> && ...)) auto at(const B&... bindings) {
  return array_point<B...>{{bindings...}};
}

namespace detail {

/// An element of an array: w[3, 7].
inline std::string element_name(std::string_view array, std::span<const std::size_t> shape, std::size_t i) {
  std::string index;
  for (std::size_t axis = shape.size(); axis-- > 0; i /= shape[axis])
    index = std::to_string(i % shape[axis]) + (index.empty() ? "" : ", ") + index;
  return std::string(array) + (shape.empty() ? "" : "[" + index + "]");
}

}  // namespace detail

/// The name of each number of a vector of parameters, w[3, 7], for tg::check_options::names.
template <class... S>
std::vector<std::string> element_names(const parameter_list<S...>&) {
  std::vector<std::string> all;
  for (const auto& part : parameter_list<S...>::parts)
    for (std::size_t i = 0; i < part.size; ++i)
      all.push_back(detail::element_name(part.name, part.shape(), i));
  return all;
}

namespace detail {

/// A shape of which one extent, 0, may be unknown, for that many elements; where several are, the elements
/// are in one row.
inline std::vector<std::size_t> whole_shape(std::vector<std::size_t> shape, std::size_t size) {
  std::size_t known_part = 1;
  for (const std::size_t each : shape)
    if (each != 0) known_part *= each;
  if (std::ranges::count(shape, std::size_t{0}) > 1) return {size};
  for (std::size_t& each : shape)
    if (each == 0) each = size / known_part;
  return shape;
}

/// The coordinates of a point, array after array.
template <class T>
struct flat_point {
  std::vector<T> values;
  std::vector<std::size_t> sizes;  // of each array
  std::vector<std::string> names;

  template <class S, class V>
  void add(const V& value) {
    if constexpr (!ArraySymbol<S>) {
      sizes.push_back(1);
      values.push_back(static_cast<T>(value));
      names.emplace_back(S::name.view());
    } else {
      const auto given = read_array<typename array_type_of<V>::number>(value);
      const auto size = static_cast<std::size_t>(given.size);
      require(given.in_one_piece, "at: the elements of '" + std::string(S::name.view()) +
                                      "' do not lie in one piece; copy them.");
      sizes.push_back(size);
      const std::size_t rows = array_type_of<V>::by_columns ? static_cast<std::size_t>(given.extent[0]) : 1;
      for (std::size_t i = 0; i < size; ++i)
        values.push_back(static_cast<T>(given.data[i * rows % size + i * rows / size]));
      const auto shape = shape_in_call<S>(given);
      for (std::size_t i = 0; i < size; ++i) names.push_back(element_name(S::name.view(), shape, i));
    }
  }
  template <class B, class... S>
  void add_binding(const B& binding_given, symbol_list<S...>) {
    if constexpr (binds_parameters<B>)
      (add<S>(in_place<S>(parameter_list<S...>::view(binding_given.value, S{}))), ...);
    else
      (add<S>(binding_given.value), ...);
  }

 private:
  /// A part of parameters: a span, or where it is a number this.
  template <class S, class Span>
  static auto in_place(const Span& part) {
    if constexpr (ArraySymbol<S>)
      return part;
    else
      return part[0];
  }
  template <class S, class Given>
  static std::vector<std::size_t> shape_in_call(const Given& given) {
    std::vector<std::size_t> shape;
    for (int axis = 0; axis < S::primitive::shaped.rank; ++axis) {
      const extent& e = S::primitive::shaped.extents[axis];
      const bool told = e.name != nullptr && given.rank == S::primitive::shaped.rank;
      shape.push_back(told ? static_cast<std::size_t>(given.extent[axis])
                           : static_cast<std::size_t>(e.name == nullptr ? e.size : 0));
    }
    return whole_shape(std::move(shape), static_cast<std::size_t>(given.size));
  }
};

template <class Symbols>
inline constexpr bool are_indices = false;
template <class S>
inline constexpr bool are_indices<symbol_list<S>> = is_index<S>;
/// A value that is held while others vary, in numbers of type T; indices stay integers.
template <class T, class Symbols, class V>
decltype(auto) held_value(const V& value) {
  if constexpr (are_indices<Symbols>)
    return (value);
  else if constexpr (!ArrayArgument<V>)
    return static_cast<T>(value);
  else if constexpr (std::same_as<typename array_type_of<V>::number, T>)
    return (value);
  else {
    flat_point<T> copy;
    copy.template add<formula<node::array<text{"held"}, extent_name<text{"all"}>{}>>>(value);
    return copy.values;
  }
}

/// A function of arrays as one of a vector, array after array, and so its outputs.
template <class T, class Inputs, class Function, class... Held>
class on_vectors;
template <class T, class... S, class Function, class... Held>
class on_vectors<T, input_list<S...>, Function, Held...> {
 public:
  on_vectors(const Function& compiled, const std::vector<std::size_t>& sizes, const Held&... held)
      : function_(compiled), sizes_(sizes), held_(held...) {}

  /// The size of each output at that place.
  auto sizes(const std::vector<T>& place) const {
    return with_arguments(place, [](const auto&... given) { return Function::output_sizes(given...); });
  }
  std::vector<T> operator()(const std::vector<T>& place) const {
    return with_arguments(place, [&](const auto&... given) {
      const auto size = Function::output_sizes(given...);
      std::size_t all = 0;
      for (const std::size_t each : size) all += each;
      std::vector<T> out(all), space(Function::workspace_for(given...));
      std::apply(
          [&](const auto&... memory) {
            put_numbers(size, out, result(given..., memory..., std::span(space)));
          },
          memory_for(size, out, std::make_index_sequence<std::tuple_size_v<decltype(size)>>{}));
      return out;
    });
  }

 private:
  template <class Use>
  auto with_arguments(const std::vector<T>& place, Use use) const {
    std::size_t array = 0, first = 0;
    const auto next = [&]<class One>(std::type_identity<One>) {
      const std::size_t begin = first, size = sizes_[array++];
      first += size;
      if constexpr (ArraySymbol<One>)
        return std::span<const T>(place).subspan(begin, size);
      else
        return place[begin];
    };
    const std::tuple variables{next(std::type_identity<S>{})...};
    return std::apply([&](const auto&... each) { return std::apply(use, std::tie(each...)); },
                      std::tuple_cat(variables, held_));
  }
  template <class Sizes, std::size_t... R>
  static auto memory_for(const Sizes& size, std::vector<T>& out, std::index_sequence<R...>) {
    const auto place = [&]<std::size_t Root>(std::integral_constant<std::size_t, Root>) {
      std::size_t begin = 0;
      for (std::size_t r = 0; r < Root; ++r) begin += size[r];
      if constexpr (Function::output_rank(static_cast<int>(Root)) > 0)
        return std::tuple{std::span<T>(out).subspan(begin, size[Root])};
      else
        return std::tuple{};
    };
    return std::tuple_cat(place(std::integral_constant<std::size_t, R>{})...);
  }
  /// What a call returns, as an array: numbers come by value.
  template <class... A>
  auto result(const A&... arguments) const {
    if constexpr (std::is_void_v<decltype(function_(arguments...))>) {
      function_(arguments...);
      return std::array<T, 0>{};
    } else if constexpr (std::same_as<decltype(function_(arguments...)), T>) {
      return std::array{function_(arguments...)};
    } else {
      return function_(arguments...);
    }
  }
  template <class Sizes, class Numbers>
  static void put_numbers(const Sizes& size, std::vector<T>& out, const Numbers& numbers) {
    std::size_t first = 0, next = 0;
    for (std::size_t r = 0; r < size.size(); first += size[r++])
      if (Function::output_rank(static_cast<int>(r)) == 0) out[first] = numbers[next++];
  }

  Function function_;
  std::vector<std::size_t> sizes_;
  std::tuple<Held...> held_;
};

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
