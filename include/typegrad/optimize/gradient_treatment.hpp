// SPDX-License-Identifier: BSL-1.0
// What is done to a gradient before a step: clipping, normalising, centralising, noise. Each treatment is a
// struct of options that is called on the gradient; several are applied in the order in which they are
// written. Opt-in: not part of the umbrella header.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "problem/vector_view.hpp"
#include "tool/option_check.hpp"
#include "tool/random.hpp"
#include "tool/segments.hpp"

namespace tg {

// A treatment is a callable (gradient, parameters, step) that changes the gradient in place; step counts from
// 0. `segments` are the lengths, in order, of the parts of the vector that are treated one by one: layers, or
// the rows of weights that feed one unit. Without it the whole vector is one part. Norms are Euclidean. A
// part whose norm is not finite is left as it is, so that tg::gradient_watch finds it. None of them allocates
// memory.

namespace detail {

template <class T, class R>
void scale(std::span<T> numbers, R factor) {
  for (T& number : numbers) number *= static_cast<T>(factor);
}

/// Multiplies each segment of the gradient by factor(its norm, the segment), where the norm is finite.
template <class T, class Factor>
void scale_segments(std::string_view name, std::span<T> gradient, const std::vector<std::size_t>& lengths,
                    const Factor& factor) {
  const detail::segments parts(lengths, gradient.size());
  parts.check(name);
  for (const segment part : parts) {
    const std::span<T> numbers = gradient.subspan(part.begin, part.length);
    const auto size = norm(std::span<const T>(numbers));
    if (detail::is_finite(size)) scale(numbers, factor(size, part));
  }
}

}  // namespace detail

/// g <- min(max(g, -limit), limit), each component by itself. NaN stays.
struct clip_by_value {
  double limit;

  static constexpr std::string_view name = "clip_by_value";
  void check(const detail::option_check& options) const { options.positive("limit", limit); }
  template <class T>
  void operator()(std::span<T> gradient, std::span<const T>, std::size_t) const {
    for (T& number : gradient) number = std::clamp(number, static_cast<T>(-limit), static_cast<T>(limit));
  }
};

/// g <- g min(1, limit / (|g| + epsilon)), by the norm of the whole gradient or of each segment. Convention:
/// with PyTorch's epsilon (clip_grad_norm_), so that the norm ends slightly below the limit; 0 makes it
/// exact. Source: Pascanu, Mikolov and Bengio, ICML 2013.
struct clip_by_norm {
  double limit;
  std::vector<std::size_t> segments = {};
  double epsilon = 1e-6;

  static constexpr std::string_view name = "clip_by_norm";
  void check(const detail::option_check& options) const {
    options.positive("limit", limit).not_negative("epsilon", epsilon);
  }
  template <class T>
  void operator()(std::span<T> gradient, std::span<const T>, std::size_t) const {
    detail::scale_segments(name, gradient, segments, [&]<class R>(R norm_now, detail::segment) {
      return norm_now + R(epsilon) > R(limit) ? R(limit) / (norm_now + R(epsilon)) : R(1);
    });
  }
};

/// Adaptive clipping: with w the parameters of a segment and g their gradient, both as norms,
///
///     g <- g min(1, clipping max(|w|, floor) / |g|)
///
/// so that no unit changes by much more than a share of itself. Segments are meant to be units: the weights
/// that feed one output. Source: Brock, De, Smith and Simonyan, ICML 2021 (its defaults).
struct adaptive_clip {
  double clipping = 1e-2;
  std::vector<std::size_t> segments = {};
  double floor = 1e-3;

  static constexpr std::string_view name = "adaptive_clip";
  void check(const detail::option_check& options) const {
    options.positive("clipping", clipping).positive("floor", floor);
  }
  /// Throws std::invalid_argument without the parameters.
  template <class T>
  void operator()(std::span<T> gradient, std::span<const T> parameters, std::size_t) const {
    detail::same_size(name, "vector of parameters", parameters.size(), gradient.size());
    detail::scale_segments(name, gradient, segments, [&]<class R>(R norm_now, detail::segment part_now) {
      const R norm_of_parameters = detail::norm(parameters.subspan(part_now.begin, part_now.length));
      return std::min(R(1), R(clipping) * std::max(norm_of_parameters, R(floor)) / norm_now);
    });
  }
};

/// Scales the gradient, or each segment, so that its norm is at least `low` and at most `high`: against
/// vanishing as well as exploding gradients. low = high makes the norm that number. A zero gradient stays
/// zero.
struct normalise_into {
  double low;
  double high;
  std::vector<std::size_t> segments = {};

