// SPDX-License-Identifier: BSL-1.0
// The code of docs/training.md on several processes, compiled, and run in four by test/mpi_training.py.
#include <iostream>
#include <typegrad/array.hpp>
#include <typegrad/mpi.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;

constexpr auto x = tg::array<"x", tg::rows>;
constexpr auto y = tg::array<"y", tg::rows>;
constexpr auto w = tg::array<"w", 2>;
constexpr auto miss = tg::slice<0, 0, 1>(w) * x + tg::slice<0, 1, 2>(w) - y;
constexpr auto loss = tg::mean(miss * miss);

/// Points of the line y = 3 x - 1, of which each batch has eight.
struct points {
  struct part {
    std::vector<double> x, y;
    std::size_t size() const { return x.size(); }
  };
  std::size_t batches() const { return 10; }
  part batch(std::size_t epoch, std::size_t index) const {
    part made;
    for (std::size_t k = 0; k < 8; ++k) {
      made.x.push_back(0.01 * static_cast<double>((k + 8 * index + 7 * epoch) % 80));
      made.y.push_back(3 * made.x.back() - 1);
    }
    return made;
  }
};

int main(int count, char**) {
  if (count > 1) return static_cast<void>(tg::mpi::session()), 0;  // asked whether it can be started here
  auto run = tg::bound<double>(tg::function(tg::inputs(x, y, w), tg::outputs(loss, tg::gradient(loss, w))));
  const auto step = [&](const auto& batch, const auto& weights, auto& slopes) {
    return run(batch.x, batch.y, weights, slopes);
  };
  const points training;
  std::vector<double> weights(2);
  // [mpi]
  const tg::mpi::session processes;  // MPI_Init and MPI_Finalize
  const auto result =
      tg::mpi::train(step, training, weights,
                     {.epochs = 30, .rule = tg::adam{.rate = 0.2}, .accumulate = 4, .progress = &std::cout});
  if (processes.rank() == 0) std::cout << result.why() << '\n';
  // [mpi]
  expect(result.history.back().loss < 0.1);
}
