// SPDX-License-Identifier: BSL-1.0
// Calling formulas with numbers: `f(x = 2.0, y = 1.0)`, and functions compiled from several outputs,
// `tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)))`.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../formula/call.hpp"
#include "../support/compiler/exceptions.hpp"
#include "program.hpp"

namespace tg {

namespace detail {

inline constexpr called inputs_call{"inputs", "inputs(x, y)"};
inline constexpr called function_call{"function", "function(inputs(x, y), outputs(f, g))"};
inline constexpr called evaluation_call{"evaluation"};

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
template <auto Stem, int N>
inline constexpr bool is_group<symbol_group<Stem, N>> = true;

template <class T>
inline constexpr bool is_span = false;
template <class T, std::size_t N>
inline constexpr bool is_span<std::span<T, N>> = true;

/// The number type of a call; double where no argument tells.
template <class... T>
struct common_number {
  using type = std::common_type_t<T...>;
};
template <>
struct common_number<> {
  using type = double;
};

/// Several numbers in a row: a span, an array, a vector.
template <class T>
concept Memory = requires(T& t) {
  std::span{t};
};

/// A matrix type that knows its rows and columns, such as those of Eigen.
template <class A>
concept MatrixLike = requires(const A& a) {
  a.data(), a.rows(), a.cols(), A::IsRowMajor, A::IsVectorAtCompileTime;
};

/// Memory whose numbers can be assigned to.
template <class T>
concept WritableMemory = requires(T& t) {
  t[0] = t[0];
};

template <class T>
constexpr std::size_t length_of_memory() {
  return decltype(std::span{std::declval<T&>()})::extent;
}

/// The length of an array or a span, where the type tells it; else -1.
template <class T>
inline constexpr int group_length = -1;
template <class T>
requires Memory<const T>
inline constexpr int group_length<T> =
    length_of_memory<const T>() == std::dynamic_extent ? -1 : static_cast<int>(length_of_memory<const T>());

template <int N>
constexpr auto number_text() {
  return element_name<text{""}, N>();
}

template <class T>
struct element_of {
  using type = T;
};
template <Memory T>
struct element_of<T> {
  using type = std::remove_cvref_t<decltype(std::declval<T&>()[0])>;
};
/// The number type of several numbers in a row.
template <class T>
using number_at = real_t<std::remove_cvref_t<decltype(std::declval<const T&>()[0])>>;

/// Several numbers whose count only the object knows.
template <class T>
concept OfUnknownLength = group_length<T> < 0 && requires(const T& t){t[0], std::size(t);
};  // namespace detail

template <class... V>
inline constexpr bool all_nothrow =
    ((std::is_arithmetic_v<typename element_of<std::remove_cvref_t<V>>::type> &&
      !OfUnknownLength<std::remove_cvref_t<V>>)&&...);

template <class B>
struct bound_symbols;
template <auto Name, class T>
struct bound_symbols<binding<Name, T>> {
  using item = formula<node::leaf::variable<Name>>;
};
template <auto Stem, int N, class T>
struct bound_symbols<group_binding<Stem, N, T>> {
  using item = symbol_group<Stem, N>;
};
/// What `x = 2.0` makes.
template <class B>
concept Binding = requires {
  typename bound_symbols<B>::item;
};

template <class T>
constexpr auto number_of_argument(const T& v) {
  if constexpr (Numeric<T>)
    return real_t<T>{};
  else if constexpr (Formula<T>)
    return double{};  // refused where it is read
  else
    return real_t<std::remove_cvref_t<decltype(v[0])>>{};
}

}  // namespace tg

/// What a call throws for a vector, or a span of unknown length, that is not as long as its group of symbols.
struct unequal_group : std::exception {
  const char* what() const noexcept override {
    return "function: give as many numbers as the group of symbols has elements.";
  }
};

/// A function of numbers, compiled from formulas: one program for all outputs. Copyable; refers to nothing
/// outside itself. Its type names the inputs, the program's tag and the outputs' shapes, not the formulas,
/// and so stays short.
template <class Inputs, class Tag, class Numbers, class... Shapes>
class function_object;

template <class... S, class Tag, class Numbers, class... Shapes>
class function_object<input_list<S...>, Tag, Numbers, Shapes...> {
 public:
  static constexpr int input_size = detail::symbols_of_t<S...>::size;
  static constexpr int output_size = (Shapes::outputs + ... + 0);

  constexpr explicit function_object(const Numbers& captured_values) : numbers_{captured_values} {}

