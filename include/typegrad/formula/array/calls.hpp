// SPDX-License-Identifier: BSL-1.0
// Structural functions of formulas and handles: einsum, matmul, dot, outer, transpose, permute, trace,
// diagonal, inverse, determinant, solve, cholesky.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/cholesky.hpp"
#include "../trace.hpp"
#include "node.hpp"

namespace tg {

namespace detail {

/// A structural function of formulas as a request; Call says what it is in a graph.
template <class Call, class... F>
struct structural_request {
  static consteval int roots() { return 1; }
  static consteval int guess() { return (F::size() + ... + 16); }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> args;
    [[maybe_unused]] int slots = 0;
    ((F::load(b, args, slots), slots += F::slots()), ...);
    out.push_back(Call::build(b, args));
    if (!b.misfit.function.empty())
      b.arrays = &arrays_of_formulas;  // who writes the sentence, of numbers too
  }
};

template <class Call, class... F>
TYPEGRAD_NEVER_EMITTED constexpr auto call_with_formulas(const F&... f) {
  using request = structural_request<Call, from<F>...>;
  return with_numbers<formula_t<request>, result<request>>(f.numbers...);
}

/// Call applied to formulas, or while tracing to handles.
template <class Call, class... X>
constexpr auto call_structural(const X&... x) {
  if constexpr ((Handle<X> || ...)) {
    builder& b = *one_in_graph(x...).graph;
    buffer<int> args;
    (args.push_back(one_in_graph(x...).beside(x).in(b)), ...);
    return handle(b, Call::build(b, args));
  } else {
    return call_with_formulas<Call>(lift(x)...);
  }
}

/// A contraction with the labels of its operands, one list after the other, and of its result; lengths are
/// those of the operands' axes, and where one is 1 that of another.
struct labelled_call {
  constexpr explicit labelled_call(builder& graph, std::string_view function) : b{graph}, name{function} {}
  constexpr int new_label() { return length.push_back(as_extent(1)), length.used - 1; }
  constexpr void add(int x, const buffer<int>& l) {
    first.push_back(labels.used);
    args.push_back(x);
    for (int axis = 0; axis < l.used; ++axis) {
      labels.push_back(l.items[axis]);
      extent& known_length = length[l.items[axis]];
      const extent own = b.lists.at(b.shape(x), axis);
      if (known_length.is(1))
        known_length = own;
      else if (!own.is(1) && !(own == known_length))
        b.refuse_shapes(name, b.shape(args[0]), b.shape(x), known_length, own);
    }
  }
  constexpr int build(const buffer<int>& result) {
    buffer<extent> full;
    for (int l : result) full.push_back(length[l]);
    b.check_size(name, b.lists.find(full));
    if (!b.misfit.function.empty()) return zero_node;
    contraction c(b);
    for (const extent& e : length) c.add_label(e);
    for (int l : result) c.add_result(l);
    for (int k = 0; k < args.used; ++k) {
      buffer<int> own;
      for (int axis = 0; axis < b.lists.rank(b.shape(args[k])); ++axis)
        own.push_back(labels[first[k] + axis]);
      c.add(args[k], own);
    }
    return broadcast(b, c.build(), b.lists.find(full));
  }

  builder& b;
  std::string_view name;
  buffer<extent> length;
  buffer<int> args, first, labels;
};

/// The labels of an operand: `rank` new ones.
constexpr void new_labels(labelled_call& c, int rank, buffer<int>& l) {
  l.clear();
  for (int axis = 0; axis < rank; ++axis) l.push_back(c.new_label());
}

struct matmul_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    int product = args[0];
    for (int k = 1; k < args.used; ++k) product = of_two(b, product, args[k]);
    return product;
  }
  static constexpr int of_two(builder& b, int x, int y) {
    const int m = b.lists.rank(b.shape(x)), n = b.lists.rank(b.shape(y));
    if (m == 0 || n == 0) return b.refuse_shapes("matmul", b.shape(x), b.shape(y)), zero_node;
    labelled_call c(b, "matmul");
    const int batch = (m > n ? m : n) - 2;
    buffer<int> carried, l, result;
    new_labels(c, batch > 0 ? batch : 0, carried);
    const int row = c.new_label(), inner = c.new_label(), column = c.new_label();
    for (int k = 0; k < m - 2; ++k) l.push_back(carried[carried.used - (m - 2) + k]);
    if (m > 1) l.push_back(row);
    l.push_back(inner);
    c.add(x, l);
    l.clear();
    for (int k = 0; k < n - 2; ++k) l.push_back(carried[carried.used - (n - 2) + k]);
    l.push_back(inner);
    if (n > 1) l.push_back(column);
    c.add(y, l);
    for (int k : carried) result.push_back(k);
    if (m > 1) result.push_back(row);
    if (n > 1) result.push_back(column);
    return c.build(result);
  }
};

