// SPDX-License-Identifier: BSL-1.0
// A model as a table: its layers with the shapes of what they give, their parameters and operations. The
// model's function is run once more, by the program itself, and the nodes of each layer are counted.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../pass/loop/scan.hpp"
#include "../../program/array/array_cost.hpp"
#include "model.hpp"

namespace tg {

/// A layer in a summary, or a part whose parameters no layer has.
struct layer_summary {
  std::string name, kind, output;  // output: its shape
  std::int64_t parameters = 0, states = 0, operations = 0;
};

/// What tg::summary gives; written to a stream it is a table.
struct model_summary {
  std::vector<layer_summary> layers;
  layer_summary all;             // the whole model
  array_cost call;               // what a call of its function does, as planned
  std::int64_t bytes_moved = 0;  // by the steps of that call
  std::int64_t workspace = 0;    // bytes that the call needs beside inputs and outputs

  template <class Stream>
  friend Stream& operator<<(Stream& to, const model_summary& s) {
    std::vector<std::vector<std::string>> rows{
        {"layer", "kind", "output", "parameters", "states", "operations"}};
    const auto put = [&](const layer_summary& each) {
      rows.push_back({each.name, each.kind, each.output, in_groups(each.parameters), in_groups(each.states),
                      in_groups(each.operations)});
    };
    for (const layer_summary& each : s.layers) put(each);
    put(s.all);
    std::vector<std::size_t> width(rows[0].size());
    for (const auto& row : rows)
      for (std::size_t k = 0; k < row.size(); ++k)
        width[k] = row[k].size() > width[k] ? row[k].size() : width[k];
    for (const auto& row : rows) {
      std::string line;
      for (std::size_t k = 0; k < row.size(); ++k) {
        const std::string space(width[k] - row[k].size(), ' ');
        line += (k == 0 ? "" : "  ") + (k < 3 ? row[k] + space : space + row[k]);
      }
      to << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    }
    to << "a call: " << in_groups(s.call.operations()) << " operations, " << in_groups(s.bytes_moved)
       << " bytes read and written, " << in_groups(s.workspace) << " bytes of workspace\n";
    return to;
  }

 private:
  /// 1234567 as 1,234,567.
  static std::string in_groups(std::int64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
    return text;
  }
};

namespace detail {

inline void model_summary__there_are_more_than_6_run_time_extents_or_products_of_these() {}

/// A number of operations for any lengths of run-time extents: a sum of products of these.
struct work_count {
  static constexpr int most = 6;
  struct product {
    std::int64_t factor = 0;
    const record* of[most]{};
    constexpr bool same(const product& other) const {
      for (int k = 0; k < most; ++k)
        if (of[k] != other.of[k]) return false;
      return true;
    }
    /// Times a length; names are in order.
    constexpr void multiply(const extent& e) {
      if (e.name == nullptr) {
        factor *= e.size;
        return;
      }
      int k = most - 1;
      if (of[k] != nullptr)
        return model_summary__there_are_more_than_6_run_time_extents_or_products_of_these();
      for (; k > 0 && (of[k - 1] == nullptr || e.name->name < of[k - 1]->name); --k) of[k] = of[k - 1];
      of[k] = e.name;
    }
  };
  product term[most + 2]{};

