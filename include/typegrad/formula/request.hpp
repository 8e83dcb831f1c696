// SPDX-License-Identifier: BSL-1.0
// Everything a user does with formulas is a request: a struct whose `build` adds nodes to a graph. Here a
// request is answered: built, brought into canonical form, and kept as a constant, `result<Request>::graph`.
#pragma once
#include "../support/compiler/begin.hpp"

#include <concepts>

#include "../pass/needed.hpp"
#include "../pass/simplify.hpp"
#include "stored.hpp"

namespace tg {

namespace detail {

/// A formula's graph: with its fingerprint, if it is large.
template <int Nodes, int Operands, int Roots>
constexpr auto pack_with_print(const builder& b, const buffer<int>& roots) {
  auto p = pack<Nodes, Operands, Roots>(b, roots);
  if (p.nodes >= budgets::stored_from) p.print = fingerprint_of(b, roots);
  return p;
}

/// Whether what a request builds is a program.
template <class Request>
concept Program = requires {
  Request::is_program;
};

/// Whether a request only chooses derivatives from graphs that are in canonical form.
template <class Request>
inline constexpr bool is_canonical = false;
template <class Request>
requires requires { Request::is_canonical; }
inline constexpr bool is_canonical<Request> = Request::is_canonical;

// The unnamed texts among the template parameters of the next three are there for clang, whose error about a
// formula that is too large for its allowance of steps names these functions, and no flag. (g++ names its
// flag.)

/// Builds what a request asks for; returns whether it is in canonical form.
template <class Request>
constexpr bool build(builder& b, buffer<int>& roots) {
  bool canonical = Program<Request> || is_canonical<Request>;
  if constexpr (std::same_as<decltype(Request::build(b, roots)), bool>)
    canonical = Request::build(b, roots);
  else
    Request::build(b, roots);
  if (const structure* const loops = find_loop(b); loops != nullptr && b.misfit.function.empty())
    canonical = !loops->join(b, roots) && canonical;
  return canonical;
}

/// What was shared in between only may be dissolved by a second sweep, which is made only if the first has
/// changed something.
constexpr bool simplify_again(const builder& from, const buffer<int>& old_roots, const builder& to,
                              const buffer<int>& roots) {
  for (int k = 0; k < roots.size(); ++k)
    if (from[old_roots[k]].hash != to[roots[k]].hash) return true;
  return false;
}

/// Algebra may make an array smaller, as x - x is the number 0; an output has the shape that it was asked
/// for.
constexpr void keep_shapes(const builder& from, const buffer<int>& old_roots, builder& to,
                           buffer<int>& roots) {
  for (int k = 0; k < roots.size(); ++k)
    roots[k] = from.arrays->broadcast(to, roots[k], to.lists.copy(from.lists, from.shape(old_roots[k])));
}

/// The canonical form, in which captured numbers are numbered in a row: so the order of operands does not
/// depend on what else a source has captured. `first` has their slots in the source.
template <int Nodes, int Operands, int Roots>
constexpr packed<Nodes, Operands, Roots> pack_canonical(const builder& from, buffer<int>& roots, int sweeps) {
  if (!from.misfit.function.empty()) return pack_refusal<Nodes, Operands, Roots>(from);
  builder to(8);
  buffer<int> old_roots, slots;
  for (int r : roots) old_roots.push_back(r);
  simplify(from, to, roots, &slots);
  if (from.arrays != nullptr) keep_shapes(from, old_roots, to, roots);
  bool again = sweeps > 1 && simplify_again(from, old_roots, to, roots);
  if (const int used = slots.size(); used > 0) {  // some may have cancelled
    buffer<int> order, position;
    evaluation_order(to, roots, order, position);
    again = again || order.size() < used || to.what(order[used - 1]) != kind::captured;
  }
  auto p = again ? pack_canonical<Nodes, Operands, Roots>(to, roots, sweeps - 1)
                 : pack_with_print<Nodes, Operands, Roots>(to, roots);
  for (int k = 0; p.fits && k < p.nodes && p.op[k]->what == kind::captured; ++k)
    p.first[k] = slots[p.first[k]];
  return p;
}

/// The graph that a request builds: in canonical form; or, for a program, whose sources are canonical
/// already, in the form in which it is evaluated.
template <class Request, int Nodes, int Operands, text = "if the steps run out, give it ",
          text = "-fconstexpr-steps=100000000">
constexpr auto compute() {
  builder b(Request::guess());
  buffer<int> roots;
  const bool done = build<Request>(b, roots);
  if constexpr (Program<Request>) {
    return Request::template lower<Nodes, Operands>(b, roots);
  } else {
    if (done) {
      auto p = pack_with_print<Nodes, Operands, Request::roots()>(b, roots);
      p.derived = is_canonical<Request>;
      return p;
    }
    constexpr bool twice = requires { Request::simplified_twice; };
    return pack_canonical<Nodes, Operands, Request::roots()>(b, roots,
                                                             b.arrays != nullptr ? budgets::array_sweeps
                                                             : twice             ? 2
                                                                                 : 1);
  }
}

/// The same in two evaluations, each of which has the compiler's whole allowance of steps: first what the
/// request builds,
template <class Request, int Nodes, int Operands, text = "if the steps run out, give it ",
          text = "-fconstexpr-steps=100000000">
constexpr auto compute_raw() {
  builder b(Nodes / 2);
  buffer<int> roots;
  build<Request>(b, roots);
  if (!b.misfit.function.empty()) return pack_refusal<Nodes, Operands, Request::roots()>(b);
  return pack<Nodes, Operands, Request::roots()>(b, roots);
}
/// and then its canonical form.
template <int Nodes, int Operands, int Roots, text = "if the steps run out, give it ",
          text = "-fconstexpr-steps=100000000", class Packed>
constexpr auto compute_canonical(const Packed& raw) {
  if (raw.nodes == 0) return pack_refusal<Nodes, Operands, Roots>(raw);
  buffer<int> roots;
  for (int k = 0; k < raw.roots; ++k) roots.push_back(raw.root[k]);
  return pack_canonical<Nodes, Operands, Roots>(builder(raw), roots,
                                                raw.lists > 0 ? budgets::array_sweeps : 1);
}

/// A step of a computation as a constant of its own. (A local constexpr variable would be computed anew by
/// clang whenever its function is evaluated.)
template <class Request, int Nodes, int Operands>
struct direct {
  static constexpr auto graph = compute<Request, Nodes, Operands>();
};
template <class Request, int Nodes, int Operands>
struct built {
  static constexpr auto graph = compute_raw<Request, Nodes, Operands>();
};
template <class Built, int Nodes, int Operands, int Roots>
struct canonical {
  static constexpr auto graph = compute_canonical<Nodes, Operands, Roots>(Built::graph);
};

/// A step with the room that was guessed, or once more with the room that it turned out to need.
template <template <int, int> class Step, class First, bool Fits = First::graph.fits>
struct fitted {
  using type = First;
};
template <template <int, int> class Step, class First>
struct fitted<Step, First, false> {
  using type = Step<First::graph.nodes, First::graph.operands>;
};
/// Room in few sizes, so that the graphs of many formulas are of one type.
constexpr int room_for(int nodes) {
  int room = 32;
  while (room < nodes) room *= 2;
  return room;
}
template <template <int, int> class Step, int Guess>
using fitted_t = typename fitted<Step, Step<room_for(Guess), 2 * room_for(Guess)>>::type;

/// The second time that a graph is simplified, where it is.
template <bool Twice, template <int, int> class Step, class Once>
struct last_step {
  using type = fitted_t<Step, Once::graph.nodes>;
};
template <template <int, int> class Step, class Once>
struct last_step<false, Step, Once> {
  using type = Once;
};

/// A request's graph as a constant. `Request::guess` is the room tried first.
template <class Request, bool InOneStep = is_canonical<Request> || Program<Request> ||
                                          (Request::guess() < budgets::one_step)>
struct result_steps {
  template <int Nodes, int Operands>
  using step = direct<Request, Nodes, Operands>;
  using type = fitted_t<step, Request::guess()>;
};
template <class Request>
struct result_steps<Request, false> {
  template <int Nodes, int Operands>
  using first_step = built<Request, Nodes, Operands>;
  using raw = fitted_t<first_step, Request::guess()>;
  template <int Nodes, int Operands>
  using second_step = canonical<raw, Nodes, Operands, Request::roots()>;
  using second = fitted_t<second_step, raw::graph.nodes>;
  template <int Nodes, int Operands>
  using third_step = canonical<second, Nodes, Operands, Request::roots()>;
  using type = typename last_step < requires { Request::simplified_twice; }
  , third_step, second > ::type;
};
template <class Request>
using result = typename result_steps<Request>::type;

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