  static constexpr std::string_view name = "normalise_into";
  void check(const detail::option_check& options) const {
    options.not_negative("low", low)
        .positive("high", high)
        .that(high >= low, "high", high, "a number that is not below low");
  }
  template <class T>
  void operator()(std::span<T> gradient, std::span<const T>, std::size_t) const {
    detail::scale_segments(name, gradient, segments, [&]<class R>(R norm_now, detail::segment) {
      return norm_now > 0 ? std::clamp(norm_now, R(low), R(high)) / norm_now : R(1);
    });
  }
};

/// Takes the mean off each segment: g <- g - mean(g). Segments are meant to be the weights that feed one
/// unit; leave biases to segments of length 1, which are not changed.
/// Source: Yong, Huang, Hua and Zhang, ECCV 2020.
struct centralise {
  std::vector<std::size_t> segments = {};

  static constexpr std::string_view name = "centralise";
  void check(const detail::option_check&) const {}
  template <class T>
  void operator()(std::span<T> gradient, std::span<const T>, std::size_t) const {
    using real = std::common_type_t<T, double>;
    const detail::segments parts(segments, gradient.size());
    parts.check(name);
    for (const auto [begin, length] : parts) {
      if (length == 1) continue;
      real sum = 0;
      for (const T number : gradient.subspan(begin, length)) sum += number;
      const T mean = static_cast<T>(sum / static_cast<real>(length));
      for (T& number : gradient.subspan(begin, length)) number -= mean;
    }
  }
};

/// Adds normal noise of variance scale / (1 + step)^decay to each component. The noise depends on seed and
/// step only, so that a resumed run sees the same.
/// Source: Neelakantan et al., arXiv:1511.06807, which tries scales 0.01, 0.3 and 1.
struct gradient_noise {
  double scale = 0.01;
  double decay = 0.55;
  std::uint64_t seed = 1;

  static constexpr std::string_view name = "gradient_noise";
  void check(const detail::option_check& options) const {
    options.not_negative("scale", scale).not_negative("decay", decay);
  }
  template <class T>
  void operator()(std::span<T> gradient, std::span<const T>, std::size_t step) const {
    const double deviation = std::sqrt(scale / std::pow(1 + static_cast<double>(step), decay));
    detail::random_stream random(seed, step);
    for (T& number : gradient) number += static_cast<T>(deviation * random.normal());
  }
};

/// Treatments in the order in which they are given, as one: `tg::treatments(tg::centralise{},
/// tg::clip_by_norm{1})`. Callables of one's own with the same arguments take part.
template <class... Treatments>
class treatments {
 public:
  /// Throws std::invalid_argument for impossible options.
  explicit treatments(Treatments... each) : each_(std::move(each)...) {
    std::apply([](const auto&... treatment_now) { (checked(treatment_now), ...); }, each_);
  }

  /// Changes `gradient` in place. `parameters`: of the same size, or empty where no treatment looks at them.
  /// `step` counts from 0. Throws std::invalid_argument for wrong sizes.
  template <detail::DenseVector Gradient, detail::DenseVector Parameters>
  void operator()(Gradient&& gradient, const Parameters& parameters, std::size_t step) const {
    using number = detail::number_of<Gradient>;
    static_assert(
        std::is_floating_point_v<number> && std::is_same_v<number, detail::number_of<const Parameters>>,
        "treatments: gradient and parameters must hold numbers of one floating type.");
    const std::span<number> numbers = detail::view(gradient);
    const std::span<const number> point = detail::view(parameters);
    if (!point.empty()) detail::same_size("treatments", "vector of parameters", point.size(), numbers.size());
    std::apply([&](const auto&... treatment_now) { (treatment_now(numbers, point, step), ...); }, each_);
  }

  /// Throws std::invalid_argument where the segments of a treatment do not make up a vector of so many
  /// numbers.
  void check(std::size_t size) const {
    std::apply([&](const auto&... treatment_now) { (check_segments(treatment_now, size), ...); }, each_);
  }

 private:
  template <class Treatment>
  static void check_segments(const Treatment& treatment, std::size_t size) {
    if constexpr (requires { detail::segments(treatment.segments, size).check(Treatment::name); })
      detail::segments(treatment.segments, size).check(Treatment::name);
  }
  template <class Treatment>
  static void checked(const Treatment& treatment) {
    if constexpr (requires(const detail::option_check& check) { treatment.check(check); })
      treatment.check(detail::option_check(Treatment::name));
  }

  std::tuple<Treatments...> each_;
};

/// Applies treatments that need neither parameters nor step to a gradient, in order: `tg::treat(g,
/// tg::clip_by_norm{1})`.
template <detail::DenseVector Gradient, class... Treatments>
void treat(Gradient&& gradient, const Treatments&... each) {
  treatments<const Treatments&...>{each...}(gradient, std::span<const detail::number_of<Gradient>>{}, 0);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
