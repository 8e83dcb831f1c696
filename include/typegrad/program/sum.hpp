// SPDX-License-Identifier: BSL-1.0
// Sums over data of run-time length: the formula is compiled once, and a loop runs over the rows. Value,
// gradient, Hessian, and for least squares the cost, J^T r and J^T J.
#pragma once
#include "../support/compiler/begin.hpp"

#include <exception>

#include "../support/compiler/exceptions.hpp"
#include "function.hpp"

namespace tg {

namespace detail {

/// The number type of the values of the parameters.
template <class V>
constexpr auto number_of_values() {
  if constexpr (requires { typename number_at<V>; })
    return number_at<V>{};
  else
    return refuse<
        text{"sum_over: the values of the parameters are given together, as an array, a span or a vector."},
        V>();
}
template <class V>
using number_among = decltype(number_of_values<V>());

inline constexpr called rows_call{"rows", "rows(t = times, y = values)"};
inline constexpr called sum_over_call{"sum_over", "sum_over(rows(t = times), f, x)", true};

}  // namespace detail

/// What rows() throws. (std::invalid_argument would bring the string library into every translation unit.)
struct unequal_columns : std::exception {
  const char* what() const noexcept override {
    return "rows: the columns have different lengths; give every symbol as many values.";
  }
};

/// What every call of a sum throws for the wrong number of parameters.
struct unequal_parameters : std::exception {
  const char* what() const noexcept override {
    return "sum_over: give as many values as the sum has parameters.";
  }
};

/// What value_and_gradient of a sum throws.
struct unequal_slopes : std::exception {
  const char* what() const noexcept override {
    return "sum_over: value_and_gradient takes a span of as many slopes as there are parameters.";
  }
};

/// Columns of data, each bound to a symbol: tg::rows(t = times, y = values). A vector or array is copied, a
/// std::span is referred to.
template <class... B>
struct row_data;
template <auto... Names, class... T>
struct row_data<binding<Names, T>...> {
  using symbols = detail::symbol_list<formula<node::leaf::variable<Names>>...>;
  list<T...> columns;

  /// The number of rows.
  constexpr std::size_t size() const {
    std::size_t n = 0;
    columns.unpack([&](const auto& first_column, const auto&...) { n = std::size(first_column); });
    return n;
  }
};

/// Called, it binds columns of data to symbols; columns of different lengths are refused with
/// tg::unequal_columns. As an extent of an array, tg::array<"x", tg::rows, 64>, it is one that is known when
/// a function is called.
struct rows_t {
  static constexpr text name = "rows";
  template <auto... Names, class... T>
  requires(sizeof...(T) > 0) constexpr auto operator()(const binding<Names, T>&... columns) const;
  /// What it says to arguments that it cannot take; below.
  template <class Absent = detail::absent, class... More>
  constexpr auto operator()(detail::binding_place<detail::rows_call> = Absent{}, const More&... more) const;
};
inline constexpr rows_t rows{};

template <auto... Names, class... T>
requires(sizeof...(T) > 0) constexpr auto rows_t::operator()(const binding<Names, T>&... columns) const {
  static_assert((detail::Memory<const T> && ...),
                "typegrad: rows: every column must be a vector, an array or a span of numbers.");
  static_assert(
      detail::symbols_distinct<detail::rows_call,
                               detail::symbol_list<formula<node::leaf::variable<Names>>...>>::check());
  row_data<binding<Names, T>...> data{{columns.value...}};
  if (((std::size(columns.value) != data.size()) || ...)) detail::raise(unequal_columns{});
  return data;
}

/// 1/2 sum r^2 with its gradient J^T r and the Gauss-Newton matrix J^T J, for n parameters.
template <class T, std::size_t N>
struct gauss_newton_sum {
  T cost{};
  std::array<T, N> gradient{};
  std::array<std::array<T, N>, N> matrix{};
};

/// The sum of a formula over the rows of a table, as a function of n parameters. Values are given as a
/// std::array, a std::span or a vector of n numbers, in the order of the parameters; another number of them
/// is refused with tg::unequal_parameters. Each call is one pass over the rows, without allocation.
template <class Rows, class F, class... S>
class row_sum {
  using parameters = detail::derivative_symbols_t<S...>;
  using columns = typename Rows::symbols;
  using all = typename detail::joined_lists<parameters, columns>::type;
  static constexpr int n = parameters::size;
  static constexpr std::size_t un = static_cast<std::size_t>(n);
  static_assert(detail::symbols_distinct<detail::sum_over_call, all>::check());
  static_assert(detail::inputs_required<detail::sum_over_call, all, detail::from<F>>::check());
  static_assert(detail::symbols_found<detail::sum_over_call, detail::sources_t<F>, S...>());

  using gradient_request = detail::gradient_request<detail::from<F>, parameters>;
  using hessian_request = detail::hessian_request<detail::from<F>, parameters>;

 public:
  constexpr row_sum(const Rows& data, const F& summand) : rows_{data}, numbers_{summand.numbers} {}

  static constexpr std::size_t parameter_count() { return un; }
  constexpr std::size_t row_count() const { return rows_.size(); }

  /// The sum of the formula.
  template <class V>
  constexpr auto value(const V& at) const {
    detail::number_among<V> sum{};
    over_rows<F>(at, [&](const auto* outputs) { sum += outputs[0]; });
    return sum;
  }