struct dot_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    if (b.lists.rank(b.shape(args[0])) != 1 || b.lists.rank(b.shape(args[1])) != 1)
      return b.refuse_shapes("dot", b.shape(args[0]), b.shape(args[1])), zero_node;
    labelled_call c(b, "dot");
    buffer<int> l;
    new_labels(c, 1, l);
    c.add(args[0], l);
    c.add(args[1], l);
    return c.build(buffer<int>{});
  }
};

struct outer_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    labelled_call c(b, "outer");
    buffer<int> l, result;
    for (int x : args) {
      new_labels(c, b.lists.rank(b.shape(x)), l);
      c.add(x, l);
      for (int label : l) result.push_back(label);
    }
    return c.build(result);
  }
};

/// The axes in the order Axes..., or without any reversed.
template <int... Axes>
struct permute_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int rank = b.lists.rank(b.shape(args[0]));
    labelled_call c(b, "permute");
    buffer<int> l, result;
    new_labels(c, rank, l);
    c.add(args[0], l);
    if constexpr (sizeof...(Axes) == 0)
      for (int axis = rank - 1; axis >= 0; --axis) result.push_back(l[axis]);
    else {
      for (int axis : {Axes...}) {
        if (axis < -rank || axis >= rank) return b.refuse_axis("permute", b.shape(args[0]), axis), zero_node;
        result.push_back(l[axis < 0 ? axis + rank : axis]);
      }
      if (result.used != rank) return b.refuse_axis("permute", b.shape(args[0]), rank - 1), zero_node;
    }
    return c.build(result);
  }
};

/// trace and diagonal: the last two axes with one label.
template <bool Sum>
struct diagonal_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int rank = b.lists.rank(b.shape(args[0]));
    if (rank < 2) return b.refuse_axis(Sum ? "trace" : "diagonal", b.shape(args[0]), 1), zero_node;
    const extent p = b.lists.at(b.shape(args[0]), rank - 2), q = b.lists.at(b.shape(args[0]), rank - 1);
    if (!(p == q))
      return b.refuse_shapes(Sum ? "trace" : "diagonal", b.shape(args[0]), b.shape(args[0]), p, q), zero_node;
    labelled_call c(b, Sum ? "trace" : "diagonal");
    buffer<int> l, result;
    new_labels(c, rank - 1, l);
    for (int axis = 0; axis < rank - (Sum ? 2 : 1); ++axis) result.push_back(l[axis]);
    l.push_back(l[rank - 2]);
    c.add(args[0], l);
    return c.build(result);
  }
};

/// A primitive of one square matrix.
template <class Op>
struct matrix_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = b.shape(args[0]), rank = b.lists.rank(shape);
    if (rank < 2) return b.refuse_axis(Op::name, shape, 1), zero_node;
    const extent p = b.lists.at(shape, rank - 2), q = b.lists.at(shape, rank - 1);
    if (!(p == q)) return b.refuse_shapes(Op::name, shape, shape, p, q), zero_node;
    buffer<int> declared;
    declared.push_back(shape);
    return known<Op>->shaped->construct(b, {known<Op>, 0, args, declared});
  }
};

