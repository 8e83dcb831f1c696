// SPDX-License-Identifier: BSL-1.0
// Sums over data of run-time length: the formula is compiled once, and a loop runs over the rows, in lanes
// where the numbers are float or double. Value, gradient, Hessian, and for least squares the cost, J^T r and
// J^T J.
#pragma once
#include "../support/compiler/begin.hpp"

#include "rows/row_program.hpp"

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

inline constexpr called sum_over_call{"sum_over", "sum_over(rows(t = times), f, x)", true};

/// Whether a program over rows runs in lanes.
template <class T, class Tag>
inline constexpr bool sums_in_lanes = shares_calls&& runs_in_lanes<T, Tag>();

/// Rows that are summed on their own, then added to the sum of those before: so a sum is the same whoever
/// computes its blocks.
inline constexpr std::size_t rows_in_block = 2048;

/// Sums blocks one after the other: add(k, sums) adds those of block k.
struct in_turn {
  template <int Size, class T, class Add>
  static constexpr void run(std::size_t blocks, T* total, Add add) {
    for (std::size_t k = 0; k < blocks; ++k) {
      T part[static_cast<std::size_t>(Size)]{};
      add(k, part);
      for (int i = 0; i < Size; ++i) total[i] += part[i];
    }
  }
};

/// Which rows a call is for, and who runs their blocks.
template <class Rows, class Executor = in_turn>
struct row_call {
  Rows rows;
  Executor executor{};
};
/// Takes the rows apart from what runs them.
template <class Executor>
concept BlockExecutor = requires {
  typename Executor::runs_blocks;
};
constexpr auto choose_rows(std::size_t size) { return row_call<row_range>{{0, size}}; }
template <class... Other>
constexpr auto choose_rows(std::size_t, const Other&...) {
  return refuse<text{"sum_over: after the values of the parameters come the first row and the one after the "
                     "last, or a list of row numbers, and how many threads."},
                Other...>();
}
template <BlockExecutor Executor>
constexpr auto choose_rows(std::size_t size, const Executor& executor) {
  return row_call<row_range, Executor>{{0, size}, executor};
}
template <std::integral First, std::integral Last, class... Executor>
constexpr auto choose_rows(std::size_t size, First first, Last last, const Executor&... executor) {
  const auto from = static_cast<std::size_t>(first), end = static_cast<std::size_t>(last);
  if (from > end || end > size) raise(unfit_rows{});
  return row_call{row_range{from, end - from}, executor...};
}
template <Memory List, class... Executor>
constexpr auto choose_rows(std::size_t size, const List& list, const Executor&... executor) {
  const std::span numbers{list};
  for (const auto& row : numbers)
    if (static_cast<std::size_t>(row) >= size) raise(unfit_rows{});
  return row_call{row_choice{numbers}, executor...};
}

/// The outputs of a sum: a formula, or several residuals.
template <class F, class Parameters>
struct row_outputs_of {
  static constexpr bool several = false;
  static constexpr int count = 1;
  using slopes = gradient_request<from<F>, Parameters>;
  template <class All, class... More>
  using program = program_request<All, from<F>, More...>;
  template <class All>
  using required = inputs_required<sum_over_call, All, from<F>>;
};
template <class... F, class Parameters>
struct row_outputs_of<output_list<F...>, Parameters> {
  static constexpr bool several = true;
  static constexpr int count = (from<F>::outputs() + ...);
  using slopes = typename jacobian_by<symbol_list<from<F>...>, Parameters>::type;
  template <class All, class... More>
  using program = program_request<All, from<F>..., More...>;
  template <class All>
  using required = inputs_required<sum_over_call, All, from<F>...>;
};

}  // namespace detail

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

/// 1/2 sum r^2 with its gradient J^T r and the Gauss-Newton matrix J^T J, for n parameters.
template <class T, std::size_t N>
struct gauss_newton_sum {
  T cost{};
  std::array<T, N> gradient{};
  std::array<std::array<T, N>, N> matrix{};
};

