// SPDX-License-Identifier: BSL-1.0
// Patterns of names that dots join, such as those of parameters.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tg::detail {

/// Whether a pattern, in which * stands for any letters, is that of the name or of parts at its beginning:
/// `encoder` and `*.weight` are patterns of encoder.first.weight.
constexpr bool fits_pattern(std::string_view name, std::string_view pattern) {
  if (pattern.empty()) return name.empty() || name.front() == '.';
  if (pattern.front() != '*')
    return !name.empty() && name.front() == pattern.front() &&
           fits_pattern(name.substr(1), pattern.substr(1));
  for (std::size_t k = 0; k <= name.size(); ++k)
    if (fits_pattern(name.substr(k), pattern.substr(1))) return true;
  return false;
}

/// Where a name has the part * that stands for the number of a layer, as in encoder.layer.*.bias: the array
/// is stacked, one layer's after the other. Names without such a part have npos.
constexpr std::size_t place_of_layer(std::string_view name) {
  if (name.starts_with("*.")) return 0;
  const std::size_t dot = name.find(".*.");
  return dot == std::string_view::npos ? dot : dot + 1;
}
/// The name of one layer's array.
inline std::string name_of_layer(std::string_view name, std::size_t layer) {
  return std::string(name).replace(place_of_layer(name), 1, std::to_string(layer));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
