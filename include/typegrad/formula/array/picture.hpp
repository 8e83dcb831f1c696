// SPDX-License-Identifier: BSL-1.0
// tg::to_svg: a formula of arrays as a picture of boxes. A box is an operation with what is done to its
// result element by element; symbols without run-time extents, the parameters, are named in the boxes that
// read them, other symbols are boxes of their own.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../notation/layered_picture.hpp"
#include "../../pass/pack.hpp"
#include "inspect.hpp"

namespace tg {

namespace detail {

inline constexpr called to_svg_call{"to_svg"};

constexpr record function_record(std::string_view name) {
  record r = symbol_record(name);
  r.what = kind::function;
  r.arity = -1;
  return r;
}

/// The graph of F, and its nodes in boxes.
template <class F>
struct boxes_of {
  struct sizes {
    int nodes, operands, roots;
  };
  static constexpr sizes measure() {
    builder b;
    buffer<int> out;
    source<F>::load(b, out);
    return {b.size(), b.operands.used, out.used};
  }
  static constexpr sizes size = measure();
  static constexpr auto graph = [] {
    builder b;
    buffer<int> out;
    source<F>::load(b, out);
    return pack<size.nodes, size.operands, size.roots>(b, out);
  }();
  static constexpr int nodes = graph.nodes;

  struct grouping {
    int box[nodes + 1]{};  // of a node the last node of its box; -1: drawn nowhere
    int boxes = 0, last[nodes + 1]{};
  };
  static constexpr bool is_symbol(int i) { return graph.op[i]->what == kind::variable; }
  static constexpr bool is_parameter(int i) {
    if (!is_symbol(i) || (graph.op[i]->shaped != nullptr && graph.op[i]->shaped->integers)) return false;
    for (int k = 0; k < graph.rank(graph.shape[i]); ++k)
      if (graph.element(graph.shape[i], k).name != nullptr) return false;
    return true;
  }
  static constexpr bool is_product(int i) {
    return graph.op[i] == known<op::contraction> && graph.count[i] > 1;
  }
  /// Whether node i only arranges elements otherwise.
  static constexpr bool arranges(int i) {
    const std::string_view name = graph.op[i]->name;
    return name == "reshape" || name == "broadcast" || name == "slice" || name == "window" || name == "pad" ||
           (graph.op[i] == known<op::contraction> && graph.count[i] == 1);
  }
  static constexpr grouping find() {
    grouping g;
    int user[nodes + 1]{}, uses[nodes + 1]{}, count[nodes + 1]{};
    bool has_product[nodes + 1]{}, has_inputs = false;
    for (int i = 0; i < nodes; ++i) {
      for (int k = 0; k < graph.count[i]; ++k) ++uses[graph.arg(i, k)], user[graph.arg(i, k)] = i;
      has_inputs = has_inputs || (is_symbol(i) && !is_parameter(i));
    }
    for (int r = 0; r < graph.roots; ++r) uses[graph.root[r]] += 2;
    for (int i = nodes - 1; i >= 0; --i) {
      g.box[i] = i;
      if (graph.count[i] == 0) {
        if (!is_symbol(i) || (is_parameter(i) && has_inputs)) g.box[i] = -1;
        continue;
      }
      const int to = uses[i] == 1 ? g.box[user[i]] : i;
      const bool fits = count[to] < 9 && !(is_product(i) && has_product[to]) &&
                        (graph.attribute[i] == 0 || is_product(i) || arranges(i));
      const bool takes = to != i && (graph.attribute[user[i]] == 0 || arranges(user[i]) || arranges(i));
      const bool joins = takes && fits;
      if (joins) g.box[i] = to;
      ++count[g.box[i]];
      if (is_product(i)) has_product[g.box[i]] = true;
    }
    for (int i = 0; i < nodes; ++i)
      if (g.box[i] == i) g.last[g.boxes++] = i;
    return g;
  }
  static constexpr grouping groups = find();

