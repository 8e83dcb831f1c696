// SPDX-License-Identifier: BSL-1.0
// Loops in formulas: scan, iterate and repeat, whose body is a function of the arrays of one step.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <tuple>

#include "loop_maker.hpp"
#include "movements.hpp"

namespace tg {

/// Options of a loop: tg::scan<tg::reversed>(body, h, xs) begins with the last step; its results are in the
/// order of the sequences all the same.
struct reversed_t {};
inline constexpr reversed_t reversed{};
/// Derivatives compute the steps again from the carried arrays, which alone are kept, instead of keeping all
/// that they need of a step: less memory for about a third more work.
struct recompute_t {};
inline constexpr recompute_t recompute{};
/// Derivatives keep only every N-th of the carried arrays, and compute the N steps between two of them again,
/// of which they keep what they need: of T steps T / N and N are kept at a time instead of T, for about a
/// third more work. The number of steps is one of the formula, a multiple of N.
template <int N>
struct save_every_t {};
template <int N>
inline constexpr save_every_t<N> save_every{};
/// A number of steps, for a loop without sequences: tg::iterate<tg::steps<10>>(body, x).
template <int N>
struct steps_t {};
template <int N>
inline constexpr steps_t<N> steps{};

namespace detail {

/// What a body returns that gives out more than what it carries.
template <class Carried, class... Y>
struct emitting {
  Carried carried;
  std::tuple<Y...> out;
};
/// Several carried arrays.
template <class... X>
struct carried_arrays {
  std::tuple<X...> all;
  template <class... Y>
  constexpr emitting<carried_arrays, Y...> emit(const Y&... y) const {
    return {*this, {y...}};
  }
};

}  // namespace detail

/// The arrays that a loop carries from step to step: what it begins with, and what its body returns. With
/// `.emit(y, ...)` a step gives out other arrays than these.
template <class... X>
requires AnySymbolic<X...>
constexpr auto carry(const X&... x) { return detail::carried_arrays<X...>{{x...}}; }

namespace detail {

// What is carried, as a tuple; what a step gives out.
template <class X>
constexpr std::tuple<X> carried_by(const X& x) {
  return {x};
}
template <class... X>
constexpr std::tuple<X...> carried_by(const carried_arrays<X...>& c) {
  return c.all;
}
template <class C, class... Y>
constexpr auto carried_by(const emitting<C, Y...>& e) {
  return carried_by(e.carried);
}
template <class X>
constexpr auto given_out_by(const X& x) {
  return carried_by(x);
}
template <class C, class... Y>
constexpr std::tuple<Y...> given_out_by(const emitting<C, Y...>& e) {
  return e.out;
}
template <class Tuple>
inline constexpr int size_of_tuple = static_cast<int>(std::tuple_size_v<Tuple>);

template <int N, auto... Options>
struct loop_options {
  template <class O>
  static constexpr bool has = (std::is_same_v<std::remove_const_t<decltype(Options)>, O> || ...);
  template <class O>
  static constexpr bool is_option(O) {
    return std::is_same_v<O, reversed_t> || std::is_same_v<O, recompute_t>;
  }
  template <int Steps>
  static constexpr bool is_option(steps_t<Steps>) {
    return Steps >= 0;
  }
  template <int Every>
  static constexpr bool is_option(save_every_t<Every>) {
    return Every >= 1;
  }
  static constexpr bool known = N >= -1 && (is_option(Options) && ...);
  static constexpr int flags = (has<reversed_t> ? runs_backwards : 0) | (has<recompute_t> ? recomputes : 0);
  template <int Every>
  static constexpr int kept_of(save_every_t<Every>) {
    return Every;
  }
  template <class O>
  static constexpr int kept_of(O) {
    return 0;
  }
  static constexpr int save_every = (kept_of(Options) + ... + 0);
  template <int Steps>
  static constexpr int steps_of(steps_t<Steps>) {
    return Steps;
  }
  template <class O>
  static constexpr int steps_of(O) {
    return -1;
  }
  static constexpr int fixed_steps() {
    int found = N;
    for (const int each : {steps_of(Options)..., -1})
      if (each >= 0) found = each;
    return found;
  }
};

/// A body on handles.
template <class Body, int Arguments>
struct body_call {
  template <class K>
  struct result;
  template <int... K>
  struct result<std::integer_sequence<int, K...>> {
    using type =
        std::remove_cvref_t<decltype(std::declval<const Body&>()((static_cast<void>(K), handle{})...))>;
  };
  template <int... K>
  static auto accepts(std::integer_sequence<int, K...>)
      -> std::bool_constant<std::is_invocable_v<const Body&, std::enable_if_t<(K >= 0), handle>...>>;
  using places = std::make_integer_sequence<int, Arguments>;
  static constexpr bool fits = decltype(accepts(places{}))::value;
  using returned = typename result<places>::type;
  using carried = decltype(carried_by(std::declval<returned>()));
  using given_out = decltype(given_out_by(std::declval<returned>()));