  /// With values, one argument per input (an array for a group): returns the outputs, one of them bare,
  /// several as a tg::list that takes a structured binding. With memory, `fn(in, out)`: `in` holds all inputs
  /// in order, `out` receives all outputs in order, row-major; both are std::span of fixed length, std::array
  /// or built-in arrays.
  template <class... V>
  constexpr auto operator()(V&&... values) const noexcept(detail::all_nothrow<V...>) {
    if constexpr (is_memory_call<V...>())
      return on_memory(values...);
    else if constexpr ((detail::Binding<std::remove_cvref_t<V>> || ...))
      refuse<text{"function: bindings are for formulas; a function takes the values in the order of its "
                  "inputs, fn(2.0, 1.0)."},
             V...>();
    else if constexpr (sizeof...(V) != sizeof...(S))
      refuse<detail::join(
                 text{"function: called with "}, detail::number_text<static_cast<int>(sizeof...(V))>(),
                 text{" arguments; it takes "}, detail::number_text<static_cast<int>(sizeof...(S))>(),
                 text{", one per input, or two spans."}),
             V...>();
    else
      return on_values(values...);
  }

 private:
  template <class... V>
  static constexpr bool is_memory_call() {
    if constexpr (sizeof...(V) != 2)
      return false;
    else
      return (detail::Memory<V> && ...) && !(sizeof...(S) == 2 && (detail::is_group<S> && ...) &&
                                             !(detail::is_span<std::remove_cvref_t<V>> && ...));
  }

  template <class In, class Out>
  constexpr void on_memory(const In& in, Out& out) const {
    constexpr std::size_t n = detail::length_of_memory<In>(), m = detail::length_of_memory<Out>();
    if constexpr (n == std::dynamic_extent || m == std::dynamic_extent) {
      refuse<text{"function: the length of a span must be part of its type; pass std::span<T, n>, std::array "
                  "or an array."},
             In>();
    } else if constexpr (n != static_cast<std::size_t>(input_size) ||
                         m != static_cast<std::size_t>(output_size)) {
      refuse<detail::join(text{"function: the spans have lengths "},
                          detail::number_text<static_cast<int>(n)>(), text{" and "},
                          detail::number_text<static_cast<int>(m)>(), text{"; needed are "},
                          detail::number_text<input_size>(), text{" inputs and "},
                          detail::number_text<output_size>(), text{" outputs."}),
             In>();
    } else if constexpr (!detail::WritableMemory<Out>) {
      refuse<text{"function: the second span receives the outputs and must not be const."}, Out>();
    } else if constexpr (!std::same_as<std::remove_cvref_t<decltype(in[0])>,
                                       std::remove_cvref_t<decltype(out[0])>>) {
      refuse<text{"function: both spans must hold numbers of one type."}, In, Out>();
    } else if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(out[0])>>) {
      refuse<text{"function: spans of integers cannot hold the values of a formula; take double."}, Out>();
    } else {
      using T = std::remove_cvref_t<decltype(out[0])>;
      detail::evaluate_program<Tag, T>(&in[0], numbers_, &out[0]);
    }
  }

  template <class... V>
  constexpr auto on_values(const V&... values) const {
    using T = typename detail::common_number<decltype(detail::number_of_argument(values))...>::type;
    T in[input_size > 0 ? static_cast<std::size_t>(input_size) : 1];
    if constexpr (input_size == 0) in[0] = T{};
    [[maybe_unused]] int at = 0;
    [[maybe_unused]] const auto put = [&]<class Symbol>(Symbol*, const auto& given) {
      if constexpr (!detail::is_group<Symbol>) {
        if constexpr (!Numeric<std::remove_cvref_t<decltype(given)>>)
          refuse<detail::join(text{"function: the input '"}, Symbol::name, text{"' takes a number."}),
                 Symbol>();
        else
          in[at++] = detail::number_as<T>(given);
      } else if constexpr (detail::group_length<std::remove_cvref_t<decltype(given)>> >= 0 &&
                           detail::group_length<std::remove_cvref_t<decltype(given)>> != Symbol::size) {
        refuse<detail::join(text{"function: a group of "}, detail::number_text<Symbol::size>(),
                            text{" symbols was given "},
                            detail::number_text<detail::group_length<std::remove_cvref_t<decltype(given)>>>(),
                            text{" numbers."}),
               Symbol>();
      } else if constexpr (detail::group_length<std::remove_cvref_t<decltype(given)>> >= 0 ||
                           detail::OfUnknownLength<std::remove_cvref_t<decltype(given)>>) {
        if constexpr (detail::OfUnknownLength<std::remove_cvref_t<decltype(given)>>)
          if (static_cast<std::size_t>(std::size(given)) != static_cast<std::size_t>(Symbol::size))
            detail::raise(unequal_group{});
        for (int element = 0; element < Symbol::size; ++element)
          in[at++] = detail::number_as<T>(given[static_cast<std::size_t>(element)]);
      } else {
        refuse<text{"function: an input that is a group of symbols takes an array of the group's size."},
               Symbol>();
      }
    };
    (put(static_cast<S*>(nullptr), values), ...);
    T out[static_cast<std::size_t>(output_size)];
    detail::evaluate_program<Tag>(static_cast<const T*>(in), numbers_, out);
    return shape_values(static_cast<const T*>(out));
  }

