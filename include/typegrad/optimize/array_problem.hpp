// SPDX-License-Identifier: BSL-1.0
// Problems from formulas of arrays: tg::objective(loss, theta, x = points) is a loss as a function of
// parameters in one vector, with an exact gradient and Hessian. Beside formula_problem.hpp, because it brings
// the arrays.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../program/array/array_function.hpp"
#include "objective.hpp"

namespace tg {

namespace detail {

inline constexpr called objective_call{"objective", "objective(loss, theta, x = points)"};

/// The symbol of F that has a name: a binding tells no more of it.
template <const called& Call, class F, auto Name>
struct symbol_named {
  static constexpr const record* find() {
    builder b;
    load_symbols_of<from<F>>(b);
    for (int i = 0; i < b.size(); ++i)
      if (b.what(i) == kind::variable && b[i].op->name == Name.view()) return b[i].op;
    return nullptr;
  }
  static constexpr const record* found = find();
  static constexpr auto choose() {
    if constexpr (found == nullptr) {
      refuse<join(name_of<Call>(), text{": '"}, Name,
                  text{"' has a value and does not occur in the formula; "
                       "it has "},
                  symbol_names_text<from<F>>(), text{"."})>();
      return formula<node::leaf::variable<Name>>{};
    } else {
      return formula<typename leaf_type<operation_of<found>>::type>{};
    }
  }
  using type = decltype(choose());
};
template <const called& Call, class F, class B>
struct symbol_of_binding;
template <const called& Call, class F, auto Name, class T>
struct symbol_of_binding<Call, F, binding<Name, T>> : symbol_named<Call, F, Name> {};
/// The inputs of a function: some, and after them the symbols of F that are bound to values.
template <class F, class First, class... B>
constexpr auto inputs_with() {
  return []<class... S>(input_list<S...>) {
    return input_list<S..., typename symbol_of_binding<objective_call, F, B>::type...>{};
  }(First{});
}

/// The symbols of a direction: of the same shapes, with a mark behind their names.
template <class S>
struct marked_symbol;
template <auto Name>
struct marked_symbol<formula<node::leaf::variable<Name>>> {
  using type = formula<node::leaf::variable<join(Name, text{"'"})>>;
};
template <auto Name, auto... Extents>
struct marked_symbol<formula<node::array<Name, Extents...>>> {
  using type = formula<node::array<join(Name, text{"'"}), Extents...>>;
};
template <class... S>
constexpr auto direction_in(const parameter_list<S...>&) {
  return parameter_list<typename marked_symbol<S>::type...>{};
}

/// A workspace for each number type that a start may have.
using workspaces = std::tuple<std::vector<float>, std::vector<double>, std::vector<long double>>;

}  // namespace detail

/// The objective made by tg::objective from a formula of arrays. It owns the data that it was given, but for
/// spans, and a workspace, so that two threads must not ask one problem at a time.
template <class F, class Parameters, class... B>
class array_objective {
 public:
  static constexpr std::size_t parameter_count() { return Parameters::size(); }

  constexpr explicit array_objective(const F& f, const B&... values) : formula_(f), values_(values...) {}

  template <ParameterVector V>
  detail::number_in<V> value(const V& v) const {
    return run<detail::number_in<V>>(function(inputs, outputs(formula_)), std::tie(v));
  }

  template <ParameterVector V>
  detail::number_in<V> value_and_gradient(const V& v, detail::numbers_out<V> slopes) const {
    return run<detail::number_in<V>>(function(inputs, outputs(formula_, gradient(formula_, Parameters{}))),
                                     std::tie(v), slopes);
  }

  /// The Hessian row by row, each a Hessian-vector product.
  template <ParameterVector V>
  detail::number_in<V> value_gradient_hessian(const V& v, detail::numbers_out<V> slopes,
                                              detail::numbers_out<V> curvature) const {
    using T = detail::number_in<V>;
    using direction = decltype(detail::direction_in(Parameters{}));
    constexpr auto place = detail::inputs_with<F, input_list<Parameters, direction>, B...>();
    const auto row = function(place, outputs(hvp(formula_, along(Parameters{} = direction{}))));
    constexpr std::size_t n = parameter_count();
    std::vector<T> unit(n);
    for (std::size_t i = 0; i < n; ++i) {
      unit[i] = 1;
      run<T>(row, std::tie(v, unit), curvature.subspan(i * n, n));
      unit[i] = 0;
    }
    return value_and_gradient(v, slopes);
  }

 private:
  static constexpr auto inputs = detail::inputs_with<F, input_list<Parameters>, B...>();

  template <class T, class Function, class... In, class... Out>
  auto run(const Function& compiled, const std::tuple<In...>& at, const Out&... out) const {
    const auto call = [&](const auto&... in) {
      auto& space = std::get<std::vector<T>>(spaces_);
      if (const std::size_t size = Function::workspace_for(in...); size > space.size()) space.resize(size);
      return compiled(in..., out..., space);
    };
    return std::apply(
        [&](const auto&... in) {
          return std::apply([&](const auto&... bound) { return call(in..., bound.value...); }, values_);
        },
        at);
  }

  F formula_;
  std::tuple<B...> values_;
  mutable detail::workspaces spaces_;
};

/// A problem from a loss of arrays: tg::objective(loss, theta, x = points, k = 2.0) is the loss as a function
/// of parameters in one vector. Then come values for the loss's other symbols; a vector, an array or a matrix
/// is copied, a std::span is referred to. Arrays have to hold numbers of the start's type. Value, gradient
/// and Hessian are exact; each is compiled only if the method asks for it. Errors: what does not fit ends the
/// run with the sentence of tg::unfit_array.
template <Formula F, class... S, detail::Binding... B>
constexpr auto objective(const F& f, const parameter_list<S...>&, const B&... values) {
  static_assert(detail::is_number<text{"objective"}, F>());
  return array_objective<F, parameter_list<S...>, B...>(f, values...);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
