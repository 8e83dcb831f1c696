// SPDX-License-Identifier: BSL-1.0
// A program over rows of data in lanes: as many rows at once as a register holds. What does not depend on the
// row is computed before (lower/hoist.hpp).
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../lower/hoist.hpp"
#include "../array/lane_numbers.hpp"
#include "columns.hpp"

namespace tg::detail {

/// The program with that tag in two; Columns are the symbols that differ from row to row.
template <class Tag, class Columns, row_outputs Wanted>
struct row_split;
template <class Tag, class... C, row_outputs Wanted>
struct row_split<Tag, symbol_list<C...>, Wanted> {
  static constexpr auto& graph = result<noted<Tag>>::graph;

  /// `use` gets the two programs with their roots, and how the outputs are made of them.
  template <class Use>
  static constexpr void split(builder& once, builder& row, Use use) {
    const record* const names[] = {known<typename C::primitive>...};
    const builder from(graph);
    buffer<int> outputs;
    buffer<char> varies(graph.nodes);
    for (int i = 0; i < graph.nodes; ++i)
      for (const record* name : names)
        if (graph.op[i] == name) varies[i] = 1;
    for (int r = 0; r < graph.roots; ++r) outputs.push_back(graph.root[r]);
    use(hoist(from, outputs, varies, Wanted, once, row));
  }

  template <int Terms>
  struct tables {
    int numbers = 0, parts = 0, terms = 0;
    row_term term[Terms]{};
  };
  static constexpr auto table = [] {
    tables<graph.operands + graph.roots> t;
    builder once, row;
    split(once, row, [&](const hoist& h) {
      t.numbers = h.once_roots.used, t.parts = h.row_roots.used;
      for (const row_term& each : h.terms) t.term[t.terms++] = each;
    });
    return t;
  }();

