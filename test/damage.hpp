// SPDX-License-Identifier: BSL-1.0
// Damaged files: what a disk, a network or somebody with bad intentions makes of a good one. Readers must
// refuse each in one sentence, or read it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typegrad/learn/file/bad_file.hpp>

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, path);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline void write_bytes(const std::string& path, std::string_view bytes) {
  std::remove(path.c_str());  // some file systems wait for the disk where a file is written over
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// A file, and its damage number `seed`.
inline std::string damaged(std::string bytes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % (n + (n == 0))); };
  // Most formats are read from their first bytes on.
  const auto place = [&] {
    return below(random() % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 120));
  };
  const auto overwrite = [&](std::size_t at, std::string_view text) {
    bytes.replace(at, std::min(text.size(), bytes.size() - at), text);
  };
  const std::string_view lengths[] = {std::string_view("\0\0\0\0\0\0\0\x80", 8),
                                      "\xff\xff\xff\xff\xff\xff\xff\xff",
                                      "\xff\xff\xff\x7f",
                                      std::string_view("\0\0\0\0", 4),
                                      "\x7f\xff\xff\xff",
                                      "\xff\xff",
                                      "9223372036854775808",
                                      "18446744073709551615",
                                      "-1",
                                      "1e999",
                                      "\"",
                                      "\n"};
  for (std::uint64_t times = 1 + random() % 3; times > 0 && !bytes.empty(); --times) {
    const std::size_t at = place(), from = place(), count = below(random() % 2 == 0 ? 12 : 200);
    switch (random() % 7) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
        break;
      case 1:
        bytes.resize(below(bytes.size()));
        break;
      case 2:
        overwrite(at, lengths[below(std::size(lengths))]);
        break;
      case 3:
        bytes.insert(at, lengths[below(std::size(lengths))]);
        break;
      case 4:
        bytes.erase(at, count);
        break;
      case 5:
        bytes.insert(at, bytes.substr(from, count));
        break;
      case 6:
        overwrite(at, bytes.substr(from, count));
        break;
    }
  }
  return bytes;
}

/// Lets `read` read `count` damages of a file; each is read, or refused in a sentence of the file. Gives how
/// many were refused.
template <class Read>
int refused_damages(const std::string& good, const std::string& path, int count, Read read) {
  int refused = 0;
  for (int seed = 0; seed < count; ++seed) {
    write_bytes(path, damaged(good, static_cast<std::uint64_t>(seed)));
    try {
      read(path);
    } catch (const tg::bad_file& refusal) {
      const std::string_view sentence = refusal.what();
      ++refused;
      if (sentence.size() > 400 || !sentence.ends_with('.') || sentence.find('\n') != sentence.npos ||
          sentence.find(path) == sentence.npos)
        BOOST_ERROR("damage " << seed << ": " << sentence);
    } catch (const std::exception& other) {
      BOOST_ERROR("damage " << seed << ": " << other.what());
    }
  }
  std::remove(path.c_str());
  return refused;
}
