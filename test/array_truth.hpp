// SPDX-License-Identifier: BSL-1.0
// Operations of arrays with their first and second derivatives, as a compiled function and node by node as
// their types say, against a table that PyTorch has written (array_tables.py says what is in it).
#pragma once
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <tuple>

#include "array_interpreter.hpp"

namespace array_truth {

using namespace tg::literals;

using array_values::setting;
using array_values::shape_t;
using array_values::values;
using numbers = std::vector<double>;

/// The table's rows by the name of the operation and what they hold; its path is the program's argument.
inline const std::map<std::string, numbers>& table() {
  static const auto rows = [] {
    const auto& program = boost::unit_test::framework::master_test_suite();
    std::ifstream file(program.argc > 1 ? program.argv[1] : "test/data/array_operations.tsv");
    BOOST_REQUIRE_MESSAGE(file, "give the table test/data/array_operations.tsv as the argument after --");
    std::map<std::string, numbers> all;
    for (std::string line, name, what, number; std::getline(file, line);) {
      std::istringstream words(line);
      std::getline(words, name, '\t'), std::getline(words, what, '\t');
      numbers& row = all[name + " " + what];
      while (std::getline(words, number, '\t')) row.push_back(std::stod(number));
    }
    return all;
  }();
  return rows;
}

inline void compare(const std::string& row, const numbers& own, const char* by) {
  const auto found = table().find(row);
  BOOST_REQUIRE_MESSAGE(found != table().end(), "the table has no row " << row);
  const numbers& expected = found->second;
  BOOST_REQUIRE_EQUAL(own.size(), expected.size());
  double scale = 1;
  for (double each : expected)
    if (std::isfinite(each)) scale = std::fmax(scale, std::fabs(each));
  for (std::size_t i = 0; i < own.size(); ++i) {
    // Both round sums of a few dozen terms.
    const bool same = std::isfinite(expected[i]) ? std::fabs(own[i] - expected[i]) <= 1e-13 * scale
                      : std::isnan(expected[i])  ? std::isnan(own[i])
                                                 : own[i] == expected[i];
    BOOST_TEST(same, row << ", element " << i << " " << by << ": " << own[i] << "; PyTorch: " << expected[i]);
  }
}

/// The symbol with another name and the same shape.
template <class Shape>
struct symbol_like;
template <auto... E>
struct symbol_like<tg::extents<E...>> {
  template <tg::text Name>
  static constexpr auto of = tg::array<Name, E...>;
};
template <>
struct symbol_like<tg::extents<>> {
  template <tg::text Name>
  static constexpr auto of = tg::symbol<Name>;
};
template <class F>
using shape_type = std::remove_cvref_t<decltype(tg::shape_of(std::declval<F>()))>;
template <tg::text Name, class F>
constexpr auto like(const F&) {
  return symbol_like<shape_type<F>>::template of<Name>;
}
template <class S>
constexpr auto direction_of(const S& s) {
  return like<tg::detail::join(tg::text{"d"}, S::name)>(s);
}
template <class F>
inline constexpr bool is_array = shape_type<F>::rank > 0;

template <class Shape>
struct sizes_of;
template <auto... E>
struct sizes_of<tg::extents<E...>> {
  static shape_t in(const setting& s) { return {array_values::extent_in<E>(s)...}; }
};
template <class F>
values with_numbers(const setting& s, const numbers& row) {
  return {sizes_of<shape_type<F>>::in(s), row};
}
template <class F>
values weights(const setting& s, unsigned phase) {
  values z = with_numbers<F>(s, {});
  for (unsigned i = 0; i < array_values::length(z.shape); ++i)
    z.data.push_back((static_cast<double>((7 * i + phase) % 11) - 5) / 8);
  return z;
}

/// The operand S of a call, or the memory for a result with S's shape, which is none for a number.
template <class S>
auto operand(const values& x) {
  if constexpr (is_array<S>)
    return std::span<const double>{x.data};
  else
    return x.data.at(0);
}
inline std::vector<int> integers(const values& x) { return {x.data.begin(), x.data.end()}; }
template <class S>
auto memory(numbers& y) {
  if constexpr (is_array<S>)
    return std::tuple{std::span<double>{y}};
  else
    return std::tuple{};
}

/// Runs a function and returns the elements of each output; Results have the outputs' shapes.
template <class... Results, class Function, class... Operands>
std::vector<numbers> run(const setting& s, const Function& fn, const Operands&... operands) {
  std::vector<numbers> out{numbers(array_values::length(sizes_of<shape_type<Results>>::in(s)))...};
  numbers space(fn.workspace_for(operands...)), returned;
  const auto places = [&]<std::size_t... K>(std::index_sequence<K...>) {
    return std::tuple_cat(memory<Results>(out[K])...);
  }
  (std::index_sequence_for<Results...>{});
  std::apply(
      [&](const auto&... place) {
        using result = decltype(fn(operands..., place..., space));
        if constexpr (std::is_void_v<result>)
          fn(operands..., place..., space);
        else if constexpr (std::is_same_v<result, double>)
          returned = {fn(operands..., place..., space)};
        else
          for (double each : fn(operands..., place..., space)) returned.push_back(each);
      },
      places);
  const bool in_memory[] = {is_array<Results>...};
  for (std::size_t i = 0, next = 0; i < out.size(); ++i)
    if (!in_memory[i]) out[i] = {returned.at(next++)};
  return out;
}

/// Derivative K of one formula or several.
template <int K, class F>
constexpr auto derivative(const F& f) {
  if constexpr (tg::Formula<F>)
    return f;
  else
    return get<K>(f);
}

template <class F>
constexpr auto total(const F& f) {
  if constexpr (is_array<F>)
    return sum(f);
  else
    return f;
}
/// The gradients' products with the directions: <J'u, v> where they are J'u.
template <class First, class... S>
constexpr auto along_directions(const First& first, const S&... s) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return (total(derivative<K>(first) * direction_of(s)) + ...);
  }
  (std::make_integer_sequence<int, static_cast<int>(sizeof...(S))>{});
}

