// SPDX-License-Identifier: BSL-1.0
// expect: function: max, min and log_determinant are not for complex numbers.
// expect: function: arrays hold floating-point numbers or the like, not integers.
// expect: function: argument 0 has rows that need not lie in one piece; pass one vector, nested std::arrays or a matrix.
// expect: function: all arrays must hold numbers of one type.
// What the arrays of a call hold.
#include <complex>
#include <typegrad/array.hpp>
#include <vector>

constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto total = tg::function(tg::inputs(x), tg::outputs(sum(x)));
constexpr auto largest = tg::function(tg::inputs(x), tg::outputs(tg::max(x)));

#ifdef MUST_FAIL
auto f(std::vector<std::complex<double>>& z, std::vector<std::complex<double>>& space) {
  return largest(z, space);
}
auto g(std::vector<int>& z, std::vector<int>& space) { return total(z, space); }
auto h(std::vector<std::vector<double>>& z, std::vector<double>& space) { return total(z, space); }
auto k(std::vector<double>& z, std::vector<float>& space) { return total(z, space); }
#else
auto f(std::vector<std::complex<double>>& z, std::vector<std::complex<double>>& space) {
  return total(z, space);
}
auto h(std::vector<std::array<double, 3>>& z, std::vector<double>& space) { return largest(z, space); }
#endif
