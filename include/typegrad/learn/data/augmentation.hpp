// SPDX-License-Identifier: BSL-1.0
// Images that are changed a little, at random, each time that they are trained on.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"
#include "draws.hpp"

namespace tg::data {

struct augmentation_options {
  std::size_t channels = 1, height = 0, width = 0;
  std::size_t shift = 0;  ///< pixels at most, each way, in whole ones: a crop of the image with this padding
  double flip = 0;        ///< how often left and right change places, 0.5 for half of all times
  double flip_vertical = 0;  ///< how often top and bottom do
  double rotation = 0;       ///< degrees at most, each way, between pixels linearly
  double noise = 0;          ///< deviation of normal noise that is added to each pixel
  double outside = 0;        ///< what the image has outside its edges
  std::uint64_t seed = 0;
};

/// Changes an image (channels, height, width) in place; how depends on the seed, the epoch and the row alone.
///     tg::data::column<float>(pixels, 784).then(tg::data::augmentation({.height = 28, .width = 28, .shift =
///     2}))
class augmentation {
 public:
  explicit augmentation(const augmentation_options& options) : options_(options) {
    const auto is_share = [](double often) { return often >= 0 && often <= 1; };
    if (size() == 0 || !is_share(options.flip) || !is_share(options.flip_vertical) || !(options.noise >= 0) ||
        !detail::is_finite(options.rotation))
      detail::raise(
          std::invalid_argument("augmentation: give height, width and channels of at least 1, shares from 0 "
                                "to 1, a finite rotation, and noise of at least 0."));
  }

  template <class T>
  void operator()(std::span<T> image, std::size_t epoch, std::size_t row) const {
    if (image.size() != size())
      detail::raise(std::invalid_argument("augmentation: the image has " + std::to_string(image.size()) +
                                          " numbers, not " + std::to_string(size()) + "."));
    detail::draws random(options_.seed, "augmentation", epoch, row);
    const auto shift = [&] {
      return static_cast<double>(random.below(2 * options_.shift + 1)) - static_cast<double>(options_.shift);
    };
    // Drawn whether used or not: that one is switched on changes none of the others.
    const double down = shift(), right = shift();
    const double across = random.uniform() < options_.flip ? -1 : 1,
                 along = random.uniform() < options_.flip_vertical ? -1 : 1;
    const double angle = random.uniform(-1, 1) * options_.rotation * 0.017453292519943295;
    if (down != 0 || right != 0 || across < 0 || along < 0 || angle != 0) {
      const double cosine = std::cos(angle), sine = std::sin(angle);
      move(image, {down, right, along * cosine, along * sine, -across * sine, across * cosine});
    }
    if (options_.noise > 0)
      for (T& pixel : image)
        pixel = static_cast<T>(static_cast<double>(pixel) + options_.noise * random.normal());
  }

 private:
  /// Where a pixel comes from: from the centre, less the shift, by a matrix.
  struct motion {
    double down, right, down_down, down_right, right_down, right_right;
  };

  std::size_t size() const { return options_.channels * options_.height * options_.width; }

  template <class T>
  void move(std::span<T> image, const motion& by) const {
    const std::size_t height = options_.height, width = options_.width;
    const std::vector<T> from(image.begin(), image.end());
    const double middle_row = static_cast<double>(height - 1) / 2,
                 middle_column = static_cast<double>(width - 1) / 2;
    for (std::size_t r = 0; r < height; ++r)
      for (std::size_t c = 0; c < width; ++c) {
        const double y = static_cast<double>(r) - middle_row - by.down,
                     x = static_cast<double>(c) - middle_column - by.right;
        const double row = middle_row + by.down_down * y + by.down_right * x,
                     column = middle_column + by.right_down * y + by.right_right * x;
        for (std::size_t k = 0; k < options_.channels; ++k)
          image[(k * height + r) * width + c] =
              static_cast<T>(between(from.data() + k * height * width, row, column));
      }
  }
  /// The image between its pixels, linearly.
  template <class T>
  double between(const T* image, double row, double column) const {
    const double top = std::floor(row), left = std::floor(column), low = row - top, far = column - left;
    const auto at = [&](double r, double c) {
      const bool is_inside = r >= 0 && c >= 0 && r < static_cast<double>(options_.height) &&
                             c < static_cast<double>(options_.width);
      return is_inside
                 ? static_cast<double>(
                       image[static_cast<std::size_t>(r) * options_.width + static_cast<std::size_t>(c)])
                 : options_.outside;
    };
    const auto along = [&](double r) {
      return far == 0 ? at(r, left) : (1 - far) * at(r, left) + far * at(r, left + 1);
    };
    return low == 0 ? along(top) : (1 - low) * along(top) + low * along(top + 1);
  }

  augmentation_options options_;
};

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
