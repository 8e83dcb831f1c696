// SPDX-License-Identifier: BSL-1.0
// Networks in float: the mean cross-entropy of a batch and its gradients by all parameters, by a function of
// arrays; against code written by hand with vector types (register tiles, one pass where one will do), and
// against Eigen. All ways agree before anything is measured. networks.py adds PyTorch.
//   64-32-10 with tanh, a batch of 32;
//   both for one row, the scores alone, against plain loops;
//   784-128-10 with tanh, a batch of 64, alone and with a step of Adam, and batches of up to 1024 in two
//   threads.
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <typegrad/array.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/program/threads.hpp>
#include <vector>
#if defined(BENCH_EIGEN)
#include <Eigen/Dense>
#endif

#include "compare.hpp"

namespace {

/// A network of In, Hidden and Out numbers a row. The parameters are one vector: w, b, v, c.
template <int In, int Hidden, int Out>
struct network {
  static constexpr auto x = tg::array<"x", tg::rows, In>;
  static constexpr auto y = tg::array<"y", tg::rows, Out>;
  static constexpr auto w = tg::array<"w", In, Hidden>;
  static constexpr auto b = tg::array<"b", Hidden>;
  static constexpr auto v = tg::array<"v", Hidden, Out>;
  static constexpr auto c = tg::array<"c", Out>;
  static constexpr auto scores = tg::trace(x, w, b, v, c, [](auto x_, auto w_, auto b_, auto v_, auto c_) {
    return matmul(tanh(matmul(x_, w_) + b_), v_) + c_;
  });
  static constexpr auto loss = -tg::mean(tg::sum<1>(y * tg::log_softmax<-1>(scores)));
  static constexpr auto theta = tg::parameters(w, b, v, c);
  static constexpr auto step =
      tg::function(tg::inputs(x, y, theta), tg::outputs(loss, tg::gradient(loss, theta)));
  static constexpr auto infer = tg::function(tg::inputs(x, theta), tg::outputs(scores));
  static constexpr std::size_t at_b = In * Hidden, at_v = at_b + Hidden, at_c = at_v + Hidden * Out;
};

// --- By hand: 64-32-10, a batch of 32, for vectors of 16 numbers.

using lanes16 = tg::lanes::vector<float, 16>;
inline lanes16 load(const float* from) {
  lanes16 x;
  std::memcpy(&x, from, sizeof x);
  return x;
}
inline void store(const lanes16& x, float* to) { std::memcpy(to, &x, sizeof x); }

/// to[r][0..16*W) = from[r][...] for 8 rows, where from[r] = start + the sum over k of a(r, k)*b[k].
template <int W, int K, class A, class Finish>
[[gnu::always_inline]] inline void tile(const float* b, int stride, const lanes16 (&start)[W], A a,
                                        Finish finish) {
  lanes16 sum[8][W];
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r)
#pragma GCC unroll 2
    for (int j = 0; j < W; ++j) sum[r][j] = start[j];
  for (int k = 0; k < K; ++k) {
    lanes16 row[W];
#pragma GCC unroll 2
    for (int j = 0; j < W; ++j) row[j] = load(b + k * stride + 16 * j);
#pragma GCC unroll 8
    for (int r = 0; r < 8; ++r)
#pragma GCC unroll 2
      for (int j = 0; j < W; ++j) sum[r][j] += a(r, k) * row[j];
  }
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r)
#pragma GCC unroll 2
    for (int j = 0; j < W; ++j) finish(r, j, sum[r][j]);
}
/// The same number in all lanes: the sum, or the largest.
template <class Join>
inline lanes16 across(lanes16 x, Join join) {
  x = join(x, __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  x = join(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  x = join(x, __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  return join(x, __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
}

class by_hand {
 public:
  float operator()(const float* x, const float* y, const float* p, float* slope) {
    const float *const w = p, *const b = p + 2048, *const v = p + 2080, *const c = p + 2400;
    for (int k = 0; k < 32; ++k)
      for (int j = 0; j < 10; ++j) wide_[k][j] = turned_[j][k] = v[k * 10 + j];
    const lanes16 bias[2] = {load(b), load(b + 16)}, zero[2] = {};
    lanes16 bias2[1] = {lanes16{} - 1e30f}, slope_b[2] = {}, slope_c = {};
    for (int j = 0; j < 10; ++j) bias2[0][j] = c[j];
    double loss = 0;
    for (int r = 0; r < 32; r += 8) {
      tile<2, 64>(
          w, 32, bias, [&](int i, int k) { return x[(r + i) * 64 + k]; },
          [&](int i, int j, lanes16& sum) {
            tg::lanes::tanh::value(sum, sum);
            store(sum, hidden_[r + i] + 16 * j);
          });
      tile<1, 32>(
          wide_[0], 16, bias2, [&](int i, int k) { return hidden_[r + i][k]; },
          [&](int i, int, const lanes16& z) { loss += soften(z, y + (r + i) * 10, error_[r + i]); });
      tile<2, 10>(
          turned_[0], 32, zero, [&](int i, int k) { return error_[r + i][k]; },
          [&](int i, int j, const lanes16& sum) {
            const lanes16 h = load(hidden_[r + i] + 16 * j), d = sum * (1 - h * h);
            slope_b[j] += d;
            store(d, inner_[r + i] + 16 * j);
          });
      for (int i = 0; i < 8; ++i) slope_c += load(error_[r + i]);
    }
    for (int k = 0; k < 64; k += 8)
      tile<2, 32>(
          inner_[0], 32, zero, [&](int i, int r) { return x[r * 64 + k + i]; },
          [&](int i, int j, const lanes16& sum) { store(sum, slope + (k + i) * 32 + 16 * j); });
    const lanes16 none[1] = {};
    for (int k = 0; k < 32; k += 8)
      tile<1, 32>(
          error_[0], 16, none, [&](int i, int r) { return hidden_[r][k + i]; },
          [&](int i, int, const lanes16& sum) { std::memcpy(slope + 2080 + (k + i) * 10, &sum, 40); });
    store(slope_b[0], slope + 2048), store(slope_b[1], slope + 2064);
    std::memcpy(slope + 2400, &slope_c, 40);
    return static_cast<float>(loss / 32);
  }

 private:
  /// The cross-entropy of a row of scores, and its slopes.
  static float soften(const lanes16& z, const float* target, float* slope) {
    lanes16 y = {}, e;
    std::memcpy(&y, target, 40);
    const lanes16 top = across(z, [](const lanes16& p, const lanes16& q) { return p > q ? p : q; });
    const auto add = [](const lanes16& p, const lanes16& q) { return p + q; };
    tg::lanes::exp::value<lanes16>(z - top, e);
    const lanes16 total = across(e, add), weight = across(y, add);
    store((e * (weight / total) - y) * (1.0f / 32), slope);
    const lanes16 known_part = across(y * (z < lanes16{} - 1e29f ? lanes16{} : z), add);
    return weight[0] * (top[0] + std::log(total[0])) - known_part[0];
  }

  alignas(64) float hidden_[32][32], inner_[32][32], error_[32][16], wide_[32][16] = {}, turned_[10][32];
};

// --- By Eigen

#if defined(BENCH_EIGEN)
template <int In, int Hidden, int Out>
class by_eigen {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using in = Eigen::Map<const matrix>;
  using out = Eigen::Map<matrix>;

 public:
  float operator()(int rows, const float* x_, const float* y_, const float* p, float* slope) {
    using net = network<In, Hidden, Out>;
    const in x(x_, rows, In), y(y_, rows, Out), w(p, In, Hidden), b(p + net::at_b, 1, Hidden),
        v(p + net::at_v, Hidden, Out), c(p + net::at_c, 1, Out);
    out dw(slope, In, Hidden), db(slope + net::at_b, 1, Hidden), dv(slope + net::at_v, Hidden, Out),
        dc(slope + net::at_c, 1, Out);
    hidden_.noalias() = x * w;
    hidden_ = (hidden_.rowwise() + b.row(0)).array().tanh();
    score_.noalias() = hidden_ * v;
    score_.rowwise() += c.row(0);
    score_.colwise() -= score_.rowwise().maxCoeff().eval();
    error_ = score_.array().exp();
    total_ = error_.rowwise().sum();
    const float n = static_cast<float>(rows);
    const float loss =
        (y.rowwise().sum().array() * total_.array().log()).sum() - (y.array() * score_.array()).sum();
    error_.array().colwise() *= y.rowwise().sum().array() / total_.array();
    error_ = (error_ - y) / n;
    dv.noalias() = hidden_.transpose() * error_;
    dc = error_.colwise().sum();
    inner_.noalias() = error_ * v.transpose();
    inner_.array() *= 1 - hidden_.array().square();
    dw.noalias() = x.transpose() * inner_;
    db = inner_.colwise().sum();
    return loss / n;
  }

 private:
  matrix hidden_, score_, error_, inner_;
  Eigen::VectorXf total_;
};
#endif

/// Numbers for a batch, and what the ways make of them.
template <class Network>
struct batch {
  explicit batch(std::size_t rows) : x(rows * in), y(rows * out, 0), parameters(Network::theta.size()) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (float& each : x) each = normal(random);
    for (std::size_t r = 0; r < rows; ++r) y[r * out + random() % out] = 1;
    for (float& each : parameters) each = normal(random) / 16;
    own.resize(parameters.size()), reference.resize(parameters.size());
    space.resize(Network::step.template workspace<float>(rows));
  }
  template <class... Executor>
  void by_typegrad(const Executor&... executor) {
    loss = Network::step(x, y, parameters, own, space, executor...);
  }
  void agree(const char* name, float other) const {
    bench::expect_near(name, loss, other, other);
    for (std::size_t k = 0; k < own.size(); ++k) bench::expect_near(name, own[k], reference[k], 1.0f);
  }

  static constexpr std::size_t in = Network::theta.parts[0].extent[0], out = Network::theta.parts[3].size;
  std::vector<float> x, y, parameters, own, reference, space;
  float loss = 0;
};

/// The scores of one row, against plain loops.
template <int In, int Hidden, int Out>
void measure_inference(const char* name) {
  using net = network<In, Hidden, Out>;
  const batch<net> one(1);
  std::vector<float> scores(Out), reference(Out), space(net::infer.template workspace<float>(1));
  const float *const x = one.x.data(), *const p = one.parameters.data();
  const auto own = [&] { net::infer(one.x, one.parameters, scores, space); };
  const auto written = [&] {
    float hidden[Hidden];
    std::memcpy(hidden, p + net::at_b, sizeof hidden);
    for (int k = 0; k < In; ++k)
      for (int j = 0; j < Hidden; ++j) hidden[j] += x[k] * p[k * Hidden + j];
    for (float& each : hidden) each = std::tanh(each);
    std::memcpy(reference.data(), p + net::at_c, Out * sizeof(float));
    for (int k = 0; k < Hidden; ++k)
      for (int j = 0; j < Out; ++j)
        reference[static_cast<std::size_t>(j)] += hidden[k] * p[net::at_v + k * Out + j];
  };
  own(), written();
  for (std::size_t k = 0; k < Out; ++k) bench::expect_near(name, scores[k], reference[k], 1.0f);
  bench::compare<101, 100>(name, 0, own, written);
}

void measure_small() {
  batch<network<64, 32, 10>> one(32);
  const auto own = [&] { one.by_typegrad(); };
  by_hand hand;
  float other = 0;
  const auto written = [&] {
    other = hand(one.x.data(), one.y.data(), one.parameters.data(), one.reference.data());
  };
  own(), written();
  one.agree("64-32-10 by hand", other);
  bench::compare("64-32-10, by hand", 1.10, own, written);
#if defined(BENCH_EIGEN)
  by_eigen<64, 32, 10> eigen;
  const auto by = [&] {
    other = eigen(32, one.x.data(), one.y.data(), one.parameters.data(), one.reference.data());
  };
  by();
  one.agree("64-32-10 by Eigen", other);
  bench::compare("64-32-10, Eigen", 0, own, by);
#endif
}

void measure_large() {
  batch<network<784, 128, 10>> one(64);
  tg::first_order<tg::adam, float> rule({.rate = 1e-9}, one.parameters.size());
  const auto own = [&] { one.by_typegrad(); };
  const auto with_adam = [&] { one.by_typegrad(), rule.step(one.parameters, one.own); };
  own();
#if defined(BENCH_EIGEN)
  by_eigen<784, 128, 10> eigen;
  float other = 0;
  const auto by = [&] {
    other = eigen(64, one.x.data(), one.y.data(), one.parameters.data(), one.reference.data());
  };
  by();
  one.agree("784-128-10 by Eigen", other);
  bench::compare("784-128-10, Eigen", 0, own, by);
#endif
  bench::compare("784-128-10 with Adam, alone", 0, with_adam, own);
  for (const std::size_t rows : {64u, 256u, 1024u}) {
    batch<network<784, 128, 10>> shared(rows);
    const std::string name = "batch " + std::to_string(rows) + ", two threads, one";
    bench::compare(
        name.c_str(), 0, [&] { shared.by_typegrad(tg::threads(2)); }, [&] { shared.by_typegrad(); });
  }
}

}  // namespace

int main() {
  measure_small();
  measure_large();
  measure_inference<64, 32, 10>("64-32-10, inference by hand");
  measure_inference<784, 128, 10>("784-128-10, inference by hand");
  return bench::agrees ? 0 : 1;
}
