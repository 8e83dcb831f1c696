// SPDX-License-Identifier: BSL-1.0
// One call of an array function, for any function: run-time extents are found from the lengths of the inputs,
// everything is checked, the workspace is divided, and the steps run.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <tuple>

#include "../../lower/array/plan.hpp"
#include "../../support/compiler/overflow.hpp"
#include "arguments.hpp"
#include "kernels.hpp"
#include "loop.hpp"

namespace tg::detail {

/// a * b + c, where that many elements of some bytes can be.
constexpr std::ptrdiff_t checked_length(std::int64_t a, std::int64_t b, std::int64_t c,
                                        bool is_stride = false) {
  std::int64_t product = 0, sum = 0, bytes = 0;
  if (!times(a, b, product) || !plus(product, c, sum) || (sum < 0 && !is_stride) || !times(sum, 64, bytes))
    raise(unfit_array{}
          << "function: with these lengths an array has fewer than 0 elements or more than fit into memory.");
  return static_cast<std::ptrdiff_t>(sum);
}
/// Computes the lengths of a call from its run-time extents.
template <class Tables>
constexpr void find_lengths(const Tables& t, const std::ptrdiff_t* extents, std::ptrdiff_t* product,
                            std::ptrdiff_t* length) {
  for (int k = 0, at = 0; k < t.products; ++k)
    for (product[k] = 1; at < t.product_end[k]; ++at)
      product[k] = checked_length(product[k], extents[t.product_extent[at]], 0);
  for (int k = 0; k < t.lengths; ++k)
    length[k] =
        checked_length(t.factor[k], product[t.product[k]], t.more[k] != 0 ? length[t.more[k]] : 0, true);
}

/// The size of the workspace: the regions, and after them scratch memory. Where each begins is written to
/// `begin`, which has room for one more than the regions.
inline std::ptrdiff_t divide_workspace(const table_view& t, const scratch_size* scratch_of,
                                       const std::ptrdiff_t* product, const std::ptrdiff_t* length,
                                       std::ptrdiff_t* begin) {
  std::ptrdiff_t size = 0, scratch = 0;
  for (int r = 0; r < t.regions; ++r) {
    begin[r] = size;
    size = checked_length(t.region_size[r], product[t.region_product[r]], size);
    if (r + 1 < t.regions) size = (size + 15) / 16 * 16;
  }
  for (int k = 0; k < t.steps; ++k)
    if (const int runner = t.runner[k]; runner >= 0 && scratch_of[runner] != nullptr) {
      const std::ptrdiff_t own = scratch_of[runner](length, t.word + t.first[k]);
      if (own > scratch) scratch = own;
    }
  if (scratch > 0) size = (size + 15) / 16 * 16;
  begin[t.regions] = size;
  return size + scratch;
}

/// The run-time extents and lengths of a call.
template <class Tables>
struct call_lengths {
  std::ptrdiff_t extent[Tables::most_lengths], product[Tables::most_lengths], length[Tables::most_lengths];
};

/// An array input's or output's shape for a sentence: (rows, 64).
inline void write_shape(const table_view& t, int which, unfit_array& to) {
  to << "(";
  for (int axis = 0; axis < t.rank[which]; ++axis) {
    const int l = t.shape_of(which)[axis];
    if (axis > 0) to << ", ";
    if (t.product[l] == 0)
      to << static_cast<std::ptrdiff_t>(t.factor[l]);
    else
      to << t.extent_name[t.product_extent[t.product_end[t.product[l]] - 1]];
  }
  to << ")";
}

/// Finds the run-time extents.
template <class T>
class extent_search {
 public:
  extent_search(const table_view& tables, const std::string_view* symbols, const given_array<T>* inputs,
                std::ptrdiff_t* extents)
      : t{tables}, names_{symbols}, in_{inputs}, extent_{extents} {
    for (int k = 0; k < t.extents; ++k) extent_[k] = -1;
    for (int k = 0; k < t.inputs; ++k) read_axes(k);
    for (bool found = true; found;) {
      found = false;
      for (int k = 0; k < t.inputs; ++k) found = divide(k) || found;
    }
    for (int k = 0; k < t.extents; ++k)
      if (extent_[k] < 0)
        raise(unfit_array{} << "function: the extent '" << t.extent_name[k]
                            << "' does not follow from the lengths of the inputs; give one that has it as "
                               "tg::shaped(x, lengths...), a view or a matrix.");
    for (int k = 0; k < t.inputs; ++k) check(k);
  }