  template <class T>
  static constexpr auto shape_values(const T* out) {
    if constexpr (sizeof...(Shapes) == 1) {
      return detail::shaped<Shapes..., T>::from(out);
    } else {
      int at = 0;
      const auto take = [&]<class Shape>(detail::shaped<Shape, T>) {
        const int from_place = at;
        at += Shape::outputs;
        return detail::shaped<Shape, T>::from(out + from_place);
      };
      return list<typename detail::shaped<Shapes, T>::type...>{take(detail::shaped<Shapes, T>{})...};
    }
  }

  [[no_unique_address]] Numbers numbers_;
};

namespace detail {

template <class F>
using shape_of_t = typename shape_of_output<F>::type;

/// Everything that a call of `function` needs to know, so that nothing else has the formulas in its name.
template <const called& Call, class Inputs, class... F>
struct compiled;
template <const called& Call, class... S, class... F>
struct compiled<Call, input_list<S...>, F...> {
  using symbols = symbols_of_t<S...>;
  static_assert(symbols_distinct<Call, symbols>::check());
  static_assert(inputs_required<Call, symbols, from<F>...>::check());
  using tag = program_tag_t<program_request<symbols, from<F>...>>;
  template <class Numbers>
  using object = function_object<input_list<S...>, tag, Numbers, shape_of_t<F>...>;
};

/// The function object for a tag, with the numbers of all sources.
template <class Compiled, class Tag, class... Numbers>
constexpr auto make_function(const Numbers&... numbers) {
  const auto gathered = gather_numbers<Tag>(numbers...);
  return typename Compiled::template object<std::remove_const_t<decltype(gathered)>>{gathered};
}

}  // namespace detail

/// Compiles outputs into one function of the inputs. Subexpressions that outputs share are computed once.
template <class... S, class... F>
TYPEGRAD_NEVER_EMITTED constexpr auto function(const input_list<S...>&, const output_list<F...>& outputs) {
  using compiled = detail::compiled<detail::function_call, input_list<S...>, F...>;
  if constexpr (detail::captured_in(detail::code<typename compiled::tag>::graph) == 0)
    return typename compiled::template object<list<>>{{}};
  else
    return outputs.numbers.unpack([](const auto&... captured_values) {
      return detail::make_function<compiled, typename compiled::tag>(captured_values...);
    });
}

namespace detail {

template <auto Name, class T>
constexpr const T& bound_value(const binding<Name, T>& b) {
  return b.value;
}
template <auto Stem, int N, class T>
constexpr const T& bound_value(const group_binding<Stem, N, T>& b) {
  return b.values;
}

/// The value of a formula for the bindings; a condition's is a bool.
template <class F, class... B>
constexpr auto call(const F& f, const B&... bindings) {
  if constexpr (!(Binding<B> && ...)) {
    refuse<text{"evaluation: a formula is called with bindings, f(x = 2.0, y = 1.0); for positional "
                "arguments make a tg::function."},
           F>();
    return 0;
  } else {
    using compiled = compiled<evaluation_call, input_list<typename bound_symbols<B>::item...>, F>;
    const auto function = make_function<compiled, typename compiled::tag>(f.numbers);
    if constexpr (code<typename compiled::tag>::graph.op[code<typename compiled::tag>::graph.root[0]]->what ==
                  kind::condition)
      return function(bound_value(bindings)...) != 0;
    else
      return function(bound_value(bindings)...);
  }
}

}  // namespace detail

template <class... Nodes>
template <class... Bindings>
constexpr auto formula<Nodes...>::operator()(const Bindings&... bindings) const {
  return detail::call(*this, bindings...);
}
template <auto Name>
template <class... Bindings>
constexpr auto formula<node::leaf::variable<Name>>::operator()(const Bindings&... bindings) const {
  return detail::call(*this, bindings...);
}
template <class Shape, int... Positions, class... Nodes>
template <class... Bindings>
constexpr auto formulas<Shape, roots<Positions...>, Nodes...>::operator()(const Bindings&... bindings) const {
  return detail::call(*this, bindings...);
}

// What they say to other arguments.
// clang-format off
template <class... More> constexpr auto inputs(detail::symbol_place<detail::inputs_call>, const More&... more) { return detail::refuse_symbols<detail::inputs_call>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto function(detail::place_of<detail::function_call, input_list> = Absent{}, detail::place_of<detail::function_call, output_list> = Absent{}, const More&...) {
  if constexpr (sizeof...(More) > 0) detail::refuse_call<detail::function_call, "it takes two arguments, inputs(x, y) and outputs(f, g).", More...>();
  return detail::said;
}
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
