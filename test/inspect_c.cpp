// SPDX-License-Identifier: BSL-1.0
// Writes a C program to standard output: formulas through to_c, and a main that compares each with the value
// that this library computes. With the argument "dot" it writes pictures instead. test/inspect_c.py compiles
// and runs what is written.
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

/// C has no such function: the caller of the C file supplies it.
struct bump {
  static constexpr std::string_view name = "bump";
  template <class T>
  static constexpr T value(const T& v) {
    return T(1) / (T(1) + v * v);
  }
  static constexpr auto partials(auto v) { return -2 * v * tg::apply<bump>(v) * tg::apply<bump>(v); }
};

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto awkward = tg::symbol<"double">;

std::string functions, checks, pictures;
const double at_x = 0.7, at_y = 1.3;

/// The functions of a C file, without its include, which stands at the head of the program once.
std::string_view body(std::string_view file) { return file.substr(file.find('\n') + 1); }

std::string number(double v) {
  std::ostringstream s;
  s << std::setprecision(17) << v;
  return s.str();
}

template <class F, class C>
void one(const F& f, const C& code, std::string_view name) {
  functions += body(code.view());
  checks += "  check(\"" + std::string(name) + "\", " + std::string(name) + "(" + number(at_x) + ", " +
            number(at_y) + "), " + number(f(x = at_x, y = at_y)) + ");\n";
  pictures += tg::to_dot(f).view();
}

}  // namespace

#define CASE(NAME, ...)                            \
  do {                                             \
    constexpr auto formula = __VA_ARGS__;          \
    constexpr auto code = tg::to_c(formula, NAME); \
    one(formula, code, NAME);                      \
  } while (false)

int main(int count, char**) {
  CASE("products", x * sin(y) - 3_c * x / (7_c * y) + 0.1_c);
  CASE("powers", pow(x, 2_c) + pow(y, 3_c) * pow(x, 4_c) + pow(x + y, 1_c / 3_c) - pow(y, -2_c) +
                     pow(x, 3_c / 2_c) + pow(x, y) + pow(y, 70_c));
  CASE("integer_powers", pow(x, 7_c) + pow(y, 11_c));
  CASE("choices", where(x < y && !(x <= 0_c), log(x) * y, sqrt(-x)) +
                      where(x > y || tg::equal(x, 2_c), x, 2_c * y) + min(x, y) * max(x, 0.25_c));
  CASE("activations", sigmoid(x) * softplus(y) + silu(x) * relu(y) + gelu(x - y) + tg::apply<bump>(x * y));
  CASE("reciprocals", sec(x) + csc(y) * cot(x) + abs(x - y) * sign(x - y));
  CASE("library", erf(x) + erfc(y) + expm1(x) * log1p(y) + hypot(x, y) + atan2(y, x) + cbrt(x) + fmod(y, x) +
                      floor(y) + ceil(x));
  CASE("inverse_functions", tg::diff(asec(-2_c * x) + acsc(y), x) + tg::diff(acsch(x * y), x, y) +
                                tg::diff(acosh(y) * coth(x), x, y));
  CASE("constants", tg::pi * x + tg::e * y + 6.02e23_c * x - tg::rational<-5, 3> * y + 1e-40_c);
  CASE("not_a_number", where(min(x, sqrt(-y)) < 5_c, 1_c, 2_c) + where(max(x, sqrt(-y)) < 5_c, 4_c, 8_c) +
                           where(relu(sqrt(-y)) < 5_c, 16_c, 32_c) +
                           where(sign(sqrt(-y)) < 5_c, 64_c, 128_c));
  CASE("conditions_as_numbers",
       (x < y) * y + (x < y) / ((y < x) + (x < y) / 2_c) - (x <= y && y <= 5_c) / (x < y));
  CASE("sums", logsumexp(x, y, x * y) + tg::diff(logsumexp(x, y, x * y), x));
  CASE("slopes", tg::diff(tg::diff(logsumexp(x, y), x), y) + tg::diff(logsumexp(x, y), y) +
                     tg::diff(atan2(x, y) + hypot(x, y) + abs(x - y) + silu(x) * sigmoid(y), x, y));
  const double k = -2.5;  // known at run time only
  one(k * x + pow(y, 2_c) * k, tg::to_c(k * x + pow(y, 2_c) * k, "captured"), "captured");

  constexpr auto both = tg::gradient(x * sin(awkward) / y, x, y, awkward);
  functions += body(tg::to_c(both, "gradient").view());
  const auto values = both(x = at_x, y = at_y, awkward = 0.4);
  for (std::size_t i = 0; i < 3; ++i)
    checks += "  { const double in[3] = {" + number(at_x) + ", " + number(at_y) +
              ", 0.4}; double out[3]; gradient(in, out); check(\"gradient\", out[" + std::to_string(i) +
              "], " + number(values[i]) + "); }\n";
  pictures += tg::to_dot(both).view();

  if (count > 1) {
    std::cout << pictures;
    return 0;
  }
  std::cout << "#include <math.h>\n#include <stdio.h>\nstatic int failed = 0;\n"
            << "static void check(const char* name, double c, double cpp) {\n"
            << "  if (!(fabs(c - cpp) <= 4e-15 * (fabs(c) + fabs(cpp)) || c == cpp)) { printf(\"%s: %.17g in "
               "C, %.17g in C++\\n\", name, c, cpp); ++failed; }\n}\n"
            << functions << "double bump(double v) { return 1.0 / (1.0 + v * v); }\n"
            << "int main(void) {\n"
            << checks << "  return failed != 0;\n}\n";
}
