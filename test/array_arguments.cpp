// SPDX-License-Identifier: BSL-1.0
// What an outsider gives functions of arrays: views, memory that is aligned to nothing, lengths that are too
// small or too large, eight axes of which most have length 1, and operands without elements.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <typegrad/array.hpp>
#include <vector>

#include "refusal.hpp"
#include "view.hpp"

namespace {

constexpr auto x = tg::array<"x", tg::rows, 3, 2>;
constexpr auto w = tg::array<"w", 2, 4>;
constexpr auto product = tanh(matmul(x, w));
constexpr auto slope = gradient(sum(product * product), w);
constexpr auto fn = tg::function(tg::inputs(x, w), tg::outputs(product, slope));

}  // namespace

// The same numbers by rows, by columns, and by strides that leave nothing out.
BOOST_AUTO_TEST_CASE(views) {
  constexpr std::size_t open = std::dynamic_extent;
  std::vector<double> flat_x(30), flat_w(8), columns_x(30), columns_w(8), out(60), dw(8),
      space(fn.workspace<double>(5));
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 2; ++k)
        flat_x[6 * i + 2 * j + k] = columns_x[i + 5 * j + 15 * k] =
            static_cast<double>(i) / 5 - static_cast<double>(j * k) / 3;
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      flat_w[4 * i + j] = columns_w[i + 2 * j] = 1 / static_cast<double>(1 + i + 2 * j);
  fn(flat_x, flat_w, out, dw, space);

  using shape_x = view::extents<open, 3, 2>;
  using shape_w = view::extents<2, 4>;
  using shape_out = view::extents<open, open, 4>;
  const shape_x ex({5, 3, 2});
  const shape_w ew({2, 4});
  const shape_out eo({5, 3, 4});
  std::vector<double> found(60), found_dw(8);
  const auto check = [&](auto in_x, auto in_w, auto to, auto to_dw) {
    found.assign(60, 7), found_dw.assign(8, 7);
    if (const std::size_t need = fn.workspace_for(in_x, in_w, to, to_dw); need > space.size())
      space.resize(need);
    fn(in_x, in_w, to, to_dw, space);
    for (int i = 0; i < 5; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 4; ++k)
          BOOST_TEST(
              found[static_cast<std::size_t>(i * to.stride(0) + j * to.stride(1) + k * to.stride(2))] ==
                  out[static_cast<std::size_t>(12 * i + 4 * j + k)],
              boost::test_tools::tolerance(1e-14));
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 4; ++j)
        BOOST_TEST(found_dw[static_cast<std::size_t>(i * to_dw.stride(0) + j * to_dw.stride(1))] ==
                       dw[static_cast<std::size_t>(4 * i + j)],
                   boost::test_tools::tolerance(1e-14));
  };
  const view::mdspan<const double, shape_x> rows_of_x(flat_x.data(), ex);
  const view::mdspan<const double, shape_x, view::layout_left> columns_of_x(columns_x.data(), ex);
  const view::mdspan<double, shape_w> rows_of_w(flat_w.data(), ew), rows_of_dw(found_dw.data(), ew);
  const view::mdspan<double, shape_w, view::layout_left> columns_of_w(columns_w.data(), ew),
      columns_of_dw(found_dw.data(), ew);
  const view::mdspan<double, shape_out> rows_of_out(found.data(), eo);
  const view::mdspan<double, shape_out, view::layout_left> columns_of_out(found.data(), eo);
  check(rows_of_x, rows_of_w, rows_of_out, rows_of_dw);
  check(columns_of_x, columns_of_w, columns_of_out, columns_of_dw);
  check(rows_of_x, columns_of_w, rows_of_out, columns_of_dw);
  using strided = view::mdspan<double, shape_w, view::layout_stride>;
  check(columns_of_x, strided(flat_w.data(), {ew, {4, 1}}), rows_of_out,
        strided(found_dw.data(), {ew, {4, 1}}));
  BOOST_TEST(refusal([&] {
               fn(flat_x, strided(flat_w.data(), {ew, {1, 2}}), found, found_dw, space);
             }).starts_with("function: the input 'w' has 8 elements, which do not lie in one piece"));
  BOOST_TEST(refusal([&] {
               fn(rows_of_x, flat_w, view::mdspan<double, shape_out>(found.data(), shape_out({4, 3, 4})),
                  found_dw, space);
             }).starts_with("function: output 0 has 48 elements"));
}