/// The sum of a formula over the rows of a table, as a function of n parameters. Values are given as a
/// std::array, a std::span or a vector of n numbers, in the order of the parameters; another number of them
/// is refused with tg::unequal_parameters. After them may follow which rows are meant: the first and the one
/// after the last, or a list of row numbers; others than the data have are refused with tg::unfit_rows. Each
/// call is one pass over the rows, without allocation.
template <class Rows, class F, class... S>
class row_sum {
  using parameters = detail::derivative_symbols_t<S...>;
  using columns = typename Rows::symbols;
  using all = typename detail::joined_lists<parameters, columns>::type;
  using outputs = detail::row_outputs_of<F, parameters>;
  static constexpr int n = parameters::size, m = outputs::count;
  static constexpr std::size_t un = static_cast<std::size_t>(n);
  static_assert(detail::symbols_distinct<detail::sum_over_call, all>::check());
  static_assert(outputs::template required<all>::check());
  static_assert(detail::symbols_found<detail::sum_over_call, detail::sources_t<F>, S...>());

  using slopes_request = typename outputs::slopes;
  using hessian_request = detail::hessian_request<detail::from<F>, parameters>;
  template <class Request>
  using answer = detail::from<detail::answer_t<Request>>;
  template <int Outputs>
  using sums = detail::plain_sums<Outputs>;
  using normal_sums = detail::normal_sums<m, n>;

 public:
  constexpr row_sum(const Rows& data, const F& summand) : rows_{data}, numbers_{summand.numbers} {}

  /// Whether it has a value, and not residuals alone.
  static constexpr bool is_value = !outputs::several;
  static constexpr std::size_t parameter_count() { return un; }
  constexpr std::size_t row_count() const { return rows_.size(); }
  /// How many residuals a row has, and all rows together.
  static constexpr std::size_t residuals_in_row() { return static_cast<std::size_t>(m); }
  constexpr std::size_t residual_count() const { return row_count() * residuals_in_row(); }

  /// The sum of the formula.
  template <class V, class... Which>
  requires is_value constexpr auto value(const V& at, const Which&... which) const {
    using program = detail::program_tag_t<typename outputs::template program<all>>;
    return total<program, detail::row_outputs::summed, sums<1>>(at, chosen(which...), numbers_)[0];
  }

  /// The sum of the formula's gradients.
  template <class V, class... Which>
  requires is_value constexpr auto gradient(const V& at, const Which&... which) const {
    using program = detail::program_tag_t<detail::program_request<all, answer<slopes_request>>>;
    return total<program, detail::row_outputs::summed, sums<n>>(at, chosen(which...),
                                                                numbers_of<slopes_request>());
  }

  /// The sum of the formula, and in `slopes` the sum of its gradients, in one pass over the rows. Slopes that
  /// are not n numbers are refused with tg::unequal_slopes.
  template <class V, class... Which>
  requires is_value constexpr auto value_and_gradient(const V& at, std::span<detail::number_among<V>> slopes,
                                                      const Which&... which) const {
    if (slopes.size() != un) detail::raise(unequal_slopes{});
    const auto sum = total<both, detail::row_outputs::summed, sums<1 + n>>(at, chosen(which...), numbers_,
                                                                           numbers_of<slopes_request>());
    for (std::size_t k = 0; k < un; ++k) slopes[k] = sum[1 + k];
    return sum[0];
  }

  /// The sum of the formula's second derivatives.
  template <class V, class... Which>
  requires is_value constexpr auto hessian(const V& at, const Which&... which) const {
    using program = detail::program_tag_t<detail::program_request<all, answer<hessian_request>>>;
    const auto sum = total<program, detail::row_outputs::summed, sums<n * n>>(at, chosen(which...),
                                                                              numbers_of<hessian_request>());
    std::array<std::array<detail::number_among<V>, un>, un> matrix{};
    for (std::size_t k = 0; k < un * un; ++k) matrix[k / un][k % un] = sum[k];
    return matrix;
  }

