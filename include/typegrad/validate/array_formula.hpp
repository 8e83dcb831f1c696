// SPDX-License-Identifier: BSL-1.0
// Checks of formulas of arrays: gradients, Jacobians and products with them, each element under its name.
// Opt-in: it brings the arrays.
#pragma once
#include "../support/compiler/begin.hpp"

#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "array_point.hpp"
#include "products.hpp"

namespace tg {

namespace detail {

inline constexpr called check_call{"check", "check_gradient(loss, at(w = weights), x = points)"};

template <class B>
struct bound_type {
  using type = void;
};
template <auto Name, ArrayArgument T>
struct bound_type<binding<Name, T>> {
  using type = typename array_type_of<T>::number;
};
template <class P, class T>
struct bound_type<parameter_binding<P, T>> {
  using type = typename array_type_of<T>::number;
};
/// The number type of the first array among bindings.
template <class... B>
struct number_bound;
template <class First, class... B>
struct number_bound<First, B...> {
  using type = typename bound_type<First>::type;
};
template <class First, class... B>
requires std::is_void_v<typename bound_type<First>::type>
struct number_bound<First, B...> : number_bound<B...> {
};

/// The bindings of a point.
template <class... B>
const std::tuple<B...>& bindings_of(const array_point<B...>& point) {
  return point.bindings;
}
template <auto... Names, class... T>
auto bindings_of(const named_point<binding<Names, T>...>& point) {
  std::size_t k = 0;
  return std::tuple{binding<Names, T>{static_cast<T>(point.values[k++])}...};
}
template <class P>
inline constexpr bool is_array_point = false;
template <class... B>
inline constexpr bool is_array_point<array_point<B...>> = true;
/// A point of a check in which arrays take part, in the point or beside it.
template <class P, class... Held>
concept ArrayCheck = is_array_point<P> ||(sizeof...(Held) > 0 && requires(const P& p) { bindings_of(p); });

template <class F>
constexpr auto as_outputs(const F& f) {
  if constexpr (FormulaOrFormulas<F>)
    return outputs(f);
  else
    return f;
}

inline std::size_t number_of_extent(int known_extent) { return static_cast<std::size_t>(known_extent); }
template <auto Name>
std::size_t number_of_extent(extent_name<Name>) {
  return 0;
}
/// The shapes of outputs for names of their elements; an output of several formulas is in one row.
template <class F>
void add_shapes(std::vector<std::vector<std::size_t>>& shapes) {
  if constexpr (Formula<F>) [&]<auto... E>(extents<E...>) {
      shapes.push_back({number_of_extent(E)...});
    }
  (decltype(shape_of(std::declval<const F&>())){});
  else for (int k = 0; k < F::outputs(); ++k) shapes.push_back({0});
}
/// f0[2, 1] and so on, for outputs of those sizes; the options may have other names than f0.
template <class... F, class Sizes>
std::vector<std::string> output_names(const output_list<F...>&, const Sizes& sizes,
                                      const check_options& options) {
  std::vector<std::vector<std::size_t>> shapes;
  (add_shapes<F>(shapes), ...);
  std::vector<std::string> all;
  for (std::size_t r = 0; r < sizes.size(); ++r) {
    const auto shape = whole_shape(shapes[r], sizes[r]);
    for (std::size_t i = 0; i < sizes[r]; ++i) all.push_back(element_name(output_name(options, r), shape, i));
  }
  return all;
}

/// Symbols for weights of outputs, of the same shapes.
template <int K, class Shape>
struct weight_symbol;
template <int K, auto... E>
struct weight_symbol<K, extents<E...>> {
  using type = formula<node::array<element_name<text{"weights'"}, K>(), E...>>;
};
template <int K>
struct weight_symbol<K, extents<>> {
  using type = formula<node::leaf::variable<element_name<text{"weights'"}, K>()>>;
};

/// What all checks of formulas at a point need: its coordinates, and functions of them.
template <class T, class Sources, class Point, class Held>
class array_check;
template <class T, class Sources, class... B, class... H>
class array_check<T, Sources, std::tuple<B...>, std::tuple<H...>> {
 public:
  using variables = symbols_bound_t<check_call, Sources, B...>;
  using held = symbols_bound_t<check_call, Sources, H...>;

