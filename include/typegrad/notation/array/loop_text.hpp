// SPDX-License-Identifier: BSL-1.0
// Loops over steps in infix and LaTeX alike, as one writes them: scan((h, x) -> tanh(W*h + x), h0, xs), where
// h, h2, ... stand for what is carried and x, x2, ... for a step of each sequence.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../pass/loop/scan.hpp"
#include "../algebra_text.hpp"

namespace tg::detail {

/// Calls put(name) with what a bound symbol is called, as no other symbol is; in loops around others g and y.
template <class Put>
constexpr void put_bound_name(const builder& b, int i, Put put) {
  char letters[64]{};
  writer name(letters);
  const auto attribute = [&](int k) { return b.lists.at(b.attribute(i), k).size; };
  const int around = attribute(0) < 16 ? attribute(0) : 0;  // in plans each loop has a level of its own
  const int level = around < 3 ? around : 2;
  name.put(std::string_view(attribute(1) == carry_symbol ? "hgf" : "xyz")[static_cast<std::size_t>(level)]);
  if (attribute(2) > 0) name.put(attribute(2) + 1);
  for (int k = level; k < around; ++k) name.put('_');
  for (bool taken = true; taken;) {
    taken = false;
    for (int k = 0; k < b.size(); ++k)
      taken = taken || (b.what(k) == kind::variable &&
                        b[k].op->name == std::string_view(letters, static_cast<std::size_t>(name.size())));
    if (taken) name.put('_');
  }
  put(std::string_view(letters, static_cast<std::size_t>(name.size())));
}

template <class Self, class Base>
class loop_text : public Base {
 public:
  using Base::b, Base::w;
  using Base::Base;

 protected:
  constexpr bool is_of_loop(int i) const { return is_bound(b, i) || is_result(b, i) || is_scan(b, i); }
  constexpr void put_loop(int i) {
    if (is_bound(b, i))
      return put_bound_name(b, i, [&](std::string_view name) { Self::put_extent_name(w, name); });
    if (is_scan(b, i)) return put_call(i, scan_parts(b, b.attribute(i)).emitted == 0);
    const int scan = b.operand(i, 0), k = b.lists.at(b.attribute(i), 0).size;
    const scan_parts s(b, b.attribute(scan));
    const bool last = s.carries > k;
    const bool states = !last && gives_states(scan, s);
    const bool several = (last || states ? s.carries : s.emitted) > 1;
    if (several) {
      self().put_function("get");
      w.put(Self::begin_axes);
      w.put(last ? k : states ? state_of(scan, s, k - s.carries) : k - s.carries);
      w.put(Self::end_axes);
    }
    if (!Base::is_named(scan)) {
      put_call(scan, last);
    } else {
      if (last) self().put_function("last"), w.put(Self::open);
      self().put(scan, loosest);
      if (last) w.put(Self::close);
    }
    if (several) w.put(Self::close);
  }

 private:
  constexpr Self& self() { return static_cast<Self&>(*this); }

  /// Which carried array after a step an output is; -1: none. Whether all are some.
  constexpr int state_of(int i, const scan_parts& s, int output) const {
    int k = s.carries - 1;
    while (k >= 0 && b.operand(i, s.root(k)) != b.operand(i, s.output(output))) --k;
    return k;
  }
  constexpr bool gives_states(int i, const scan_parts& s) const {
    bool all = true;
    for (int k = 0; k < s.emitted; ++k) all = all && state_of(i, s, k) >= 0;
    return all;
  }
  /// The loop, of which the last values of what is carried are meant, or what the steps give out.
  constexpr void put_call(int i, bool last) {
    const scan_parts s(b, b.attribute(i));
    self().put_function(last ? "iterate" : "scan");
    put_options(s);
    w.put(Self::open);
    for (int k = 0; k < s.carries + s.sequences; ++k) {
      if (k > 0) w.put(", ");
      put_symbol(s, k);
    }
    w.all(Self::close, Self::maps_to);
    const bool emits = !last && !gives_states(i, s);
    put_carried(i, s.root(0), s.carries, emits);
    if (emits) {
      w.put('.');
      self().put_function("emit");
      w.put(Self::open);
      put_row(i, s.output(0), s.emitted);
      w.put(Self::close);
    }
    w.put(", ");
    put_carried(i, 0, s.carries, false);
    if (s.sequences > 0) w.put(", ");
    put_row(i, s.sequence(0), s.sequences);
    w.put(Self::close);
  }
  constexpr void put_options(const scan_parts& s) {
    bool any = false;
    const auto begin = [&](std::string_view name) {
      w.put(any ? std::string_view(", ") : Self::begin_axes);
      any = true;
      Self::put_extent_name(w, name);
    };
    if ((s.flags & runs_backwards) != 0) begin("reversed");
    if ((s.flags & recomputes) != 0) begin("recompute");
    if (s.sequences == 0) {
      begin("steps");
      w.put(Self::begin_axes);
      s.steps.name == nullptr ? w.put(s.steps.size) : Self::put_extent_name(w, s.steps.name->name);
      w.put(Self::end_axes.substr(0, 1));
    }
    w.put(any ? Self::end_axes : Self::open);
  }
  /// What a step has: carried arrays, then sequences.
  constexpr void put_symbol(const scan_parts& s, int k) {
    const bool carried = k < s.carries;
    const int number = carried ? k : k - s.carries;
    for (int i = 0; i < b.size(); ++i)
      if (is_bound(b, i) && level_of(b, i) == s.level && b.lists.at(b.attribute(i), 2).is(number) &&
          b.lists.at(b.attribute(i), 1).is(carried ? carry_symbol : step_symbol))
        return put_loop(i);
    w.put('_');  // the body does without it
  }
  constexpr void put_carried(int i, int first, int count, bool as_call) {
    if (count == 1 && !as_call) return self().put(b.operand(i, first), loosest);
    self().put_function("carry");
    w.put(Self::open);
    put_row(i, first, count);
    w.put(Self::close);
  }
  constexpr void put_row(int i, int first, int count) {
    for (int k = 0; k < count; ++k) {
      if (k > 0) w.put(", ");
      self().put(b.operand(i, first + k), loosest);
    }
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
