// SPDX-License-Identifier: BSL-1.0
// What the plan of a function of arrays does not keep, because a call needs none of it: the node that each
// kernel computes, written in infix notation, and the shapes of the arrays between the steps.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include "../../../formula/array/inspect.hpp"
#include "../../../pass/loop/scan.hpp"
#include "../array_function.hpp"

namespace tg::detail {

/// In texts, buffer k is written as `mark_of_buffer` and k.
inline constexpr char mark_of_buffer = '@';

inline constexpr structure array_between_steps{.algebra = &arrays_of_formulas};

template <class Code>
struct plan_notes {
  static constexpr auto& t = Code::tables;
  static constexpr int nodes = Code::graph.nodes;
  struct facts_of_plan {
    int node[t.steps + 1]{};       // of a kernel; -1: a loop
    int size[t.buffers + 1]{};     // of a buffer, a length
    int buffer[nodes + 1]{};       // of a node, where its elements lie; -1: nowhere, or a view
    int node_in[t.buffers + 1]{};  // the node whose elements lie in a buffer, -1: none
    bool is_view[nodes + 1]{};     // of a node: no elements of its own
  };
  static constexpr facts_of_plan find() {
    const builder b(Code::graph);
    buffer<int> roots;
    for (int r = 0; r < Code::graph.roots; ++r) roots.push_back(Code::graph.root[r]);
    array_lowering a(b, roots,
                     {Code::kernels::rules, Code::kernels::size, Code::records.of, Code::inputs, 0});
    facts_of_plan f;
    for (int k = 0; k < t.buffers; ++k) f.node_in[k] = -1, f.size[k] = a.size_of[k];
    for (int i = 0; i < nodes; ++i) {
      const bool stored = a.buffer_of[i] >= 0 && (a.pinned[i] != 0 || a.is_stored(i));
      f.buffer[i] = stored ? a.buffer_of[i] : -1;
      f.is_view[i] = b.attribute(i) != 0 && a.step_of[i] < 0;
      if (stored) f.node_in[a.buffer_of[i]] = i;
      if (is_bound(b, i) || is_result(b, i)) f.buffer[i] = a.view(i).buffer;
    }
    buffer<int> order;
    step_order(a, order, a.regions > 0);
    int steps = 0;
    for (int region = 0; region <= a.regions; ++region)
      for (int step : order) {
        bool runs = a.kernel_of[step] >= 0 || a.copy_to[step] >= 0;
        for (int i = 0; i < nodes && !runs; ++i) runs = a.step_of[i] == step && a.is_stored(i);
        if (runs && a.region_of[step] == region)
          f.node[steps++] = a.kernel_of[step] >= 0 ? a.node_of_step[step] : -1;
      }
    return f;
  }
  static constexpr facts_of_plan facts = find();

  /// Writes what kernel step K computes: its node, with the arrays that it reads as buffers.
  template <int K>
  struct kernel_text {
    static constexpr int print(char* to) {
      auto graph = Code::graph;
      record names[nodes + 1];
      char letters[nodes + 1][8]{};
      buffer<int> open, roots;
      const int own = facts.node[K];
      open.push_back(own);
      while (open.used > 0) {
        const int i = open.back();
        open.pop_back();
        if (i != own && facts.buffer[i] >= 0 && graph.op[i]->what != kind::variable) {
          writer name(letters[i]);
          name.all(mark_of_buffer, facts.buffer[i]);
          names[i] = symbol_record({letters[i], static_cast<std::size_t>(name.size())});
          if (graph.shape[i] != 0) names[i].shaped = &array_between_steps;
          graph.op[i] = &names[i], graph.count[i] = 0, graph.attribute[i] = 0;
        } else {
          for (int k = 0; k < graph.count[i]; ++k) open.push_back(graph.arg(i, k));
        }
      }
      roots.push_back(own);
      builder b(graph);
      writer w(to);
      array_infix_printer::print(b, roots, dimensions{}, w);
      return w.size();
    }
    static constexpr int length = print(nullptr);
    static constexpr auto write() {
      rendered<length> r;
      r.length = print(r.data);
      return r;
    }
    static constexpr auto value = write();
  };

  /// The text of a step; of a loop it is that of its body, whose operands are i0, i1, ....
  template <int K>
  static constexpr std::string_view text_of_step() {
    if constexpr (t.runner[K] < 0)
      return pattern<infix_printer, body_source<Code, ~t.runner[K]>>::value.view();
    else
      return kernel_text<K>::value.view();
  }
};

}  // namespace tg::detail

#include "../../../support/compiler/end.hpp"
