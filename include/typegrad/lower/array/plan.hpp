// SPDX-License-Identifier: BSL-1.0
// The plan of a function of arrays as a plain value: steps with their arguments as words, lengths, buffers
// and the bodies of loops.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../pass/pack.hpp"
#include "memory.hpp"
#include "order.hpp"

namespace tg::detail {

/// The scalar graph of a loop: of the nodes given, ascending, with `outputs` as roots; what else they read
/// are the body's inputs, listed in `inputs` and made by `symbol`. An output that `adds` is added to a
/// further input, -1.
template <class Symbol>
constexpr void build_body(const builder& from, const buffer<int>& nodes, const buffer<int>& outputs,
                          const buffer<char>& adds, builder& to, buffer<int>& roots, buffer<int>& inputs,
                          Symbol symbol) {
  buffer<int> image, args;
  image.assign(from.size(), -1);
  const auto operand = [&](int x) {
    if (from.is_constant(x)) return to.constant(from.value(x));
    if (image[x] < 0) image[x] = symbol(to, inputs.used), inputs.push_back(x);
    return image[x];
  };
  for (int i : nodes) {
    if (from.is_constant(i)) continue;
    args.clear();
    for (int k = 0; k < from.count(i); ++k) args.push_back(operand(from.operand(i, k)));
    image[i] = make_node(to, from[i].op, args);
  }
  for (int k = 0; k < outputs.used; ++k) {
    roots.push_back(operand(outputs.items[k]));
    if (adds.items[k] == 0) continue;
    roots.back() = add(to, roots.back(), symbol(to, inputs.used));
    inputs.push_back(-1);
  }
}

/// How many there are of what a call reads.
struct table_counts {
  // The first `top_steps` are those of a call; the others are bodies of loops, which steps run.
  int steps = 0, top_steps = 0, words = 0;
  int lengths = 0, products = 0, extents = 0;
  int buffers = 0, regions = 0, numbers = 0;
  int inputs = 0, outputs = 0;  // that are arrays among the inputs, and all outputs
};

/// What a call reads, wherever it lies: of one type for all functions, so that what checks arguments and runs
/// steps is compiled once.
struct table_view : table_counts {
  const int *runner, *first, *word, *product, *more, *product_end, *product_extent;
  const std::int64_t* factor;
  const std::string_view* extent_name;
  const int* region_product;
  const std::int64_t* region_size;
  const int *rank, *shape;
  int axes;
  constexpr const int* shape_of(int which) const { return shape + which * axes; }
};

/// The same with room for that many of each.
template <int Steps, int Words, int Lengths, int Buffers, int Shapes, int Axes>
struct array_tables : table_counts {
  static constexpr int most_lengths = Lengths, shapes = Shapes;

  // Step k is called with the words from first[k] on; runner[k] is the number of its kernel, or ~ of its
  // body.
  int runner[Steps + 1]{}, first[Steps + 1]{}, word[Words + 1]{};

  // Lengths (lower/array/length.hpp); of each product, which run-time extents it has.
  std::int64_t factor[Lengths]{};
  int product[Lengths]{}, more[Lengths]{}, product_end[Lengths]{}, product_extent[Lengths]{};
  std::string_view extent_name[Lengths]{};  // no records, through which all passes would get into the program

  // A buffer's place is that of an output, or in a region of the workspace.
  int output_of[Buffers]{}, region[Buffers]{}, region_product[Buffers]{};
  std::int64_t offset[Buffers]{}, region_size[Buffers]{}, region_live[Buffers]{};

  // The shapes of array inputs, then of outputs, as lengths.
  int rank[Shapes + 1]{}, shape[(Shapes + 1) * (Axes + 1)]{};
  constexpr const int* shape_of(int which) const { return shape + which * (Axes + 1); }