// A function with a workspace of its own has enough of it however arrays are stored.
namespace {
template <class T, class In, class To>
void bind() {
  constexpr auto a = tg::array<"a", 4, 3>;
  constexpr auto c = tg::array<"c", 3, 2>;
  constexpr auto total = sum(sin(matmul(a, c)));
  constexpr auto sums = tg::function(tg::inputs(a, c), tg::outputs(total, gradient(total, c)));
  using shape_a = view::extents<4, 3>;
  using shape_c = view::extents<3, 2>;
  std::vector<T> of_a(12), of_c(6), to(6);
  const view::mdspan<T, shape_a, In> in_a(of_a.data(), shape_a({4, 3}));
  const view::mdspan<T, shape_c, In> in_c(of_c.data(), shape_c({3, 2}));
  const view::mdspan<T, shape_c, To> out(to.data(), shape_c({3, 2}));
  const auto at = [](const auto& m, int i, int j) -> T& {
    return m.data_handle()[i * static_cast<int>(m.stride(0)) + j * static_cast<int>(m.stride(1))];
  };
  for (int i = 0; i < 4; ++i)
    for (int k = 0; k < 3; ++k) at(in_a, i, k) = T(std::sin(3 * i + k));
  for (int k = 0; k < 3; ++k)
    for (int j = 0; j < 2; ++j) at(in_c, k, j) = T(std::cos(2 * k + j));
  const T value = tg::bound<T>(sums)(in_a, in_c, out);
  T expected{};
  std::vector<T> slopes(6);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 2; ++j) {
      T entry{};
      for (int k = 0; k < 3; ++k) entry += at(in_a, i, k) * at(in_c, k, j);
      expected += std::sin(entry);
      for (int k = 0; k < 3; ++k)
        slopes[static_cast<std::size_t>(2 * k + j)] += at(in_a, i, k) * std::cos(entry);
    }
  BOOST_TEST(std::abs(value - expected) < 1e-14);
  for (int k = 0; k < 3; ++k)
    for (int j = 0; j < 2; ++j)
      BOOST_TEST(std::abs(at(out, k, j) - slopes[static_cast<std::size_t>(2 * k + j)]) < 1e-14);
}
template <class T>
void bind_each_storage() {
  bind<T, view::layout_right, view::layout_right>();
  bind<T, view::layout_left, view::layout_right>();
  bind<T, view::layout_right, view::layout_left>();
  bind<T, view::layout_left, view::layout_left>();
}
}  // namespace
BOOST_AUTO_TEST_CASE(room_for_columns) {
  bind_each_storage<double>();
  bind_each_storage<std::complex<double>>();
}

// Where two run-time extents do not follow from how many numbers there are, the lengths are given.
BOOST_AUTO_TEST_CASE(numbers_of_a_shape) {
  constexpr auto a = tg::array<"a", tg::extent<"batch">, tg::extent<"time">, 2>;
  constexpr auto sums = tg::function(tg::inputs(a), tg::outputs(tg::sum<1, 2>(a)));
  auto run = tg::bound<double>(sums);
  for (std::size_t batch : {0u, 1u, 2u, 3u, 6u})
    for (std::size_t time : {0u, 1u, 2u, 3u, 6u}) {
      const std::vector<double> numbers(batch * time * 2, 1.0);
      std::vector<double> out(batch, 7.0);
      run(tg::shaped(numbers, batch, time, 2), out);
      BOOST_TEST(out == std::vector<double>(batch, 2.0 * static_cast<double>(time)),
                 boost::test_tools::per_element());
      BOOST_TEST(refusal([&] { tg::shaped(numbers, batch, time + 1, batch == 0 ? -1 : 2); }) ==
                 "shaped: the lengths are not those of " + std::to_string(numbers.size()) + " numbers.");
    }
  const std::vector<double> twelve(12);
  std::vector<double> out(2);
  BOOST_TEST(refusal([&] { run(twelve, out); }).starts_with("function: the extent 'batch' does not follow"));
  BOOST_TEST(refusal([&] { run(tg::shaped(twelve, 2, 2, 3), out); }).starts_with("function: the input 'a'"));
  BOOST_TEST(refusal([&] { (void)tg::shaped(twelve, 2, 3); }).starts_with("shaped: "));
}

