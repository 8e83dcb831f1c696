// SPDX-License-Identifier: BSL-1.0
// What is done with data: splits, batches, standardisation, augmentation. All of it is the same on every
// machine, and that of any batch can be asked for at any time.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typegrad/learn/data/augmentation.hpp>
#include <typegrad/learn/data/batches.hpp>
#include <typegrad/learn/data/split.hpp>
#include <typegrad/learn/data/standardise.hpp>
#include <vector>

#include "sentence.hpp"

namespace {

namespace data = tg::data;
using rows = std::vector<std::size_t>;

template <class Exception = std::invalid_argument>
std::string refusal(auto call) {
  return sentence_of<Exception>(call);
}
rows counted(std::size_t count) {
  rows all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace

/// An integer column has what its integers can be, and refuses the rest; floating numbers are rounded.
BOOST_AUTO_TEST_CASE(numbers_that_a_column_cannot_be) {
  const auto first = [](auto type, auto number) {
    const std::vector<decltype(number)> all{number};
    data::loader one({.size = 1}, data::column<decltype(type)>(all));
    return one.batch(0, 0).template get<0>()[0];
  };
  const auto check = [&](auto type, auto number, bool fits) {
    if (fits)
      BOOST_TEST(static_cast<decltype(number)>(first(type, number)) == number);
    else
      BOOST_TEST(refusal([&] { first(type, number); }) != "");
  };
  using byte = unsigned char;
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinite, -infinite, 1e300, -1e300, 0.5, -0.5, 1e-300}) {
    check(0, bad, false), check(0U, bad, false), check(byte{}, bad, false), check(0LL, bad, false);
    check(0.0F, bad == bad ? 0.5 : 0, true);
  }
  check(byte{}, 255.0, true), check(byte{}, 256.0, false), check(byte{}, -1.0, false);
  check(0, 2147483647.0, true), check(0, 2147483648.0, false);
  check(0, -2147483648.0, true), check(0, -2147483649.0, false);
  check(0LL, 0x1p62F, true), check(0LL, 0x1p63F, false), check(0LL, -0x1p63F, true);
  check(byte{}, 255, true), check(byte{}, 256, false), check(byte{}, -1, false), check(0U, -1, false);
  check(0, ~0ULL, false), check(static_cast<signed char>(0), -128L, true);
  check(static_cast<signed char>(0), 128L, false), check(0LL, ~0ULL, false), check(-1LL, 7ULL, true);
  BOOST_TEST(first(0.0F, 0.1) == 0.1F);
}
BOOST_AUTO_TEST_CASE(splits) {
  for (const std::size_t count : {0u, 1u, 7u, 100u, 1000u})
    for (const std::vector<double>& parts :
         {std::vector{0.8, 0.2}, std::vector{0.6, 0.3, 0.1}, std::vector{1.0}, std::vector(5, 0.2)})
      for (const bool shuffle : {true, false}) {
        const auto all = data::split(count, {.parts = parts, .seed = 3, .shuffle = shuffle});
        BOOST_REQUIRE(all.size() == parts.size());
        rows together;
        for (std::size_t p = 0; p < parts.size(); ++p) {
          BOOST_TEST(std::is_sorted(all[p].begin(), all[p].end()));
          BOOST_TEST(std::fabs(static_cast<double>(all[p].size()) - parts[p] * static_cast<double>(count)) <=
                     1);
          together.insert(together.end(), all[p].begin(), all[p].end());
        }
        if (!shuffle) BOOST_TEST(together == counted(count));
        std::sort(together.begin(), together.end());
        BOOST_TEST(together == counted(count));
        const rows others = data::all_but(all, 0);
        BOOST_TEST(others.size() + all[0].size() == count);
        BOOST_TEST(refusal([&] { data::all_but(all, parts.size()); }) != "");
        // A loader of a part has the rows of the part, and there is none of a part without rows.
        const rows numbers = counted(count);
        for (const rows& part : all) {
          const std::string refused = refusal([&] {
            data::loader of(
                {.size = 2000, .shuffle = shuffle, .last = data::last_batch::smaller, .rows = part},
                data::column(numbers));
            rows seen = of.batch(0, 0).rows;
            std::sort(seen.begin(), seen.end());
            BOOST_TEST(seen == part);
          });
          BOOST_TEST(refused == (part.empty() ? "loader: the part has no rows; give it some." : ""));
        }
      }
  BOOST_TEST((data::split(100) == data::split(100)));
  BOOST_TEST((data::split(100) != data::split(100, {.seed = 1})));
  // On every machine.
  BOOST_TEST((data::split(12, {.parts = {0.5, 0.5}, .seed = 7})[1] == rows{2, 3, 5, 7, 9, 11}));
  BOOST_TEST(refusal([] {
               data::split(9, {.parts = {0.5, 0.6}});
             }) == "split: the parts must be shares of at least 0 whose sum is 1.");
}
BOOST_AUTO_TEST_CASE(stratified_splits) {
  const std::map<int, int> sizes{{0, 500}, {1, 40}, {2, 7}, {5, 100}};
  std::vector<int> classes;
  for (int k = 0; k < 500; ++k)
    for (const auto& [name, size] : sizes)
      if (k < size) classes.push_back(name);
  for (const std::vector<double>& parts :
       {std::vector{0.75, 0.25}, std::vector{0.6, 0.2, 0.2}, std::vector(5, 0.2)}) {
    const auto all = data::stratified_split(classes, {.parts = parts, .seed = 2});
    std::size_t count = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      count += all[p].size();
      BOOST_TEST(std::fabs(static_cast<double>(all[p].size()) -
                           parts[p] * static_cast<double>(classes.size())) <= 1);
      for (const auto& [name, size] : sizes) {
        const auto own = std::count_if(all[p].begin(), all[p].end(),
                                       [&](std::size_t row) { return classes[row] == name; });
        BOOST_TEST(std::fabs(static_cast<double>(own) - parts[p] * size) <= 2);
      }
    }
    BOOST_TEST(count == classes.size());
    BOOST_TEST((all != data::stratified_split(classes, {.parts = parts, .seed = 3})));
    BOOST_TEST(refusal([&] { data::stratified_split(classes, {.parts = parts, .shuffle = false}); }) != "");
  }
}

