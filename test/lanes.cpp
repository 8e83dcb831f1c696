// SPDX-License-Identifier: BSL-1.0
// The functions in lanes: their errors at points of all sizes, their edges, and the same bits for every
// width, place and instruction set that promises it.
#include "lanes.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

using namespace lanes_test;

namespace {

template <class F>
void for_each_row(const F& f) {
  std::apply([&](const auto&... r) { (f(r), ...); }, rows);
}

/// Numbers at which something changes: zeros, infinities, NaN, the ends of the range of normal numbers, and
/// the neighbours of the powers of two and of where the functions leave the range.
template <class T>
std::vector<T> edges() {
  using limits = std::numeric_limits<T>;
  std::vector<T> x{
      0, limits::infinity(), limits::quiet_NaN(), limits::max(), limits::min(), limits::denorm_min()};
  for (int exponent = limits::min_exponent - limits::digits; exponent < limits::max_exponent; ++exponent)
    for (T factor : {T(1), T(3)}) x.push_back(std::ldexp(factor, exponent));
  for (double end : {0.5, 0.7071067811865475, 1.4142135623730951, 88.72283905206835, 103.97207708399179,
                     709.782712893384, 745.1332191019412, 708.3964185322641, 87.33654475055311, 14.5, 38.6})
    x.push_back(static_cast<T>(end));
  const std::size_t count = x.size();
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(std::nextafter(x[i], limits::infinity()));
    x.push_back(std::nextafter(x[i], -limits::infinity()));
  }
  for (std::size_t i = 0, all = x.size(); i < all; ++i) x.push_back(-x[i]);
  return x;
}

template <class Row, class T>
void check(const Row& r, double bound, const worst<T>& found) {
  BOOST_TEST(found.error <= bound,
             r.name << ": " << found.error << " ulp at " << found.x << ", more than " << bound);
}

/// Whether the bits are the same, where a result is no NaN.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i)
    same = std::isnan(a[i]) ? std::isnan(b[i]) : std::memcmp(&a[i], &b[i], sizeof(T)) == 0;
  return same;
}

/// Computes with vectors of one number, of 16 bytes and of 64 bytes, in two pieces, so that a number is in
/// another place of its vector each time, and some in the last vector that is not full.
template <class F, class T>
struct widths {
  const std::vector<T>& x;
  std::vector<T> y[3] = {x, x, x};
  template <int Bytes>
  TYPEGRAD_LANES void run() {
    constexpr int size = sizeof(T);
    const std::size_t cuts[] = {0, 16 / size + 1, x.size()};
    for (int piece = 0; piece < 2; ++piece) {
      const std::size_t from = cuts[piece], count = cuts[piece + 1] - from;
      lanes::loop<F, 1>(x.data() + from, y[0].data() + from, count);
      lanes::loop<F, 16 / size>(x.data() + from, y[1].data() + from, count);
      lanes::loop<F, 64 / size>(x.data() + from, y[2].data() + from, count);
    }
  }
  bool same() const { return same_bits(y[0], y[1]) && same_bits(y[0], y[2]); }
};

template <class T>
std::vector<T> some_points(double low, double high) {
  std::mt19937_64 engine(7);
  std::vector<T> x = edges<T>();
  for (int i = 0; i < 2000; ++i)
    x.push_back(static_cast<T>(low + (high - low) * static_cast<double>(engine() >> 11) * 0x1p-53));
  return x;
}

}  // namespace

BOOST_AUTO_TEST_CASE(floats_of_all_sizes) {
  for_each_row([](const auto& r) {
    worst<float> found;
    sweep(r, 0, std::uint64_t{1} << 32, 50021, found);
    check(r, r.float_bound, found);
  });
}

BOOST_AUTO_TEST_CASE(doubles_at_random) {
  for_each_row([](const auto& r) {
    worst<double> found;
    random_points(r, 40000, 42, found);
    check(r, r.double_bound, found);
  });
}

BOOST_AUTO_TEST_CASE(edges_of_all_functions) {
  for_each_row([](const auto& r) {
    worst<float> of_float;
    compare(r, edges<float>(), of_float);
    check(r, r.float_bound, of_float);
    worst<double> of_double;
    compare(r, edges<double>(), of_double);
    check(r, r.double_bound, of_double);
  });
}

BOOST_AUTO_TEST_CASE(bits_do_not_depend_on_width_or_place) {
  for_each_row([]<class Row>(const Row& r) {
    const std::vector<float> of_float = some_points<float>(r.low, r.high);
    const std::vector<double> of_double = some_points<double>(r.low, r.high);
    for (const auto set : sets_here()) {
      widths<typename Row::function, float> f{.x = of_float};
      lanes::run_with(set, f);
      BOOST_TEST(f.same(), r.name << " of float");
      widths<typename Row::function, double> d{.x = of_double};
      lanes::run_with(set, d);
      BOOST_TEST(d.same(), r.name << " of double");
    }
  });
}

BOOST_AUTO_TEST_CASE(a_result_may_take_the_place_of_its_operand) {
  for_each_row([]<class Row>(const Row& r) {
    std::vector<float> x = some_points<float>(r.low, r.high), y(x.size());
    kernel<typename Row::function, float> apart{x.data(), y.data(), x.size()},
        in_place{x.data(), x.data(), x.size()};
    lanes::run_with(lanes::instructions_here(), apart);
    lanes::run_with(lanes::instructions_here(), in_place);
    BOOST_TEST(same_bits(x, y), r.name);
    lanes::vector<double, 4> one = {0.25, -0.5, 3, 0}, other;
    Row::function::value(one, other);
    Row::function::value(one, one);
    BOOST_TEST((std::memcmp(&one, &other, sizeof one) == 0 || std::isnan(double(one[1]))), r.name);
  });
}

BOOST_AUTO_TEST_CASE(any_other_function_lane_by_lane) {
  const lanes::vector<float, 4> x = {1, 2, 3, 4};
  lanes::vector<float, 4> y;
  lanes::each([](float one) { return std::lgamma(one); }, x, y);
  for (int i = 0; i < 4; ++i) BOOST_TEST(float(y[i]) == std::lgamma(float(x[i])));
}
