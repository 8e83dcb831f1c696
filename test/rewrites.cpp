// SPDX-License-Identifier: BSL-1.0
// The rewrites that are rows of a table (pass/rows.hpp, lower/accuracy_rows.hpp): each applies where its
// pattern stands, with common factors and inside longer sums; each of the second table takes away an error
// and adds none; and the canonical form of a canonical form is itself.
#include <algorithm>
#include <array>
#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string_view>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;
constexpr auto square = [](auto u) { return u * u; };

// --- Forms: one line for each row of the canonical form, alone, with common factors, in longer sums

/// Whether p + q = r is found for every multiple of the two, and among other terms.
template <class P, class Q, class R>
constexpr bool always(P p, Q q, R r) {
  return p + q == r && q + p == r && 3_c * p + 3_c * q == 3_c * r && -p - q == -r && y * p + y * q == y * r &&
         p / z + q / z == r / z && 2_c * y * p / z + 2_c * y * q / z == 2_c * y * r / z &&
         p + exp(z) + q == exp(z) + r && (y * p + z) + (sin(z) + y * q) == z + sin(z) + y * r;
}

static_assert(always(square(sin(x)), square(cos(x)), 1_c));
static_assert(always(square(sin(x * y)), square(cos(x* y)), 1_c));
static_assert(always(square(cosh(x)), -square(sinh(x)), 1_c));
static_assert(always(square(tanh(x)), tg::diff(tanh(x), x), 1_c));
static_assert(always(1_c, -square(tanh(x)), tg::diff(tanh(x), x)));
static_assert(always(tg::diff(tanh(x), x), -1_c, -square(tanh(x))));
static_assert(always(sigmoid(x), sigmoid(-x), 1_c) && always(sigmoid(x - y), sigmoid(y - x), 1_c));
/// Beside other terms of the same function, whichever comes first.
template <class P, class Q, class R, class S>
constexpr bool beside(P p, Q q, R r, S other) {
  return p + other + q == r + other && 2_c * p + other + 2_c * q == 2_c * r + other &&
         y * p + other + y * q == y * r + other;
}
constexpr auto others = sigmoid(x + y) + sigmoid(2_c * x) + sigmoid(x * z) + sigmoid(y * z);
static_assert(beside(sigmoid(x), sigmoid(-x), 1_c, others) && beside(sigmoid(y), sigmoid(-y), 1_c, others) &&
              beside(sigmoid(z), sigmoid(-z), 1_c, others) &&
              beside(sigmoid(x * y), sigmoid(-x* y), 1_c, others));
static_assert(beside(square(sin(x)), square(cos(x)), 1_c, square(sin(y))) &&
              beside(square(sin(y)), square(cos(y)), 1_c, square(cos(x))) &&
              beside(square(sin(z)), square(cos(z)), 1_c, square(cos(x)) + square(sin(y))));
static_assert(tg::diff(tanh(x), x) - square(tanh(y)) == tg::diff(tanh(y), y) - square(tanh(x)));
static_assert(square(sin(x)) + square(cos(y)) != 1_c && square(sin(x)) - square(cos(x)) != 1_c &&
              2_c * square(sin(x)) + square(cos(x)) != 1_c && y * square(sin(x)) + z * square(cos(x)) != +y);

static_assert(sinh(x) / cosh(x) == tanh(x) && y * sinh(x) * z / cosh(x) == y * z * tanh(x) &&
              square(sinh(x)) / square(cosh(x)) == square(tanh(x)) &&
              tg::diff(3_c * log(cosh(x * y)), x) == 3_c * y * tanh(x * y) && sinh(x) / cosh(y) != tanh(x) &&
              sinh(x) / square(cosh(x)) != tanh(x));
static_assert(hypot(x * y, 0_c) == abs(x * y) && hypot(0_c, x) == abs(x));
static_assert(tg::trace<"x">([](auto u) { return hypot(u, (u + u) - (u + u)); }) == abs(x));

static_assert(log(sigmoid(x)) == -softplus(-x) && log(sigmoid(x - y)) == -softplus(y - x));
static_assert(log(1_c - sigmoid(x)) == -softplus(x) &&
              2_c * log(1_c - sigmoid(3_c * x)) + y == y - 2_c * softplus(3_c * x));
