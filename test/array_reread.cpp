// SPDX-License-Identifier: BSL-1.0
// The text of a formula with arrays means what the formula does: random formulas and their gradients are
// evaluated node by node as their types say, and as a reader of matrices evaluates what to_string writes.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <typegrad/array.hpp>
#include <vector>

using namespace tg;
using namespace tg::literals;

namespace {

// ---- arrays ---------------------------------------------------------------------------------------------

using shape_t = std::vector<std::size_t>;
struct values {
  shape_t shape;
  std::vector<double> data;
  bool is_row = false;  // a vector that has been transposed
};

std::size_t length(const shape_t& s) {
  std::size_t n = 1;
  for (std::size_t e : s) n *= e;
  return n;
}
values number(double v) { return {{}, {v}}; }

using function_of_two = std::function<double(double, double)>;
/// Element by element, by NumPy's rule.
values elementwise(const values& x, const values& y, const function_of_two& f) {
  const std::size_t m = x.shape.size(), n = y.shape.size(), rank = m > n ? m : n;
  shape_t shape(rank);
  const auto extent_of = [&](const values& z, std::size_t k) {
    const std::size_t missing = rank - z.shape.size();
    return k < missing ? 1 : z.shape[k - missing];
  };
  for (std::size_t k = 0; k < rank; ++k) {
    shape[k] = extent_of(x, k) == 1 ? extent_of(y, k) : extent_of(x, k);
    if (extent_of(y, k) != 1 && extent_of(y, k) != shape[k]) throw std::string{"shapes do not fit"};
  }
  values z{shape, std::vector<double>(length(shape))};
  for (std::size_t i = 0; i < z.data.size(); ++i) {
    std::size_t rest = i, at_x = 0, at_y = 0, step_x = 1, step_y = 1;
    for (std::size_t k = rank; k-- > 0; rest /= shape[k]) {
      const std::size_t index = rest % shape[k];
      if (extent_of(x, k) > 1) at_x += index * step_x;
      if (extent_of(y, k) > 1) at_y += index * step_y;
      step_x *= extent_of(x, k), step_y *= extent_of(y, k);
    }
    z.data[i] = f(x.data[at_x], y.data[at_y]);
  }
  return z;
}
values apply_to(values x, const std::function<double(double)>& f) {
  for (double& v : x.data) v = f(v);
  return x;
}

/// The sum of products over all labels that the result lacks.
values contract(std::string_view labels, const std::vector<values>& x) {
  const std::string_view result = labels.substr(labels.find("->") + 2);
  std::map<char, std::size_t> extent_of, index;
  std::vector<std::string_view> own;
  for (std::size_t at = 0, k = 0; k < x.size(); ++k) {
    const std::size_t end = labels.find_first_of(",-", at);
    own.push_back(labels.substr(at, end - at));
    at = end + 1;
    if (own[k].size() != x[k].shape.size()) throw std::string{"einsum: ranks"};
    for (std::size_t axis = 0; axis < own[k].size(); ++axis) extent_of[own[k][axis]] = x[k].shape[axis];
  }
  values z;
  for (char c : result) z.shape.push_back(extent_of[c]);
  z.data.assign(length(z.shape), 0);
  std::size_t steps = 1;
  for (auto [c, n] : extent_of) steps *= n;
  const auto place = [&](std::string_view l, const shape_t& s) {
    std::size_t at = 0;
    for (std::size_t axis = 0; axis < l.size(); ++axis) at = at * s[axis] + index[l[axis]];
    return at;
  };
  for (std::size_t step = 0; step < steps; ++step) {
    std::size_t rest = step;
    for (auto [c, n] : extent_of) index[c] = rest % n, rest /= n;
    double product = 1;
    for (std::size_t k = 0; k < x.size(); ++k) product *= x[k].data[place(own[k], x[k].shape)];
    z.data[place(result, z.shape)] += product;
  }
  return z;
}

/// The inverse and the determinant, by Gauss and Jordan.
values inverse_of(values x, double& determinant) {
  const std::size_t n = x.shape.at(0);
  values y{x.shape, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) y.data[i * n + i] = 1;
  determinant = 1;
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < n; ++r)
      if (std::abs(x.data[r * n + c]) > std::abs(x.data[pivot * n + c])) pivot = r;
    if (pivot != c) determinant = -determinant;
    for (std::size_t k = 0; k < n; ++k) {
      std::swap(x.data[c * n + k], x.data[pivot * n + k]);
      std::swap(y.data[c * n + k], y.data[pivot * n + k]);
    }
    const double p = x.data[c * n + c];
    determinant *= p;
    for (std::size_t k = 0; k < n; ++k) x.data[c * n + k] /= p, y.data[c * n + k] /= p;
    for (std::size_t r = 0; r < n; ++r) {
      const double f = r == c ? 0 : x.data[r * n + c];
      for (std::size_t k = 0; k < n; ++k) {
        x.data[r * n + k] -= f * x.data[c * n + k];
        y.data[r * n + k] -= f * y.data[c * n + k];
      }
    }
  }
  return y;
}
values eye(std::size_t n) {
  values z{{n, n}, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) z.data[i * n + i] = 1;
  return z;
}