/// Whether these are all axes of an array, each once.
template <int... Axes>
constexpr bool are_axes() {
  constexpr int n = static_cast<int>(sizeof...(Axes));
  int times[n + 1]{};
  for (const int axis : {Axes..., 0}) times[axis < -n || axis >= n ? n : axis < 0 ? axis + n : axis]++;
  --times[0];
  for (int k = 0; k < n; ++k)
    if (times[k] != 1) return false;
  return true;
}

/// What is wrong with einsum's labels for so many operands; nothing if they are right.
constexpr std::string_view fault_of_labels(std::string_view all, int operands) {
  const std::size_t arrow = all.find("->");
  if (arrow == std::string_view::npos) return "the labels of the result come after an arrow, \"ij,jk->ik\"";
  bool known_label[128]{}, dots = false;
  for (std::size_t at = 0; at < all.size(); ++at) {
    const char c = all[at];
    if (at == arrow) {
      ++at;
    } else if (c == ',' && at < arrow) {
      --operands;
    } else if (c == '.' && all.substr(at, 3) == "...") {
      if (at > arrow && !dots) return "the result has an ellipsis that no operand has";
      dots = true;
      at += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      const auto letter = static_cast<unsigned char>(c);
      if (at > arrow && !known_label[letter]) return "the result has a label that no operand has";
      known_label[letter] = true;
    } else if (c != ' ') {
      return "labels are letters, and ... for the axes that are carried along";
    }
  }
  return operands == 1 ? "" : "there must be labels for each operand, with commas between them";
}

/// The inverse of the first operand times the second. Products with an inverse are run as solutions
/// (lower/array/linear_systems.hpp).
struct solve_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    buffer<int> matrix;
    matrix.push_back(args[0]);
    const bool fits = b.misfit.function.empty();
    const int inverse = matrix_call<op::inverse>::build(b, matrix);
    const int solution =
        b.misfit.function.empty() ? matmul_call::of_two(b, inverse, args[1]) : int{zero_node};
    if (fits && !b.misfit.function.empty()) b.misfit.function = "solve";
    return solution;
  }
};

/// The labels as a user writes them: letters, commas, an arrow, and perhaps an ellipsis in each operand.
template <auto Labels>
struct einsum_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    constexpr std::string_view all = Labels.view();
    const std::size_t arrow = all.find("->");
    int number[128]{};
    labelled_call c(b, "einsum");
    buffer<int> carried, l, result;
    std::size_t at = 0;
    int most = 0;
    for (int x : args) {  // how many axes an ellipsis stands for
      std::size_t end = at;
      int letters = 0;
      bool dots = false;
      for (; end < all.size() && all[end] != ',' && all[end] != '-'; ++end)
        all[end] == '.' ? void(dots = true) : void(letters += all[end] != ' ');
      const int rest = b.lists.rank(b.shape(x)) - letters;
      if (rest < 0 || (!dots && rest > 0)) return b.refuse_axis("einsum", b.shape(x), letters - 1), zero_node;
      if (dots && rest > most) most = rest;
      at = end + 1;
    }
    new_labels(c, most, carried);
    at = 0;
    for (int x : args) {
      l.clear();
      int letters = 0;
      for (std::size_t i = at; i < all.size() && all[i] != ',' && all[i] != '-'; ++i)
        letters += all[i] != '.' && all[i] != ' ';
      for (; at < all.size() && all[at] != ',' && all[at] != '-'; ++at)
        put(c, all, at, number, carried, b.lists.rank(b.shape(x)) - letters, l);
      ++at;
      c.add(x, l);
    }
    for (at = arrow + 2; at < all.size(); ++at) put(c, all, at, number, carried, carried.used, result);
    return c.build(result);
  }

 private:
  static constexpr void put(labelled_call& c, std::string_view all, std::size_t& at, int* number,
                            const buffer<int>& carried, int dots, buffer<int>& l) {
    if (all[at] == ' ') return;
    if (all[at] == '.') {
      at += 2;
      for (int k = 0; k < dots; ++k) l.push_back(carried[carried.used - dots + k]);
      return;
    }
    int& n = number[static_cast<unsigned char>(all[at])];
    if (n == 0) n = c.new_label() + 1;
    l.push_back(n - 1);
  }
};

}  // namespace detail

