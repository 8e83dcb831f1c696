// SPDX-License-Identifier: BSL-1.0
// The body of a loop in C: what it computes of one element of each operand, as statements.
#pragma once
#include "../support/compiler/begin.hpp"

#include "c.hpp"

namespace tg::detail {

/// The helpers that are needed, a mark, then a line for each local and each output. Output k is written as
/// `mark_of_output`, k and ` = ...;`; inputs and locals keep their names. Nothing is read after the first
/// output: it may lie where an input lies.
class c_body_printer : c_printer {
 public:
  static constexpr char mark_of_body = '\f', mark_of_output = '\v';

  static constexpr void print(builder& graph, buffer<int>& roots, const dimensions&, writer& to) {
    expand_definitions(graph, roots);
    c_body_printer p(graph, roots, to);
    p.put_helpers();
    to.put(mark_of_body);
    p.put_statements(roots);
  }

 private:
  using c_printer::c_printer;

  constexpr void put_statements(const buffer<int>& roots) {
    const auto is_result_alone = [&](int i) {
      return roots.size() == 1 && roots[0] == i && names.uses[i] == 1;
    };
    for (int i = 0, locals = 0; i < b.size(); ++i)
      if (names.uses[i] > 0 && b.count(i) > 0 && !is_result_alone(i)) put_local(i, ++locals, "");
    for (int k = 0; k < roots.size(); ++k) {
      w.all(mark_of_output, k, " = ");
      b.count(roots[k]) > 0 && is_result_alone(roots[k]) ? put_node(roots[k]) : put(roots[k]);
      w.put(";\n");
    }
  }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