  array_check(const std::tuple<B...>& point, const H&... held_given) : held_(held_given...) {
    std::apply(
        [&](const B&... each) {
          (place.add_binding(each, typename symbols_bound<check_call, Sources, B>::type{}), ...);
        },
        point);
  }

  /// Outputs as a function of the coordinates and of values for further symbols of those sizes.
  template <class... F, class... More>
  auto function_of(const output_list<F...>& asked, symbol_list<More...> = {},
                   const std::vector<std::size_t>& sizes = {}) const {
    using symbols = typename joined_lists<variables, symbol_list<More...>>::type;
    std::vector<std::size_t> all = place.sizes;
    all.insert(all.end(), sizes.begin(), sizes.end());
    const auto compiled = function(inputs_of_lists<symbols, held>(), asked);
    return std::apply(
        [&](const H&... each) {
          return on<std::remove_cvref_t<decltype(inputs_of_lists<symbols>())>>(
              compiled, all,
              held_value<T, typename symbols_bound<check_call, Sources, H>::type>(each.value)...);
        },
        held_);
  }

  check_options named(check_options options, std::vector<std::string> output_names = {}) const {
    if (options.names.empty()) options.names = place.names;
    options.outputs = std::move(output_names);
    return options;
  }

  static constexpr variables symbols() { return {}; }

  flat_point<T> place;

 private:
  template <class Inputs, class Function, class... Values>
  static auto on(const Function& compiled, const std::vector<std::size_t>& sizes, const Values&... values) {
    return on_vectors<T, Inputs, Function, Values...>(compiled, sizes, values...);
  }
  std::tuple<H...> held_;
};

/// In numbers of type W, or of the type of the arrays.
template <class W = void, class F, class P, class... H>
auto check_of(const F&, const P& point, const H&... held) {
  const auto bindings = bindings_of(point);
  return std::apply(
      [&]<class... B>(const B&...) {
        using given = typename number_bound<B..., H...>::type;
        return array_check<std::conditional_t<std::is_void_v<W>, given, W>, sources_t<F>, std::tuple<B...>,
                           std::tuple<H...>>(bindings, held...);
      },
      bindings);
}

/// Formulas by a list of symbols.
template <class F, class... S>
constexpr auto gradient_in(const F& f, symbol_list<S...>) {
  return gradient(f, S{}...);
}
template <class Outputs, class... S>
constexpr auto jvp_in(const Outputs& all, symbol_list<S...>) {
  return outputs(jvp(all, along(binding<S::name, marked_t<S>>{}...)));
}
template <class F, class... S>
constexpr auto hvp_in(const F& f, symbol_list<S...>) {
  return outputs(hvp(f, along(binding<S::name, marked_t<S>>{}...)));
}
template <class Outputs, class... W, class... S>
constexpr auto vjp_in(const Outputs& all, symbol_list<W...>, symbol_list<S...>) {
  return outputs(vjp(all, weights(W{}...), S{}...));
}
template <class Outputs, class... S>
constexpr auto jacobian_in(const Outputs& all, symbol_list<S...>) {
  return outputs(jacobian(all, S{}...));
}
template <class F, class... S>
constexpr auto hessian_in(const F& f, symbol_list<S...>) {
  return outputs(hessian(f, S{}...));
}
/// Blocks, one after the other, as rows of a matrix.
template <class T, class Rows, class Columns>
auto rows_of_blocks(const std::vector<T>& blocks, const Rows& rows, const Columns& columns) {
  std::vector<std::vector<T>> matrix;
  std::size_t at = 0;
  for (const std::size_t height : rows) {
    const std::size_t first = matrix.size();
    matrix.resize(first + height);
    for (const std::size_t width : columns)
      for (std::size_t i = 0; i < height; ++i, at += width)
        matrix[first + i].insert(matrix[first + i].end(), blocks.begin() + static_cast<std::ptrdiff_t>(at),
                                 blocks.begin() + static_cast<std::ptrdiff_t>(at + width));
  }
  return matrix;
}
template <class... S>
constexpr symbol_list<marked_t<S>...> marked(symbol_list<S...>) {
  return {};
}
template <class... F>
constexpr auto weight_symbols(const output_list<F...>&) {
  static_assert((Formula<F> && ...), "typegrad: check: a product is checked of formulas, tg::outputs(f, g).");
  return []<int... K>(std::integer_sequence<int, K...>) {
    return symbol_list<typename weight_symbol<K, decltype(shape_of(std::declval<const F&>()))>::type...>{};
  }
  (std::make_integer_sequence<int, static_cast<int>(sizeof...(F))>{});
}

/// A product with a second vector, as a callable of a place and a vector.
template <class Function>
auto product_of(const Function& function) {
  return [function]<class V>(const V& place, const V& vector) {
    V both = place;
    both.insert(both.end(), vector.begin(), vector.end());
    return function(both);
  };
}

/// The functions of a check of products: the outputs, Jacobian times vector, vector times Jacobian.
template <class Outputs, class P, class... H>
struct product_check {
  product_check(const Outputs& all, const P& point, const check_options& given, const H&... held)
      : check(check_of(all, point, held...)), asked(all), options(given) {}

