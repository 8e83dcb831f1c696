// SPDX-License-Identifier: BSL-1.0
// Formulas with arrays evaluated node by node as their types say, slowly and without any part of the library
// that evaluates: arrays of numbers, their contractions, and values for symbols.
#pragma once
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <typegrad/array.hpp>
#include <utility>
#include <vector>

namespace array_values {

namespace op = tg::op;
namespace node = tg::node;

using shape_t = std::vector<std::size_t>;
struct values {
  shape_t shape;
  std::vector<double> data;
  bool is_row = false;  // a vector that has been transposed
};

inline std::size_t length(const shape_t& s) {
  std::size_t n = 1;
  for (std::size_t e : s) n *= e;
  return n;
}
inline values number(double v) { return {{}, {v}}; }

using function_of_two = std::function<double(double, double)>;
/// Element by element, by NumPy's rule.
inline values elementwise(const values& x, const values& y, const function_of_two& f) {
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
inline values apply_to(values x, const std::function<double(double)>& f) {
  for (double& v : x.data) v = f(v);
  return x;
}

/// The sum of products over all labels that the result lacks.
inline values contract(std::string_view labels, const std::vector<values>& x) {
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
inline values inverse_of(values x, double& determinant) {
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
inline values eye(std::size_t n) {
  values z{{n, n}, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) z.data[i * n + i] = 1;
  return z;
}

inline const std::map<std::string, values, std::less<>>& symbols() {
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
values value_of(const tg::formula<Nodes...>&) {
  std::vector<values> all;
  (all.push_back(node_value<Nodes>::of(all)), ...);
  return all.back();
}

}  // namespace array_values
