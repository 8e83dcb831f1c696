// SPDX-License-Identifier: BSL-1.0
// Formulas as cost functions of Ceres Solver, with exact Jacobians in place of its Jets. Opt-in: needs Ceres.
#pragma once
#include "../support/compiler/begin.hpp"

#include <ceres/sized_cost_function.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "formula_problem.hpp"

namespace tg {

namespace detail {

template <class A>
inline constexpr int block_size = symbols_of_t<A>::size;

/// The cost function for parameter blocks B... and bindings.
template <class R, class Blocks, class... A>
class ceres_cost_function;

template <class... R, int... n, class... A>
class ceres_cost_function<output_list<R...>, std::integer_sequence<int, n...>, A...> final
    : public ceres::SizedCostFunction<(R::outputs() + ...), n...> {
  static constexpr std::size_t m = static_cast<std::size_t>((R::outputs() + ...));
  static constexpr std::size_t all = static_cast<std::size_t>((n + ...));

 public:
  ceres_cost_function(const output_list<R...>& residuals, const A&... arguments)
      : residuals_(residuals), arguments_(arguments...) {}

  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override {
    std::array<double, all> v;
    std::size_t end = 0;
    int block = 0;
    const auto gather = [&](int size) {
      for (int i = 0; i < size; ++i) v[end++] = blocks[block][i];
      ++block;
    };
    (gather(n), ...);
    if (jacobians == nullptr) {
      compile_bound(arguments_, residuals_)(v, arguments_, std::span<double, m>(residuals, m));
      return true;
    }
    double out[m * (1 + all)];
    const auto derivatives = with_parameters(
        arguments_, [this](const auto&... symbols_given) { return jacobian(residuals_, symbols_given...); });
    compile_bound(arguments_, with_output(residuals_, derivatives))(v, arguments_,
                                                                    std::span<double, m*(1 + all)>(out));
    for (std::size_t i = 0; i < m; ++i) residuals[i] = out[i];
    std::size_t first = 0;
    block = 0;
    const auto scatter = [&](std::size_t size) {
      if (double* const to = jacobians[block++]; to != nullptr)
        for (std::size_t i = 0; i < m; ++i)
          for (std::size_t j = 0; j < size; ++j) to[i * size + j] = out[m + i * all + first + j];
      first += size;
    };
    (scatter(static_cast<std::size_t>(n)), ...);
    return true;
  }

 private:
  output_list<R...> residuals_;
  std::tuple<A...> arguments_;
};

template <class R, class... A>
auto make_ceres_cost(const R& residuals, const A&... arguments) {
  const std::tuple<const A&...> given(arguments...);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    using blocks =
        std::integer_sequence<int,
                              block_size<std::remove_cvref_t<std::tuple_element_t<I, std::tuple<A...>>>>...>;
    return std::make_unique<ceres_cost_function<R, blocks, A...>>(residuals, arguments...);
  }
  (std::make_index_sequence<parameter_arguments<A...>>{});
}

}  // namespace detail

/// A ceres::SizedCostFunction from residuals, one formula or tg::outputs of several:
/// `problem.AddResidualBlock(tg::ceres_cost(r, camera, point, u = 1.5).release(), nullptr, camera_data,
/// point_data)`. After the residuals come the parameter blocks, each a symbol or a group of symbols, in the
/// order of the pointers; then values for the formula's other symbols. Residuals alone and residuals with
/// Jacobians are one compiled program each; blocks that Ceres holds constant are left out of the copy. Ceres
/// takes ownership of what it is given, hence release().
template <class... R, class... A>
auto ceres_cost(const output_list<R...>& residuals, const A&... arguments) {
  static_assert(((detail::SymbolOrGroup<A> || detail::Binding<A>)&&...),
                "ceres_cost: after the residuals come the parameter blocks (symbols or groups), then "
                "bindings such as u = 1.5");
  static_assert(detail::parameters_first<A...>(),
                "ceres_cost: name all parameter blocks before the first binding");
  static_assert(detail::parameter_arguments<A...> > 0,
                "ceres_cost: name at least one symbol or group as a parameter block");
  return detail::make_ceres_cost(residuals, arguments...);
}
template <FormulaOrFormulas R, class... A>
auto ceres_cost(const R& residuals, const A&... arguments) {
  return ceres_cost(outputs(residuals), arguments...);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