const std::map<std::string, values, std::less<>>& symbols() {
  static const auto all = [] {
    std::map<std::string, values, std::less<>> m;
    unsigned state = 12345;
    const auto next = [&] {
      state = state * 1664525u + 1013904223u;
      return static_cast<double>(state >> 8) / (1 << 24) * 2 - 1;
    };
    for (const char* name : {"A", "B", "S", "X"}) {
      values& z = m[name] = {{3, 3}, std::vector<double>(9)};
      for (double& v : z.data) v = next();
    }
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < i; ++j) m["S"].data[i * 3 + j] = m["S"].data[j * 3 + i];
    for (const char* name : {"u", "v", "x"}) m[name] = {{3}, {next(), next(), next()}};
    for (const char* name : {"a", "c"}) m[name] = number(next());
    return m;
  }();
  return all;
}

// ---- what the type says ---------------------------------------------------------------------------------

template <class Op>
struct evaluator {  // element by element
  static values of(const std::vector<values>& x) {
    if constexpr (std::is_same_v<Op, op::add> || std::is_same_v<Op, op::multiply>) {
      values z = x[0];
      for (std::size_t k = 1; k < x.size(); ++k)
        z = elementwise(z, x[k],
                        [](double p, double q) { return std::is_same_v<Op, op::add> ? p + q : p * q; });
      return z;
    } else if constexpr (requires { Op::value(1.0); }) {
      return apply_to(x.at(0), [](double p) { return Op::value(p); });
    } else if constexpr (std::is_same_v<Op, op::power> || std::is_same_v<Op, op::pow>) {
      return elementwise(x.at(0), x.at(1), [](double p, double q) { return std::pow(p, q); });
    } else {
      return elementwise(x.at(0), x.at(1), [](double p, double q) { return Op::value(p, q); });
    }
  }
};
template <auto Labels>
struct evaluator<op::einsum<Labels>> {
  static values of(const std::vector<values>& x) { return contract(Labels.view(), x); }
};
template <int... E>
struct evaluator<op::broadcast<E...>> {
  static values of(const std::vector<values>& x) {
    const shape_t shape{static_cast<std::size_t>(E)...};
    return elementwise(x.at(0), {shape, std::vector<double>(length(shape))}, std::plus<>{});
  }
};
template <int... E>
struct evaluator<op::reshape<E...>> {
  static values of(const std::vector<values>& x) { return {{static_cast<std::size_t>(E)...}, x.at(0).data}; }
};
template <int N>
struct evaluator<op::identity<N, N>> {
  static values of(const std::vector<values>&) { return eye(N); }
};
template <>
struct evaluator<op::inverse> {
  static values of(const std::vector<values>& x) {
    double determinant = 0;
    return inverse_of(x.at(0), determinant);
  }
};
template <>
struct evaluator<op::determinant> {
  static values of(const std::vector<values>& x) {
    double determinant = 0;
    inverse_of(x.at(0), determinant);
    return number(determinant);
  }
};
template <>
struct evaluator<op::log_determinant> {
  static values of(const std::vector<values>& x) {
    return apply_to(evaluator<op::determinant>::of(x), [](double d) { return std::log(std::abs(d)); });
  }
};

template <class Node>
struct node_value;
template <auto Name, auto... E>
struct node_value<node::array<Name, E...>> {
  static values of(const std::vector<values>&) { return symbols().find(Name.view())->second; }
};
template <auto Name>
struct node_value<node::leaf::variable<Name>> {
  static values of(const std::vector<values>&) { return symbols().find(Name.view())->second; }
};
template <std::int64_t N, std::int64_t D, int E>
struct node_value<node::constant<N, D, E>> {
  static values of(const std::vector<values>&) {
    return number(static_cast<double>(N) / static_cast<double>(D) * std::pow(10.0, E));
  }
};
template <class Op, int... I>
struct node_value<node::apply<Op, I...>> {
  static values of(const std::vector<values>& all) {
    return evaluator<Op>::of({all[static_cast<std::size_t>(I)]...});
  }
};
template <class... Nodes>
values value_of(const formula<Nodes...>&) {
  std::vector<values> all;
  (all.push_back(node_value<Nodes>::of(all)), ...);
  return all.back();
}