 private:
  /// The run-time extent that an axis is; -1: none.
  int name_of(int which, int axis) const {
    const int product = t.product[t.shape_of(which)[axis]];
    return product == 0 ? -1 : t.product_extent[t.product_end[product] - 1];
  }
  std::ptrdiff_t length(int which, int axis) const {
    const int name = name_of(which, axis);
    return name < 0 ? static_cast<std::ptrdiff_t>(t.factor[t.shape_of(which)[axis]]) : extent_[name];
  }
  /// From the axes of the argument's type.
  void read_axes(int k) {
    if (in_[k].rank == 1 || in_[k].rank != t.rank[k]) return;
    for (int axis = 0; axis < t.rank[k]; ++axis)
      if (const int name = name_of(k, axis); name >= 0 && extent_[name] < 0)
        extent_[name] = in_[k].extent[axis];
  }
  /// From the number of elements, where one extent is not known.
  bool divide(int k) {
    std::ptrdiff_t known_part = 1;
    int name = -1, times = 0;
    for (int axis = 0; axis < t.rank[k]; ++axis)
      if (const std::ptrdiff_t own = length(k, axis); own >= 0)
        known_part = checked_length(known_part, own, 0);
      else if (name >= 0 && name != name_of(k, axis))
        return false;
      else
        name = name_of(k, axis), ++times;
    if (name < 0 || known_part == 0) return false;
    extent_[name] = root(in_[k].size / known_part, times);
    return true;
  }
  static std::ptrdiff_t root(std::ptrdiff_t product, int times) {
    std::ptrdiff_t low = 0, high = product + 1;
    while (high - low > 1) {
      const std::ptrdiff_t middle = low + (high - low) / 2;
      std::ptrdiff_t rest = product;
      for (int k = 0; k < times; ++k) rest /= middle;
      (rest > 0 ? low : high) = middle;
    }
    return low;
  }
  void check(int k) const {
    std::ptrdiff_t size = 1;
    bool fits = in_[k].in_one_piece;
    for (int axis = 0; axis < t.rank[k]; ++axis) {
      size = checked_length(size, length(k, axis), 0);
      fits = fits && (in_[k].rank == 1 || in_[k].extent[axis] == length(k, axis));
    }
    if (fits && size == in_[k].size) return;
    unfit_array refusal;
    refusal << "function: the input '" << names_[k] << "' has " << in_[k].size << " elements"
            << (in_[k].in_one_piece ? "" : ", which do not lie in one piece") << "; its shape is ";
    write_shape(t, k, refusal);
    for (int name = 0; name < t.extents; ++name)
      refusal << (name == 0 ? " with " : ", ") << t.extent_name[name] << " = " << extent_[name];
    raise(refusal << ".");
  }

