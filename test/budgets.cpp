// SPDX-License-Identifier: BSL-1.0
// The budgets (support/budgets.hpp): a graph within one is not limited, a graph just beyond it says so.
// Passes run here as ordinary functions; that what they say reaches tg::cost is tested with the largest, of a
// whole program, in long_programs.cpp.
#include <boost/test/unit_test.hpp>
#include <string_view>
#include <typegrad/typegrad.hpp>

namespace {

namespace op = tg::op;
using namespace tg::detail;

/// A graph that is made for a test, of distinct numbers that are known only later.
struct graph : builder {
  int next = 0;
  constexpr int atom() { return captured(known<op::captured<double>>, next++); }
  /// make(k) for k from 0 to n-1 as the operands of one node.
  template <class Op, class Make>
  constexpr int all(int n, Make make) {
    buffer<int> args;
    for (int k = 0; k < n; ++k) args.push_back(make(k));
    return intern(known<Op>, args);
  }
  template <class Op>
  constexpr int atoms(int n) {
    return all<Op>(n, [&](int) { return atom(); });
  }
  template <class Op>
  constexpr int chain(int n, int x) {
    for (int k = 0; k < n; ++k) x = intern(known<Op>, x);
    return x;
  }
};

struct nodes : buffer<int> {
  constexpr nodes(std::initializer_list<int> all) {
    for (const int node : all) push_back(node);
  }
};

/// Whether exp of a sum, beside that of another one, is more than is related.
constexpr bool limits_relation(graph& b, int exponent) {
  auto roots = nodes({b.all<op::add>(
      2, [&](int k) { return b.intern(known<op::exp>, k == 0 ? exponent : b.atoms<op::add>(2)); })});
  relate_exponentials(b, roots, known<op::exp>, known<op::log>);
  return b.limited;
}
constexpr bool limits_simplify(graph& b, int node) {
  builder to;
  auto roots = nodes({node});
  simplify(b, to, roots);
  return to.limited;
}
constexpr int sum_times(graph& b, int addends, int factor) {
  return multiply(b, b.constant(factor), b.atoms<op::add>(addends));
}
constexpr int choice(graph& b, int condition) {
  const int other = b.intern(known<op::sin>, b.atom());
  return b.intern(known<op::where>, nodes({condition, b.atom(), other}));
}

/// Whether a graph of a size that the budget counts is limited.
struct row {
  std::string_view name;
  int within;
  bool (*limits)(graph& b, int size);
};
constexpr row table[] = {
    {"both_modes", budgets::both_modes,
     [](graph& b, int n) {
       const auto x = nodes(
           {b.intern(known<op::variable<tg::text{"x"}>>), b.intern(known<op::variable<tg::text{"y"}>>)});
       const auto out = nodes({b.chain<op::sin>(n - b.size() - 1, b.intern(known<op::add>, x[0], x[1]))});
       buffer<int> entries;
       jacobian_cheaper(b, out, x, entries);
       return b.limited;
     }},
    {"shortened", budgets::shortened - 1,
     [](graph& b, int n) {
       auto roots = nodes({b.chain<op::sin>(n - b.size() - 1, b.atom())});
       buffer<bool> derived;
       derived.push_back(true);
       relate_derivatives(b, roots, derived);
       return b.limited;
     }},
    {"related_exponents", budgets::related_exponents,
     [](graph& b, int n) {
       auto roots = nodes({b.all<op::add>(n, [&](int) { return b.intern(known<op::exp>, b.atom()); })});
       relate_exponentials(b, roots, known<op::exp>, known<op::log>);
       return b.limited;
     }},
    {"factors_of_term", budgets::factors_of_term,
     [](graph& b, int n) {
       return limits_relation(b, b.intern(known<op::add>, b.atom(), b.atoms<op::multiply>(n)));
     }},
    {"terms_of_sum", budgets::terms_of_sum,
     [](graph& b, int n) { return limits_relation(b, b.atoms<op::add>(n)); }},
    {"polynomial_depth", budgets::polynomial_depth,
     [](graph& b, int n) {
       return limits_relation(b, b.intern(known<op::add>, b.atom(), b.chain<op::negate>(n - 1, b.atom())));
     }},
    {"multiplied_out", budgets::multiplied_out,
     [](graph& b, int n) {
       return limits_relation(b, b.intern(known<op::power>, b.atoms<op::add>(2), b.constant(n)));
     }},
    {"cancelled_factors", budgets::cancelled_factors,
     [](graph& b, int n) {
       const int below = b.atom(), quotient = b.intern(known<op::divide>, b.atom(), below);
       auto roots = nodes({b.all<op::multiply>(n, [&](int k) {
         return k == 0 ? quotient : k == 1 ? below : b.atom();
       })});
       cancel(b, roots);
       return b.limited;
     }},
    {"joined_terms", budgets::joined_terms,
     [](graph& b, int n) {
       return limits_simplify(b, b.all<op::add>(n, [&](int k) { return sum_times(b, 2, 2 * k + 2); }));
     }},
    {"joined_addends", budgets::joined_addends / 2,
     [](graph& b, int n) {
       return limits_simplify(
           b, b.all<op::add>(3, [&](int k) { return k == 2 ? b.atom() : sum_times(b, n, 2 * k + 2); }));
     }},
    {"weighed_terms", budgets::weighed_terms,
     [](graph& b, int n) {
       exact_sum(b, b.atoms<op::add>(n - 2), {1}, b.atoms<op::add>(2), {1});
       return b.limited;
     }},
    {"sign_levels", budgets::sign_levels,
     [](graph& b, int n) {
       int x = b.intern(known<op::exp>, b.atom());
       for (int k = 0; k < n; ++k) x = b.intern(known<op::add>, x, b.intern(known<op::exp>, b.atom()));
       is_never_negative(b, x);
       return b.limited;
     }},
    {"compared_terms", budgets::compared_terms - 1,
     [](graph& b, int n) {
       auto roots = nodes({b.chain<op::sin>(n - b.size() - 1, b.atom())});
       keep_digits(b, roots);
       return b.limited;
     }},
    {"split_visits", budgets::split_visits - 3,
     [](graph& b, int n) {
       const int under = b.intern(known<op::power>, b.intern(known<op::exp>, b.atom()), b.constant(2));
       auto roots = nodes({b.intern(known<op::divide>, b.atoms<op::multiply>(n), under)});
       buffer<char> whole;
       split_quotients(b, roots, whole);
       return b.limited;
     }},
    {"shared_pairs", 89,  // two products, each with n (n-1)/2 pairs
     [](graph& b, int n) {
       auto roots = nodes({b.atoms<op::multiply>(n), b.atoms<op::multiply>(n)});
       const buffer<int> block(b.size(), 0);
       const buffer<char> whole(b.size(), 0);
       static_assert(89 * 88 <= budgets::shared_pairs && 90 * 89 > budgets::shared_pairs);
       share_factors(b, roots, block, whole);
       return b.limited;
     }},
    {"shared_factors", budgets::shared_factors - 1,
     [](graph& b, int n) {
       buffer<int> roots;
       for (int k = 0; k < n; ++k) {
         const int x = b.atom(), y = b.atom();
         for (int twice = 0; twice < 2; ++twice)
           roots.push_back(b.intern(known<op::multiply>, nodes({x, y, b.atom()})));
       }
       const buffer<int> block(b.size(), 0);
       const buffer<char> whole(b.size(), 0);
       share_factors(b, roots, block, whole);
       return b.limited;
     }},
    {"early_block_looks", 75,  // choices; with about seven times as many nodes
     [](graph& b, int n) {
       buffer<int> roots, block;
       for (int k = 0; k < n; ++k) roots.push_back(choice(b, b.intern(known<op::less>, b.atom(), b.atom())));
       if ((n * b.size() > budgets::early_block_looks) != (n > 75)) return n <= 75;  // the row is wrong
       find_block_of_each<1, 1, 1>(b, roots, block);
       return b.limited;
     }},
    {"block_looks", 42,  // conditions that two choices share; with about eleven times as many nodes
     [](graph& b, int n) {
       buffer<int> roots;
       for (int k = 0; k < n; ++k) {
         const int condition = b.intern(known<op::less>, b.atom(), b.atom());
         for (int twice = 0; twice < 2; ++twice) roots.push_back(choice(b, condition));
       }
       const auto p = pack<1000, 2000, 200>(b, roots);
       if ((n > budgets::block_looks / p.nodes) != (n > 42)) return n <= 42;  // the row is wrong
       return find_blocks<1000>(p).limited;
     }},
    {"interleaved", budgets::interleaved - 1,
     [](graph& b, int n) {
       const auto p = pack<500, 1000, 1>(b, nodes({b.chain<op::sin>(n - 1, b.atom())}));
       auto plan = find_blocks<500>(p);
       interleave_calls(p, plan);
       return plan.limited;
     }},
};

template <std::size_t Row, bool Beyond>
constexpr bool limited = [] {
  graph b;
  return table[Row].limits(b, table[Row].within + Beyond);
}();

}  // namespace

BOOST_AUTO_TEST_CASE(each_says_when_it_is_exceeded) {
  [&]<std::size_t... Row>(std::index_sequence<Row...>) {
    constexpr bool within[] = {limited<Row, false>...}, beyond[] = {limited<Row, true>...};
    for (std::size_t k = 0; k < sizeof...(Row); ++k) {
      BOOST_TEST(!within[k], table[k].name << " within");
      BOOST_TEST(beyond[k], table[k].name << " beyond");
    }
  }
  (std::make_index_sequence<std::size(table)>{});
}

/// What is noted while a large derivative is made is there when it is asked for.
BOOST_AUTO_TEST_CASE(large_formulas_keep_it) {
  constexpr auto x = tg::symbol<"x">;
  constexpr auto y = tg::symbol<"y">;
  const auto long_chain = tg::trace<"x", "y">([](auto u, auto v) {
    for (int k = 0; k < 130; ++k) u = sin(u * v);
    return u;
  });
  BOOST_TEST(!tg::cost(long_chain).limited);
  BOOST_TEST(tg::cost(tg::gradient(long_chain, x, y)).limited);
  BOOST_TEST(tg::cost(tg::function(tg::inputs(x, y), tg::outputs(tg::gradient(long_chain, x, y)))).limited);
}