// ---- what the text says ---------------------------------------------------------------------------------

class reader {
 public:
  explicit reader(std::string_view text) : rest_{text} {}
  values whole() {
    values z = sum();
    while (take("; ")) {  // the parts with names have been read
      z = sum();
    }
    if (!rest_.empty() || z.is_row) throw "stops at '" + std::string{rest_} + "'";
    return z;
  }

 private:
  bool take(std::string_view s) {
    if (!rest_.starts_with(s)) return false;
    rest_.remove_prefix(s.size());
    return true;
  }
  void expect(std::string_view s) {
    if (!take(s)) throw "no '" + std::string{s} + "' at '" + std::string{rest_} + "'";
  }

  values sum() {
    values z = product();
    for (;;)
      if (take(" + "))
        z = elementwise(columns(z), columns(product()), std::plus<>{});
      else if (take(" - "))
        z = elementwise(columns(z), columns(product()), std::minus<>{});
      else
        return z;
  }
  static values columns(const values& z) {
    if (z.is_row) throw std::string{"a row in a sum"};
    return z;
  }
  values product() {
    values z = negation();
    for (;;)
      if (take(" .* "))
        z = elementwise(columns(z), columns(negation()), std::multiplies<>{});
      else if (take(" ./ "))
        z = elementwise(columns(z), columns(negation()), std::divides<>{});
      else if (take("*"))
        z = matrix_product(z, negation());
      else if (take("/")) {
        const values y = negation();
        if (!y.shape.empty()) throw std::string{"/ by an array"};
        z = apply_to(z, [&](double p) { return p / y.data[0]; });
      } else
        return z;
  }
  static values matrix_product(const values& x, const values& y) {
    if (x.shape.empty()) return apply_to(y, [&](double p) { return x.data[0] * p; });
    if (y.shape.empty()) return apply_to(x, [&](double p) { return y.data[0] * p; });
    const std::size_t m = x.shape.size(), n = y.shape.size();
    if (m == 2 && n == 2) return contract("ij,jk->ik", {x, y});
    if (m == 2 && n == 1 && !y.is_row) return contract("ij,j->i", {x, y});
    if (m == 1 && x.is_row && n == 2) {
      values z = contract("i,ij->j", {x, y});
      z.is_row = true;
      return z;
    }
    if (m == 1 && n == 1 && x.is_row && !y.is_row) return contract("i,i->", {x, y});
    if (m == 1 && n == 1 && !x.is_row && y.is_row) return contract("i,j->ij", {x, y});
    throw std::string{"a product of a row or a column on the wrong side"};
  }
  values negation() {
    if (take("-")) return apply_to(negation(), std::negate<>{});
    return power();
  }
  values power() {
    values z = transposed();
    const bool elements = take(".^") || take(" .^ ");
    if (!elements && !take("^")) return z;
    if (!elements && !z.shape.empty()) {
      expect("-1");
      double determinant = 0;
      return inverse_of(z, determinant);
    }
    return elementwise(z, negation(), [](double p, double q) { return std::pow(p, q); });
  }
  values transposed() {
    values z = atom();
    while (take("'"))
      if (z.shape.size() == 1)
        z.is_row = !z.is_row;
      else
        z = contract("ij->ji", {z});
    return z;
  }
  values atom() {
    if (take("(")) {
      values z = sum();
      expect(")");
      return z;
    }
    std::size_t n = 0;
    while (n < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[n])) || rest_[n] == '_' ||
            (rest_[n] == '.' && n > 0 && std::isdigit(static_cast<unsigned char>(rest_[n + 1])))))
      ++n;
    const std::string word{rest_.substr(0, n)};
    rest_.remove_prefix(n);
    if (word.empty()) throw "nothing to read at '" + std::string{rest_} + "'";
    if (std::isdigit(static_cast<unsigned char>(word[0]))) return number(std::stod(word));
    if (rest_.starts_with("(") || rest_.starts_with("<")) return call(word);
    if (word == "I") return eye(3);
    const auto found = symbols().find(word);
    if (found == symbols().end()) throw "no symbol " + word;
    return found->second;
  }
  values call(const std::string& function) {
    std::vector<std::size_t> axes;
    if (take("<")) axes = sizes('>');
    expect("(");
    const values x = columns(sum());
    if (function == "broadcast" || function == "reshape") {
      expect(", (");
      const shape_t shape = sizes(')');
      expect(")");
      if (function == "reshape") return {shape, x.data};
      return elementwise(x, {shape, std::vector<double>(length(shape))}, std::plus<>{});
    }
    expect(")");
    if (function == "trace") return contract("ii->", {x});
    if (function == "diagonal") return contract("ii->i", {x});
    if (function == "diag") return contract("i,ij->ij", {x, eye(x.shape.at(0))});
    if (function == "det") return evaluator<op::determinant>::of({x});
    if (function == "logdet") return evaluator<op::log_determinant>::of({x});
    if (function == "sum") {
      std::string all = std::string{"ijkl"}.substr(0, x.shape.size()), labels = all + "->";
      for (std::size_t axis = 0; axis < all.size() && !axes.empty(); ++axis)
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) labels += all[axis];
      return contract(labels, {x});
    }
    if (function == "tanh") return apply_to(x, [](double p) { return std::tanh(p); });
    if (function == "sin") return apply_to(x, [](double p) { return std::sin(p); });
    if (function == "cos") return apply_to(x, [](double p) { return std::cos(p); });
    throw "no function " + function;
  }
  std::vector<std::size_t> sizes(char end) {
    std::vector<std::size_t> all;
    while (!rest_.empty() && rest_[0] != end) {
      std::size_t n = 0;
      all.push_back(std::stoul(std::string{rest_}, &n));
      rest_.remove_prefix(n);
      take(", ");
    }
    expect(std::string_view{&end, 1});
    return all;
  }

  std::string_view rest_;
};

