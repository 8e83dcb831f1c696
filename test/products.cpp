// SPDX-License-Identifier: BSL-1.0
// Products of matrices against a triple loop in long double, for every set of instructions that the machine
// has, in float and double, in every order of storage, with gaps between rows and in batches.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <typegrad/lanes/product.hpp>

namespace {

using tg::lanes::instructions;
using whole = std::ptrdiff_t;

std::mt19937 engine(20261129);
whole below(whole n) { return std::uniform_int_distribution<whole>(0, n - 1)(engine); }

template <class F>
void for_each_set(F f) {
  for (auto set : {instructions::baseline, instructions::avx2, instructions::avx512})
    if (set <= tg::lanes::instructions_here()) f(set);
}

/// Matrices of one size on the heap, with no element before the first or after the last, so that a sanitizer
/// sees what is read or written beside them.
template <class T>
struct matrices {
  whole rows, columns, count, row, column, next, size;
  std::unique_ptr<T[]> at;

  matrices(whole height, whole length, whole batch, bool by_columns, whole gap)
      : rows(height), columns(length), count(batch) {
    row = by_columns ? 1 : columns + gap;
    column = by_columns ? rows + gap : 1;
    next = (by_columns ? columns * column : rows * row) + gap;
    const bool none = rows == 0 || columns == 0;
    size = none ? 0 : (count - 1) * next + (rows - 1) * row + (columns - 1) * column + 1;
    at = std::make_unique<T[]>(static_cast<std::size_t>(size));
    for (whole i = 0; i < size; ++i)
      at.get()[i] = static_cast<T>(std::uniform_real_distribution<>(-1, 1)(engine));
  }
  T& operator()(whole l, whole i, whole j) const { return at.get()[l * next + i * row + j * column]; }
};

template <class T>
struct problem {
  whole m, k, n;
  bool add;
  matrices<T> a, b, c;

  /// Bits of `form`: A, B and C by columns, gaps, C += A B, three products.
  problem(whole rows, whole inner, whole columns, whole form)
      : m(rows),
        k(inner),
        n(columns),
        add(form & 16),
        a(m, k, form & 32 ? 3 : 1, form & 1, form & 8 ? 1 + below(5) : 0),
        b(k, n, form & 32 ? 3 : 1, form & 2, form & 8 ? 1 + below(5) : 0),
        c(m, n, form & 32 ? 3 : 1, form & 4, form & 8 ? 1 + below(5) : 0) {}

  void run(instructions set, T* result, T* scratch) const {
    for (whole l = 0; l < c.count; ++l)
      tg::lanes::multiply<T>({.m = m,
                              .k = k,
                              .n = n,
                              .a = {a.at.get() + l * a.next, a.row, a.column},
                              .b = {b.at.get() + l * b.next, b.row, b.column},
                              .c = {result + l * c.next, c.row, c.column},
                              .add = add},
                             scratch, set);
  }

