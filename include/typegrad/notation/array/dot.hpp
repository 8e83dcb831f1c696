// SPDX-License-Identifier: BSL-1.0
// A formula with arrays as a picture: symbols and what changes a shape show theirs, contractions their
// labels.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../dot.hpp"
#include "matrix_text.hpp"

namespace tg::detail {

class array_dot_printer : public dot_text<array_dot_printer> {
  friend dot_text;

  static constexpr void put_label(const builder& b, writer& w, int i) {
    if (is_bound(b, i))
      put_bound_name(b, i, [&](std::string_view name) { w.put(name); });
    else
      dot_text::put_label(b, w, i);
    if (is_contraction(b, i)) {
      w.put(' ');
      put_labels(b, w, i, "-&gt;");
    }
    if (b[i].op->shaped == nullptr || b.shape(i) == 0 || is_scan(b, i)) return;
    w.put("\\n(");
    for (int k = 0; k < b.lists.rank(b.shape(i)); ++k) {
      const extent& e = b.lists.at(b.shape(i), k);
      if (k > 0) w.put(", ");
      e.name != nullptr ? put_escaped(w, e.name->name) : w.put(e.size);
    }
    w.put(')');
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
