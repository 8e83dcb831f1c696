// SPDX-License-Identifier: BSL-1.0
// Functions of arrays: tg::function(tg::inputs(x, w, b), tg::outputs(loss, dw, db)), where an input is an
// array. Numbers are returned, arrays go into the caller's memory.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "array_code.hpp"
#include "call.hpp"
#include "call_layout.hpp"

namespace tg {
namespace detail {

/// The body of a loop as a source of a program; its inputs are i0, i1, ....
template <class Code, int Body, class K = std::make_integer_sequence<int, Code::plan.body_inputs[Body]>>
struct body_source;
template <class Code, int Body, int... K>
struct body_source<Code, Body, std::integer_sequence<int, K...>> {
  template <int I>
  using input = formula<node::variable<element_name<text{"i"}, I>()>>;
  using symbols = symbol_list<input<K>...>;
  static constexpr int inputs = static_cast<int>(sizeof...(K));
  static consteval int size() { return Code::plan.node_end[Body] - Code::plan.nodes_before(Body) + inputs; }
  static consteval int outputs() { return Code::plan.root_end[Body] - Code::plan.roots_before(Body); }
  static consteval int slots() { return 0; }
  static constexpr void load(builder& b, buffer<int>& out, int = 0) {
    const record* const names[] = {known<typename input<K>::primitive>..., nullptr};
    const builder from(Code::graph);
    buffer<int> nodes, roots, unused;
    buffer<char> adds;
    for (int k = Code::plan.nodes_before(Body); k < Code::plan.node_end[Body]; ++k)
      nodes.push_back(Code::plan.body_node[k]);
    for (int k = Code::plan.roots_before(Body); k < Code::plan.root_end[Body]; ++k)
      roots.push_back(Code::plan.body_root[k]), adds.push_back(Code::plan.body_adds[k]);
    build_body(from, nodes, roots, adds, b, out, unused,
               [&](builder& to, int k) { return to.intern(names[k]); });
  }
};
template <class Body>
using body_tag = program_tag_t<program_request<typename Body::symbols, Body>>;
template <class Code, class T, class B = std::make_integer_sequence<int, Code::plan.bodies>>
struct loop_bodies;
template <class Code, class T, int... B>
struct loop_bodies<Code, T, std::integer_sequence<int, B...>> {
  static constexpr loop_body<T> bodies[] = {
      body_of<body_tag<body_source<Code, B>>, body_source<Code, B>::inputs, body_source<Code, B>::outputs(),
              T>()...,
      {}};
  static constexpr int most = [] {  // operands and results, in few sizes
    int room = 8;
    for (const auto& each : bodies)
      while (room < each.all) room *= 2;
    return room;
  }();
};

/// The captured numbers that a function needs, in its own order.
template <class Tag, class... Numbers>
constexpr auto gather_array_numbers(const Numbers&... numbers) {
  using graph_code = array_code<Tag, 0>;
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return list<std::remove_cvref_t<decltype(source_number<graph_code::graph.first[K]>(numbers...))>...>{
        source_number<graph_code::graph.first[K]>(numbers...)...};
  }
  (std::make_integer_sequence<int, captured_in(graph_code::graph)>{});
}

}  // namespace detail

/// A function of arrays, made by tg::function. A call takes the inputs in their order, then memory for each
/// output that is an array, in the order of the outputs, then a workspace; outputs that are numbers are
/// returned, one of them bare, several as a std::array. Arrays are spans, vectors, std::array, built-in
/// arrays, matrices of Eigen and std::mdspan, all of one number type. Parameters are one vector, and so is a
/// gradient by them. A call does not allocate, and throws tg::unfit_array before anything is written if an
/// argument does not fit. Last may come tg::threads(n), which does allocate; the result has the same bits.
template <class Inputs, class Tag, class Numbers, class... Shapes>
class array_function;
template <class... S, class Tag, class Numbers, class... Shapes>
class array_function<input_list<S...>, Tag, Numbers, Shapes...> {
  using code = detail::array_code<Tag, 0>;
  using tables_type = std::remove_cvref_t<decltype(code::tables)>;
  using layout_type = detail::call_layout<tables_type, input_list<S...>, Shapes...>;
  static constexpr auto layout = layout_type::find(code::tables);

