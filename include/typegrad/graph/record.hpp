// SPDX-License-Identifier: BSL-1.0
// What a pass knows of a primitive. Passes work on values, not types: each primitive (a struct) has one
// record, nodes point to records, and `operation_of` leads from a record back to the struct when a type is
// made from a graph.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "../support/buffer.hpp"
#include "../support/compiler/meaning.hpp"
#include "../support/text.hpp"
#include "facts.hpp"

namespace tg::detail {

class builder;

/// How the algebra of formulas treats a node; everything it has no law for is a `function`.
enum class kind : unsigned char {
  constant,
  variable,
  captured,
  add,
  multiply,
  divide,
  negate,
  power,
  root,
  pow,
  where,
  condition,
  function
};

/// A request for partial derivatives: the rule fills `out[k]` with the node of d self / d args[k] wherever
/// `wanted[k]`.
struct rule_call {
  const buffer<int>::storage& args;
  int count;
  int self;
  const buffer<bool>::storage& wanted;
  buffer<int>::storage& out;
};

using rule = void (*)(builder&, const rule_call&);

struct structure;

/// The value-level description of a primitive. Two primitives are the same if the addresses of their records
/// are.
struct record : facts {
  std::string_view name{};
  kind what = kind::function;
  std::uint64_t key = 0;       // hash of the name: gives an order that every compiler shares
  std::uint64_t identity = 0;  // hash of the struct's full spelling: tells apart primitives of the same name
  /// Where its nodes come in the canonical order: kind of node, then the first letters of the name.
  std::uint64_t order = 0;
  int arity = -1;                  // -1: any number of operands
  const record* undoes = nullptr;  // f(undoes(x)) = x for every real x
  rule partials = nullptr;
  /// Of a composed primitive: out[0] is its definition's node.
  void (*define)(builder&, const rule_call&) = nullptr;
  bool built_in = false;
  const structure* shaped = nullptr;  // of array symbols and structural primitives (graph/structure.hpp)
};

template <class Op>
constexpr std::string_view spelling() {
  return __PRETTY_FUNCTION__;
}

/// The spelling of Op alone: what `spelling` has before and after it is the same for every type. (To hash all
/// of it takes g++ a millisecond for each primitive.)
template <class Op>
constexpr std::string_view own_spelling() {
  constexpr std::string_view of_int = spelling<int>(), whole = spelling<Op>();
  constexpr std::size_t first = of_int.find("= int") + 2;
  return whole.substr(first, whole.size() - (of_int.size() - 3));
}

/// The same as a text, for a sentence.
template <class T>
constexpr auto operand_spelling() {
  return text_of([] {
    constexpr std::string_view whole = spelling<T>();
    constexpr std::size_t first = whole.find("Op = ") + 5, last = whole.find(';', first);
    return whole.substr(first, (last < whole.size() ? last : whole.size() - 1) - first);
  });
}

/// A record as a type, for which it is noted what primitive it describes.
template <const record* R>
struct identity {};

/// The rule of what is never differentiated.
constexpr void no_partials(builder&, const rule_call&) {}
/// The rule of Op as a function on a graph; defined in graph/rule.hpp, in whose notation rules are written.
template <class Op>
constexpr void run_rule(builder& b, const rule_call& call);
template <class Op>
constexpr void run_definition(builder& b, const rule_call& call);

struct definition_fallback {
  void definition();
};
template <class Op>
struct definition_probe : Op, definition_fallback {};

/// Whether Op is given by a composition of other primitives, `definition`, instead of a rule: its name is
/// then found twice in the probe.
template <class Op>
concept HasDefinition = !requires {
  &definition_probe<Op>::definition;
};

/// The order of the nodes of a primitive: constants, named constants, captured numbers, symbols (by length,
/// then letters), the rest (by letters).
constexpr std::uint64_t order_of(const record& r) {
  const bool symbol = r.what == kind::variable;
  const std::uint64_t rank = r.what == kind::constant   ? 0
                             : r.what == kind::captured ? 2
                             : symbol                   ? 3
                             : r.arity == 0             ? 1
                                                        : 4;
  std::uint64_t letters = 0;
  for (unsigned i = 0; i < (symbol ? 6u : 3u); ++i)
    letters = letters << 8 | (i < r.name.size() ? static_cast<unsigned char>(r.name[i]) : 0u);
  return symbol ? rank << 60 | (r.name.size() < 255 ? r.name.size() : 255) << 48 | letters
                : rank << 60 | letters << 36;
}

/// Collects what a primitive says of itself.
template <class Op>
constexpr record make_record();

template <class Op>
inline constexpr record record_of = make_record<Op>();

template <class Op>
constexpr record make_record() {
  record r;
  r.name = Op::name;
  r.key = hash_of(Op::name);
  r.identity = hash_of(own_spelling<Op>());
  if constexpr (requires { Op::facts; }) static_cast<facts&>(r) = Op::facts;
  if constexpr (requires { Op::what; }) r.what = Op::what;
  if constexpr (requires { Op::arity; }) r.arity = Op::arity;
  if constexpr (requires { typename Op::undoes; }) r.undoes = &record_of<typename Op::undoes>;
  if constexpr (requires { &Op::graph_partials; })
    r.partials = &Op::graph_partials;
  else if constexpr (requires { requires Op::facts.relation != facts::no_relation; })
    r.what = kind::condition, r.partials = &no_partials;
  else if constexpr (
      requires { requires Op::arity == 0; } || requires { Op::shaped; })
    r.partials = &no_partials;  // of a structural primitive: see graph/structure.hpp
  else
    r.partials = &run_rule<Op>;
  if constexpr (HasDefinition<Op>) r.define = &run_definition<Op>;
  r.order = order_of(r);
  r.built_in = requires { Op::what; }
  || requires { Op::built_in; };
  if constexpr (requires { Op::shaped; }) r.shaped = &Op::shaped;
  return r;
}

template <class Op>
constexpr const record* bound_record() {
  static_assert(sizeof(define_meaning<identity<&record_of<Op>>, Op>) != 0);
  return &record_of<Op>;
}

template <const record* R>
struct operation_holder {
  using type = noted<identity<R>>;
};

/// The record of Op, for which `operation_of` is known from here on.
template <class Op>
inline constexpr const record* known = bound_record<Op>();

/// The one of these primitives whose record has the key; null if none has.
template <class... Op>
constexpr const record* record_with(std::uint64_t key) {
  for (const record* r : {known<Op>...})
    if (r->key == key) return r;
  return nullptr;
}

/// The struct that a record describes.
template <const record* R>
using operation_of = typename operation_holder<R>::type;

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