BOOST_AUTO_TEST_CASE(batches_of_an_epoch) {
  std::vector<unsigned char> pixels(23 * 2);
  std::vector<int> labels(23);
  for (std::size_t k = 0; k < 23; ++k)
    labels[k] = static_cast<int>(k), pixels[2 * k] = static_cast<unsigned char>(k), pixels[2 * k + 1] = 100;
  for (const auto last : {data::last_batch::padded, data::last_batch::dropped, data::last_batch::smaller})
    for (const std::size_t size : {1u, 4u, 23u, 30u}) {
      const data::batch_options options{.size = size, .seed = 5, .last = last};
      data::loader all(options, data::column<float>(pixels, 2), data::column(labels));
      data::loader again(options, data::column<float>(pixels, 2), data::column(labels));
      const std::size_t full = 23 / size, rest = 23 % size;
      BOOST_TEST(all.batches() == full + (rest > 0 && last != data::last_batch::dropped));
      rows seen;
      std::set<rows> orders;
      for (const std::size_t epoch : {0u, 1u, 7u}) {
        rows order;
        for (std::size_t k = 0; k < all.batches(); ++k) {
          const auto& batch = all.batch(epoch, k);
          const auto& [x, y] = batch;
          static_assert(std::same_as<std::remove_cvref_t<decltype(x[0])>, float>);
          const std::size_t real = k < full ? size : rest;
          BOOST_REQUIRE(batch.real == real);
          BOOST_REQUIRE(batch.size() == (last == data::last_batch::smaller ? real : size));
          BOOST_REQUIRE((x.size() == 2 * batch.size() && y.size() == batch.size() &&
                         batch.weights.size() == batch.size()));
          for (std::size_t i = 0; i < batch.size(); ++i) {
            BOOST_TEST(batch.weights[i] == (i < real ? 1.0f : 0.0f));
            BOOST_TEST((y[i] == static_cast<int>(batch.rows[i]) && x[2 * i] == static_cast<float>(y[i]) &&
                        x[2 * i + 1] == 100));
            if (i < real) order.push_back(batch.rows[i]);
          }
        }
        orders.insert(order);
        std::sort(order.begin(), order.end());
        BOOST_TEST(order.size() == all.rows());
        BOOST_TEST((std::adjacent_find(order.begin(), order.end()) == order.end()));
      }
      if (all.batches() > 0) BOOST_TEST(orders.size() == 3u);
      // In any order, what a resumed run asks for.
      for (std::size_t k = all.batches(); k-- > 0;)
        for (const std::size_t epoch : {7u, 0u}) {
          const rows one = all.batch(epoch, k).rows;
          data::loader fresh(options, data::column(labels));
          BOOST_TEST(fresh.batch(epoch, k).rows == one);
        }
    }
}
/// On every machine; found by another implementation of Philox, which gives the known answers of its authors.
BOOST_AUTO_TEST_CASE(batches_are_fixed) {
  const rows numbers = counted(8);
  data::loader all({.size = 8, .seed = 7}, data::column(numbers));
  BOOST_TEST((all.batch(3, 0).rows == rows{1, 4, 6, 3, 5, 2, 7, 0}));
}
/// The weighted mean over padded batches, and the mean over smaller ones, are that over all rows.
BOOST_AUTO_TEST_CASE(means_over_batches) {
  std::vector<double> losses(37);
  for (std::size_t k = 0; k < losses.size(); ++k) losses[k] = static_cast<double>(k * k);
  const double whole = std::accumulate(losses.begin(), losses.end(), 0.0) / 37;
  for (const auto last : {data::last_batch::padded, data::last_batch::smaller}) {
    data::loader all({.size = 8, .last = last}, data::column(losses));
    data::epoch_mean mean;
    for (std::size_t k = 0; k < all.batches(); ++k) {
      const auto& batch = all.batch(2, k);
      double sum = 0, weight = 0;
      for (std::size_t i = 0; i < batch.size(); ++i)
        sum += batch.weights[i] * batch.get<0>()[i], weight += batch.weights[i];
      mean.add(sum / weight, batch.real);
    }
    BOOST_TEST(std::fabs(mean.value() - whole) < 1e-12 * whole);
  }
}
BOOST_AUTO_TEST_CASE(parts_changes_and_refusals) {
  const std::vector<float> numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  data::loader part({.size = 2, .shuffle = false, .rows = {7, 3, 4}},
                    data::column(numbers).then([](std::span<float> x, std::size_t epoch, std::size_t row) {
                      x[0] += static_cast<float>(100 * epoch + 1000 * row);
                    }),
                    data::column<double>(10, 1, [](std::size_t row, std::span<double> to) {
                      to[0] = static_cast<double>(row * row);
                    }));
  const auto& first = part.batch(2, 0);
  BOOST_TEST((first.get<0>()[0] == 7207 && first.get<1>()[1] == 9));
  const auto& last = part.batch(0, 1);
  BOOST_TEST((last.rows == rows{4, 7} && last.weights == std::vector<float>{1, 0}));
  BOOST_TEST(refusal([&] { part.batch(0, 2); }) == "loader: there is no batch 2; an epoch has 2.");
  const std::vector<int> short_one(9);
  BOOST_TEST(refusal([&] { data::loader({}, data::column(numbers), data::column(short_one)); }) ==
             "loader: a column has 9 rows where the first has 10.");
  BOOST_TEST(refusal([&] { data::loader({.rows = {10}}, data::column(numbers)); }) ==
             "loader: there is no row 10; the columns have 10.");
  BOOST_TEST(refusal([&] { data::loader({.size = 0}, data::column(numbers)); }) != "");
  BOOST_TEST(refusal([&] { data::loader({}, data::column(rows{})); }) == "loader: the columns have no rows.");
  // Any size, and numbers of temporaries.
  for (std::size_t size = 1; size > 0; size *= 2)
    for (const std::size_t near : {size - 1, size, size + 1}) {
      if (near == 0) continue;
      data::loader all({.size = near, .shuffle = false, .last = data::last_batch::smaller},
                       data::column<float>(rows(numbers.begin(), numbers.end()), 2),
                       data::column(std::vector(numbers.begin(), numbers.begin() + 5)));
      BOOST_TEST(all.batches() == (near < 5 ? (4 + near) / near : 1));
      const auto& [x, y] = all.batch(0, 0);
      BOOST_TEST((x.back() == 2 * y.back() + 1 && y.size() == std::min<std::size_t>(near, 5)));
    }
  BOOST_TEST(refusal([&] { data::column(numbers, 3); }) ==
             "data::column: 10 numbers are no whole number of rows of 3.");
}
/// Whatever the seed, every row is as often in front: 5 standard deviations.
BOOST_AUTO_TEST_CASE(orders_are_uniform) {
  const rows numbers = counted(6);
  std::map<std::size_t, int> front;
  std::map<rows, int> orders;
  data::loader all({.size = 3, .seed = 11}, data::column(numbers));
  for (std::size_t epoch = 0; epoch < 6000; ++epoch)
    ++orders[all.batch(epoch, 0).rows], ++front[all.batch(epoch, 0).rows[0]];
  for (const auto& [row, times] : front) BOOST_TEST(std::abs(times - 1000) < 5 * 29, row << ": " << times);
  BOOST_TEST(orders.size() == 120u);
}

