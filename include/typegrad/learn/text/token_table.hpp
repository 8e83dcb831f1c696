// SPDX-License-Identifier: BSL-1.0
// The tokens of a vocabulary by their text: a table of hashes, asked for the longest token with which a text
// begins. The hash of each beginning comes from that of the one before.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../support/text.hpp"
#include "../file/bad_file.hpp"

namespace tg::detail {

class token_table {
 public:
  token_table() = default;
  /// Refuses tokens that are there twice.
  token_table(const std::string& path, const std::vector<std::string>& tokens)
      : slots_(std::bit_ceil(2 * tokens.size() + 1)) {
    for (std::size_t id = 0; id < tokens.size(); ++id) {
      const std::string& token = tokens[id];
      const std::uint64_t hash = hash_of(token);
      slot* at = &slots_[place(hash)];
      for (; at->id != none; at = next(at))
        if (at->hash == hash && tokens[static_cast<std::size_t>(at->id)] == token)
          refuse_bytes(path, "has the token " + in_quotes(token) + " twice, as number " +
                                 std::to_string(at->id) + " and " + std::to_string(id));
      *at = {hash, static_cast<std::int32_t>(id)};
      longest_ = std::max(longest_, token.size());
    }
  }

  /// The number of a token; -1 if there is none of that text.
  int find(const std::vector<std::string>& tokens, std::string_view text) const {
    return look_up(tokens, hash_of(text), "", text);
  }
  /// The longest token with which `text` begins, behind `prefix`: its number and its length without the
  /// prefix; -1 if there is none.
  std::pair<int, std::size_t> longest(const std::vector<std::string>& tokens, std::string_view prefix,
                                      std::string_view text, std::vector<std::uint64_t>& hashes) const {
    const std::size_t most = std::min(text.size(), longest_ - std::min(longest_, prefix.size()));
    hashes.resize(most);
    std::uint64_t hash = hash_of(prefix);
    for (std::size_t k = 0; k < most; ++k) hashes[k] = hash = hash_of(text.substr(k, 1), hash);
    for (std::size_t k = most; k > 0; --k) {
      if (k < text.size() && (static_cast<unsigned char>(text[k]) & 0xc0U) == 0x80) continue;
      if (const int id = look_up(tokens, hashes[k - 1], prefix, text.substr(0, k)); id != none)
        return {id, k};
    }
    return {none, 0};
  }

 private:
  static constexpr int none = -1;
  struct slot {
    std::uint64_t hash = 0;
    std::int32_t id = none;
  };

  std::size_t place(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash ^ hash >> 32) & (slots_.size() - 1);
  }
  const slot* next(const slot* at) const {
    return ++at == slots_.data() + slots_.size() ? slots_.data() : at;
  }
  slot* next(slot* at) { return ++at == slots_.data() + slots_.size() ? slots_.data() : at; }
  int look_up(const std::vector<std::string>& tokens, std::uint64_t hash, std::string_view prefix,
              std::string_view text) const {
    if (slots_.empty()) return none;
    for (const slot* at = &slots_[place(hash)]; at->id != none; at = next(at)) {
      if (at->hash != hash) continue;
      const std::string_view found = tokens[static_cast<std::size_t>(at->id)];
      if (found.size() == prefix.size() + text.size() && found.starts_with(prefix) && found.ends_with(text))
        return at->id;
    }
    return none;
  }

  std::vector<slot> slots_;
  std::size_t longest_ = 0;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
