// SPDX-License-Identifier: BSL-1.0
// Symbols of indices: what a call takes and refuses, the canonical form of selections, their text and cost,
// and Jacobians through them.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <typegrad/selection.hpp>
#include <vector>

#include "refusal.hpp"

using namespace tg::literals;

namespace {

constexpr auto W = tg::array<"W", 5, 3>;
constexpr auto x = tg::array<"x", tg::rows, 5>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto c = tg::symbol<"c">;
constexpr auto i = tg::index<"i", tg::rows>;
constexpr auto pair = tg::index<"pair", 2, 2>;

constexpr auto lookup = tg::function(tg::inputs(W, i), tg::outputs(gather(W, i)));
const std::vector<double> weights{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

template <class Integer>
void check_kind() {
  const std::vector<Integer> at{4, 0, 2, 2};
  std::vector<double> y(12), space;
  lookup(weights, at, y, space);
  for (std::size_t k = 0; k < 12; ++k)
    BOOST_TEST(y[k] == weights[static_cast<std::size_t>(at[k / 3]) * 3 + k % 3]);
}

}  // namespace

BOOST_AUTO_TEST_CASE(integers_of_32_and_64_bits) {
  check_kind<int>(), check_kind<unsigned>(), check_kind<long>(), check_kind<unsigned long>();
  check_kind<long long>(), check_kind<std::int64_t>(), check_kind<std::uint32_t>();
  std::vector<float> w(weights.begin(), weights.end()), y(6), space;
  const std::array<std::int64_t, 2> at{1, 3};
  lookup(w, std::span{at}, y, space);
  BOOST_TEST(y[5] == 11);
  const std::array<std::array<int, 2>, 2> nested{{{0, 4}, {1, 1}}};
  constexpr auto of_table = tg::function(tg::inputs(pair, W), tg::outputs(gather(W, pair)));
  std::vector<double> twelve(12), none;
  of_table(nested, weights, twelve, none);
  BOOST_TEST(twelve[3] == 12);
  BOOST_TEST(twelve[11] == 5);
}

/// An index that stands for none gives 0 and adds nothing, and need not be in range.
template <int None>
void check_ignored() {
  constexpr auto none = tg::ignore<None>;
  constexpr auto u = tg::array<"u", tg::rows, 3>;
  constexpr auto picked = gather(W, i, none);
  constexpr auto added = tg::scatter_add<5>(u, i, none);
  static_assert(tg::gradient(sum(picked * u), W) == added);
  static_assert(tg::gradient(sum(added * W), u) == picked);
  static_assert(tg::gradient(sum(tg::take_along<1>(x, i, none)), x) == tg::one_hot<5>(i, none));
  constexpr auto fn =
      tg::function(tg::inputs(W, i, u, x),
                   tg::outputs(picked, added, tg::take_along<1>(x, i, none), tg::one_hot<5>(i, none)));
  const std::vector<int> at{4, None, 0, None, 4};
  std::vector<double> of_u(15), of_x(25), y(15, 7), z(15, 7), t(5, 7), h(25, 7);
  for (std::size_t k = 0; k < 25; ++k) of_x[k] = 1 + static_cast<double>(k);
  for (std::size_t k = 0; k < 15; ++k) of_u[k] = 1 + static_cast<double>(k);
  tg::bound<double>(fn)(weights, at, of_u, of_x, y, z, t, h);
  std::vector<double> sums(15);
  for (std::size_t row = 0; row < 5; ++row) {
    const bool is_none = at[row] == None;
    const auto place = static_cast<std::size_t>(is_none ? 0 : at[row]);
    for (std::size_t k = 0; k < 3; ++k) {
      BOOST_TEST(y[row * 3 + k] == (is_none ? 0 : weights[place * 3 + k]));
      if (!is_none) sums[place * 3 + k] += of_u[row * 3 + k];
    }
    BOOST_TEST(t[row] == (is_none ? 0 : of_x[row * 5 + place]));
    for (std::size_t k = 0; k < 5; ++k) BOOST_TEST(h[row * 5 + k] == (!is_none && k == place ? 1 : 0));
  }
  BOOST_TEST(z == sums, boost::test_tools::per_element());
}
BOOST_AUTO_TEST_CASE(an_index_may_stand_for_none) {
  check_ignored<-1>(), check_ignored<-100>(), check_ignored<2>(), check_ignored<1000000>();
  BOOST_TEST(tg::to_string(tg::take_along<1>(x, i, tg::ignore<-100>)) ==
             "take_along<1>(x, i, ignore = -100)");
  // Others are refused, and the same one where it is not to be ignored.
  constexpr auto fn = tg::function(tg::inputs(W, i),
                                   tg::outputs(gather(W, i, tg::ignore<-1>) + gather(W, i, tg::ignore<-2>)));
  auto run = tg::bound<double>(fn);
  std::vector<double> y(3);
  BOOST_TEST(refusal([&] { run(weights, std::vector{-1}, y); }).find("the index 'i' is -1") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_index_out_of_range_is_refused_before_anything_is_written) {
  constexpr auto fn =
      tg::function(tg::inputs(x, i), tg::outputs(tanh(x), tg::scatter_add<4>(x, i), tg::take_along<1>(x, i)));
  const std::vector<double> of_x(10, 0.5);
  std::vector<double> y(10, 7), z(20, 7), u(2, 7), space(fn.workspace<double>(2));
  const auto refused = [&](const auto& at) { return refusal([&] { fn(of_x, at, y, z, u, space); }); };
  BOOST_TEST(refused(std::vector{0, -1}) ==
             "function: the index 'i' is -1 at element 1; it must be at least 0 and below 4.");
  BOOST_TEST(refused(std::vector{4l, 0l}) ==
             "function: the index 'i' is 4 at element 0; it must be at least 0 and below 4.");
  BOOST_TEST(refused(std::vector{0u, 0xffffffffu}) ==
             "function: the index 'i' is 4294967295 at element 1; it must be at least 0 and below 4.");
  BOOST_TEST(refused(std::vector{0}) ==
             "function: the input 'i' has 1 elements; its shape is (rows) with rows = 2.");
  for (const std::vector<double>& out : {y, z, u})
    for (double each : out) BOOST_TEST(each == 7);
  BOOST_TEST(refused(std::vector{3, 0}) == "");
}

BOOST_AUTO_TEST_CASE(memory_of_an_index_is_as_long_as_its_integers) {
  struct {
    int at[2];
    double y[6];
  } together{{1, 4}, {}};
  std::vector<double> space;
  lookup(weights, together.at, together.y, space);
  BOOST_TEST(together.y[0] == 3);
  union {
    int at[2];
    double y[6];
  } shared{{1, 4}};
  BOOST_TEST(refusal([&] { lookup(weights, shared.at, shared.y, space); }) ==
             "function: output 0 overlaps the input 'i'.");
}

BOOST_AUTO_TEST_CASE(no_rows) {
  constexpr auto y = gather(W, i);
  constexpr auto fn = tg::function(tg::inputs(W, i), tg::outputs(sum(y * y), tg::gradient(sum(y * y), W)));
  std::vector<double> slopes(15, 7), space(fn.workspace<double>(0));
  const double loss = fn(weights, std::vector<int>{}, slopes, space);
  BOOST_TEST(loss == 0);
  for (double each : slopes) BOOST_TEST(each == 0);
}

BOOST_AUTO_TEST_CASE(canonical_form) {
  static_assert(gather(2_c * c * W, i) == 2_c * c * gather(W, i));
  static_assert(gather(-W / c, i) == -gather(W, i) / c);
  static_assert(tg::scatter_add<5>(-x * c, i) == -c * tg::scatter_add<5>(x, i));
  static_assert(gather(W - W, i) == 0_c * gather(W, i));
  static_assert(tg::gather<0>(tg::broadcast<5, 3>(b), i) == tg::broadcast<tg::rows, 3>(b));
  static_assert(tg::shape_of(gather(tg::broadcast<5, 3>(c), pair)) == tg::extents<2, 2, 3>{});
  static_assert(tg::take_along<1>(x, i) == tg::take_along<-1>(x, i));
  // Transposes of each other, and linear: the second derivative is the first one's transpose again.
  constexpr auto u = tg::array<"u", tg::rows, 3>;
  constexpr auto v = tg::array<"v", 5, 3>;
  static_assert(tg::gradient(sum(gather(W, i) * u), W) == tg::scatter_add<5>(u, i));
  static_assert(tg::gradient(sum(tg::scatter_add<5>(u, i) * v), u) == gather(v, i));
  static_assert(tg::jvp(gather(W, i), tg::along(W = v)) == gather(v, i));
  static_assert(tg::vjp(gather(W, i), tg::weights(u), W) == tg::scatter_add<5>(u, i));
  static_assert(tg::trace(W, i, [](auto table, auto at) { return gather(table, at) * 2_c; }) ==
                2_c * gather(W, i));
  static_assert(substitute(gather(W, i), i = tg::index<"j", tg::rows>) ==
                gather(W, tg::index<"j", tg::rows>));
}

BOOST_AUTO_TEST_CASE(jacobians) {
  // One row of a gather depends on one row of the table alone.
  constexpr auto four = tg::index<"four", 4>;
  constexpr auto y = gather(W, four) * gather(W, four);
  constexpr auto z = tg::take_along<1>(tg::reshape<3, 5>(W), tg::index<"three", 3>);
  constexpr auto fn = tg::function(tg::inputs(W, four, tg::index<"three", 3>),
                                   tg::outputs(tg::diff(y, W), tg::diff(z * z, W), y, z));
  const std::vector<int> at{4, 0, 2, 2}, of_three{1, 4, 0};
  std::vector<double> dy(180), dz(45), of_y(12), of_z(3);
  tg::bound<double>(fn)(weights, at, of_three, dy, dz, of_y, of_z);
  for (std::size_t k = 0; k < 180; ++k) {
    const std::size_t row = k / 45, column = k / 15 % 3, to = k % 15;
    const bool own = to == static_cast<std::size_t>(at[row]) * 3 + column;
    BOOST_TEST(dy[k] == (own ? 2 * weights[to] : 0));
  }
  for (std::size_t k = 0; k < 45; ++k)
    BOOST_TEST(dz[k] ==
               (k % 15 == k / 15 * 5 + static_cast<std::size_t>(of_three[k / 15]) ? 2 * of_z[k / 15] : 0));
}

BOOST_AUTO_TEST_CASE(text) {
  const auto both = [](const auto& f, const std::string& infix, const std::string& latex) {
    BOOST_TEST(tg::to_string(f) == infix);
    BOOST_TEST(tg::to_latex(f) == latex);
  };
  both(gather(W, i), "gather(W, i)", "\\operatorname{gather}\\left(W, i\\right)");
  both(tg::gather<1>(x, pair), "gather<1>(x, pair)",
       "\\operatorname{gather}_{1}\\left(x, \\mathrm{pair}\\right)");
  both(tg::one_hot<10>(i), "one_hot<10>(i)", "\\operatorname{one\\_hot}_{10}\\left(i\\right)");
  both(tg::scatter_add<5>(1_c, i), "scatter_add<5>(1, i)",
       "\\operatorname{scatter\\_add}_{5}\\left(1, i\\right)");
  both(tg::scatter_add<5, 1>(x, tg::index<"f", 5>), "scatter_add<5, 1>(x, f)",
       "\\operatorname{scatter\\_add}_{5, 1}\\left(x, f\\right)");
  both(tg::take_along<1>(x, i), "take_along<1>(x, i)", "\\operatorname{take\\_along}_{1}\\left(x, i\\right)");
  both(tg::gradient(sum(tg::take_along<0>(W, tg::index<"t", 3>) * b), W), "scatter_add_along<5, 0>(b, t)",
       "\\operatorname{scatter\\_add\\_along}_{5, 0}\\left(b, t\\right)");
  BOOST_TEST(std::string{tg::to_dot(gather(W, i)).view()}.find("gather") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(costs) {
  constexpr auto read = tg::cost(lookup, 10);
  static_assert(read.kernels == 1 && read.operations() == 0 && read.read == 30 && read.written == 30);
  constexpr auto back = tg::cost(tg::function(tg::inputs(x, i), tg::outputs(tg::scatter_add<4>(x, i))), 10);
  static_assert(back.additions == 50 && back.read == 50 && back.written == 70);
}
