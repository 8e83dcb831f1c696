// SPDX-License-Identifier: BSL-1.0
// Calling formulas with numbers: `f(x = 2.0, y = 1.0)`, and functions compiled from several outputs,
// `tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)))`.
#pragma once

#include <array>
#include <span>

#include "../formula/derivative.hpp"
#include "../pass/schedule.hpp"
#include "run.hpp"

namespace tg {

namespace detail {

/// The program that computes the outputs F... from inputs in the order of Symbols.
template <class Symbols, class... F>
struct program_request;
template <class... S, class... F>
struct program_request<symbol_list<S...>, F...> {
  static constexpr int roots = (F::outputs + ...);
  static constexpr int guess = 2 * (F::size + ...) + static_cast<int>(sizeof...(S)) + 8;
  static constexpr int inputs = static_cast<int>(sizeof...(S));
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> symbols;
    load_symbols(b, symbols, symbol_list<S...>{});
    load_all<F...>(b, out);
  }
  /// Where the value of a symbol is among the inputs.
  static constexpr int position(std::string_view name) {
    int at = 0;
    const bool found = ((S::name.view() == name || (++at, false)) || ...);
    return found ? at : -1;
  }
  static constexpr bool is_program = true;
};

template <class Result>
struct distinct_primitives {
  static constexpr auto find() {
    struct {
      int count = 0;
      int node[Result::graph.nodes > 0 ? Result::graph.nodes : 1]{};
    } r;
    for (int i = 0; i < Result::graph.nodes; ++i) {
      const record* op = Result::graph.node[i].op;
      bool seen = op->built_in;
      for (int k = 0; k < r.count && !seen; ++k) seen = Result::graph.node[r.node[k]].op == op;
      if (!seen) r.node[r.count++] = i;
    }
    return r;
  }
  static constexpr auto own = find();
};

template <class Result, int... K>
auto tag_of(std::integer_sequence<int, K...>)
    -> program_tag<Result::graph.print.high, Result::graph.print.low, operation_of<Result::graph.node[distinct_primitives<Result>::own.node[K]].op>...>;

template <class Request>
struct tagged {
  using type = decltype(tag_of<result<Request>>(std::make_integer_sequence<int, distinct_primitives<result<Request>>::own.count>{}));
  static_assert(sizeof(bind_program<type, Request>) != 0);
};
template <class Request>
using program_tag_t = typename tagged<Request>::type;

/// The list of captured numbers that a program needs, in its own order.
template <class Result, class... Numbers>
constexpr auto gather_numbers(const Numbers&... numbers) {
  constexpr int n = [] {
    int count = 0;
    while (count < Result::graph.nodes && Result::graph.node[count].op->what == kind::captured) ++count;
    return count;
  }();
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return list<std::remove_cvref_t<decltype(source_number<Result::graph.node[K].first>(numbers...))>...>{
        source_number<Result::graph.node[K].first>(numbers...)...};
  }(std::make_integer_sequence<int, n>{});
}

#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
template <class Tag, int Root, class T>
TYPEGRAD_INLINE constexpr void write_output(const T* frame, T& out) {
  if constexpr (code<Tag>::graph.node[Root].op->what == kind::condition) out = select(condition<Tag, Root>(frame), T(1), T(0));
  else out = frame[Root];
}

/// Runs the program: `in` holds the inputs, `out` receives the outputs.
template <class Tag, class T, class Numbers>
constexpr void evaluate_program(const T* in, const Numbers& numbers, T* out) {
  constexpr const auto& graph = code<Tag>::graph;
  T frame[graph.nodes > 0 ? graph.nodes : 1];
  run_block<Tag, 0>(frame, in, numbers);
  [&]<int... R>(std::integer_sequence<int, R...>) TYPEGRAD_LAMBDA_INLINE {
    [[maybe_unused]] const char done[] = {(write_output<Tag, graph.root[R]>(frame, out[R]), '\0')..., '\0'};
  }(std::make_integer_sequence<int, graph.roots>{});
}
#pragma GCC diagnostic pop

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
    }(std::make_integer_sequence<int, N>{});
  }
};
template <class F>
struct shape_of_output {
  using type = shape<>;
};
template <class Shape, class Roots, class... Nodes>
struct shape_of_output<formulas<Shape, Roots, Nodes...>> {
  using type = Shape;
};

}  // namespace detail

/// The inputs of a function: symbols and groups, in the order of its arguments.
template <class... S>
struct input_list {};
template <detail::SymbolOrGroup... S>
constexpr input_list<S...> inputs(const S&...) {
  return {};
}

