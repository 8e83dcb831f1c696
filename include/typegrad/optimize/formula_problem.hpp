// SPDX-License-Identifier: BSL-1.0
// Problems from formulas: tg::objective(f, x, y) with exact gradient and Hessian,
// tg::least_squares(tg::outputs(r0, r1), x, y) with an exact Jacobian. What a method asks for at once is one
// compiled program.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../program/function.hpp"
#include "least_squares.hpp"
#include "objective.hpp"

namespace tg {

namespace detail {

/// What follows a formula: first the parameters, then values for other symbols.
template <class... A>
inline constexpr std::size_t parameter_arguments = (std::size_t{0} + ... + (SymbolOrGroup<A> ? 1 : 0));

/// Array symbols, of which this header knows nothing else.
template <class A>
inline constexpr bool is_array_symbol = requires {
  A::primitive::shaped;
};

template <class A>
struct input_item {
  using type = A;
};
template <Binding A>
struct input_item<A> {
  using type = typename bound_symbols<A>::item;
};

/// The numbers of bound values, one after the other.
template <class T, class... B>
void append_bound([[maybe_unused]] T* to, const B&... bound) {
  [[maybe_unused]] const auto put = [&]<class One>(const One& value, std::size_t needed) {
    if constexpr (requires { value[0]; }) {
      require_size(size_of(value), needed, "the value bound to a group of symbols");
      for (std::size_t i = 0; i < needed; ++i) *to++ = static_cast<T>(value[i]);
    } else {
      *to++ = static_cast<T>(value);
    }
  };
  (put(bound_value(bound), static_cast<std::size_t>(symbols_of_t<typename bound_symbols<B>::item>::size)),
   ...);
}

/// A program of the parameters and of the values that are bound.
template <class Function, class... A>
class bound_function {
 public:
  static constexpr std::size_t inputs = static_cast<std::size_t>(Function::input_size);
  static constexpr std::size_t outputs = static_cast<std::size_t>(Function::output_size);

  constexpr explicit bound_function(const Function& function) : function_(function) {}

  /// Runs the program; `arguments` as they were given, of which the parameters are ignored.
  template <class V, class T>
  void operator()(const V& v, const std::tuple<A...>& arguments, std::span<T, outputs> out) const {
    T in[inputs];
    const std::size_t n = size_of(v);
    for (std::size_t i = 0; i < n; ++i) in[i] = v.data()[i];
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      append_bound(in + n, std::get<parameter_arguments<A...> + I>(arguments)...);
    }
    (std::make_index_sequence<sizeof...(A) - parameter_arguments<A...>>{});
    function_(std::span<const T, inputs>(in, inputs), out);
  }

 private:
  [[no_unique_address]] Function function_;
};

/// Calls make(symbols...) with the parameters only.
template <class Make, class... A>
constexpr auto with_parameters(const std::tuple<A...>& arguments, Make make) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return make(std::get<I>(arguments)...); }
  (std::make_index_sequence<parameter_arguments<A...>>{});
}

template <class... A>
constexpr bool parameters_first() {
  bool bound = false, right = true;
  ((SymbolOrGroup<A> ? void(right = right && !bound) : void(bound = true)), ...);
  return right;
}

template <class... A>
constexpr auto inputs_of(const std::tuple<A...>&) {
  return input_list<typename input_item<A>::type...>{};
}

/// How many symbols the parameters are.
template <class... A>
inline constexpr std::size_t parameter_numbers = [] {
  std::size_t count = 0;
  ((count +=
    SymbolOrGroup<A> ? static_cast<std::size_t>(symbols_of_t<typename input_item<A>::type>::size) : 0),
   ...);
  return count;
}();

/// Compiles outputs for the arguments of a problem.
template <class... A, class... F>
constexpr auto compile_bound(const std::tuple<A...>& arguments, const output_list<F...>& asked) {
  const auto compiled = function(inputs_of(arguments), asked);
  return bound_function<std::remove_cvref_t<decltype(compiled)>, A...>(compiled);
}

/// A list of outputs and one more.
template <class... F, class G>
constexpr auto with_output(const output_list<F...>& some, const G& more) {
  return some.numbers.unpack([&](const auto&... numbers) {
    return output_list<F..., G>{{numbers..., more.numbers}};
  });
}

template <std::size_t n, class V>
void require_parameters(const V& v) {
  if constexpr (fixed_size<V> != std::dynamic_extent && fixed_size<V> != n)
    refuse<text{"minimize: the start has another number of parameters than the formula's problem."}, V>();
  require_size(size_of(v), n, "the vector of parameters");
}

}  // namespace detail

/// The objective made by tg::objective from a formula.
template <class F, class... A>
class formula_objective {
 public:
  static constexpr std::size_t parameter_count = detail::parameter_numbers<A...>;

  constexpr formula_objective(const F& f, const A&... arguments) : formula_(f), arguments_(arguments...) {}

  template <ParameterVector V>
  detail::number_in<V> value(const V& v) const {
    detail::number_in<V> out[1];
    run(v, out, formula_);
    return out[0];
  }

  template <ParameterVector V>
  detail::number_in<V> value_and_gradient(const V& v, detail::numbers_out<V> slopes) const {
    detail::number_in<V> out[1 + parameter_count];
    run(v, out, formula_, gradient_of_formula());
    for (std::size_t i = 0; i < parameter_count; ++i) slopes[i] = out[1 + i];
    return out[0];
  }

