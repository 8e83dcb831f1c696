// SPDX-License-Identifier: BSL-1.0
// A formula as a picture by Graphviz: `dot -Tsvg`. Each node of the graph is drawn once, so what is shared is
// seen to be shared; the outputs are on top, the symbols at the bottom.
#pragma once
#include "../support/compiler/begin.hpp"

#include "writer.hpp"

namespace tg::detail {

/// Self may write a label in another way, as for arrays.
template <class Self>
class dot_text {
 public:
  static constexpr void print(builder& b, buffer<int>& roots, const dimensions& shape, writer& w) {
    const outline used(b, roots);
    buffer<int> drawn(b.size());  // uses but for exponents of exact powers, which stand in the power's label
    for (int i = 0; i < b.size(); ++i) drawn[i] += used.uses[i];
    for (int i = 0; i < b.size(); ++i)
      if (used.uses[i] > 0 && b.what(i) == kind::power) --drawn[b.operand(i, 1)];
    w.put(
        "digraph formula {\n"
        "  graph [bgcolor=transparent, nodesep=0.3, ranksep=0.4];\n"
        "  node [fontname=\"Helvetica\", fontsize=12, shape=box, style=\"rounded,filled\", "
        "fillcolor=\"#f4f4f4\", color=\"#888888\", height=0.35, margin=\"0.12,0.04\"];\n"
        "  edge [arrowhead=none, color=\"#888888\", fontname=\"Helvetica\", fontsize=9, "
        "fontcolor=\"#666666\"];\n");
    for (int i = 0; i < b.size(); ++i) {
      if (drawn[i] == 0) continue;
      w.all("  n", i, " [label=\"");
      Self::put_label(b, w, i);
      w.put('"');
      switch (b.what(i)) {
        case kind::variable:
          w.put(", shape=ellipse, style=filled, fillcolor=\"#d6e6f8\", color=\"#4a7fb5\"");
          break;
        case kind::constant:
        case kind::captured:
          w.put(", shape=plain, style=\"\"");
          break;
        case kind::condition:
        case kind::where:
          w.put(", fillcolor=\"#fdebd0\", color=\"#c98a2b\"");
          break;
        case kind::function:
        case kind::root:
          w.put(", fillcolor=\"#e3f3e1\", color=\"#5a9a53\"");
          break;
        default:
          break;
      }
      w.put("];\n");
      const int edges = b.what(i) == kind::power ? 1 : b.count(i);
      for (int k = 0; k < edges; ++k) {
        w.all("  n", i, " -> n", b.operand(i, k));
        if (b.what(i) == kind::where)
          w.put(k == 0   ? " [label=\"if\", style=dashed]"
                : k == 1 ? " [label=\"then\"]"
                         : " [label=\"else\"]");
        else if (edges > 1 && !b[i].op->commutative)
          w.all(" [label=\"", k + 1, "\"]");
        w.put(";\n");
      }
    }
    for (int k = 0; k < roots.size(); ++k) {
      w.all("  out", k, " [label=\"");
      put_place(w, shape, k);
      w.all("\", shape=plain, style=\"\", fontcolor=\"#b03a2e\"];\n  out", k, " -> n", roots[k], ";\n");
    }
    w.put("}\n");
  }

 protected:
  static constexpr void put_label(const builder& b, writer& w, int i) {
    switch (b.what(i)) {
      case kind::constant:
        return put_exact(w, b.value(i), dialect::infix);
      case kind::captured:
        return w.put(mark::infix, b[i].first);
      case kind::add:
        return w.put('+');
      case kind::multiply:
        return w.put("&times;");
      case kind::divide:
        return w.put("&divide;");
      case kind::negate:
        return w.put("&minus;");
      case kind::power:
        w.put('^');
        return put_exact(w, b.value(b.operand(i, 1)), dialect::infix);
      case kind::condition:
        return put_escaped(w, b[i].op->infix);
      default:
        return put_escaped(w, b[i].op->name);
    }
  }

  static constexpr void put_escaped(writer& w, std::string_view s) {
    for (char c : s) {
      if (c == '<')
        w.put("&lt;");
      else if (c == '>')
        w.put("&gt;");
      else if (c == '&')
        w.put("&amp;");
      else {
        if (c == '"' || c == '\\') w.put('\\');
        w.put(c);
      }
    }
  }

  /// Which output it is: [row, column].
  static constexpr void put_place(writer& w, const dimensions& shape, int k) {
    if (shape.count == 0) return w.put("value");
    w.put('[');
    int below = 1;
    for (int d = 1; d < shape.count; ++d) below *= shape.size[d];
    for (int d = 0; d < shape.count; ++d) {
      if (d > 0) w.put(", ");
      w.put(k / below);
      k %= below;
      if (d + 1 < shape.count) below /= shape.size[d + 1];
    }
    w.put(']');
  }
};

class dot_printer : public dot_text<dot_printer> {
  friend dot_text;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
