// SPDX-License-Identifier: BSL-1.0
// expect: mse: the shapes (rows, 1) and (rows) do not fit
// expect: huber: tg::loss::beta is an option of other losses.
// expect: l1: after the arrays come options alone, such as tg::loss::sum.
// expect: mse: an option is given twice.
// expect: cross_entropy: the shape (rows) is that of no index
// expect: cross_entropy: the shapes (rows, 3, 5) and (rows, 3) do not fit
// expect: nll: the shape (rows, 3) is that of no index
// expect: cross_entropy: the shapes (rows, 3) and (4) do not fit
// expect: mse: the shapes (rows, 3) and (rows) do not fit
// expect: triplet: the shape () has no axis -1.
// expect: cosine_embedding: the shapes (rows) and (rows, 3) do not fit
// Losses of shapes that NumPy's rule would broadcast, and options that a loss has not.
#include <typegrad/loss.hpp>

namespace loss = tg::loss;
constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto z = tg::array<"z", tg::rows, 3, 5>;
constexpr auto column = tg::array<"column", tg::rows, 1>;
constexpr auto v = tg::array<"v", tg::rows>;
constexpr auto w = tg::array<"w", 4>;
constexpr auto r = tg::symbol<"r">;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto k = tg::index<"k", tg::rows, 3>;

#ifdef MUST_FAIL
auto of_column = loss::mse(column, v);
auto other_option = loss::huber(x, x, loss::beta(r));
auto no_option = loss::l1(x, r, 3);
auto twice = loss::mse(x, r, loss::sum, loss::none);
auto numbers_as_classes = loss::cross_entropy(x, v);
auto other_axis = loss::cross_entropy(z, k);
auto classes_wanted = loss::nll(x, x);
auto other_classes = loss::cross_entropy(x, y, loss::class_weights(w));
auto other_weights = loss::mse(x, r, loss::sample_weights(v));
auto of_numbers = loss::triplet(r, r, r);
auto target_for_each_element = loss::cosine_embedding(x, 2 * x, x);
#else
static_assert(tg::shape_of(loss::cross_entropy<2>(z, k, loss::none)) == tg::shape_of(k));
#endif