static_assert(log(1_c + exp(x)) == softplus(x) && log1p(exp(x * y)) == softplus(x * y));
static_assert(log(1_c / (1_c + exp(-x))) == -softplus(-x) && log(exp(x) / (1_c + exp(x))) == -softplus(-x));
static_assert(log(exp(x) + exp(y)) == logsumexp(x, y) && log(exp(x) + exp(y) + exp(z)) == logsumexp(x, y, z));
static_assert(log(1_c + exp(x) + exp(y)) == logsumexp(0_c, x, y));
static_assert(log(x + sqrt(1_c + square(x))) == asinh(x) && log((1_c + x) / (1_c - x)) == 2_c * atanh(x));
static_assert(log(exp(y) / (exp(x) + exp(y))) == -softplus(x - y));
static_assert(log(exp(y) / (exp(x) + exp(y) + exp(z))) == -softplus(logsumexp(x - y, z - y)));
static_assert(tg::diff(log(1_c - sigmoid(x)), x) == -sigmoid(x) &&
              tg::diff(log(exp(x) + exp(y)), x) == tg::diff(logsumexp(x, y), x));

// --- Accuracy: one line for each row

using wide =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<120>, boost::multiprecision::et_off>;

using std::cbrt, std::cos, std::cosh, std::erf, std::erfc, std::exp, std::log, std::sin, std::sinh, std::sqrt,
    std::tanh;
// What std and boost::multiprecision have not got.
template <class T>
T sigmoid(const T& u) {
  return 1 / (1 + exp(-u));
}
template <class T>
T sec(const T& u) {
  return 1 / cos(u);
}
wide erf(const wide& u) { return boost::math::erf(u); }
wide erfc(const wide& u) { return boost::math::erfc(u); }

/// The error in units in the last place; very large where there is no finite value though there should be.
double error(double found, const wide& truth) {
  if (!std::isfinite(found)) return 1e300;
  const wide unit = std::numeric_limits<double>::epsilon() * std::max(wide(abs(truth)), wide(1e-300));
  return static_cast<double>(wide(abs(wide(found) - truth) / unit));
}

/// Over a log-spaced sweep of both signs, around a point: the worst error of the program is at most `after`,
/// that of the formula as written is at least `before`, and at no point is the program worse by more than 2
/// units in the last place, the rounding of one or two more operations.
template <class F, class Written>
void sweep(std::string_view name, const F& formula, Written written, double low, double high, double before,
           double after, double around = 0) {
  double worst_before = 0, worst_after = 0, worst_rise = 0, risen_at = 0;
  for (double size = 1e-20; size <= 1e20; size *= 13)
    for (const double at : {around + size, around - size}) {
      if (at < low || at > high) continue;
      const wide truth = written(wide(at));
      if (!(abs(truth) > wide(1e-300) && abs(truth) < wide(1e308))) continue;
      const double old_error = error(written(at), truth), new_error = error(formula(x = at), truth);
      worst_before = std::max(worst_before, old_error);
      worst_after = std::max(worst_after, new_error);
      if (new_error - old_error > worst_rise) worst_rise = new_error - old_error, risen_at = at;
    }
  BOOST_TEST(worst_after <= after, name << ": the worst error is " << worst_after << ", not " << after);
  BOOST_TEST(worst_before >= before, name << ": as written it is " << worst_before << ", not " << before);
  BOOST_TEST(worst_rise <= 2, name << ": the error rises by " << worst_rise << " at " << risen_at);
}

