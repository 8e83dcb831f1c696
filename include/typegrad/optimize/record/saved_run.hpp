// SPDX-License-Identifier: BSL-1.0
// A run of an optimizer as a file: lines of named values, floating numbers in hexadecimal so that every bit
// comes back, or, where there are many, as their bytes; a version in the first line and a checksum in the
// last. A file is written beside the old one and takes its place at once, and is never in memory as a whole.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/text.hpp"
#include "../problem/oracle.hpp"
#include "checkpoint.hpp"
#include "whole_file.hpp"

namespace tg::detail {

inline constexpr std::string_view saved_run_title = "typegrad run, version 2";

[[noreturn]] inline void refuse_file(const std::string& path, const std::string& found,
                                     const std::string& of = "minimize") {
  detail::raise(problem_error(stop_reason::bad_checkpoint, of + ": the checkpoint '" + path + "' " + found));
}

/// Refuses, before a run, a path that it could not be saved to.
inline void require_writable(const std::string& path, const std::string& of = "minimize") {
  const auto opens = [](const std::string& name, const char* mode) {
    std::FILE* const file = std::fopen(name.c_str(), mode);
    return file != nullptr && std::fclose(file) == 0;
  };
  errno = 0;
  if (!opens(path, "r+b") && errno == EISDIR)
    refuse_file(path, "is a folder; give the name of a file in it", of);
  if (is_no_file(path)) refuse_file(path, "is no file; give the name of one, or of none yet", of);
  // What cannot be read is not begun anew.
  if (errno != 0 && errno != ENOENT)
    refuse_file(path, "cannot be opened; check its permissions, or give another name", of);
  const std::string beside = path + ".new";
  if (!opens(beside, "ab"))
    refuse_file(path, "cannot be written; check the folder and the space on the disk", of);
  std::remove(beside.c_str());
}

/// Numbers that stand in a file as their bytes; others stand there as text.
template <class T>
inline constexpr bool is_kept_as_bytes =
    std::is_same_v<std::remove_const_t<T>, float> || std::is_same_v<std::remove_const_t<T>, double>;
/// Numbers as they lie in memory, and in a file; both ways.
template <class T>
void swap_bytes_of_big_endian([[maybe_unused]] std::span<T> numbers) {
  if constexpr (std::endian::native == std::endian::big)
    for (T& each : numbers) {
      auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(each);
      std::ranges::reverse(bytes);
      each = std::bit_cast<T>(bytes);
    }
}

/// Gives named values, piece by piece, to a function that writes them.
class run_writer {
 public:
  static constexpr bool loading = false;

  explicit run_writer(std::function<void(std::string_view)> put) : put_(std::move(put)) {
    text_ << saved_run_title << '\n';
  }

  template <class T>
  requires std::integral<T> || std::floating_point<T>
  void operator()(std::string_view name, const T& value) {
    text_ << name;
    write_number(text_, value);
    text_ << '\n';
  }
  template <class T>
  void operator()(std::string_view name, std::span<T> values) {
    text_ << name;
    write_number(text_, values.size());
    if constexpr (is_kept_as_bytes<T>) {
      text_ << '\n';
      put_text();
      constexpr std::size_t most = std::endian::native == std::endian::little ? std::size_t(-1) : 4096;
      for (std::size_t at = 0; at < values.size(); at += std::min(most, values.size() - at))
        put_bytes(values.subspan(at, std::min(most, values.size() - at)));
    } else {
      for (const T& value : values) write_number(text_, value);
    }
    text_ << '\n';
  }
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& values) {
    (*this)(name, std::span<const T>(values));
  }
  void operator()(std::string_view name, const std::string& value) {
    text_ << name;
    write_number(text_, value.size());
    text_ << ' ' << value << '\n';
  }
  void finish() {
    put_text();
    text_ << "checksum " << hash_ << '\n';
    put_text();
  }