 public:
  constexpr explicit array_function(const Numbers& captured_values) : numbers_{captured_values} {}

  template <class... A>
  auto operator()(A&&... arguments) const {
    if constexpr (((std::is_pointer_v<detail::memory_type<A>>) || ...))
      refuse<text{"function: a pointer has no length; pass a std::span, a vector or an array."}, A...>();
    else if constexpr (detail::ends_with_executor<A...>)
      return detail::with_last_first(
          [&](const auto& executor, auto&... first) { return run_by(executor, first...); }, arguments...);
    else
      return run_by(detail::this_thread{}, arguments...);
  }

  /// How many elements the workspace needs where no array is stored by columns, for run-time extents in the
  /// order in which the inputs have them.
  template <class T, std::convertible_to<std::ptrdiff_t>... Extents>
  static std::size_t workspace(Extents... extents) {
    static_assert(static_cast<int>(sizeof...(Extents)) == code::tables.extents,
                  "typegrad: workspace: give a length for each run-time extent.");
    detail::call_lengths<tables_type> l{
        {detail::checked_length(static_cast<std::ptrdiff_t>(extents), 1, 0)...}, {}, {}};
    detail::find_lengths(code::view, l.extent, l.product, l.length);
    return needed<code, T>(l);
  }
  /// The same for the arguments of a call, stored by rows or by columns as they are. Outputs that are stored
  /// by rows need not be among them.
  template <class... A>
  static std::size_t workspace_for(A&&... arguments) {
    return [&]<int... K>(std::integer_sequence<int, K...> places) {
      using own_code = code_of<std::integer_sequence<int, K...>, A...>;
      return needed<own_code, typename detail::first_number<detail::memory_type<A>...>::type>(
          lengths_of<own_code>(places, arguments...));
    }
    (std::make_integer_sequence<int, static_cast<int>(sizeof...(A))>{});
  }
  /// How many numbers each output has, for a call's arguments, with or without outputs; for a number 1.
  template <class... A>
  static auto output_sizes(A&&... arguments) {
    const auto l =
        lengths_of<code>(std::make_integer_sequence<int, static_cast<int>(sizeof...(A))>{}, arguments...);
    std::array<std::size_t, static_cast<std::size_t>(output_count)> sizes;
    for (int r = 0; r < output_count; ++r) {
      std::ptrdiff_t size = 1;
      for (int axis = 0; axis < output_rank(r); ++axis)
        size *= l.length[code::tables.shape_of(code::tables.inputs + r)[axis]];
      sizes[static_cast<std::size_t>(r)] = static_cast<std::size_t>(size);
    }
    return sizes;
  }
  static constexpr int output_count = code::tables.outputs;
  static constexpr int output_rank(int r) { return code::tables.rank[code::tables.inputs + r]; }
  /// The same function with another tag, of which solver_of and array_code know what it changes.
  template <class OtherTag>
  constexpr auto with_tag() const {
    return array_function<input_list<S...>, OtherTag, Numbers, Shapes...>{numbers_};
  }
  /// The captured numbers, in the order in which a call reads them.
  constexpr const Numbers& captured() const { return numbers_; }
  /// The number of steps of a call.
  static constexpr int steps() { return code::plan.steps; }

 private:
  static constexpr bool is_any_index = detail::some<detail::is_index<S>...>();
  static constexpr auto least = detail::least_extents(code::graph, code::plan);
  static constexpr auto array_names = [] {
    struct {
      std::string_view of[code::inputs + 1]{};
    } names;
    int at = 0;
    for (int k = 0; k < code::inputs; ++k)
      if (code::records.of[k]->shaped != nullptr) names.of[at++] = code::records.of[k]->name;
    return names;
  }();

  template <class Code, int... K, class... A>
  static auto lengths_of(std::integer_sequence<int, K...> places, A&... arguments) {
    constexpr auto& t = Code::tables;
    using tables = std::remove_cvref_t<decltype(t)>;
    detail::call_lengths<tables> l;
    using T = typename detail::first_number<detail::memory_type<A>...>::type;
    detail::given_array<T> in[tables::shapes + 1], out[tables::shapes + 1], space;
    read<T>(places, in, out, space, detail::memory_of(arguments)...);
    detail::extent_search<T>(Code::view, array_names.of, in, l.extent);
    detail::find_lengths(Code::view, l.extent, l.product, l.length);
    return l;
  }