BOOST_AUTO_TEST_CASE(standardised_columns) {
  const double none = std::nan("");
  const std::vector<double> x{1, 5, 0.1, 3, 5, 0.1, none, 5, 0.1, 1000, 7, 9};
  data::standardisation scale(x, 3, {0, 1, 2});
  BOOST_TEST((scale.means()[0] == 2 && scale.deviation(0) == 1 && scale.deviation(1) == 1 &&
              scale.deviation(2) == 1));
  auto changed = x;
  scale.apply(changed);
  BOOST_TEST((changed[0] == -1 && changed[3] == 1 && changed[6] == 0 && changed[9] == 998 &&
              changed[1] == 0 && changed[2] == 0));
  scale.undo(changed);
  BOOST_TEST((changed[0] == 1 && changed[6] == 2 && changed[9] == 1000));
  std::stringstream saved;
  scale.save(saved);
  data::standardisation again;
  again.load(saved);
  auto other = x;
  again.apply(other), scale.apply(changed = x);
  BOOST_TEST(other == changed);
  std::stringstream damaged("standardisation 2\ncolumn 1 2 x\n");
  BOOST_TEST(refusal<std::runtime_error>([&] { again.load(damaged); }) != "");
  BOOST_TEST(again.columns() == 3u);
  for (const double each : {HUGE_VAL, -HUGE_VAL})
    BOOST_TEST(refusal([&] {
                 again.add(std::vector{1.0, each, 2.0});
               }) == "standardisation: column 1 has an infinite number; make it NaN, or a number, before.");
  // By pieces, far from 0, in float: as in one pass over doubles.
  std::vector<float> far(3000);
  data::standardisation pieces(1);
  double mean = 0, square = 0;
  for (std::size_t k = 0; k < far.size(); ++k)
    far[k] = 1e6f + static_cast<float>(k % 16), mean += far[k] / 3000.0;
  for (const float each : far) square += (each - mean) * (each - mean) / 3000;
  pieces.add(std::span(far).first(1000)), pieces.add(std::span(far).subspan(1000));
  BOOST_TEST(std::fabs(pieces.deviation(0) / std::sqrt(square) - 1) < 1e-9);
  BOOST_TEST(refusal([&] {
               scale.apply(far = {1, 2});
             }) == "standardisation: 2 numbers are no whole number of rows of 3.");
}