  /// The sum of the formula's gradients.
  template <class V>
  constexpr auto gradient(const V& at) const {
    std::array<detail::number_among<V>, un> sum{};
    over_rows<detail::answer_t<gradient_request>>(at, [&](const auto* outputs) {
      for (std::size_t entry = 0; entry < un; ++entry) sum[entry] += outputs[entry];
    });
    return sum;
  }

  /// The sum of the formula, and in `slopes` the sum of its gradients, in one pass over the rows. Slopes that
  /// are not n numbers are refused with tg::unequal_slopes.
  template <class V>
  constexpr auto value_and_gradient(const V& at, std::span<detail::number_among<V>> slopes) const {
    if (slopes.size() != un) detail::raise(unequal_slopes{});
    detail::number_among<V> sum{};
    for (auto& slope : slopes) slope = {};
    over_rows<F, detail::answer_t<gradient_request>>(at, [&](const auto* outputs) {
      sum += outputs[0];
      for (std::size_t entry = 0; entry < un; ++entry) slopes[entry] += outputs[1 + entry];
    });
    return sum;
  }

  /// The sum of the formula's second derivatives.
  template <class V>
  constexpr auto hessian(const V& at) const {
    std::array<std::array<detail::number_among<V>, un>, un> sum{};
    over_rows<detail::answer_t<hessian_request>>(at, [&](const auto* outputs) {
      for (std::size_t row = 0; row < un; ++row)
        for (std::size_t column = 0; column <= row; ++column) sum[row][column] += outputs[row * un + column];
    });
    for (std::size_t r = 0; r < un; ++r)
      for (std::size_t c = 0; c < r; ++c) sum[c][r] = sum[r][c];
    return sum;
  }

  /// For a formula that is a residual r: 1/2 sum r^2, J^T r and J^T J.
  template <class V>
  constexpr auto gauss_newton(const V& at) const {
    gauss_newton_sum<detail::number_among<V>, un> sum{};
    over_rows<F, detail::answer_t<gradient_request>>(at, [&](const auto* outputs) {
      sum.cost += outputs[0] * outputs[0] / 2;
      for (std::size_t row = 0; row < un; ++row) {
        sum.gradient[row] += outputs[0] * outputs[1 + row];
        for (std::size_t column = 0; column <= row; ++column)
          sum.matrix[row][column] += outputs[1 + row] * outputs[1 + column];
      }
    });
    for (std::size_t r = 0; r < un; ++r)
      for (std::size_t c = 0; c < r; ++c) sum.matrix[c][r] = sum.matrix[r][c];
    return sum;
  }

  /// For a formula that is a residual r: every r and its gradient, row by row; `use(row, r, gradient)` gets a
  /// number and n numbers.
  template <class V, class Use>
  constexpr void residuals(const V& at, Use&& use) const {
    std::size_t row = 0;
    over_rows<F, detail::answer_t<gradient_request>>(at, [&](const auto* outputs) {
      use(row++, outputs[0], std::span<std::remove_reference_t<decltype(outputs[0])>, un>{outputs + 1, un});
    });
  }

 private:
  /// Runs the program for the outputs G... on every row; their captured numbers all come from the formula.
  template <class... G, class V, class Use>
  constexpr void over_rows(const V& at, Use&& use) const {
    using T = detail::number_among<V>;
    using tag = detail::program_tag_t<detail::program_request<all, detail::from<G>...>>;
    constexpr int outputs = (G::outputs() + ...);
    if (static_cast<std::size_t>(std::size(at)) != un) detail::raise(unequal_parameters{});
    T in[static_cast<std::size_t>(all::size)];
    for (std::size_t k = 0; k < un; ++k) in[k] = at[k];
    T out[static_cast<std::size_t>(outputs)];
    const auto numbers = detail::gather_numbers<tag>(numbers_of<G>()...);
    const std::size_t count = rows_.size();
    for (std::size_t row = 0; row < count; ++row) {
      std::size_t k = un;
      rows_.columns.unpack([&](const auto&... column) { ((in[k++] = static_cast<T>(column[row])), ...); });
      detail::evaluate_program<tag>(static_cast<const T*>(in), numbers, out);
      use(static_cast<const T*>(out));
    }
  }

  /// The captured numbers of F as those of G, which was derived from it.
  template <class G>
  constexpr auto numbers_of() const {
    if constexpr (G::slots() == 0)
      return list<>{};
    else if constexpr (std::is_same_v<typename G::numbers_type, typename F::numbers_type> &&
                       std::is_same_v<G, F>)
      return numbers_;
    else
      return detail::with_numbers<
                 G, detail::result<std::conditional_t<std::is_same_v<G, detail::answer_t<gradient_request>>,
                                                      gradient_request, hessian_request>>>(numbers_)
          .numbers;
  }

  Rows rows_;
  [[no_unique_address]] typename F::numbers_type numbers_;
};

/// The sum of f over the rows; the symbols after it are the parameters. Every symbol of f is a column or a
/// parameter. A parameter that f lacks is an error, unless tg::allow_zero follows the parameters.
template <class... B, Formula F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) constexpr auto sum_over(const row_data<B...>& data,
                                                                               const F& f, const S&...) {
  return row_sum<row_data<B...>, F, S...>{data, f};
}

// What they say to other arguments.
// clang-format off
template <class Absent, class... More>
constexpr auto rows_t::operator()(detail::binding_place<detail::rows_call>, const More&... more) const { return detail::refuse_bindings<detail::rows_call>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto sum_over(detail::place_of<detail::sum_over_call, row_data> = Absent{}, detail::formula_place<detail::sum_over_call> = Absent{}, detail::symbol_place<detail::sum_over_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::sum_over_call>(more...); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
