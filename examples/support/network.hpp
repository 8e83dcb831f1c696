// SPDX-License-Identifier: BSL-1.0
// A small neural network: one hidden layer of tanh, then a softmax. It is written once, as a template:
// traced, it becomes one compiled program for the loss of a row with all its derivatives; called with plain
// numbers, it predicts.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <typegrad/typegrad.hpp>
#include <utility>
#include <vector>

#include "labelled_table.hpp"

namespace demo {

/// The parameters: for each hidden unit its bias, a weight of each feature and a weight for each class; at
/// the end each class's bias.
constexpr std::size_t network_size(std::size_t features, std::size_t hidden, std::size_t classes) {
  return hidden * (1 + features + classes) + classes;
}

/// The score of each class; the softmax of the scores is its probability.
template <std::size_t hidden, std::size_t classes, class Number, std::size_t size, std::size_t features>
constexpr std::array<Number, classes> class_scores(const std::array<Number, size>& parameters,
                                                   const std::array<Number, features>& row) {
  static_assert(size == network_size(features, hidden, classes));
  using std::tanh;
  auto scores = [&]<std::size_t... k>(std::index_sequence<k...>) {
    return std::array<Number, classes>{parameters[size - classes + k]...};
  }
  (std::make_index_sequence<classes>{});
  const Number* next = parameters.data();
  for (std::size_t unit = 0; unit < hidden; ++unit) {
    Number sum = *next++;
    for (std::size_t i = 0; i < features; ++i) sum = sum + *next++ * row[i];
    const Number active = tanh(sum);
    for (Number& score : scores) score = score + *next++ * active;
  }
  return scores;
}

/// The loss of a row, minus the logarithm of the probability of its class; `is` holds a 1 for that class and
/// a 0 for each other.
template <std::size_t hidden, class Number, std::size_t size, std::size_t features, std::size_t classes>
constexpr Number cross_entropy(const std::array<Number, size>& parameters,
                               const std::array<Number, features>& row,
                               const std::array<Number, classes>& is) {
  const auto scores = class_scores<hidden, classes>(parameters, row);
  Number loss = [&]<std::size_t... k>(std::index_sequence<k...>) { return logsumexp(scores[k]...); }
  (std::make_index_sequence<classes>{});
  for (std::size_t k = 0; k < classes; ++k) loss = loss - is[k] * scores[k];
  return loss;
}

/// A network of some shape with its traced loss, tg::trace<"p[size]", "x[features]",
/// "is[classes]">(cross_entropy<hidden>).
template <class Loss, std::size_t features_, std::size_t hidden_, std::size_t classes_>
struct network {
  static constexpr std::size_t features = features_, hidden = hidden_, classes = classes_,
                               size = network_size(features, hidden, classes);
  using parameters = std::array<double, size>;

  /// Loss and gradient of one row in one program: inputs are parameters, measurements and class.
  static constexpr auto loss_and_gradient = [] {
    constexpr auto p = tg::symbols<"p", static_cast<int>(size)>;
    return tg::function(tg::inputs(p, tg::symbols<"x", static_cast<int>(features)>,
                                   tg::symbols<"is", static_cast<int>(classes)>),
                        tg::outputs(Loss{}, tg::gradient(Loss{}, p)));
  }();

  /// Small random weights, the same for a seed with every standard library, and no biases. Source: Glorot and
  /// Bengio 2010.
  static parameters start(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto weight = [&](std::size_t from, std::size_t to) {
      const double uniform = static_cast<double>(random() >> 11U) * 0x1p-53;
      return std::sqrt(6.0 / static_cast<double>(from + to)) * (2 * uniform - 1);
    };
    parameters p{};
    auto next = p.begin();
    for (std::size_t unit = 0; unit < hidden; ++unit) {
      ++next;  // the bias
      for (std::size_t i = 0; i < features; ++i) *next++ = weight(features, hidden);
      for (std::size_t k = 0; k < classes; ++k) *next++ = weight(hidden, classes);
    }
    return p;
  }

  static std::size_t predicted(std::span<const double> p, const std::vector<double>& row) {
    parameters numbers;
    std::array<double, features> measured;
    std::ranges::copy(p, numbers.begin());
    std::ranges::copy(row, measured.begin());
    const auto scores = class_scores<hidden, classes>(numbers, measured);
    return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  }

  /// How many rows of each class (first index) are taken for each class (second index).
  using confusion = std::array<std::array<int, classes>, classes>;
  static confusion confused(std::span<const double> p, const labelled_table& table) {
    confusion counts{};
    for (std::size_t i = 0; i < table.rows.size(); ++i)
      ++counts[table.labels[i]][predicted(p, table.rows[i])];
    return counts;
  }
  static double accuracy(std::span<const double> p, const labelled_table& table) {
    int right = 0;
    const confusion counts = confused(p, table);
    for (std::size_t k = 0; k < classes; ++k) right += counts[k][k];
    return right / static_cast<double>(table.rows.size());
  }

  /// The mean loss over the rows of a table plus decay/2 times the sum of squares of the parameters, as
  /// tg::minimize takes it.
  class mean_loss {
   public:
    explicit mean_loss(const labelled_table& table, double decay = 0) : table_(table), decay_(decay) {}

    template <class V>
    double value_and_gradient(const V& v, std::span<double> slopes) const {
      std::array<double, size + features + classes> in{};
      std::array<double, 1 + size> out, sum{};
      std::copy_n(v.data(), size, in.begin());
      for (std::size_t i = 0; i < table_.rows.size(); ++i) {
        std::ranges::copy(table_.rows[i], in.begin() + size);
        for (std::size_t k = 0; k < classes; ++k) in[size + features + k] = table_.labels[i] == k ? 1 : 0;
        loss_and_gradient(in, out);
        for (std::size_t k = 0; k <= size; ++k) sum[k] += out[k];
      }
      const auto count = static_cast<double>(table_.rows.size());
      for (std::size_t k = 0; k < slopes.size(); ++k) slopes[k] = sum[1 + k] / count + decay_ * in[k];
      return sum[0] / count + decay_ / 2 * std::inner_product(in.begin(), in.begin() + size, in.begin(), 0.0);
    }
    template <class V>
    double value(const V& v) const {
      return value_and_gradient(v, {});
    }

   private:
    const labelled_table& table_;
    double decay_;
  };
};

}  // namespace demo
