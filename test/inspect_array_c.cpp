// SPDX-License-Identifier: BSL-1.0
// Functions of arrays as C, with their values to compare: inspect_array_c.py compiles and runs them. The
// program writes files, each after a line with its name; main.c calls the functions of all others.
#include <array>
#include <cmath>
#include <iostream>
#include <string>
#include <tuple>
#include <typegrad/convolution.hpp>
#include <typegrad/inspection.hpp>
#include <typegrad/loops.hpp>
#include <typegrad/model.hpp>
#include <typegrad/random.hpp>
#include <vector>

#include "array_formulas.hpp"

namespace {

using namespace tg::literals;

std::string files, checks, calls;

template <class T>
constexpr const char* type_in_c = std::is_same_v<T, int>     ? "int"
                                  : std::is_same_v<T, float> ? "float"
                                                             : "double";
template <class T>
std::string number(T v) {
  if constexpr (std::is_same_v<T, int>)
    return std::to_string(v);
  else
    return tg::detail::number_in_c(v, true);
}
template <class T>
std::string array(const std::string& name, const std::vector<T>& numbers) {
  std::string all = std::string("  static const ") + type_in_c<T> + " " + name + "[] = {";
  for (const T& each : numbers) all += number(each) + ", ";
  return all + "0};\n";
}

/// A function in C, and what it gives for these inputs, of which the first ones are constants in the C.
template <class T, int Arrays, class Function, class... In>
void add(const std::string& name, const std::string& code, const Function& fn, const std::string& extents,
         const std::vector<std::size_t>& sizes, int constants, const In&... in) {
  std::array<std::vector<T>, Arrays> out;
  for (std::size_t k = 0; k < Arrays; ++k) out[k].assign(sizes[k], T(NAN));
  std::vector<T> space(fn.workspace_for(in...), T(INFINITY)), results;
  std::apply(
      [&](auto&... to) {
        using result = decltype(fn(in..., to..., space));
        if constexpr (std::is_void_v<result>)
          fn(in..., to..., space);
        else if constexpr (std::is_same_v<result, T>)
          results = {fn(in..., to..., space)};
        else
          for (T each : fn(in..., to..., space)) results.push_back(each);
      },
      out);

  files += "=== " + name + ".c\n" + code;
  const std::string type = type_in_c<T>;
  std::string before, arguments = extents, comparisons;
  const auto pass = [&](const std::string& text) { arguments += (arguments.empty() ? "" : ", ") + text; };
  const auto compare = [&](const std::string& own, const std::vector<T>& expected) {
    comparisons += array("expected_" + own, expected) + "  compare_" + type + "(\"" + name + " " + own +
                   "\", " + std::to_string(expected.size()) + ", " + own + ", expected_" + own + ");\n";
  };
  int k = 0;
  const auto put_input = [&](const auto& each) {
    const std::string own = "in" + std::to_string(k++);
    if (k <= constants) return;
    if constexpr (requires { each.size(); })
      before += array(own, each), pass(own);
    else
      pass(number(each));
  };
  (put_input(in), ...);
  for (std::size_t r = 0; r < Arrays; ++r) {
    const std::string own = "out" + std::to_string(r);
    before += "  static " + type + " " + own + "[" + std::to_string(sizes[r] + 1) + "];\n";
    pass(own);
    compare(own, out[r]);
  }
  if (!results.empty()) before += "  static " + type + " values[" + std::to_string(results.size()) + "];\n";
  if (results.size() > 1) pass("values");
  if (!results.empty()) compare("values", results);
  if (code.find("_workspace numbers") != code.npos) pass("workspace_" + type);
  checks += code.substr(3, code.find(';') - 2) + "\nstatic void check_" + name + "(void) {\n" + before +
            (results.size() == 1 ? "  values[0] = " : "  ") + name + "(" + arguments + ");\n" + comparisons +
            "}\n";
  calls += "  check_" + name + "();\n";
}

/// Numbers that look random, between -1 and 1.
template <class T>
std::vector<T> numbers(std::size_t count, unsigned state) {
  std::vector<T> all(count);
  for (T& each : all) {
    state = state * 1664525u + 1013904223u;
    each = static_cast<T>(state >> 8) / T(1 << 23) - T(1);
  }
  return all;
}
/// The size of the arrays among the outputs of a function.
template <class Function, class... In>
std::vector<std::size_t> sizes_of(const Function& fn, const In&... in) {
  std::vector<std::size_t> all;
  const auto sizes = fn.output_sizes(in...);
  for (int r = 0; r < Function::output_count; ++r)
    if (Function::output_rank(r) > 0) all.push_back(sizes[static_cast<std::size_t>(r)]);
  return all;
}
template <class Function>
constexpr int arrays_of() {
  int count = 0;
  for (int r = 0; r < Function::output_count; ++r) count += Function::output_rank(r) > 0;
  return count;
}

}  // namespace