  template <ParameterVector V>
  detail::number_in<V> value_gradient_hessian(const V& v, detail::numbers_out<V> slopes,
                                              detail::numbers_out<V> curvature) const {
    constexpr std::size_t n = parameter_count;
    detail::number_in<V> out[1 + n + n * n];
    run(v, out, formula_, gradient_of_formula(),
        detail::with_parameters(arguments_, [this](const auto&... symbols_given) {
          return hessian(formula_, symbols_given...);
        }));
    for (std::size_t i = 0; i < n; ++i) slopes[i] = out[1 + i];
    for (std::size_t i = 0; i < n * n; ++i) curvature[i] = out[1 + n + i];
    return out[0];
  }

 private:
  constexpr auto gradient_of_formula() const {
    return detail::with_parameters(
        arguments_, [this](const auto&... symbols_given) { return gradient(formula_, symbols_given...); });
  }

  template <class V, std::size_t m, class... G>
  void run(const V& v, detail::number_in<V> (&out)[m], const G&... outputs_asked) const {
    detail::require_parameters<parameter_count>(v);
    detail::compile_bound(arguments_, outputs(outputs_asked...))(v, arguments_,
                                                                 std::span<detail::number_in<V>, m>(out));
  }

  F formula_;
  std::tuple<A...> arguments_;
};

/// A problem from a formula: tg::objective(f, x, y, k = 2.0) is f as a function of x and y. After the formula
/// come the parameters, symbols or groups of symbols in the order of the start's numbers, then values for the
/// formula's other symbols (an array for a group). Value, gradient and Hessian are exact; each is compiled
/// only if the method asks for it.
template <Formula F, class... A>
requires(sizeof...(A) > 0) constexpr auto objective(const F& f, const A&... arguments) {
  static_assert(
      ((detail::SymbolOrGroup<A> || detail::Binding<A>)&&...),
      "objective: after the formula come its parameters (symbols or groups), then bindings such as k = 2.0");
  static_assert(detail::parameters_first<A...>(), "objective: name all parameters before the first binding");
  static_assert(
      !(detail::is_array_symbol<A> || ...),
      "objective: arrays are laid out in one vector, objective(loss, parameters(w, b), x = points), "
      "and <typegrad/optimize/array_problem.hpp> is included");
  static_assert(detail::parameter_arguments<A...> > 0, "objective: name at least one symbol as a parameter");
  return formula_objective<F, A...>(f, arguments...);
}

/// The ResidualVector made by tg::least_squares from formulas.
template <class R, class... A>
class formula_residuals {
 public:
  static constexpr std::size_t parameter_count = detail::parameter_numbers<A...>;
  static constexpr std::size_t residual_number = static_cast<std::size_t>(R::outputs());

  constexpr formula_residuals(const R& residuals_given, const A&... arguments)
      : residuals_(residuals_given), arguments_(arguments...) {}

  static constexpr std::size_t residual_count() { return residual_number; }

  template <ParameterVector V>
  void residuals(const V& v, detail::numbers_out<V> r) const {
    detail::require_parameters<parameter_count>(v);
    using T = detail::number_in<V>;
    detail::compile_bound(arguments_, residuals_)(v, arguments_,
                                                  std::span<T, residual_number>(r.data(), residual_number));
  }

  template <ParameterVector V>
  void linearize(const V& v, detail::numbers_out<V> r, detail::numbers_out<V> jacobian_out) const {
    detail::require_parameters<parameter_count>(v);
    using T = detail::number_in<V>;
    constexpr std::size_t m = residual_number, n = parameter_count;
    T out[m * (1 + n)];
    const auto derivatives = detail::with_parameters(
        arguments_, [this](const auto&... symbols_given) { return jacobian(residuals_, symbols_given...); });
    detail::compile_bound(arguments_, detail::with_output(residuals_, derivatives))(
        v, arguments_, std::span<T, m*(1 + n)>(out));
    for (std::size_t i = 0; i < m; ++i) r[i] = out[i];
    for (std::size_t i = 0; i < m * n; ++i) jacobian_out[i] = out[m + i];
  }

 private:
  R residuals_;
  std::tuple<A...> arguments_;
};

/// A least-squares problem from formulas: tg::least_squares(tg::outputs(r0, r1), x, y, k = 2.0). After the
/// residuals come parameters and bindings as in tg::objective. For residuals of one form over many rows of
/// data, tg::sum_over compiles less.
template <class... R, class... A>
requires(sizeof...(A) > 0) constexpr auto least_squares(const output_list<R...>& residuals,
                                                        const A&... arguments) {
  static_assert(((detail::SymbolOrGroup<A> || detail::Binding<A>)&&...),
                "least_squares: after the residuals come the parameters (symbols or groups), then bindings "
                "such as k = 2.0");
  static_assert(detail::parameters_first<A...>(),
                "least_squares: name all parameters before the first binding");
  static_assert(detail::parameter_arguments<A...> > 0,
                "least_squares: name at least one symbol as a parameter");
  return formula_residuals<output_list<R...>, A...>(residuals, arguments...);
}
/// The same for what tg::trace returns: one formula or several.
template <FormulaOrFormulas R, class... A>
requires(sizeof...(A) > 0) constexpr auto least_squares(const R& residuals, const A&... arguments) {
  return least_squares(outputs(residuals), arguments...);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
