// SPDX-License-Identifier: BSL-1.0
// The format safetensors: eight bytes with the length of a header in JSON, the header, and the numbers, one
// tensor behind the other without a gap, in the order of bytes little-endian (huggingface/safetensors,
// README, "Format").
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "byte_source.hpp"
#include "little_endian.hpp"
#include "tensor_entry.hpp"
#include "text_scanner.hpp"
#include "utf8.hpp"

namespace tg::detail {

using text_pairs = std::vector<std::pair<std::string, std::string>>;

/// Refuses two tensors of one name.
inline void require_distinct_names(const std::string& path, const std::vector<tensor_entry>& all) {
  std::vector<std::string_view> names;
  for (const tensor_entry& each : all) names.push_back(each.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) refuse_bytes(path, "is damaged: it has two tensors " + in_quotes(*twice));
}

/// {"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}
inline tensor_entry scan_safetensors_entry(text_scanner& in, std::string name) {
  tensor_entry entry;
  entry.name = std::move(name);
  unsigned seen = 0;
  in.expect('{');
  do {
    const std::string key = in.word('"');
    in.expect(':');
    const unsigned which = key == "dtype" ? 1 : key == "shape" ? 2 : key == "data_offsets" ? 4 : 8;
    if (which == 8 || (seen & which) != 0) in.refuse("the next of dtype, shape and data_offsets");
    seen |= which;
    if (which == 1) entry.type = type_named<&element_row::name>(in.word('"'));
    if (which == 2) entry.shape = in.numbers('[', ']', false);
    if (which == 4) {
      const auto ends = in.numbers('[', ']', false);
      if (ends.size() != 2 || ends[0] > ends[1]) in.refuse("behind two offsets in order");
      entry.first = ends[0], entry.bytes = ends[1] - ends[0];
    }
  } while (in.accept(','));
  if (seen != 7) in.refuse("the next of dtype, shape and data_offsets");
  in.expect('}');
  return entry;
}

/// The entries of a file, in the order of their bytes, and its texts (`__metadata__`).
inline std::vector<tensor_entry> read_safetensors(file_source& file, text_pairs& metadata) {
  constexpr std::uint64_t longest = 100'000'000;  // as the reference implementation
  char head[8];
  if (file.size() < 10)
    file.refuse("is no file of tensors: it has only " + std::to_string(file.size()) + " bytes");
  file.read_at(0, head, 8);
  const std::uint64_t length = little_endian(head, 8);
  if (length > longest || length > file.size() - 8)
    file.refuse("is no safetensors or npz file, or is damaged: its header would have " +
                std::to_string(length) + " bytes");
  std::string text(static_cast<std::size_t>(length), ' ');
  file.read_all(text.data(), text.size());
  text_scanner in(file.path(), text);
  std::vector<tensor_entry> all;
  bool has_metadata = false;
  if (text.empty() || text[0] != '{') in.refuse("'{'");
  in.expect('{');
  if (!in.accept('}')) {
    do {
      std::string name = in.word('"');
      in.expect(':');
      if (name != "__metadata__") {
        all.push_back(scan_safetensors_entry(in, std::move(name)));
        continue;
      }
      if (std::exchange(has_metadata, true)) in.refuse("behind one __metadata__ only");
      in.expect('{');
      if (in.accept('}')) continue;
      do {
        std::string key = in.word('"');
        in.expect(':');
        metadata.emplace_back(std::move(key), in.word('"'));
      } while (in.accept(','));
      in.expect('}');
    } while (in.accept(','));
    in.expect('}');
  }
  if (!in.at_end()) in.refuse("only spaces behind the last '}'");
  require_distinct_names(file.path(), all);
  std::sort(all.begin(), all.end(), [](const tensor_entry& one, const tensor_entry& other) {
    return std::pair{one.first, one.bytes} < std::pair{other.first, other.bytes};
  });
  std::uint64_t end = 0;
  for (tensor_entry& each : all) {
    if (each.first != end || each.bytes > file.size() - 8 - length - end)
      file.refuse("is damaged: " + in_quotes(each.name) + " lies at the bytes " + std::to_string(each.first) +
                  " to " + std::to_string(each.first + each.bytes) + " of " +
                  std::to_string(file.size() - 8 - length) + ", where the tensor before it ends at " +
                  std::to_string(end));
    if (!has_its_bytes(each))
      file.refuse("is damaged: " + in_quotes(each.name) + " has " + std::to_string(each.bytes) +
                  " bytes, not those of " + std::string(numbers_of(each.type).name) + " " +
                  shape_text(each.shape));
    end += each.bytes, each.first += 8 + length;
  }
  if (end != file.size() - 8 - length)
    file.refuse("is damaged: " + std::to_string(file.size() - 8 - length - end) +
                " bytes at its end belong to no tensor");
  return all;
}

/// Refuses texts that other readers would: of two under one key, or that are not in UTF-8.
inline void require_texts(const std::string& path, text_pairs all) {
  std::sort(all.begin(), all.end());
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (k > 0 && all[k].first == all[k - 1].first)
      refuse_bytes(path, "cannot hold two texts of the name " + in_quotes(all[k].first));
    if (!is_utf8(all[k].first) || !is_utf8(all[k].second))
      refuse_bytes(path, "cannot hold the text " + in_quotes(all[k].first) + ", which is not in UTF-8");
  }
}

/// A text as JSON writes it.
inline std::string json_text(std::string_view text) {
  std::string all = "\"";
  for (const char letter : text) {
    constexpr char digits[] = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(letter);
    if (code < 32)
      all += std::string("\\u00") + digits[code >> 4] + digits[code & 15];
    else
      all += letter == '"' || letter == '\\' ? std::string("\\") + letter : std::string(1, letter);
  }
  return all + '"';
}

/// The bytes before the numbers, for entries in the order in which the numbers follow.
inline std::string safetensors_head(const std::vector<tensor_entry>& all, const text_pairs& metadata) {
  std::string text = "{", texts;
  for (const auto& [key, value] : metadata)
    texts += (texts.empty() ? "" : ",") + json_text(key) + ":" + json_text(value);
  if (!metadata.empty()) text += "\"__metadata__\":{" + texts + "}";
  std::uint64_t end = 0;
  for (const tensor_entry& each : all) {
    text += (text.size() > 1 ? "," : "") + json_text(each.name) + ":{\"dtype\":\"" +
            std::string(numbers_of(each.type).name) + "\",\"shape\":[";
    for (std::size_t k = 0; k < each.shape.size(); ++k)
      text += (k > 0 ? "," : "") + std::to_string(each.shape[k]);
    text += "],\"data_offsets\":[" + std::to_string(end) + "," + std::to_string(end + each.bytes) + "]}";
    end += each.bytes;
  }
  text += '}';
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the numbers begin where they may lie in memory
  std::string head;
  append_little_endian(head, text.size(), 8);
  return head + text;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
