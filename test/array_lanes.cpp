// SPDX-License-Identifier: BSL-1.0
// Every function of one and two numbers over arrays, which runs on several numbers at once, against the
// function of single numbers: inside and outside of its domain, and where it saturates.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <typegrad/array.hpp>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto u = tg::array<"u", tg::extent<"n">>;
constexpr auto v = tg::array<"v", tg::extent<"n">>;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

template <class T>
void agree(T own, T expected, T at, const char* what) {
  // A few units in the last place; and where a function is nearly 0 beside what it is the difference of.
  const T allowed = 64 * std::numeric_limits<T>::epsilon() * std::fmax(std::fabs(expected), T(1));
  BOOST_TEST(
      ((std::isnan(own) && std::isnan(expected)) || own == expected || std::fabs(own - expected) <= allowed),
      what << " at " << at << ": " << own << " and " << expected);
}

template <class T, class F>
void check_type(F f) {
  constexpr auto arrays = tg::function(tg::inputs(u, v), tg::outputs(f(u, v)));
  constexpr auto numbers = tg::function(tg::inputs(x, y), tg::outputs(f(x, y)));
  const T infinity = std::numeric_limits<T>::infinity();
  std::vector<T> first, second;
  for (const T p : {T(-900), T(-4.5), T(-1), T(-0.3), T(-0.0), T(0), T(0.3), T(0.75), T(1), T(2.5), T(30),
                    infinity, -infinity, std::numeric_limits<T>::quiet_NaN()})
    for (const T q : {T(-2), T(0.5), T(3), infinity}) first.push_back(p), second.push_back(q);
  std::vector<T> out(first.size()), space(arrays.template workspace<T>(first.size()));
  arrays(first, second, out, space);
  for (std::size_t i = 0; i < out.size(); ++i)
    agree(out[i], numbers(first[i], second[i]), first[i], __PRETTY_FUNCTION__);
}
template <class... F>
void check(F... f) {
  (check_type<double>(f), ...);
  (check_type<float>(f), ...);
}

}  // namespace

// clang-format off
BOOST_AUTO_TEST_CASE(functions_of_one_number) {
  check([](auto p, auto) { return exp(p); }, [](auto p, auto) { return expm1(p); }, [](auto p, auto) { return exp2(p); },
        [](auto p, auto) { return log(p); }, [](auto p, auto) { return log1p(p); }, [](auto p, auto) { return log2(p) + log10(p); },
        [](auto p, auto) { return sqrt(p); }, [](auto p, auto) { return cbrt(p); }, [](auto p, auto) { return pow(p, 3_c) / pow(p, 1.5_c); },
        [](auto p, auto) { return sin(p); }, [](auto p, auto) { return cos(p); }, [](auto p, auto) { return tan(p); },
        [](auto p, auto) { return sinc(p); }, [](auto p, auto) { return asin(p); }, [](auto p, auto) { return acos(p); },
        [](auto p, auto) { return atan(p); }, [](auto p, auto) { return acot(p); }, [](auto p, auto) { return asec(p) + acsc(p); },
        [](auto p, auto) { return tanh(p); }, [](auto p, auto) { return asinh(p); }, [](auto p, auto) { return acosh(p); },
        [](auto p, auto) { return atanh(p); }, [](auto p, auto) { return sech(p); }, [](auto p, auto) { return asech(abs(p)) + acsch(p); },
        [](auto p, auto) { return erf(p); }, [](auto p, auto) { return erfc(p); }, [](auto p, auto) { return sigmoid(p); },
        [](auto p, auto) { return softplus(p); }, [](auto p, auto) { return silu(p); }, [](auto p, auto) { return relu(p); },
        [](auto p, auto) { return abs(p) + sign(p); }, [](auto p, auto) { return floor(p) - ceil(p); }, [](auto p, auto) { return round(p) * trunc(p); });
}
BOOST_AUTO_TEST_CASE(functions_of_two_numbers) {
  check([](auto p, auto q) { return p / q; }, [](auto p, auto q) { return min(p, q); }, [](auto p, auto q) { return max(p, q); },
        [](auto p, auto q) { return pow(p, q); }, [](auto p, auto q) { return hypot(p, q); }, [](auto p, auto q) { return atan2(p, q); },
        [](auto p, auto q) { return fmod(p, q); }, [](auto p, auto q) { return where(p < q, p, 2_c); },
        [](auto p, auto q) { return where((p >= q && !(q > 0_c)) || p > 2_c, p + q, p); }, [](auto p, auto q) { return clamp(p, -1_c, q); },
        [](auto p, auto q) { return (p <= q) + 0_c * q; });
}
// clang-format on

