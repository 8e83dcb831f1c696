// SPDX-License-Identifier: BSL-1.0
// The contract of a method of tg::minimize. A method is an aggregate of options that makes an engine; the
// engine takes steps and says what it sees; everything else, from stopping to checkpoints, is minimize's.
// docs/add-a-method.md writes one in full.
#pragma once
#include "../support/compiler/begin.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include "loop/box.hpp"
#include "problem/parameters.hpp"
#include "record/saved_run.hpp"
#include "stop_reason.hpp"
#include "tool/option_check.hpp"

namespace tg {

/// What takes the steps of one run, over numbers T:
/// - `begin(start)`: moves to the start, projected into the bounds, and looks at it; `advance()`: one step,
/// or one that
///   is tried and refused. Both return why the run ends, or `running`. Only on proof is that a reason of
///   convergence;
/// - `point()`, `value()`, `slopes()`: where it is, f and its gradient there. `curvatures()`: |second
/// derivative| by each
///   parameter alone, as far as it is known, else 0: the default test of the gradient measures parameters by
///   it;
/// - `if_flat()`: what a gradient that passes that test means here: `gradient_small`, another end, or
/// `running` at a
///   saddle that is left;
/// - `accepted()`: whether the last step was taken; `skipped()`: how many met what is not finite;
/// `step_size()`: of the
///   last step, relative to the parameters; `control()`: what kept it short;
/// - `descends`: whether the value never rises but by rounding; if not, `leave_out(bool)` tells that the next
/// step is
///   not to be taken because the gradient explodes;
/// - `archive(file)`: names all that a checkpoint has to keep, `file("name", member_)` for each; `resume()`:
/// what is
///   computed again after it was read.
template <class Engine, class T>
concept MinimizeEngine = requires(Engine& run, const Engine& now, std::span<const T> start,
                                  detail::run_writer& file) {
  { run.begin(start) } -> std::same_as<stop_reason>;
  { run.advance() } -> std::same_as<stop_reason>;
  { run.if_flat() } -> std::same_as<stop_reason>;
  { now.point() } -> std::convertible_to<std::span<const T>>;
  { now.slopes() } -> std::convertible_to<std::span<const T>>;
  { now.curvatures() } -> std::convertible_to<std::span<const T>>;
  { now.value() } -> std::convertible_to<T>;
  { now.step_size() } -> std::convertible_to<T>;
  { now.control() } -> std::convertible_to<T>;
  { now.accepted() } -> std::convertible_to<bool>;
  { now.skipped() } -> std::convertible_to<std::size_t>;
  { Engine::descends } -> std::convertible_to<bool>;
  run.archive(file);
  run.resume();
};

/// A method of tg::minimize for a problem whose parameters are a V:
/// - `fits<Problem, V>`: whether the problem offers what it needs (Objective, CurvedObjective, least
/// squares);
/// - `name`, by which a checkpoint knows it; `check(option_check)`, which refuses impossible options;
/// - `oracle<Problem, V>`: how it asks the problem, one of those in problem/oracle.hpp;
/// - `engine<Problem, V>(oracle, bounds, size)`: makes a MinimizeEngine, which may keep references to both.
template <class Method, class Problem, class V>
concept MinimizeMethod =
    Method::template fits<Problem, V>&& requires(const Method& method, const detail::option_check& options,
                                                 typename Method::template oracle<Problem, V>& questions,
                                                 const detail::box<detail::number_in<V>>& bounds) {
  { Method::name } -> std::convertible_to<std::string_view>;
  method.check(options);
  {
    method.template engine<Problem, V>(questions, bounds, std::size_t{1})
    } -> MinimizeEngine<detail::number_in<V>>;
};

}  // namespace tg

#include "../support/compiler/end.hpp"
