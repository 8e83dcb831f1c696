// SPDX-License-Identifier: BSL-1.0
// Parameters: named arrays and numbers laid out one after the other in one vector, which optimizers,
// tg::minimize, checkpoints and the validator take as any other vector. Derivatives by them are laid out in
// the same way.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/derivative.hpp"
#include "../../support/name_pattern.hpp"
#include "arguments.hpp"

namespace tg {

template <class... S>
struct parameter_list;

namespace detail {

inline constexpr called parameters_call{"parameters", "parameters(w, b)", false, true};

/// Where a parameter lies in the vector, in elements, and its shape; a number has none.
struct parameter_part {
  std::string_view name;
  std::size_t first = 0, size = 1;
  int rank = 0;
  std::array<std::size_t, 8> extent{};

  constexpr std::span<const std::size_t> shape() const {
    return {extent.data(), static_cast<std::size_t>(rank)};
  }
};

template <class S>
constexpr parameter_part part_of_symbol() {
  parameter_part part{S::name.view()};
  if constexpr (ArraySymbol<S>)
    for (; part.rank < S::primitive::shaped.rank; ++part.rank) {
      const extent& e = S::primitive::shaped.extents[part.rank];
      if (e.name != nullptr) return part.size = 0, part;
      part.size *= part.extent[static_cast<std::size_t>(part.rank)] = static_cast<std::size_t>(e.size);
    }
  return part;
}
template <class S>
constexpr bool has_known_extents() {
  if constexpr (is_index<S>) refuse_index<parameters_call, S>();
  if constexpr (part_of_symbol<S>().size == 0)
    return refuse<join(text{"parameters: '"}, S::name,
                       text{"' has an extent that is known only when a function is called; parameters are "
                            "laid out before, and take numbers as extents."})>();
  else
    return true;
}

/// A request whose answer is laid out as the parameters.
template <class Request, class Parameters>
struct laid_out : Request {
  using shape_type = Parameters;
};

/// The parameters whose names fit one of the patterns, or fit none.
template <bool Fitting, text... Patterns>
struct chosen_by_name {
  static constexpr bool takes(std::string_view name) {
    return (fits_pattern(name, Patterns.view()) || ...) == Fitting;
  }
  template <text Pattern, class... S>
  static constexpr bool names_some() {
    if constexpr ((fits_pattern(S::name.view(), Pattern.view()) || ...))
      return true;
    else
      return refuse<join(text{"parameters: no parameter's name fits '"}, Pattern, text{"'."}), S...>();
  }
  template <class... S>
  static constexpr auto of() {
    constexpr int count = (takes(S::name.view()) + ... + 0);
    if constexpr (!(names_some<Patterns, S...>() && ...)) {
      return;
    } else if constexpr (count == 0) {
      return refuse<text{"parameters: none is left."}, S...>();
    } else {
      constexpr auto places = [] {
        std::array<int, static_cast<std::size_t>(count)> at{};
        std::size_t next = 0;
        int k = 0;
        for (const std::string_view name : {S::name.view()...}) {
          if (takes(name)) at[next++] = k;
          ++k;
        }
        return at;
      }();
      return [places]<int... K>(std::integer_sequence<int, K...>) {
        return parameter_list<std::remove_cvref_t<
            decltype(list<S...>::template at<places[static_cast<std::size_t>(K)]>(list<S...>(S{}...)))>...>{};
      }
      (std::make_integer_sequence<int, count>{});
    }
  }
};

}  // namespace detail

/// What `theta = values` makes.
template <class Parameters, class Value>
struct parameter_binding {
  Value value;
};

/// Parameters, vector and names together, as what is written to a stream.
template <class Parameters, class T>
struct named_numbers;

/// Arrays and numbers in one vector, made by tg::parameters. All it knows is constant.
template <class... S>
struct parameter_list {
  // As the shape of derivatives, one for each parameter.
  static constexpr int outputs = static_cast<int>(sizeof...(S));
  using many = parameter_list;
  friend constexpr detail::symbol_list<S...> symbols_in(const parameter_list&) { return {}; }

