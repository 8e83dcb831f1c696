// SPDX-License-Identifier: BSL-1.0
// Numbers in C, and symbols that are bound to values there.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "../bound_symbols.hpp"

namespace tg::detail {

inline constexpr called array_c_call{"to_c", "to_c<float>(fn, \"name\", w = values)"};

/// A number as C writes it: of T, or of the type that as_number_type makes of double.
template <class T>
std::string number_in_c(T v, bool with_suffix = false) {
  if (v != v) return "NAN";
  if (v - v != 0) return v < 0 ? "-INFINITY" : "INFINITY";
  char digits[40];
  for (int precision = std::numeric_limits<T>::digits10; precision <= std::numeric_limits<T>::max_digits10;
       ++precision) {
    std::snprintf(digits, sizeof digits, "%.*g", precision, static_cast<double>(v));
    if (static_cast<T>(std::strtod(digits, nullptr)) == v) break;
  }
  std::string text = digits;
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return with_suffix && std::is_same_v<T, float> ? text + 'f' : text;
}

/// The numbers that a symbol is in C.
template <class T>
struct constant_symbol {
  std::string_view name;
  std::vector<T> numbers;
};

/// The symbol among a function's inputs, which are numbers of that many.
template <class T, class S, class Value>
constant_symbol<T> constant_of(const Value& value) {
  constexpr auto part = part_of_symbol<S>();
  constant_symbol<T> symbol{S::name.view(), {}};
  if constexpr (part.size == 0 || is_index<S>) {
    refuse<join(
        text{"to_c: '"}, S::name,
        text{"' cannot be a constant: it is an index, or has an extent that is known only in a call."})>();
  } else if constexpr (part.rank == 0) {
    static_assert(Numeric<Value>, "typegrad: to_c: a symbol that is a number is bound to a number.");
    symbol.numbers.push_back(static_cast<T>(value));
  } else {
    const auto whole = read_array<const typename array_type_of<Value>::number>(value);
    static_assert(!array_type_of<Value>::by_columns || array_type_of<Value>::rank == 1,
                  "typegrad: to_c: constants are stored by rows.");
    if (whole.size != static_cast<std::ptrdiff_t>(part.size) || !whole.in_one_piece)
      raise(unfit_array{} << "to_c: '" << part.name << "' has " << static_cast<std::ptrdiff_t>(part.size)
                          << " numbers; given are " << whole.size << ".");
    for (std::ptrdiff_t k = 0; k < whole.size; ++k) symbol.numbers.push_back(static_cast<T>(whole.data[k]));
  }
  return symbol;
}
template <class Sources, class T, auto Name, class Value>
void add_constants(std::vector<constant_symbol<T>>& all, const binding<Name, Value>& given) {
  all.push_back(constant_of<T, typename symbol_named<array_c_call, Sources, Name>::type>(given.value));
}
template <class Sources, class T, class... S, class Value>
void add_constants(std::vector<constant_symbol<T>>& all,
                   const parameter_binding<parameter_list<S...>, Value>& given) {
  static_assert((sizeof(typename symbol_named<array_c_call, Sources, S::name>::type) + ... + 0) > 0);
  parameter_list<S...>::each(given.value, [&](std::string_view name, auto, auto numbers) {
    all.push_back({name, std::vector<T>(numbers.begin(), numbers.end())});
  });
}

template <class Sources, class T, class Other>
void add_constants(std::vector<constant_symbol<T>>&, const Other&) {
  refuse<text{"to_c: after the name stand constants, `w = values` or `theta = values`."}, Other>();
}
}  // namespace tg::detail

#include "../../../support/compiler/end.hpp"
