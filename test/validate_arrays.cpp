// SPDX-License-Identifier: BSL-1.0
// Checks of formulas of arrays: right derivatives pass through every kind of operation, and a rule that is
// wrong at one element is found under the name of that element, wherever it stands.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <typegrad/array.hpp>
#include <typegrad/validate/array_formula.hpp>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto a = tg::array<"a", 3, 4>;
constexpr auto b = tg::array<"b", 4, 3>;
constexpr auto q = tg::array<"q", 3, 3>;
constexpr auto v = tg::array<"v", 4>;
constexpr auto s = tg::symbol<"s">;
constexpr auto x = tg::array<"x", tg::rows, 3>;

template <class T = double>
std::vector<T> numbers(std::size_t count, unsigned seed, double scale = 0.5) {
  std::mt19937 source(seed);
  std::vector<T> all(count);
  for (T& each : all) each = static_cast<T>((static_cast<double>(source() >> 8) / (1 << 23) - 1) * scale);
  return all;
}
/// Close to the identity, so that it has an inverse.
std::vector<double> regular() {
  auto all = numbers(9, 7, 0.3);
  for (std::size_t i = 0; i < 3; ++i) all[4 * i] += 2;
  return all;
}

/// The sine, with a rule that is wrong by a thousandth above 3/2.
template <class Slope>
struct bent {
  static constexpr std::string_view name = Slope::name;
  template <class T>
  static constexpr T value(const T& u) {
    using std::sin;
    return sin(u);
  }
  static constexpr auto partials(auto u) { return Slope::of(u); }
};
struct at_once {
  static constexpr std::string_view name = "bent";
  static constexpr auto of(auto u) {
    return where(u > tg::rational<3, 2>, tg::rational<1001, 1000>, 1) * cos(u);
  }
};
/// The same in the second derivative only.
struct cosine {
  static constexpr std::string_view name = "cosine";
  template <class T>
  static constexpr T value(const T& u) {
    using std::cos;
    return cos(u);
  }
  static constexpr auto partials(auto u) {
    return -where(u > tg::rational<3, 2>, tg::rational<1001, 1000>, 1) * sin(u);
  }
};
struct later {
  static constexpr std::string_view name = "bent_later";
  static constexpr auto of(auto u) { return tg::apply<cosine>(u); }
};

/// The names of what is wrong, each in brackets; what neither passes nor is wrong is an error.
template <class Report>
std::string wrong_in(const Report& report) {
  std::string names;
  for (const auto& c : report.components)
    if (c.verdict == tg::verdict::wrong)
      names += "<" + c.name + ">";
    else if (c.verdict != tg::verdict::pass)
      BOOST_ERROR(c.name << " is unsettled: " << c.reason);
  return names;
}

/// Calls use(values of a, name of the element) with each element in turn above 3/2.
template <class T>
void each_element(auto use) {
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      auto values = numbers<T>(12, 11);
      values[4 * i + j] = static_cast<T>(2.1);
      use(values, "[" + std::to_string(i) + ", " + std::to_string(j) + "]");
    }
}

void passes(const auto& report) { BOOST_TEST(report.passed(), report); }

}  // namespace

BOOST_AUTO_TEST_CASE(right_gradients_and_products_with_hessians_pass) {
  const auto each = [](const auto& f, const auto& point, const auto&... held) {
    passes(tg::check_gradient(f, point, held...));
    passes(tg::check_hvp(f, point, {.directions = 2}, held...));
  };
  const auto in_a = numbers(12, 1), in_b = numbers(12, 2), in_v = numbers(4, 3), in_x = numbers(15, 4);
  each(sum(tanh(matmul(x, a) + v) * s), tg::at(a = in_a, v = in_v, s = 1.5, x = in_x));
  each(tg::log_determinant(q) + trace(matmul(a, b, inverse(q))), tg::at(q = regular(), a = in_a), b = in_b);
  each(tg::logsumexp(matmul(a, v)) + tg::norm(matmul(v, b)), tg::at(v = in_v, b = in_b), a = in_a);
  each(sum(tg::softmax<1>(matmul(x, a)) * tg::einsum<"ij,jk->ik">(x, a)), tg::at(a = in_a), x = in_x);
  auto peaked = in_a;
  peaked[5] = 40;  // no step of a check makes another element the largest
  each(tg::max(a) * tg::mean(tg::slice<0, 1, 3>(b)) + tg::variance(tg::concatenate<0>(a, transpose(b))),
       tg::at(a = peaked, b = in_b));
}

BOOST_AUTO_TEST_CASE(right_products_with_jacobians_pass) {
  const auto in_a = numbers(12, 1), in_v = numbers(4, 3), in_x = numbers(15, 4);
  const auto all = tg::outputs(tg::log_softmax<1>(matmul(x, a) + v), s * sum(a), tg::outer(v, v));
  const auto point = tg::at(a = in_a, v = in_v, s = 1.5);
  passes(tg::check_jvp(all, point, {.directions = 2}, x = in_x));
  passes(tg::check_vjp(all, point, x = in_x));
  passes(tg::check_adjoint(all, point, x = in_x));
}

