// SPDX-License-Identifier: BSL-1.0
// tg::describe: the plan of a function of arrays, read off its tables for given lengths.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <algorithm>
#include <concepts>

#include "../array_cost.hpp"
#include "../loop_over_steps.hpp"
#include "plan_description.hpp"
#include "plan_names.hpp"

namespace tg {

namespace detail {

template <class Code>
class plan_reader {
  static constexpr auto& t = Code::tables;
  static constexpr auto& graph = Code::graph;
  using notes = plan_notes<Code>;

 public:
  plan_reader(std::int64_t bytes_of_number, const std::vector<std::int64_t>& extents)
      : bytes_{bytes_of_number}, extents_{extents} {
    names_.numbers.resize(static_cast<std::size_t>(t.numbers));
    for (int k = 0; k < t.extents; ++k)
      names_.numbers[static_cast<std::size_t>(t.numbers - t.extents + k)] =
          names_.extents[static_cast<std::size_t>(k)];
    arrays_.resize(static_cast<std::size_t>(t.buffers));
    for (plan_array& each : arrays_) each.first = -1;
    read_steps(std::make_integer_sequence<int, t.steps>{});
    place_arrays();
    all.least = least_of_steps();
    all.least_as_written = least_as_written();
  }
  plan_description all;

 private:
  template <int... K>
  void read_steps(std::integer_sequence<int, K...>) {
    call_lengths<std::remove_cvref_t<decltype(t)>> l{};
    for (int k = 0; k < t.extents; ++k)
      l.extent[k] = static_cast<std::ptrdiff_t>(extents_[static_cast<std::size_t>(k)]);
    find_lengths(t, l.extent, l.product, l.length);
    (read_step<K>(l.length), ...);
  }
  template <int K>
  void read_step(const std::ptrdiff_t* lengths) {
    array_cost cost;
    step_counter counter(cost, lengths);
    count_step<Code>(counter, K);
    plan_step step{
        t.runner[K] < 0 ? "loop" : "", "", "", cost.operations(), cost.read, cost.written, step_around(K)};
    const int* const words = t.word + t.first[K];
    const auto use = [&](int buffer, bool writes) {
      plan_array& own = arrays_[static_cast<std::size_t>(buffer)];
      if (writes && own.first < 0) own.first = top_step(K);
      own.last = std::max(own.last, top_step(K));
      if (!writes) return;
      const std::string shape = names_.shape(buffer);
      step.result +=
          (step.result.empty() ? "" : ", ") + names_.buffer(buffer) + (shape.empty() ? "" : " ") + shape;
    };
    if constexpr (t.runner[K] < 0) {
      using source = body_source<Code, ~t.runner[K]>;
      const int count = source::inputs + source::outputs();
      const int* const places = words + 1 + words[0] * (count + 1);
      for (int k = 0; k < count; ++k) use(places[2 * k], k >= source::inputs);
      step.formula =
          replace_names(notes::template text_of_step<K>(), [&](char letter, int k, std::string& to) {
            return letter == 'i' && (to += name_at(places + 2 * k), true);
          });
    } else {
      const int node = notes::facts.node[K];
      step.kind = graph.op[node]->name;
      if constexpr (Code::kernels::loops[t.runner[K]]) {
        kernel_of<op::scan<>>::each_buffer(words, [&](int k) { use(k, k > t.inputs && is_new(k)); });
        step.formula = "steps " + std::to_string(words[1] + 1) + " to " +
                       std::to_string(words[1] + words[2]) + ", " + std::to_string(lengths[words[0]]) +
                       " times";
        all.steps.push_back(step);
        return;
      }
      use(notes::facts.buffer[node], true);
      step.formula =
          replace_names(notes::template text_of_step<K>(), [&](char letter, int k, std::string& to) {
            if (letter != mark_of_buffer) return false;
            use(k, false);
            to += names_.buffer(k);
            return true;
          });
    }
    all.steps.push_back(step);
  }
  bool is_new(int buffer) const { return arrays_[static_cast<std::size_t>(buffer)].first < 0; }
  /// The loop over steps that runs a step, -1: none; the step of the call in which it runs.
  static int step_around(int step) {
    for (int k = 0; step >= t.top_steps && k < t.steps; ++k)
      if (const int* const words = t.word + t.first[k]; t.runner[k] >= 0 &&
                                                        Code::kernels::loops[t.runner[k]] &&
                                                        words[1] <= step && step < words[1] + words[2])
        return k;
    return -1;
  }
  static int top_step(int step) {
    for (int around = step; around >= 0; around = step_around(around)) step = around;
    return step;
  }
  std::string name_at(const int* place) const {
    return place[0] == 0 ? names_.numbers[static_cast<std::size_t>(length_sum::of(t, place[1]).value({}))]
                         : names_.buffer(place[0]);
  }