  /// One of the two programs.
  template <bool OfRows>
  struct part {
    using symbols = std::conditional_t<OfRows, symbol_list<C...>, typename noted<Tag>::symbols>;
    static constexpr bool is_program = true;
    static consteval int roots() { return OfRows ? table.parts : table.numbers; }
    static consteval int guess() { return 2 * graph.nodes + static_cast<int>(sizeof...(C)) + 8; }
    static constexpr void build(builder& b, buffer<int>& out) {
      builder other;
      load_symbols(b, out, symbols{});
      out.clear();
      split(OfRows ? other : b, OfRows ? b : other, [&](const hoist& h) {
        for (int i : OfRows ? h.row_roots : h.once_roots) out.push_back(i);
      });
    }
    template <int Nodes, int Operands>
    static constexpr auto lower(builder& b, buffer<int>& out) {
      if constexpr (OfRows) {
        buffer<char> whole(b.size());
        buffer<int> block;
        find_block_of_each<Nodes, Operands, roots()>(b, out, block);
        share_factors(b, out, block, whole);
      }
      auto p = pack<Nodes, Operands, roots()>(b, out);
      if (p.fits) order_terms(p);
      p.print = fingerprint_of(b, out);
      p.print.high ^= 0x452821e638d01377u;  // not the print of a program that is lowered another way
      return p;
    }
  };
  using once_tag = program_tag_t<part<false>>;
  using row_tag = program_tag_t<part<true>>;
};

template <class T>
inline constexpr int row_lanes = register_bytes / static_cast<int>(sizeof(T));
template <class T>
using row_vector = lane_numbers<T, row_lanes<T>>;

/// The captured numbers of a rows' program.
template <class Tag, class V>
struct row_numbers {
  const V* all;
  template <int I>
  TYPEGRAD_INLINE static const V& at(const row_numbers& n) {
    return n.all[number<code<Tag>::graph.first[I]>];
  }
};

/// The values of `left` chosen rows from place k on.
template <class Column, class Chosen, class T, int N>
TYPEGRAD_INLINE void load_rows(const Column& column, const Chosen& chosen, std::size_t k, std::size_t left,
                               lane_numbers<T, N>& to) {
  if constexpr (std::same_as<Column, flat_column<T>> && std::same_as<Chosen, row_range>)
    if (column.stride == 1 && left >= N)
      return static_cast<void>(std::memcpy(&to.all, &column(chosen(k)), sizeof to.all));
  for (int lane = 0; lane < N; ++lane)
    to.all[lane] = static_cast<T>(column(
        chosen(k + (static_cast<std::size_t>(lane) < left ? static_cast<std::size_t>(lane) : left - 1))));
}

/// Runs a rows' program, which reads `numbers`, on `count` of the chosen rows from the one at `first` on;
/// use(k, v) gets the outputs of those from place k on. After the last row it is repeated.
template <class Tag, int Numbers, class T, class Chosen, class Use, class... Column>
TYPEGRAD_INLINE void over_lanes(const T* numbers, const Chosen& chosen, std::size_t first, std::size_t count,
                                Use use, const Column&... column) {
  using V = row_vector<T>;
  V fixed[Numbers + 1], in[sizeof...(Column)], out[code<Tag>::graph.roots];
  for (int k = 0; k < Numbers; ++k) fixed[k] = V(numbers[k]);
  for (std::size_t row = 0; row < count; row += V::size()) {
    int k = 0;
    (load_rows(column, chosen, first + row, count - row, in[k++]), ...);
    evaluate_program<Tag>(static_cast<const V*>(in), row_numbers<Tag, V>{fixed}, out);
    use(first + row, static_cast<const V*>(out));
  }
}

/// Sums of outputs.
template <int Outputs>
struct plain_sums {
  static constexpr int size = Outputs;
  template <class V>
  TYPEGRAD_INLINE static constexpr void add(V* sum, const V* out) {
#pragma GCC unroll 16
    for (int k = 0; k < size; ++k) sum[k] += out[k];
  }
};
/// Of M residuals and their derivatives by N parameters: r^T r, J^T r, and the lower triangle of J^T J.
template <int M, int N>
struct normal_sums {
  static constexpr int size = 1 + N + N * (N + 1) / 2;
  template <class V>
  TYPEGRAD_INLINE static constexpr void add(V* sum, const V* out) {
    for (int r = 0; r < M; ++r) {
      const V& residual = out[r];
      const V* const slope = out + M + r * N;
      V* to = sum;
      *to++ += residual * residual;
#pragma GCC unroll 8
      for (int i = 0; i < N; ++i) *to++ += residual * slope[i];
#pragma GCC unroll 8
      for (int i = 0; i < N; ++i)
#pragma GCC unroll 8
        for (int k = 0; k <= i; ++k) *to++ += slope[i] * slope[k];
    }
  }
};

/// Adds the sums of some rows to `sum`, lane by lane; a function of its own, so that the last rows, too few
/// for a register, are computed as all others are.
template <class Tag, int Numbers, class Sums, class T, class Chosen, class... Column>
[[gnu::noinline]] void add_lanes(row_vector<T>* sum, const T* numbers, const Chosen& chosen,
                                 std::size_t first, std::size_t count, const Column&... column) {
  row_vector<T> own[Sums::size];
  for (auto& each : own) each = row_vector<T>(0);
  over_lanes<Tag, Numbers>(
      numbers, chosen, first, count,
      [&](std::size_t, const row_vector<T>* out) TYPEGRAD_LAMBDA_INLINE { Sums::add(own, out); }, column...);
  for (int k = 0; k < Sums::size; ++k) sum[k] += own[k];
}

/// Adds the sums of some rows to `total`.
template <class Tag, int Numbers, class Sums, class T, class Chosen, class... Column>
void add_rows(T* total, const T* numbers, const Chosen& chosen, std::size_t first, std::size_t count,
              const Column&... column) {
  using V = row_vector<T>;
  V sum[2][Sums::size];
  const std::size_t rest = count % V::size(), whole = count - rest;
  for (auto& half : sum)
    for (V& each : half) each = V(0);
  for (const bool last : {false, true})
    if (const std::size_t rows = last ? rest : whole; rows > 0)
      add_lanes<Tag, Numbers, Sums>(sum[last], numbers, chosen, last ? first + whole : first, rows,
                                    column...);
  for (int k = 0; k < Sums::size; ++k)
    for (std::size_t lane = 0; lane < V::size(); ++lane)
      total[k] += sum[0][k].all[lane] + (lane < rest ? sum[1][k].all[lane] : T(0));
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
