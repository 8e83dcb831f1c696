// SPDX-License-Identifier: BSL-1.0
// What cancels across shared factors. The canonical form never takes a product apart that is used twice, so
// S/(K*d) times K*d stays as it is where K*d has other users. Derivatives are full of such pairs; here the
// factors that hold what cancels are taken apart, and no others, if what is left is not more than there was.
// Holds where the cancelled factor is not zero, as x/x = 1 does.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "rewrite.hpp"

namespace tg::detail {

/// A product as coefficient * product of node^exponent.
class open_product {
 public:
  constexpr explicit open_product(builder& graph) : b{graph} {}

  /// Takes node `id` apart as far as something cancels; false if nothing does, or if that would make it
  /// longer.
  constexpr bool open(int id) {
    start();
    gather(id, 1, false);
    if (!valid_ || !any_cancels_) return false;
    cancelling_.clear();
    for (int k = 0; k < count_; ++k)
      if (cancels_[k] && !b[node_[k]].fixed) cancelling_.push_back(node_[k]);
    if (cancelling_.used == 0) return false;
    start();
    gather(id, 1, true);
    int left = 0;
    for (int k = 0; k < count_; ++k) left += exponent_[k].n != 0 && !b[node_[k]].fixed;
    return valid_ && left <= direct_factors(id) + (cancelling_.used > 1);
  }

  constexpr int product() {
    int above = one_node, below = one_node;
    for (int k = 0; k < count_; ++k) {
      if (exponent_[k].is_negative())
        below = multiply(b, below, power(b, node_[k], -exponent_[k]));
      else
        above = multiply(b, above, power(b, node_[k], exponent_[k]));
    }
    return multiply(b, b.constant(coefficient_), divide(b, above, below));
  }

 private:
  constexpr void start() {
    count_ = 0;
    valid_ = true;
    any_cancels_ = false;
    coefficient_ = {1, 1};
  }

  /// Multiplies by id^sign, taken apart: wholly, or only where something cancels.
  constexpr void gather(int id, int sign, bool only_cancelling) {
    const vertex& v = b.vertices.items[id];
    const kind what = v.op->what;
    if (only_cancelling && what != kind::constant && !holds_cancelling(id)) return add(id, {sign});
    switch (what) {
      case kind::constant: {
        const exact_result value = integer_power(b.value(id), sign);
        const exact_result r = coefficient_ * value.value;
        valid_ = valid_ && value.valid && r.valid;
        coefficient_ = r.value;
        return;
      }
      case kind::negate:
        coefficient_ = -coefficient_;
        return gather(b.operands.items[v.first], sign, only_cancelling);
      case kind::multiply:
        for (int k = 0; k < v.count && valid_; ++k)
          gather(b.operands.items[v.first + k], sign, only_cancelling);
        return;
      case kind::divide:
        gather(b.operands.items[v.first], sign, only_cancelling);
        return gather(b.operands.items[v.first + 1], -sign, only_cancelling);
      case kind::root:
        return add(b.operands.items[v.first], {sign, 2});
      case kind::power:
        return add(b.operands.items[v.first], sign < 0 ? -b.value(b.operands.items[v.first + 1])
                                                       : b.value(b.operands.items[v.first + 1]));
      default:
        add(id, {sign});
    }
  }

  constexpr void add(int node, const exact& e) {
    for (int k = 0; k < count_; ++k) {
      if (node_[k] != node) continue;
      const exact_result r = exponent_[k] + e;
      valid_ = valid_ && r.valid;
      if (exponent_[k].is_negative() != e.is_negative()) cancels_[k] = any_cancels_ = true;
      exponent_[k] = r.value;
      return;
    }
    if (count_ == room) {
      b.limited = true;
      valid_ = false;
    } else if (valid_) {
      node_[count_] = node;
      exponent_[count_] = e;
      cancels_[count_++] = false;
    }
  }

  constexpr bool holds_cancelling(int id) const {
    for (int k = 0; k < cancelling_.used; ++k)
      if (cancelling_.items[k] == id) return true;
    const vertex& v = b.vertices.items[id];
    const kind what = v.op->what;
    if (what != kind::multiply && what != kind::divide && what != kind::root && what != kind::power &&
        what != kind::negate)
      return false;
    for (int k = v.first; k < v.first + v.count; ++k)
      if (holds_cancelling(b.operands.items[k])) return true;
    return false;
  }

  /// How many factors a product or quotient shows, numbers aside.
  constexpr int direct_factors(int id) const {
    if (b[id].fixed) return 0;
    int factors = 0;
    if (b.what(id) == kind::multiply || b.what(id) == kind::divide)
      for (int k = 0; k < b.count(id); ++k)
        factors += b.what(id) == kind::divide ? direct_factors(b.operand(id, k)) : !b[b.operand(id, k)].fixed;
    return factors > 0 ? factors : 1;
  }

  static constexpr int room = budgets::cancelled_factors;
  builder& b;
  int node_[room]{};
  exact exponent_[room]{};
  bool cancels_[room]{};
  int count_ = 0;
  bool valid_ = true, any_cancels_ = false;
  exact coefficient_{1, 1};
  buffer<int> cancelling_;
};

/// Rewrites products in what `roots` need, a graph in canonical form; `roots` moves along. The answer is no
/// longer in canonical form.
constexpr void cancel(builder& b, buffer<int>& roots) {
  // The factors of a node above and below the line, as bits: where none is in both, nothing cancels, and the
  // product need not be taken apart. The first bit of `below`: whether there is a quotient among the factors.
  constexpr std::uint64_t quotient = 1;
  buffer<std::uint64_t> above(b.size()), below(b.size());
  const auto bit_of = [](int id) { return std::uint64_t{2} << id % 63; };
  open_product all(b);
  rewrite(b, roots, [&](int i, const buffer<int>& args, bool moved) {
    const vertex& v = b.vertices.items[i];
    switch (v.op->what) {
      case kind::multiply:
      case kind::negate:
      case kind::divide:
        for (int k = v.first; k < v.first + v.count; ++k) {
          const int x = b.operands.items[k];
          const bool under = k > v.first && v.op->what == kind::divide;
          above.items[i] |= under ? below.items[x] : above.items[x];
          below.items[i] |= under ? above.items[x] | quotient : below.items[x];
        }
        break;
      case kind::power:
      case kind::root: {
        const int x = b.operands.items[v.first];
        const bool inverse = v.count == 2 && b.value(b.operands.items[v.first + 1]).is_negative();
        (inverse ? below : above).items[i] = bit_of(x);
        below.items[i] |= inverse ? quotient : below.items[x] & quotient;
        break;
      }
      default:
        above.items[i] = bit_of(i);
    }
    const int here = moved ? make_node(b, b[i].op, args) : i;
    if ((moved ? below.items[i] & quotient : above.items[i] & below.items[i] & ~quotient) == 0) return here;
    const bool product = b.what(here) == kind::multiply || b.what(here) == kind::divide;
    return product && all.open(here) ? all.product() : here;
  });
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