  void place_arrays() {
    std::int64_t begin = 0;
    std::vector<std::int64_t> begins;
    for (int r = 0; r < t.regions; ++r) {
      begins.push_back(begin);
      begin += length_sum::of_product(t, t.region_product[r], t.region_size[r]).value(extents_);
      if (r + 1 < t.regions) begin = (begin + 15) / 16 * 16;
    }
    all.between_steps = begin * bytes_;
    for (int k = 0; k < t.buffers; ++k) {
      plan_array& own = arrays_[static_cast<std::size_t>(k)];
      if (own.first < 0 || t.region[k] < 0 || t.output_of[k] >= 0) continue;
      own.name = names_.buffer(k), own.shape = names_.shape(k);
      own.bytes = bytes_ * length_sum::of(t, notes::facts.size[k]).value(extents_);
      own.begin =
          bytes_ * (begins[static_cast<std::size_t>(t.region[k])] +
                    length_sum::of_product(t, t.region_product[t.region[k]], t.offset[k]).value(extents_));
      all.arrays.push_back(own);
    }
    for (plan_array& each : all.arrays)
      for (const plan_array& other : all.arrays)
        each.is_in_place = each.is_in_place || (&each != &other && other.last == each.first &&
                                                other.first < each.first && other.begin == each.begin);
  }
  /// How many elements a node has.
  std::int64_t size_of(int node) const {
    std::int64_t product = 1;
    for (int axis = 0; axis < graph.rank(graph.shape[node]); ++axis) {
      const extent& e = graph.element(graph.shape[node], axis);
      product *= e.name == nullptr ? e.size : extents_[names_.place_of(e.name->name)];
    }
    return product;
  }

  /// The most bytes that are needed at one time.
  struct lifetime {
    std::int64_t bytes;
    int first, last;
  };
  /// Where `may_be_in_place`, what is written may lie where something is read for the last time.
  template <class InPlace>
  static std::int64_t most_needed(const std::vector<lifetime>& arrays, int steps, InPlace may_be_in_place) {
    std::int64_t most = 0;
    for (int step = 0; step < steps; ++step) {
      std::int64_t kept = 0, begun = 0, ended = 0;
      for (const lifetime& each : arrays)
        if (each.first == step)
          begun += each.bytes;
        else if (each.first < step && each.last >= step)
          (each.last == step ? ended : kept) += each.bytes;
      most = std::max(most, kept + (may_be_in_place(step) ? std::max(begun, ended) : begun + ended));
    }
    return most;
  }
  std::int64_t least_of_steps() const {
    std::vector<lifetime> arrays;
    for (const plan_array& each : all.arrays) arrays.push_back({each.bytes, each.first, each.last});
    return most_needed(arrays, t.steps, [](int step) { return t.runner[step] < 0; });
  }
  /// If every node that is no view, no input and no output is an array that is written when its turn comes.
  std::int64_t least_as_written() const {
    const int n = graph.nodes;
    std::vector<int> last(static_cast<std::size_t>(n), -1);
    std::vector<char> is_output(last.size());
    for (int r = 0; r < graph.roots; ++r) is_output[static_cast<std::size_t>(graph.root[r])] = 1;
    std::vector<lifetime> arrays;
    for (int i = n - 1; i >= 0; --i) {
      const auto own = static_cast<std::size_t>(i);
      const int at = notes::facts.is_view[i] ? last[own] : i;
      for (int k = 0; k < graph.count[i]; ++k) {
        int& other = last[static_cast<std::size_t>(graph.arg(i, k))];
        other = std::max(other, at);
      }
      const bool is_computed = graph.count[i] > 0 || graph.attribute[i] != 0;
      if (is_computed && !notes::facts.is_view[i] && is_output[own] == 0)
        arrays.push_back({bytes_ * size_of(i), i, std::max(last[own], i)});
    }
    return most_needed(arrays, n, [](int i) { return graph.attribute[i] == 0; });
  }

  std::int64_t bytes_;
  const std::vector<std::int64_t>& extents_;
  plan_names<Code> names_;
  std::vector<plan_array> arrays_;  // by buffer
};

}  // namespace detail

/// The plan of a function of arrays for these run-time extents, in the order in which the inputs have them:
/// `std::cout << tg::describe<float>(fn, 64).text()`. Its steps with formulas, operations and numbers that
/// are moved; the arrays between the steps, where they lie and how long; the workspace beside the least that
/// any places could need. Numbers are of type T.
template <class T = double, class Inputs, class Tag, class Numbers, class... Shapes,
          std::convertible_to<std::ptrdiff_t>... Extents>
plan_description describe(const array_function<Inputs, Tag, Numbers, Shapes...>& fn, Extents... extents) {
  using code = detail::array_code<Tag, 0>;
  static_assert(
      static_cast<int>(sizeof...(Extents)) == code::tables.extents,
      "typegrad: describe: give a length for each run-time extent of the function: describe(fn, 64).");
  const std::vector<std::int64_t> all{static_cast<std::int64_t>(extents)...};
  plan_description d = detail::plan_reader<code>(sizeof(T), all).all;
  d.workspace = static_cast<std::int64_t>(fn.template workspace<T>(extents...) * sizeof(T));
  d.title = std::to_string(d.steps.size()) + " steps";
  for (std::size_t k = 0; k < all.size(); ++k)
    d.title += std::string(k == 0 ? ", " : " and ") + std::string(code::tables.extent_name[k]) + " = " +
               std::to_string(all[k]);
  d.title += ", numbers of " + std::to_string(sizeof(T)) + " bytes";
  return d;
}

}  // namespace tg

#include "../../../support/compiler/end.hpp"
