// SPDX-License-Identifier: BSL-1.0
// Parameters chosen by name, gradients by a part of them, and optimizers with options for groups: each moves
// by the bits of an optimizer of its own.
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typegrad/groups.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/training.hpp>
#include <vector>

namespace {

constexpr auto x = tg::array<"x", tg::rows, 5>;
constexpr auto y = tg::array<"y", tg::rows, 2>;
constexpr auto net_ = tg::model([](auto& net, auto in) {
  auto encoder = net.part("encoder");
  const auto h = tanh(dense<4>(encoder, tanh(dense<3>(encoder, in, "one")), "two"));
  return dense<2>(net, h, "out");
});
constexpr auto theta = net_.parameters(x);
using numbers = std::vector<double>;

template <class Parameters>
std::string names_of(const Parameters& all) {
  std::string names;
  for (const auto& part : all.parts) names += std::string(part.name) + " ";
  return names;
}
/// The numbers of those parameters, one behind the other.
template <class Parameters>
numbers part_of(const Parameters& chosen, const numbers& all) {
  numbers own;
  for (const auto& part : chosen.parts)
    for (const auto& each : theta.parts)
      if (each.name == part.name)
        own.insert(own.end(), all.begin() + static_cast<long>(each.first),
                   all.begin() + static_cast<long>(each.first + each.size));
  return own;
}
numbers wave(std::size_t size, double phase) {
  numbers all(size);
  for (std::size_t k = 0; k < size; ++k) all[k] = std::sin(static_cast<double>(k * k % 97) + phase);
  return all;
}

/// A rule with groups against one optimizer for each group.
template <class Method>
void check_groups(const Method& of_biases, const Method& of_the_rest) {
  constexpr auto biases = theta.only<"*.bias">();
  constexpr auto rest = theta.without<"*.bias">();
  const auto with_layers = [](Method method, const auto& chosen) {
    if constexpr (requires { method.segments; }) method.segments = {chosen.sizes.begin(), chosen.sizes.end()};
    return method;
  };
  tg::grouped<Method, double> rule(theta, {{"*.bias", of_biases}, {"*", of_the_rest}});
  tg::first_order<Method, double> one(with_layers(of_biases, biases), biases.size()),
      other(with_layers(of_the_rest, rest), rest.size());
  numbers all = wave(theta.size(), 0.5), b = part_of(biases, all), w = part_of(rest, all);
  for (int k = 0; k < 4; ++k) {
    const numbers slopes = wave(theta.size(), k);
    rule.step(all, slopes, 1.0 / (1 + k));
    one.step(b, part_of(biases, slopes), 1.0 / (1 + k));
    other.step(w, part_of(rest, slopes), 1.0 / (1 + k));
    BOOST_TEST(part_of(biases, all) == b);
    BOOST_TEST(part_of(rest, all) == w);
  }
  BOOST_TEST(rule.steps() == 4u);
}

}  // namespace

