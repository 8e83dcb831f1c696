// SPDX-License-Identifier: BSL-1.0
// What a training asks of its data: how many batches an epoch has, one of them, and what it weighs.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <concepts>
#include <cstddef>

namespace tg::detail {

/// What gives batches by random access; all else is one batch by itself, the same in each epoch.
template <class Loader>
concept Batches = requires(Loader& loader, std::size_t at) {
  { loader.batches() } -> std::convertible_to<std::size_t>;
  loader.batch(at, at);
};

template <class Loader>
std::size_t batches_of(const Loader& loader) {
  if constexpr (Batches<Loader>)
    return static_cast<std::size_t>(loader.batches());
  else
    return 1;
}

/// A batch of an epoch: a value, or a reference to what the loader keeps.
template <class Loader>
decltype(auto) batch_of(Loader& loader, [[maybe_unused]] std::size_t epoch,
                        [[maybe_unused]] std::size_t index) {
  if constexpr (Batches<Loader>)
    return loader.batch(epoch, index);
  else
    return (loader);
}

/// The sum of the rows' weights; without weights their number; without rows 1.
template <class Batch>
double weight_of([[maybe_unused]] const Batch& batch) {
  if constexpr (requires { batch.weights.begin(); }) {
    double sum = 0;
    for (const auto& each : batch.weights) sum += static_cast<double>(each);
    return sum;
  } else if constexpr (requires {
                         { batch.size() } -> std::convertible_to<std::size_t>;
                       }) {
    return static_cast<double>(batch.size());
  } else {
    return 1;
  }
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
