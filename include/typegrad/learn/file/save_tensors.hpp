// SPDX-License-Identifier: BSL-1.0
// Writes named arrays as safetensors or npz, and parameters of a model both ways, with names and shapes
// checked.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../optimize/record/whole_file.hpp"
#include "../../support/name_pattern.hpp"
#include "tensor_file.hpp"

namespace tg {

/// An array to be written: its name, its shape, and its numbers in row-major order, which stay where they
/// are.
struct named_tensor {
  template <class Numbers>
  named_tensor(std::string its_name, std::vector<std::size_t> its_shape, const Numbers& numbers) {
    const std::span all{numbers};
    using T = std::remove_cv_t<typename decltype(all)::element_type>;
    entry.name = std::move(its_name), entry.shape = std::move(its_shape);
    entry.type = detail::type_of<T>(), entry.bytes = all.size_bytes();
    data = reinterpret_cast<const char*>(all.data());
    if (!detail::has_its_bytes(entry))
      detail::raise(bad_file("save_tensors: " + detail::in_quotes(entry.name) + " has " +
                             std::to_string(all.size()) + " numbers, not as many as its shape " +
                             detail::shape_text(entry.shape) + " says."));
  }

  tensor_entry entry;
  const char* data = nullptr;
};

/// How names in a file differ from those of parameters, what may differ, and what is written besides.
struct tensor_options {
  std::string prefix{};  ///< stands before every name in the file; others in the file are left alone
  std::function<std::string(std::string_view)>
      rename{};                 ///< the name in the file, behind the prefix, of a name
  bool rounding = false;        ///< loading: float takes F64, and loses digits
  bool ignore_extra = false;    ///< loading: tensors that are no parameters are left alone
  bool ignore_missing = false;  ///< loading: parameters that are not in the file stay as they are
  std::vector<std::pair<std::string, std::string>> metadata{};  ///< saving, safetensors: texts