  /// For a formula that is a residual r, or for several: 1/2 sum r^2, J^T r and J^T J.
  template <class V, class... Which>
  constexpr auto gauss_newton(const V& at, const Which&... which) const {
    const auto sum = total<both, detail::row_outputs::each, normal_sums>(at, chosen(which...), numbers_,
                                                                         numbers_of<slopes_request>());
    gauss_newton_sum<detail::number_among<V>, un> result{};
    std::size_t from = 0;
    result.cost = sum[from++] / 2;
    for (std::size_t k = 0; k < un; ++k) result.gradient[k] = sum[from++];
    for (std::size_t r = 0; r < un; ++r)
      for (std::size_t c = 0; c <= r; ++c) result.matrix[r][c] = result.matrix[c][r] = sum[from++];
    return result;
  }

  /// For a formula that is a residual r, or for m of them: each residual and its gradient, row by row, and in
  /// a row in their order; `use(k, r, gradient)` gets the residual's place, a number and n numbers.
  template <class V, class Use>
  constexpr void residuals(const V& at, Use&& use) const {
    using T = detail::number_among<V>;
    const detail::row_range everywhere{0, row_count()};
    const auto use_row = [&](std::size_t row, const T* out) {
      for (int k = 0; k < m; ++k)
        use(row * residuals_in_row() + static_cast<std::size_t>(k), out[k],
            std::span<const T, un>{out + m + k * n, un});
    };
    T in[static_cast<std::size_t>(all::size)];
    take_parameters(at, in);
    if constexpr (detail::sums_in_lanes<T, both>)
      if (!std::is_constant_evaluated()) {
        using split = detail::row_split<both, columns, detail::row_outputs::each>;
        T once[split::table.numbers + 1], out[m * (1 + n)];
        run_once<split>(in, once, numbers_, numbers_of<slopes_request>());
        return rows_.with_columns([&](const auto&... column) {
          detail::over_lanes<typename split::row_tag, split::table.numbers>(
              static_cast<const T*>(once), everywhere, 0, everywhere.count,
              [&](std::size_t row, const detail::row_vector<T>* values) {
                for (std::size_t lane = 0; lane < detail::row_vector<T>::size() && row < everywhere.count;
                     ++lane) {
                  for (int k = 0; k < m * (1 + n); ++k) out[k] = values[k].all[lane];
                  use_row(row++, out);
                }
              },
              column...);
        });
      }
    one_by_one<both>(in, everywhere, 0, everywhere.count, use_row, numbers_, numbers_of<slopes_request>());
  }

 private:
  using both = detail::program_tag_t<typename outputs::template program<all, answer<slopes_request>>>;

  /// The sums of a program's outputs; its captured numbers are those of `sources`.
  template <class Program, detail::row_outputs Wanted, class Sums, class V, class Call, class... Numbers>
  constexpr auto total(const V& at, const Call& call, const Numbers&... sources) const {
    using T = detail::number_among<V>;
    std::array<T, static_cast<std::size_t>(Sums::size)> sum{};
    T in[static_cast<std::size_t>(all::size)];
    take_parameters(at, in);
    const std::size_t count = call.rows.size(),
                      blocks = (count + detail::rows_in_block - 1) / detail::rows_in_block;
    const auto rows_of = [&](std::size_t block) {
      const std::size_t left = count - block * detail::rows_in_block;
      return left < detail::rows_in_block ? left : detail::rows_in_block;
    };
    if constexpr (detail::sums_in_lanes<T, Program>)
      if (!std::is_constant_evaluated()) {
        using split = detail::row_split<Program, columns, Wanted>;
        constexpr auto& t = split::table;
        constexpr bool summed = Wanted == detail::row_outputs::summed;
        using lane_sums = std::conditional_t<summed, detail::plain_sums<t.parts>, Sums>;
        T once[t.numbers + 1], parts[lane_sums::size + 1]{};
        run_once<split>(in, once, sources...);
        if constexpr (t.parts > 0)
          rows_.with_columns([&](const auto&... column) {
            call.executor.template run<lane_sums::size>(blocks, parts, [&](std::size_t block, T* to) {
              detail::add_rows<typename split::row_tag, t.numbers, lane_sums>(
                  to, static_cast<const T*>(once), call.rows, block * detail::rows_in_block, rows_of(block),
                  column...);
            });
          });
        for (int k = 0; k < t.terms && count > 0; ++k)
          sum[static_cast<std::size_t>(t.term[k].output)] +=
              (t.term[k].factor < 0 ? T(1) : once[t.term[k].factor]) *
              (t.term[k].part < 0 ? static_cast<T>(count) : parts[t.term[k].part]);
        for (int k = 0; k < Sums::size && !summed; ++k) sum[static_cast<std::size_t>(k)] = parts[k];
        return sum;
      }
    call.executor.template run<Sums::size>(blocks, sum.data(), [&](std::size_t block, T* to) {
      one_by_one<Program>(
          in, call.rows, block * detail::rows_in_block, rows_of(block),
          [&](std::size_t, const T* out) { Sums::add(to, out); }, sources...);
    });
    return sum;
  }

