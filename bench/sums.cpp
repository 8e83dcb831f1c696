// SPDX-License-Identifier: BSL-1.0
// Sums over rows, with the bars that are promised for them: ratios of medians to code that computes one row
// after the other. All ways agree before anything is measured.
//   mixture: 3 components, 9 parameters, value and gradient over 10,000 rows, against the compiled formula
//            called for each row;
//   options: price and 5 greeks after Black and Scholes over 4,096 rows, written out and summed, against the
//            formulas of the greeks written by hand;
//   gmm:     the log-likelihood of ADBench's Gaussian mixture (d = 2, K = 5, 1,000 points), against a forward
//            and a backward sweep written by hand.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <random>
#include <typegrad/array.hpp>
#include <vector>

#include "compare.hpp"

namespace {

using namespace tg::literals;
using bench::compare, bench::expect_near;

// A mixture of three normal distributions: logits w, means m, logarithms of deviations s.

constexpr auto x = tg::symbol<"x">;
constexpr auto w = tg::symbols<"w", 3>;
constexpr auto m = tg::symbols<"m", 3>;
constexpr auto s = tg::symbols<"s", 3>;
constexpr auto mixture = tg::trace<"x", "w[3]", "m[3]", "s[3]">([](auto u, auto weight, auto mean,
                                                                   auto scale) {
  const auto term = [&](int k) { return weight[k] - scale[k] - pow((u - mean[k]) * exp(-scale[k]), 2) / 2; };
  return logsumexp(term(0), term(1), term(2)) - logsumexp(weight[0], weight[1], weight[2]);
});

void measure_mixture() {
  std::mt19937 random(1);
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> data(10000);
  for (double& each : data) each = normal(random);
  const std::array at{.1, .2, .3, -2., 0., 3., .3, .5, .1};
  const auto sum = tg::sum_over(tg::rows(x = std::span<const double>(data)), mixture, w, m, s);
  const auto row = tg::function(tg::inputs(x, w, m, s), tg::outputs(mixture, tg::gradient(mixture, w, m, s)));
  double own = 0, reference = 0;
  std::array<double, 9> slopes, by_rows;
  const auto by_sum = [&] { own = sum.value_and_gradient(at, slopes); };
  const auto by_row = [&] {
    double in[10], out[10];
    reference = 0, by_rows = {};
    std::copy(at.begin(), at.end(), in + 1);
    for (const double each : data) {
      in[0] = each;
      row(std::span<const double, 10>(in), std::span<double, 10>(out));
      reference += out[0];
      for (std::size_t k = 0; k < 9; ++k) by_rows[k] += out[1 + k];
    }
  };
  by_sum(), by_row();
  expect_near("mixture", own, reference, reference);
  for (std::size_t k = 0; k < 9; ++k) expect_near("slope of the mixture", slopes[k], by_rows[k], reference);
  compare("mixture, double", 0.10, by_sum, by_row);
}

// Options. The sum's parameters are shifts of the columns, so that its gradient has the sums of the greeks.

template <class S, class K, class R, class V, class T>
constexpr auto call_price(const S& spot, const K& strike, const R& rate, const V& sigma, const T& time) {
  const auto deviation = sigma * sqrt(time);
  const auto d1 = (log(spot / strike) + (rate + sigma * sigma / 2_c) * time) / deviation;
  const auto d2 = d1 - deviation;
  return (spot * erfc(-d1 / sqrt(2_c)) - strike * exp(-rate * time) * erfc(-d2 / sqrt(2_c))) / 2_c;
}

template <class T>
void price_by_hand(T spot, T strike, T rate, T sigma, T time, T* result) {
  const T root_time = std::sqrt(time), deviation = sigma * root_time, inverse = 1 / deviation;
  const T variance = sigma * sigma, half_root = T(0.70710678118654752440);
  const T d1 = (std::log(spot / strike) + (rate + variance / 2) * time) * inverse;
  const T z1 = half_root * d1, z2 = half_root * (d1 - deviation);
  const T cdf1 = std::erfc(-z1) / 2, discounted = std::exp(-rate * time) * (std::erfc(-z2) / 2);
  const T part = strike * discounted, density = T(0.39894228040143267794) * spot * std::exp(-z1 * z1);
  result[0] = spot * cdf1 - part;
  result[1] = cdf1;
  result[2] = -discounted;
  result[3] = time * part;
  result[4] = density * root_time;
  result[5] = density * variance * inverse / 2 + rate * part;
}

template <class T>
void measure_options(const char* written, const char* summed, double bar) {
  constexpr std::size_t n = 4096;
  std::mt19937 random(2);
  std::array<std::vector<T>, 5> column;
  const double low[] = {80, 80, 0.01, 0.1, 0.2}, high[] = {120, 120, 0.08, 0.5, 2};
  for (std::size_t k = 0; k < 5; ++k)
    for (std::size_t row = 0; row < n; ++row)
      column[k].push_back(static_cast<T>(std::uniform_real_distribution<double>(low[k], high[k])(random)));
  const auto [spot, strike, rate, sigma, time] = column;

  constexpr auto a = tg::array<"spot", tg::rows>;
  constexpr auto b = tg::array<"strike", tg::rows>;
  constexpr auto c = tg::array<"rate", tg::rows>;
  constexpr auto d = tg::array<"sigma", tg::rows>;
  constexpr auto e = tg::array<"time", tg::rows>;
  constexpr auto price = call_price(a, b, c, d, e);
  constexpr auto total = sum(price);
  constexpr auto all =
      tg::function(tg::inputs(a, b, c, d, e),
                   tg::outputs(price, tg::gradient(total, a), tg::gradient(total, b), tg::gradient(total, c),
                               tg::gradient(total, d), tg::gradient(total, e)));
  std::array<std::vector<T>, 6> out, by_hand;
  for (auto& each : out) each.resize(n);
  for (auto& each : by_hand) each.resize(n);
  std::vector<T> space(all.template workspace<T>(n));
  const auto write = [&] {
    all(spot, strike, rate, sigma, time, out[0], out[1], out[2], out[3], out[4], out[5], space);
  };
  const auto write_by_hand = [&] {
    for (std::size_t row = 0; row < n; ++row) {
      T result[6];
      price_by_hand(spot[row], strike[row], rate[row], sigma[row], time[row], result);
      for (std::size_t k = 0; k < 6; ++k) by_hand[k][row] = result[k];
    }
  };
  write(), write_by_hand();
  for (std::size_t k = 0; k < 6; ++k)
    for (std::size_t row = 0; row < n; ++row) expect_near("option", out[k][row], by_hand[k][row], T(100));
  compare(written, bar, write, write_by_hand);

  constexpr auto u = tg::symbols<"u", 5>;
  constexpr auto shift = tg::symbols<"shift", 5>;
  constexpr auto shifted = call_price(u[0_c] + shift[0_c], u[1_c] + shift[1_c], u[2_c] + shift[2_c],
                                      u[3_c] + shift[3_c], u[4_c] + shift[4_c]);
  const auto sums =
      tg::sum_over(tg::rows(u[0_c] = std::span<const T>(spot), u[1_c] = std::span<const T>(strike),
                            u[2_c] = std::span<const T>(rate), u[3_c] = std::span<const T>(sigma),
                            u[4_c] = std::span<const T>(time)),
                   shifted, shift);
  const std::array<T, 5> zero{};
  std::array<T, 5> slopes{};
  std::array<T, 6> added{};
  T value = 0;
  const auto add = [&] { value = sums.value_and_gradient(zero, slopes); };
  const auto add_by_hand = [&] {
    added = {};
    for (std::size_t row = 0; row < n; ++row) {
      T result[6];
      price_by_hand(spot[row], strike[row], rate[row], sigma[row], time[row], result);
      for (std::size_t k = 0; k < 6; ++k) added[k] += result[k];
    }
  };
  add(), add_by_hand();
  expect_near("sum of prices", value, added[0], added[0]);
  for (std::size_t k = 0; k < 5; ++k) expect_near("sum of greeks", slopes[k], added[k + 1], added[k + 1]);
  compare(summed, bar, add, add_by_hand);
}

// ADBench's mixture: weights, means, and for each component a lower triangle with e^q on its diagonal.

constexpr int D = 2, K = 5, triangle = D * (D + 1) / 2, parameters = K * (1 + D + triangle);
constexpr auto point = tg::symbols<"point", D>;
constexpr auto theta = tg::symbols<"theta", parameters>;
constexpr auto gmm = tg::trace<"point[2]", "theta[30]">([](auto at, auto p) {
  const auto term = [&](int k) {
    auto sum = p[k];
    for (int i = 0; i < D; ++i) {
      auto z = exp(p[K * (1 + D) + k * triangle + i]) * (at[i] - p[K + k * D + i]);
      for (int j = 0; j < i; ++j)
        z = z + p[K * (1 + D) + k * triangle + D + i * (i - 1) / 2 + j] * (at[j] - p[K + k * D + j]);
      sum = sum + p[K * (1 + D) + k * triangle + i] - z * z / 2;
    }
    return sum;
  };
  return logsumexp(term(0), term(1), term(2), term(3), term(4)) - logsumexp(p[0], p[1], p[2], p[3], p[4]);
});

double gmm_by_hand(const std::vector<double>& data, const double* p, double* slope) {
  double scale[K][D], value = 0, largest = *std::max_element(p, p + K), norm = 0;
  const std::size_t n = data.size() / D;
  for (int k = 0; k < parameters; ++k) slope[k] = 0;
  for (int k = 0; k < K; ++k) {
    norm += std::exp(p[k] - largest);
    for (int i = 0; i < D; ++i) scale[k][i] = std::exp(p[K * (1 + D) + k * triangle + i]);
  }
  for (std::size_t row = 0; row < n; ++row) {
    double term[K], z[K][D], centred[K][D], top = -INFINITY, sum = 0;
    for (int k = 0; k < K; ++k) {
      const double* const q = p + K * (1 + D) + k * triangle;
      term[k] = p[k];
      for (int i = 0; i < D; ++i) {
        centred[k][i] = data[row * D + static_cast<std::size_t>(i)] - p[K + k * D + i];
        z[k][i] = scale[k][i] * centred[k][i];
        for (int j = 0; j < i; ++j) z[k][i] += q[D + i * (i - 1) / 2 + j] * centred[k][j];
        term[k] += q[i] - z[k][i] * z[k][i] / 2;
      }
      top = std::max(top, term[k]);
    }
    for (int k = 0; k < K; ++k) sum += term[k] = std::exp(term[k] - top);
    value += top + std::log(sum);
    for (int k = 0; k < K; ++k) {
      const double weight = term[k] / sum;
      double* const q = slope + K * (1 + D) + k * triangle;
      slope[k] += weight;
      for (int i = 0; i < D; ++i) {
        const double pull = weight * z[k][i];
        q[i] += weight - pull * scale[k][i] * centred[k][i];
        slope[K + k * D + i] += pull * scale[k][i];
        for (int j = 0; j < i; ++j) {
          q[D + i * (i - 1) / 2 + j] -= pull * centred[k][j];
          slope[K + k * D + j] += pull * p[K * (1 + D) + k * triangle + D + i * (i - 1) / 2 + j];
        }
      }
    }
  }
  for (int k = 0; k < K; ++k) slope[k] -= static_cast<double>(n) * std::exp(p[k] - largest) / norm;
  return value - static_cast<double>(n) * (largest + std::log(norm));
}

void measure_gmm() {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  std::vector<double> data(1000 * D);
  for (double& each : data) each = normal(random);
  std::array<double, parameters> at, slopes, by_hand;
  for (double& each : at) each = normal(random) / 2;
  const auto sum = tg::sum_over(tg::rows(point = std::span<const double>(data)), gmm, theta);
  double own = 0, reference = 0;
  const auto by_sum = [&] { own = sum.value_and_gradient(at, slopes); };
  const auto by_loops = [&] { reference = gmm_by_hand(data, at.data(), by_hand.data()); };
  by_sum(), by_loops();
  expect_near("gmm", own, reference, reference);
  for (std::size_t k = 0; k < parameters; ++k) expect_near("slope of gmm", slopes[k], by_hand[k], reference);
  compare("gmm d 2 K 5, double", 0.30, by_sum, by_loops);
}

}  // namespace

int main() {
  measure_mixture();
  measure_options<double>("options written, double", "options summed, double", 0.16);
  measure_options<float>("options written, float", "options summed, float", 0.09);
  measure_gmm();
  return bench::agrees ? 0 : 1;
}
