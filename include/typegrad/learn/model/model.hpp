// SPDX-License-Identifier: BSL-1.0
// Models: a function of a network and of inputs, whose parameters are made where they are used. Applied to
// inputs it is a formula; its parameters are those of the formula, by name and in the order in which they
// were made.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>

#include "../../program/array/parameters.hpp"
#include "initialise.hpp"
#include "network.hpp"

namespace tg {

namespace detail {

inline constexpr called model_call{"model"};

/// The parameters and states of a model of inputs, found by running its function on stand-ins.
template <class Lambda, class... X>
struct parameters_of_model {
  struct counts {
    int all, states, sites;
  };
  static constexpr counts run(made_parameter* noted, dotted_name* noted_sites) {
    builder b(64);
    buffer<int> args;
    int slots = 0;
    ((X::load(b, args, slots), slots += X::slots()), ...);
    parameter_collector all{b, noted, noted_sites};
    apply(b, all, args, true);
    if (!b.misfit.function.empty()) return {};
    int states = 0;
    for (char each : all.is_state) states += each;
    return {all.count(), states, all.drawn};
  }
  /// Runs the function; its result.
  static constexpr int apply(builder& b, parameter_collector& all, const buffer<int>& args, bool training) {
    network net(all, {}, training);
    const auto result = [&]<int... K>(std::integer_sequence<int, K...>) {
      return Lambda{}(net, handle(b, args[K])...);
    }
    (std::make_integer_sequence<int, static_cast<int>(sizeof...(X))>{});
    return handle(b, zero_node).beside(result).in(b);
  }
  static constexpr counts found = run(nullptr, nullptr);
  struct names {
    std::array<made_parameter, static_cast<std::size_t>(found.all + 1)> parameter{};
    std::array<dotted_name, static_cast<std::size_t>(found.sites + 1)> site{};
  };
  static constexpr names all = [] {
    names noted;
    if (found.all + found.sites > 0) run(noted.parameter.data(), noted.site.data());
    return noted;
  }();

  template <int K>
  static constexpr auto name = text_of([] { return all.parameter[K].name.view(); });
  template <int K>
  static constexpr auto site = text_of([] { return all.site[K].view(); });
  template <int K, class Axes = std::make_integer_sequence<int, all.parameter[K].rank>>
  struct symbol;
  template <int K, int... Axis>
  struct symbol<K, std::integer_sequence<int, Axis...>> {
    using type = std::remove_cvref_t<decltype(array<name<K>, all.parameter[K].extent[Axis]...>)>;
  };
  template <int K>
  struct symbol<K, std::integer_sequence<int>> {
    using type = formula<node::leaf::variable<name<K>>>;
  };
  /// The parameters, or the states, and their places among all that was made.
  template <bool States>
  static constexpr int count = States ? found.states : found.all - found.states;
  template <bool States, class K = std::make_integer_sequence<int, count<States>>>
  struct chosen;
  template <bool States, int... K>
  struct chosen<States, std::integer_sequence<int, K...>> {
    static constexpr auto at = [] {
      std::array<int, sizeof...(K)> places{};
      int k = 0;
      for (std::size_t next = 0; next < places.size(); ++k)
        if (all.parameter[static_cast<std::size_t>(k)].is_state == States) places[next++] = k;
      return places;
    }();
    using type = parameter_list<typename symbol<at[static_cast<std::size_t>(K)]>::type...>;
  };

  template <class All, class Sites>
  struct types;
  template <int... K, int... L>
  struct types<std::integer_sequence<int, K...>, std::integer_sequence<int, L...>> {
    using symbols = symbol_list<typename symbol<K>::type...>;
    static constexpr std::array<extent, sizeof...(L)> sites{as_extent(extent_name<site<L>>{})...};
  };
  using as_types =
      types<std::make_integer_sequence<int, found.all>, std::make_integer_sequence<int, found.sites>>;