  std::string in_file(std::string_view name) const {
    return prefix + (rename ? rename(name) : std::string(name));
  }
};

namespace detail {

/// Numbers in the order of bytes of the files.
template <class Put>
void put_little(Put put, const named_tensor& each) {
  const auto bytes = static_cast<std::size_t>(each.entry.bytes);
  if constexpr (std::endian::native == std::endian::little) return put({each.data, bytes});
  std::string copy(each.data, bytes);
  to_or_from_little(copy.data(), copy.size(), numbers_of(each.entry.type).bytes);
  put(copy);
}

template <class Put>
void put_safetensors(Put put, const std::vector<named_tensor>& all, const text_pairs& metadata) {
  // The widest first, so that all lie where they may lie in memory.
  std::vector<const named_tensor*> in_order;
  std::vector<tensor_entry> entries;
  for (const std::size_t width : {8, 4, 2, 1})
    for (const named_tensor& each : all)
      if (numbers_of(each.entry.type).bytes == width)
        in_order.push_back(&each), entries.push_back(each.entry);
  put(safetensors_head(entries, metadata));
  for (const named_tensor* each : in_order) put_little(put, *each);
}

template <class Put>
void put_npz(Put put, std::vector<named_tensor> all) {
  std::uint64_t place = 0;
  std::string table;
  for (named_tensor& each : all) {
    const std::string head = npy_head(each.entry);
    const std::uint64_t size = head.size() + each.entry.bytes;
    boost::crc_32_type sum;
    sum.process_bytes(head.data(), head.size());
    put_little([&](std::string_view bytes) { sum.process_bytes(bytes.data(), bytes.size()); }, each);
    each.entry.checksum = static_cast<std::uint32_t>(sum.checksum());
    const std::string local = zip_record(each.entry, size, 0, false);
    table += zip_record(each.entry, size, place, true);
    put(local + head);
    put_little(put, each);
    place += local.size() + size;
  }
  put(table + zip_end(all.size(), table.size(), place));
}

}  // namespace detail

/// Writes arrays to a file, as safetensors or npz by the end of its name. The file is replaced at once: there
/// is the old one or the new one, whole, whatever happens. Throws tg::bad_file if it cannot be written.
///     tg::save_tensors("run.npz", {{"loss", {n}, losses}, {"step", {}, std::span(&step, 1)}});
inline void save_tensors(const std::string& path, std::vector<named_tensor> all,
                         const tensor_options& options = {}) {
  std::vector<tensor_entry> entries;
  std::uint64_t bytes = 0;
  for (named_tensor& each : all) {
    each.entry.name = options.in_file(each.entry.name);
    entries.push_back(each.entry);
    bytes += each.entry.bytes + 3 * each.entry.name.size() + 400;
  }
  detail::require_distinct_names(path, entries);
  const bool is_npz = path.ends_with(".npz");
  if (!is_npz && !path.ends_with(".safetensors"))
    detail::refuse_bytes(path, "is no name of a file of tensors; let it end in .safetensors or .npz");
  if (is_npz && (bytes > 0xffff0000U || all.size() > 65000))
    detail::refuse_bytes(path, "would be larger than an npz archive can be; save it as .safetensors");
  for (const tensor_entry& each : entries)
    if (each.name == "__metadata__" || each.name.size() > 60000 || !detail::is_utf8(each.name))
      detail::refuse_bytes(path, "cannot hold a tensor of the name " + detail::in_quotes(each.name));
  detail::require_texts(path, options.metadata);
  const std::string wrong = detail::write_whole(path, [&](auto put) {
    is_npz ? detail::put_npz(put, all) : detail::put_safetensors(put, all, options.metadata);
  });
  if (!wrong.empty()) detail::refuse_bytes(path, wrong);
}

namespace detail {

/// Calls f(name, shape, numbers) for each parameter, for one of tg::layers layer by layer, as files have
/// them.
template <class Parameters, class V, class F>
void each_by_layer(const Parameters& parameters, V&& vector, const F& f) {
  parameters.each(vector, [&](std::string_view name, std::span<const std::size_t> shape, auto numbers) {
    if (shape.empty() || place_of_layer(name) == std::string_view::npos)
      return f(std::string(name), shape, numbers);
    const std::size_t size = numbers.size() / shape[0];
    for (std::size_t k = 0; k < shape[0]; ++k)
      f(name_of_layer(name, k), shape.subspan(1), numbers.subspan(k * size, size));
  });
}

/// Reads the parameters for which name_in(name), the name in the file, is not empty, and checks names, shapes
/// and types first; `check` gets the names, sorted, before anything is read.
template <class Parameters, class V, class NameIn, class Check>
void load_named(tensor_file& file, const Parameters& parameters, V&& vector, bool rounding,
                const NameIn& name_in, const Check& check) {
  using T = std::remove_cvref_t<decltype(*std::span{vector}.data())>;
  std::vector<std::string> known;
  each_by_layer(parameters, vector, [&](const std::string& name, std::span<const std::size_t> shape, auto) {
    const std::string own = name_in(name);
    if (own.empty()) return;
    known.push_back(own);
    const tensor_entry& entry = file.at(own);
    const std::vector<std::size_t> wanted(shape.begin(), shape.end());
    if (entry.shape != wanted)
      refuse_bytes(file.path(), "has " + in_quotes(entry.name) + " in the shape " + shape_text(entry.shape) +
                                    ", which is " + shape_text(wanted) + " in the parameters");
    file.require_type<T>(entry, rounding);
  });
  std::sort(known.begin(), known.end());
  check(known);
  std::vector<T> all(vector.begin(), vector.end());
  each_by_layer(parameters, all,
                [&](const std::string& name, std::span<const std::size_t>, std::span<T> numbers) {
                  const std::string own = name_in(name);
                  if (!own.empty()) file.read(file.at(own), numbers, rounding);
                });
  std::copy(all.begin(), all.end(), vector.begin());
}

}  // namespace detail

/// Writes parameters, each under its name; those of tg::layers layer by layer, `encoder.layer.*.bias` as
/// encoder.layer.0.bias and so on.
template <class Parameters, class V>
requires requires { Parameters::parts; }
void save_tensors(const std::string& path, const Parameters& parameters, const V& vector,
                  const tensor_options& options = {}) {
  std::vector<named_tensor> all;
  detail::each_by_layer(parameters, vector, [&](const std::string& name, auto shape, auto numbers) {
    all.emplace_back(name, std::vector<std::size_t>(shape.begin(), shape.end()), numbers);
  });
  save_tensors(path, std::move(all), options);
}

/// Reads parameters from a file of tensors that has each under its name, in its shape; the numbers may be of
/// a type that those of the vector hold, F16, BF16 and F32 for both float and double. Those of tg::layers are
/// read layer by layer, as they are written. Throws tg::bad_file, and leaves the vector as it is, for a file
/// that is damaged, lacks a parameter, or has others.
template <class Parameters, class V>
requires requires { Parameters::parts; }
void load_tensors(const std::string& path, const Parameters& parameters, V&& vector,
                  const tensor_options& options = {}) {
  tensor_file file(path);
  const auto name_in = [&](const std::string& name) {
    std::string own = options.in_file(name);
    return options.ignore_missing && file.find(own) == nullptr ? std::string() : own;
  };
  detail::load_named(file, parameters, vector, options.rounding, name_in, [&](const auto& known) {
    std::vector<std::string_view> extra;
    for (const tensor_entry& each : file.tensors())
      if (each.name.starts_with(options.prefix) && !std::binary_search(known.begin(), known.end(), each.name))
        extra.push_back(each.name);
    if (!extra.empty() && !options.ignore_extra)
      detail::refuse_bytes(path, "has " + detail::list_in_quotes(extra) +
                                     ", which the parameters have not; ignore_extra leaves them out");
  });
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
