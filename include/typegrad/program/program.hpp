// SPDX-License-Identifier: BSL-1.0
// A program: what evaluates several outputs for given inputs. A request names the formulas; a short tag
// stands for it; the tag is what is run. The checks of inputs and the shapes of outputs are here too.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <span>

#include "../formula/derivative.hpp"
#include "../lower/blocks.hpp"
#include "../lower/keep_digits.hpp"
#include "../lower/order_terms.hpp"
#include "../lower/reciprocals.hpp"
#include "../lower/scale_exponentials.hpp"
#include "../lower/share_factors.hpp"
#include "../lower/split_quotients.hpp"
#include "run.hpp"

namespace tg {

namespace detail {

/// Whether a source is a large gradient, Jacobian or Hessian. (Small ones are not told apart from other
/// formulas.)
template <class F>
constexpr bool is_derived = [] {
  if constexpr (requires { F::graph; })
    return F::graph.derived;
  else
    return false;
}();

/// The program that computes the outputs F... from inputs in the order of Symbols.
template <class Symbols, class... F>
struct program_request;
template <class... S, class... F>
struct program_request<symbol_list<S...>, F...> {
  static consteval int roots() { return (F::outputs() + ...); }
  static consteval int guess() { return 2 * (F::size() + ...) + static_cast<int>(sizeof...(S)) + 8; }
  using symbols = symbol_list<S...>;
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> inputs;
    load_symbols(b, inputs, symbols{});
    load_all<F...>(b, out);
  }
  static constexpr bool is_program = true;

  /// The graph, canonical until here, in the form in which it is evaluated.
  template <int Nodes, int Operands>
  static constexpr auto lower(builder& b, buffer<int>& out) {
    if constexpr ((is_derived<F> || ...)) {
      buffer<bool> derived;
      for (const int outputs : {(is_derived<F> || F::outputs() > 1 ? F::outputs() : -F::outputs())...})
        for (int k = 0; k < outputs || k < -outputs; ++k) derived.push_back(outputs > 0);
      relate_derivatives(b, out, derived);
    }
    const fingerprint print = fingerprint_of(b, out);
    if constexpr (divides_by_exponentials<F...>) scale_exponentials(b, out);
    buffer<char> whole;
    keep_digits(b, out);
    split_quotients(b, out, whole);
    keep_range(b, out, whole);
    share_reciprocals(b, out, whole);
    if (b.size() >= budgets::shared_products) {
      b.limited = true;
    } else {
      buffer<int> block;
      find_block_of_each<Nodes, Operands, program_request::roots()>(b, out, block);
      share_factors(b, out, block, whole);
    }
    auto p = pack<Nodes, Operands, program_request::roots()>(b, out);
    if (p.fits) order_terms(p);
    p.print = print;
    return p;
  }
};

template <class Request>
struct tagged {
  using type = tag_t<result<Request>>;
  static_assert(sizeof(note<type, Request>) != 0);
};
template <class Request>
using program_tag_t = typename tagged<Request>::type;

/// The captured numbers that a program needs, in its own order.
template <class Tag, class... Numbers>
constexpr auto gather_numbers(const Numbers&... numbers) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return list<std::remove_cvref_t<decltype(source_number<code<Tag>::graph.first[K]>(numbers...))>...>{
        source_number<code<Tag>::graph.first[K]>(numbers...)...};
  }
  (std::make_integer_sequence<int, captured_in(code<Tag>::graph)>{});
}

TYPEGRAD_STEPS_BEGIN
template <class Tag, int Root, class T>
TYPEGRAD_INLINE constexpr void write_output(const T* frame, T& out) {
  if constexpr (code<Tag>::graph.op[Root]->what == kind::condition)
    out = select(condition<Tag, Root>(frame), T(1), T(0));
  else
    out = frame[number<code<Tag>::steps.place[Root]>];
}

/// A program that is one function.
template <class Tag, class T, class Numbers, int... Part, int... R>
TYPEGRAD_INLINE constexpr void run_all(const T* in, const Numbers& numbers, [[maybe_unused]] T* out,
                                       std::integer_sequence<int, Part...>,
                                       std::integer_sequence<int, R...>) noexcept(std::is_arithmetic_v<T>) {
  T frame[code<Tag>::steps.frame_size > 0 ? code<Tag>::steps.frame_size : 1];
  const state<T, Numbers> s{in, numbers};
  [[maybe_unused]] const char done[] = {
      (part_at<Tag, Part>::run(frame, frame, s), '\0')...,
      (write_output<Tag, code<Tag>::graph.root[R]>(static_cast<const T*>(frame), out[R]), '\0')..., '\0'};
}