  /// Writes the first values of the parameters, or of the states.
  template <bool States, class V>
  static void initialise(V&& vector, double seed) {
    std::size_t k = 0;
    chosen<States>::type::each(vector, [&](std::string_view called, auto, auto numbers) {
      const made_parameter& made = all.parameter[static_cast<std::size_t>(chosen<States>::at[k++])];
      fill(numbers, made.initial, static_cast<std::size_t>(made.rank > 0 ? made.extent[0] : 1), seed, called);
    });
  }
};

/// What stands for an input.
template <class>
struct input_of_model {
  using type = handle;
};

template <class Lambda, bool Training, class... X>
struct model_request {
  using of_model = parameters_of_model<Lambda, X...>;
  static constexpr int build(builder& b, const buffer<int>& args) {
    buffer<int> none;
    return build(b, args, none);
  }
  static constexpr int build(builder& b, const buffer<int>& args, buffer<int>& next_states) {
    buffer<int> symbols;
    load_symbols(b, symbols, typename of_model::as_types::symbols{});
    parameter_collector all{b, nullptr, nullptr, &symbols, of_model::as_types::sites};
    const int result = of_model::apply(b, all, args, Training);
    for (int k = 0; k < all.count(); ++k)
      if (all.is_state[k] != 0) next_states.push_back(all.next[k]);
    return result;
  }
};
/// What the states are after a call of the model.
template <class Lambda, class... X>
struct next_states_request {
  using shape_type = typename parameters_of_model<Lambda, X...>::template chosen<true>::type;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() { return (X::size() + ... + 64); }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> args;
    int slots = 0;
    ((X::load(b, args, slots), slots += X::slots()), ...);
    model_request<Lambda, true, X...>::build(b, args, out);
    if (!b.misfit.function.empty()) b.arrays = &arrays_of_formulas;  // who writes the sentence
  }
};

}  // namespace detail

/// A model, made by tg::model.
template <class Lambda>
class model_function {
 public:
  /// The formula of the model for inputs, which are symbols or formulas.
  template <Formula... X>
  constexpr auto operator()(const X&... x) const {
    if constexpr (takes<X...>())
      return detail::call_with_formulas<detail::model_request<Lambda, false, detail::from<X>...>>(x...);
  }
  /// The same formula to train by: dropout drops, batch_norm takes the means of the batch.
  template <Formula... X>
  constexpr auto training(const X&... x) const {
    if constexpr (takes<X...>())
      return detail::call_with_formulas<detail::model_request<Lambda, true, detail::from<X>...>>(x...);
  }
  /// The model's parameters, as tg::parameters makes them.
  template <Formula... X>
  constexpr auto parameters(const X&...) const {
    if constexpr (takes<X...>())
      return typename detail::parameters_of_model<Lambda, detail::from<X>...>::template chosen<false>::type{};
  }
  /// What the model keeps from batch to batch, as the running means of batch_norm, laid out as parameters
  /// are; an input of the model's formula.
  template <Formula... X>
  constexpr auto states(const X&...) const {
    if constexpr (keeps<X...>())
      return typename detail::parameters_of_model<Lambda, detail::from<X>...>::template chosen<true>::type{};
  }
  /// The states after a step of training by these inputs: formulas of the inputs, the parameters and the
  /// states before it. As an output of a function they are one vector, laid out as the states.
  template <Formula... X>
  constexpr auto next_states(const X&... x) const {
    if constexpr (keeps<X...>())
      return detail::answer<detail::next_states_request<Lambda, detail::from<X>...>>(list<>{}, x.numbers...);
  }
  /// Writes the first values of all parameters.
  template <class V, Formula... X>
  static void initialise(V&& vector, double seed, const X&...) {
    detail::parameters_of_model<Lambda, detail::from<X>...>::template initialise<false>(vector, seed);
  }
  /// Writes the first values of all states.
  template <class V, Formula... X>
  static void initialise_states(V&& vector, const X&...) {
    detail::parameters_of_model<Lambda, detail::from<X>...>::template initialise<true>(vector, 0);
  }

 private:
  template <class... X>
  static constexpr bool takes() {
    if constexpr (!std::is_invocable_v<Lambda, network&, typename detail::input_of_model<X>::type...>)
      return refuse<text{"model: the function must take the network and one argument per input; if it does, "
                         "the error is in it."},
                    X...>();
    else if constexpr (!detail::is_traced<std::invoke_result_t<Lambda, network&,
                                                               typename detail::input_of_model<X>::type...>>)
      return refuse<text{"model: the function must return what it computes, one expression."}, X...>();
    else
      return true;
  }
  template <class... X>
  static constexpr bool keeps() {
    if constexpr (!takes<X...>())
      return false;
    else if constexpr (detail::parameters_of_model<Lambda, detail::from<X>...>::found.states == 0)
      return refuse<text{"model: it keeps no state from batch to batch."}, X...>();
    else
      return true;
  }
};

/// A model, whose function makes parameters where they are used:
/// `tg::model([](auto& net, auto x) { return dense<10>(net, relu(dense<32>(net, x, "hidden")), "out"); })`.
/// The function is a generic lambda without captures, as for tg::trace.
template <class Lambda>
constexpr model_function<Lambda> model(Lambda) {
  static_assert(std::is_default_constructible_v<Lambda>,
                "typegrad: model: the function must be a lambda without captures.");
  return {};
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