// Numbers may begin at any of their addresses, whatever a register would like, and neighbours are left alone.
BOOST_AUTO_TEST_CASE(memory_that_is_not_aligned) {
  const std::size_t need = fn.workspace<float>(7), sizes[] = {42, 8, 84, 8, need};
  std::vector<float> first;
  for (std::size_t offset = 1; offset < 17; ++offset) {
    std::vector<std::vector<float>> memory;
    for (std::size_t size : sizes) memory.emplace_back(size + offset + 16, 7.0f);
    const auto part = [&](std::size_t k) { return std::span(memory[k]).subspan(offset, sizes[k]); };
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t i = 0; i < sizes[k]; ++i) part(k)[i] = std::sin(static_cast<float>(i + 10 * k));
    fn(part(0), part(1), part(2), part(3), part(4));
    std::vector<float> all(part(2).begin(), part(2).end());
    all.insert(all.end(), part(3).begin(), part(3).end());
    if (first.empty()) first = all;
    BOOST_TEST(all == first, boost::test_tools::per_element());
    for (std::size_t k = 0; k < 5; ++k)
      for (std::size_t i = 0; i < memory[k].size(); ++i)
        if (i < offset || i >= offset + sizes[k]) BOOST_TEST(memory[k][i] == 7.0f);
  }
}

// Sizes that no memory has are refused, not calculated with.
BOOST_AUTO_TEST_CASE(lengths_without_measure) {
  constexpr auto u = tg::array<"u", tg::rows>;
  constexpr auto v = tg::array<"v", tg::extent<"columns">>;
  constexpr auto table = tg::function(tg::inputs(u, v), tg::outputs(sum(tanh(outer(u, v)))));
  const auto is_refused = [&](const std::string& said) {
    BOOST_TEST(
        said.starts_with("function: with these lengths an array has fewer than 0 elements or more than"),
        said);
  };
  for (const std::ptrdiff_t n : {std::ptrdiff_t{-1}, std::ptrdiff_t{1} << 30, std::ptrdiff_t{1} << 33,
                                 std::numeric_limits<std::ptrdiff_t>::max()})
    is_refused(refusal([&] { table.workspace<double>(n, n); }));
  double one = 1;
  for (const std::size_t n : {std::size_t{1} << 31, std::size_t{1} << 33, std::size_t{1} << 59}) {
    const std::span<double> claimed(&one, n);
    is_refused(refusal([&] { table(claimed, claimed, std::span<double>{}); }));
  }
}