  static constexpr void run(const Body& body, builder& b, const buffer<int>& symbols, buffer<int>& roots,
                            buffer<int>& outputs, bool last_only) {
    with_handles<Arguments>(b, symbols.items, [&](auto... x) {
      const returned r = body(x...);
      const auto put = [&b](const auto& tuple, buffer<int>& to) {
        std::apply([&](const auto&... each) { (to.push_back(handle(b, zero_node).beside(each).in(b)), ...); },
                   tuple);
      };
      put(carried_by(r), roots);
      if (!last_only) put(given_out_by(r), outputs);
    });
  }
};

template <class Body, int Carries, int Arguments, bool LastOnly, class Options>
constexpr void make_loop(const Body& body, builder& b, const buffer<int>& args, buffer<int>& results) {
  loop_maker loop(b, args, Carries, Options::fixed_steps(), Options::flags, Options::save_every);
  buffer<int> symbols, roots, outputs;
  for (int tries = 3; tries > 0; --tries) {
    roots.clear(), outputs.clear();
    loop.symbols(symbols);
    body_call<Body, Arguments>::run(body, b, symbols, roots, outputs, LastOnly);
    if (loop.keeps_shapes(roots, tries == 1)) break;
  }
  loop.build(roots, outputs, results);
}

template <class Body, int Carries, bool LastOnly, class Options, class... F>
struct loop_request {
  static constexpr int arguments = static_cast<int>(sizeof...(F));
  using call = body_call<Body, arguments>;
  static constexpr int count = LastOnly ? Carries : size_of_tuple<typename call::given_out>;
  using shape_type = std::conditional_t<count == 1, shape<>, shape<count>>;
  static consteval int roots() { return count; }
  static consteval int guess() { return (F::size() + ... + 64); }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> args;
    int slots = 0;
    ((F::load(b, args, slots), slots += F::slots()), ...);
    make_loop<Body, Carries, arguments, LastOnly, Options>(Body{}, b, args, out);
    if (!b.misfit.function.empty()) b.arrays = &arrays_of_formulas;  // who writes the sentence
  }
};

template <bool LastOnly, class Options, int Carries, class Body, class... X>
constexpr auto call_loop(const Body& body, const X&... x) {
  constexpr int arguments = static_cast<int>(sizeof...(X));
  using call = body_call<Body, arguments>;
  if constexpr (!Options::known) {
    return refuse<text{"scan: the options are tg::reversed, tg::recompute, tg::save_every<n> and "
                       "tg::steps<n>."},
                  Options>();
  } else if constexpr (!call::fits) {
    return refuse<text{"scan: the body must take what is carried and then a step of each sequence; if it "
                       "does, the error is in it: call tanh(v), not std::tanh(v)."},
                  Body, X...>();
  } else if constexpr (size_of_tuple<typename call::carried> != Carries) {
    return refuse<text{"scan: the body must return as many carried arrays as the loop begins with."}, Body,
                  X...>();
  } else if constexpr ((Handle<X> || ...)) {
    builder& b = *one_in_graph(x...).graph;
    buffer<int> args, results;
    (args.push_back(one_in_graph(x...).beside(x).in(b)), ...);
    make_loop<Body, Carries, arguments, LastOnly, Options>(body, b, args, results);
    constexpr int count = LastOnly ? Carries : size_of_tuple<typename call::given_out>;
    if constexpr (count == 1) {
      return handle(b, results[0]);
    } else {
      std::array<handle, static_cast<std::size_t>(count)> all;
      for (int k = 0; k < count; ++k) all[static_cast<std::size_t>(k)] = handle(b, results[k]);
      return all;
    }
  } else if constexpr (!std::is_default_constructible_v<Body>) {
    return refuse<text{"scan: outside of a trace the body must be a lambda without captures."}, Body, X...>();
  } else {
    using request =
        loop_request<Body, Carries, LastOnly, Options, from<std::remove_cvref_t<decltype(lift(x))>>...>;
    return [](const auto&... f) { return answer<request>(list<>{}, f.numbers...); }(lift(x)...);
  }
}
template <bool LastOnly, class Options, class Body, class Init, class... Xs>
constexpr auto loop_over(const Body& body, const Init& init, const Xs&... xs) {
  return std::apply(
      [&](const auto&... first) {
        return call_loop<LastOnly, Options, static_cast<int>(sizeof...(first))>(body, first..., xs...);
      },
      carried_by(init));
}

}  // namespace detail

/// All states of a loop. The body gets what is carried and one step of each sequence, whose first axis is
/// that of the steps, and returns what is carried on: `scan([](auto h, auto x) { return tanh(h + x); }, h,
/// xs)` has the shape (steps, shape of h). It is compiled once, forward and backward, for any number of
/// steps, which may be that of a call. Several arrays are carried as tg::carry(h, c), and the result is one
/// of each; a body that returns tg::carry(h, c).emit(y, ...) gives out the y instead. What else the body uses
/// is read from outside. Options: tg::reversed, tg::recompute, tg::save_every<N>,
/// tg::steps<N>. (As jax.lax.scan.)
template <auto... Options, class Body, class Init, class... Xs>
constexpr auto scan(const Body& body, const Init& init, const Xs&... xs) {
  return detail::loop_over<false, detail::loop_options<-1, Options...>>(body, init, xs...);
}
/// What a loop carries after the last step; what it begins with after no steps. One that is scanned and
/// iterated is one loop in a function.
template <auto... Options, class Body, class Init, class... Xs>
constexpr auto iterate(const Body& body, const Init& init, const Xs&... xs) {
  return detail::loop_over<true, detail::loop_options<-1, Options...>>(body, init, xs...);
}
/// The body N times, as layers of a network, over parameters that are stacked in their first axis:
/// `repeat<12>([](auto x, auto w, auto b) { return tanh(matmul(x, w) + b); }, x, ws, bs)`.
template <int N, auto... Options, class Body, class Init, class... Xs>
constexpr auto repeat(const Body& body, const Init& init, const Xs&... xs) {
  return detail::loop_over<true, detail::loop_options<N, Options...>>(body, init, xs...);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
