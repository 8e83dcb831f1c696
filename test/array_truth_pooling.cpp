// SPDX-License-Identifier: BSL-1.0
// Pooling against PyTorch's table.
#include "array_truth.hpp"

using array_truth::check;

namespace {

constexpr auto signal = tg::array<"signal", tg::rows, 4, 7>;  // 4 of them
constexpr auto image = tg::array<"image", 2, 4, 6, 5>;
constexpr auto tied = tg::array<"tied", 2, 6, 7>;

}  // namespace

BOOST_AUTO_TEST_CASE(largest_elements) {
  using tg::max_pool;
  check("max_pool", max_pool<2, 2>(image), image);
  check("max_pool_of_signal", max_pool<3>(signal), signal);
  check("max_pool_overlapping", max_pool<3, 3>(image, tg::stride<1>), image);
  check("max_pool_options", max_pool<3, 2>(image, tg::stride<2, 1>, tg::padding<1>, tg::dilation<1, 3>),
        image);
  check("max_pool_of_equal", max_pool<2, 3>(tied), tied);
  check("max_pool_of_equal_overlapping", max_pool<3, 3>(tied, tg::stride<2>, tg::padding<1>), tied);
}

BOOST_AUTO_TEST_CASE(means) {
  using tg::mean_pool;
  check("mean_pool", mean_pool<3, 2>(image), image);
  check("mean_pool_of_signal", mean_pool<3>(signal, tg::stride<2>, tg::padding<1>), signal);
  check("mean_pool_overlapping", mean_pool<3, 3>(image, tg::stride<2, 1>, tg::padding<1, 0>), image);
}
