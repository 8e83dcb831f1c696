// SPDX-License-Identifier: BSL-1.0
// The rule and the definition of a primitive as functions on a graph: they are written for any number type,
// and run on handles. What a user's primitive lacks is refused here.
#pragma once
#include "../support/compiler/begin.hpp"

#include "handle.hpp"

namespace tg {

namespace detail {

/// Calls f with N handles.
template <int N, class F>
constexpr auto with_handles(builder& b, const buffer<int>::storage& args, F&& f) {
  return [&]<int... K>(std::integer_sequence<int, K...>) { return f(handle(b, args[K])...); }
  (std::make_integer_sequence<int, N>{});
}

/// Whether a primitive has a value or a definition for so many operands.
template <class Op, int... K>
constexpr bool takes_operands(std::integer_sequence<int, K...>) {
  return requires { Op::value((static_cast<void>(K), 1.0)...); }
  || requires(handle h) { Op::definition((static_cast<void>(K), h)...); };
}

/// The number of operands that a primitive takes, the smallest from 1 to 8; 0 if there is none.
template <class Op, int N = 1>
constexpr int arity_of() {
  if constexpr (requires { Op::arity; })
    return Op::arity;
  else if constexpr (takes_operands<Op>(std::make_integer_sequence<int, N>{}))
    return N;
  else if constexpr (N < 8)
    return arity_of<Op, N + 1>();
  else
    return 0;
}

template <class Op>
constexpr auto primitive_text() {
  return join(text{"primitive '"}, text_of([] { return std::string_view(Op::name); }), text{"'"});
}

template <int N>
constexpr auto digit_text() {
  return text<2>{{static_cast<char>('0' + N % 10), 0}};
}

/// Whether a primitive says as a member of its own what belongs into its facts, where it would be overlooked.
template <class Op>
concept HasLooseFact = requires {
  Op::parity;
}
|| requires { Op::commutative; }
|| requires { Op::at_zero; }
|| requires { Op::at_one; }
|| requires { Op::calls; }
|| requires { Op::infix; }
|| requires { Op::latex; }
|| requires { Op::c; }
|| requires { Op::domain; }
|| requires { Op::range; }
|| requires { Op::keeps_sign; }
|| requires { Op::norm; }
|| requires { Op::relation; }
|| requires { Op::c_helper; };

/// Refuses, where a primitive is applied, a user's struct without a value for so many operands.
template <class Op, int Operands>
constexpr bool operands_accepted() {
  if constexpr (
      requires { Op::what; } || requires { Op::built_in; })
    return true;
  else if constexpr (!requires { Op::name; })
    return refuse<join(text{"apply: the primitive '"}, operand_spelling<Op>(),
                       text{"' has no name: give it static constexpr auto name = \"f\"."})>();
  else if constexpr (HasLooseFact<Op>)
    return refuse<join(
        primitive_text<Op>(),
        text{": notation, parity, domain and the like are said in one place, static constexpr tg::facts "
             "facts{.parity = 1, .latex = \"...\"}."})>();
  else if constexpr (takes_operands<Op>(std::make_integer_sequence<int, Operands>{}))
    return true;
  else if constexpr (arity_of<Op>() > 0 && arity_of<Op>() != Operands)
    return refuse<join(primitive_text<Op>(), text{" takes "}, digit_text<arity_of<Op>()>(),
                       text{" operands, not "}, digit_text<Operands>(), text{"."})>();
  else
    return refuse<join(primitive_text<Op>(), text{" has no value: give it value(x) or definition(x)."})>();
}

template <class Op, int Given, int Needed, class... Dependent>
constexpr void refuse_partials() {
  if constexpr (!requires { Op::arity; } && takes_operands<Op>(std::make_integer_sequence<int, Needed + 1>{}))
    refuse<join(primitive_text<Op>(),
                text{": say how many operands it has, by static constexpr int arity."})>();
  else
    refuse<join(primitive_text<Op>(), text{" gives "}, digit_text<Given>(), text{" partial derivatives for "},
                digit_text<Needed>(), text{" operands: return tg::partials_of(...) with one for each."})>();
}

/// Named with the operands, so that its sentence is made only where it is said.
template <class Op, class... Given>
constexpr void refuse_without_rule() {
  refuse_when_reached<join(primitive_text<Op>(),
                           text{" has no derivative: give it partials(x) or definition(x)."})>();
}

/// The rule and the definition of a user's primitive. Their names are the sentence that the compiler prints
/// where it cannot run them.
template <class Op, class... X>
constexpr auto a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr(
    const X&... given) {
  return Op::partials(given...);
}
template <class Op, class... X>
constexpr handle a_derivative_is_made_while_compiling__so_the_definition_of_a_primitive_must_be_constexpr(
    const X&... given) {
  return handle(Op::definition(given...));
}

/// Runs the rule of an Op that may be a user's, or have any number of operands.
template <class Op>
constexpr void run_any_rule(builder& b, const rule_call& call) {
  const auto put = [&](int to_place, const auto& partial) { call.out[to_place] = handle(partial).in(b); };
  constexpr int n = arity_of<Op>();
  if constexpr (n > 0) {
    with_handles<n>(b, call.args, [&](auto... given) {
      const auto read = [&](const auto& result) {
        if constexpr (requires { handle(result); }) {
          put(0, result);
          if constexpr (n != 1) refuse_partials<Op, 1, n, decltype(result)>();
        } else {
          result.unpack([&](const auto&... partial) {
            if constexpr (static_cast<int>(sizeof...(partial)) != n)
              refuse_partials<Op, static_cast<int>(sizeof...(partial)), n>();
            int next_place = 0;
            (put(next_place++, partial), ...);
          });
        }
      };
      if constexpr (
          !requires { Op::built_in; } && requires { Op::partials(given..., handle{}); })
        read(a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr<Op>(
            given..., handle(b, call.self)));
      else if constexpr (
          !requires { Op::built_in; } && requires { Op::partials(given...); })
        read(a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr<Op>(
            given...));
      else if constexpr (requires { Op::partials(given..., handle{}); })
        read(Op::partials(given..., handle(b, call.self)));
      else if constexpr (requires { Op::partials(given...); })
        read(Op::partials(given...));
      else
        refuse_without_rule<Op, decltype(given)...>();
    });
    if constexpr (!requires { Op::built_in; })
      if (call.count != n)
        refuse_when_reached<join(primitive_text<Op>(),
                                 text{": say how many operands it has, by static constexpr int arity."})>();
  } else if constexpr (requires { Op::partials_of_many(b, call); }) {
    Op::partials_of_many(b, call);
  }
}

/// Runs the rule of Op on the graph; the rule may ask for the value of the node itself as one more argument.
template <class Op>
constexpr void run_rule(builder& b, const rule_call& call) {
  // A built-in function of one operand without the detour: a compiler has dozens of them to instantiate.
  if constexpr (
      requires { Op::built_in; } && !requires { Op::arity; }) {
    const handle x(b, call.args[0]);
    if constexpr (requires { Op::partials(x); })
      call.out[0] = handle(Op::partials(x)).in(b);
    else if constexpr (requires { Op::partials(x, x); })
      call.out[0] = handle(Op::partials(x, handle(b, call.self))).in(b);
    else
      refuse_without_rule<Op, handle>();
  } else {
    run_any_rule<Op>(b, call);
  }
}

template <class Op>
constexpr void run_definition(builder& b, const rule_call& call) {
  constexpr int n = arity_of<Op>();
  if constexpr (n > 0)
    with_handles<n>(b, call.args, [&](auto... given) {
      if constexpr (
          !requires { Op::built_in; } && requires { Op::definition(given...); })
        call.out[0] =
            a_derivative_is_made_while_compiling__so_the_definition_of_a_primitive_must_be_constexpr<Op>(
                given...)
                .in(b);
      else if constexpr (requires { Op::definition(given...); })
        call.out[0] = handle(Op::definition(given...)).in(b);
    });
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