/// f with its value, its first and second derivatives by its operands, and the law <Jv, u> = <v, J'u>. It has
/// these symbols of indices.
template <class F, class... I, class... S>
void check(const std::string& name, const tg::input_list<I...>&, const F&, const S&...) {
  constexpr F f{};
  constexpr auto weight = like<"weight">(f);
  constexpr auto square = sum(weight * f * f);
  constexpr auto first = tg::gradient(square, S{}...);
  constexpr auto product = along_directions(first, S{}...);
  constexpr auto second = tg::gradient(product, S{}..., tg::allow_zero);
  constexpr auto fn =
      tg::function(tg::inputs(S{}..., direction_of(S{})..., weight, I{}...), tg::outputs(f, first, second));
  setting s{4, {}};
  std::vector<values> direction;
  const values weight_values = weights<F>(s, 3);
  unsigned phase = 0;
  ((s.symbols[S::name.view()] = with_numbers<S>(s, table().at("operand " + std::string{S::name.view()})),
    s.symbols[decltype(direction_of(S{}))::name.view()] = weights<S>(s, phase++)),
   ...);
  s.symbols["weight"] = weight_values;
  ((s.symbols[I::name.view()] = with_numbers<I>(s, table().at("index " + std::string{I::name.view()}))), ...);
  const auto at = [&](std::string_view symbol) -> const values& { return s.symbols.at(symbol); };
  const auto out = run<F, S..., S...>(s, fn, operand<S>(at(S::name.view()))...,
                                      operand<S>(at(decltype(direction_of(S{}))::name.view()))...,
                                      operand<F>(weight_values), integers(at(I::name.view()))...);
  const std::string operands[] = {std::string{S::name.view()}...};
  compare(name + " value", out[0], "by the function");
  compare(name + " value", array_values::value_of(f, s).data, "node by node");
  constexpr auto pushed = total(2_c * weight * f * tg::jvp(f, tg::along((S{} = direction_of(S{}))...)));
  const double law = array_values::value_of(pushed, s).data[0] - array_values::value_of(product, s).data[0];
  BOOST_TEST(std::fabs(law) <= 1e-11, name << ": <Jv, u> - <v, J'u> is " << law);
  [&]<int... K>(std::integer_sequence<int, K...>) {
    (compare(name + " first " + operands[K], out[1 + K], "by the function"), ...);
    (compare(name + " first " + operands[K], array_values::value_of(derivative<K>(first), s).data,
             "node by node"),
     ...);
    (compare(name + " second " + operands[K], out[1 + sizeof...(S) + K], "by the function"), ...);
  }
  (std::make_integer_sequence<int, static_cast<int>(sizeof...(S))>{});
}

template <class F, class... S>
requires tg::Formula<F>
void check(const std::string& name, const F& f, const S&... s) { check(name, tg::input_list<>{}, f, s...); }

inline constexpr auto N = tg::array<"N", tg::rows, 3>;  // 9 of them, each not finite in its way
/// Value and first derivative of an operation on rows of N.
template <class F>
void check_not_finite(const std::string& operation, const F&) {
  constexpr F f{};
  constexpr auto slope = tg::gradient(sum(f), N);
  constexpr auto fn = tg::function(tg::inputs(N), tg::outputs(f, slope));
  const std::string name = "not_finite_" + operation;
  setting s{9, {}};
  const auto& x = s.symbols["N"] = with_numbers<decltype(N)>(s, table().at("operand N"));
  const auto out = run<F, decltype(N)>(s, fn, std::span<const double>{x.data});
  compare(name + " value", out[0], "by the function");
  compare(name + " first N", out[1], "by the function");
  compare(name + " value", array_values::value_of(f, s).data, "node by node");
  compare(name + " first N", array_values::value_of(slope, s).data, "node by node");
}

}  // namespace array_truth