namespace {

constexpr auto B = tg::array<"B", 2, 3, 3>;
constexpr auto C = tg::array<"C", 2, 2, 6, 8>;  // images
constexpr auto K = tg::array<"K", 3, 2, 2, 4>;
using array_formulas::k, array_formulas::place, array_formulas::t, array_formulas::v, array_formulas::W,
    array_formulas::X;

/// A formula with the gradient of the sum of its squares by all symbols; X has 5 rows.
template <class T = double, class F>
void one(tg::detail::function_name name, const F& f) {
  const auto loss = sum(f * f);
  const auto fn = tg::function(tg::inputs(X, t, v, W, B, C, K, k, place),
                               tg::outputs(f, loss, gradient(loss, X, t, v, W, B, C, K, k, tg::allow_zero)));
  const std::vector<int> places{2, 0, 1, 1, 2};
  const auto x = numbers<T>(15, 1), y = numbers<T>(5, 2), z = numbers<T>(3, 3), b = numbers<T>(18, 5),
             c = numbers<T>(192, 6), d = numbers<T>(48, 7);
  std::vector<T> a = numbers<T>(9, 4);
  for (std::size_t i = 0; i < 9; i += 4) a[i] += T(3);  // positive definite
  const auto each = [&](const auto&... in) {
    add<T, arrays_of<std::remove_cvref_t<decltype(fn)>>()>(std::string(name.view), tg::to_c<T>(fn, name), fn,
                                                           "5", sizes_of(fn, in...), 0, in...);
  };
  each(x, y, z, a, b, c, d, T(0.7), places);
}
/// A model with all its parameters and states as constants: a file that needs nothing. One with a fixed
/// number of rows has no run-time extent.
void add_model() {
  constexpr auto image = tg::array<"image", 2, 2, 6, 5>;
  constexpr auto net_ = tg::model([](auto& net, auto in) {
    const auto seen = relu(batch_norm(net, conv2d<3, 3, 2>(net, in, "conv", tg::padding<1>), "norm"));
    return tg::softmax<-1>(dense<4>(net, tg::reshape<2, 27>(tg::max_pool<2, 2>(seen)), "dense"));
  });
  constexpr auto theta = net_.parameters(image);
  constexpr auto states = net_.states(image);
  constexpr auto run = tg::function(tg::inputs(theta, states, image), tg::outputs(net_(image)));
  std::vector<float> weights(theta.size()), kept(states.size());
  net_.initialise(weights, 1, image);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = 0.5f + 0.1f * static_cast<float>(i);
  add<float, 1>("model", tg::to_c<float>(run, "model", theta = weights, states = kept), run, "", {8}, 2,
                weights, kept, numbers<float>(120, 1));
}
/// A network with its parameters as an argument and as constants, and its gradient by them.
void add_network() {
  constexpr auto images = tg::array<"images", tg::rows, 64>;
  constexpr auto w1 = tg::array<"w1", 64, 12>;
  constexpr auto b1 = tg::array<"double", 12>;  // no name in C
  constexpr auto w2 = tg::array<"w2", 12, 10>;
  constexpr auto shift = tg::symbol<"shift">;
  constexpr auto theta = tg::parameters(w1, b1, w2, shift);
  constexpr auto weights = tg::softmax<-1>(matmul(tanh(matmul(images, w1) + b1), w2) + shift);
  constexpr auto loss = tg::mean(weights * weights);
  const auto in = numbers<float>(7 * 64, 1), at = numbers<float>(theta.size(), 2);
  constexpr auto run = tg::function(tg::inputs(theta, images), tg::outputs(weights));
  constexpr auto slopes = tg::function(tg::inputs(theta, images), tg::outputs(loss, gradient(loss, theta)));
  add<float, 1>("with_constants", tg::to_c<float>(run, "with_constants", theta = at), run, "7", {70}, 1, at,
                in);
  add<float, 1>("with_arguments", tg::to_c<float>(run, "with_arguments"), run, "7", {70}, 0, at, in);
  add<float, 1>("slopes_of_network", tg::to_c<float>(slopes, "slopes_of_network"), slopes, "7",
                {theta.size()}, 0, at, in);
}

/// Loops over steps: backwards, of two carried arrays with parts, and a loop in a loop.
constexpr auto backwards =
    tg::scan<tg::reversed>([](auto h, auto x) { return tanh(matmul(W, h) + x) * k; }, v, X);
constexpr auto memory = tg::get<0>(tg::scan(
    [](auto h, auto c, auto x) {
      const auto gates = matmul(tg::concatenate<0>(W, W * k), h) + tg::concatenate<0>(x, v);
      const auto next = sigmoid(tg::slice<0, 0, 3>(gates)) * c + tanh(tg::slice<0, 3, 6>(gates));
      return tg::carry(sigmoid(tg::slice<0, 2, 5>(gates)) * tanh(next), next);
    },
    tg::carry(v, k* v), X));
constexpr auto nested = tg::iterate<tg::recompute>(
    [](auto y, auto m) {
      return tg::iterate([](auto h, auto x) { return sin(h) * x + v; }, matmul(y, m), X);
    },
    W, B);

/// Symbols that are called as what the steps declare, and as the function itself.
void add_names() {
  constexpr auto names = tg::array<"names", 3>;
  constexpr auto v1 = tg::array<"v1", 3>;
  constexpr auto v2 = tg::symbol<"v2">;
  constexpr auto i = tg::array<"i", 3>;
  constexpr auto fn =
      tg::function(tg::inputs(names, v1, v2, i), tg::outputs(sin(v1 * v2) * tanh(i + v1 * v2) * names));
  const std::vector<double> x{1, 2, 3}, y{4, 5, 6}, z{7, 8, 9};
  add<double, 1>("names", tg::to_c(fn, "names", names = x), fn, "", {3}, 1, x, y, 0.5, z);
}

}  // namespace