  const table_view& t;
  const std::string_view* names_;
  const given_array<T>* in_;
  std::ptrdiff_t* extent_;
};

/// Whether the run-time extents are as large as they must be.
inline void check_extents(const table_view& t, const std::ptrdiff_t* extents, const std::ptrdiff_t* least) {
  for (int k = 0; k < t.extents; ++k) {
    if (extents[k] >= least[k]) continue;
    unfit_array refusal;
    refusal << "function: the extent '" << t.extent_name[k] << "' is " << extents[k];
    if (least[k] == 1)
      raise(refusal << ", and of no elements there is no mean, no largest and no smallest one.");
    raise(refusal << "; a slice needs " << least[k] << ".");
  }
}

/// Whether two pieces of memory have something in common.
template <class T>
bool overlap(const given_array<T>& x, const given_array<T>& y) {
  const auto first = reinterpret_cast<std::uintptr_t>(x.data),
             second = reinterpret_cast<std::uintptr_t>(y.data);
  return x.size > 0 && y.size > 0 && first < second + static_cast<std::uintptr_t>(y.bytes()) &&
         second < first + static_cast<std::uintptr_t>(x.bytes());
}

/// Checks outputs, and the workspace. Numbers that are returned have no memory among the outputs.
template <class T>
void check_outputs(const table_view& t, const std::string_view* names, const std::ptrdiff_t* length,
                   const given_array<T>* inputs, const given_array<T>* outputs,
                   const given_array<T>& workspace, std::ptrdiff_t needed) {
  if (workspace.size < needed)
    raise(unfit_array{} << "function: the workspace has " << workspace.size << " elements; needed are "
                        << needed << ".");
  const auto check_alone = [&](const given_array<T>& memory, int place) {
    const auto start = [&](unfit_array& refusal) -> unfit_array& {
      return place < 0 ? refusal << "function: the workspace"
                       : refusal << "function: output " << std::ptrdiff_t{place};
    };
    unfit_array refusal;
    for (int k = 0; k < t.inputs; ++k)
      if (overlap(memory, inputs[k])) raise(start(refusal) << " overlaps the input '" << names[k] << "'.");
    for (int other = place + 1; other < t.outputs; ++other)
      if (overlap(memory, outputs[other]))
        raise(start(refusal) << " overlaps output " << std::ptrdiff_t{other} << ".");
  };
  if (needed > 0) check_alone(workspace, -1);
  for (int r = 0; r < t.outputs; ++r) {
    const int which = t.inputs + r;
    if (t.rank[which] == 0 && outputs[r].size == 0) continue;
    std::ptrdiff_t size = 1;
    bool fits = outputs[r].in_one_piece;
    for (int axis = 0; axis < t.rank[which]; ++axis) {
      size = checked_length(size, length[t.shape_of(which)[axis]], 0);
      fits = fits && (outputs[r].rank == 1 || outputs[r].extent[axis] == length[t.shape_of(which)[axis]]);
    }
    if (!fits || size != outputs[r].size) {
      unfit_array refusal;
      refusal << "function: output " << std::ptrdiff_t{r} << " has " << outputs[r].size
              << (outputs[r].in_one_piece ? " elements; its shape is "
                                          : " elements, not in one piece; its shape is ");
      write_shape(t, which, refusal);
      raise(refusal << ", which is " << size << " elements.");
    }
    check_alone(outputs[r], r);
  }
}

/// Checks the indices of all selections. Selects: by kernel, whether a call has the place of an index as its
/// first word, the length that it must be below as the seventh, and an index that is right anyway as the
/// ninth.
template <class T>
void check_indices(const table_view& t, const bool* selects, const std::string_view* names,
                   const std::ptrdiff_t* length, const given_array<T>* inputs, const index_numbers* index) {
  for (int step = 0; step < t.steps; ++step) {
    if (t.runner[step] < 0 || !selects[t.runner[step]]) continue;
    const int *const words = t.word + t.first[step], which = words[0] - 1;
    if (words[6] < 0) continue;  // computed, and in range
    for (std::ptrdiff_t k = 0; k < inputs[which].size; ++k)
      if (const std::ptrdiff_t i = index[words[0]][k]; (i < 0 || i >= length[words[6]]) && i != words[8])
        raise(unfit_array{} << "function: the index '" << names[which] << "' is " << i << " at element " << k
                            << "; it must be at least 0 and below " << length[words[6]] << ".");
  }
}

/// The steps of a call, with the functions that run them; loops have at most `Most` operands and results.
template <class T, int Most>
struct array_steps {
  const table_view& t;
  const array_step<T>* kernels;
  const loop_body<T>* bodies;

  /// Runs step k; `words` are its own.
  void run(const array_machine<T>& m, int k, const int* words) const {
    const int runner = t.runner[k];
    runner < 0 ? run_loop<Most>(m, bodies[~runner], words) : kernels[runner](m, words);
  }
  void run_some(const array_machine<T>& m, int first, int count) const {
    for (int k = first; k < first + count; ++k) run(m, k, t.word + t.first[k]);
  }
  void run_all(const array_machine<T>& m) const { run_some(m, 0, t.top_steps); }
  static void run_body(const void* program, const array_machine<T>& m, int first, int count) {
    static_cast<const array_steps*>(program)->run_some(m, first, count);
  }
};

/// The last argument of a call that says who runs its steps, as tg::threads does.
template <class Executor>
concept StepExecutor = requires {
  typename std::remove_cvref_t<Executor>::runs_steps;
};
struct this_thread {
  using runs_steps = this_thread;
};
/// The steps in parts, for such an executor (split_steps.hpp).
template <class Code, class T, int Most>
class split_steps;
template <class... A>
inline constexpr bool ends_with_executor = false;
template <class First, class... A>
inline constexpr bool ends_with_executor<First, A...> = ends_with_executor<A...>;
template <StepExecutor Last>
inline constexpr bool ends_with_executor<Last> = true;

/// use(last, first...).
template <class Use, class... A>
auto with_last_first(const Use& use, A&... arguments) {
  const std::tuple<A&...> all(arguments...);
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return use(std::get<sizeof...(K)>(all), std::get<K>(all)...);
  }
  (std::make_index_sequence<sizeof...(A) - 1>{});
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