  constexpr table_view view() const {
    return {*this,  runner,      first,          word,        product, more,  product_end, product_extent,
            factor, extent_name, region_product, region_size, rank,    shape, Axes + 1};
  }
  /// The same with as much room as is needed.
  template <int S, int W, int L, int B>
  constexpr auto trimmed() const {
    array_tables<S, W, L, B, Shapes, Axes> t;
    static_cast<table_counts&>(t) = *this;
    const auto copy = [](const auto& from, auto& to, int count) {
      for (int k = 0; k < count; ++k) to[k] = from[k];
    };
    copy(runner, t.runner, S), copy(first, t.first, S), copy(word, t.word, W);
    copy(factor, t.factor, L), copy(product, t.product, L), copy(more, t.more, L);
    copy(product_end, t.product_end, L), copy(product_extent, t.product_extent, L);
    copy(extent_name, t.extent_name, extents);
    copy(output_of, t.output_of, B), copy(region, t.region, B), copy(region_product, t.region_product, B);
    copy(offset, t.offset, B), copy(region_size, t.region_size, B);
    copy(region_live, t.region_live, B);
    copy(rank, t.rank, Shapes), copy(shape, t.shape, Shapes * (Axes + 1));
    return t;
  }
};

/// Room for what comes from a graph with that many nodes, operands, roots and inputs, and arrays of that
/// rank.
template <int Nodes, int Operands, int Roots, int Inputs, int Rank>
struct array_plan
    : array_tables<Nodes + Roots,
                   (Nodes + Roots) * (24 + 9 * Rank) + (Operands + Nodes + 2 * Roots) * (Rank + 3),
                   64 + 8 * (Nodes + Inputs), Nodes + Operands + Roots + Inputs + 2, Inputs + Roots, Rank> {
  bool has_loops = false;  // over steps
  // The bodies of loops: their nodes and roots, one list after the other.
  int bodies = 0;
  int body_inputs[Nodes + Roots + 1]{}, node_end[Nodes + Roots + 1]{}, root_end[Nodes + Roots + 1]{};
  int body_node[2 * Nodes + Roots + 1]{}, body_root[2 * Nodes + Roots + 1]{};
  bool body_adds[2 * Nodes + Roots + 1]{};
  std::uint64_t body_high[Nodes + Roots + 1]{}, body_low[Nodes + Roots + 1]{};

  /// The kernels that are called, as bits.
  constexpr std::uint64_t kernels() const {
    std::uint64_t used = 0;
    for (int k = 0; k < this->steps; ++k)
      if (this->runner[k] >= 0) used |= std::uint64_t{1} << this->runner[k];
    return used;
  }
  constexpr int nodes_before(int body) const { return body == 0 ? 0 : node_end[body - 1]; }
  constexpr int roots_before(int body) const { return body == 0 ? 0 : root_end[body - 1]; }
};

/// Fills a plan from a lowered graph.
template <class Plan>
class plan_writer {
 public:
  constexpr plan_writer(Plan& plan, array_lowering& lowering, const buffer<int>& roots,
                        const array_signature& signature)
      : p{plan}, a{lowering}, s{signature} {
    step_order(a, order_, signature.as_written || a.regions > 0);
    last_use_.assign(a.size_of.used, -1);
    place_.zeros(order_.used);
    for (int place = 0; place < order_.used; ++place) place_[order_[place]] = place;
    for (int k = 0; k < a.use_step.used; ++k) note_use(a.use_buffer[k], a.use_step[k]);
    for (int region = 0; region <= a.regions; ++region) write_region(region);
    p.has_loops = a.regions > 0;
    if (p.has_loops) keep_through_loops();
    write_shapes(roots, signature);
    write_in_outputs();
    const memory_plan memory(a, place_, last_use_, chances_);
    write_buffers(memory);
    write_lengths();
  }

