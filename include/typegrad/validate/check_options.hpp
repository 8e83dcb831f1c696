// SPDX-License-Identifier: BSL-1.0
// How a check of derivatives is made, and what is refused before it begins.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "difference.hpp"
#include "point.hpp"

namespace tg {

/// How a check is made. Every member has a default.
struct check_options {
  double resolution = 2e-4;  ///< the largest error, relative to a derivative, that a pass may leave open
  double scale = 0;          ///< as in tg::difference_options, for all variables
  std::vector<double> scales = {};        ///< the same for each variable
  std::vector<std::string> names = {};    ///< of the variables; else x0, x1, ...
  std::vector<std::string> outputs = {};  ///< of the outputs; else f0, f1, ...
  std::string title = {};
  int directions = 8;      ///< how many random ones, where they are used
  std::uint64_t seed = 1;  ///< of random directions
  /// Called after each column or direction of the check with how many are done, and how many there are.
  std::function<void(std::size_t done, std::size_t all)> progress = {};
};

namespace detail {

inline std::string name_of(const check_options& options, std::size_t i) {
  return i < options.names.size() ? options.names[i] : "x" + std::to_string(i);
}

inline std::string output_name(const check_options& options, std::size_t row) {
  return row < options.outputs.size() ? options.outputs[row] : "f" + std::to_string(row);
}

/// `step` may say where to begin.
template <class T = double>
difference_options differences_for(const check_options& options, std::size_t i, T step = 0) {
  difference_options d;
  d.step = static_cast<double>(step);
  d.scale = i < options.scales.size() ? options.scales[i] : options.scale;
  return d;
}

inline void check_sizes(const char* function, const check_options& options, std::size_t variables) {
  const std::string who = function;
  require(variables > 0, who + ": the point has no coordinates.");
  require(options.names.empty() || options.names.size() == variables,
          who + ": there are " + std::to_string(options.names.size()) + " names for " +
              std::to_string(variables) + " variables.");
  require(options.scales.empty() || options.scales.size() == variables,
          who + ": there are " + std::to_string(options.scales.size()) + " scales for " +
              std::to_string(variables) + " variables.");
  require(options.resolution > 0 && options.resolution < 1,
          who + ": the resolution is a number between 0 and 1.");
  require(options.directions > 0,
          who + ": at least one direction is needed, not " + std::to_string(options.directions) + ".");
  for (std::size_t i = 0; i < variables; ++i) require_meaning(differences_for(options, i));
}

inline void check_outputs(const char* function, const check_options& options, std::size_t outputs) {
  require(options.outputs.empty() || options.outputs.size() == outputs,
          std::string(function) + ": there are " + std::to_string(options.outputs.size()) +
              " names of outputs for " + std::to_string(outputs) + " outputs.");
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
