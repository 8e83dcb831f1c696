// SPDX-License-Identifier: BSL-1.0
// An LSTM of 32 units over 64 steps of a batch of 32 sequences, in float: the mean squared distance and its
// gradients by all parameters, by a function of arrays. Value and slopes are compared with those of the same
// function in double, and with code written by hand over Eigen's matrices, before anything is measured.
// networks.py adds PyTorch.
#include "lstm.hpp"

#include <random>
#include <vector>
#if defined(BENCH_EIGEN)
#include <Eigen/Dense>
#endif

#include "compare.hpp"

namespace {

constexpr int steps = 64, rows = 32, hidden = 32, gates = 4 * hidden;
using lstm = lstm_network<steps, hidden>;

template <class T>
struct batch {
  batch() {
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    for (T& each : x) each = static_cast<T>(normal(random));
    for (T& each : target) each = static_cast<T>(normal(random));
    for (T& each : parameters) each = static_cast<T>(normal(random) / 6);
  }
  void run() { value = lstm::step(x, target, parameters, slopes, space); }

  std::vector<T> x = std::vector<T>(steps * rows), target = std::vector<T>(rows),
                 parameters = std::vector<T>(lstm::theta.size()), slopes = parameters,
                 space = std::vector<T>(lstm::step.workspace<T>(rows));
  T value = 0;
};

#if defined(BENCH_EIGEN)
/// As one writes it: the gates of all steps are kept, and their slopes, whose products with the states give
/// the weights' gradient after the sweep backwards.
class by_eigen {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using in = Eigen::Map<const matrix>;
  using out = Eigen::Map<matrix>;

 public:
  float operator()(const float* x_, const float* target_, const float* p, float* slope) {
    const in x(x_, steps * rows, 1), target(target_, rows, 1), w(p, gates, 1), u(p + at_u, gates, hidden),
        b(p + at_b, 1, gates), c(p + at_c, 1, gates), v(p + at_v, 1, hidden);
    out dw(slope, gates, 1), du(slope + at_u, gates, hidden), db(slope + at_b, 1, gates),
        dc(slope + at_c, 1, gates), dv(slope + at_v, 1, hidden);
    // Gates i, f, g, o side by side; the states begin one step before.
    gate_.noalias() = x * w.transpose();
    gate_.rowwise() += b.row(0) + c.row(0);
    state_.topRows(rows).setZero(), cell_.topRows(rows).setZero();
    for (int t = 0; t < steps; ++t) {
      auto all = gate_.middleRows(t * rows, rows);
      all.noalias() += state_.middleRows(t * rows, rows) * u.transpose();
      all.leftCols(2 * hidden) = all.leftCols(2 * hidden).array().logistic();
      all.middleCols(2 * hidden, hidden) = all.middleCols(2 * hidden, hidden).array().tanh();
      all.rightCols(hidden) = all.rightCols(hidden).array().logistic();
      cell_.middleRows((t + 1) * rows, rows) = gate(t, 1).array() * cell_.middleRows(t * rows, rows).array() +
                                               gate(t, 0).array() * gate(t, 2).array();
      bent_.middleRows(t * rows, rows) = cell_.middleRows((t + 1) * rows, rows).array().tanh();
      state_.middleRows((t + 1) * rows, rows) = gate(t, 3).array() * bent_.middleRows(t * rows, rows).array();
    }
    const auto last = state_.bottomRows(rows);
    const matrix error = ((last * v.transpose()).array() + p[at_v + hidden]).matrix() - target;
    const matrix pull = error * (2.0f / rows);
    dv.noalias() = pull.transpose() * last;
    slope[at_v + hidden] = pull.sum();
    matrix of_state = pull * v, of_cell = matrix::Zero(rows, hidden);
    for (int t = steps; t-- > 0;) {
      const auto i = gate(t, 0).array(), f = gate(t, 1).array(), g = gate(t, 2).array(),
                 o = gate(t, 3).array();
      const auto bent = bent_.middleRows(t * rows, rows).array();
      auto to = slope_.middleRows(t * rows, rows);
      to.rightCols(hidden) = of_state.array() * bent * o * (1 - o);
      of_cell.array() += of_state.array() * o * (1 - bent.square());
      to.leftCols(hidden) = of_cell.array() * g * i * (1 - i);
      to.middleCols(hidden, hidden) =
          of_cell.array() * cell_.middleRows(t * rows, rows).array() * f * (1 - f);
      to.middleCols(2 * hidden, hidden) = of_cell.array() * i * (1 - g.square());
      of_cell.array() *= f;
      of_state.noalias() = to * u;
    }
    du.noalias() = slope_.transpose() * state_.topRows(steps * rows);
    dw.noalias() = slope_.transpose() * x;
    db = slope_.colwise().sum();
    dc = db;
    return error.squaredNorm() / rows;
  }

 private:
  static constexpr int at_u = gates, at_b = at_u + gates * hidden, at_c = at_b + gates, at_v = at_c + gates;
  Eigen::Block<matrix> gate(int t, int k) { return gate_.block(t * rows, k * hidden, rows, hidden); }

  matrix gate_ = matrix(steps * rows, gates), slope_ = gate_, bent_ = matrix(steps * rows, hidden),
         state_ = matrix((steps + 1) * rows, hidden), cell_ = state_;
};
#endif

}  // namespace

int main() {
  batch<float> own;
  batch<double> reference;
  own.run(), reference.run();
  bench::expect_near("LSTM", own.value, static_cast<float>(reference.value), 1.0f);
  for (std::size_t k = 0; k < lstm::theta.size(); ++k)
    bench::expect_near("LSTM, slope", own.slopes[k], static_cast<float>(reference.slopes[k]), 0.0f);
  bench::compare<51>(
      "LSTM, in double", 0, [&] { own.run(); }, [&] { reference.run(); });
#if defined(BENCH_EIGEN)
  by_eigen eigen;
  std::vector<float> slopes(lstm::theta.size());
  float value = 0;
  const auto by = [&] {
    value = eigen(own.x.data(), own.target.data(), own.parameters.data(), slopes.data());
  };
  by();
  bench::expect_near("LSTM by Eigen", own.value, value, 1.0f);
  for (std::size_t k = 0; k < slopes.size(); ++k)
    bench::expect_near("LSTM by Eigen, slope", own.slopes[k], slopes[k], 0.0f);
  bench::compare<51>(
      "LSTM, Eigen", 0, [&] { own.run(); }, by);
#endif
  return bench::agrees ? 0 : 1;
}