 private:
  constexpr void note_use(int own, int step) {
    while (last_use_.used <= own) last_use_.push_back(-1);
    if (last_use_[own] < place_[step]) last_use_[own] = place_[step];
  }
  /// What is last read where an output is written element by element lies in the output's memory.
  constexpr void write_in_outputs() {
    buffer<char> taken(a.size_of.used);
    for (const in_place_chance& c : chances_)
      if (a.output_of[c.written] >= 0 && a.adds[c.written] == 0 && taken[c.written] == 0 &&
          c.read >= a.first_temporary && a.output_of[c.read] < 0 && last_use_[c.read] == c.place &&
          a.size_of[c.read] == a.size_of[c.written])
        a.output_of[c.read] = a.output_of[c.written], taken[c.written] = 1;
  }
  /// The steps of a call come first, those of bodies after them.
  constexpr void write_region(int region) {
    const int begin = p.steps;
    for (int step : order_)
      if (a.region_of[step] == region) a.kernel_of[step] < 0 ? write_loop(step) : write_call(step);
    if (region == 0) p.top_steps = p.steps;
    for (int k = 0; k < body_words_.used; k += 2)
      if (body_words_[k] == region)
        p.word[body_words_[k + 1]] = begin, p.word[body_words_[k + 1] + 1] = p.steps - begin;
  }
  /// What a loop over steps needs from before is kept to its end.
  constexpr void keep_through_loops() {
    buffer<int> first(a.size_of.used, a.kernel_of.used);
    for (int i = 0; i < a.b.size(); ++i)
      if (a.buffer_of[i] >= 0 && a.step_of[i] >= 0) first[a.buffer_of[i]] = a.step_of[i];
    for (int k = 0; k < a.early.used; k += 2) first[a.early[k]] = a.early[k + 1] - 1;
    for (int step = 0; step < a.kernel_of.used; ++step) {
      const int body = a.body_of_step(step);
      for (int k = 0; body > 0 && k < a.size_of.used; ++k)
        if (const int begin = a.region_first[body - 1];
            first[k] < begin && last_use_[k] >= begin && last_use_[k] < step)
          last_use_[k] = step;
    }
  }
  constexpr void put(int word) { p.word[p.words++] = word; }

  constexpr void write_call(int step) {
    const int end = step + 1 < a.first_word.used ? a.first_word[step + 1] : a.words.used;
    begin_step(a.kernel_of[step]);
    if (const int body = a.body_of_step(step); body != 0)
      body_words_.push_back(body), body_words_.push_back(p.words + 1);
    for (int k = a.first_word[step]; k < end; ++k) put(a.words[k]);
  }
  constexpr void begin_step(int runner) {
    p.runner[p.steps] = runner;
    p.first[p.steps++] = p.words;
  }

  constexpr void write_loop(int step) {
    buffer<int> nodes, outputs, inputs;
    buffer<char> adds;
    const bool copies = a.copy_to[step] >= 0;
    if (copies) {
      outputs.push_back(a.node_of_step[step]);
      adds.push_back(s.is_added(a.copy_to[step]));
    } else {
      for (int i = 0; i < a.b.size(); ++i)
        if (a.step_of[i] == step) nodes.push_back(i);
      for (int i : nodes)
        if (a.is_stored(i)) outputs.push_back(i), adds.push_back(a.adds[a.buffer_of[i]]);
    }
    if (outputs.used == 0) return;
    begin_step(~body_of(nodes, outputs, adds, inputs));
    buffer<array_view> seen;
    const auto output = [&](int k) {
      return copies ? a.output_view(a.copy_to[step]) : a.seen_in(outputs[k], a.space_of[step]);
    };
    int next = 0;
    for (int x : inputs) {
      while (x < 0 && adds[next] == 0) ++next;
      seen.push_back(x < 0 ? output(next++) : a.seen_in(x, a.space_of[step]));
    }
    for (int k = 0; k < outputs.used; ++k) seen.push_back(output(k));
    write_axes(seen);
    for (const array_view& v : seen) {
      put(v.buffer), put(v.offset);
      note_use(v.buffer, step);
    }
    for (int out = inputs.used; out < seen.used; ++out)
      for (int in = 0; in < inputs.used; ++in) note_chance(step, seen, inputs.used, out, in);
  }
  /// The axes of a loop: their number, then each one's extent and strides.
  constexpr void write_axes(const buffer<array_view>& seen) {
    buffer<int> axes;
    for (int axis = 0; axis < seen[0].rank; ++axis) {
      axes.push_back(seen[seen.used - 1].extent[axis]);
      for (const array_view& v : seen) axes.push_back(v.stride[axis]);
    }
    merge_axes(a.lengths, axes, seen.used + 1);
    put(axes.used / (seen.used + 1));
    for (int each : axes) put(each);
  }
  constexpr void note_chance(int step, const buffer<array_view>& seen, int inputs, int out, int in) {
    array_view u = seen.items[in], v = seen.items[out];
    const int read = u.buffer, written = v.buffer;
    v.buffer = u.buffer;
    for (int k = 0; k < inputs; ++k)
      if (seen.items[k].buffer == read && !(seen.items[k] == v)) return;
    chances_.push_back({place_[step], written, read});
  }

