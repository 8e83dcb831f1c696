// SPDX-License-Identifier: BSL-1.0
// The name of a type as a person reads it: tg::type_name<decltype(f)>() is formula<variable<"x">,
// apply<op::sin, 0>>. A formula's name is made from its nodes, any other type's from the compiler's own
// spelling; both are the same for g++ and clang.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../notation/writer.hpp"
#include "formulas.hpp"

namespace tg {

namespace detail {

/// The compiler's spelling of T, cut out of the name of the function `spelling`.
template <class T>
constexpr std::string_view raw_spelling() {
  std::string_view s = spelling<T>();
  s.remove_prefix(s.find("Op = ") + 5);
  const std::size_t alias = s.rfind("; std::string_view = ");
  return alias != std::string_view::npos ? s.substr(0, alias) : s.substr(0, s.size() - 1);
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Writes a spelling without the namespaces tg, node and tree, with symbols as "x", and without default
/// arguments.
constexpr void put_clean(writer& w, std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool starts = is_letter(s[i]) && (i == 0 || (!is_letter(s[i - 1]) && s[i - 1] != ':'));
    if (starts) {
      for (bool again = true; again;) {
        again = false;
        for (std::string_view space : {"tg::", "node::", "leaf::", "tree::"})
          if (s.substr(i).starts_with(space)) i += space.size(), again = true;
      }
      const std::string_view rest = s.substr(i);
      const std::size_t end = rest.find('>');
      if (rest.starts_with("text<") && end != std::string_view::npos &&
          rest.substr(end + 1).starts_with("{")) {
        const std::size_t quote = rest.find('"', end), close = rest.find('}', quote + 1);
        if (quote != std::string_view::npos && close != std::string_view::npos) {
          w.put(rest.substr(quote, rest.rfind('"', close) + 1 - quote));
          i += close;
          while (i + 1 < s.size() && s[i + 1] == '}') ++i;
          continue;
        }
      }
      if (rest.starts_with("constant<") && end != std::string_view::npos) {
        std::string_view value = rest.substr(0, end);
        if (value.find(", ") != value.rfind(", ") && value.ends_with(", 0")) value.remove_suffix(3);
        if (value.find(", ") == value.rfind(", ") && value.ends_with(", 1")) value.remove_suffix(3);
        w.put(value);
        i += end - 1;
        continue;
      }
      if (rest.starts_with("captured<") && end != std::string_view::npos &&
          rest.substr(0, end).ends_with(", double")) {
        w.put(rest.substr(0, end - 8));
        i += end - 1;
        continue;
      }
    }
    if (s[i] == ' ' && i > 0 && s[i - 1] == '>' && i + 1 < s.size() && s[i + 1] == '>') continue;
    w.put(s[i]);
  }
}

template <class T>
struct type_speller {
  static constexpr void put(writer& w) { put_clean(w, raw_spelling<T>()); }
};

template <class T>
struct spelled_type {
  static constexpr int length() {
    writer w;
    type_speller<T>::put(w);
    return w.size();
  }
  static constexpr auto write() {
    rendered<length()> t;
    writer w(t.data);
    type_speller<T>::put(w);
    t.length = w.size();
    return t;
  }
  static constexpr auto value = write();
};

template <auto Name>
struct type_speller<node::leaf::variable<Name>> {
  static constexpr void put(writer& w) { w.all("variable<\"", Name.view(), "\">"); }
};
template <std::int64_t N, std::int64_t D, int E>
struct type_speller<node::constant<N, D, E>> {
  static constexpr void put(writer& w) {
    w.all("constant<", N);
    if (D != 1 || E != 0) w.all(", ", D);
    if (E != 0) w.all(", ", E);
    w.put('>');
  }
};
template <int Slot>
struct type_speller<node::captured<Slot>> {
  static constexpr void put(writer& w) { w.all("captured<", Slot, ">"); }
};
template <class Op, int... Operands>
struct type_speller<node::apply<Op, Operands...>> {
  static constexpr void put(writer& w) {
    w.put("apply<");
    w.put(spelled_type<Op>::value.view());
    (w.all(", ", Operands), ...);
    w.put('>');
  }
};

/// Texts with commas between them. The list in braces keeps their order and, unlike a fold, has no limit in
/// clang.
template <class... T>
constexpr void put_types(writer& w) {
  [[maybe_unused]] bool first = true;
  [[maybe_unused]] const char done[] = {
      ((first ? void() : w.put(", ")), first = false, type_speller<T>::put(w), '\0')..., '\0'};
}
template <int... K>
constexpr void put_numbers(writer& w) {
  [[maybe_unused]] bool first = true;
  [[maybe_unused]] const char done[] = {((first ? void() : w.put(", ")), first = false, w.put(K), '\0')...,
                                        '\0'};
}

template <class... Nodes>
struct type_speller<formula<Nodes...>> {
  static constexpr void put(writer& w) {
    w.put("formula<");
    put_types<Nodes...>(w);
    w.put('>');
  }
};
template <int... Sizes, int... Positions, class... Nodes>
struct type_speller<formulas<shape<Sizes...>, roots<Positions...>, Nodes...>> {
  static constexpr void put(writer& w) {
    w.put("formulas<shape<");
    put_numbers<Sizes...>(w);
    w.put(">, roots<");
    put_numbers<Positions...>(w);
    w.put(">, ");
    put_types<Nodes...>(w);
    w.put('>');
  }
};

}  // namespace detail

/// The name of T without namespaces, as a text: formula<variable<"x">, variable<"y">, apply<op::sin, 1>,
/// apply<op::multiply, 0, 2>>.
template <class T>
constexpr auto type_name() {
  return detail::spelled_type<std::remove_cvref_t<T>>::value;
}

}  // namespace tg

#include "../support/compiler/end.hpp"