// A slice of an axis whose length the call says must lie within, in the derivatives too.
BOOST_AUTO_TEST_CASE(slices_end_within) {
  constexpr auto u = tg::array<"u", tg::rows>;
  constexpr auto part = tg::slice<0, 2, 4>(u);
  constexpr auto values = tg::function(tg::inputs(u), tg::outputs(part));
  constexpr auto slopes = tg::function(tg::inputs(u), tg::outputs(gradient(sum(part * part), u)));
  constexpr auto constant_slopes = tg::function(tg::inputs(u), tg::outputs(gradient(sum(part), u)));
  for (std::size_t n = 0; n < 6; ++n) {
    const std::vector<double> in(n, 3.0);
    std::vector<double> out(2, 7.0), du(n, 7.0), constant_du(n, 7.0), space(64);
    const std::string said =
        n < 4 ? "function: the extent 'rows' is " + std::to_string(n) + "; a slice needs 4." : "";
    BOOST_TEST(refusal([&] { values(in, out, space); }) == said);
    BOOST_TEST(refusal([&] { slopes(in, du, space); }) == said);
    BOOST_TEST(refusal([&] { constant_slopes(in, constant_du, space); }) == said);
    BOOST_TEST(out == std::vector<double>(2, n < 4 ? 7.0 : 3.0), boost::test_tools::per_element());
    for (std::size_t i = 0; i < n; ++i) {
      BOOST_TEST(du[i] == (n < 4 ? 7 : i == 2 || i == 3 ? 6 : 0));
      BOOST_TEST(constant_du[i] == (n < 4 ? 7 : i == 2 || i == 3 ? 1 : 0));
    }
  }
}

// Eight axes, with and without something along them, against the same elements without the axes of length 1.
BOOST_AUTO_TEST_CASE(many_axes) {
  constexpr auto a = tg::array<"a", 1, 2, 1, 3, 1, 2, 1, 2>;
  constexpr auto b = tg::array<"b", 1, 1, 1, 1, 1, 1, 1, 1>;
  constexpr auto c = tg::array<"c", 2, 1, 2, 1, 2, 1, 2, 1>;
  constexpr auto number =
      sum(tanh(a * c) + b * tg::softmax<3>(a + c) * a) + sum(tg::max<1, 3>(a, tg::keep) * c);
  constexpr auto large = tg::function(
      tg::inputs(a, b, c),
      tg::outputs(number, tg::gradient(number, a, b, c), tg::permute<7, 6, 5, 4, 3, 2, 1, 0>(a)));
  constexpr auto p = tg::array<"a", 2, 3, 2, 2>;
  constexpr auto q = tg::symbol<"b">;
  constexpr auto r = tg::array<"c", 16>;
  constexpr auto beside = tg::reshape<16, 1, 1, 1, 1>(r);
  constexpr auto same =
      sum(tanh(p * beside) + q * tg::softmax<2>(p + beside) * p) + sum(tg::max<0, 1>(p, tg::keep) * beside);
  constexpr auto small =
      tg::function(tg::inputs(p, q, r), tg::outputs(same, tg::gradient(same, p, q, r), transpose(p)));
  std::vector<double> in_a(24), in_c(16);
  for (std::size_t i = 0; i < 24; ++i) in_a[i] = std::sin(static_cast<double>(i));
  for (std::size_t i = 0; i < 16; ++i) in_c[i] = std::cos(static_cast<double>(i));
  std::vector<double> da(24), db(1), dc(16), turned(24), space(large.workspace<double>());
  const double value = large(in_a, std::array{0.7}, in_c, da, db, dc, turned, space);
  std::vector<double> da2(24), dc2(16), turned2(24), space2(small.workspace<double>());
  const auto [value2, db2] = small(in_a, 0.7, in_c, da2, dc2, turned2, space2);
  const auto tolerance = boost::test_tools::tolerance(1e-12);
  BOOST_TEST(value == value2, tolerance);
  BOOST_TEST(db[0] == db2, tolerance);
  for (std::size_t i = 0; i < 24; ++i) BOOST_TEST(std::fabs(da[i] - da2[i]) <= 1e-13);
  for (std::size_t i = 0; i < 16; ++i) BOOST_TEST(std::fabs(dc[i] - dc2[i]) <= 1e-13);
  BOOST_TEST(turned == turned2, boost::test_tools::per_element());
}