  constexpr void add(const product& p) {
    for (product& each : term)
      if (each.factor == 0 || each.same(p)) {
        const std::int64_t before = each.factor;
        each = p;
        each.factor += before;
        return;
      }
    model_summary__there_are_more_than_6_run_time_extents_or_products_of_these();
  }
  template <class LengthOf>
  std::int64_t total(const LengthOf& length_of) const {
    std::int64_t all = 0;
    for (const product& each : term) {
      std::int64_t own = each.factor;
      for (const record* name : each.of)
        if (name != nullptr) own *= length_of(name);
      all += own;
    }
    return all;
  }
};

/// A layer as a run notes it.
struct noted_layer {
  dotted_name name;
  std::string_view kind;
  int output = 0, first = 0;
  int rank = 0;
  extent axis[8]{};
  work_count work{};
};

/// Counts what the nodes of a graph do.
class layer_counter {
 public:
  constexpr explicit layer_counter(builder& graph) : b{graph} {}
  /// Fills in the shape, and the work of the nodes that the layer's output needs, from its first node on.
  constexpr void count(noted_layer& layer) {
    const int shape = b.shape(layer.output);
    layer.rank = b.lists.rank(shape);
    for (int k = 0; k < layer.rank; ++k) layer.axis[k] = b.lists.at(shape, k);
    buffer<int> roots;
    roots.push_back(layer.output);
    buffer<char> needed;
    mark_needed(b, b.size(), roots, needed);
    for (int i = layer.first; i < b.size(); ++i)
      if (needed.items[i] != 0) put(layer.work, needed, i);
  }

 private:
  /// The nodes of a loop's body count as often as it has steps; loops beside each other have one level.
  constexpr void put(work_count& work, const buffer<char>& needed, int i) {
    work_count::product own = of_node(i);
    if (own.factor == 0) return;
    int last_level = -1;
    for (int k = 0; k < b.size(); ++k) {
      if (needed.items[k] == 0 || !is_scan(b, k)) continue;
      const scan_parts loop(b, b.attribute(k));
      if (loop.level == last_level) continue;
      last_level = loop.level;
      open_nodes open(b, loop.level);
      if (open[i] != 0) own.multiply(loop.steps);
    }
    work.add(own);
  }
  constexpr void times_shape(work_count::product& p, int shape) const {
    for (int axis = 0; axis < b.lists.rank(shape); ++axis) p.multiply(b.lists.at(shape, axis));
  }
  constexpr work_count::product of_node(int i) const {
    const record* const op = b[i].op;
    work_count::product p;
    if (op->shaped == nullptr) {
      operation_count each;
      count_node(each, op, b.count(i), b.what(i) == kind::power ? b.value(b.operand(i, 1)) : exact{});
      p.factor = each.additions + each.multiplications + each.divisions + each.transcendental + each.other;
      if (p.factor > 0) times_shape(p, b.shape(i));
    } else if (is_contraction(b, i)) {
      const contraction_labels l(b, b.attribute(i));
      buffer<extent> own(l.labels);
      for (int k = 0; k < b.count(i); ++k)
        for (int axis = 0; axis < l.rank(k); ++axis)
          own[l.at(k, axis)] = b.lists.at(b.shape(b.operand(i, k)), axis);
      p.factor = b.count(i) - 1 + (l.labels > l.rank(-1));
      if (p.factor > 0)
        for (const extent& each : own) p.multiply(each);
    } else if (op->shaped->reduces) {
      p.factor = 1;
      times_shape(p, b.shape(b.operand(i, 0)));
    }
    return p;
  }

