// SPDX-License-Identifier: BSL-1.0
// A run of an optimizer as a text file: named values, floating numbers in hexadecimal so that every bit comes
// back, a version in the first line and a checksum in the last. A file is written beside the old one and
// takes its place at once.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cerrno>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/text.hpp"
#include "../problem/oracle.hpp"
#include "checkpoint.hpp"
#include "whole_file.hpp"

namespace tg::detail {

inline constexpr std::string_view saved_run_title = "typegrad run, version 1";

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

/// Collects named values, then writes the file.
class run_writer {
 public:
  static constexpr bool loading = false;

  template <class T>
  requires std::integral<T> || std::floating_point<T>
  void operator()(std::string_view name, const T& value) {
    text_ << name;
    put(value);
    text_ << '\n';
  }
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& values) {
    text_ << name;
    put(values.size());
    for (const T& value : values) put(value);
    text_ << '\n';
  }
  void operator()(std::string_view name, const std::string& value) {
    text_ << name;
    put(value.size());
    text_ << ' ' << value << '\n';
  }

  /// Puts the file in the place of an older one.
  void write(const std::string& path, const std::string& of = "minimize") const {
    std::string body = std::string(saved_run_title) + '\n' + text_.str();
    body += "checksum " + std::to_string(hash_of(body)) + '\n';
    const std::string wrong = write_whole(path, [&](auto put) { put(body); });
    if (!wrong.empty()) refuse_file(path, wrong, of);
  }

 private:
  template <class T>
  void put(T value) {
    write_number(text_, value);
  }

  std::ostringstream text_;
};

/// Reads the file, checks that it is whole, and gives the values back in the order in which they were
/// written.
class run_reader {
 public:
  static constexpr bool loading = true;

  explicit run_reader(const std::string& path, std::string of = "minimize")
      : path_(path), of_(std::move(of)) {
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse("cannot be opened");
    const std::string all = (std::ostringstream{} << file.rdbuf()).str();
    const std::size_t last = all.rfind("checksum ");
    if (!all.starts_with(saved_run_title)) refuse("is no run saved by this version of typegrad");
    if (last == std::string::npos ||
        all.substr(last) !=
            "checksum " + std::to_string(hash_of(std::string_view(all).substr(0, last))) + '\n')
      refuse("is damaged: its checksum does not match its text");
    text_.str(all.substr(saved_run_title.size(), last - saved_run_title.size()));
    most_ = all.size();
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
    values.resize(take_size(name));
    for (T& value : values) value = take<T>(name);
  }
  void operator()(std::string_view name, std::string& value) {
    expect(name);
    value.resize(take_size(name));
    text_.get();
    text_.read(value.data(), static_cast<std::streamsize>(value.size()));
  }

  /// Refuses a run of another kind than this one.
  template <class T>
  void same(std::string_view name, const T& wanted) {
    T found = wanted;
    (*this)(name, found);
    if (found == wanted) return;
    std::ostringstream sentence;
    sentence << "is of a run with " << name << ' ' << found << ", not " << wanted;
    refuse(sentence.str());
  }

 private:
  void expect(std::string_view name) {
    std::string word;
    text_ >> word;
    if (word != name)
      refuse("has '" + word + "' where '" + std::string(name) + "' should stand: it is of another method");
  }

  template <class T>
  T take(std::string_view name) {
    TYPEGRAD_TRY { return read_number<T>(name, text_); }
    TYPEGRAD_CATCH(const std::runtime_error&, unread) { refuse("has no number for " + std::string(name)); }
  }

  /// How many numbers or letters follow: no more than the file could hold.
  std::size_t take_size(std::string_view name) {
    const auto size = take<std::size_t>(name);
    if (size > most_) refuse("is too short for what it says of " + std::string(name));
    return size;
  }

  std::string path_, of_;
  std::size_t most_ = 0;
  std::istringstream text_;
};

/// The state of what keeps one, as the text that it writes itself; of an optional, nothing where there is
/// none.
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
