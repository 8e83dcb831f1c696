// SPDX-License-Identifier: BSL-1.0
// Opt-in: images from PNG files, by libpng (link with -lpng).
#pragma once
#include "support/compiler/begin.hpp"

#include <png.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "learn/data/block.hpp"
#include "learn/file/byte_source.hpp"

namespace tg::data {

/// Reads an image as (channels, height, width), numbers from 0 to 255 as sRGB, as torchvision.io.read_image
/// gives them. `channels`: 1 grey, 2 grey and opacity, 3 colours, 4 colours and opacity; 0: as the file has
/// them. Throws tg::bad_file.
inline block<unsigned char> read_png(const std::string& path, std::size_t channels = 0) {
  detail::file_source file(path);
  std::vector<char> bytes(static_cast<std::size_t>(file.size()));
  file.read_all(bytes.data(), bytes.size());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const auto refuse = [&] {
    const std::string why = detail::in_quotes(image.message);
    png_image_free(&image);
    file.refuse("is no PNG image, or is damaged; libpng says " + why);
  };
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) refuse();
  if (channels > 4) png_image_free(&image), file.refuse("can be read with 1 to 4 channels, or 0 for its own");
  constexpr png_uint_32 formats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
  image.format =
      channels > 0 ? formats[channels - 1] : image.format & (PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA);
  const std::size_t height = image.height, width = image.width,
                    depth = PNG_IMAGE_SAMPLE_CHANNELS(image.format);
  // Eight pixels in a bit each, and 1032 bytes from one by DEFLATE: no file has more.
  if (std::uint64_t{height} * width / 8 / 1032 > bytes.size()) {
    png_image_free(&image);
    file.refuse("is damaged: it is too short for an image of " + std::to_string(width) + " by " +
                std::to_string(height) + " pixels");
  }
  std::vector<unsigned char> pixels(height * width * depth);
  if (png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr) == 0) refuse();
  block<unsigned char> all{{depth, height, width}, std::vector<unsigned char>(pixels.size())};
  for (std::size_t k = 0; k < height * width; ++k)
    for (std::size_t c = 0; c < depth; ++c) all.numbers[c * height * width + k] = pixels[k * depth + c];
  return all;
}

}  // namespace tg::data

#include "support/compiler/end.hpp"