  /// Whether each element of C is right, and everything else is as it was.
  bool holds(instructions set) const {
    const auto size = static_cast<std::size_t>(c.size);
    const auto results = std::make_unique<T[]>(size), expectations = std::make_unique<T[]>(size);
    T *const result = results.get(), *const expected = expectations.get();
    const auto scratch = std::make_unique<T[]>(static_cast<std::size_t>(tg::lanes::scratch_size<T>(m, k, n)));
    std::copy_n(c.at.get(), size, result);
    std::copy_n(c.at.get(), size, expected);
    run(set, result, scratch.get());
    for (whole l = 0; l < c.count; ++l)
      for (whole i = 0; i < m; ++i)
        for (whole j = 0; j < n; ++j) {
          const whole at = &c(l, i, j) - c.at.get();
          long double sum = add ? c(l, i, j) : T(0), size_of_terms = std::fabs(sum);
          for (whole q = 0; q < k; ++q) {
            const long double term = static_cast<long double>(a(l, i, q)) * b(l, q, j);
            sum += term, size_of_terms += std::fabs(term);
          }
          const long double bound =
              static_cast<long double>(k + 2) * std::numeric_limits<T>::epsilon() * size_of_terms;
          const bool equal = std::isnan(sum)   ? std::isnan(result[at])
                             : std::isinf(sum) ? result[at] == static_cast<T>(sum)
                                               : std::fabs(result[at] - sum) <= bound;
          if (!equal) return false;
          expected[at] = result[at];
        }
    return size == 0 || std::memcmp(expected, result, size * sizeof(T)) == 0;
  }
};

template <class T, class Change>
void check(whole m, whole k, whole n, whole form, Change change) {
  problem<T> p(m, k, n, form);
  change(p);
  for_each_set([&](instructions set) {
    const bool holds = p.holds(set);
    BOOST_TEST(holds, "C is wrong: " << m << " x " << k << " x " << n << ", form " << form
                                     << ", instructions " << int(set) << ", " << sizeof(T) << " bytes");
  });
}
void check_both(whole m, whole k, whole n, whole form) {
  check<float>(m, k, n, form, [](auto&) {});
  check<double>(m, k, n, form, [](auto&) {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_remainders) {
  for (whole m : {0, 1, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    for (whole n = 0; n < 52; ++n) check_both(m, below(4), n, below(64));
  for (whole k = 0; k < 40; ++k)
    for (whole form = k % 4; form < 64; form += 4) check_both(1 + below(12), k, 1 + below(20), form);
}

BOOST_AUTO_TEST_CASE(random_sizes) {
  for (int i = 0; i < 50; ++i) check_both(below(71), below(71), below(71), below(64));
}

BOOST_AUTO_TEST_CASE(sizes_beyond_the_blocks) {
  for (whole form : {0, 1, 2, 3, 4, 24}) {
    check_both(9, 400 + below(500), 17, form);
    check_both(150, 20, 50, form);
    check_both(400 + below(500), 3, 33, form);
    check_both(1, 11, 5000, form);
    check_both(5000, 11, 2, form);
    check_both(2, 5000, 3, form);
  }
}

// A number that is not finite reaches every element that it is a factor in, 0 times infinity too, and no
// other.
BOOST_AUTO_TEST_CASE(not_finite) {
  const auto spoil = []<class T>(problem<T>& p) {
    const T special[] = {std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(),
                         std::numeric_limits<T>::quiet_NaN()};
    auto& other = p.a.size % 2 ? p.a : p.b;
    auto& spoilt = p.a.size % 2 ? p.b : p.a;
    if (below(2)) std::fill_n(other.at.get(), other.size, T(0));
    spoilt(0, below(spoilt.rows), below(spoilt.columns)) = special[below(3)];
  };
  for (int i = 0; i < 150; ++i) {
    const whole m = 1 + below(30), k = 1 + below(40), n = 1 + below(50), form = below(64);
    check<float>(m, k, n, form, spoil);
    check<double>(m, k, n, form, spoil);
  }
}

BOOST_AUTO_TEST_CASE(the_same_bits_wherever_the_numbers_lie) {
  const auto run = []<class T>(const problem<T>& p, instructions set, whole shift) {
    const auto moved = [&](const T* from, whole size) {
      auto memory = std::make_unique<T[]>(static_cast<std::size_t>(size + shift));
      std::copy_n(from, size, memory.get() + shift);
      return memory;
    };
    const auto a = moved(p.a.at.get(), p.a.size), b = moved(p.b.at.get(), p.b.size);
    auto c = moved(p.c.at.get(), p.c.size);
    const whole scratch = tg::lanes::scratch_size<T>(p.m, p.k, p.n);
    const auto memory = std::make_unique<T[]>(static_cast<std::size_t>(scratch + shift));
    tg::lanes::multiply<T>({p.m,
                            p.k,
                            p.n,
                            {a.get() + shift, p.a.row, p.a.column},
                            {b.get() + shift, p.b.row, p.b.column},
                            {c.get() + shift, p.c.row, p.c.column}},
                           memory.get() + shift, set);
    std::copy_n(c.get() + shift, p.c.size, c.get());
    return c;
  };
  for (int i = 0; i < 60; ++i) {
    const problem<float> p(1 + below(40), below(60), 1 + below(60), below(8));
    for_each_set([&](instructions set) {
      const auto first = run(p, set, 0);
      for (whole shift : {1, 3, 7, 12}) {
        const auto other = run(p, set, shift);
        BOOST_TEST(
            std::memcmp(first.get(), other.get(), static_cast<std::size_t>(p.c.size) * sizeof(float)) == 0);
      }
    });
  }
}
