// SPDX-License-Identifier: BSL-1.0
// Kernels in headers of their own in threads: windows, pooling, random numbers, selections, running sums have
// the same bits for any number of threads.
#include <typegrad/convolution.hpp>
#include <typegrad/random.hpp>
#include <typegrad/selection.hpp>

#include "array_threads.hpp"

using namespace array_threads;
using namespace tg::literals;

namespace {

constexpr auto x = tg::array<"x", tg::rows, 3, 9, 8>;
constexpr auto w = tg::array<"w", 4, 3, 3, 2>;
constexpr auto table = tg::array<"table", tg::rows, 12>;

template <class T, class Function>
void check(const Function& fn, std::size_t columns, std::size_t second) {
  for (const std::size_t rows : {1u, 2u, 33u, 100u})
    check_parts(fn, rows, numbers<T>(rows * columns, 6), numbers<T>(second > 0 ? second : rows * 3, 7));
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(windows, T, decltype(std::tuple<float, double>{})) {
  constexpr auto y = conv2d(x, w, tg::padding<1>);
  constexpr auto apart = conv2d(x, w, tg::stride<2>);
  constexpr auto largest = tg::max_pool<2, 2>(y);
  check<T>(tg::function(tg::inputs(x, w), tg::outputs(y, apart, largest, tg::mean_pool<3, 2>(x))), 216, 72);
  check<T>(tg::function(tg::inputs(x, w), tg::outputs(tg::gradient(sum(largest * largest), w, x),
                                                      tg::gradient(sum(apart * apart), w, x))),
           216, 72);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(chosen_elements, T, decltype(std::tuple<float, double>{})) {
  constexpr auto keys = tg::array<"keys", tg::rows, 3>;
  constexpr auto best = tg::argmax<1>(table);
  constexpr auto sums = tg::cumsum<0>(table) - tg::cumsum<1>(tg::flip<0>(table));
  constexpr auto hot = tg::one_hot<12>(best) * tg::scatter_add_along<12, 1>(tg::sum<1>(table, tg::keep),
                                                                            tg::argmin<1>(table, tg::keep));
  constexpr auto groups = tg::scatter_add<3>(table, tg::argmax<1>(keys));
  check<T>(tg::function(tg::inputs(table, keys),
                        tg::outputs(best, sums, hot, groups, gather(transpose(keys), tg::argmax<1>(keys)))),
           12, 0);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(random_numbers, T, decltype(std::tuple<float, double>{})) {
  constexpr auto seed = tg::array<"seed", tg::rows, 3>;
  constexpr auto noise = tg::random_normal<"n", tg::rows, 70>(sum(seed));
  check<T>(tg::function(tg::inputs(table, seed), tg::outputs(noise, tg::dropout<"d">(table, 0.5_c, 3_c))), 12,
           0);
}
