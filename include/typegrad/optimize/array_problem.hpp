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

#include "../program/array/bound_symbols.hpp"
#include "objective.hpp"

namespace tg {

namespace detail {

inline constexpr called objective_call{"objective", "objective(loss, theta, x = points)"};

/// A workspace for each number type that a start may have.
using workspaces = std::tuple<std::vector<float>, std::vector<double>, std::vector<long double>>;

}  // namespace detail

/// The objective made by tg::objective from a formula of arrays. It owns the data that it was given, but for
/// spans, and a workspace, so that two threads must not ask one problem at a time.
template <class F, class Parameters, class Executor, class... B>
class array_objective;
template <class F, class... S, class Executor, class... B>
class array_objective<F, parameter_list<S...>, Executor, B...> {
 public:
  static constexpr std::size_t parameter_count() { return parameter_list<S...>::size(); }

  constexpr array_objective(const F& f, const Executor& executor, std::tuple<B...> values)
      : formula_(f), executor_(executor), values_(std::move(values)) {}
  /// The same problem in threads; see tg::in_threads.
  template <class By>
  constexpr auto run_by(const By& executor) const {
    return array_objective<F, parameters, By, B...>(formula_, executor, values_);
  }

  template <ParameterVector V>
  detail::number_in<V> value(const V& v) const {
    return run<detail::number_in<V>>(function(inputs, outputs(formula_)), std::tie(v));
  }

  template <ParameterVector V>
  detail::number_in<V> value_and_gradient(const V& v, detail::numbers_out<V> slopes) const {
    return run<detail::number_in<V>>(function(inputs, outputs(formula_, gradient(formula_, parameters{}))),
                                     std::tie(v), slopes);
  }

  /// The Hessian row by row, each a Hessian-vector product.
  template <ParameterVector V>
  detail::number_in<V> value_gradient_hessian(const V& v, detail::numbers_out<V> slopes,
                                              detail::numbers_out<V> curvature) const {
    using T = detail::number_in<V>;
    using direction = parameter_list<detail::marked_t<S>...>;
    constexpr auto place = detail::inputs_of_lists<detail::symbol_list<parameters, direction>, data>();
    const auto row = function(place, outputs(hvp(formula_, along(parameters{} = direction{}))));
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
  using parameters = parameter_list<S...>;
  using data = detail::symbols_bound_t<detail::objective_call, detail::sources_t<F>, B...>;
  static constexpr auto inputs = detail::inputs_of_lists<detail::symbol_list<parameters>, data>();

  template <class T, class Function, class... In, class... Out>
  auto run(const Function& compiled, const std::tuple<In...>& at, const Out&... out) const {
    const auto call = [&](const auto&... in) {
      auto& space = std::get<std::vector<T>>(spaces_);
      if (const std::size_t size = Function::workspace_for(in...); size > space.size()) space.resize(size);
      return compiled(in..., out..., space, executor_);
    };
    return std::apply(
        [&](const auto&... in) {
          return std::apply([&](const auto&... bound) { return call(in..., bound.value...); }, values_);
        },
        at);
  }

  F formula_;
  [[no_unique_address]] Executor executor_;
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
  return array_objective<F, parameter_list<S...>, detail::this_thread, B...>(f, {}, {values...});
}

}  // namespace tg

#include "../support/compiler/end.hpp"