  using check_type = decltype(check_of(std::declval<const Outputs&>(), std::declval<const P&>(),
                                       std::declval<const H&>()...));
  using variables = typename check_type::variables;

  const auto& place() const { return check.place.values; }
  auto value() const { return check.function_of(asked); }
  auto tangents() const {
    return product_of(check.function_of(jvp_in(asked, variables{}), marked(variables{}), check.place.sizes));
  }
  auto adjoints() const {
    const auto sizes = value().sizes(place());
    constexpr auto symbols = decltype(weight_symbols(asked)){};
    return product_of(
        check.function_of(vjp_in(asked, symbols, variables{}), symbols, {sizes.begin(), sizes.end()}));
  }
  check_options named() const {
    return check.named(options, output_names(asked, value().sizes(place()), options));
  }

  check_type check;
  Outputs asked;
  check_options options;
};

}  // namespace detail

/// Checks the gradient of a formula by the elements of arrays and by numbers of the point,
/// tg::at(w = weights, s = 2.0) or tg::at(theta = weights); values for its other symbols follow:
/// tg::check_gradient(loss, tg::at(w = weights), x = points), with the options in between, if there are any.
/// Components are named as w[3, 7]. In float, those that differences cannot settle and those that they
/// contradict are asked for in double. Errors: std::invalid_argument as in all checks, and tg::unfit_array
/// for values that do not fit the formula.
template <Formula F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_gradient(const F& f, const P& point, const check_options& options, const H&... held) {
  const auto check = detail::check_of(f, point, held...);
  using T = std::remove_cvref_t<decltype(check.place.values[0])>;
  const auto in = [&](const auto& one) {
    const auto value = one.function_of(outputs(f));
    return std::pair{[value](const auto& place) { return value(place)[0]; },
                     one.function_of(outputs(detail::gradient_in(f, decltype(check.symbols()){})))};
  };
  const auto [value, exact] = in(check);
  auto report = check_gradient(value, exact, check.place.values, check.named(options));
  if constexpr (std::same_as<T, float>) {
    const auto [wide_value, wide_exact] = in(detail::check_of<double>(f, point, held...));
    second_opinion<double>(report, wide_value, wide_exact, check.place.values, options, "double");
  }
  return report;
}

/// Checks the Jacobian of a formula or several, tg::outputs(f, g): elements are named as f0[2, 1] by w[3, 7],
/// or with other names than f0 that stand in the options. Each output is judged by itself.
template <detail::Inspectable F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_jacobian(const F& f, const P& point, const check_options& options, const H&... held) {
  const detail::product_check check(detail::as_outputs(f), point, options, held...);
  const auto blocks =
      check.check.function_of(detail::jacobian_in(check.asked, decltype(check.check.symbols()){}));
  const auto rows = check.value().sizes(check.place());
  return check_jacobian(
      check.value(),
      [&](const auto& place) { return detail::rows_of_blocks(blocks(place), rows, check.check.place.sizes); },
      check.place(), check.named());
}

/// Checks the Hessian of a formula by the elements of the point, against differences of its exact gradient.
template <Formula F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_hessian(const F& f, const P& point, const check_options& options, const H&... held) {
  const auto check = detail::check_of(f, point, held...);
  constexpr auto variables = check.symbols();
  const auto blocks = check.function_of(detail::hessian_in(f, variables));
  const auto& sizes = check.place.sizes;
  return check_hessian(
      check.function_of(outputs(detail::gradient_in(f, variables))),
      [&](const auto& place) { return detail::rows_of_blocks(blocks(place), sizes, sizes); },
      check.place.values, check.named(options));
}

/// Checks Jacobian times vector of a formula or several for random vectors.
template <detail::Inspectable F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_jvp(const F& f, const P& point, const check_options& options, const H&... held) {
  const detail::product_check check(detail::as_outputs(f), point, options, held...);
  return check_jvp(check.value(), check.tangents(), check.place(), check.named());
}

/// Checks vector times Jacobian for one random vector, each element of the point under its name.
template <detail::Inspectable F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_vjp(const F& f, const P& point, const check_options& options, const H&... held) {
  const detail::product_check check(detail::as_outputs(f), point, options, held...);
  return check_vjp(check.value(), check.adjoints(), check.place(), check.named());
}

/// Checks that Jacobian times vector and vector times Jacobian belong together, to rounding.
template <detail::Inspectable F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_adjoint(const F& f, const P& point, const check_options& options, const H&... held) {
  const detail::product_check check(detail::as_outputs(f), point, options, held...);
  return check_adjoint(check.tangents(), check.adjoints(), check.place(), check.named());
}

/// Checks Hessian times vector for random vectors, against differences of the exact gradient.
template <Formula F, class P, detail::Binding... H>
requires detail::ArrayCheck<P, H...>
auto check_hvp(const F& f, const P& point, const check_options& options, const H&... held) {
  const auto check = detail::check_of(f, point, held...);
  constexpr auto variables = check.symbols();
  return check_hvp(check.function_of(outputs(detail::gradient_in(f, variables))),
                   detail::product_of(check.function_of(detail::hvp_in(f, variables),
                                                        detail::marked(variables), check.place.sizes)),
                   check.place.values, check.named(options));
}

// The same with the options left out.
// clang-format off
template <Formula F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_gradient(const F& f, const P& point, const H&... held) { return check_gradient(f, point, check_options{}, held...); }
template <detail::Inspectable F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_jacobian(const F& f, const P& point, const H&... held) { return check_jacobian(f, point, check_options{}, held...); }
template <Formula F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_hessian(const F& f, const P& point, const H&... held) { return check_hessian(f, point, check_options{}, held...); }
template <detail::Inspectable F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_jvp(const F& f, const P& point, const H&... held) { return check_jvp(f, point, check_options{}, held...); }
template <detail::Inspectable F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_vjp(const F& f, const P& point, const H&... held) { return check_vjp(f, point, check_options{}, held...); }
template <detail::Inspectable F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_adjoint(const F& f, const P& point, const H&... held) { return check_adjoint(f, point, check_options{}, held...); }
template <Formula F, class P, detail::Binding... H> requires detail::ArrayCheck<P, H...>
auto check_hvp(const F& f, const P& point, const H&... held) { return check_hvp(f, point, check_options{}, held...); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
