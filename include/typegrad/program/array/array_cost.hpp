// SPDX-License-Identifier: BSL-1.0
// The cost of one call of a function of arrays, from its plan: what each step does for the lengths of a call.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../program_cost.hpp"
#include "array_function.hpp"

namespace tg {

/// What one call does: operations as in operation_count, the numbers that its steps read and write, and those
/// of the arrays between the steps, which the workspace holds (beside scratch memory of single steps); and
/// how many of these are needed at one step at most, without which no place of the arrays would do.
/// Products, sums and the like are kernels; a loop is a scalar program that runs on each element.
struct array_cost {
  std::int64_t additions = 0, multiplications = 0, divisions = 0, transcendental = 0, other = 0;
  std::int64_t read = 0, written = 0, stored = 0, live = 0;
  int loops = 0, kernels = 0;

  constexpr std::int64_t operations() const {
    return additions + multiplications + divisions + transcendental + other;
  }
  /// Bytes that are moved, for numbers of type T.
  template <class T>
  constexpr std::int64_t bytes() const {
    return (read + written) * static_cast<std::int64_t>(sizeof(T));
  }
  constexpr bool operator==(const array_cost&) const = default;
};

namespace detail {

/// Adds up what steps do; a kernel's `count` says it for its words.
class step_counter {
 public:
  constexpr step_counter(array_cost& all, const std::ptrdiff_t* lengths) : total{all}, length_{lengths} {}

  /// Axes as words: an extent and as many strides as there are operands.
  struct axes {
    const int* words;
    int count;
  };
  constexpr std::int64_t length(int word) const { return length_[word]; }
  /// The elements along axes of `Operands` operands: of all, or of the operand `which`, which does not move
  /// along an axis with stride 0.
  template <int Operands, class... Axes>
  constexpr std::int64_t elements(int which, const Axes&... all) const {
    std::int64_t product = 1;
    for (const axes& each : {all...})
      for (int k = 0; k < each.count; ++k) {
        const int* const axis = each.words + k * (Operands + 1);
        if (which < 0 || axis[1 + which] != length_table::zero) product *= length_[axis[0]];
      }
    return product;
  }
  /// A copy of elements (array_lowering::put_copy); returns the words after it.
  constexpr const int* copy(const int* words) {
    const std::int64_t count = elements<2>(-1, axes{words + 5, words[4]});
    total.read += count, total.written += count;
    return words + 5 + 3 * words[4];
  }
  /// Operations that are done `times` times.
  template <class Operations = operation_count>
  constexpr void add(const Operations& each, std::int64_t times) {
    total.additions += each.additions * times, total.multiplications += each.multiplications * times;
    total.divisions += each.divisions * times, total.transcendental += each.transcendental * times;
    total.other += each.other * times;
  }

  /// All that is done `times` times, by the same loops and kernels.
  constexpr void add_repeated(const array_cost& each, std::int64_t times) {
    add(each, times);
    total.read += each.read * times, total.written += each.written * times;
    total.loops += each.loops, total.kernels += each.kernels;
  }
  constexpr const std::ptrdiff_t* lengths() const { return length_; }

  array_cost& total;

 private:
  const std::ptrdiff_t* length_;
};

template <class Code, class B = std::make_integer_sequence<int, Code::plan.bodies>>
struct body_costs;
template <class Code, int... B>
struct body_costs<Code, std::integer_sequence<int, B...>> {
  struct body {
    operation_count each;
    int inputs, outputs;
  };
  static constexpr body of[sizeof...(B) + 1] = {
      {program_cost<body_tag<body_source<Code, B>>>, body_source<Code, B>::inputs,
       body_source<Code, B>::outputs()}...,
      {{}, 0, 0}};
};

constexpr void count_loop(step_counter& c, const operation_count& each, int inputs, int outputs,
                          const int* words) {
  const int rank = words[0], width = inputs + outputs + 1;
  std::int64_t all = 1;
  for (int k = 0; k < rank; ++k) all *= c.length(words[1 + k * width]);
  c.add(each, all);
  ++c.total.loops;
  for (int operand = 0; operand < inputs + outputs; ++operand) {
    std::int64_t own = 1;
    for (int k = 0; k < rank; ++k)
      if (const int* const axis = words + 1 + k * width; axis[1 + operand] != length_table::zero)
        own *= c.length(axis[0]);
    (operand < inputs ? c.total.read : c.total.written) += own;
  }
}

/// Adds what step k does.
template <class Code>
constexpr void count_step(step_counter& c, int k) {
  constexpr auto& t = Code::tables;
  const int* const words = t.word + t.first[k];
  if (const int runner = t.runner[k]; runner < 0) {
    const auto& body = body_costs<Code>::of[~runner];
    count_loop(c, body.each, body.inputs, body.outputs, words);
  } else {
    Code::kernels::template counts<step_counter>[runner](c, words);
    ++c.total.kernels;
    if (!Code::kernels::loops[runner]) return;
    array_cost once;
    step_counter body(once, c.lengths());
    for (int step = 0; step < words[2]; ++step) count_step<Code>(body, words[1] + step);
    c.add_repeated(once, c.length(words[0]));
  }
}

template <class Code>
constexpr array_cost count_steps(const std::ptrdiff_t* extents) {
  constexpr auto& t = Code::tables;
  call_lengths<std::remove_cvref_t<decltype(t)>> l{};
  for (int k = 0; k < t.extents; ++k) l.extent[k] = extents[k];
  find_lengths(t, l.extent, l.product, l.length);
  array_cost total;
  step_counter c(total, l.length);
  for (int k = 0; k < t.top_steps; ++k) count_step<Code>(c, k);
  for (int r = 0; r < t.regions; ++r) {
    total.stored += t.region_size[r] * l.product[t.region_product[r]];
    total.live += t.region_live[r] * l.product[t.region_product[r]];
  }
  return total;
}

}  // namespace detail

/// What one call of a function of arrays does, for the run-time extents in the order in which the inputs have
/// them: tg::cost(fn, 1000). A constant where the extents are.
template <class Inputs, class Tag, class Numbers, class... Shapes,
          std::convertible_to<std::ptrdiff_t>... Extents>
constexpr array_cost cost(const array_function<Inputs, Tag, Numbers, Shapes...>&, Extents... extents) {
  using code = detail::array_code<Tag, 0>;
  static_assert(static_cast<int>(sizeof...(Extents)) == code::tables.extents,
                "typegrad: cost: give a length for each run-time extent of the function: cost(fn, 1000).");
  const std::ptrdiff_t all[] = {static_cast<std::ptrdiff_t>(extents)..., 0};
  return detail::count_steps<code>(all);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