  /// For each parameter in order: its `name`, its `shape()`, and where it lies: `first`, `size`.
  static constexpr auto parts = [] {
    std::array<detail::parameter_part, sizeof...(S)> all{detail::part_of_symbol<S>()...};
    std::size_t end = 0;
    for (auto& part : all) part.first = end, end += part.size;
    return all;
  }();
  /// The sizes of all parts, as the layers of tg::lamb and of treatments take them.
  static constexpr auto sizes = [] {
    std::array<std::size_t, sizeof...(S)> all{};
    for (std::size_t k = 0; k < sizeof...(S); ++k) all[k] = parts[k].size;
    return all;
  }();
  /// How many numbers there are.
  static constexpr std::size_t size() { return parts.back().first + parts.back().size; }

  /// The parameters with these names, in their order here: theta.only<"encoder">() are those of the part
  /// encoder, theta.only<"*.weight">() all weights; * stands for any letters.
  template <text... Patterns>
  static constexpr auto only() {
    return detail::chosen_by_name<true, Patterns...>::template of<S...>();
  }
  /// All others: the gradient by theta.without<"encoder">() leaves that part as it is, and computes nothing
  /// for it.
  template <text... Patterns>
  static constexpr auto without() {
    return detail::chosen_by_name<false, Patterns...>::template of<S...>();
  }

  /// The place of one parameter among all.
  template <class One>
  static constexpr std::size_t place_of() {
    if constexpr ((std::same_as<S, One> || ...)) {
      constexpr bool is_it[] = {std::same_as<S, One>...};
      std::size_t place = 0;
      while (!is_it[place]) ++place;
      return place;
    } else {
      refuse<detail::join(text{"parameters: '"}, One::name, text{"' is none of the parameters."})>();
      return 0;
    }
  }
  /// The numbers of one parameter in a vector of all: `theta.view(weights, w)`, a span of known length.
  /// Throws tg::unfit_array for a vector of another size.
  template <class V, Symbol One>
  static auto view(V&& vector, const One&) {
    constexpr auto part = parts[place_of<One>()];
    return whole(vector).template subspan<part.first, part.size>();
  }
  /// Calls use(name, shape, numbers) for each parameter: a text, a span of extents, a span of numbers.
  template <class V, class Use>
  static void each(V&& vector, Use&& use) {
    const auto all = whole(vector);
    for (const auto& part : parts) use(part.name, part.shape(), all.subspan(part.first, part.size));
  }
  /// To print: `std::cout << theta.named(weights)` writes each parameter under its name and shape.
  template <class V>
  static auto named(const V& vector) {
    return named_numbers<parameter_list, std::remove_cvref_t<decltype(*std::span{vector}.data())>>{
        whole(vector)};
  }

  /// `theta = weights` binds all parameters, `theta = delta` to parameters of the same shapes.
  template <class T>
  constexpr parameter_binding<parameter_list, T> operator=(const T& value) const {
    return {value};
  }
  constexpr parameter_list() = default;
  constexpr parameter_list(const parameter_list&) = default;