  template <class V, class T>
  constexpr void take_parameters(const V& at, T* in) const {
    if (static_cast<std::size_t>(std::size(at)) != un) detail::raise(unequal_parameters{});
    for (std::size_t k = 0; k < un; ++k) in[k] = at[k];
  }
  /// What depends on the parameters alone.
  template <class Split, class T, class... Numbers>
  static constexpr void run_once(const T* in, T* once, const Numbers&... sources) {
    using tag = typename Split::once_tag;
    if constexpr (Split::table.numbers > 0) detail::evaluate_program<tag>(in, gather<tag>(sources...), once);
  }
  /// Runs a program on one row after the other.
  template <class Program, class T, class Chosen, class Use, class... Numbers>
  constexpr void one_by_one(T* in, const Chosen& chosen, std::size_t first, std::size_t count, Use use,
                            const Numbers&... sources) const {
    T out[detail::code<Program>::graph.roots];
    const auto numbers = gather<Program>(sources...);
    rows_.with_columns([&](const auto&... column) {
      for (std::size_t row = first; row < first + count; ++row) {
        std::size_t k = un;
        ((in[k++] = static_cast<T>(column(chosen(row)))), ...);
        detail::evaluate_program<Program>(static_cast<const T*>(in), numbers, out);
        use(row, static_cast<const T*>(out));
      }
    });
  }

  /// The captured numbers of a derivative, which come from the formula.
  template <class Request>
  constexpr auto numbers_of() const {
    if constexpr (detail::answer_t<Request>::slots() == 0)
      return list<>{};
    else
      return detail::answer<Request>(numbers_).numbers;
  }
  template <class Tag, class First, class... More>
  static constexpr auto gather(const First& first, const More&... more) {
    if constexpr (outputs::several)
      return first.unpack([&](const auto&... each) { return detail::gather_numbers<Tag>(each..., more...); });
    else
      return detail::gather_numbers<Tag>(first, more...);
  }

  /// What the arguments after the parameters say.
  template <class... Which>
  constexpr auto chosen(const Which&... which) const {
    return detail::choose_rows(row_count(), which...);
  }

  Rows rows_;
  [[no_unique_address]] std::remove_cvref_t<decltype(std::declval<F>().numbers)> numbers_;
};

/// The sum of f over the rows; the symbols after it are the parameters. Every symbol of f is a column or a
/// parameter. A parameter that f lacks is an error, unless tg::allow_zero follows the parameters.
template <class... B, Formula F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) constexpr auto sum_over(const row_data<B...>& data,
                                                                               const F& f, const S&...) {
  return row_sum<row_data<B...>, F, S...>{data, f};
}
/// The same for several residuals in each row, tg::outputs(rx, ry): what they have is gauss_newton and
/// residuals.
template <class... B, class... F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size >
         0) constexpr auto sum_over(const row_data<B...>& data, const output_list<F...>& residuals,
                                    const S&...) {
  return row_sum<row_data<B...>, output_list<F...>, S...>{data, residuals};
}

// What it says to other arguments.
// clang-format off
template <class Absent = detail::absent, class... More>
constexpr auto sum_over(detail::place_of<detail::sum_over_call, row_data> = Absent{}, detail::formula_place<detail::sum_over_call> = Absent{}, detail::symbol_place<detail::sum_over_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::sum_over_call>(more...); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
