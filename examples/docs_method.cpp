// SPDX-License-Identifier: BSL-1.0
// The code of docs/add-a-method.md: a method of tg::minimize in full, the gradient method of Barzilai and
// Borwein.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <span>
#include <vector>

#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/objective.hpp>

#include "support/expect.hpp"

using example::expect;

// [engine]
template <class T>
class spectral_steps {
 public:
  static constexpr bool descends = false;  // the value may rise: minimize keeps the best point

  spectral_steps(tg::detail::gradient_oracle<T>& problem, const tg::detail::box<T>& bounds)
      : problem_(problem), box_(bounds) {}

  tg::stop_reason begin(std::span<const T> start) {
    point_.assign(start.begin(), start.end());
    box_.project(point_);
    slopes_.resize(point_.size()), curvatures_.resize(point_.size());
    return look() ? tg::stop_reason::running : tg::stop_reason::not_finite_at_start;
  }

  tg::stop_reason advance() {
    const std::vector<T> before = point_, slopes_before = slopes_;
    for (std::size_t i = 0; i < point_.size(); ++i)
      point_[i] = box_.nearest(i, point_[i] - length_ * slopes_[i]);
    step_ = tg::detail::relative_step<T>(before, point_);
    if (!look()) {  // back, and a shorter step
      point_ = before, slopes_ = slopes_before, length_ /= 10, ++skipped_;
      return tg::stop_reason::running;
    }
    T square = 0, change = 0;
    for (std::size_t i = 0; i < point_.size(); ++i) {
      const T s = point_[i] - before[i], y = slopes_[i] - slopes_before[i];
      square += s * s, change += s * y;
      tg::detail::learn_curvature(curvatures_[i], s, y, box_.holds(i, before[i], slopes_before[i]));
    }
    if (change > 0) length_ = square / change;
    return tg::stop_reason::running;  // minimize stops where the gradient is small
  }

  tg::stop_reason if_flat() const { return tg::stop_reason::gradient_small; }
  std::span<const T> point() const { return point_; }
  std::span<const T> slopes() const { return slopes_; }
  std::span<const T> curvatures() const { return curvatures_; }
  T value() const { return value_; }
  T step_size() const { return step_; }
  T control() const { return length_; }
  bool accepted() const { return accepted_; }
  std::size_t skipped() const { return skipped_; }
  void leave_out(bool) {}

  template <class Archive>
  void archive(Archive& file) {
    file("point", point_), file("slopes", slopes_), file("curvatures", curvatures_), file("at", value_);
    file("step", step_), file("length", length_), file("skipped", skipped_);
  }
  void resume() {}

 private:
  bool look() {
    value_ = problem_.value_and_gradient(point_, slopes_);
    accepted_ = std::isfinite(value_);
    for (const T slope : slopes_) accepted_ = accepted_ && std::isfinite(slope);
    return accepted_;
  }

  tg::detail::gradient_oracle<T>& problem_;
  const tg::detail::box<T>& box_;
  std::vector<T> point_, slopes_, curvatures_;
  T value_{}, step_{}, length_ = static_cast<T>(1e-3);
  bool accepted_ = true;
  std::size_t skipped_ = 0;
};
// [engine]

// [method]
struct barzilai_borwein {
  template <class Problem, class V>
  static constexpr bool fits = tg::detail::HasGradient<Problem, V>;
  static constexpr const char* name = "barzilai_borwein";
  void check(const tg::detail::option_check&) const {}  // there are no options
  template <class Problem, class V>
  using oracle = tg::detail::gradient_of<Problem, V>;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const tg::detail::box<tg::detail::number_in<V>>& bounds,
              std::size_t) const {
    return spectral_steps<tg::detail::number_in<V>>(questions, bounds);
  }
};
// [method]

int main() {
  // [use]
  const auto bowl = tg::objective([](const auto& v, auto g) {
    g[0] = 2 * (v[0] - 3), g[1] = 40 * v[1];
    return std::pow(v[0] - 3, 2) + 20 * v[1] * v[1] + 7;
  });
  const auto result = tg::minimize(bowl, std::array{-1.2, 1.0}, barzilai_borwein{}, {.history = 100});
  std::cout << result.why() << '\n';
  // [use]
  expect(result.converged && std::abs(result.parameters[0] - 3) < 1e-8 &&
         std::abs(result.parameters[1]) < 1e-8);
  expect(result.iterations < 40 && result.history.size() == result.iterations + 1);

  const auto saved = [&](std::size_t most) {
    return tg::minimize(bowl, std::array{-1.2, 1.0}, barzilai_borwein{},
                        {.max_iterations = most, .checkpoint = "docs_method.txt", .resume = true});
  };
  std::remove("docs_method.txt");
  saved(4);
  expect(saved(1000).parameters == result.parameters);  // a run in two parts is the same run
  std::remove("docs_method.txt");
  const auto inside = tg::minimize(bowl, std::array{-1.2, 1.0}, barzilai_borwein{}, {.upper = {2, 5}});
  expect(inside.converged && inside.parameters[0] == 2);
}
