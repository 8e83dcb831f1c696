// SPDX-License-Identifier: BSL-1.0
// What the function of a model is given beside its inputs: it makes parameters where they are used, each with
// a name, a shape and a rule for its first values.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "../../formula/array/movements.hpp"
#include "initial_rule.hpp"
#include "layer_stack.hpp"

namespace tg {

namespace detail {

/// A misuse of a model while its function runs in the compiler; the names are sentences.
inline void model_parameter_made_twice__give_each_layer_a_name_of_its_own_or_share_by_net_shared() {}
inline void model_parameter_name_is_too_long__63_letters_are_the_most() {}
inline void model_parameter_shape_is_wrong__its_extents_are_numbers_of_at_least_1_and_at_most_8() {}
inline void model_shared_parameter_has_another_shape_than_where_it_was_made() {}
inline void model_place_of_random_numbers_made_twice__give_each_a_name_of_its_own() {}
inline void model_axis_must_have_a_length_that_is_a_number() {}
inline void model_next_state_is_of_no_state__make_it_by_net_state_first() {}
inline void model_next_state_has_another_shape_than_the_state() {}
inline void model_state_in_layers_is_not_kept__make_layers_that_keep_none_or_write_them_one_by_one() {}

/// A name made of parts that dots join.
struct dotted_name {
  static constexpr int most = 63;
  char letter[most + 1]{};
  int length = 0;

  constexpr std::string_view view() const { return {letter, static_cast<std::size_t>(length)}; }
  constexpr void add(std::string_view part) {
    if (length > 0) put('.');
    append(part);
  }
  constexpr void append(std::string_view end) {
    for (char each : end) put(each);
  }

 private:
  constexpr void put(char each) {
    if (length == most)
      model_parameter_name_is_too_long__63_letters_are_the_most();
    else
      letter[length++] = each;
  }
};

/// A parameter as it was made, or a state.
struct made_parameter {
  dotted_name name;
  int rank = 0;
  int extent[8]{};
  initial_rule initial;
  bool is_state = false;
};

/// What is told of the layers of a run: a name, what it is, the node of its output, and the first node that
/// was made for it.
struct layer_log {
  constexpr virtual void note(const dotted_name& name, std::string_view kind, int output, int first) = 0;

 protected:
  constexpr ~layer_log() = default;
};

/// The parameters and states of a run of a model's function. The first run counts them, the second notes
/// them; in a third their symbols are in the graph. Places where random numbers are drawn are collected
/// likewise.
struct parameter_collector {
  builder& b;
  made_parameter* noted = nullptr;  // where they are noted
  dotted_name* noted_sites = nullptr;
  const buffer<int>* symbols = nullptr;
  std::span<const extent> sites{};  // their names, as a graph has them
  layer_log* log = nullptr;
  buffer<std::uint64_t> names{};
  buffer<int> nodes{}, next{};  // next: of a state after the call, else the node
  buffer<char> is_state{};
  int drawn = 0;

  constexpr int count() const { return nodes.size(); }
  constexpr int make(const made_parameter& made, bool shared) {
    const std::uint64_t name = hash_of(made.name.view());
    for (int k = 0; k < count(); ++k)
      if (names[k] == name) {
        if (!shared) model_parameter_made_twice__give_each_layer_a_name_of_its_own_or_share_by_net_shared();
        if (b.shape(nodes[k]) != shape_of(made))
          model_shared_parameter_has_another_shape_than_where_it_was_made();
        return next[k];
      }
    if (noted != nullptr) noted[count()] = made;
    names.push_back(name);
    nodes.push_back(symbols != nullptr && count() < symbols->size() ? (*symbols)[count()] : stand_in(made));
    next.push_back(nodes.back());
    is_state.push_back(made.is_state);
    return nodes.back();
  }
  constexpr void set_next(const dotted_name& name, int value) {
    int k = 0;
    while (k < count() && names[k] != hash_of(name.view())) ++k;
    if (k == count() || is_state[k] == 0)
      return model_next_state_is_of_no_state__make_it_by_net_state_first();
    if (join_shapes(b, b.shape(nodes[k]), b.shape(value)) != b.shape(nodes[k]))
      model_next_state_has_another_shape_than_the_state();
    next[k] = broadcast(b, value, b.shape(nodes[k]));
  }
  /// The place of that name where numbers are drawn.
  constexpr extent site(const dotted_name& name) {
    const int number = drawn++;
    if (noted_sites != nullptr) {
      for (int k = 0; k < number; ++k)
        if (noted_sites[k].view() == name.view())
          model_place_of_random_numbers_made_twice__give_each_a_name_of_its_own();
      noted_sites[number] = name;
    }
    const auto at = static_cast<std::size_t>(number);
    return at < sites.size() ? sites[at] : as_extent(extent_name<text{"site"}>{});
  }