// The formula, as it is traced, as it is written for double, and in wide numbers.
#define ROW(low, high, before, after, ...)                                           \
  {                                                                                  \
    constexpr auto written = [](auto u) { return decltype(u)(__VA_ARGS__); };        \
    sweep(#__VA_ARGS__, tg::trace<"x">(written), written, low, high, before, after); \
  }

#define ROW_AROUND(middle, before, after, ...)                                                 \
  {                                                                                            \
    constexpr auto written = [](auto u) { return decltype(u)(__VA_ARGS__); };                  \
    sweep(#__VA_ARGS__, tg::trace<"x">(written), written, -1e30, 1e30, before, after, middle); \
  }

BOOST_AUTO_TEST_CASE(each_row_takes_an_error_away) {
  constexpr double all = 1e30;
  // Logarithms: the canonical form.
  ROW(-all, 200, 1e300, 1, log(sigmoid(u)));
  ROW(-all, 200, 1e300, 1, log(1 - sigmoid(u)));
  ROW(-200, all, 1e300, 1, log(1 + exp(u)));
  ROW(-100, all, 1e300, 1, log(1 / (1 + exp(2 * u))));
  ROW(-all, 200, 1e300, 1, log(exp(u) / (1 + exp(u))));
  ROW(-all, all, 1e300, 1.5, log(exp(u) + exp(2 * u)));
  ROW(-200, all, 1e300, 1, log(exp(u) / (exp(u) + exp(2 * u))));
  ROW(-200, all, 1e300, 3, log(exp(u) / (exp(u) + exp(2 * u) + exp(3 * u))));
  ROW(-100, 100, 1e11, 1.5, 1 - tanh(u) * tanh(u));
  // Cancellation.
  ROW(-all, 700, 1e15, 1, exp(u) - 1);
  ROW(-all, all, 1e15, 1, 1 - cos(u));
  ROW(-700, 700, 1e15, 2, cosh(u) - 1);
  ROW(-all, all, 1e15, 1.5, sec(u) - 1);
  ROW(-all, all, 1e15, 1.5, 1 / cos(u) - 1);
  ROW(-all, 200, 1e15, 1, 1 - sigmoid(u));
  ROW(-all, 100, 1e11, 1, 1 - tanh(u));
  ROW(-100, all, 1e11, 1, 1 + tanh(u));
  ROW(-15, 15, 1e15, 1, 1 - erf(u));
  ROW(-15, 15, 1e15, 1, 1 - erfc(u));
  ROW(-all, all, 1500, 1.5, 1 - sin(u) * sin(u));
  ROW(-all, all, 1e15, 1, 1 - cos(u) * cos(u));
  ROW(-350, 350, 1e15, 1.5, cosh(u) * cosh(u) - 1);
  ROW(-700, 700, 1e15, 1, exp(u) - exp(-u));
  ROW(0, all, 1e15, 1, sqrt(u + 1) - sqrt(u));
  ROW(1, all, 1e15, 2, sqrt(u + 1) - sqrt(u) + sqrt(u + 5) - sqrt(u + 3));  // four of one function
  ROW(0, all, 1e15, 2, 1 / sqrt(u + 1) - 1 / sqrt(u));
  ROW(-all, all, 1e15, 1, 1 / (u + 1) - 1 / u);
  ROW(-all, all, 1e15, 4, cbrt(u + 1) - cbrt(u));
  // Squares cancel around their common value.
  ROW_AROUND(1, 1e7, 1.5, u * u - 1);
  ROW_AROUND(1, 1e7, 1.5, 1 - u * u);
  ROW_AROUND(-1.5, 1e15, 1.5, 3 * u * u - 6.75);
  // Logarithms of what is nearly 1, or too large, and quotients.
  ROW(-200, 0, 1e300, 1, log(1 - exp(u)));
  ROW(-1, all, 1e15, 1, log(1 + u));
  ROW(-all, all, 1e300, 1, log(cosh(u)));
  ROW(0, all, 1e300, 1.5, log(sinh(u)));
  ROW(0, all, 1e300, 1.5, log(exp(u) - 1));
  ROW(-all, all, 1e300, 1.5, log(1 + exp(u) + exp(2 * u)));
  ROW(-all, all, 1e300, 1, log(u + sqrt(1 + u * u)));
  ROW(-1, 1, 1e15, 1, log((1 + u) / (1 - u)));
  ROW(-700, all, 1e300, 1, exp(u) / (1 + exp(u)));
  ROW(-300, 1e10, 1e300, 1, exp(u) / (exp(u) + exp(-u)));
  ROW(-all, all, 1e300, 1, sinh(u) / cosh(u));
}

// --- Differences of squares of two symbols: pairs that are near, and far apart

template <class F, class Written>
void sweep_pairs(std::string_view name, const F& formula, Written written, double before, double after) {
  double worst_before = 0, worst_after = 0, worst_rise = 0, risen_at[2]{};
  std::uint32_t state = 7;
  const auto any = [&] {  // between 1 and 2
    state = state * 1664525u + 1013904223u;
    return 1 + std::ldexp(state, -32);
  };
  for (int size = -500; size <= 500; size += 25)
    for (int apart = -60; apart <= 60; apart += 3)
      for (int way = 0; way < 8; ++way) {
        double p = std::ldexp(any(), size), q = p * (1 + std::ldexp(any(), apart));
        if (way % 2 != 0) p = -p;
        if (way / 2 % 2 != 0) q = -q;
        if (way / 4 != 0) std::swap(p, q);
        const wide truth = written(wide(p), wide(q));
        if (!(abs(truth) > wide(1e-300) && abs(truth) < wide(1e308))) continue;
        const double old_error = error(written(p, q), truth), new_error = error(formula(x = p, y = q), truth);
        worst_before = std::max(worst_before, old_error);
        worst_after = std::max(worst_after, new_error);
        if (new_error - old_error > worst_rise)
          worst_rise = new_error - old_error, risen_at[0] = p, risen_at[1] = q;
      }
  BOOST_TEST(worst_after <= after, name << ": the worst error is " << worst_after << ", not " << after);
  BOOST_TEST(worst_before >= before, name << ": as written it is " << worst_before << ", not " << before);
  BOOST_TEST(worst_rise <= 2,
             name << ": the error rises by " << worst_rise << " at " << risen_at[0] << ", " << risen_at[1]);
}
#define PAIRS(before, after, ...)                                                     \
  {                                                                                   \
    constexpr auto written = [](auto u, auto v) { return decltype(u)(__VA_ARGS__); }; \
    sweep_pairs(#__VA_ARGS__, tg::trace<"x", "y">(written), written, before, after);  \
  }

BOOST_AUTO_TEST_CASE(squares_of_a_pair) {
  PAIRS(1e14, 1.5, u * u - v * v);
  PAIRS(1e14, 1.5, 3 * (u * u - v * v));
  PAIRS(1e14, 1.5, v * (u * u - v * v));
  // What has been rounded already: as it is written.
  PAIRS(1e14, 1e300, (u * u) * (u * u) - (v * v) * (v * v));
  PAIRS(1e14, 1e300, exp(u) * exp(u) - exp(v) * exp(v));
  PAIRS(1e14, 1e300, sin(u) * sin(u) - sin(v) * sin(v));
  PAIRS(1, 1e300, u * v * (u * v) - v * v);
}

// --- Prices: what is noted at a row of the second table is what the cost model counts

template <class Op>
constexpr tg::detail::record counted = [] {
  tg::detail::record r;
  r.name = Op::name;
  r.key = tg::detail::hash_of(Op::name);
  static_cast<tg::facts&>(r) = Op::facts;
  return r;
}();
template <class... Op>
constexpr const tg::detail::record* counted_function(std::uint64_t key) {
  for (const tg::detail::record* r : {&counted<Op>...})
    if (r->key == key) return r;
  return nullptr;
}

/// A pattern or a result as a graph: u and v are symbols, the difference d is a number.
constexpr int in_graph(tg::detail::builder& b, const tg::detail::row_table& t, int at) {
  using tg::detail::kind;
  const auto& n = t.nodes[at];
  if (n.what == kind::constant) return b.constant(n.value);
  if (n.what == kind::variable)
    return n.value == 0   ? b.intern(tg::detail::known<tg::op::variable<tg::text{"u"}>>)
           : n.value == 1 ? b.intern(tg::detail::known<tg::op::variable<tg::text{"v"}>>)
                          : b.constant(7);
  tg::detail::buffer<int> args;
  for (int k = 0; k < n.count; ++k) args.push_back(in_graph(b, t, n.operand[k]));
  int made = args[0];
  if (n.what == kind::power) return tg::detail::power(b, made, tg::detail::exact{n.value});
  if (n.what == kind::root) return tg::detail::root(b, made);
  if (n.what == kind::negate) return tg::detail::negate(b, made);
  if (n.what == kind::function) {
    namespace op = tg::op;
    namespace evaluated = tg::detail::evaluated;
    const auto* r =
        counted_function<op::exp, op::expm1, op::log, op::log1p, op::sin, op::cos, op::sec, op::sinh,
                         op::cosh, op::tanh, op::sigmoid, op::cbrt, op::erf, op::erfc, op::hypot_slope,
                         evaluated::log1mexp, evaluated::log_cosh, evaluated::log_sinh>(n.key);
    return b.intern(r, args);
  }
  for (int k = 1; k < args.size(); ++k)
    made = n.what == kind::add        ? tg::detail::add(b, made, args[k])
           : n.what == kind::multiply ? tg::detail::multiply(b, made, args[k])
                                      : tg::detail::divide(b, made, args[k]);
  return made;
}

constexpr int weight_of(int at) {
  tg::detail::builder b;
  tg::detail::buffer<int> root;
  root.push_back(in_graph(b, tg::detail::accuracy_rows<>, at));
  return tg::detail::weight(b, root);
}
constexpr auto prices = [] {
  const auto& t = tg::detail::accuracy_rows<>;
  std::array<int, tg::detail::row_table::row_room> all{};
  for (int k = 0; k < t.rows; ++k)
    all[static_cast<std::size_t>(k)] = weight_of(t.lines[k].result) - weight_of(t.lines[k].root);
  return all;
}();

BOOST_AUTO_TEST_CASE(each_row_names_its_price) {
  const auto& t = tg::detail::accuracy_rows<>;
  BOOST_TEST(t.rows > 20);
  for (int k = 0; k < t.rows; ++k) {
    const int price = std::max(0, prices[static_cast<std::size_t>(k)]);
    BOOST_TEST(t.lines[k].price == price,
               "row " << k << " names the price " << t.lines[k].price << ", it is " << price);
  }
}

// --- Termination: the canonical form of a canonical form is itself

/// A node at random: of functions, sums and products in which the patterns of rows are frequent.
constexpr int random_node(tg::detail::builder& b, std::uint32_t& state) {
  const auto next = [&](int bound) {
    state = state * 1664525u + 1013904223u;
    return static_cast<int>((state >> 16) % static_cast<std::uint32_t>(bound));
  };
  const auto any = [&] { return b.size() - 1 - next(b.size() < 9 ? b.size() : 9); };
  const tg::handle u{b, any()}, v{b, any()};
  const auto function_of = [&](const tg::handle& w) {
    switch (next(9)) {
      case 0:
        return sin(w);
      case 1:
        return cos(w);
      case 2:
        return exp(w);
      case 3:
        return log(w);
      case 4:
        return tanh(w);
      case 5:
        return sigmoid(w);
      case 6:
        return cosh(w);
      case 7:
        return sinh(w);
      default:
        return sqrt(w);
    }
  };
  switch (next(7)) {
    case 0:
      return (u + v).id;
    case 1:
      return (u * u + v * v).id;
    case 2:
      return (u * v).id;
    case 3:
      return (1 - u).id;
    case 4:
      return (u / v).id;
    case 5:
      return (square(sin(u)) * v + v * square(cos(u))).id;
    default:
      return function_of(u).id;
  }
}

/// Whether sweeps come to rest: what is shared, and so is not taken apart, may be shared no more after one.
constexpr bool rests(const tg::detail::builder& from, int node, int sweeps) {
  if (sweeps == 0) return false;
  tg::detail::builder to;
  tg::detail::buffer<int> root;
  root.push_back(node);
  tg::detail::simplify(from, to, root);
  return to[root[0]].hash == from[node].hash || rests(to, root[0], sweeps - 1);
}
template <std::uint32_t Seed>
constexpr bool stays() {
  tg::detail::builder b;
  for (auto* symbol : {tg::detail::known<tg::op::variable<tg::text{"x"}>>,
                       tg::detail::known<tg::op::variable<tg::text{"y"}>>})
    b.intern(symbol);
  std::uint32_t state = Seed * 2654435761u;
  for (int k = 0; k < 14; ++k) random_node(b, state);
  return rests(b, b.size() - 1, 5);
}
template <std::uint32_t... Seed>
constexpr int count_stays(std::integer_sequence<std::uint32_t, Seed...>) {
  constexpr bool each[] = {stays<Seed>()...};
  int all = 0;
  for (bool one : each) all += one;
  return all;
}
static_assert(count_stays(std::make_integer_sequence<std::uint32_t, 60>{}) == 60);

}  // namespace