  builder& b;
};

constexpr bool is_within(std::string_view name, std::string_view part) {
  return name.starts_with(part) && (name.size() == part.size() || name[part.size()] == '.');
}

/// The layers of a model of inputs; the last is the whole model.
template <class Lambda, class... X>
struct layers_of_model {
  struct noter : layer_log {
    noted_layer* to = nullptr;
    int used = 0;
    constexpr void note(const dotted_name& name, std::string_view kind, int output, int first) override {
      if (to != nullptr) {
        int place = used;  // a part comes before the layers in it
        for (; place > 0 && to[place - 1].first >= first && is_within(to[place - 1].name.view(), name.view());
             --place)
          to[place] = to[place - 1];
        to[place] = {name, kind, output, first};
      }
      ++used;
    }
  };
  static constexpr int run(noted_layer* to) {
    builder b(64);
    buffer<int> args;
    int slots = 0;
    ((X::load(b, args, slots), slots += X::slots()), ...);
    noter log;
    log.to = to;
    using of_model = parameters_of_model<Lambda, X...>;
    buffer<int> symbols;
    load_symbols(b, symbols, typename of_model::as_types::symbols{});
    parameter_collector all{b, nullptr, nullptr, &symbols, of_model::as_types::sites, &log};
    const int result = of_model::apply(b, all, args, false);
    if (to != nullptr) {
      to[log.used] = {{}, "", result, 0};
      layer_counter counter(b);
      for (int k = 0; k <= log.used; ++k) counter.count(to[k]);
    }
    return log.used;
  }
  static constexpr int count = run(nullptr);
  static constexpr auto all = [] {
    std::array<noted_layer, static_cast<std::size_t>(count + 1)> layers{};
    run(layers.data());
    return layers;
  }();
};

template <class Inputs, class Tag, class Numbers, class... Shapes>
array_code<Tag, 0> code_of(const array_function<Inputs, Tag, Numbers, Shapes...>&);

}  // namespace detail

/// The layers of a model in a table, for numbers of type T, inputs, and the lengths of their run-time
/// extents: `std::cout << tg::summary<float>(classifier, tg::inputs(x), 64);`. Operations are those of the
/// formula, a product of n and m numbers counting both additions and multiplications; those of a part contain
/// those of the layers in it. The last line is from the plan of its function in use, in which steps are
/// joined.
template <class T, class Lambda, class... X, std::convertible_to<std::ptrdiff_t>... Extents>
model_summary summary(const model_function<Lambda>& model, const input_list<X...>&, Extents... extents) {
  using of_model = detail::parameters_of_model<Lambda, detail::from<X>...>;
  constexpr auto fn = [] {
    constexpr auto theta = model_function<Lambda>{}.parameters(X{}...);
    constexpr auto f = outputs(model_function<Lambda>{}(X{}...));
    if constexpr (of_model::found.states > 0)
      return function(inputs(X{}..., theta, model_function<Lambda>{}.states(X{}...)), f);
    else
      return function(inputs(X{}..., theta), f);
  }();
  static_cast<void>(model);
  model_summary s;
  s.call = cost(fn, extents...);
  s.bytes_moved = s.call.template bytes<T>();
  s.workspace = static_cast<std::int64_t>(fn.template workspace<T>(extents...) * sizeof(T));

  using code = decltype(detail::code_of(fn));
  [[maybe_unused]] const std::int64_t given[] = {static_cast<std::int64_t>(extents)..., 0};
  const auto length_of = [&](const detail::record* name) {
    for (int k = 0; k < code::tables.extents; ++k)
      if (code::tables.extent_name[k] == name->name) return given[k];
    return std::int64_t{1};
  };
  for (const detail::noted_layer& each : detail::layers_of_model<Lambda, detail::from<X>...>::all) {
    std::string shape = "(";
    for (int k = 0; k < each.rank; ++k) {
      const detail::extent& e = each.axis[k];
      shape +=
          (k == 0 ? "" : ", ") + (e.name != nullptr ? std::string(e.name->name) : std::to_string(e.size));
    }
    s.layers.push_back({std::string(each.name.view()), std::string(each.kind), shape + ")", 0, 0,
                        each.work.total(length_of)});
  }
  s.all = s.layers.back();
  s.all.name = "all";
  s.layers.pop_back();
  for (int k = 0; k < of_model::found.all; ++k) {
    const auto& made = of_model::all.parameter[static_cast<std::size_t>(k)];
    std::int64_t size = 1;
    for (int axis = 0; axis < made.rank; ++axis) size *= made.extent[axis];
    const std::string_view name = made.name.view();
    const auto add = [&](layer_summary& to) { (made.is_state ? to.states : to.parameters) += size; };
    bool is_shown = false;
    for (layer_summary& each : s.layers)
      if (detail::is_within(name, each.name)) add(each), is_shown = true;
    if (!is_shown) {
      const std::size_t dot = name.rfind('.');
      s.layers.push_back({std::string(dot == name.npos ? name : name.substr(0, dot)), "", "", 0, 0, 0});
      add(s.layers.back());
    }
    add(s.all);
  }
  return s;
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