 private:
  void put_text() {
    put_piece(text_.view());
    text_.str({});
  }
  template <class T>
  void put_bytes(std::span<T> values) {
    if constexpr (std::endian::native == std::endian::little) {
      put_piece({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
    } else {
      std::vector<std::remove_const_t<T>> swapped(values.begin(), values.end());
      swap_bytes_of_big_endian(std::span(swapped));
      put_piece({reinterpret_cast<const char*>(swapped.data()), values.size_bytes()});
    }
  }
  void put_piece(std::string_view piece) {
    hash_ = hash_of(piece, hash_);
    put_(piece);
  }

  std::function<void(std::string_view)> put_;
  std::ostringstream text_;
  std::uint64_t hash_ = hash_of({});
};

/// Puts a file in the place of an older one; `fill` gives its values to a run_writer.
template <class Fill>
void write_run(const std::string& path, const std::string& of, Fill fill) {
  const std::string wrong = write_whole(path, [&](auto put) {
    run_writer file(put);
    fill(file);
    file.finish();
  });
  if (!wrong.empty()) refuse_file(path, wrong, of);
}

/// Checks that a file is whole, and gives its values back in the order in which they were written.
class run_reader {
 public:
  static constexpr bool loading = true;

  explicit run_reader(const std::string& path, std::string of = "minimize")
      : path_(path), of_(std::move(of)), file_(path, std::ios::binary) {
    if (!file_) refuse("cannot be opened");
    std::string title;
    for (int letter; title.size() < saved_run_title.size() && (letter = file_.get()) >= 0;)
      title += static_cast<char>(letter);
    if (title != saved_run_title || file_.get() != '\n')
      refuse(title.starts_with(saved_run_title.substr(0, saved_run_title.rfind(' ')))
                 ? "was written by another version of typegrad; end the run with that one, or begin a new one"
                 : "is no run saved by this version of typegrad");
    check_sum();
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(saved_run_title.size() + 1));
  }

  [[noreturn]] void refuse(const std::string& found) const { refuse_file(path_, found, of_); }

  template <class T>
  requires std::integral<T> || std::floating_point<T>
  void operator()(std::string_view name, T& value) {
    expect(name);
    value = take<T>(name);
  }
  template <class T>
  void operator()(std::string_view name, std::vector<T>& values) {
    expect(name);
    values.resize(take_size(name, is_kept_as_bytes<T> ? sizeof(T) : 2));
    take_all(name, std::span(values));
  }
  /// As many as there are.
  template <class T>
  void operator()(std::string_view name, std::span<T> values) {
    expect(name);
    if (const std::size_t size = take_size(name, is_kept_as_bytes<T> ? sizeof(T) : 2); size != values.size())
      refuse("has " + std::to_string(size) + " numbers for " + std::string(name) + ", not " +
             std::to_string(values.size()));
    take_all(name, values);
  }
  void operator()(std::string_view name, std::string& value) {
    expect(name);
    value.resize(take_size(name, 1));
    file_.get();
    file_.read(value.data(), static_cast<std::streamsize>(value.size()));
  }

  /// Refuses a run of another kind than this one.
  template <class T>
  void same(std::string_view name, const T& wanted) {
    T found = wanted;
    (*this)(name, found);
    if (found == wanted) return;
    std::ostringstream sentence;
    sentence << "is of a run with " << name << ' ' << found << ", not " << wanted;
    refuse(readable(sentence.str()));
  }

 private:
  /// The last line has the hash of all before it.
  void check_sum() {
    file_.seekg(0, std::ios::end);
    const auto size = static_cast<std::size_t>(file_.tellg());
    const std::size_t tail = std::min<std::size_t>(size, 40);
    std::string end(tail, ' ');
    file_.seekg(static_cast<std::streamoff>(size - tail));
    file_.read(end.data(), static_cast<std::streamsize>(tail));
    const std::size_t last = end.rfind("checksum ");
    std::uint64_t hash = hash_of({});
    if (last != std::string::npos) {
      end_ = size - tail + last;
      file_.seekg(0);
      std::vector<char> block(std::size_t{1} << 16u);
      for (std::size_t left = end_; left > 0 && file_;) {
        const std::size_t count = std::min(left, block.size());
        file_.read(block.data(), static_cast<std::streamsize>(count));
        hash = hash_of({block.data(), count}, hash);
        left -= count;
      }
    }
    if (last == std::string::npos || !file_ || end.substr(last) != "checksum " + std::to_string(hash) + '\n')
      refuse("is damaged: its checksum does not match what is before it");
  }
  void expect(std::string_view name) {
    std::string word;
    file_ >> word;
    if (word != name)
      refuse("has '" + readable(word) + "' where '" + std::string(name) +
             "' should stand: it is of another method");
  }
  static std::string readable(std::string text) {
    if (text.size() > 60) text.resize(60);
    for (char& letter : text)
      if (letter < ' ' || letter > '~') letter = '?';
    return text;
  }

  template <class T>
  T take(std::string_view name) {
    TYPEGRAD_TRY { return read_number<T>(name, file_); }
    TYPEGRAD_CATCH(const std::runtime_error&, unread) { refuse("has no number for " + std::string(name)); }
  }
  template <class T>
  void take_all(std::string_view name, std::span<T> values) {
    if constexpr (is_kept_as_bytes<T>) {
      file_.get();
      file_.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
      if (!file_) refuse("is too short for what it says of " + std::string(name));
      swap_bytes_of_big_endian(values);
    } else {
      for (T& value : values) value = take<T>(name);
    }
  }

  /// How many numbers or letters of so many bytes at least follow: no more than the file could hold.
  std::size_t take_size(std::string_view name, std::size_t bytes) {
    const auto size = take<std::size_t>(name);
    const auto at = file_.tellg();
    const std::size_t left =
        at < 0 || static_cast<std::size_t>(at) > end_ ? 0 : end_ - static_cast<std::size_t>(at);
    if (size > left / bytes) refuse("is too short for what it says of " + std::string(name));
    return size;
  }

  std::string path_, of_;
  std::ifstream file_;
  std::size_t end_ = 0;
};

/// The state of what keeps one, as it archives it, or as the text that it writes itself; of an optional,
/// nothing where there is none.
template <class Archive, class Part>
requires requires(Archive& file, Part& part) { part.archive(file); }
void carry(Archive& file, std::string_view name, Part& part) {
  std::string kept;
  file(name, kept);
  part.archive(file);
}
template <class Archive, class Part>
void carry(Archive& file, std::string_view name, Part& part) {
  std::string text;
  if constexpr (requires(std::ostream & out) { part.save(out); } && !Archive::loading) {
    std::ostringstream out;
    part.save(out);
    text = out.str();
  }
  file(name, text);
  if constexpr (requires(std::istream & in) { part.load(in); } && Archive::loading) {
    std::istringstream in(text);
    part.load(in);
  }
}
template <class Archive, class Part>
void carry(Archive& file, std::string_view name, std::optional<Part>& part) {
  std::ostringstream out;
  if (part && !Archive::loading) part->save(out);
  std::string text = out.str();
  file(name, text);
  std::istringstream in(text);
  if (part && Archive::loading && !text.empty()) part->load(in);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
