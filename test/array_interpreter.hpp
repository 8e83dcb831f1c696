// SPDX-License-Identifier: BSL-1.0
// The value of an array formula as its type says it: node by node, in plain loops over every index.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <string_view>
#include <typegrad/convolution.hpp>
#include <vector>

namespace array_values {

using shape_t = std::vector<std::size_t>;
struct values {
  shape_t shape;
  std::vector<double> data;
};
struct setting {
  std::size_t rows;
  std::map<std::string_view, values> symbols;
};

inline std::size_t length(const shape_t& s) {
  std::size_t n = 1;
  for (std::size_t e : s) n *= e;
  return n;
}
/// Calls f with every index into a shape, in row-major order.
inline void every_index(const shape_t& s, const std::function<void(const shape_t&)>& f) {
  shape_t index(s.size());
  for (std::size_t k = 0; k < length(s); ++k) {
    std::size_t rest = k;
    for (std::size_t axis = s.size(); axis-- > 0; rest /= s[axis]) index[axis] = rest % s[axis];
    f(index);
  }
}
/// The element of x at an index of a shape that x is broadcast to.
inline double element(const values& x, const shape_t& index) {
  std::size_t at = 0;
  for (std::size_t axis = 0; axis < x.shape.size(); ++axis)
    at = at * x.shape[axis] + (x.shape[axis] == 1 ? 0 : index[axis + index.size() - x.shape.size()]);
  return x.data[at];
}
/// An array of that shape from a function of the index.
inline values filled(const shape_t& shape, const std::function<double(const shape_t&)>& f) {
  values z{shape, {}};
  every_index(shape, [&](const shape_t& index) { z.data.push_back(f(index)); });
  return z;
}

template <auto E>
std::size_t extent_in(const setting& s) {
  if constexpr (std::is_integral_v<decltype(E)>)
    return static_cast<std::size_t>(E);
  else
    return s.rows;
}
using operands = std::vector<const values*>;

template <class Op>
struct evaluator {  // element by element
  static values of(const setting&, const operands& x) {
    if constexpr (requires { Op::template value<double>(); })
      return {{}, {Op::template value<double>()}};
    else
      return element_by_element(x);
  }
  static values element_by_element(const operands& x) {
    shape_t shape;
    for (const values* each : x) {  // an extent of 0 is smaller than 1, but counts
      shape_t joined(std::max(shape.size(), each->shape.size()), 1);
      for (const shape_t& s : {shape, each->shape})
        for (std::size_t axis = 0; axis < s.size(); ++axis)
          if (s[axis] != 1) joined[axis + joined.size() - s.size()] = s[axis];
      shape = joined;
    }
    return filled(shape, [&](const shape_t& at) {
      const double first = element(*x[0], at), second = x.size() > 1 ? element(*x[1], at) : 0;
      if constexpr (std::is_same_v<Op, tg::op::add> || std::is_same_v<Op, tg::op::multiply>) {
        double all = first;
        for (std::size_t k = 1; k < x.size(); ++k)
          all = std::is_same_v<Op, tg::op::add> ? all + element(*x[k], at) : all * element(*x[k], at);
        return all;
      } else if constexpr (std::is_same_v<Op, tg::op::power> || std::is_same_v<Op, tg::op::pow>) {
        return std::pow(first, second);
      } else if constexpr (std::is_same_v<Op, tg::op::where>) {
        return first != 0 ? second : element(*x[2], at);
      } else if constexpr (std::is_same_v<Op, tg::op::logical_and> ||
                           std::is_same_v<Op, tg::op::logical_or>) {
        return static_cast<double>(Op::value(first != 0, second != 0));
      } else if constexpr (std::is_same_v<Op, tg::op::logical_not>) {
        return static_cast<double>(Op::value(first != 0));
      } else if constexpr (requires { Op::value(1.0); }) {
        return static_cast<double>(Op::value(first));
      } else {
        return static_cast<double>(Op::value(first, second));
      }
    });
  }
};
template <auto Labels>
struct evaluator<tg::op::einsum<Labels>> {
  static values of(const setting&, const operands& x) {
    const std::string_view all = Labels.view(), result = all.substr(all.find("->") + 2);
    std::map<char, std::size_t> extent;
    std::vector<std::string_view> own;
    for (std::size_t at = 0, k = 0; k < x.size(); ++k, at = all.find_first_of(",-", at) + 1) {
      own.push_back(all.substr(at, all.find_first_of(",-", at) - at));
      for (std::size_t axis = 0; axis < own[k].size(); ++axis) extent[own[k][axis]] = x[k]->shape[axis];
    }
    shape_t outer, inner;
    std::map<char, std::size_t> index;
    std::string_view summed_letters = "ijklmnopqrstuvwxyz";
    std::vector<char> summed;
    for (char c : result) outer.push_back(extent[c]);
    for (char c : summed_letters)
      if (extent.count(c) != 0 && result.find(c) == std::string_view::npos)
        summed.push_back(c), inner.push_back(extent[c]);
    return filled(outer, [&](const shape_t& at) {
      for (std::size_t k = 0; k < result.size(); ++k) index[result[k]] = at[k];
      double sum = 0;
      every_index(inner, [&](const shape_t& within) {
        for (std::size_t k = 0; k < summed.size(); ++k) index[summed[k]] = within[k];
        double product = 1;
        for (std::size_t k = 0; k < x.size(); ++k) {
          shape_t place;
          for (char c : own[k]) place.push_back(index[c]);
          product *= element(*x[k], place);
        }
        sum += product;
      });
      return sum;
    });
  }
};
template <auto... E>
struct evaluator<tg::op::broadcast<E...>> {
  static values of(const setting& s, const operands& x) {
    return filled({extent_in<E>(s)...}, [&](const shape_t& at) { return element(*x[0], at); });
  }
};
template <auto... E>
struct evaluator<tg::op::reshape<E...>> {
  static values of(const setting& s, const operands& x) { return {{extent_in<E>(s)...}, x[0]->data}; }
};
template <auto N, auto M>
struct evaluator<tg::op::identity<N, M>> {
  static values of(const setting& s, const operands&) {
    return filled({extent_in<N>(s), extent_in<M>(s)},
                  [](const shape_t& at) { return at[0] == at[1] ? 1.0 : 0.0; });
  }
};
template <auto Axis, auto First, auto Length>
struct evaluator<tg::op::slice<Axis, First, Length>> {
  static values of(const setting& s, const operands& x) {
    shape_t shape = x[0]->shape;
    shape[Axis] = extent_in<Length>(s);
    return filled(shape, [&](shape_t at) {
      at[Axis] += First;
      return element(*x[0], at);
    });
  }
};
template <auto Axis, auto Before, auto Total>
struct evaluator<tg::op::pad<Axis, Before, Total>> {
  static values of(const setting& s, const operands& x) {
    shape_t shape = x[0]->shape;
    shape[Axis] = extent_in<Total>(s);
    return filled(shape, [&](shape_t at) {
      if (at[Axis] < Before || at[Axis] - Before >= x[0]->shape[Axis]) return 0.0;
      at[Axis] -= Before;
      return element(*x[0], at);
    });
  }
};
template <auto Axis>
struct evaluator<tg::op::concatenate<Axis>> {
  static values of(const setting&, const operands& x) {
    shape_t shape = x[0]->shape;
    for (std::size_t k = 1; k < x.size(); ++k) shape[Axis] += x[k]->shape[Axis];
    return filled(shape, [&](shape_t at) {
      std::size_t k = 0;
      while (at[Axis] >= x[k]->shape[Axis]) at[Axis] -= x[k++]->shape[Axis];
      return element(*x[k], at);
    });
  }
};
template <int Axis, int Size, int Stride, int Dilation>
struct evaluator<tg::op::window<Axis, Size, Stride, Dilation>> {
  static values of(const setting&, const operands& x) {
    shape_t shape = x[0]->shape;
    const auto axis = shape.begin() + Axis;
    *axis = (*axis - Dilation * (Size - 1) - 1) / Stride + 1;
    shape.insert(axis + 1, Size);
    return filled(shape, [&](shape_t at) {
      at[Axis] = at[Axis] * Stride + at[Axis + 1] * Dilation;
      at.erase(at.begin() + Axis + 1);
      return element(*x[0], at);
    });
  }
};
template <int Axis, int Length, int Stride, int Dilation>
struct evaluator<tg::op::fold<Axis, Length, Stride, Dilation>> {
  static values of(const setting&, const operands& x) {
    shape_t shape = x[0]->shape;
    const std::size_t places = shape[Axis], size = shape[Axis + 1];
    shape[Axis] = Length;
    shape.erase(shape.begin() + Axis + 1);
    return filled(shape, [&](const shape_t& at) {
      double sum = 0;
      for (std::size_t place = 0; place < places; ++place)
        for (std::size_t within = 0; within < size; ++within) {
          if (place * Stride + within * Dilation != at[Axis]) continue;
          shape_t from = at;
          from[Axis] = place;
          from.insert(from.begin() + Axis + 1, within);
          sum += element(*x[0], from);
        }
      return sum;
    });
  }
};
/// The inverses of the matrices that the last two axes are, by Gauss and Jordan, and their determinants.
inline values inverse_of(const values& x, std::vector<double>& determinant) {
  const std::size_t n = x.shape.back();
  values a = x, y{x.shape, std::vector<double>(x.data.size())};
  for (std::size_t first = 0; first < x.data.size(); first += n * n) {
    double *const p = &a.data[first], *const q = &y.data[first];
    determinant.push_back(1);
    for (std::size_t i = 0; i < n; ++i) q[i * n + i] = 1;
    for (std::size_t c = 0; c < n; ++c) {
      std::size_t pivot = c;
      for (std::size_t r = c; r < n; ++r)
        if (std::fabs(p[r * n + c]) > std::fabs(p[pivot * n + c])) pivot = r;
      const double value = p[pivot * n + c];
      determinant.back() *= pivot == c ? value : -value;
      for (double* m : {p, q})
        for (std::size_t k = 0; k < n; ++k) std::swap(m[c * n + k], m[pivot * n + k]);
      for (std::size_t k = 0; k < n; ++k) p[c * n + k] /= value, q[c * n + k] /= value;
      for (std::size_t r = 0; r < n; ++r) {
        const double factor = r == c ? 0 : p[r * n + c];
        for (std::size_t k = 0; k < n; ++k)
          p[r * n + k] -= factor * p[c * n + k], q[r * n + k] -= factor * q[c * n + k];
      }
    }
  }
  return y;
}
template <>
struct evaluator<tg::op::inverse> {
  static values of(const setting&, const operands& x) {
    std::vector<double> unused;
    return inverse_of(*x[0], unused);
  }
};
template <>
struct evaluator<tg::op::determinant> {
  static values of(const setting&, const operands& x) {
    values z{{x[0]->shape.begin(), x[0]->shape.end() - 2}, {}};
    inverse_of(*x[0], z.data);
    return z;
  }
};
template <>
struct evaluator<tg::op::log_determinant> {
  static values of(const setting& s, const operands& x) {
    values z = evaluator<tg::op::determinant>::of(s, x);
    for (double& v : z.data) v = std::log(std::fabs(v));
    return z;
  }
};
/// A reduction over axes of what `fold` makes of one element more.
template <int... Axes>
values reduced(const values& x, double start, const std::function<double(double, double)>& fold) {
  shape_t outer, inner;
  const auto is_reduced = [](std::size_t axis) { return ((axis == static_cast<std::size_t>(Axes)) || ...); };
  for (std::size_t axis = 0; axis < x.shape.size(); ++axis)
    (is_reduced(axis) ? inner : outer).push_back(x.shape[axis]);
  return filled(outer, [&](const shape_t& at) {
    double all = start;
    every_index(inner, [&](const shape_t& within) {
      shape_t whole;
      for (std::size_t axis = 0, i = 0, k = 0; axis < x.shape.size(); ++axis)
        whole.push_back(is_reduced(axis) ? within[i++] : at[k++]);
      all = fold(all, element(x, whole));
    });
    return all;
  });
}
constexpr double infinity = std::numeric_limits<double>::infinity();
template <int... Axes>
struct evaluator<tg::op::reduce_max<Axes...>> {
  static values of(const setting&, const operands& x) {
    return reduced<Axes...>(*x[0], -infinity, [](double p, double q) { return q > p || q != q ? q : p; });
  }
};
template <int... Axes>
struct evaluator<tg::op::first_max<Axes...>> : evaluator<tg::op::reduce_max<Axes...>> {};
/// Whether the element of x at an index is the first of the largest ones over the axes.
template <int... Axes>
bool is_first_largest(const values& x, const shape_t& at) {
  bool here = false, largest = true;
  every_index(x.shape, [&](const shape_t& other) {
    here = here || other == at;
    for (std::size_t axis = 0; axis < at.size(); ++axis)
      if (((static_cast<int>(axis) != Axes) && ...) && other[axis] != at[axis]) return;
    if (other == at) return;
    const double own = element(x, at), its = element(x, other);
    largest = largest && (here ? own >= its : own > its);
  });
  return largest;
}
template <int... Axes>
values without_axes(const values& x, const std::function<double(const shape_t&)>& f) {
  values masked =
      filled(x.shape, [&](const shape_t& at) { return is_first_largest<Axes...>(x, at) ? f(at) : 0; });
  return reduced<Axes...>(masked, 0, std::plus<>{});
}
template <int... Axes>
struct evaluator<tg::op::of_first_max<Axes...>> {
  static values of(const setting&, const operands& x) {
    return without_axes<Axes...>(*x[0], [&](const shape_t& at) { return element(*x[1], at); });
  }
};
template <int... Axes>
struct evaluator<tg::op::at_first_max<Axes...>> {
  static values of(const setting&, const operands& x) {
    return filled(x[0]->shape, [&](const shape_t& at) {
      if (!is_first_largest<Axes...>(*x[0], at)) return 0.0;
      shape_t left;
      for (std::size_t axis = 0; axis < at.size(); ++axis)
        if (((static_cast<int>(axis) != Axes) && ...)) left.push_back(at[axis]);
      return element(*x[1], left);
    });
  }
};
template <int... Axes>
struct evaluator<tg::op::reduce_min<Axes...>> {
  static values of(const setting&, const operands& x) {
    return reduced<Axes...>(*x[0], infinity, [](double p, double q) { return q < p || q != q ? q : p; });
  }
};
template <int... Axes>
struct evaluator<tg::op::reduce_logsumexp<Axes...>> {
  static values of(const setting&, const operands& x) {
    values sum = reduced<Axes...>(*x[0], 0, [](double p, double q) { return p + std::exp(q); });
    for (double& v : sum.data) v = std::log(v);
    return sum;
  }
};
template <auto Name>
struct evaluator<tg::op::extent<Name>> {
  static values of(const setting& s, const operands&) { return {{}, {static_cast<double>(s.rows)}}; }
};

template <class Node>
struct node_value;
template <auto Name, auto... E>
struct node_value<tg::node::array<Name, E...>> {
  static values of(const setting& s, const std::vector<values>&) { return s.symbols.at(Name.view()); }
};
template <auto Name>
struct node_value<tg::node::leaf::variable<Name>> {
  static values of(const setting& s, const std::vector<values>&) { return s.symbols.at(Name.view()); }
};
template <std::int64_t N, std::int64_t D, int E>
struct node_value<tg::node::constant<N, D, E>> {
  static values of(const setting&, const std::vector<values>&) {
    return {{}, {static_cast<double>(N) / static_cast<double>(D) * std::pow(10.0, E)}};
  }
};
template <class Op, int... I>
struct node_value<tg::node::apply<Op, I...>> {
  static values of(const setting& s, const std::vector<values>& all) {
    return evaluator<Op>::of(s, {&all[static_cast<std::size_t>(I)]...});
  }
};
template <class... Nodes>
values value_of(const tg::formula<Nodes...>&, const setting& s) {
  std::vector<values> all;
  (all.push_back(node_value<Nodes>::of(s, all)), ...);
  return all.back();
}

}  // namespace array_values