namespace detail {

template <class S>
inline constexpr bool is_group = false;
template <text Stem, int N>
inline constexpr bool is_group<symbol_group<Stem, N>> = true;

template <class T>
inline constexpr bool is_span = false;
template <class T, std::size_t N>
inline constexpr bool is_span<std::span<T, N>> = true;

/// Several numbers in a row: a span, an array, a vector.
template <class T>
concept Memory = requires(T& t) { std::span{t}; };

template <class T>
constexpr std::size_t length_of_memory() {
  return decltype(std::span{std::declval<T&>()})::extent;
}

template <int N>
constexpr auto number_text() {
  return element_name<"", N>();
}

template <class T>
struct element_of {
  using type = T;
};
template <Memory T>
struct element_of<T> {
  using type = std::remove_cvref_t<decltype(std::declval<T&>()[0])>;
};
template <class... V>
inline constexpr bool all_nothrow = (std::is_arithmetic_v<typename element_of<std::remove_cvref_t<V>>::type> && ...);

template <class T>
constexpr auto number_of_argument(const T& v) {
  if constexpr (Numeric<T>) return real_t<T>{};
  else return real_t<std::remove_cvref_t<decltype(v[0])>>{};
}

}  // namespace detail

/// A function of numbers, compiled from formulas: one program for all outputs. Copyable; refers to nothing outside itself.
template <class Inputs, class Numbers, class... F>
class function_object;

template <class... S, class Numbers, class... F>
class function_object<input_list<S...>, Numbers, F...> {
  using symbols = detail::symbols_of_t<S...>;
  using request = detail::program_request<symbols, F...>;
  using tag = detail::program_tag_t<request>;

 public:
  static constexpr int input_size = symbols::size;
  static constexpr int output_size = request::roots;

  constexpr explicit function_object(const Numbers& numbers) : numbers_{numbers} {}

  /// With values, one argument per input (an array for a group): returns the outputs, one of them bare, several as a tg::list that
  /// takes a structured binding. With memory, `fn(in, out)`: `in` holds all inputs in order, `out` receives all outputs in order,
  /// row-major; both are std::span of fixed length, std::array or built-in arrays.
  template <class... V>
  constexpr auto operator()(V&&... values) const noexcept(detail::all_nothrow<V...>) {
    if constexpr (is_memory_call<V...>()) return on_memory(values...);
    else if constexpr (sizeof...(V) != sizeof...(S))
      refuse<join(text{"function: called with "}, detail::number_text<static_cast<int>(sizeof...(V))>(), text{" arguments; it takes "},
                  detail::number_text<static_cast<int>(sizeof...(S))>(), text{", one per input, or two spans."}), V...>();
    else return on_values(values...);
  }

 private:
  template <class... V>
  static constexpr bool is_memory_call() {
    if constexpr (sizeof...(V) != 2) return false;
    else return (detail::Memory<V> && ...) && !(sizeof...(S) == 2 && (detail::is_group<S> && ...) && !(detail::is_span<std::remove_cvref_t<V>> && ...));
  }

  template <class In, class Out>
  constexpr void on_memory(const In& in, Out& out) const {
    constexpr std::size_t n = detail::length_of_memory<In>(), m = detail::length_of_memory<Out>();
    if constexpr (n == std::dynamic_extent || m == std::dynamic_extent) {
      refuse<text{"function: the length of a span must be part of its type; pass std::span<T, n>, std::array or an array."}, In>();
    } else if constexpr (n != static_cast<std::size_t>(input_size) || m != static_cast<std::size_t>(output_size)) {
      refuse<join(text{"function: the spans have lengths "}, detail::number_text<static_cast<int>(n)>(), text{" and "},
                  detail::number_text<static_cast<int>(m)>(), text{"; needed are "}, detail::number_text<input_size>(), text{" inputs and "},
                  detail::number_text<output_size>(), text{" outputs."}), In>();
    } else {
      using T = std::remove_cvref_t<decltype(out[0])>;
      detail::evaluate_program<tag, T>(&in[0], numbers_, &out[0]);
    }
  }

  template <class... V>
  constexpr auto on_values(const V&... values) const {
    using T = std::common_type_t<decltype(detail::number_of_argument(values))...>;
    T in[input_size > 0 ? static_cast<std::size_t>(input_size) : 1];
    [[maybe_unused]] int at = 0;
    const auto put = [&]<class Symbol>(Symbol*, const auto& given) {
      if constexpr (!detail::is_group<Symbol>) {
        if constexpr (!Numeric<std::remove_cvref_t<decltype(given)>>)
          refuse<join(text{"function: the input '"}, Symbol::name, text{"' takes a number."}), Symbol>();
        else in[at++] = number_as<T>(given);
      } else if constexpr (requires { given[0]; }) {
        for (int k = 0; k < Symbol::size; ++k) in[at++] = number_as<T>(given[static_cast<std::size_t>(k)]);
      } else {
        refuse<text{"function: an input that is a group of symbols takes an array of the group's size."}, Symbol>();
      }
    };
    (put(static_cast<S*>(nullptr), values), ...);
    T out[static_cast<std::size_t>(output_size)];
    detail::evaluate_program<tag>(static_cast<const T*>(in), numbers_, out);
    return shape_values(static_cast<const T*>(out));
  }

