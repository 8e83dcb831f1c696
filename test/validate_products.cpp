// SPDX-License-Identifier: BSL-1.0
// Checks of matrices and of products with them, Taylor's remainder, the report, and what the checks refuse.
#include <array>
#include <boost/property_tree/json_parser.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <typegrad/validate/boost_test.hpp>
#include <typegrad/validate/taylor.hpp>
#include <vector>

#include "validate_functions.hpp"

using namespace checked;

BOOST_AUTO_TEST_CASE(matrices_and_products) {
  const auto damaged = [](auto right, std::size_t place) {
    return [=](const auto&... arguments) {
      auto result = right(arguments...);
      if constexpr (requires { result[0][0]; })
        result[place / 2][place % 2] *= 1.001;
      else
        result[place] *= 1.001;
      return result;
    };
  };
  const auto exactly_one = [](const auto& report) {
    return report.count(tg::verdict::wrong) == 1 &&
           report.count(tg::verdict::pass) + 1 == static_cast<int>(report.components.size());
  };
  BOOST_TEST(tg::jacobian_agrees(outputs, jacobian, here));
  BOOST_TEST(exactly_one(tg::check_jacobian(outputs, damaged(jacobian, 3), here)));
  BOOST_TEST(tg::hessian_agrees(f, hessian, here));
  BOOST_TEST(tg::hessian_agrees(gradient, hessian, here));
  for (std::size_t place = 0; place < 4; ++place) {
    BOOST_TEST(exactly_one(tg::check_hessian(f, damaged(hessian, place), here)));
    BOOST_TEST(exactly_one(tg::check_hessian(gradient, damaged(hessian, place), here)));
  }
  BOOST_TEST(tg::agrees(tg::check_jvp(outputs, jvp, here)));
  BOOST_TEST(tg::check_jvp(outputs, damaged(jvp, 1), here).count(tg::verdict::wrong) ==
             8);  // one in each direction
  BOOST_TEST(tg::agrees(tg::check_vjp(outputs, vjp, here)));
  BOOST_TEST(exactly_one(tg::check_vjp(outputs, damaged(vjp, 1), here)));
  BOOST_TEST(tg::agrees(tg::check_hvp(gradient, hvp, here)));
  BOOST_TEST(tg::agrees(tg::check_hvp(f, hvp, here)));
  BOOST_TEST(tg::check_hvp(gradient, damaged(hvp, 0), here).count(tg::verdict::wrong) == 8);
  BOOST_TEST(tg::agrees(tg::check_adjoint(jvp, vjp, here)));
  BOOST_TEST(tg::check_adjoint(jvp, damaged(vjp, 0), here).count(tg::verdict::wrong) == 8);
  const auto zero = [](const point&, const auto&) { return point{}; };
  BOOST_TEST(tg::check_adjoint(zero, zero, here).count(tg::verdict::inconclusive) == 8);

  // A row of the Jacobian that belongs to an output that never changes is not tested.
  const auto constant_row = tg::check_jacobian(
      [](const point& p) {
        return std::array{p[0] * p[1], 3.0};
      },
      [](const point& p) {
        return std::array<point, 2>{{{p[1], p[0]}, {0, 0}}};
      },
      here);
  BOOST_TEST(constant_row.count(tg::verdict::pass) == 2);
  BOOST_TEST(constant_row.count(tg::verdict::inconclusive) == 2);

  // Progress is told after each direction.
  std::size_t told = 0;
  const tg::check_options telling{.directions = 3, .progress = [&](std::size_t done, std::size_t all) {
                                    told = all == 3 && done == told + 1 ? done : 99;
                                  }};
  for (const auto& check : std::vector<std::function<void()>>{
           [&] { tg::check_jvp(outputs, jvp, here, telling); }, [&] { tg::check_hvp(f, hvp, here, telling); },
           [&] { tg::check_hvp(gradient, hvp, here, telling); },
           [&] { tg::check_adjoint(jvp, vjp, here, telling); },
           [&] { tg::check_projections(f, gradient, here, telling); }}) {
    told = 0;
    check();
    BOOST_TEST(told == 3u);
  }

  // The same seed gives the same directions, another seed others; the seed is in the report.
  const auto first = tg::check_jvp(outputs, jvp, here, {.seed = 5}),
             again = tg::check_jvp(outputs, jvp, here, {.seed = 5}),
             other = tg::check_jvp(outputs, jvp, here, {.seed = 6});
  BOOST_TEST(first.seed == 5u);
  BOOST_TEST(tg::to_text(first) == tg::to_text(again));
  BOOST_TEST(tg::to_text(first) != tg::to_text(other));
  BOOST_TEST(tg::to_text(first).find("seed 5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(taylor_orders) {
  const auto right = tg::taylor_test(f, gradient, here);
  BOOST_TEST(tg::agrees(right));
  BOOST_TEST(std::abs(right.observed - 2) < 0.1);
  const auto wrong = tg::taylor_test(
      f,
      [](const point& p) {
        auto g = gradient(p);
        g[0] *= 1.001;
        return g;
      },
      here);
  BOOST_TEST((wrong.verdict == tg::verdict::wrong));
  BOOST_TEST(std::abs(wrong.observed - 1) < 0.1);
  const auto second = tg::taylor_test(f, gradient, here, {}, hvp);
  BOOST_TEST(second.passed());
  BOOST_TEST(std::abs(second.observed - 3) < 0.1);
  const auto bad_second = tg::taylor_test(f, gradient, here, {}, [](const point& p, const point& v) {
    auto h = hvp(p, v);
    h[0] *= 2;
    return h;
  });
  BOOST_TEST(!bad_second);
  const auto line = [](const point& p) { return p[0] - 2 * p[1]; };
  BOOST_TEST(tg::taylor_test(
                 line,
                 [](const point&) {
                   return point{1, -2};
                 },
                 here)
                 .passed());
  BOOST_TEST(!tg::taylor_test(
      line,
      [](const point&) {
        return point{1, 2};
      },
      here));
  BOOST_TEST(!tg::taylor_test([](const point&) { return 1.0; }, [](const point&) { return point{}; }, here));
  BOOST_TEST((tg::taylor_test([](const point& p) { return std::log(p[0]); },
                              [](const point& p) {
                                return point{1 / p[0], 0};
                              },
                              point{-1, 1})
                  .verdict == tg::verdict::domain));
  // In float rounding hides what a thousandth would do: the order is seen, a pass is not given away.
  const std::array<float, 2> single{1.5f, 0.7f};
  const auto in_float = tg::taylor_test([](const auto& p) { return std::exp(p[0] * p[1]); },
                                        [](const auto& p) {
                                          const float e = std::exp(p[0] * p[1]);
                                          return std::array{p[1] * e, p[0] * e};
                                        },
                                        single);
  BOOST_TEST(std::abs(in_float.observed - 2) < 0.2);
  BOOST_TEST((in_float.verdict == tg::verdict::inconclusive));
}

BOOST_AUTO_TEST_CASE(reports) {
  const auto report = tg::check_gradient(f,
                                         [](const point& p) {
                                           return point{gradient(p)[0], 1.001 * gradient(p)[1]};
                                         },
                                         here, {.names = {"width", "he\"ight\n"}, .title = "a box"});
  const std::string text = tg::to_text(report);
  std::ostringstream stream;
  stream << report;
  BOOST_TEST(stream.str() == text);
  BOOST_TEST(text.find("a box: 1 of 2 pass, 1 WRONG") == 0);
  BOOST_TEST(text.find("he\"ight") < text.find("width"));  // the worst first
  BOOST_TEST(text.find('\033') == std::string::npos);
  BOOST_TEST(tg::to_text(report, true).find("\033[1;31mWRONG\033[0m") != std::string::npos);
  // Columns are aligned: the verdicts stand below their heading.
  std::istringstream lines(tg::to_text(tg::check_gradient(f, gradient, here)));
  std::string line, heads;
  std::getline(lines, line);
  std::getline(lines, heads);
  while (std::getline(lines, line)) BOOST_TEST(line.substr(heads.find("verdict")) == "PASS");
  BOOST_TEST(tg::to_text(report, false, 1).find("and 1 more") != std::string::npos);

  std::istringstream json(tg::to_json(report));
  boost::property_tree::ptree tree;
  boost::property_tree::read_json(json, tree);
  BOOST_TEST(tree.get<std::string>("title") == "a box");
  BOOST_TEST(tree.get<bool>("passed") == false);
  BOOST_TEST(tree.get<int>("evaluations") == report.evaluations);
  BOOST_TEST(tree.get_child("components").size() == 2u);
  const auto& second = std::next(tree.get_child("components").begin())->second;
  BOOST_TEST(second.get<std::string>("name") == "he\"ight\n");
  BOOST_TEST(second.get<double>("exact") == report.components[1].exact);  // all digits
  BOOST_TEST(second.get<std::string>("verdict") == "WRONG");

  // Numbers that JSON lacks are texts.
  const auto outside =
      tg::check_gradient([](const auto& p) { return std::log(p[0]); },
                         [](const auto& p) { return std::array{1 / p[0]}; }, std::array{-1.0});
  std::istringstream odd(tg::to_json(outside));
  boost::property_tree::read_json(odd, tree);
  BOOST_TEST(tree.get_child("components").front().second.get<std::string>("numeric") == "nan");
  BOOST_TEST(tree.get_child("components").front().second.get<std::string>("error") == "inf");

  const auto assertion = tg::gradient_agrees(
      f,
      [](const point& p) {
        return point{p[0], p[1]};
      },
      here);
  BOOST_TEST(!assertion);
  const auto message = assertion.message();
  BOOST_TEST(std::string(message.begin(), message.end()).find("WRONG") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refusals) {
  const auto sentence = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "nothing was thrown";
  };
  BOOST_TEST(sentence([] {
               tg::check_gradient(
                   f, [](const point&) { return std::vector<double>(3); }, here);
             }) == "check_gradient: the gradient has 3 components at a point with 2 coordinates.");
  BOOST_TEST(sentence([] { tg::check_gradient(f, gradient, here, {.names = {"x"}}); }) ==
             "check_gradient: there are 1 names for 2 variables.");
  BOOST_TEST(sentence([] {
               tg::check_gradient(f, gradient, here, {.scales = {1, 2, 3}});
             }) == "check_gradient: there are 3 scales for 2 variables.");
  BOOST_TEST(sentence([] { tg::check_gradient(f, gradient, here, {.resolution = 0}); }) ==
             "check_gradient: the resolution is a number between 0 and 1.");
  BOOST_TEST(sentence([] {
               tg::check_gradient([](const auto&) { return 0.0; }, [](const auto& p) { return p; },
                                  std::vector<double>{});
             }) == "check_gradient: the point has no coordinates.");
  BOOST_TEST(sentence([] {
               tg::check_jacobian(
                   outputs, [](const point& p) { return hessian(p); }, here);
             }) == "check_jacobian: the exact matrix is not 3 by 2.");
  BOOST_TEST(sentence([] { tg::check_jvp(outputs, jvp, here, {.directions = 0}); }) ==
             "check_jvp: at least one direction is needed, not 0.");
  BOOST_TEST(sentence([] {
               tg::check_jvp(
                   outputs, [](const point& p, const point&) { return p; }, here);
             }) == "check_jvp: the product has 2 components for 3 outputs.");
  // Derivatives that are too short or too long are not multiplied with anything.
  for (const std::size_t size : {std::size_t(1), std::size_t(3)}) {
    const auto of_size = [size](const point&, const auto&...) { return std::vector<double>(size); };
    const std::string has = " has " + std::to_string(size) + " components where 2 are needed.";
    BOOST_TEST(sentence([&] { tg::check_projections(f, of_size, here); }) ==
               "check_projections: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::taylor_test(f, of_size, here); }) == "taylor_test: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::taylor_test(f, gradient, here, {}, of_size); }) ==
               "taylor_test: the Hessian times vector" + has);
    BOOST_TEST(sentence([&] { tg::check_hvp(f, of_size, here); }) == "check_hvp: the product" + has);
    BOOST_TEST(sentence([&] { tg::check_hvp(of_size, of_size, here); }) == "check_hvp: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::check_hessian(of_size, hessian, here); }) ==
               "check_hessian: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::check_adjoint(jvp, of_size, here); }) ==
               "check_adjoint: the vector times Jacobian" + has);
  }
  const tg::check_options two_names{.outputs = {"u", "v"}};
  const std::string names = "there are 2 names of outputs for 3 outputs.";
  BOOST_TEST(sentence([&] { tg::check_jacobian(outputs, jacobian, here, two_names); }) ==
             "check_jacobian: " + names);
  BOOST_TEST(sentence([&] { tg::check_jvp(outputs, jvp, here, two_names); }) == "check_jvp: " + names);
  BOOST_TEST(sentence([&] { tg::check_vjp(outputs, vjp, here, two_names); }) == "check_vjp: " + names);
  BOOST_TEST(sentence([&] { tg::check_adjoint(jvp, vjp, here, two_names); }) == "check_adjoint: " + names);
}
