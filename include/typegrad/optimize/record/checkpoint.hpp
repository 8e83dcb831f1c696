// SPDX-License-Identifier: BSL-1.0
// Numbers to text and back, bit by bit: what the states of optimizers, schedules and watches are saved with.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <charconv>
#include <concepts>
#include <cstddef>
#include <istream>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>

#include "../../support/compiler/exceptions.hpp"

namespace tg::detail {

/// Writes a number as text that read_number turns into the same number: floating numbers in hexadecimal,
/// whatever the locale.
template <class T>
void write_number(std::ostream& out, T number) {
  char text[64];
  std::to_chars_result written{};
  if constexpr (std::floating_point<T>)
    written = std::to_chars(text, text + sizeof text, number, std::chars_format::hex);
  else
    written = std::to_chars(text, text + sizeof text, number);
  out.put(' ').write(text, written.ptr - text);
}

/// Throws std::runtime_error: a saved state is damaged or belongs to something else.
[[noreturn]] inline void refuse_state(std::string_view of, const std::string& found,
                                      const std::string& wanted) {
  detail::raise(std::runtime_error(std::string(of) + ": the saved state has '" + found + "' where " + wanted +
                                   " should stand; load what the same kind of object has saved."));
}

template <class T>
T read_number(std::string_view of, std::istream& in) {
  std::string text;
  in >> text;
  T number{};
  std::from_chars_result read{};
  if constexpr (std::floating_point<T>)
    read = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::hex);
  else
    read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) refuse_state(of, text, "a number");
  return number;
}

inline void read_word(std::string_view of, std::istream& in, std::string_view wanted) {
  std::string text;
  in >> text;
  if (text != wanted) refuse_state(of, text, "'" + std::string(wanted) + "'");
}

/// Writes a line: a name and its numbers.
template <class... T>
void save_numbers(std::ostream& out, std::string_view name, const T&... numbers) {
  out << name;
  (write_number(out, numbers), ...);
  out << '\n';
}

/// Reads such a line. Nothing is changed unless all of it could be read.
template <class... T>
void load_numbers(std::istream& in, std::string_view name, T&... numbers) {
  read_word(name, in, name);
  const std::tuple<T...> read{read_number<T>(name, in)...};  // braces: in this order
  std::tie(numbers...) = read;
}

/// A short name of a number type for saved states.
template <class T>
inline constexpr std::string_view number_name = std::is_same_v<T, float>    ? "float"
                                                : std::is_same_v<T, double> ? "double"
                                                                            : "long_double";

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