template <class F>
void check(const F& f) {
  const auto text = to_string(f);
  try {
    const values expected = value_of(f), found = reader(text.view()).whole();
    BOOST_TEST(expected.shape == found.shape, text.view());
    for (std::size_t i = 0; i < expected.data.size() && expected.shape == found.shape; ++i)
      BOOST_TEST(std::abs(found.data[i] - expected.data[i]) <= 1e-9 * (1 + std::abs(expected.data[i])),
                 text.view() << ": " << found.data[i] << " is not " << expected.data[i]);
  } catch (const std::string& what) {
    BOOST_ERROR(text.view() << ": " << what);
  }
}

// ---- random formulas ------------------------------------------------------------------------------------

constexpr unsigned choice(unsigned seed, unsigned n) {
  seed = (seed ^ 61u ^ (seed >> 16)) * 9u;
  seed = (seed ^ (seed >> 4)) * 0x27d4eb2du;
  return (seed ^ (seed >> 15)) % n;
}

template <unsigned Seed, int Depth>
constexpr auto scalar();
template <unsigned Seed, int Depth>
constexpr auto vector();
template <unsigned Seed, int Depth>
constexpr auto matrix();

template <unsigned Seed>
constexpr auto matrix_symbol() {
  constexpr unsigned which = choice(Seed, 4);
  if constexpr (which == 0)
    return array<"A", 3, 3>;
  else if constexpr (which == 1)
    return array<"B", 3, 3>;
  else if constexpr (which == 2)
    return array<"S", 3, 3, symmetric>;
  else
    return array<"X", 3, 3>;
}
template <unsigned Seed>
constexpr auto vector_symbol() {
  constexpr unsigned which = choice(Seed, 3);
  if constexpr (which == 0)
    return array<"u", 3>;
  else if constexpr (which == 1)
    return array<"v", 3>;
  else
    return array<"x", 3>;
}

/// The operands of a random formula.
template <unsigned Seed, int Depth>
struct operands {
  static constexpr auto m = matrix<5 * Seed + 1, Depth>();
  static constexpr auto n = matrix<5 * Seed + 2, Depth>();
  static constexpr auto v = vector<5 * Seed + 3, Depth>();
  static constexpr auto w = vector<5 * Seed + 4, Depth>();
  static constexpr auto k = scalar<5 * Seed + 5, Depth>();
};

