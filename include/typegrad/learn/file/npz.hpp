// SPDX-License-Identifier: BSL-1.0
// The formats of NumPy: npz, a zip archive of files, each one array as npy, a short dictionary and the
// numbers (numpy.lib.format; PKWARE's APPNOTE 6.3). Archives up to 4 GiB.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "byte_source.hpp"
#include "safetensors.hpp"
#include "tensor_entry.hpp"
#include "text_scanner.hpp"

namespace tg::detail {

/// What the head of an npy file says: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
inline void scan_npy_head(text_scanner in, tensor_entry& entry, const std::string& path) {
  unsigned seen = 0;
  in.expect('{');
  while (!in.accept('}')) {
    const std::string key = in.word('\'');
    in.expect(':');
    const unsigned which = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 8;
    if (which == 8 || (seen & which) != 0) in.refuse("the next of descr, fortran_order and shape");
    seen |= which;
    if (which == 1) {
      const std::string type = in.word('\'');
      if (type.starts_with('>'))
        refuse_bytes(path, "has the numbers of " + in_quotes(entry.name) +
                               " in the order of bytes big-endian; save them by astype('<" + type.substr(1) +
                               "')");
      entry.type = type_named<&element_row::npy>(type);
    }
    if (which == 2) {
      entry.first_axis_last = in.accept_word("True");
      if (!entry.first_axis_last && !in.accept_word("False")) in.refuse("True or False");
    }
    if (which == 4) entry.shape = in.numbers('(', ')', true);
    if (in.accept(',')) continue;
    in.expect('}');
    break;
  }
  if (seen != 7) in.refuse("the next of descr, fortran_order and shape");
}

/// Reads the head of an npy file of entry.bytes bytes, and moves the entry to the numbers behind it.
template <class ReadAt>
void read_npy_head(const std::string& path, tensor_entry& entry, ReadAt read_at) {
  const std::string name = in_quotes(entry.name);
  char head[12]{};
  if (entry.bytes < 12) refuse_bytes(path, "is damaged: " + name + " has no npy file");
  read_at(0, head, std::size_t{12});
  const bool is_short = head[6] == 1;
  if (std::string_view(head, 6) != "\x93NUMPY" || head[6] < 1 || head[6] > 3)
    refuse_bytes(path, "is damaged: " + name + " begins otherwise than an npy file");
  const std::uint64_t begin = is_short ? 10 : 12, length = little_endian(head + 8, is_short ? 2 : 4);
  if (length > 1'000'000 || length > entry.bytes - begin)
    refuse_bytes(path,
                 "is damaged: the head of " + name + " would have " + std::to_string(length) + " bytes");
  std::string text(static_cast<std::size_t>(length), ' ');
  read_at(begin, text.data(), text.size());
  scan_npy_head(text_scanner(path, text), entry, path);
  entry.before = begin + length;
  entry.first += entry.before, entry.bytes -= entry.before;
  if (!has_its_bytes(entry))
    refuse_bytes(path, "is damaged: " + name + " has " + std::to_string(entry.bytes) +
                           " bytes, not those of " + std::string(numbers_of(entry.type).name) + " " +
                           shape_text(entry.shape));
}

/// Where the table of an archive's files is: behind them, before the last record.
struct zip_table {
  std::uint64_t place = 0, bytes = 0, count = 0;
};
inline zip_table find_zip_table(file_source& file) {
  constexpr std::uint64_t record = 22, longest_comment = 65535;
  const std::uint64_t length = std::min(file.size(), record + longest_comment);
  std::string tail(static_cast<std::size_t>(length), ' ');
  file.read_at(file.size() - length, tail.data(), tail.size());
  for (std::size_t at = tail.size(); at-- > 0;) {
    const char* const found = tail.data() + at;
    if (tail.size() - at < record || std::string_view(found, 4) != "PK\5\6" ||
        little_endian(found + 20, 2) != tail.size() - at - record)
      continue;
    const zip_table table{little_endian(found + 16, 4), little_endian(found + 12, 4),
                          little_endian(found + 10, 2)};
    if (table.place == 0xffffffff || table.count == 0xffff)
      file.refuse("is an archive of more than 4 GiB or 65,534 arrays; save it as safetensors");
    if (table.place > file.size() || table.bytes > file.size() - table.place)
      file.refuse("is damaged: the table of its files lies behind its end");
    return table;
  }
  file.refuse("is damaged: it begins as a zip archive, and does not end as one; it may not be whole");
}

/// Reads the compressed file at an entry's place; `size` bytes come out of it.
inline void read_packed(file_source& file, tensor_entry& entry, std::uint64_t size) {
  constexpr std::uint64_t most_per_byte = 1032;  // of DEFLATE
  if (size / most_per_byte > entry.bytes)
    file.refuse("is damaged: " + in_quotes(entry.name) + " cannot have " + std::to_string(size) + " bytes");
  std::vector<char> packed(static_cast<std::size_t>(entry.bytes));
  file.read_at(entry.first, packed.data(), packed.size());
  const auto in = decompressed(std::make_unique<memory_source>(file.path(), std::move(packed)), true);
  entry.unpacked.resize(static_cast<std::size_t>(size));
  in->read_all(entry.unpacked.data(), entry.unpacked.size());
  entry.first = 0, entry.bytes = size;
}

inline std::vector<tensor_entry> read_npz(file_source& file) {
  const zip_table table = find_zip_table(file);
  std::string all_records(static_cast<std::size_t>(table.bytes), ' ');
  file.read_at(table.place, all_records.data(), all_records.size());
  std::string_view records = all_records;
  std::vector<tensor_entry> all;
  std::uint64_t bytes = 0;
  for (std::uint64_t k = 0; k < table.count; ++k) {
    const char* const record = records.data();
    if (records.size() < 46 || records.substr(0, 4) != "PK\1\2")
      file.refuse("is damaged: the table of its files is cut off");
    const std::uint64_t flags = little_endian(record + 8, 2), method = little_endian(record + 10, 2),
                        packed = little_endian(record + 20, 4), size = little_endian(record + 24, 4),
                        place = little_endian(record + 42, 4);
    const auto name_length = static_cast<std::size_t>(little_endian(record + 28, 2));
    const std::size_t length = 46 + name_length + static_cast<std::size_t>(little_endian(record + 30, 2)) +
                               static_cast<std::size_t>(little_endian(record + 32, 2));
    if (records.size() < length) file.refuse("is damaged: the table of its files is cut off");
    tensor_entry entry;
    entry.name = records.substr(46, name_length);
    entry.checksum = static_cast<std::uint32_t>(little_endian(record + 16, 4));
    records.remove_prefix(length);
    if (!entry.name.ends_with(".npy")) continue;
    entry.name.resize(entry.name.size() - 4);
    if ((flags & 1) != 0 || (method != 0 && method != 8) || packed == 0xffffffff || size == 0xffffffff)
      file.refuse("has " + in_quotes(entry.name) +
                  " in a way that is not read here; write it by numpy.savez");
    char local[30];
    if (place > table.place || table.place - place < sizeof local)
      file.refuse("is damaged: " + in_quotes(entry.name) + " lies behind the end");
    file.read_at(place, local, sizeof local);
    if (std::string_view(local, 4) != "PK\3\4")
      file.refuse("is damaged: " + in_quotes(entry.name) + " is not where it should be");
    entry.first = place + sizeof local + little_endian(local + 26, 2) + little_endian(local + 28, 2);
    entry.bytes = packed;
    if (entry.first > table.place || packed > table.place - entry.first || (method == 0 && packed != size) ||
        (bytes += packed) > table.place)
      file.refuse("is damaged: " + in_quotes(entry.name) +
                  " does not lie in a place of its own before the table of files");
    if (method == 8) read_packed(file, entry, size);
    read_npy_head(file.path(), entry, [&](std::uint64_t at, char* to, std::size_t count) {
      if (method == 8)
        std::copy_n(entry.unpacked.begin() + static_cast<std::ptrdiff_t>(at), count, to);
      else
        file.read_at(entry.first + at, to, count);
    });
    all.push_back(std::move(entry));
  }
  require_distinct_names(file.path(), all);
  return all;
}

/// Refuses numbers that have changed since the archive was written.
inline void check_checksum(file_source& file, const tensor_entry& entry) {
  boost::crc_32_type sum;
  if (!entry.unpacked.empty()) {
    sum.process_bytes(entry.unpacked.data(), entry.unpacked.size());
  } else {
    std::vector<char> piece(1 << 16);
    file.seek(entry.first - entry.before);
    for (std::uint64_t left = entry.before + entry.bytes; left > 0;) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
      file.read_all(piece.data(), count);
      sum.process_bytes(piece.data(), count);
      left -= count;
    }
  }
  if (sum.checksum() != entry.checksum)
    file.refuse("is damaged: the checksum of " + in_quotes(entry.name) + " is another");
}

