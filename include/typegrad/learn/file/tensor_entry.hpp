// SPDX-License-Identifier: BSL-1.0
// What files of tensors say of each: its name, type and shape, and where its bytes are.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "bad_file.hpp"
#include "element_type.hpp"

namespace tg {

/// A tensor in a file.
struct tensor_entry {
  std::string name;
  element_type type = element_type::unknown;
  std::vector<std::size_t> shape;
  std::uint64_t first = 0;       ///< where its bytes begin in the file
  std::uint64_t bytes = 0;       ///< how many bytes they are
  bool first_axis_last = false;  ///< whether they are in column-major order, as Fortran's
  std::uint32_t checksum = 0;    ///< the CRC-32 of the npy file around them, in npz
  std::uint64_t before = 0;      ///< how many bytes of that file stand before them
  std::vector<char> unpacked;    ///< that file, where it was compressed

  std::size_t size() const {
    std::size_t all = 1;
    for (const std::size_t extent : shape) all *= extent;
    return all;
  }
};

namespace detail {

inline std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string all = "(";
  for (const std::size_t extent : shape) all += (all.size() > 1 ? ", " : "") + std::to_string(extent);
  return all + (shape.size() == 1 ? ",)" : ")");
}

/// Whether an entry's bytes are as many as its shape and type say; of an unknown type any number is right.
inline bool has_its_bytes(const tensor_entry& entry) {
  std::uint64_t all = numbers_of(entry.type).bytes;
  if (all == 0) return true;
  bool is_empty = false;
  for (const std::size_t extent : entry.shape) is_empty = is_empty || extent == 0;
  if (is_empty) return entry.bytes == 0;
  for (const std::size_t extent : entry.shape) {
    if (extent > std::numeric_limits<std::uint64_t>::max() / all) return false;
    all *= extent;
  }
  return all == entry.bytes;
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