  template <class T>
  static constexpr auto shape_values(const T* out) {
    if constexpr (sizeof...(F) == 1) {
      return detail::shaped<typename detail::shape_of_output<F>::type..., T>::from(out);
    } else {
      int at = 0;
      const auto take = [&]<class G>(G*) {
        const int from = at;
        at += G::outputs;
        return detail::shaped<typename detail::shape_of_output<G>::type, T>::from(out + from);
      };
      return list<typename detail::shaped<typename detail::shape_of_output<F>::type, T>::type...>{take(static_cast<F*>(nullptr))...};
    }
  }

  [[no_unique_address]] Numbers numbers_;
};

namespace detail {

/// Refuses a symbol that occurs in the outputs and is no input.
template <text Function, class... S, class... F>
constexpr void require_inputs(symbol_list<S...>, const list<F...>&) {
  constexpr int missing = [] {
    builder b;
    buffer<int> known_symbols, all;
    (S::load(b, known_symbols), ...);
    const int given = b.size();
    load_all<F...>(b, all);
    for (int i = given; i < b.size(); ++i)
      if (b.what(i) == kind::variable) return i;
    return -1;
  }();
  if constexpr (missing >= 0) {
    constexpr auto name = [] {
      builder b;
      buffer<int> all;
      (S::load(b, all), ...);
      load_all<F...>(b, all);
      text<64> t;
      std::size_t end = 0;
      for (char c : b[missing].op->name)
        if (end < 63) t.data[end++] = c;
      return std::pair{t, end};
    }();
    constexpr auto exactly = [&] {
      text<name.second + 1> t;
      for (std::size_t i = 0; i < name.second; ++i) t.data[i] = name.first.data[i];
      return t;
    };
    refuse<join(Function, text{": the symbol '"}, exactly(), text{"' has no value; "}, text{"give it one."})>();
  }
}

template <class S, class... All>
constexpr int times_in() {
  return (std::same_as<S, All> + ... + 0);
}
template <text Function, class... S>
constexpr void require_distinct(symbol_list<S...>) {
  const auto check = []<class One>(One*) {
    if constexpr (times_in<One, S...>() > 1) refuse<join(Function, text{": the symbol '"}, One::name, text{"' is given twice."})>();
  };
  (check(static_cast<S*>(nullptr)), ...);
}

}  // namespace detail

/// Compiles outputs into one function of the inputs. Subexpressions that outputs share are computed once.
template <class... S, class... F>
constexpr auto function(const input_list<S...>&, const output_list<F...>& outputs) {
  using symbols = detail::symbols_of_t<S...>;
  detail::require_distinct<"function">(symbols{});
  detail::require_inputs<"function">(symbols{}, outputs.all);
  using request = detail::program_request<symbols, F...>;
  return outputs.all.unpack([](const auto&... source) {
    const auto numbers = detail::gather_numbers<detail::result<request>>(source.numbers...);
    return function_object<input_list<S...>, std::remove_const_t<decltype(numbers)>, F...>{numbers};
  });
}

namespace detail {

template <class B>
struct bound_symbols;
template <text Name, class T>
struct bound_symbols<binding<Name, T>> {
  using type = symbol_list<formula<node::variable<Name>>>;
};
template <text Stem, int N, class T>
struct bound_symbols<group_binding<Stem, N, T>> {
  using type = symbols_of_t<symbol_group<Stem, N>>;
};
template <class B>
concept Binding = requires { typename bound_symbols<B>::type; };

template <text Name, class T>
constexpr const T& bound_value(const binding<Name, T>& b) {
  return b.value;
}
template <text Stem, int N, class T>
constexpr const T& bound_value(const group_binding<Stem, N, T>& b) {
  return b.values;
}
template <text Name, class T>
formula<node::variable<Name>> bound_item(const binding<Name, T>&);
template <text Stem, int N, class T>
symbol_group<Stem, N> bound_item(const group_binding<Stem, N, T>&);

/// The value of F for the bindings.
template <class F, class... B>
constexpr auto call(const F& f, const B&... bindings) {
  static_assert((Binding<B> && ...), "typegrad: a formula is called with bindings, f(x = 2.0, y = 1.0); for positional arguments make a tg::function.");
  using symbols = typename concatenate<typename bound_symbols<B>::type...>::type;
  require_distinct<"evaluation">(symbols{});
  require_inputs<"evaluation">(symbols{}, list<F>{f});
  if constexpr (sizeof...(B) == 0) return function(inputs(), outputs(f))();
  else return function(input_list<decltype(bound_item(bindings))...>{}, outputs(f))(bound_value(bindings)...);
}

}  // namespace detail

template <class... Nodes>
template <class... Bindings>
constexpr auto formula<Nodes...>::operator()(const Bindings&... bindings) const {
  return detail::call(*this, bindings...);
}
template <text Name>
template <class... Bindings>
constexpr auto formula<node::variable<Name>>::operator()(const Bindings&... bindings) const {
  return detail::call(*this, bindings...);
}
template <class Shape, int... Positions, class... Nodes>
template <class... Bindings>
constexpr auto formulas<Shape, roots<Positions...>, Nodes...>::operator()(const Bindings&... bindings) const {
  return detail::call(*this, bindings...);
}

}  // namespace tg
