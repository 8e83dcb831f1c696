// SPDX-License-Identifier: BSL-1.0
// Every primitive and its partial derivatives to third order, at the points that standard input names:
// range.py sends them, over the whole range of float and double, and holds the answers against an evaluation
// of many digits.
//   name d|f x [y]      is answered by        name d|f x [y] value partial partial ...
// The partials come in the order of orders_to_third(); all numbers are written in hexadecimal.
#include <array>
#include <concepts>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;
namespace op = tg::op;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

template <int order>
constexpr auto nth(auto formula, auto symbol) {
  if constexpr (order == 0)
    return formula;
  else
    return nth<order - 1>(tg::diff(formula, symbol, tg::allow_zero), symbol);
}

/// The orders by x and y of all partials to third order: 00 01 10 02 11 20 03 12 21 30; by x alone 0 1 2 3.
template <int arity>
constexpr auto orders_to_third() {
  std::array<std::array<int, 2>, arity == 1 ? 4 : 10> all{};
  std::size_t k = 0;
  for (int total = 0; total <= 3; ++total)
    for (int by_x = arity == 1 ? total : 0; by_x <= total; ++by_x) all[k++] = {by_x, total - by_x};
  return all;
}

/// In double each partial is a program of its own, in float all are one: none can lean on the company that it
/// has.
template <class T, class Formula, int arity>
void partials(const T* at, T* out) {
  [&]<std::size_t... k>(std::index_sequence<k...>) {
    const auto derivative = [](auto number) {
      constexpr auto orders = orders_to_third<arity>()[decltype(number)::value];
      return nth<orders[1]>(nth<orders[0]>(Formula{}, x), y);
    };
    const auto run = [at](auto... formulas) {
      if constexpr (arity == 1)
        return tg::function(tg::inputs(x), tg::outputs(formulas...))(at[0]);
      else
        return tg::function(tg::inputs(x, y), tg::outputs(formulas...))(at[0], at[1]);
    };
    if constexpr (sizeof(T) == sizeof(double)) {
      ((out[k] = run(derivative(std::integral_constant<std::size_t, k>{}))), ...);
    } else {
      const auto all = run(derivative(std::integral_constant<std::size_t, k>{})...);
      ((out[k] = static_cast<T>(get<k>(all))), ...);
    }
  }
  (std::make_index_sequence<orders_to_third<arity>().size()>{});
}

struct row {
  std::string_view name;
  int arity;
  void (*in_double)(const double*, double*);
  void (*in_float)(const float*, float*);
};

template <int arity, class Formula>
row within(std::string_view name, Formula) {
  return {name, arity, partials<double, Formula, arity>, partials<float, Formula, arity>};
}
/// A primitive of one or two operands. Those of the algebra, and one whose operands have to fit each other,
/// have rows of their own below.
template <class Op>
void add(std::vector<row>& all) {
  constexpr int arity = tg::detail::arity_of<Op>();
  if constexpr (!requires { &Op::graph_partials; } && !std::same_as<Op, op::tanh_slope> &&
                tg::detail::record_of<Op>.relation == tg::facts::no_relation && (arity == 1 || arity == 2)) {
    if constexpr (arity == 1)
      all.push_back(within<1>(Op::name, tg::apply<Op>(x)));
    else
      all.push_back(within<2>(Op::name, tg::apply<Op>(x, y)));
  }
}
template <class... Op>
void add_all(std::vector<row>& all, op::primitives<Op...>) {
  (add<Op>(all), ...);
}

std::vector<row> table() {
  std::vector<row> all = {within<1>("power", pow(x, 2_c)),
                          within<1>("power 3", pow(x, 3_c)),
                          within<1>("power 7", pow(x, 7_c)),
                          within<1>("power -1", pow(x, -1_c)),
                          within<1>("power -2", pow(x, -2_c)),
                          within<1>("power -3", pow(x, -3_c)),
                          within<1>("power 1/3", pow(x, tg::rational<1, 3>)),
                          within<1>("power -1/2", pow(x, tg::rational<-1, 2>)),
                          within<1>("power 3/2", pow(x, tg::rational<3, 2>)),
                          within<1>("power 7/2", pow(x, tg::rational<7, 2>)),
                          within<1>("tanh_slope", tg::diff(tanh(x), x)),
                          within<2>("hypot_slope", tg::diff(hypot(x, y), x)),
                          within<2>("logsumexp 3", logsumexp(x, y, 1_c)),
                          within<2>("logsumexp", logsumexp(x, y)),
                          within<2>("add", x + y),
                          within<2>("multiply", x * y),
                          within<2>("divide", x / y),
                          within<1>("negate", -x),
                          within<1>("sqrt", sqrt(x))};
  add_all(all, op::all{});
  return all;
}

template <class T>
void answer(const row& r, void (*f)(const T*, T*), const char* format, const std::array<double, 2>& at) {
  const T in[2] = {static_cast<T>(at[0]), static_cast<T>(at[1])};
  T out[10]{};
  f(in, out);
  std::printf("%s|%s", r.name.data(), format);
  for (int k = 0; k < r.arity; ++k) std::printf("|%a", static_cast<double>(in[k]));
  for (int k = 0; k < (r.arity == 1 ? 4 : 10); ++k) std::printf("|%a", static_cast<double>(out[k]));
  std::printf("\n");
}

template <class... Op>
void list(op::primitives<Op...>) {
  (std::cout << ... << (std::string(Op::name) + '|' + std::string(tg::detail::record_of<Op>.c) + '\n'));
}

}  // namespace

int main(int argc, char**) {
  if (argc > 1) {  // all primitives with their notation in C, so that none can be forgotten
    list(op::all{});
    return 0;
  }
  const std::vector<row> all = table();
  std::string line;
  while (std::getline(std::cin, line)) {
    std::vector<std::string> word(1);
    for (const char c : line)
      if (c == '|')
        word.emplace_back();
      else
        word.back() += c;
    const row* found = nullptr;
    for (const row& r : all)
      if (r.name == word[0]) found = &r;
    if (found == nullptr || word.size() != static_cast<std::size_t>(2 + found->arity)) {
      std::fprintf(stderr, "range: no function for '%s'\n", line.c_str());
      return 1;
    }
    std::array<double, 2> at{};
    for (std::size_t k = 2; k < word.size(); ++k) at[k - 2] = std::strtod(word[k].c_str(), nullptr);
    if (word[1] == "d")
      answer<double>(*found, found->in_double, "d", at);
    else
      answer<float>(*found, found->in_float, "f", at);
  }
}