BOOST_AUTO_TEST_CASE(right_matrices_pass) {
  const auto in_a = numbers(12, 1), in_v = numbers(4, 3), in_x = numbers(6, 4);
  const auto point = tg::at(v = in_v, s = 1.5);
  const auto report = tg::check_jacobian(tg::outputs(sum(v * v), tg::softmax<1>(matmul(x, a) * v * s)), point,
                                         x = in_x, a = in_a);
  passes(report);
  BOOST_TEST(report.components.size() == 9 * 5);
  BOOST_TEST(report.components[0].name == "f0 by v[0]");
  BOOST_TEST(report.components.back().name == "f1[1, 3] by s");
  const auto curved = tg::check_hessian(sum(tanh(matmul(x, a) * v * s)), point, x = in_x, a = in_a);
  passes(curved);
  BOOST_TEST(curved.components[1].name == "v[0] by v[1]");
}

BOOST_AUTO_TEST_CASE(every_way_to_give_a_point_has_the_same_names) {
  constexpr auto theta = tg::parameters(a, s);
  constexpr auto f = s * sum(exp(matmul(x, a)));
  auto values = numbers(12, 1);
  const auto in_x = numbers(6, 4);
  std::vector<std::vector<std::string>> names;
  const auto read = [&](const auto& report) {
    names.emplace_back();
    for (const auto& c : report.components) names.back().push_back(c.name);
    passes(report);
  };
  std::array<double, 12> in_array;
  std::copy(values.begin(), values.end(), in_array.begin());
  read(tg::check_gradient(f, tg::at(a = values, s = 2), x = in_x));
  read(tg::check_gradient(f, tg::at(a = in_array, s = 2.0f), x = std::span(in_x)));
  values.push_back(2);
  read(tg::check_gradient(f, tg::at(theta = values), x = in_x));
  BOOST_TEST(names[0].front() == "a[0, 0]");
  BOOST_TEST(names[0][11] == "a[2, 3]");
  BOOST_TEST(names[0].back() == "s");
  names.push_back(tg::element_names(theta));
  for (const auto& other : names) BOOST_TEST(other == names[0], boost::test_tools::per_element());
  const auto of_rows = tg::check_gradient(f, tg::at(x = in_x), a = in_array, s = 2);
  BOOST_TEST(of_rows.components.back().name == "x[1, 2]");
  const auto of_number = tg::check_gradient(f, tg::at(s = 2.0), a = in_array, x = in_x);
  BOOST_TEST(of_number.components.size() == 1);
  passes(of_number);
}

BOOST_AUTO_TEST_CASE(a_wrong_element_is_named_in_gradients) {
  const auto in_b = numbers(12, 2);
  constexpr auto f = sum(tg::apply<bent<at_once>>(a) * transpose(b)) + s * s;
  each_element<double>([&](const auto& values, const std::string& element) {
    BOOST_TEST(wrong_in(tg::check_gradient(f, tg::at(a = values, s = 0.3), b = in_b)) ==
               "<a" + element + ">");
  });
  const auto float_b = numbers<float>(12, 2);
  each_element<float>([&](const auto& values, const std::string& element) {
    BOOST_TEST(wrong_in(tg::check_gradient(f, tg::at(a = values, s = 0.3), b = float_b)) ==
               "<a" + element + ">");
  });
}

BOOST_AUTO_TEST_CASE(a_wrong_element_is_named_in_matrices_and_products) {
  const auto in_b = numbers(12, 2);
  constexpr auto bent_once = tg::apply<bent<at_once>>(a) * transpose(b);
  constexpr auto bent_later = sum(tg::apply<bent<later>>(a) * transpose(b));
  each_element<double>([&](const auto& values, const std::string& element) {
    const auto point = tg::at(a = values);
    BOOST_TEST(wrong_in(tg::check_vjp(tg::outputs(bent_once, sum(a * a)), point, b = in_b)) ==
               "<a" + element + ">");
    BOOST_TEST(wrong_in(tg::check_jvp(bent_once, point, {.directions = 2}, b = in_b)) ==
               "<f0" + element + " along direction 0><f0" + element + " along direction 1>");
    const std::string by = element + " by a" + element + ">";
    BOOST_TEST(wrong_in(tg::check_jacobian(bent_once, point, b = in_b)) == "<f0" + by);
    BOOST_TEST(wrong_in(tg::check_hessian(bent_later, point, b = in_b)) == "<a" + by);
    BOOST_TEST(wrong_in(tg::check_hvp(bent_later, point, {.directions = 1}, b = in_b)) ==
               "<a" + element + " along direction 0>");
    passes(tg::check_gradient(bent_later, point, b = in_b));
  });
}

BOOST_AUTO_TEST_CASE(values_that_do_not_fit_are_refused) {
  constexpr auto f = sum(exp(a));
  BOOST_CHECK_THROW(tg::check_gradient(f, tg::at(a = numbers(11, 1))), tg::unfit_array);
  BOOST_CHECK_THROW(tg::check_gradient(f, tg::at(tg::parameters(a) = numbers(11, 1))), tg::unfit_array);
}
