// SPDX-License-Identifier: BSL-1.0
// Loops in formulas: scan, iterate and repeat, whose body is a function of the arrays of one step.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <tuple>

#include "../../pass/loop/derive_scan.hpp"
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
  static constexpr bool known = N >= -1 && (is_option(Options) && ...);
  static constexpr int flags = (has<reversed_t> ? runs_backwards : 0) | (has<recompute_t> ? recomputes : 0);
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

/// A loop over bound symbols that are given their level when the whole body is known.
class loop_maker {
 public:
  constexpr loop_maker(builder& graph, const buffer<int>& args, int carries, int fixed_steps, int flags)
      : b{graph} {
    parts_.carries = carries, parts_.sequences = args.used - carries, parts_.flags = flags;
    parts_.steps = as_extent(fixed_steps);
    for (int x : args) args_.push_back(x);
    for (int k = 0; k < carries; ++k) shape_.push_back(b.shape(args[k]));
    for (int k = 0; k < parts_.sequences; ++k) read_sequence(parts_.sequence(k));
    if (parts_.steps.is(-1))
      b.refuse(
          "scan: there is no sequence, so the number of steps is not known; "
          "give it: tg::iterate<tg::steps<10>>(body, x).");
  }
  /// What the body is called with, for the shapes of carried arrays that are assumed so far.
  constexpr void symbols(buffer<int>& all) {
    level_ = free_level(b);
    all.clear();
    for (int k = 0; k < parts_.carries; ++k)
      all.push_back(bound_symbol(b, level_, carry_symbol, k, shape_[k]));
    for (int k = 0; k < parts_.sequences; ++k)
      all.push_back(
          bound_symbol(b, level_, step_symbol, k, shape_of_step(b, b.shape(args_[parts_.sequence(k)]))));
  }
  /// Whether the body keeps the shapes of what it carries. What a loop begins with may be smaller.
  constexpr bool keeps_shapes(const buffer<int>& roots, bool last_chance) {
    bool same = true;
    for (int k = 0; k < parts_.carries; ++k) {
      const int own = shape_[k], next = b.shape(roots[k]), joined = b.arrays->join_shapes(b, own, next);
      if (joined == own) continue;
      same = false;
      if (joined < 0 || last_chance) b.refuse_shapes("scan: what is carried changes its shape", own, next);
      shape_[k] = joined;
    }
    return same || !b.misfit.function.empty();
  }
  constexpr void build(buffer<int>& roots, const buffer<int>& outputs, buffer<int>& results) {
    const int count = outputs.used > 0 ? outputs.used : parts_.carries;
    if (!b.misfit.function.empty()) return results.assign(count, zero_node);
    for (int k = 0; k < parts_.carries; ++k) {
      args_[k] = broadcast(b, args_[k], shape_[k]);
      roots[k] = broadcast(b, roots[k], shape_[k]);
    }
    parts_.emitted = outputs.used;
    for (int x : outputs) roots.push_back(x);
    give_level(roots);
    for (int x : roots) args_.push_back(x);
    const int scan = make_scan(b, parts_, args_), first = outputs.used > 0 ? parts_.carries : 0;
    for (int k = 0; k < count; ++k) results.push_back(result_of(b, scan, first + k));
  }

 private:
  constexpr void read_sequence(int place) {
    const int shape = b.shape(args_[place]);
    if (shape == 0) return b.refuse_axis("scan: a sequence", shape, 0);
    if (b[args_[place]].op->shaped != nullptr && b[args_[place]].op->shaped->integers)
      b.refuse("scan: a sequence is an index; select with it before the loop.");
    const extent own = b.lists.at(shape, 0);
    if (parts_.steps.is(-1)) parts_.steps = own;
    if (!(own == parts_.steps))
      b.refuse_shapes("scan: the lengths of sequences", b.shape(args_[parts_.carries]), shape, parts_.steps,
                      own);
  }
  /// One more than that of the loops within.
  constexpr void give_level(buffer<int>& roots) {
    open_nodes open(b, level_);
    buffer<int> none, also_none;
    for (int i = open.first(); i < b.size(); ++i)
      if (open[i] != 0 && is_scan(b, i) && level_of(b, i) >= parts_.level) parts_.level = level_of(b, i) + 1;
    detail::give_level(b, roots, level_, parts_.level, none, also_none);
  }

  builder& b;
  scan_parts parts_;
  int level_ = 0;
  buffer<int> args_, shape_;
};

template <class Body, int Carries, int Arguments, bool LastOnly, class Options>
constexpr void make_loop(const Body& body, builder& b, const buffer<int>& args, buffer<int>& results) {
  loop_maker loop(b, args, Carries, Options::fixed_steps(), Options::flags);
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
    return refuse<text{"scan: the options are tg::reversed, tg::recompute and tg::steps<n>."}, Options>();
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
/// is read from outside. Options: tg::reversed, tg::recompute, tg::steps<N>. (As jax.lax.scan.)
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
