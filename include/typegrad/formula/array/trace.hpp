// SPDX-License-Identifier: BSL-1.0
// Tracing with symbols that exist, arrays among them: how networks are written. The function is run once by the
// compiler on handles, and a graph of many nodes costs no more than its operations.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "derivative.hpp"

namespace tg {

namespace detail {

template <class Lambda, class... S>
struct symbol_trace_request {
  template <class>
  using argument = handle;
  using returned = std::remove_cvref_t<decltype(Lambda{}(std::declval<argument<S>>()...))>;
  using shape_type = typename traced_shape<returned>::type;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() { return 1024; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> x;
    load_symbols(b, x, symbol_list<S...>{});
    int k = 0;
    const auto next = [&] { return handle(b, x[k++]); };
    run(b, out, {(static_cast<void>(sizeof(S)), next())...});
  }

 private:
  struct handles {
    handle all[sizeof...(S)];
  };
  static constexpr void run(builder& b, buffer<int>& out, const handles& h) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      traced_shape<returned>::read(b, out, Lambda{}(h.all[K]...));
    }
    (std::index_sequence_for<S...>{});
  }
};

template <class Last, class... S>
struct traced_arguments : traced_arguments<typename traced_arguments<S...>::lambda, Last> {};

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
