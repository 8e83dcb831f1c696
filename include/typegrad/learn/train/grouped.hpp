// SPDX-License-Identifier: BSL-1.0
// First-order optimizers of which groups of parameters have options of their own: rates, decays, or none.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../../optimize/first_order/rule.hpp"
#include "../../program/array/parameters.hpp"

namespace tg {

/// The options for all parameters whose names fit a pattern, as in theta.only<"*.bias">().
template <class Method>
struct parameter_group {
  std::string_view names;
  Method method;
};

/// tg::first_order with groups of parameters, for a vector laid out as `theta`:
///
///     tg::grouped<tg::adamw, float> rule(theta, {{"*.bias", {.rate = 0.01, .weight_decay = 0}}, {"*", {.rate
///     = 0.01}}}); rule.step(weights, slopes);
///
/// The first group that fits a parameter's name is that parameter's; one that fits none stays as it is. With
/// a second list, grouped(theta, trained, groups), slopes are laid out as `trained`, which is a part of
/// theta, and the others stay as they are. Each number moves by the bits of first_order's step; layers of
/// tg::lamb are the parameters. Those of tg::layers are taken layer by layer, encoder.layer.0.bias and so on.
/// Errors: std::invalid_argument for a group that fits no parameter, a trained
/// one that theta does not have, and as first_order.
template <class Method, class T>
class grouped {
 public:
  using real = typename first_order<Method, T>::real;
  using groups = std::initializer_list<parameter_group<Method>>;

  template <class... S>
  grouped(const parameter_list<S...>& theta, groups all) : grouped(theta, theta, all) {}
  template <class... S, class... Trained>
  grouped(const parameter_list<S...>& theta, const parameter_list<Trained...>& trained, groups all)
      : size_(theta.size()), slopes_(trained.size()) {
    divide(by_layer(theta.parts), by_layer(trained.parts), all);
  }

  std::size_t size() const { return size_; }
  /// The rate of the first parameter.
  double rate() const { return static_cast<double>(ranges_.front().rule.options().rate); }
  /// The steps taken.
  std::size_t steps() const { return ranges_.front().rule.steps(); }
  /// Forgets all steps.
  void reset() {
    for (range& each : ranges_) each.rule.reset();
  }
  /// Moves the parameters by one step; `rate_factor` multiplies all rates.
  void step(std::span<T> parameters, std::span<const T> gradient, real rate_factor = 1) {
    detail::same_size(Method::name, "vector of parameters", parameters.size(), size_);
    detail::same_size(Method::name, "gradient", gradient.size(), slopes_);
    for (range& each : ranges_)
      each.rule.step(parameters.subspan(each.first, each.rule.size()),
                     gradient.subspan(each.slope, each.rule.size()), rate_factor);
  }
  template <detail::DenseVector Parameters, detail::DenseVector Gradient>
  void step(Parameters&& parameters, const Gradient& gradient, real rate_factor = 1) {
    step(std::span<T>(detail::view(parameters)), std::span<const T>(detail::view(gradient)), rate_factor);
  }
  /// Writes the state as text, and reads it, as first_order does.
  void save(std::ostream& out) const {
    for (const range& each : ranges_) each.rule.save(out);
  }
  void load(std::istream& in) {
    std::vector<range> read = ranges_;
    for (range& each : read) each.rule.load(in);
    ranges_.swap(read);
  }

  template <class Archive>
  void archive(Archive& file) {
    for (range& each : ranges_) each.rule.archive(file);
  }

 private:
  /// Numbers of one group that lie one after the other.
  struct range {
    std::size_t first, slope;
    first_order<Method, T> rule;
  };

  struct named_part {
    std::string name;
    std::size_t first, size;
  };
  static std::vector<named_part> by_layer(std::span<const detail::parameter_part> parts) {
    std::vector<named_part> all;
    for (const auto& part : parts)
      if (part.rank == 0 || detail::place_of_layer(part.name) == std::string_view::npos)
        all.push_back({std::string(part.name), part.first, part.size});
      else
        for (std::size_t k = 0, size = part.size / part.extent[0]; k < part.extent[0]; ++k)
          all.push_back({detail::name_of_layer(part.name, k), part.first + k * size, size});
    return all;
  }

  void divide(const std::vector<named_part>& all, const std::vector<named_part>& trained, groups given) {
    std::vector<bool> used(given.size());
    const parameter_group<Method>* open = nullptr;  // of the range that may go on
    std::size_t first = 0, slope = 0, length = 0;
    std::vector<std::size_t> layers;
    const auto close = [&] {
      if (open != nullptr) {
        Method method = open->method;
        if constexpr (requires { method.segments; }) method.segments = layers;
        ranges_.push_back({first, slope, first_order<Method, T>(method, length)});
      }
      open = nullptr, length = 0;
      layers.clear();
    };
    for (const auto& part : trained) {
      const auto* own = all.data();
      while (own != all.data() + all.size() && (own->name != part.name || own->size != part.size)) ++own;
      if (own == all.data() + all.size()) fail("there is no parameter '", part.name, "' of that size.");
      const auto* group = given.begin();
      while (group != given.end() && !detail::fits_pattern(part.name, group->names)) ++group;
      if (group != open || own->first != first + length || part.first != slope + length) close();
      if (group == given.end()) continue;
      used[static_cast<std::size_t>(group - given.begin())] = true;
      if (length == 0) open = group, first = own->first, slope = part.first;
      length += part.size;
      layers.push_back(part.size);
    }
    close();
    for (std::size_t k = 0; k < used.size(); ++k)
      if (!used[k]) fail("no parameter is left for the group '", given.begin()[k].names, "'.");
    if (ranges_.empty()) fail("there is no group", "", ".");
  }
  [[noreturn]] static void fail(std::string_view what, std::string_view name, std::string_view end) {
    detail::raise(
        std::invalid_argument("grouped: " + std::string(what) + std::string(name) + std::string(end)));
  }

  std::size_t size_, slopes_;
  std::vector<range> ranges_;
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