  template <class Code, class T>
  using kernels =
      typename Code::kernels::template chosen<T, typename detail::solver_of<Tag>::type, Code::plan.kernels()>;

  template <class Code, class T, class Lengths>
  static std::size_t needed(const Lengths& l) {
    std::ptrdiff_t begin[Code::tables.regions + 1];
    return static_cast<std::size_t>(
        detail::divide_workspace(Code::view, kernels<Code, T>::scratch, l.product, l.length, begin));
  }

  template <int K, class A>
  static constexpr std::uint64_t column_bit() {
    constexpr auto place = layout.at[K];
    constexpr int bit = place.array + (place.output ? code::tables.inputs : 0);
    if constexpr (place.rank <= 0 || !detail::array_type_of<A>::by_columns)
      return 0;
    else if constexpr (bit > 63)
      return refuse<text{"function: only the first 64 arrays of a function can be stored by columns."}, A>();
    else
      return std::uint64_t{1} << bit;
  }
  /// The outputs that the argument in place K receives, if they are added.
  template <int K, class A>
  static constexpr std::uint64_t added_bits() {
    constexpr auto place = layout.at[K];
    if constexpr (!detail::is_added<A>)
      return 0;
    else if constexpr (!place.output || place.rank <= 0)
      return refuse<detail::join(text{"function: argument "}, detail::number_text<K>(),
                                 text{" is given as add_to(...), but is no output that is an array."}),
                    A>();
    else if constexpr (place.array + place.parts > 62)
      return refuse<text{"function: only the first 62 outputs of a function can be added."}, A>();
    else
      return ((std::uint64_t{2} << (place.parts > 0 ? place.parts - 1 : 0)) - 1) << place.array;
  }
  /// The function for arguments of these types.
  template <class Places, class... A>
  struct chosen_code;
  template <int... K, class... A>
  struct chosen_code<std::integer_sequence<int, K...>, A...> {
    using type = detail::array_code<Tag, (column_bit<K, detail::memory_type<A>>() | ... | 0),
                                    (added_bits<K, std::remove_cvref_t<A>>() | ... | 0)>;
  };
  template <class Places, class... A>
  using code_of = typename chosen_code<Places, A...>::type;

