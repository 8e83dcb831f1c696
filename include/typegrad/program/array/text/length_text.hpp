// SPDX-License-Identifier: BSL-1.0
// Lengths of a plan as text: 64, rows, 3*rows + 5.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "../../../lower/array/length.hpp"

namespace tg::detail {

/// A sum of products of a number and run-time extents, as a length of a plan is.
class length_sum {
 public:
  struct term {
    std::int64_t factor;
    std::vector<int> extents;
  };

  length_sum(std::int64_t number = 0) {
    if (number != 0) terms.push_back({number, {}});
  }
  template <class Tables>
  static length_sum of(const Tables& t, int length) {
    length_sum sum;
    for (int k = length; k != length_table::zero; k = t.more[k])
      sum.terms.push_back({t.factor[k], extents_of(t, t.product[k])});
    return sum;
  }
  /// So many times a product of run-time extents.
  template <class Tables>
  static length_sum of_product(const Tables& t, int product, std::int64_t factor) {
    length_sum sum;
    if (factor != 0) sum.terms.push_back({factor, extents_of(t, product)});
    return sum;
  }

  friend length_sum operator+(length_sum x, const length_sum& y) {
    for (const term& each : y.terms) x.add(each);
    return x;
  }
  friend length_sum operator*(const length_sum& x, const length_sum& y) {
    length_sum product;
    for (const term& u : x.terms)
      for (const term& v : y.terms) {
        term both{u.factor * v.factor, u.extents};
        for (int extent : v.extents) {
          auto place = both.extents.begin();
          while (place != both.extents.end() && *place < extent) ++place;
          both.extents.insert(place, extent);
        }
        product.add(both);
      }
    return product;
  }
  bool is(std::int64_t number) const { return is_number() && value({}) == number; }
  bool is_number() const { return terms.empty() || (terms.size() == 1 && terms[0].extents.empty()); }
  /// For these run-time extents.
  std::int64_t value(const std::vector<std::int64_t>& extents) const {
    std::int64_t sum = 0;
    for (const term& each : terms) {
      std::int64_t product = each.factor;
      for (int extent : each.extents) product *= extents[static_cast<std::size_t>(extent)];
      sum += product;
    }
    return sum;
  }
  std::string text(const std::vector<std::string>& names) const {
    std::string all;
    for (const term& each : terms) {
      const bool first = all.empty(), negative = each.factor < 0;
      const std::int64_t size = negative ? -each.factor : each.factor;
      all += negative ? (first ? "-" : " - ") : (first ? "" : " + ");
      if (size != 1 || each.extents.empty()) all += std::to_string(size);
      for (std::size_t k = 0; k < each.extents.size(); ++k)
        all += (k > 0 || size != 1 ? "*" : "") + names[static_cast<std::size_t>(each.extents[k])];
    }
    return all.empty() ? "0" : all;
  }
  /// As a factor of a product.
  std::string factor_text(const std::vector<std::string>& names) const {
    return terms.size() > 1 ? "(" + text(names) + ")" : text(names);
  }

  std::vector<term> terms;

 private:
  template <class Tables>
  static std::vector<int> extents_of(const Tables& t, int product) {
    std::vector<int> all;
    for (int at = product == 0 ? 0 : t.product_end[product - 1]; at < t.product_end[product]; ++at)
      all.push_back(t.product_extent[at]);
    return all;
  }
  void add(const term& added) {
    for (std::size_t k = 0; k < terms.size(); ++k)
      if (terms[k].extents == added.extents) {
        terms[k].factor += added.factor;
        if (terms[k].factor == 0) terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(k));
        return;
      }
    terms.push_back(added);
  }
};

}  // namespace tg::detail

#include "../../../support/compiler/end.hpp"
