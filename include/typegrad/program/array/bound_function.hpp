// SPDX-License-Identifier: BSL-1.0
// Functions of arrays that own their workspace: tg::bound<double>(fn).
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <span>

#include "call.hpp"

namespace tg {

namespace detail {

/// Memory that grows, and that copies do not share; <vector> would be a tenth of what the header of arrays is
/// to compile.
template <class T>
class own_memory {
 public:
  own_memory() = default;
  own_memory(const own_memory&) {}
  own_memory& operator=(const own_memory&) { return *this; }
  ~own_memory() { delete[] all_; }
  std::span<T> room(std::size_t size) {
    if (size > size_) {
      delete[] all_;
      size_ = 0;
      all_ = nullptr;
      all_ = new T[size]();
      size_ = size;
    }
    return {all_, size_};
  }

 private:
  T* all_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace detail

/// A function of arrays with a workspace of its own, which grows when a call needs more: the one place that
/// allocates. A call takes what the function takes but the workspace; tg::threads(n) may come last.
template <class T, class Function>
class bound_function {
 public:
  explicit bound_function(const Function& function) : function_{function} {}
  template <class... A>
  auto operator()(A&&... arguments) {
    if constexpr (detail::ends_with_executor<A...>)
      return detail::with_last_first(
          [&](const auto& executor, auto&... first) {
            return function_(first..., memory_.room(Function::workspace_for(first...)), executor);
          },
          arguments...);
    else
      return function_(arguments..., memory_.room(Function::workspace_for(arguments...)));
  }

 private:
  Function function_;
  detail::own_memory<T> memory_;
};
template <class T, class Function>
bound_function<T, Function> bound(const Function& function) {
  return bound_function<T, Function>{function};
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