  /// The formula of box B; other boxes are dots.
  template <int B>
  struct label {
    static constexpr int print(char* to) {
      auto own = graph;
      const int last = groups.last[B];
      record names[nodes + 1], convolution = function_record("convolution"),
                               pool = function_record("max_pool");
      const auto below_windows = [&](int x) {
        while (groups.box[x] == last && own.count[x] == 1 && arranges(x)) x = own.arg(x, 0);
        return x;
      };
      const auto is_windows = [&](int x) {
        bool found = false;
        for (; groups.box[x] == last && own.count[x] == 1 && arranges(x); x = own.arg(x, 0))
          found = found || own.op[x]->name == "window";
        return found;
      };
      for (int i = 0; i < nodes; ++i) {
        if (groups.box[i] != last) {
          if (groups.box[i] < 0 || is_symbol(i)) continue;
          names[i] = symbol_record("\xc2\xb7");
          if (graph.shape[i] != 0) names[i].shaped = &other_box;
          own.op[i] = &names[i], own.count[i] = 0, own.attribute[i] = 0;
          continue;
        }
        for (int k = 0; k < own.count[i]; ++k)  // parameters as they are
          if (const int x = below_windows(own.arg(i, k));
              is_symbol(x) && groups.box[x] < 0 && own.attribute[i] == 0)
            own.operand[own.first[i] + k] = x;
        const bool pools = own.op[i]->name == "first_max";
        bool windows = pools;
        for (int k = 0; k < own.count[i] && is_product(i); ++k)
          windows = windows || is_windows(own.arg(i, k));
        if (!windows) continue;
        for (int k = 0; k < own.count[i]; ++k) own.operand[own.first[i] + k] = below_windows(own.arg(i, k));
        own.op[i] = pools ? &pool : &convolution, own.attribute[i] = 0;
      }
      buffer<int> roots;
      roots.push_back(last);
      builder b(own);
      writer w(to);
      array_infix_printer::print(b, roots, dimensions{}, w);
      return w.size();
    }
    static constexpr int length = print(nullptr);
    static constexpr auto value = [] {
      rendered<length> r;
      r.length = print(r.data);
      return r;
    }();
  };
  static constexpr structure other_box{.algebra = &arrays_of_formulas};

  static std::string shape_of_node(int i) {
    std::string all;
    for (int k = 0; k < graph.rank(graph.shape[i]); ++k) {
      const extent e = graph.element(graph.shape[i], k);
      all += (k > 0 ? ", " : "(") + (e.name != nullptr ? std::string(e.name->name) : std::to_string(e.size));
    }
    return all.empty() ? all : all + ")";
  }
  static std::vector<picture_box> boxes() {
    std::vector<picture_box> all;
    int place[nodes + 1];
    for (int k = 0; k < groups.boxes; ++k) place[groups.last[k]] = k;
    for (int k = 0; k < groups.boxes; ++k) {
      const int last = groups.last[k];
      picture_box box{{}, {}, shape_of_node(last), {}, is_symbol(last), false};
      for (int i = 0; i <= last; ++i) {
        if (groups.box[i] != last || graph.count[i] == 0) continue;
        for (int j = 0; j < graph.count[i]; ++j) {
          const int x = graph.arg(i, j);
          if (groups.box[x] < 0 && is_symbol(x)) {
            const std::string named = std::string(graph.op[x]->name) + " " + shape_of_node(x);
            if (graph.shape[x] != 0 && box.below.find(named) == std::string::npos)
              box.below += (box.below.empty() ? "" : ", ") + named;
          } else if (groups.box[x] >= 0 && groups.box[x] != last) {
            const int other = place[groups.box[x]];
            bool known_already = false;
            for (int each : box.operands) known_already = known_already || each == other;
            if (!known_already) box.operands.push_back(other);
          }
        }
      }
      for (int r = 0; r < graph.roots; ++r)
        box.is_output = box.is_output || (graph.root[r] == last && !box.is_input);
      all.push_back(box);
    }
    return all;
  }
};

template <class F, class Numbers, int... B>
std::string write_svg(const Numbers& numbers, std::integer_sequence<int, B...>) {
  using of = boxes_of<F>;
  std::vector<picture_box> boxes = of::boxes();
  const std::string_view labels[] = {of::template label<B>::value.view()..., {}};
  for (std::size_t k = 0; k < boxes.size(); ++k)
    for (std::size_t i = 0; i < labels[k].size(); ++i) {
      const char c = labels[k][i];
      if (!is_mark(c)) {
        boxes[k].label += c;
        continue;
      }
      char text[longest_number + 40];
      writer w(text);
      put_slot(w, static_cast<mark>(c), (labels[k][i + 1] - 1) * 100 + labels[k][i + 2] - 1, numbers);
      boxes[k].label += std::string_view(text, static_cast<std::size_t>(w.size()));
      i += 2;
    }
  return layered_picture(boxes).svg();
}

}  // namespace detail

/// A formula of arrays, or several outputs, as a picture in SVG, from the inputs at the top to the outputs at
/// the bottom. A box shows its formula, in which other boxes are dots, the shapes of its parameters under it,
/// and the shape of its result where it leaves. Convolutions and pooling are named so.
template <detail::Inspectable F>
std::string to_svg(const F& f) {
  return detail::write_svg<F>(f.numbers,
                              std::make_integer_sequence<int, detail::boxes_of<F>::groups.boxes>{});
}
// clang-format off
template <class = void> constexpr auto to_svg(detail::formulas_place<detail::to_svg_call>) { return detail::said; }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