/// The head of an npy file.
inline std::string npy_head(const tensor_entry& entry) {
  std::string text = "{'descr': '" + std::string(numbers_of(entry.type).npy) +
                     "', 'fortran_order': False, 'shape': " + shape_text(entry.shape) + ", }";
  text.resize((text.size() + 10 + 64) / 64 * 64 - 10 - 1, ' ');
  text += '\n';
  std::string head("\x93NUMPY\1\0", 8);
  append_little_endian(head, text.size(), 2);
  return head + text;
}
/// The record of a file in an archive: before its bytes, or, with where that is, in the table.
inline std::string zip_record(const tensor_entry& entry, std::uint64_t size, std::uint64_t place,
                              bool in_table) {
  std::string all(in_table ? "PK\1\2" : "PK\3\4", 4);
  if (in_table) append_little_endian(all, 20, 2);  // written by this version,
  append_little_endian(all, 20, 2);                // to be read by this one
  append_little_endian(all, 0x800, 2);             // names are UTF-8
  append_little_endian(all, 0, 2);                 // stored
  append_little_endian(all, 0x00210000, 4);        // midnight of the first of January 1980
  append_little_endian(all, entry.checksum, 4);
  append_little_endian(all, size, 4);
  append_little_endian(all, size, 4);
  append_little_endian(all, entry.name.size() + 4, 2);
  all.append(in_table ? 12 : 2, '\0');  // no extra fields, no comment, no attributes
  if (in_table) append_little_endian(all, place, 4);
  return all + entry.name + ".npy";
}
inline std::string zip_end(std::size_t count, std::uint64_t bytes, std::uint64_t place) {
  std::string all("PK\5\6\0\0\0\0", 8);
  append_little_endian(all, count, 2);
  append_little_endian(all, count, 2);
  append_little_endian(all, bytes, 4);
  append_little_endian(all, place, 4);
  append_little_endian(all, 0, 2);
  return all;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