int main() {
  one("matrices", matmul(X, W) + outer(t, v) * k - matmul(X, transpose(W)));
  one("batches", einsum<"bij,bjk,kl->bil">(B, B, W) + tg::permute<0, 2, 1>(B) * v);
  one("diagonals", tg::diff(tanh(matmul(W, v)), v) + tg::stack<0>(diagonal(W), v, diagonal(W) * trace(W)));
  one("reductions",
      tg::max<0>(X) + tg::min<0>(X * 2_c) + tg::logsumexp<0>(X) + tg::variance<0>(X) + tg::norm(t));
  one("softmax", tg::log_softmax<-1>(X) + tg::softmax<0>(X) * tg::layer_norm<-1>(X + v));
  one("arrangements", tg::concatenate<-1>(tg::pad<0, 1, 1>(tg::slice<0, 1, 3>(W)), tg::pad<0, 1, 0>(W),
                                          tg::broadcast<4, 3>(v) * k));
  one("reshaped",
      tg::reshape<3, 6>(tg::permute<2, 0, 1>(B)) + tg::sum(tg::reshape<tg::extent<"rows">, -1>(X) * v));
  one<float>("inverse_in_float", inverse(W) * tg::max<0>(W));
  one("inverses", inverse(W) + inverse(B + W) * determinant(W) + tg::log_determinant(W));
  one("solutions", solve(W, v) + matmul(solve(transpose(W), matmul(W, W)), v) + cholesky(W));
  one<float>("elements_in_float", tanh(X) * v + exp(X) / 3_c - pow(abs(X), 0.25_c) * erf(v));
  one("elements", where(X > v, erf(X) * k, gelu(X - v)) + max(X, 0_c) + pow(softplus(X), 3_c) +
                      min(X, v) / 3_c + atan2(X, v) * sigmoid(X) + pow(abs(X) + 1_c, k) + log1p(X * X) +
                      logsumexp(X, v, k));
  one("captured", -2.5 * X + tg::pi * v - 0.1_c * tg::mean(X));
  one("selections",
      gather(W, place) * k + tg::one_hot<3>(place) * X * tg::reshape<tg::extent<"rows">, 1>(place - t));
  one("ignored",
      gather(W, place, tg::ignore<1>) * v + tg::sum(tg::scatter_add<3>(X, place, tg::ignore<2>) * W));
  one("in_order", tg::cumsum<0>(tg::flip<1>(X)) +
                      tg::reshape<tg::extent<"rows">, 1>(gather(v, tg::argmax<1>(X * k))) + tg::argmin<0>(X));
  one("triangles", tg::lower_triangle(W) - cholesky(matmul(W, transpose(W)) + tg::upper_triangle(B)));
  one("sums_by_index", tg::scatter_add<3>(X * v, place) + tg::sum(tg::take_along<1>(X, place)));
  one<float>("random_in_float", tg::random_uniform<"noise", 3, 3>(k) * W);
  one("random", tg::dropout<"drop">(W, 0.3_c, k) + tg::random_normal<"noise", 3, 3>(k) * v);
  one("convolutions", conv2d(C, K, tg::stride<2>, tg::padding<1>));
  one("transposed", conv_transpose2d(conv2d(C, K), K, tg::stride<2>));
  one<float>("pooled_in_float", tg::max_pool<2, 2>(C));
  one("pooled", tg::max_pool<2, 2>(C * C) + tg::mean_pool<2, 2>(C));
  one("overlapping", tg::max_pool<3, 2>(C, tg::stride<1>));
  one("formula_1", array_formulas::table<1, 3>());
  one("formula_2", array_formulas::table<2, 3>());
  one("backwards", backwards);
  one("memory", memory);
  one<float>("loop_in_loop", nested);
  add_network();
  add_model();
  add_names();
  std::cout << files << "=== main.c\n#include <math.h>\n#include <stdio.h>\n\n"
            << "static int failed = 0, compared = 0;\n";
  for (const char* type : {"double", "float"})
    std::cout << "static " << type << " workspace_" << type << "[100000];\nstatic void compare_" << type
              << "(const char* name, int count, const " << type << "* own, const " << type
              << "* expected) {\n"
              << "  double scale = 1.0;\n"
              << "  for (int i = 0; i < count; ++i)\n"
              << "    if (fabs((double)expected[i]) > scale) scale = fabs((double)expected[i]);\n"
              << "  for (int i = 0; i < count; ++i, ++compared)\n"
              << "    if (!(fabs((double)(own[i] - expected[i])) <= " << (type[0] == 'f' ? "2e-5" : "2e-13")
              << " * scale)) {\n"
              << "      printf(\"%s, element %d: %.17g in C, %.17g in C++\\n\", name, i, (double)own[i], "
                 "(double)expected[i]);\n      ++failed;\n    }\n}\n";
  std::cout << checks << "int main(void) {\n"
            << calls << "  printf(\"%d numbers compared, %d differ.\\n\", compared, failed);\n"
            << "  return failed != 0 || compared < 1000;\n}\n";
}