 private:
  template <class V>
  static auto whole(V& vector) {
    const std::span all{vector.data(), static_cast<std::size_t>(vector.size())};
    if (all.size() != size())
      detail::raise(unfit_array{} << "parameters: the vector has " << static_cast<std::ptrdiff_t>(all.size())
                                  << " numbers; the parameters are " << static_cast<std::ptrdiff_t>(size())
                                  << ".");
    return all;
  }
};

/// Lays out arrays and numbers in one vector, each in row-major order, in the order in which they are given;
/// a group stands for its symbols. In tg::inputs and after tg::gradient they are taken and written as that
/// one vector, without a copy. Extents must be numbers.
template <detail::SymbolOrGroup... S>
requires(sizeof...(S) > 0) constexpr auto parameters(const S&...) {
  using symbols = detail::symbols_of_t<S...>;
  static_assert(detail::symbols_distinct<detail::parameters_call, symbols>::check());
  return []<class... Each>(detail::symbol_list<Each...>) {
    static_assert((detail::has_known_extents<Each>() && ...));
    return parameter_list<Each...>{};
  }(symbols{});
}

namespace detail {

template <class P>
inline constexpr bool is_parameter_list = false;
template <class... S>
inline constexpr bool is_parameter_list<parameter_list<S...>> = true;

}  // namespace detail

/// The gradient of f by parameters. As an output of a function it is one vector, laid out as they are.
template <Formula F, class... S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto gradient(const F& f, const parameter_list<S...>&, const Allow&...) {
  static_assert(detail::is_number<text{"gradient"}, F>());
  static_assert(detail::symbols_found<detail::gradient_call, detail::sources_t<F>, S..., Allow...>());
  using request = detail::gradient_request<detail::from<F>, detail::symbol_list<S...>>;
  return detail::answer<detail::laid_out<request, parameter_list<S...>>>(f.numbers);
}
/// Weights times Jacobian by parameters, laid out as they are.
template <detail::Inspectable Outputs, class... W, class... S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto vjp(const Outputs& outputs, const weight_list<W...>& w,
                                          const parameter_list<S...>&, const Allow&...) {
  static_assert(detail::symbols_found<detail::vjp_call, detail::sources_t<Outputs>, S..., Allow...>());
  using request =
      typename detail::vjp_of<Outputs, detail::symbol_list<W...>, detail::symbol_list<S...>>::type;
  return w.all.unpack([&](const auto&... weight) {
    return detail::answer<detail::laid_out<request, parameter_list<S...>>>(outputs.numbers,
                                                                           weight.numbers...);
  });
}

/// A direction in the space of parameters: along(theta = delta), where delta are parameters as well.
template <class Parameters, class... B>
struct parameter_direction : direction<B...> {};
template <class... S, class... D>
requires(sizeof...(S) == sizeof...(D)) constexpr auto along(
    const parameter_binding<parameter_list<S...>, parameter_list<D...>>&) {
  return parameter_direction<parameter_list<S...>, binding<S::name, D>...>{{{binding<S::name, D>{}...}}};
}
/// Hessian times direction, laid out as the parameters.
template <Formula F, class... S, class... D, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto hvp(
    const F& f, const parameter_direction<parameter_list<S...>, binding<S::name, D>...>&, const Allow&...) {
  static_assert(detail::symbols_found<detail::hvp_call, detail::sources_t<F>, S..., Allow...>());
  using request =
      typename detail::hvp_of<detail::from<F>, detail::symbol_list<S...>, detail::symbol_list<D...>>::type;
  return detail::answer<detail::laid_out<request, parameter_list<S...>>>(f.numbers);
}

template <class... S, class T>
struct named_numbers<parameter_list<S...>, T> {
  std::span<const T> all;

  /// Each parameter from a line of its own on, a row of numbers in each line. Of many, the first six.
  template <class Stream>
  friend Stream& operator<<(Stream& to, const named_numbers& named) {
    constexpr std::size_t most = 6;
    for (const auto& part : parameter_list<S...>::parts) {
      const std::size_t row = part.rank > 0 ? part.shape().back() : 1, rows = part.size / row;
      to << part.name;
      for (std::size_t k = 0; k < part.shape().size(); ++k) to << (k == 0 ? " (" : ", ") << part.shape()[k];
      if (part.rank > 0) to << ')';
      for (std::size_t i = 0; i < rows && i < most; ++i) {
        to << (rows > 1 ? "\n " : "");
        for (std::size_t k = 0; k < row && k < most; ++k) to << ' ' << named.all[part.first + i * row + k];
        if (row > most) to << " ...";
      }
      to << (rows > most ? "\n  ...\n" : "\n");
    }
    return to;
  }
};

// clang-format off
template <class Absent = detail::absent, class... More>
constexpr auto parameters(detail::symbol_place<detail::parameters_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::parameters_call>(more...); }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