template <unsigned Seed, int Depth>
constexpr auto scalar() {
  constexpr unsigned which = choice(Seed, Depth == 0 ? 3 : 10);
  if constexpr (Depth == 0) {
    if constexpr (which == 0)
      return symbol<"a">;
    else if constexpr (which == 1)
      return symbol<"c">;
    else
      return 2_c;
  } else {
    using o = operands<Seed, Depth - 1>;
    if constexpr (which == 0)
      return dot(o::v, o::w);
    else if constexpr (which == 1)
      return matmul(o::v, o::m, o::w);
    else if constexpr (which == 2)
      return trace(matmul(o::m, o::n));
    else if constexpr (which == 3)
      return sum(o::m * o::n);
    else if constexpr (which == 4)
      return sum(matmul(o::m, o::n));
    else if constexpr (which == 5)
      return o::k * dot(o::v, o::w);
    else if constexpr (which == 6)
      return o::k / (1_c + dot(o::v, o::v));
    else if constexpr (which == 7)
      return determinant(o::m + o::n);
    else if constexpr (which == 8)
      return tanh(o::k) - sum(o::v);
    else
      return trace(o::m) * sum(o::w);
  }
}

template <unsigned Seed, int Depth>
constexpr auto vector() {
  if constexpr (Depth == 0)
    return vector_symbol<Seed>();
  else {
    using o = operands<Seed, Depth - 1>;
    constexpr unsigned which = choice(Seed, 12);
    if constexpr (which == 0)
      return matmul(o::m, o::v);
    else if constexpr (which == 1)
      return matmul(o::v, o::m);
    else if constexpr (which == 2)
      return o::v - o::w;
    else if constexpr (which == 3)
      return o::v * o::w;
    else if constexpr (which == 4)
      return o::k * o::v;
    else if constexpr (which == 5)
      return sin(o::v);
    else if constexpr (which == 6)
      return sum<0>(o::m);
    else if constexpr (which == 7)
      return sum<1>(matmul(o::m, o::n));
    else if constexpr (which == 8)
      return diagonal(matmul(o::m, o::n));
    else if constexpr (which == 9)
      return o::v / (1_c + o::w * o::w);
    else if constexpr (which == 10)
      return einsum<"ji,j,ik,k->i">(o::m, o::v, o::n, o::w);
    else
      return matmul(o::m, o::v) / 3_c;
  }
}

template <unsigned Seed, int Depth>
constexpr auto matrix() {
  if constexpr (Depth == 0)
    return matrix_symbol<Seed>();
  else {
    using o = operands<Seed, Depth - 1>;
    constexpr unsigned which = choice(Seed, 16);
    if constexpr (which == 0)
      return matmul(o::m, o::n);
    else if constexpr (which == 1)
      return transpose(o::m);
    else if constexpr (which == 2)
      return o::m + transpose(o::n);
    else if constexpr (which == 3)
      return o::m * o::n;
    else if constexpr (which == 4)
      return o::k * o::m;
    else if constexpr (which == 5)
      return -o::m / 2_c;
    else if constexpr (which == 6)
      return tanh(o::m);
    else if constexpr (which == 7)
      return outer(o::v, o::w);
    else if constexpr (which == 8)
      return matmul(transpose(o::m), o::n, o::m);
    else if constexpr (which == 9)
      return einsum<"i,ij->ij">(o::v, o::m);
    else if constexpr (which == 10)
      return einsum<"i,ij,j->ij">(o::v, o::m, o::w);
    else if constexpr (which == 11)
      return o::m - o::v;
    else if constexpr (which == 12)
      return o::m * o::v + outer(o::v, o::v);
    else if constexpr (which == 13)
      return inverse(matrix_symbol<Seed>());
    else if constexpr (which == 14)
      return o::m / (1_c + o::n * o::n);
    else
      return einsum<"ij,ji->ij">(o::m, o::n);
  }
}

template <int Depth, unsigned... Seeds>
void check_all(std::integer_sequence<unsigned, Seeds...>) {
  (check(scalar<Seeds, Depth>()), ...);
  (check(vector<Seeds, Depth>()), ...);
  (check(matrix<Seeds, Depth>()), ...);
}
template <unsigned... Seeds>
void check_gradients(std::integer_sequence<unsigned, Seeds...>) {
  (check(gradient(scalar<Seeds, 2>() + sum(array<"X", 3, 3>), array<"X", 3, 3>)), ...);
  (check(gradient(scalar<Seeds, 2>() + sum(array<"v", 3>), array<"v", 3>)), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_operation) { check_all<1>(std::make_integer_sequence<unsigned, 20>{}); }
BOOST_AUTO_TEST_CASE(two_operations) { check_all<2>(std::make_integer_sequence<unsigned, 32>{}); }
BOOST_AUTO_TEST_CASE(gradients) { check_gradients(std::make_integer_sequence<unsigned, 12>{}); }