/// The product of matrices, of two or more: shapes (..., n, k) and (..., k, m) give (..., n, m); a vector is
/// a row on the left and a column on the right, and the result lacks that axis. Axes before the last two are
/// broadcast (as numpy.matmul).
template <class... X>
requires AnySymbolic<X...>
constexpr auto matmul(const X&... x) { return detail::call_structural<detail::matmul_call>(x...); }
/// The sum of the products of two vectors' elements.
template <class X, class Y>
requires AnySymbolic<X, Y>
constexpr auto dot(const X& x, const Y& y) { return detail::call_structural<detail::dot_call>(x, y); }
/// All products of an element of x and one of y; its shape is both shapes one after the other.
template <class X, class Y>
requires AnySymbolic<X, Y>
constexpr auto outer(const X& x, const Y& y) { return detail::call_structural<detail::outer_call>(x, y); }
/// The axes in reverse order.
template <Symbolic X>
constexpr auto transpose(const X& x) {
  return detail::call_structural<detail::permute_call<>>(x);
}
/// The axes in the order given: permute<0, 2, 1>(x) swaps the last two of three.
template <int... Axes, Symbolic X>
constexpr auto permute(const X& x) {
  static_assert(detail::are_axes<Axes...>(),
                "typegrad: permute: name each axis once; axes before 0 count from the last one.");
  return detail::call_structural<detail::permute_call<Axes...>>(x);
}
/// The sum of the diagonal of a square matrix; of the last two axes of a larger array.
template <Symbolic X>
constexpr auto trace(const X& x) {
  return detail::call_structural<detail::diagonal_call<true>>(x);
}
/// The diagonal of a square matrix; of the last two axes of a larger array.
template <Symbolic X>
constexpr auto diagonal(const X& x) {
  return detail::call_structural<detail::diagonal_call<false>>(x);
}
/// The inverse of a square matrix, the last two axes of x; NaN where it is singular.
template <Symbolic X>
constexpr auto inverse(const X& x) {
  return detail::call_structural<detail::matrix_call<op::inverse>>(x);
}
/// The determinant of a square matrix, the last two axes of x.
template <Symbolic X>
constexpr auto determinant(const X& x) {
  return detail::call_structural<detail::matrix_call<op::determinant>>(x);
}
/// log |determinant(x)|; -infinity where x is singular.
template <Symbolic X>
constexpr auto log_determinant(const X& x) {
  return detail::call_structural<detail::matrix_call<op::log_determinant>>(x);
}
/// The solution x of matmul(a, x) == y for a square matrix, the last two axes of a, and a vector or matrices
/// y: the same formula as matmul(inverse(a), y). NaN where a is singular.
template <class A, class Y>
requires AnySymbolic<A, Y>
constexpr auto solve(const A& a, const Y& y) { return detail::call_structural<detail::solve_call>(a, y); }
/// The lower triangular matrix L with matmul(L, transpose(L)) == x and a positive diagonal, for a symmetric
/// matrix, the last two axes of x; for one that is not, that of its symmetric part (x + transpose(x))/2. NaN
/// on and below the diagonal where that is not positive definite.
template <Symbolic X>
constexpr auto cholesky(const X& x) {
  return detail::call_structural<detail::matrix_call<op::cholesky>>(x);
}
/// The sum of the products over all labels that the result lacks: einsum<"bij,bjk->bik">(x, y). A label may
/// occur twice in one operand (its diagonal), in several, and twice in the result (a diagonal matrix); "..."
/// stands for axes that are carried along, aligned at the last one.
template <text Labels, class... X>
requires AnySymbolic<X...>
constexpr auto einsum(const X&... x) {
  constexpr auto fault = [] {
    return detail::fault_of_labels(Labels.view(), static_cast<int>(sizeof...(X)));
  };
  if constexpr (fault().empty())
    return detail::call_structural<detail::einsum_call<Labels>>(x...);
  else
    return refuse<detail::join(text{"einsum: "}, detail::text_of(fault), text{"."}), X...>();
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