 private:
  constexpr int shape_of(const made_parameter& made) {
    buffer<extent> shape;
    for (int k = 0; k < made.rank; ++k) shape.push_back(as_extent(made.extent[k]));
    return b.lists.find(shape);
  }
  /// A node of the parameter's shape.
  constexpr int stand_in(const made_parameter& made) {
    return broadcast(b, b.intern(known<op::variable<text{"parameter"}>>), shape_of(made));
  }
};

}  // namespace detail

/// The parameters of a model, or of a part of it.
class network {
 public:
  constexpr network(detail::parameter_collector& all, const detail::dotted_name& prefix, bool training)
      : all_{&all}, prefix_{prefix}, training_{training} {}

  /// A parameter of that name and shape, which first has the values that the rule says.
  constexpr handle parameter(std::string_view name, std::initializer_list<int> shape,
                             const initial_rule& initial) {
    return make(name, shape, initial, false);
  }
  /// A state: an array that is kept from batch to batch and changed by next_state, not by gradients, as the
  /// running means of batch_norm. (PyTorch's buffers.)
  constexpr handle state(std::string_view name, std::initializer_list<int> shape,
                         const initial_rule& initial) {
    return make(name, shape, initial, true);
  }
  /// Says what the state of that name is after a step of training. In formulas that are not for training it
  /// does nothing.
  constexpr void next_state(std::string_view name, const handle& value) {
    if (training_) all_->set_next(within(name), value.in(all_->b));
  }
  /// A part of the network: its parameters' names begin with the part's and a dot.
  constexpr network part(std::string_view name) const {
    network inner = *this;
    inner.prefix_ = within(name);
    inner.first_ = all_->b.size();
    return inner;
  }
  /// Says that this part is a layer of that kind and gives y, which is returned: tg::summary shows it.
  constexpr handle layer(std::string_view kind, const handle& y) const {
    if (all_->log != nullptr && stack_ == nullptr) all_->log->note(prefix_, kind, y.in(all_->b), first_);
    return y;
  }
  /// The same network, in which a parameter whose name there is already is that one, with its first use's
  /// rule.
  constexpr network shared() const {
    network again = *this;
    again.shared_ = true;
    return again;
  }
  /// The place of that name where random numbers are drawn, as the graph has it.
  constexpr detail::extent site(std::string_view name) const {
    if (stack_ == nullptr) return all_->site(within(name));
    return stack_->site([&] { return all_->site(within(name)); });
  }
  /// The seed that random numbers are drawn by: that of the step in tg::layers, else the one given.
  constexpr handle seed_or(const handle& given) const {
    return stack_ != nullptr && stack_->seed.graph != nullptr ? stack_->seed : given;
  }
  /// The same network, whose parameters are those of one of several layers.
  constexpr network in_stack(detail::layer_stack& stack) const {
    network one = part("*");
    if (stack_ != nullptr) detail::model_layers_in_layers_have_one_loop_only__write_the_inner_ones_out();
    one.stack_ = &stack;
    return one;
  }
  constexpr detail::builder& graph() const { return all_->b; }
  /// The length of an axis, counted from the end where it is negative; it must be a number.
  constexpr int length(const handle& x, int axis) const {
    const int shape = all_->b.shape(x.in(all_->b)), at = detail::axis_of(all_->b, "model", shape, axis);
    if (at < 0) return 1;
    const detail::extent own = all_->b.lists.at(shape, at);
    if (own.name != nullptr) detail::model_axis_must_have_a_length_that_is_a_number();
    return own.size;
  }
  /// Whether the formula is one to train by; dropout does nothing else.
  constexpr bool is_training() const { return training_; }

 private:
  constexpr detail::dotted_name within(std::string_view name) const {
    detail::dotted_name whole = prefix_;
    whole.add(name);
    return whole;
  }
  constexpr handle make(std::string_view name, std::initializer_list<int> shape, const initial_rule& initial,
                        bool is_state) {
    detail::made_parameter made{.name = within(name), .initial = initial, .is_state = is_state};
    if (stack_ != nullptr && stack_->is_looping()) return {all_->b, stack_->next_parameter()};
    if (stack_ != nullptr) {
      if (is_state)
        detail::model_state_in_layers_is_not_kept__make_layers_that_keep_none_or_write_them_one_by_one();
      made.extent[made.rank++] = stack_->layers;
    }
    for (int extent : shape) {
      if (made.rank == 8 || extent < 1)
        detail::model_parameter_shape_is_wrong__its_extents_are_numbers_of_at_least_1_and_at_most_8();
      made.extent[made.rank++] = extent;
    }
    const int node = all_->make(made, shared_);
    return {all_->b, stack_ != nullptr ? stack_->add(all_->b, node) : node};
  }

  detail::parameter_collector* all_;
  detail::layer_stack* stack_ = nullptr;
  detail::dotted_name prefix_;
  bool training_, shared_ = false;
  int first_ = 0;
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