  /// The number of the body with these nodes: equal ones are kept once.
  constexpr int body_of(const buffer<int>& nodes, const buffer<int>& outputs, const buffer<char>& adds,
                        buffer<int>& inputs) {
    builder body(8);
    buffer<int> roots;
    build_body(a.b, nodes, outputs, adds, body, roots, inputs,
               [](builder& b, int k) { return b.captured(known<op::captured<int>>, k); });
    const fingerprint print = fingerprint_of(body, roots);
    for (int k = 0; k < p.bodies; ++k)
      if (p.body_high[k] == print.high && p.body_low[k] == print.low) return k;
    const int k = p.bodies++;
    p.body_high[k] = print.high, p.body_low[k] = print.low;
    p.body_inputs[k] = inputs.used;
    int node_end = p.nodes_before(k), root_end = p.roots_before(k);
    for (int i : nodes) p.body_node[node_end++] = i;
    for (int j = 0; j < outputs.used; ++j) {
      p.body_adds[root_end] = adds.items[j] != 0;
      p.body_root[root_end++] = outputs.items[j];
    }
    p.node_end[k] = node_end, p.root_end[k] = root_end;
    return k;
  }

  constexpr void write_shapes(const buffer<int>& roots, const array_signature& signature) {
    int which = 0;
    p.inputs = a.array_inputs.used, p.outputs = roots.used;
    const auto write = [&](int rank, auto extent_at) {
      const auto first = p.shape_of(which) - p.shape;
      p.rank[which++] = rank;
      for (int axis = 0; axis < rank; ++axis) p.shape[first + axis] = a.lengths.of(extent_at(axis));
    };
    for (int k : a.array_inputs) {
      const structure& symbol = *signature.inputs[k]->shaped;
      write(symbol.rank, [&](int axis) { return symbol.extents[axis]; });
    }
    for (int r : roots)
      write(a.b.lists.rank(a.b.shape(r)), [&](int axis) { return a.b.lists.at(a.b.shape(r), axis); });
  }
  constexpr void write_buffers(const memory_plan& memory) {
    p.buffers = a.size_of.used;
    p.numbers = a.numbers;
    for (int k = 0; k < p.buffers; ++k) {
      p.output_of[k] = a.output_of[k];
      p.region[k] = memory.region.items[k];
      p.offset[k] = memory.offset.items[k];
    }
    p.regions = memory.product_of.used;
    for (int r = 0; r < p.regions; ++r) {
      p.region_product[r] = memory.product_of.items[r];
      p.region_size[r] = memory.size_of_region.items[r];
      p.region_live[r] = memory.live_in_region.items[r];
    }
  }
  constexpr void write_lengths() {
    p.lengths = a.lengths.entries.used;
    for (int k = 0; k < p.lengths; ++k) {
      p.factor[k] = a.lengths.entries[k].factor;
      p.product[k] = a.lengths.entries[k].product;
      p.more[k] = a.lengths.entries[k].more;
      if (p.product[k] >= p.products) p.products = p.product[k] + 1;
    }
    p.extents = a.extent_names.used;
    for (int k = 0; k < p.extents; ++k) p.extent_name[k] = a.extent_names[k]->name;
    int end = 0;
    for (int product = 0; product < p.products; ++product) {
      for (int k = 0; k < a.lengths.products.rank(product); ++k) {
        int name = 0;
        while (name + 1 < p.extents && a.extent_names[name] != a.lengths.products.at(product, k).name) ++name;
        p.product_extent[end++] = name;
      }
      p.product_end[product] = end;
    }
  }

  Plan& p;
  array_lowering& a;
  const array_signature& s;
  buffer<int> order_, place_, last_use_;  // of steps, and of buffers the place of the last step
  buffer<int> body_words_;  // regions, each with the place of the words that say where its steps are
  buffer<in_place_chance> chances_;
};

/// The plan of a finished graph whose contractions have two operands at most.
template <class Packed, int Inputs, int Rank, int Nodes, int Operands, int Roots>
constexpr auto plan_arrays(const Packed& graph, const array_signature& signature) {
  array_plan<Nodes, Operands, Roots, Inputs, Rank> plan;
  const builder b(graph);
  buffer<int> roots;
  for (int r = 0; r < graph.roots; ++r) roots.push_back(graph.root[r]);
  array_lowering lowering(b, roots, signature);
  plan_writer<decltype(plan)>(plan, lowering, roots, signature);
  return plan;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