  /// Reads the argument in place K.
  template <class T, int K, class A>
  static void read_one(detail::given_array<T>* in, detail::given_array<T>* out, detail::given_array<T>& space,
                       A& argument) {
    constexpr auto place = layout.at[K];
    if constexpr (place.rank != 0) {
      if constexpr (!detail::ArrayArgument<A>) {
        refuse<detail::join(text{"function: argument "}, detail::number_text<K>(),
                            text{" must be an array: a span, a vector, a std::array or a matrix."}),
               A>();
      } else if constexpr (detail::rows_lie_apart<A>()) {
        refuse<detail::join(
                   text{"function: argument "}, detail::number_text<K>(),
                   text{" has rows that need not lie in one piece; pass one vector, nested std::arrays "
                        "or a matrix."}),
               A>();
      } else if constexpr (place.integers && !detail::is_index_number<A>) {
        refuse<detail::join(text{"function: argument "}, detail::number_text<K>(),
                            text{" is an index and must hold 32- or 64-bit integers."}),
               A>();
      } else if constexpr (std::integral<T>) {
        refuse<text{"function: arrays hold floating-point numbers or the like, not integers."}, A>();
      } else if constexpr (!place.integers && !std::same_as<typename detail::array_type_of<A>::number, T>) {
        refuse<text{"function: all arrays must hold numbers of one type."}, A, T>();
      } else if constexpr (detail::array_type_of<A>::rank != 1 &&
                           detail::array_type_of<A>::rank != place.rank) {
        refuse<detail::join(text{"function: argument "}, detail::number_text<K>(),
                            text{" has another number of axes than the function's array."}),
               A>();
      } else if constexpr (place.output &&
                           std::is_const_v<std::remove_pointer_t<decltype(detail::data_of(argument))>>) {
        refuse<text{"function: memory that receives an output must not be const."}, A>();
      } else if constexpr (place.integers) {
        in[place.array] = detail::read_indices<T>(argument);
      } else {
        const auto whole = detail::read_array<T>(argument);
        detail::given_array<T>* const to = place.rank < 0 ? &space : (place.output ? out : in) + place.array;
        if constexpr (place.parts > 0)
          read_parts(K, whole, place, to);
        else
          *to = whole;
      }
    }
  }
  /// The parts of a vector of parameters; numbers among them are arrays of one element where they are
  /// outputs.
  template <class T>
  static void read_parts(int argument, const detail::given_array<T>& whole,
                         const typename layout_type::place& place, detail::given_array<T>* to) {
    const auto& last = place.part[place.parts - 1];
    const auto size = static_cast<std::ptrdiff_t>(last.first + last.size);
    if (whole.size != size || !whole.in_one_piece)
      detail::raise(unfit_array{} << "function: argument " << std::ptrdiff_t{argument} << " has "
                                  << whole.size << (whole.in_one_piece ? "" : " scattered")
                                  << " numbers; the parameters are " << size << ".");
    for (int k = 0; k < place.parts; ++k)
      if (const auto& part = place.part[k]; place.output || part.rank > 0)
        *to++ = {whole.data + part.first, static_cast<std::ptrdiff_t>(part.size)};
  }
  template <class T, int... K, class... A>
  static void read(std::integer_sequence<int, K...>, detail::given_array<T>* in, detail::given_array<T>* out,
                   detail::given_array<T>& space, A&... arguments) {
    (read_one<T, K>(in, out, space, arguments), ...);
  }
  /// The numbers among the inputs.
  template <int K, class T, class A>
  static void read_number(T* numbers, const A& argument) {
    constexpr auto place = layout.at[K];
    if constexpr (place.parts > 0 && !place.output) {
      int number = place.number;
      for (int k = 0; k < place.parts; ++k)
        if (const auto& part = place.part[k]; part.rank == 0)
          numbers[number++] = detail::data_of(argument)[part.first];
    } else if constexpr (K < layout_type::inputs && place.rank == 0) {
      using symbol = std::tuple_element_t<K, std::tuple<S...>>;
      if constexpr (!detail::is_group<symbol>) {
        static_assert(Numeric<A>, "typegrad: function: an input that is a number takes a number.");
        numbers[place.number] = detail::number_as<T>(argument);
      } else {
        if (std::size(argument) != static_cast<std::size_t>(symbol::size)) detail::raise(unequal_group{});
        for (int k = 0; k < symbol::size; ++k)
          numbers[place.number + k] = detail::number_as<T>(argument[static_cast<std::size_t>(k)]);
      }
    }
  }