BOOST_AUTO_TEST_CASE(augmented_images) {
  // Two channels of 4 rows and 5 columns.
  std::vector<float> image(40);
  std::iota(image.begin(), image.end(), 1.0f);
  const auto changed = [&](data::augmentation_options options, std::size_t epoch, std::size_t row) {
    options.channels = 2, options.height = 4, options.width = 5, options.outside = -1;
    auto copy = image;
    data::augmentation{options}(std::span(copy), epoch, row);
    return copy;
  };
  BOOST_TEST(changed({}, 3, 4) == image);
  std::set<std::vector<float>> shifts, flips, turned;
  for (std::size_t row = 0; row < 300; ++row) {
    shifts.insert(changed({.shift = 1}, 0, row)),
        flips.insert(changed({.flip = 0.5, .flip_vertical = 0.5}, row, 0));
    turned.insert(changed({.rotation = 10}, 0, row));
    BOOST_TEST(changed({.shift = 1, .rotation = 5, .noise = 1}, 3, row) ==
               changed({.shift = 1, .rotation = 5, .noise = 1}, 3, row));
  }
  BOOST_TEST((shifts.size() == 9 && flips.size() == 4 && turned.size() == 300));

  for (const auto& shifted : shifts)
    for (int r = 0; r < 4; ++r)
      for (int c = 0; c < 5; ++c) {
        // The whole image moves as its pixel in the middle of the first channel does.
        const auto at = std::find(shifted.begin(), shifted.begin() + 20, 8.0f) - shifted.begin();
        const int from_row = r - (static_cast<int>(at) / 5 - 1),
                  from_column = c - (static_cast<int>(at) % 5 - 2);
        const bool inside = from_row >= 0 && from_row < 4 && from_column >= 0 && from_column < 5;
        for (int k = 0; k < 2; ++k)
          BOOST_TEST(shifted[static_cast<std::size_t>(20 * k + 5 * r + c)] ==
                     (inside ? static_cast<float>(20 * k + 5 * from_row + from_column + 1) : -1.0f));
      }
  std::set<std::vector<float>> mirrored;
  for (const bool across : {false, true})
    for (const bool along : {false, true}) {
      auto copy = image;
      for (std::size_t k = 0; k < 40; ++k) {
        const std::size_t c = k % 5, r = k / 5 % 4;
        copy[k] = image[k / 20 * 20 + 5 * (along ? 3 - r : r) + (across ? 4 - c : c)];
      }
      mirrored.insert(copy);
    }
  BOOST_TEST((mirrored == flips));

  double sum = 0, square = 0;
  for (std::size_t row = 0; row < 500; ++row) {
    const auto noisy = changed({.noise = 0.5}, 1, row);
    for (std::size_t k = 0; k < 40; ++k)
      sum += noisy[k] - image[k], square += (noisy[k] - image[k]) * (noisy[k] - image[k]);
  }
  BOOST_TEST(std::fabs(sum / 20000) < 5 * 0.5 / std::sqrt(20000.0));
  BOOST_TEST(std::fabs(std::sqrt(square / 20000) / 0.5 - 1) < 0.03);
  for (const double each : {HUGE_VAL, std::nan("")})
    BOOST_TEST((refusal([&] { changed({.flip = each}, 0, 0); }) != "" &&
                refusal([&] { changed({.rotation = each}, 0, 0); }) != ""));
}
/// A plane stays a plane when it is turned, and its slope is that before, turned.
BOOST_AUTO_TEST_CASE(turned_planes) {
  constexpr std::size_t side = 21;
  std::vector<double> plane(side * side);
  for (std::size_t k = 0; k < plane.size(); ++k)
    plane[k] = 3 * static_cast<double>(k / side) + 2 * static_cast<double>(k % side);
  const data::augmentation turn({.height = side, .width = side, .rotation = 30});
  for (std::size_t row = 0; row < 50; ++row) {
    auto turned = plane;
    turn(std::span(turned), 0, row);
    const std::size_t middle = side * (side / 2) + side / 2;
    const double down = turned[middle + side] - turned[middle], right = turned[middle + 1] - turned[middle];
    BOOST_TEST(std::fabs(down * down + right * right - 13) < 1e-9);
    BOOST_TEST(std::fabs(turned[middle] - plane[middle]) < 1e-9);
    BOOST_TEST(std::fabs(turned[middle + 3 * side - 2] - (plane[middle] + 3 * down - 2 * right)) < 1e-9);
    BOOST_TEST(std::acos((3 * down + 2 * right) / 13) <= 0.5236);
  }
}
