// SPDX-License-Identifier: BSL-1.0
// What function, inputs, rows and sum_over say to arguments that they cannot take; see formula/misuse.hpp.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../formula/misuse.hpp"
#include "sum.hpp"

namespace tg {

namespace detail {

template <class T>
struct is_row_data : std::false_type {};
template <class... B>
struct is_row_data<row_data<B...>> : std::true_type {};
template <class T>
struct is_inputs : std::false_type {};
template <class... S>
struct is_inputs<input_list<S...>> : std::true_type {};
template <class T>
    struct is_outputs : std::bool_constant < requires {
  typename T::is_output_list;
} > {};

}  // namespace detail

// clang-format off
template <class... More>
constexpr auto inputs(detail::symbol_place<detail::called::inputs>, const More&... more) { return detail::refuse_symbols<detail::called::inputs, true>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto function(detail::place_as_shown<detail::called::function, detail::is_inputs> = Absent{}, detail::place_as_shown<detail::called::function, detail::is_outputs> = Absent{}, const More&...) {
  if constexpr (sizeof...(More) > 0) detail::refuse_call<detail::called::function, "it takes two arguments, inputs(x, y) and outputs(f, g).", More...>();
  return detail::refused_call{};
}
template <class Absent, class... More>
constexpr auto rows_t::operator()(detail::binding_place<detail::called::rows>, const More&... more) const { return detail::refuse_bindings<detail::called::rows>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto sum_over(detail::place_as_shown<detail::called::sum_over, detail::is_row_data> = Absent{}, detail::formula_place<detail::called::sum_over> = Absent{},
                        detail::symbol_place<detail::called::sum_over> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::called::sum_over, true>(more...); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