/// The parts from First on, a function of its own.
template <class Tag, int First, class T, class Numbers, int... Part>
constexpr void run_group(T* frame, const T* in, const Numbers& numbers,
                         std::integer_sequence<int, Part...>) noexcept(std::is_arithmetic_v<T>) {
  T group_frame[code<Tag>::steps.group_frame_size + 1];
  const state<T, Numbers> s{in, numbers};
  [[maybe_unused]] const char done[] = {(part_at<Tag, First + Part>::run(frame, group_frame, s), '\0')...};
}

/// A program that is a function for each group of parts.
template <class Tag, class T, class Numbers, int... Group, int... R>
constexpr void run_groups(const T* in, const Numbers& numbers, [[maybe_unused]] T* out,
                          std::integer_sequence<int, Group...>,
                          std::integer_sequence<int, R...>) noexcept(std::is_arithmetic_v<T>) {
  T frame[code<Tag>::steps.frame_size];
  [[maybe_unused]] const char done[] = {
      (run_group<Tag, number<code<Tag>::steps.group[Group]>>(
           frame, in, numbers,
           std::make_integer_sequence<int,
                                      code<Tag>::steps.group[Group + 1] - code<Tag>::steps.group[Group]>{}),
       '\0')...,
      (write_output<Tag, code<Tag>::graph.root[R]>(static_cast<const T*>(frame), out[R]), '\0')...};
}

/// Runs the program: `in` holds the inputs, `out` receives the outputs.
template <class Tag, class T, class Numbers>
constexpr void evaluate_program(const T* in, const Numbers& numbers,
                                T* out) noexcept(std::is_arithmetic_v<T>) {
  constexpr std::make_integer_sequence<int, code<Tag>::graph.roots> roots;
  if constexpr (constexpr int groups = number<code<Tag>::steps.groups>; groups > 1)
    run_groups<Tag>(in, numbers, out, std::make_integer_sequence<int, groups>{}, roots);
  else
    run_all<Tag>(in, numbers, out, parts_of<Tag, 0>{}, roots);
}
TYPEGRAD_STEPS_END

/// Whether a program runs on several numbers at once: a primitive of a user may not.
template <class T, class Tag>
constexpr bool runs_in_lanes() {
  if (!std::same_as<T, float> && !std::same_as<T, double>) return false;
  constexpr auto& graph = result<noted<Tag>>::graph;
  for (int i = 0; i < graph.nodes; ++i)
    if (!graph.op[i]->built_in && graph.op[i]->what != kind::variable) return false;
  return true;
}

/// The number type of an evaluation: what the values have in common; integers count as double.
template <class T>
using real_t = std::conditional_t<std::is_integral_v<T>, double, T>;

/// A value in the shape of an output.
template <class Shape, class T>
struct shaped;
template <class T>
struct shaped<shape<>, T> {
  using type = T;
  static constexpr type from(const T* v) { return *v; }
};
template <class T, int N, int... M>
struct shaped<shape<N, M...>, T> {
  using inner = shaped<shape<M...>, T>;
  using type = std::array<typename inner::type, static_cast<std::size_t>(N)>;
  static constexpr type from(const T* v) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return type{inner::from(v + K * shape<M...>::outputs)...};
    }
    (std::make_integer_sequence<int, N>{});
  }
};

/// Refuses a symbol that occurs in the outputs and is no input.
template <const called& Call, class Symbols, class... F>
struct inputs_required;
template <const called& Call, class... S, class... F>
struct inputs_required<Call, symbol_list<S...>, F...> {
  static constexpr const record* find_missing() {
    builder b;
    buffer<int> all;
    load_symbols(b, all, symbol_list<S...>{});
    const int given = b.size();
    (load_symbols_of<F>(b), ...);
    for (int i = given; i < b.size(); ++i)
      if (b.what(i) == kind::variable) return b[i].op;
    return nullptr;
  }
  static constexpr bool check() {
    constexpr const record* missing = find_missing();
    if constexpr (missing != nullptr && missing->shaped != nullptr)
      return refuse<join(name_of<Call>(), text{": the array '"}, name_text<missing>(),
                         text{"' is no input; formulas of arrays are evaluated by tg::function(tg::inputs("},
                         name_text<missing>(), text{", ...), tg::outputs(...))."}),
                    F...>();
    else if constexpr (missing != nullptr)
      return refuse<join(name_of<Call>(), text{": the symbol '"}, name_text<missing>(),
                         text{"' has no value; bind it, or name it among the inputs."}),
                    F...>();
    else
      return true;
  }
};

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
