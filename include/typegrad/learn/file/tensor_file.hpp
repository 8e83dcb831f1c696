// SPDX-License-Identifier: BSL-1.0
// Reads files of named tensors, safetensors and npz: what is in them, and the numbers of each.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "byte_source.hpp"
#include "npz.hpp"
#include "safetensors.hpp"
#include "tensor_entry.hpp"

namespace tg {

/// A file of tensors that is open for reading. What it holds is read and checked at once, the numbers when
/// they are asked for. Throws tg::bad_file, in one sentence, for a file that is damaged or cannot be read.
class tensor_file {
 public:
  explicit tensor_file(const std::string& path) : file_(path) {
    char head[4]{};
    const std::size_t count = file_.read(head, 4);
    const std::string_view begin(head, count);
    is_npz_ = begin == "PK\3\4" || begin == "PK\5\6";
    tensors_ = is_npz_ ? detail::read_npz(file_) : detail::read_safetensors(file_, metadata_);
  }

  const std::string& path() const { return file_.path(); }
  const std::vector<tensor_entry>& tensors() const { return tensors_; }
  /// The texts that a safetensors file holds besides, names and what they say.
  const std::vector<std::pair<std::string, std::string>>& metadata() const { return metadata_; }

  /// The tensor of this name, or null.
  const tensor_entry* find(std::string_view name) const {
    const auto at = std::find_if(tensors_.begin(), tensors_.end(),
                                 [&](const tensor_entry& each) { return each.name == name; });
    return at == tensors_.end() ? nullptr : &*at;
  }
  /// The tensor of this name; tg::bad_file says which there are, if there is none.
  const tensor_entry& at(std::string_view name) const {
    if (const tensor_entry* const found = find(name)) return *found;
    std::vector<std::string_view> names;
    for (const tensor_entry& each : tensors_) names.push_back(each.name);
    file_.refuse("has no tensor " + detail::in_quotes(name) + "; it has " + detail::list_in_quotes(names));
  }

  /// The numbers of a tensor in row-major order. T must hold all numbers of the tensor's type, float those of
  /// F16, double those of F32 and I32; with `rounding` a floating T takes all numbers.
  template <class T>
  std::vector<T> read(std::string_view name, bool rounding = false) {
    const tensor_entry& entry = at(name);
    require_type<T>(entry, rounding);
    std::vector<T> all(entry.size());
    read(entry, std::span(all), rounding);
    return all;
  }
  template <class T>
  void read(const tensor_entry& entry, std::span<T> to, bool rounding = false) {
    require_type<T>(entry, rounding);
    if (to.size() != entry.size())
      file_.refuse("has " + std::to_string(entry.size()) + " numbers in " + detail::in_quotes(entry.name) +
                   ", not " + std::to_string(to.size()));
    if (is_npz_) detail::check_checksum(file_, entry);
    if (!entry.first_axis_last || entry.shape.size() < 2) return read_in_order(entry, to);
    std::vector<T> by_columns(to.size());
    read_in_order(entry, std::span(by_columns));
    std::vector<std::size_t> index(entry.shape.size());
    for (const T& each : by_columns) {
      std::size_t place = 0;
      for (std::size_t k = 0; k < index.size(); ++k) place = place * entry.shape[k] + index[k];
      to[place] = each;
      for (std::size_t k = 0; k < index.size() && ++index[k] == entry.shape[k]; ++k) index[k] = 0;
    }
  }

  /// Some numbers of a tensor, from number `first` on, of a data set that stays on the disk: rows of it, for
  /// tg::data::column. Checksums are of whole arrays, and are not looked at.
  template <class T>
  void read_from(const tensor_entry& entry, std::size_t first, std::span<T> to) {
    require_type<T>(entry);
    if (first > entry.size() || to.size() > entry.size() - first ||
        (entry.first_axis_last && entry.shape.size() > 1))
      file_.refuse("has no " + std::to_string(to.size()) + " numbers from " + std::to_string(first) +
                   " on, one behind the other, in " + detail::in_quotes(entry.name) + " of the shape " +
                   detail::shape_text(entry.shape));
    read_in_order(entry, to, first);
  }

  /// Refuses numbers that T does not hold.
  template <class T>
  void require_type(const tensor_entry& entry, bool rounding = false) const {
    if (detail::holds_all<T>(entry.type)) return;
    const detail::element_row& row = detail::numbers_of(entry.type);
    if (rounding && std::floating_point<T> && row.digits > 0) return;
    file_.refuse(
        "has numbers of " + std::string(row.name) + " in " + detail::in_quotes(entry.name) + ", which " +
        std::string(detail::numbers_of(detail::type_of<T>()).name) + " does not hold" +
        (std::floating_point<T> && row.digits > 0 ? "; ask for rounding if they may lose digits" : ""));
  }

 private:
  template <class T>
  void read_in_order(const tensor_entry& entry, std::span<T> to, std::size_t first = 0) {
    const std::size_t width = detail::numbers_of(entry.type).bytes;
    if (detail::type_of<T>() == entry.type && !std::same_as<T, bool> && entry.unpacked.empty()) {
      char* const bytes = reinterpret_cast<char*>(to.data());
      file_.read_at(entry.first + first * width, bytes, to.size_bytes());
      return detail::to_or_from_little(bytes, to.size_bytes(), width);
    }
    std::vector<char> piece(std::min<std::size_t>(1 << 16, to.size() * width));
    std::uint64_t place = entry.first + first * width;
    for (std::size_t done = 0; done < to.size();) {
      const std::size_t count = std::min(to.size() - done, piece.size() / width);
      if (entry.unpacked.empty())
        file_.read_at(place, piece.data(), count * width);
      else
        std::copy_n(entry.unpacked.begin() + static_cast<std::ptrdiff_t>(place), count * width,
                    piece.begin());
      detail::to_or_from_little(piece.data(), count * width, width);
      detail::numbers_from(piece.data(), entry.type, to.subspan(done, count));
      done += count, place += count * width;
    }
  }

  detail::file_source file_;
  bool is_npz_ = false;
  std::vector<tensor_entry> tensors_;
  std::vector<std::pair<std::string, std::string>> metadata_;
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