BOOST_AUTO_TEST_CASE(parameters_by_name) {
  BOOST_TEST(names_of(theta.only<"encoder">()) ==
             "encoder.one.weight encoder.one.bias encoder.two.weight encoder.two.bias ");
  BOOST_TEST(names_of(theta.only<"*.bias", "out">()) ==
             "encoder.one.bias encoder.two.bias out.weight out.bias ");
  BOOST_TEST(names_of(theta.without<"encoder", "*.bias">()) == "out.weight ");
  BOOST_TEST(names_of(theta.only<"enc*.two.w*">()) == "encoder.two.weight ");
  static_assert(theta.only<"encoder.one.weight">().size() == 15);
  static_assert(!tg::detail::fits_pattern("encoder.one", "enc") && !tg::detail::fits_pattern("a", "a.b"));
  static_assert(std::is_same_v<decltype(theta.only<"*">()), std::remove_const_t<decltype(theta)>>);
}
BOOST_AUTO_TEST_CASE(gradient_by_a_part) {
  constexpr auto loss = tg::loss::mse(net_(x), y);
  constexpr auto trained = theta.without<"encoder.one">();
  constexpr auto whole = tg::function(tg::inputs(x, y, theta), tg::outputs(loss, tg::gradient(loss, theta)));
  constexpr auto part = tg::function(tg::inputs(x, y, theta), tg::outputs(loss, tg::gradient(loss, trained)));
  auto run = tg::bound<double>(whole);
  auto run_part = tg::bound<double>(part);
  const numbers weights = wave(theta.size(), 0), xs = wave(35, 1), ys = wave(14, 2);
  numbers slopes(theta.size()), own(trained.size());
  BOOST_TEST(run(xs, ys, weights, slopes) == run_part(xs, ys, weights, own));
  BOOST_TEST(own == part_of(trained, slopes));
  // Nothing is computed for what is left out: the gradient is that by the symbols that are left.
  static_assert(
      std::is_same_v<typename decltype(tg::gradient(loss, trained))::is_formulas,
                     typename decltype(tg::gradient(
                         loss, tg::parameters(tg::array<"encoder.two.weight", 4, 3>,
                                              tg::array<"encoder.two.bias", 4>, tg::array<"out.weight", 2, 4>,
                                              tg::array<"out.bias", 2>)))::is_formulas>);
}
BOOST_AUTO_TEST_CASE(groups_have_their_own_options) {
  check_groups<tg::adamw>({.rate = 0.03, .weight_decay = 0}, {.rate = 0.01, .weight_decay = 0.2});
  check_groups<tg::sgd>({.rate = 0.03, .momentum = 0.9}, {.rate = 0.01, .weight_decay = 0.1});
  check_groups<tg::nadam>({.rate = 0.03}, {.rate = 0.01, .momentum_decay = 0.01});
  check_groups<tg::lamb>({.rate = 0.03}, {.rate = 0.01});
}
BOOST_AUTO_TEST_CASE(frozen_parts_stay) {
  constexpr auto trained = theta.without<"encoder.two">();
  using rule_type = tg::grouped<tg::adamw, double>;
  rule_type rule(theta, trained, {{"out.bias", {.rate = 0.5}}, {"*", {.rate = 0.1}}});
  tg::first_order<tg::adamw, double> bias({.rate = 0.5}, 2), rest({.rate = 0.1}, trained.size() - 2);
  numbers all = wave(theta.size(), 3), own = part_of(trained, all),
          frozen = part_of(theta.only<"encoder.two">(), all);
  const numbers start = all;
  const auto step = [&](rule_type& with, numbers& weights, int k) {
    with.step(weights, wave(trained.size(), k));
  };
  for (int k = 0; k < 3; ++k) {
    const numbers slopes = wave(trained.size(), k);
    step(rule, all, k);
    const std::size_t n = trained.size() - 2;
    rest.step(std::span(own).first(n), std::span<const double>(slopes).first(n));
    bias.step(std::span(own).last(2), std::span<const double>(slopes).last(2));
  }
  BOOST_TEST(part_of(trained, all) == own);
  BOOST_TEST(part_of(theta.only<"encoder.two">(), all) == frozen);
  // What is in no group stays too, and what is saved goes on with the same bits.
  rule_type some(theta, {{"out", {.rate = 0.1}}}), again = some;
  numbers one = start;
  some.step(one, start);
  BOOST_TEST(part_of(theta.only<"encoder">(), one) == part_of(theta.only<"encoder">(), start));
  BOOST_TEST(part_of(theta.only<"out">(), one) != part_of(theta.only<"out">(), start));
  std::stringstream file;
  some.save(file);
  again.load(file);
  numbers two = one;
  some.step(one, start), again.step(two, start);
  BOOST_TEST(one == two);
  some.reset();
  BOOST_TEST(some.steps() == 0u);
}
BOOST_AUTO_TEST_CASE(a_training_with_groups) {
  struct one_row {
    std::array<double, 1> weights{1};
    std::size_t size() const { return 1; }
  };
  struct loader {
    std::size_t batches() const { return 3; }
    one_row batch(std::size_t, std::size_t) const { return {}; }
  };
  tg::grouped<tg::adamw, double> rule(theta, {{"out", {.rate = 0.5}}, {"encoder.one", {.rate = 0.1}}});
  const auto step = [](const auto&, const numbers& w, numbers& slopes) {
    for (std::size_t k = 0; k < w.size(); ++k) slopes[k] = w[k] - 1;
    return 1.0;
  };
  numbers w = wave(theta.size(), 3), wanted = w, slopes(w.size());
  tg::train(step, loader{}, w, {.epochs = 2, .rule = rule});
  for (int k = 0; k < 6; ++k) {
    step(0, wanted, slopes);
    rule.step(wanted, slopes);
  }
  BOOST_TEST(w == wanted);
}
BOOST_AUTO_TEST_CASE(groups_that_do_not_fit) {
  using rule_type = tg::grouped<tg::adam, double>;
  const auto says = [](std::string_view sentence) {
    return [sentence](const std::invalid_argument& e) { return e.what() == sentence; };
  };
  BOOST_CHECK_EXCEPTION(rule_type(theta, {{"encodr", {}}}), std::invalid_argument,
                        says("grouped: no parameter is left for the group 'encodr'."));
  BOOST_CHECK_EXCEPTION(rule_type(theta, {{"*", {}}, {"out", {}}}), std::invalid_argument,
                        says("grouped: no parameter is left for the group 'out'."));
  BOOST_CHECK_EXCEPTION(rule_type(theta, {}), std::invalid_argument, says("grouped: there is no group."));
  BOOST_CHECK_EXCEPTION(rule_type(theta.only<"out">(), theta, {{"*", {}}}), std::invalid_argument,
                        says("grouped: there is no parameter 'encoder.one.weight' of that size."));
  rule_type rule(theta, {{"*", {}}});
  numbers all(theta.size()), few(3);
  BOOST_CHECK_THROW(rule.step(all, few), std::invalid_argument);
  BOOST_CHECK_THROW(rule.step(few, all), std::invalid_argument);
}