namespace {

constexpr auto m = tg::array<"m", tg::extent<"rows">, tg::extent<"columns">>;
constexpr auto of_row = tg::array<"of_row", tg::extent<"rows">, 1>;
constexpr auto of_column = tg::array<"of_column", tg::extent<"columns">>;
constexpr auto loops = tg::function(tg::inputs(m, of_row, of_column),
                                    tg::outputs(m* of_row - of_column, transpose(m) + 1_c, sum<1>(m),
                                                sum<0>(m), max<1>(m), min<0>(m), logsumexp<1>(m)));

/// Rows and columns of any number, with operands that are broadcast along either and a result that is turned,
/// and reductions along each axis; `special` stands in one place.
template <class T>
void check_shape(std::size_t height, std::size_t width, T special) {
  std::vector<T> a(height * width), r(height), c(width), product(a.size()), turned(a.size()), row_sum(height),
      column_sum(width), largest(height), smallest(width), exponentials(height);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = T(static_cast<int>(i * 7 % 23) - 11) / 8;
  for (std::size_t i = 0; i < height; ++i) r[i] = T(i % 5) - 2;
  for (std::size_t j = 0; j < width; ++j) c[j] = T(j % 7) / 4;
  a[(height / 2) * width + width / 3] = special;
  auto run = tg::bound<T>(loops);
  run(a, r, c, product, turned, row_sum, column_sum, largest, smallest, exponentials);
  const T infinity = std::numeric_limits<T>::infinity();
  std::vector<T> rows_of(height, 0), columns_of(width, 0), top(height, -infinity), low(width, infinity),
      terms(height, 0);
  for (std::size_t i = 0; i < height; ++i)
    for (std::size_t j = 0; j < width; ++j) {
      const T each = a[i * width + j];
      agree(product[i * width + j], each * r[i] - c[j], each, "a product of broadcast operands");
      agree(turned[j * height + i], each + 1, each, "a result that is turned");
      rows_of[i] += each, columns_of[j] += each, terms[i] += std::exp(each);
      if (each > top[i] || std::isnan(each)) top[i] = each;
      if (each < low[j] || std::isnan(each)) low[j] = each;
    }
  for (std::size_t i = 0; i < height; ++i) {
    agree(row_sum[i], rows_of[i], T(i), "the sum of a row");
    agree(largest[i], top[i], T(i), "the largest of a row");
    agree(exponentials[i], std::log(terms[i]), T(i), "logsumexp of a row");
  }
  for (std::size_t j = 0; j < width; ++j) {
    agree(column_sum[j], columns_of[j], T(j), "the sum of a column");
    agree(smallest[j], low[j], T(j), "the smallest of a column");
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(rows_and_columns_of_any_number) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double special : {0.5, infinity, -infinity, std::numeric_limits<double>::quiet_NaN()})
    for (const std::size_t height : {1u, 2u, 3u, 8u, 17u, 40u})
      for (std::size_t width = 1; width < 300; width += width < 40 ? 1 : 43) {
        check_shape<double>(height, width, special);
        check_shape<float>(height, width, static_cast<float>(special));
      }
}