  template <class Executor, class... A>
  auto run_by(const Executor& executor, A&... arguments) const {
    if constexpr (sizeof...(A) != layout.arguments && sizeof...(A) != layout.arguments + 1)
      refuse<detail::join(text{"function: called with "},
                          detail::number_text<static_cast<int>(sizeof...(A))>(),
                          text{" arguments; it takes "}, detail::number_text<layout.arguments + 1>(),
                          text{": the inputs, memory for each output that is an array, and the workspace."}),
             A...>();
    else
      return call(executor, std::make_integer_sequence<int, static_cast<int>(sizeof...(A))>{}, arguments...);
  }
  template <class Executor, int... K, class... A>
  auto call(const Executor& executor, std::integer_sequence<int, K...> places, A&... arguments) const {
    using T = typename detail::first_number<detail::memory_type<A>...>::type;
    using own_code = code_of<std::integer_sequence<int, K...>, A...>;
    constexpr auto& t = own_code::tables;
    using tables = std::remove_cvref_t<decltype(t)>;
    detail::given_array<T> in[tables::shapes + 1], out[tables::shapes + 1], space;
    read<T>(places, in, out, space, detail::memory_of(arguments)...);
    detail::call_lengths<tables> l;
    constexpr auto& view = own_code::view;
    detail::extent_search<T>(view, array_names.of, in, l.extent);
    detail::check_extents(view, l.extent, least.of);
    detail::find_lengths(view, l.extent, l.product, l.length);
    std::ptrdiff_t region[t.regions + 1];
    const std::ptrdiff_t needed =
        detail::divide_workspace(view, kernels<own_code, T>::scratch, l.product, l.length, region);
    detail::check_outputs(view, array_names.of, l.length, in, out, space, needed);

    detail::index_numbers index[(is_any_index ? t.inputs : 0) + 1];
    if constexpr (is_any_index) {
      for (int k = 0; k < t.inputs; ++k) index[1 + k] = {in[k].data, in[k].integers};
      detail::check_indices(view, own_code::kernels::selects, array_names.of, l.length, in, index);
    }
    T numbers[t.numbers + 1], result[layout.results + 1];
    (read_number<K>(numbers, detail::memory_of(arguments)), ...);
    int at = layout.numbers;
    numbers_.unpack(
        [&](const auto&... captured) { ((numbers[at++] = detail::number_as<T>(captured)), ...); });
    for (int k = 0; k < t.extents; ++k) numbers[at++] = detail::number_as<T>(l.extent[k]);

    T* buffers[t.buffers + 1];
    const auto place = [&](T* memory) { return memory != nullptr ? memory : numbers; };  // of no elements
    buffers[0] = numbers;
    for (int k = 0; k < t.inputs; ++k) buffers[1 + k] = place(in[k].data);
    for (int r = 0, results = 0; r < t.outputs; ++r)
      buffers[1 + t.inputs + r] =
          out[r].size > 0 || t.rank[t.inputs + r] > 0 ? place(out[r].data) : result + results++;
    for (int k = 1 + t.inputs + t.outputs; k < t.buffers; ++k)
      buffers[k] = t.output_of[k] >= 0 ? buffers[1 + t.inputs + t.output_of[k]]
                   : t.region[k] >= 0  ? space.data + region[t.region[k]] +
                                            t.offset[k] * l.product[t.region_product[t.region[k]]]
                                      : nullptr;
    using loops = detail::loop_bodies<own_code, T>;
    const detail::array_steps<T, loops::most> steps{view, kernels<own_code, T>::steps, loops::bodies};
    detail::array_machine<T> machine{buffers, index, l.length, space.data + region[t.regions]};
    if constexpr (own_code::plan.has_loops) machine.program = &steps, machine.run_steps = &steps.run_body;
    if constexpr (std::same_as<Executor, detail::this_thread>)
      steps.run_all(machine);
    else
      executor.run_steps(
          detail::split_steps<own_code, T, loops::most>{steps, machine, needed - region[t.regions]});
    if constexpr (layout.results == 1) {
      return result[0];
    } else if constexpr (layout.results > 1) {
      std::array<T, static_cast<std::size_t>(layout.results)> all;
      for (int k = 0; k < layout.results; ++k) all[static_cast<std::size_t>(k)] = result[k];
      return all;
    }
  }

  [[no_unique_address]] Numbers numbers_;
};

/// Compiles outputs into one function of inputs, where arrays are among these or in the formulas.
template <class... S, class... F>
requires(detail::some<(ArraySymbol<S> || detail::is_parameter_list<S>)...>() ||
         detail::some<detail::is_of_arrays<detail::from<F>>...>()) TYPEGRAD_NEVER_EMITTED
    constexpr auto function(const input_list<S...>&, const output_list<F...>& outputs) {
  using symbols = detail::symbols_of_t<S...>;
  static_assert(detail::symbols_distinct<detail::function_call, symbols>::check());
  static_assert(detail::inputs_required<detail::function_call, symbols, detail::from<F>...>::check());
  using tag = detail::program_tag_t<detail::array_request<symbols, detail::from<F>...>>;
  return outputs.numbers.unpack([](const auto&... captured_values) {
    const auto gathered = detail::gather_array_numbers<tag>(captured_values...);
    return array_function<input_list<S...>, tag, std::remove_const_t<decltype(gathered)>,
                          detail::shape_of_t<F>...>{gathered};
  });
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