// Without rows there are sums, products and maps, and nothing is read.
BOOST_AUTO_TEST_CASE(no_rows) {
  constexpr auto m = tg::array<"m", tg::rows, 3>;
  constexpr auto f = tg::norm(m) + sum(tg::softmax<1>(m) * tg::logsumexp<1>(m, tg::keep));
  constexpr auto all = tg::function(
      tg::inputs(m), tg::outputs(f, sum(m), tg::logsumexp(m), tg::logsumexp<0>(m), gradient(f, m),
                                 tg::softmax<0>(m), matmul(transpose(m), m), tg::sum<0>(exp(m))));
  const std::vector<double> nothing;
  std::vector<double> none, logs(3, 7), products(9, 7), sums(3, 7), space(all.workspace<double>(0));
  const auto [value, total, log_total] = all(nothing, logs, none, none, products, sums, space);
  BOOST_TEST(value == 0);
  BOOST_TEST(total == 0);
  BOOST_TEST(log_total == -std::numeric_limits<double>::infinity());
  for (double each : logs) BOOST_TEST(each == -std::numeric_limits<double>::infinity());
  for (double each : products) BOOST_TEST(each == 0);
  for (double each : sums) BOOST_TEST(each == 0);
}

// One function in several types, and one name for arrays of different shapes in different functions.
BOOST_AUTO_TEST_CASE(side_by_side) {
  constexpr auto m = tg::array<"m", tg::rows, 3>;
  constexpr auto n = tg::array<"m", 4>;
  constexpr auto of_table = tg::function(tg::inputs(m), tg::outputs(sum(exp(m))));
  constexpr auto of_vector = tg::function(tg::inputs(n), tg::outputs(sum(exp(n))));
  const auto check = [&]<class T>(T one) {
    std::vector<T> in(6, one), space(of_table.workspace<T>(2) + of_vector.workspace<T>());
    BOOST_TEST(std::abs(of_table(in, space) - 6 * std::exp(one)) < T(1e-5));
    BOOST_TEST(std::abs(of_vector(std::span(in).first(4), space) - 4 * std::exp(one)) < T(1e-5));
  };
  check(1.0f), check(1.0), check(1.0L);
}

// A symmetric matrix is taken as it is given; that its halves agree is the caller's promise.
BOOST_AUTO_TEST_CASE(a_symmetric_matrix_is_not_checked) {
  constexpr auto s = tg::array<"s", 2, 2, tg::symmetric>;
  constexpr auto v = tg::array<"v", 2>;
  constexpr auto apply = tg::function(tg::inputs(s, v), tg::outputs(matmul(s, v)));
  std::vector<double> out(2), space(apply.workspace<double>());
  apply(std::array{1.0, 2.0, 3.0, 4.0}, std::array{1.0, 10.0}, out, space);
  BOOST_TEST(out == (std::vector<double>{21, 43}), boost::test_tools::per_element());
}

namespace {

template <int... K>
void with_arrays(std::integer_sequence<int, K...>) {
  constexpr auto all = std::tuple{tg::array<tg::text{{'w', 'A' + K, 0}}, 2>...};
  constexpr auto f = (sum(std::get<K>(all) * std::get<K>(all)) + ...);
  constexpr auto many =
      tg::function(tg::inputs(std::get<K>(all)...), tg::outputs(f, gradient(f, std::get<K>(all)...)));
  std::vector<std::vector<double>> in, out(sizeof...(K), {7, 7});
  for (int k = 0; k < static_cast<int>(sizeof...(K)); ++k) in.push_back({0.5 * k, 1});
  std::vector<double> space(many.template workspace<double>());
  double expected = 0;
  for (const auto& each : in) expected += each[0] * each[0] + 1;
  BOOST_TEST(many(in[K]..., out[K]..., space) == expected, boost::test_tools::tolerance(1e-14));
  for (std::size_t k = 0; k < in.size(); ++k) BOOST_TEST(out[k][0] == 2 * in[k][0]);
}

}  // namespace

// More arrays than a word has bits.
BOOST_AUTO_TEST_CASE(many_arrays) { with_arrays(std::make_integer_sequence<int, 33>{}); }
